"""Wrong answers with proof: kept only when proven different from the key and from each other.

Formulas are compared by the judge, and as printed; numbers by the collision guard. What the judge cannot decide is no
distractor. A proof holds for every sentence with the same pattern of atoms, so it is made once a pattern. When too few
survive, the reasons are counted and the attempt is given up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from grading.expressions import (
    CLS,
    MASK,
    AbsoluteValue,
    Context,
    Event,
    Expression,
    Negation,
    Probability,
    Sum,
)
from grading.text import quote_token
from quizgen.content import Formula
from quizgen.misconceptions.catalogue import misconception
from quizgen.misconceptions.operators import (
    Composition,
    Misconception,
    RecordMisconception,
    Refused,
    ValueMisconception,
)
from quizgen.objective.masked import Branch, MaskedSentence
from quizgen.objective.notation import Setting
from quizgen.objective.record import Base, Objective, Quantity, objective_of, to_tree
from quizgen.objective.shapes import FormulaShape, Leaf, compile_shape, fill, pattern, shape_of
from quizgen.objective.values import Values, exact

if TYPE_CHECKING:
    from quizgen.sampling.draws import Stream

LONGEST_TO_MEAN = Fraction(13, 10)
"""No option may be longer than this times the mean length: length must not give the key away."""

TRIES = 200
"""Pairs of misconceptions that are tried for a balanced set before the attempt is given up."""

REMEMBERED_PROOFS = 100_000
MUCH_LONGER = "one option much longer than the others"


class TooFewError(Exception):
    """Not enough wrong answers survive; `reasons` counts why."""

    def __init__(self, wanted: int, found: int, reasons: Mapping[str, int]) -> None:
        self.reasons = dict(reasons)
        blame = ", ".join(
            f"{count} × {reason}" for reason, count in sorted(reasons.items(), key=lambda kv: (-kv[1], kv[0]))
        )
        super().__init__(f"{found} of {wanted} wrong options survive the proof ({blame or 'there are no candidates'})")


class FormulaOption(msgspec.Struct, frozen=True, gc=False):
    """A wrong formula with the misconceptions that lead to it."""

    misconceptions: tuple[str, ...]
    formula: Formula


class ProofBook:
    """Remembers for which patterns of trees a pair is proven different."""

    def __init__(self) -> None:
        self._different: dict[object, bool] = {}

    def all_different(self, trees: Sequence[Expression]) -> bool:
        """Whether every pair of the trees is proven Different; Equal and Unknown are both a no."""
        key = pattern(*trees)
        known = self._different.get(key)
        if known is None:
            pairs = ((one, other) for number, one in enumerate(trees) for other in trees[number + 1 :])
            known = self._remember(key, all(self._pair(one, other) for one, other in pairs))
        return known

    def _pair(self, one: Expression, other: Expression) -> bool:
        from grading.equivalence import Different, compare

        key = pattern(one, other)
        known = self._different.get(key)
        return self._remember(key, isinstance(compare(one, other), Different)) if known is None else known

    def _remember(self, key: object, different: bool) -> bool:
        if len(self._different) >= REMEMBERED_PROOFS:
            self._different.clear()
        self._different[key] = different
        return different


PROOFS = ProofBook()


class Asked(msgspec.Struct, frozen=True, gc=False):
    """The quantity that the key states, and the base of its logarithms (None natural)."""

    quantity: Quantity
    base: Base | None = None


def balanced_formulas(
    asked: Asked, masked: MaskedSentence, candidates: Sequence[str], stream: Stream, setting: Setting
) -> tuple[Formula, tuple[FormulaOption, ...]]:
    """The key and three wrong formulas in a 2×2 design: one mistake, another mistake, both.

    In such a set every option shares as many features with the others, so that "the one most like the rest" is no
    way to the key. Raises TooFewError where no pair of the candidates gives four provably different formulas.
    """
    pairs = _pairs(tuple(candidates))
    forms = _Forms(masked)
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
        if one.group != other.group and other.id not in one.redundant_with and one.id not in other.redundant_with
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


# ---------------------------------------------------------------- shapes of options


class OptionShape(msgspec.Struct, frozen=True, gc=False, eq=False):
    """A formula about a sentence without words, ready to be filled in.

    tree: over the nameless sentence; what is proven of it holds for every sentence that it was made from.
    """

    misconceptions: tuple[str, ...]
    tree: Expression
    shape: FormulaShape
    leaves: tuple[Leaf, ...]

    def with_words(self, words: Mapping[str, str]) -> Formula:
        """The formula about the sentence whose words stand for the nameless ones."""
        return fill(self.shape, [_with_words(leaf, words) for leaf in self.leaves])


@lru_cache(maxsize=100_000)
def option_shape(asked: Asked, sentence: Nameless, ids: tuple[str, ...], setting: Setting) -> OptionShape | str:
    """The formula of somebody who holds these misconceptions (none: the key), or why there is none."""
    masked = MaskedSentence(*sentence)
    record = objective_of(masked, asked.quantity, asked.base)
    entries = [misconception(name) for name in ids]
    patches = [entry for entry in entries if isinstance(entry, RecordMisconception) and entry.use != "never"]
    if len(patches) < len(ids):
        return "no wrong formula belongs to it"
    patched: Objective | Refused = record
    if len(patches) == 1:
        patched = patches[0].apply(record, masked)
    elif patches:
        patched = Composition(patches[0], patches[1]).apply(record, masked)
    if isinstance(patched, Refused):
        return patched.reason
    if len(patches) > 1 and any(entry.group == "position" for entry in patches) and _names_positions(patched):
        # Whoever counts wrongly would count wrongly in the condition as well: nobody writes such a formula.
        return "a shifted position beside a condition that names one"
    tree = to_tree(patched)
    key, leaves = shape_of(tree)
    return OptionShape(ids, tree, compile_shape(key, setting), tuple(leaves))


def _names_positions(record: Objective) -> bool:
    return any(term.given is not None and "_" in term.given.notation for term in record.terms)


class Nameless(NamedTuple):
    """A masked sentence whose words are names; fields as in `MaskedSentence`."""

    tokens: tuple[str, ...]
    corrupted: tuple[str, ...]
    selected: tuple[int, ...]
    branches: tuple[Branch, ...]


class _Forms:
    """The nameless forms of one sentence, made when they are needed."""

    def __init__(self, masked: MaskedSentence) -> None:
        self._masked = masked
        self._made: dict[bool, tuple[Nameless, dict[str, str]]] = {}

    def of(self, whole: bool) -> tuple[Nameless, dict[str, str]]:
        if whole not in self._made:
            self._made[whole] = without_words(self._masked, whole=whole)
        return self._made[whole]


def without_words(masked: MaskedSentence, *, whole: bool) -> tuple[Nameless, dict[str, str]]:
    """The sentence with a nameless word for each word, and which word each stands for.

    Words that are equal, or equal without regard to case, stay so, if one of them is selected: sentences with one
    nameless form differ in nothing that a record, a misconception or the judge could see. If no misconception looks at
    the `whole` sentence, it ends with the first word after the last selected one: all contexts agree behind it.

    >>> from quizgen.objective.masked import masked_sentence
    >>> nameless, words = without_words(masked_sentence(("[CLS]", "The", "cat", "the"), {1: "[MASK]"}), whole=True)
    >>> nameless.tokens, words["wwwwww1"], words["wwwwwW1"]
    (('[CLS]', 'wwwwww1', 'u2', 'wwwwwW1'), 'The', 'the')
    """
    selected = masked.selected
    end = len(masked.tokens) if whole or not selected else selected[-1] + 2
    tokens, corrupted = masked.tokens[:end], masked.corrupted[:end]
    names = {CLS: CLS, MASK: MASK}
    spellings: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for position in selected:
        for word in (tokens[position], corrupted[position]):
            if word not in names:
                folded = word.casefold()
                number = numbers.setdefault(folded, len(numbers) + 1)
                names[word] = f"{_cases(spellings.get(folded, 0))}{number}"
                spellings[folded] = spellings.get(folded, 0) + 1
    nameless = []
    for position, word in enumerate(tokens):
        name = names.get(word)
        if name is None:
            folded = word.casefold()
            if folded in numbers:  # an unselected word that is a selected one in other letters
                name = names[word] = f"{_cases(spellings[folded])}{numbers[folded]}"
                spellings[folded] += 1
            else:
                name = f"u{position}"
        nameless.append(name)
    shown = nameless.copy()
    for position in selected:
        shown[position] = names[corrupted[position]]
    words = dict(zip(nameless, tokens, strict=True))
    words.update(zip(shown, corrupted, strict=True))
    return Nameless(tuple(nameless), tuple(shown), selected, masked.branches), words


@cache
def _cases(number: int) -> str:
    """The number in binary as letters, small for 0 and capital for 1: spellings that differ in their case alone."""
    return "".join("W" if digit == "1" else "w" for digit in f"{number:06b}")


def _with_words(leaf: Leaf, words: Mapping[str, str]) -> Leaf:
    if not isinstance(leaf, Probability) or not words:
        return leaf
    events = tuple([Event(event.position, words.get(event.token, event.token)) for event in leaf.events])
    given = leaf.given
    if given is not None and "=" in given.notation:
        parts = (part.partition("=") for part in given.notation.split(", "))
        named = (
            f"{name}={quote_token(words[word])}" if word in words else f"{name}{sign}{word}"
            for name, sign, word in parts
        )
        given = Context(", ".join(named), given.tokens)
    return Probability(events, given, leaf.reverse)


# ---------------------------------------------------------------- typed formulas


def symbol_rival(entry: Misconception, key: Objective, masked: MaskedSentence) -> Expression | None:
    """What somebody who holds a misconception types with the symbols p_k; None if that cannot be written with them.

    ``p_k`` names a position, not a word: a wrong position is a wrong index, while wrong words and conditions cannot be
    seen in such a formula.
    """
    if not isinstance(entry, RecordMisconception):
        return None
    record = entry.apply(key, masked)
    if isinstance(record, Refused):
        return None
    symbols = masked.symbols()
    xbar = masked.xbar_context()
    renamed = {}
    for term in record.terms:
        if term.given != xbar or term.reverse or not 0 <= term.position <= masked.m:
            return None
        true_word = masked.tokens[term.position]
        if term.target != true_word and entry.group != "position":
            return None
        renamed[term.atom()] = symbols[masked.probability(term.position)]
    return to_tree(record, renamed)


# ---------------------------------------------------------------- numbers


def known_number(entry: Misconception, quantity: str, values: Values) -> Expression | None:
    """The number of somebody who holds a misconception, None where it has none for this item."""
    if isinstance(entry, RecordMisconception | ValueMisconception):
        value = entry.value(quantity, values)  # type: ignore[arg-type]  # unknown quantities are refused by it
        return None if isinstance(value, Refused) else value
    return None


def guard_numbers(
    key: Expression, rivals: Iterable[tuple[str, Expression]], distance: Fraction
) -> tuple[tuple[str, Expression], ...]:
    """The rivals that are neither the key's nor an earlier rival's number; all of them far enough from the key.

    distance: least distance between a wrong number and the key, above which two credits can never apply to one
    response. Raises TooFewError where a rival lies nearer without being equal, or where this cannot be decided.
    """
    from grading.witness import compare_numbers

    kept: list[tuple[str, Expression]] = []
    least = exact(distance)
    for name, value in rivals:
        equal = [compare_numbers(value, other) for other in (key, *(earlier for _, earlier in kept))]
        if None in equal:
            raise TooFewError(1, 0, {f"the value of '{name}' cannot be told apart": 1})
        if 0 in equal:
            continue
        apart = compare_numbers(AbsoluteValue(Sum((value, Negation(key)))), least)
        if apart is None or apart < 0:
            raise TooFewError(1, 0, {f"the value of '{name}' is too close to the key": 1})
        kept.append((name, value))
    return tuple(kept)
