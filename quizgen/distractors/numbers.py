"""Wrong numbers: what misconceptions lead to, and the guard that keeps them away from the key."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from grading.expressions import AbsoluteValue, Expression, Negation, Sum
from quizgen.distractors.proofs import TooFewError
from quizgen.misconceptions.operators import Misconception, RecordMisconception, Refused, ValueMisconception
from quizgen.objective.values import Values, exact


def known_number(entry: Misconception, quantity: str, values: Values) -> Expression | None:
    """The number of somebody who holds a misconception, None where it has none for this item."""
    if isinstance(entry, RecordMisconception | ValueMisconception):
        value = entry.value(quantity, values)  # type: ignore[arg-type]  # unknown quantities are refused by it
        return None if isinstance(value, Refused) else value
    return None


def guard_numbers(
    key: Expression,
    rivals: Iterable[tuple[str, Expression]],
    distance: Fraction,
    reach: Callable[[Expression], Fraction] = lambda value: Fraction(0),
) -> tuple[tuple[str, Expression], ...]:
    """The rivals that are neither the key's nor an earlier rival's number; all of them far enough from the key.

    distance: least distance between a wrong number and the key, above which two credits can never apply to one
    response. reach: how far from a number it is still recognised; two wrong numbers that are not equal lie further
    apart, so that each is diagnosed as itself. Raises TooFewError where numbers lie nearer without being equal, or
    where this cannot be decided.
    """
    from grading.witness import compare_numbers

    kept: list[tuple[str, Expression]] = []
    for name, value in rivals:
        others = (key, *(earlier for _, earlier in kept))
        equal = [0 if value == other else compare_numbers(value, other) for other in others]
        if None in equal:
            raise TooFewError(1, 0, {f"the value of '{name}' cannot be told apart": 1})
        if 0 in equal:
            continue
        if not _apart(value, key, distance, or_just=True):
            raise TooFewError(1, 0, {f"the value of '{name}' is too close to the key": 1})
        for other_name, other in kept:
            if not _apart(value, other, max(reach(value), reach(other))):
                raise TooFewError(1, 0, {f"the values of '{other_name}' and '{name}' are too close to each other": 1})
        kept.append((name, value))
    return tuple(kept)


def _apart(one: Expression, other: Expression, distance: Fraction, *, or_just: bool = False) -> bool:
    """Whether two numbers are proven to lie further apart than this, or at least just as far."""
    from grading.witness import compare_numbers

    order: int | None = compare_numbers(AbsoluteValue(Sum((one, Negation(other)))), exact(distance))
    return order is not None and (order > 0 or (or_just and order == 0))
