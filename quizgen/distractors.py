"""Wrong answers with proof: kept only when proven different from the key and from each other.

Formulas are compared by the judge, and as printed; numbers by the collision guard. What the judge cannot decide is no
distractor. A proof holds for every sentence with the same pattern of atoms, so it is made once a pattern. When too few
survive, the reasons are counted and the attempt is given up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from grading.expressions import AbsoluteValue, Context, Expression, Negation, Sum
from quizgen.content import Formula
from quizgen.misconceptions.catalogue import misconception
from quizgen.misconceptions.operators import (
    Composition,
    Misconception,
    RecordMisconception,
    Refused,
    ValueMisconception,
)
from quizgen.objective.record import Objective, to_tree
from quizgen.objective.shapes import pattern, render_fast
from quizgen.objective.values import Values, exact

if TYPE_CHECKING:
    from quizgen.objective.masked import MaskedSentence
    from quizgen.objective.notation import Setting
    from quizgen.sampling.draws import Stream

LONGEST_TO_MEAN = Fraction(13, 10)
"""No option may be longer than this times the mean length: length must not give the key away."""

TRIES = 200
"""Pairs of misconceptions that are tried for a balanced set before the attempt is given up."""

REMEMBERED_PROOFS = 100_000


class TooFewError(Exception):
    """Not enough wrong answers survive; `reasons` counts why."""

    def __init__(self, wanted: int, found: int, reasons: Mapping[str, int]) -> None:
        self.reasons = dict(reasons)
        blame = ", ".join(f"{count} × {reason}" for reason, count in sorted(reasons.items(), key=lambda kv: (-kv[1], kv[0])))
        super().__init__(f"{found} of {wanted} wrong options survive the proof ({blame or 'there are no candidates'})")


class FormulaOption(msgspec.Struct, frozen=True):
    """A wrong formula with the misconceptions that lead to it."""

    misconceptions: tuple[str, ...]
    tree: Expression
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


def balanced_formulas(
    key: Objective, masked: MaskedSentence, candidates: Sequence[str], stream: Stream, setting: Setting
) -> tuple[Formula, tuple[FormulaOption, ...]]:
    """The key and three wrong formulas in a 2×2 design: one mistake, another mistake, both.

    In such a set every option shares as many features with the others, so that "the one most like the rest" is no
    way to the key. Raises TooFewError where no pair of the candidates gives four provably different formulas.
    """
    pairs = _pairs(tuple(candidates))
    key_tree = to_tree(key)
    reasons: Counter[str] = Counter()
    tried: set[int] = set()
    for _ in range(min(TRIES, 4 * len(pairs))):
        number = stream.below(len(pairs))
        if number in tried:
            continue
        tried.add(number)
        options = _two_by_two(key, masked, *pairs[number], reasons)
        if options is None:
            continue
        trees = [to_tree(record) for _, record in options]
        written = [render_fast(tree, setting=setting) for tree in (key_tree, *trees)]
        if not _lengths_fit(written):
            reasons["one option much longer than the others"] += 1
            continue
        if not PROOFS.all_different([key_tree, *trees]):
            reasons["not proven different"] += 1
            continue
        if len({formula.plain for formula in written}) < len(written):
            reasons["printed alike"] += 1
            continue
        wrong = zip(options, trees, written[1:], strict=True)
        return written[0], tuple(FormulaOption(ids, tree, formula) for (ids, _), tree, formula in wrong)
    raise TooFewError(3, 0, reasons)


def _two_by_two(
    key: Objective,
    masked: MaskedSentence,
    first: RecordMisconception,
    second: RecordMisconception,
    reasons: Counter[str],
) -> list[tuple[tuple[str, ...], Objective]] | None:
    options: list[tuple[tuple[str, ...], Objective]] = []
    for ids, operator in (
        ((first.id,), first),
        ((second.id,), second),
        ((first.id, second.id), Composition(first, second)),
    ):
        record = operator.apply(key, masked)
        if isinstance(record, Refused):
            reasons[record.reason] += 1
            return None
        options.append((ids, record))
    if "position" in (first.group, second.group) and any(_names_positions(term.given) for term in options[2][1].terms):
        # Whoever counts wrongly would count wrongly in the condition as well: nobody writes such a formula.
        reasons["a shifted position beside a condition that names one"] += 1
        return None
    return options


def _names_positions(given: Context | None) -> bool:
    return given is not None and "_" in given.notation


@lru_cache(maxsize=256)
def _pairs(candidates: tuple[str, ...]) -> tuple[tuple[RecordMisconception, RecordMisconception], ...]:
    """The pairs of patches that may stand in one set of options."""
    patches = [entry for entry in map(misconception, candidates) if isinstance(entry, RecordMisconception)]
    usable = [entry for entry in patches if entry.use != "never"]
    return tuple(
        (one, other)
        for number, one in enumerate(usable)
        for other in usable[number + 1 :]
        if other.id not in one.redundant_with and one.id not in other.redundant_with
    )


def _lengths_fit(formulas: Sequence[Formula]) -> bool:
    lengths = [len(formula.unicode) for formula in formulas]
    return max(lengths) * len(lengths) * LONGEST_TO_MEAN.denominator <= sum(lengths) * LONGEST_TO_MEAN.numerator


def free_formulas(
    key: Objective, masked: MaskedSentence, candidates: Sequence[str], count: int, stream: Stream, setting: Setting
) -> tuple[Formula, tuple[FormulaOption, ...]]:
    """The key and `count` wrong formulas, one mistake each, from the candidates in a drawn order.

    Raises TooFewError where fewer survive.
    """
    reasons: Counter[str] = Counter()
    key_tree = to_tree(key)
    kept: list[FormulaOption] = []
    for name in stream.shuffle(tuple(candidates)):
        if len(kept) == count:
            break
        entry = misconception(name)
        if not isinstance(entry, RecordMisconception) or entry.use == "never":
            reasons["no wrong formula belongs to it"] += 1
            continue
        if any(other in entry.redundant_with for option in kept for other in option.misconceptions):
            reasons["redundant with another option"] += 1
            continue
        record = entry.apply(key, masked)
        if isinstance(record, Refused):
            reasons[record.reason] += 1
            continue
        tree = to_tree(record)
        formula = render_fast(tree, setting=setting)
        if not _lengths_fit([render_fast(key_tree, setting=setting), *(o.formula for o in kept), formula]):
            reasons["one option much longer than the others"] += 1
            continue
        if not PROOFS.all_different([key_tree, *(option.tree for option in kept), tree]):
            reasons["not proven different"] += 1
            continue
        kept.append(FormulaOption((name,), tree, formula))
    if len(kept) < count:
        raise TooFewError(count, len(kept), reasons)
    return render_fast(key_tree, setting=setting), tuple(kept)


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
