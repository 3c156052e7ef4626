"""Wrong numbers: what misconceptions lead to, and the guard that keeps them away from the key."""

from __future__ import annotations

from collections.abc import Iterable
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
