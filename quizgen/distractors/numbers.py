"""Wrong numbers: what misconceptions lead to, and the guard that keeps them away from the key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import cache
from itertools import pairwise
from types import MappingProxyType

from grading.closed import compare_numbers, quick_bounds
from grading.enclosures import Bounds
from grading.expressions import AbsoluteValue, Expression, Negation, Sum
from grading.fixedpoint import SCALE
from quizgen.distractors.proofs import TooFewError
from quizgen.distractors.worked import WorkedNumbers
from quizgen.misconceptions.operators import Misconception, RecordMisconception, Refused, ValueMisconception
from quizgen.objective.values import Values, exact


def known_number(
    entry: Misconception, quantity: str, values: Values, worked: WorkedNumbers | None = None
) -> Expression | None:
    """The number of somebody who holds a misconception, None where it has none for this item.

    worked: the numbers of the sentence, where these values are the probabilities of its scored words and no more.
    """
    if worked is not None and isinstance(entry, RecordMisconception):
        return worked.wrong(entry, quantity, values.base)
    if isinstance(entry, RecordMisconception | ValueMisconception):
        value = entry.value(quantity, values)  # type: ignore[arg-type]  # unknown quantities are refused by it
        return None if isinstance(value, Refused) else value
    return None


def guard_numbers(
    key: Expression,
    rivals: Iterable[tuple[str, Expression]],
    distance: Fraction,
    reach: Callable[[Expression], Fraction] = lambda value: Fraction(0),
    credits: Mapping[str, Fraction] = MappingProxyType({}),
) -> tuple[tuple[str, Expression], ...]:
    """The rivals that are neither the key's nor an earlier rival's number; all of them far enough from the key.

    distance: least distance between a wrong number and the key, above which two credits can never apply to one
    response. reach: how far from a number it is still recognised; two wrong numbers that are not equal lie further
    apart, so that each is diagnosed as itself. credits: of wrong numbers by name; where two have different ones,
    nothing is in reach of both, so that a rounded one earns its own. Raises TooFewError where numbers lie nearer
    without being equal, or where this cannot be decided.
    """
    known = tuple(rivals)
    reach_of = cache(lambda number: reach(known[number][1]))
    right, *wrong = ((value, quick_bounds(value)) for value in (key, *(value for _, value in known)))
    if _all_apart(right[1], [bounds for _, bounds in wrong], distance, reach_of):
        return known
    kept: list[int] = []
    for number, (name, _) in enumerate(known):
        equal = [_order(wrong[number], other) for other in (right, *(wrong[earlier] for earlier in kept))]
        if None in equal:
            raise TooFewError(1, 0, {f"the value of '{name}' cannot be told apart": 1})
        if 0 in equal:
            continue
        if not _apart(wrong[number], right, distance, or_just=True):
            raise TooFewError(1, 0, {f"the value of '{name}' is too close to the key": 1})
        for earlier in kept:
            other_name = known[earlier][0]
            reaches = reach_of(number), reach_of(earlier)
            unlike = credits.get(name, 0) != credits.get(other_name, 0)
            if not _apart(wrong[number], wrong[earlier], sum(reaches, Fraction(0)) if unlike else max(reaches)):
                raise TooFewError(1, 0, {f"the values of '{other_name}' and '{name}' are too close to each other": 1})
        kept.append(number)
    return tuple(known[number] for number in kept)


_Placed = tuple[Expression, Bounds | None]
"""A number and its quick bounds, if it has any; the exact comparison decides where those of two overlap."""


def _all_apart(
    key: Bounds | None, others: list[Bounds | None], distance: Fraction, reach: Callable[[int], Fraction]
) -> bool:
    """Whether the bounds alone show that all numbers are far enough from each other: the common case.

    On a line it is enough to look at neighbours.
    """
    known = [bounds for bounds in others if bounds is not None]
    if key is None or len(known) < len(others):
        return False
    key_low, key_high = key
    from_key = (distance.numerator << SCALE) // distance.denominator + 1
    if any(max(low - key_high, key_low - high) <= from_key for low, high in known):
        return False
    apart = 2 * max(map(reach, range(len(others))), default=Fraction(0))
    least = (apart.numerator << SCALE) // apart.denominator + 1
    return all(right[0] - left[1] > least for left, right in pairwise(sorted((key, *known))))


def _order(left: _Placed, right: _Placed) -> int | None:
    """The exact order, None where it is undecided."""
    (one, a), (other, b) = left, right
    if a is not None and b is not None:
        if a[1] < b[0]:
            return -1
        if b[1] < a[0]:
            return 1
    return 0 if one == other else compare_numbers(one, other)


def _apart(left: _Placed, right: _Placed, distance: Fraction, *, or_just: bool = False) -> bool:
    """Whether two numbers are proven to lie further apart than this, or at least just as far."""
    (one, a), (other, b) = left, right
    if a is not None and b is not None:
        gap = max(b[0] - a[1], a[0] - b[1])
        if gap * distance.denominator > distance.numerator << SCALE:
            return True
    order = compare_numbers(AbsoluteValue(Sum((one, Negation(other)))), exact(distance))
    return order is not None and (order > 0 or (or_just and order == 0))
