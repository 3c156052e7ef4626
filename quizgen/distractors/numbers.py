"""Wrong numbers: what misconceptions lead to, and the guard that keeps them away from the key."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from grading.expressions import AbsoluteValue, Expression, Negation, Sum
from quizgen.distractors.proofs import TooFewError
from quizgen.misconceptions.operators import Misconception, RecordMisconception, Refused, ValueMisconception
from quizgen.objective.values import Values, exact

Bounds = tuple[Fraction, Fraction]


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
    response. reach: how far from a wrong number a response is still taken for it; two wrong numbers lie further apart,
    so that each is told from the other. Raises TooFewError where two numbers lie nearer without being equal, or where
    this cannot be decided.
    """
    bounds = _bounds(key)
    kept: list[tuple[str, Expression, Bounds | None]] = []
    for name, value in rivals:
        own = _bounds(value)
        equal = [_order(value, own, other, others) for other, others in ((key, bounds), *(entry[1:] for entry in kept))]
        if None in equal:
            raise TooFewError(1, 0, {f"the value of '{name}' cannot be told apart": 1})
        if 0 in equal:
            continue
        apart = _order_of_distance(value, own, key, bounds, distance)
        if apart is None or apart < 0:
            raise TooFewError(1, 0, {f"the value of '{name}' is too close to the key": 1})
        for earlier, other, others in kept:
            room = max(reach(value), reach(other))
            if room and _order_of_distance(value, own, other, others, room) != 1:
                raise TooFewError(1, 0, {f"the values of '{earlier}' and '{name}' are too close to each other": 1})
        kept.append((name, value, own))
    return tuple((name, value) for name, value, _ in kept)


def _bounds(value: Expression) -> Bounds | None:
    """Bounds of a closed expression that decide most comparisons; None where it has none."""
    from grading.witness import Undecided, Undefined, enclose

    try:
        return enclose(value, {}, 12)
    except (Undecided, Undefined):
        return None


def _order(one: Expression, own: Bounds | None, other: Expression, others: Bounds | None) -> int | None:
    """-1, 0 or 1 by the exact order of two numbers, None where it cannot be decided."""
    if own and others and (own[1] < others[0] or others[1] < own[0]):
        return -1 if own[1] < others[0] else 1
    from grading.witness import compare_numbers

    order: int | None = compare_numbers(one, other)
    return order


def _order_of_distance(
    one: Expression, own: Bounds | None, other: Expression, others: Bounds | None, distance: Fraction
) -> int | None:
    """-1, 0 or 1 as two numbers lie nearer than a distance, just at it or further, None where it cannot be decided."""
    if own and others:
        least, most = max(own[0] - others[1], others[0] - own[1]), max(own[1] - others[0], others[1] - own[0])
        if least > distance or most < distance:
            return 1 if least > distance else -1
    from grading.witness import compare_numbers

    order: int | None = compare_numbers(AbsoluteValue(Sum((one, Negation(other)))), exact(distance))
    return order
