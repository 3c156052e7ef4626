"""Options that are formulas: sets in which every pair is proven different and none stands out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from quizgen.content import Formula
from quizgen.distractors.nameless import Nameless, forms_of, without_words
from quizgen.distractors.options import Asked, OptionShape, option_shape
from quizgen.distractors.proofs import PROOFS, TooFewError
from quizgen.misconceptions.catalogue import misconception
from quizgen.misconceptions.operators import RecordMisconception
from quizgen.objective.masked import MaskedSentence
from quizgen.objective.notation import Setting

if TYPE_CHECKING:
    from quizgen.sampling.draws import Stream

LONGEST_TO_MEAN = Fraction(13, 10)
"""No option may be longer than this times the mean length: length must not give the key away."""

TRIES = 200
"""Pairs of misconceptions that are tried for a balanced set before the attempt is given up."""

MUCH_LONGER = "one option much longer than the others"


class FormulaOption(msgspec.Struct, frozen=True, gc=False):
    """A wrong formula with the misconceptions that lead to it."""

    misconceptions: tuple[str, ...]
    formula: Formula


def balanced_formulas(
    asked: Asked, masked: MaskedSentence, candidates: Sequence[str], stream: Stream, setting: Setting
) -> tuple[Formula, tuple[FormulaOption, ...]]:
    """The key and three wrong formulas in a 2×2 design: one mistake, another mistake, both.

    In such a set every option shares as many features with the others, so that "the one most like the rest" is no
    way to the key. Raises TooFewError where no pair of the candidates gives four provably different formulas.
    """
    pairs = _pairs(tuple(candidates))
    forms = forms_of(masked)
    reasons: dict[str, int] = {}
    tried: set[int] = set()
    for _ in range(min(TRIES, 4 * len(pairs))):
        number = stream.below(len(pairs))
        if number in tried:
            continue
        tried.add(number)
        one, other, whole = pairs[number]
        nameless, words = forms.of(whole)
        shapes = _two_by_two(asked, nameless, one, other, setting)
        if isinstance(shapes, str):
            reasons[shapes] = reasons.get(shapes, 0) + 1
            continue
        written = [shape.with_words(words) for shape in shapes]
        if not _lengths_fit(written):
            reasons[MUCH_LONGER] = reasons.get(MUCH_LONGER, 0) + 1
            continue
        wrong = zip(shapes[1:], written[1:], strict=True)
        return written[0], tuple(FormulaOption(shape.misconceptions, formula) for shape, formula in wrong)
    raise TooFewError(3, 0, reasons)


@lru_cache(maxsize=100_000)
def _two_by_two(
    asked: Asked, sentence: Nameless, first: str, second: str, setting: Setting
) -> tuple[OptionShape, ...] | str:
    """The four shapes for a sentence without its words, or why they cannot stand together."""
    shapes = []
    for ids in ((), (first,), (second,), (first, second)):
        shape = option_shape(asked, sentence, ids, setting)
        if isinstance(shape, str):
            return shape
        shapes.append(shape)
    sizes = [len(shape.leaves) for shape in shapes]
    if 2 * max(sizes) * len(sizes) > 3 * sum(sizes):
        return MUCH_LONGER
    if not PROOFS.all_different([shape.tree for shape in shapes]):
        return "not proven different"
    return tuple(shapes)


@lru_cache(maxsize=256)
def _pairs(candidates: tuple[str, ...]) -> tuple[tuple[str, str, bool], ...]:
    """The pairs of patches that may stand in one set, and whether one of them looks at the whole sentence.

    They are about different things, so that both at once is a third.
    """
    patches = [entry for entry in map(misconception, candidates) if isinstance(entry, RecordMisconception)]
    usable = [entry for entry in patches if entry.use != "never"]
    return tuple(
        (one.id, other.id, one.whole_sentence or other.whole_sentence)
        for number, one in enumerate(usable)
        for other in usable[number + 1 :]
        if (one.about or one.group) != (other.about or other.group)
        and other.id not in one.redundant_with
        and one.id not in other.redundant_with
    )


def _lengths_fit(formulas: Sequence[Formula]) -> bool:
    lengths = [len(formula.unicode) for formula in formulas]
    return max(lengths) * len(lengths) * LONGEST_TO_MEAN.denominator <= sum(lengths) * LONGEST_TO_MEAN.numerator


def free_formulas(
    asked: Asked, masked: MaskedSentence, candidates: Sequence[str], count: int, stream: Stream, setting: Setting
) -> tuple[Formula, tuple[FormulaOption, ...]]:
    """The key and `count` wrong formulas, one mistake each, from the candidates in a drawn order.

    Raises TooFewError where fewer survive.
    """
    nameless, words = without_words(masked, whole=True)
    key = option_shape(asked, nameless, (), setting)
    assert not isinstance(key, str), "the key has a shape"
    shapes, written = [key], [key.with_words(words)]
    reasons: Counter[str] = Counter()
    for name in stream.shuffle(tuple(candidates)):
        if len(shapes) > count:
            break
        shape = option_shape(asked, nameless, (name,), setting)
        if isinstance(shape, str):
            reasons[shape] += 1
            continue
        redundant = misconception(name).redundant_with
        if any(other in redundant for kept in shapes for other in kept.misconceptions):
            reasons["redundant with another option"] += 1
        elif not _lengths_fit([*written, shape.with_words(words)]):
            reasons[MUCH_LONGER] += 1
        elif not PROOFS.all_different([*(kept.tree for kept in shapes), shape.tree]):
            reasons["not proven different"] += 1
        else:
            shapes.append(shape)
            written.append(shape.with_words(words))
    if len(shapes) <= count:
        raise TooFewError(count, len(shapes) - 1, reasons)
    wrong = zip(shapes[1:], written[1:], strict=True)
    return written[0], tuple(FormulaOption(shape.misconceptions, formula) for shape, formula in wrong)
