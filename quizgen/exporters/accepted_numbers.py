"""Which numbers earn what: the key, its bands and the known wrong values as a list of intervals.

The list is what formats understand that compare a number with one answer after the other and take the first that
fits. It gives the mark of `grading.graders.numeric` for every decimal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, pairwise

import msgspec

from grading.keys import FURTHER_PLACES, LEAST_FIGURES, Digits, NumericKey, Rival, Tolerance
from quizgen.exporters.rendering.decimals import DIGITS, magnitude, rounded, to_digits, value_of, written
from quizgen.exporters.rendering.remembering import remembering_record


class AcceptedNumbers(msgspec.Struct, frozen=True):
    """Numbers at most `radius` from the middle, the boundary included, earn the credit.

    rivals: the known wrong answers that this is, with the fewest misconceptions; empty for the key and its bands.
    band: the note of a band, "" for others. boundary: False: the boundary is not included, the middle still is.
    """

    middle: Fraction
    radius: Fraction
    credit: Fraction
    rivals: tuple[Rival, ...] = ()
    band: str = ""
    boundary: bool = True


@remembering_record
def accepted_numbers(key: NumericKey) -> tuple[AcceptedNumbers, ...]:
    """All numbers that earn something or have a diagnosis; of several that hold a number the first decides.

    Raises NoValue if a value of the key cannot be computed.

    >>> from grading.keys import Band
    >>> key = NumericKey("2", Tolerance("absolute", Fraction(1, 10)), (Band(Fraction(1, 2), Fraction(3, 4)),))
    >>> [(str(entry.radius), str(entry.credit)) for entry in accepted_numbers(key)]
    [('1/10', '1'), ('1/2', '3/4')]
    """
    return (*_near_the_key(key), *_wrong_values(key))


def full_mark_numbers(key: NumericKey) -> tuple[AcceptedNumbers, ...]:
    """Those of `accepted_numbers` that earn all points; wrong values are computed only where one of them does.

    >>> [str(entry.middle) for entry in full_mark_numbers(NumericKey("2", rivals=(Rival("1/0"),)))]
    ['2']
    """
    entries = accepted_numbers(key) if any(rival.credit == 1 for rival in key.rivals) else _near_the_key(key)
    return tuple([entry for entry in entries if entry.credit == 1])


def _near_the_key(key: NumericKey) -> list[AcceptedNumbers]:
    value = value_of(key.value)
    boundary = key.tolerance.boundary == "inside"
    right = [AcceptedNumbers(middle, radius, _ALL, boundary=boundary) for middle, radius in zone(value, key.tolerance)]
    near = list(_by_digits(value, key.digits)) if key.digits else []
    near += [AcceptedNumbers(value, band.within, band.credit, band=band.note) for band in key.bands]
    near.sort(key=lambda entry: -entry.credit)
    return right + near


_ALL, _NOTHING = Fraction(1), Fraction(0)


Zone = tuple[tuple[Fraction, Fraction], ...]
"""The numbers that count as one value: (middle, radius) of intervals."""


def zone(value: Fraction, tolerance: Tolerance, least_figures: int = 0) -> Zone:
    """The numbers that count as this value: (middle, radius) of intervals.

    least_figures: accept roundings to so many significant figures where the tolerance is exact.
    """
    match tolerance.kind:
        case "absolute":
            return ((value, tolerance.amount),)
        case "relative":
            return ((value, tolerance.amount * abs(value)),)
        case "decimals":
            return _roundings(value, int(tolerance.amount))
        case "significant":
            return _roundings(value, _places(value, int(tolerance.amount)))
        case "exact":
            return _roundings(value, _places(value, least_figures)) if least_figures else ((value, _NOTHING),)


def _places(value: Fraction, figures: int) -> int:
    return figures - 1 - (magnitude(value) if value else 0)


def _roundings(value: Fraction, places: int) -> Zone:
    """The value rounded to so many places or more, and what is next to it; see `FURTHER_PLACES`."""
    last = places + FURTHER_PLACES
    points: list[Fraction] = []
    for more in range(places, last):
        point = rounded(value, more)
        if not points or point != points[-1]:  # what is equal follows each other
            points.append(point)
        if point == value:  # to more places it is the same
            break
    return (*[(point, _NOTHING) for point in points], (value, _half(last)))


@lru_cache(maxsize=256)
def _half(places: int) -> Fraction:
    """Half of the last of so many places."""
    return Fraction(10) ** -places / 2


def _by_digits(value: Fraction, asked: Digits) -> Iterator[AcceptedNumbers]:
    """What the digits that are asked for make right or give credit for, as far as that is a matter of values."""
    places = asked.count if asked.kind == "decimals" else _places(value, asked.count)
    wanted, half = rounded(value, places), _half(places)
    low, high = max(value, wanted) - half, min(value, wanted) + half
    yield AcceptedNumbers((low + high) / 2, (high - low) / 2, Fraction(1))
    if asked.last_digit:
        yield from (AcceptedNumbers(wanted + 2 * half * sign, Fraction(0), asked.last_digit) for sign in (1, -1))
    shorter = (rounded(value, fewer) for fewer in range(places - 1, 0, -1))
    if asked.too_few:
        yield from (AcceptedNumbers(number, Fraction(0), asked.too_few) for number in dict.fromkeys(shorter) if number)


def _wrong_values(key: NumericKey) -> Iterator[AcceptedNumbers]:
    boundary = key.tolerance.boundary == "inside"
    by_value: dict[tuple[int, int], tuple[Fraction, list[Rival]]] = {}
    for rival in key.rivals:
        value = value_of(rival.value)
        by_value.setdefault(value.as_integer_ratio(), (value, []))[1].append(rival)
    groups = [(_spanned(zone(value, key.tolerance, LEAST_FIGURES)), rivals) for value, rivals in by_value.values()]
    if _any_overlap([span for spanned, _ in groups for _, span in spanned]):
        for (middle, radius), credit in (*_of_three(groups), *_of_two(groups)):
            if boundary or radius:
                yield AcceptedNumbers(middle, radius, credit, boundary=boundary)
    for spanned, rivals in groups:
        fewest = _fewest_steps(rivals)
        credit = _agreed_credit(fewest)
        for (middle, radius), _ in spanned:
            yield AcceptedNumbers(middle, radius, credit, fewest, boundary=boundary)


def _fewest_steps(rivals: Sequence[Rival]) -> tuple[Rival, ...]:
    if len(rivals) == 1:
        return (rivals[0],)
    least = min(len(rival.misconceptions) for rival in rivals)
    return tuple(rival for rival in rivals if len(rival.misconceptions) == least)


def _agreed_credit(rivals: Sequence[Rival]) -> Fraction:
    first = rivals[0].credit
    if len(rivals) == 1:
        return first
    return first if all(rival.credit is first or rival.credit == first for rival in rivals) else Fraction(0)


Spanned = list[tuple[tuple[Fraction, Fraction], tuple[int, int]]]
"""Intervals, each with whole numbers of 2^-64 around it, which tell most of them apart."""


def _spanned(intervals: Zone) -> Spanned:
    return [(interval, _span(*interval)) for interval in intervals]


WrongValues = list[tuple[Spanned, list[Rival]]]
"""The numbers that count as each wrong value, with its rivals."""

Shared = Iterator[tuple[tuple[Fraction, Fraction], Fraction]]


def _of_two(groups: WrongValues) -> Shared:
    """The numbers that two wrong values share, with what both declare."""
    for (a, rivals_a), (b, rivals_b) in combinations(groups, 2):
        for interval in _overlaps(a, b):
            yield interval, _agreed_credit((*rivals_a, *rivals_b))


def _of_three(groups: WrongValues) -> Shared:
    """The numbers that three of them share, where two would agree and the third declares something else.

    >>> groups = [(_spanned(((Fraction(0), Fraction(k)),)), [Rival(str(k), credit=Fraction(1, k))]) for k in (2, 2, 3)]
    >>> [(str(radius), str(credit)) for (_, radius), credit in _of_three(groups)]
    [('2', '0')]
    """
    for (a, rivals_a), (b, rivals_b), (c, rivals_c) in combinations(groups, 3):
        pairs = ((*rivals_a, *rivals_b), (*rivals_a, *rivals_c), (*rivals_b, *rivals_c))
        if any(map(_agreed_credit, pairs)) and not _agreed_credit((*rivals_a, *rivals_b, *rivals_c)):
            for interval in _overlaps(_spanned(tuple(_overlaps(a, b))), c):
                yield interval, _NOTHING


def _any_overlap(spans: list[tuple[int, int]]) -> bool:
    """Whether two of them have a number in common.

    >>> _any_overlap([(4, 5), (1, 3), (6, 7)]), _any_overlap([(4, 5), (1, 4)])
    (False, True)
    """
    spans.sort()
    return any(high >= low for (_, high), (low, _) in pairwise(spans))


def _overlaps(first: Spanned, second: Spanned) -> Iterator[tuple[Fraction, Fraction]]:
    for (a, reach_a), (low_a, high_a) in first:
        for (b, reach_b), (low_b, high_b) in second:
            if high_a < low_b or high_b < low_a:
                continue
            low, high = max(a - reach_a, b - reach_b), min(a + reach_a, b + reach_b)
            if low <= high:
                yield (low + high) / 2, (high - low) / 2


def _span(middle: Fraction, radius: Fraction) -> tuple[int, int]:
    (above, below), (reach, parts) = middle.as_integer_ratio(), radius.as_integer_ratio()
    centre, around = (above << 64) // below, (reach << 64) // parts + 1
    return centre - around, centre + 1 + around


def narrowed(entry: AcceptedNumbers) -> AcceptedNumbers:
    """For formats that always include the boundary: a radius smaller by a billionth where it does not count.

    >>> narrowed(AcceptedNumbers(Fraction(0), Fraction(1), Fraction(1), boundary=False)).radius
    Fraction(999999999, 1000000000)
    """
    if entry.boundary:
        return entry
    return msgspec.structs.replace(entry, radius=entry.radius * (1 - Fraction(1, 10**9)))


def printed(entry: AcceptedNumbers) -> tuple[str, str]:
    """Middle and radius as decimals; where the middle has to be rounded, the radius makes up for it.

    >>> printed(AcceptedNumbers(Fraction(1, 3), Fraction(1, 200), Fraction(1)))
    ('0.33333333333333333333', '0.0050000000000000000034')
    """
    above, below = entry.middle.as_integer_ratio()
    reach, parts = entry.radius.as_integer_ratio()
    steps, places = to_digits(above, below)
    missing = abs(steps * below - above * 10**places)
    if not missing:
        return written(steps, places), _reaching(reach, parts)
    whole, digits = _steps_of(reach, parts)
    if whole and digits >= places:
        around = whole - (-missing * 10 ** (digits - places) // below)
        if around < _CARRIED:
            return written(steps, places), written(around, digits)
    unit = below * 10**places
    return written(steps, places), _rounded_up(reach * unit + missing * parts, parts * unit)


_CARRIED = 10**DIGITS


@lru_cache(maxsize=256)
def _steps_of(above: int, below: int) -> tuple[int, int]:
    """A radius as (steps, places) with all `DIGITS` digits, steps of 0 if it has more of them."""
    steps, places = to_digits(above, below)
    return (steps if steps * below == above * 10**places and steps * 10 >= _CARRIED else 0), places


@lru_cache(maxsize=256)
def _reaching(above: int, below: int) -> str:
    """A radius as it stands in a template: a few come again and again."""
    return _rounded_up(above, below)


def _rounded_up(above: int, below: int) -> str:
    """A quotient to `DIGITS` digits, rounded up."""
    steps, places = to_digits(above, below)
    if steps * below < above * 10**places:
        steps += 1 if places else 10 ** (len(str(steps)) - DIGITS)
    return written(steps, places)
