"""Wrong numbers: what misconceptions lead to, and the guard that keeps them away from the key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import cache
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
    right = key, quick_bounds(key)
    wrong = [(value, quick_bounds(value)) for _, value in known]
    bounds = [found for _, found in wrong if found is not None]
    clear: int | None = None
    if len(bounds) == len(known):
        reaches = [reach(value) for _, value in known]
        reach_of: Callable[[int], Fraction] = reaches.__getitem__
        clear = _units(_largest(reaches), 2)
    else:
        reach_of = cache(lambda number: reach(known[number][1]))
    if right[1] is not None and clear is not None and _all_apart(right[1], bounds, _units(distance), clear):
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
            if clear is not None and _gap(wrong[number], wrong[earlier]) > clear:
                continue
            other_name = known[earlier][0]
            here, there = reach_of(number), reach_of(earlier)
            unlike = credits.get(name, 0) != credits.get(other_name, 0)
            if not _apart(wrong[number], wrong[earlier], here + there if unlike else max(here, there)):
                raise TooFewError(1, 0, {f"the values of '{other_name}' and '{name}' are too close to each other": 1})
        kept.append(number)
    return tuple(known[number] for number in kept)


_Placed = tuple[Expression, Bounds | None]
"""A number and its quick bounds, if it has any; the exact comparison decides where those of two overlap."""


_NOTHING = Fraction(0)


def _units(distance: Fraction, times: int = 1) -> int:
    """A number of units of the bounds that is larger than so many times a distance."""
    above, below = distance.as_integer_ratio()
    return (times * above << SCALE) // below + 1


def _largest(distances: Iterable[Fraction]) -> Fraction:
    """The largest of distances, 0 for none; most often they are one and the same object."""
    largest, (above, below) = _NOTHING, (0, 1)
    for distance in distances:
        if distance is not largest:
            numerator, denominator = distance.as_integer_ratio()
            if numerator * below > above * denominator:
                largest, above, below = distance, numerator, denominator
    return largest


def _all_apart(key: Bounds, others: list[Bounds], from_key: int, clear: int) -> bool:
    """Whether the bounds alone show that all numbers are far enough from each other: the common case.

    from_key, clear: units between key and others, and between any two of them, above which they are. On a line it is
    enough to look at neighbours.
    """
    key_low, key_high = key
    for low, high in others:
        if low - key_high <= from_key and key_low - high <= from_key:
            return False
    end: int | None = None
    for low, high in sorted((key, *others)):
        if end is not None and low - end <= clear:
            return False
        end = high
    return True


def _gap(left: _Placed, right: _Placed) -> int:
    """How many units lie between two numbers at least; 0 where their bounds are not known or overlap."""
    (_, a), (_, b) = left, right
    return 0 if a is None or b is None else max(b[0] - a[1], a[0] - b[1], 0)


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
