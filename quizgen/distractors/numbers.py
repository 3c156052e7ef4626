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
    key: Expression, rivals: Iterable[tuple[str, Expression]], distance: Fraction, reach: Fraction = Fraction(0)
) -> tuple[tuple[str, Expression], ...]:
    """The rivals that are neither the key's nor an earlier rival's number; all of them far enough from the key.

    distance: least distance between a wrong number and the key, above which two credits can never apply to one
    response. reach: least distance between two wrong numbers, above which a response is never taken for both.
    Raises TooFewError where numbers lie nearer without being equal, or where this cannot be decided.
    """
    kept: list[tuple[str, Expression]] = []
    bounds = {-1: _bounds(key)}
    for name, value in rivals:
        here = _bounds(value)
        if _equal(name, value, here, key, bounds[-1]):
            continue
        if any(_equal(name, value, here, earlier, bounds[k]) for k, (_, earlier) in enumerate(kept)):
            continue
        if not _apart(value, here, key, bounds[-1], distance):
            raise TooFewError(1, 0, {f"the value of '{name}' is too close to the key": 1})
        for k, (other, earlier) in enumerate(kept):
            if not _apart(value, here, earlier, bounds[k], reach):
                raise TooFewError(1, 0, {f"the values of '{other}' and '{name}' are too close to each other": 1})
        bounds[len(kept)] = here
        kept.append((name, value))
    return tuple(kept)


_Bounds = tuple[Fraction, Fraction] | None


def _bounds(value: Expression) -> _Bounds:
    """Some digits of a number, which decide nearly everything; None where there are none."""
    from grading.witness import Undecided, Undefined, enclose

    try:
        return enclose(value, {}, 12)
    except (Undecided, Undefined):
        return None


def _gap(one: _Bounds, other: _Bounds) -> Fraction:
    """A lower bound of the distance of two numbers."""
    if one is None or other is None:
        return Fraction(-1)
    return max(one[0] - other[1], other[0] - one[1])


def _equal(name: str, value: Expression, here: _Bounds, other: Expression, there: _Bounds) -> bool:
    from grading.witness import compare_numbers

    if _gap(here, there) > 0:
        return False
    order = compare_numbers(value, other)
    if order is None:
        raise TooFewError(1, 0, {f"the value of '{name}' cannot be told apart": 1})
    return bool(order == 0)


def _apart(value: Expression, here: _Bounds, other: Expression, there: _Bounds, least: Fraction) -> bool:
    """Whether two different numbers are at least so far from each other."""
    from grading.witness import compare_numbers

    if _gap(here, there) > least:
        return True
    order = compare_numbers(AbsoluteValue(Sum((value, Negation(other)))), exact(least))
    return order is not None and order >= 0
