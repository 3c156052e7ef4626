"""Zones: the numbers that count as one value, and which of many zones may hold a number."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction

import msgspec

from grading.keys import FURTHER_PLACES, Tolerance
from grading.reals import Real, inside, is_rounding, order, places_of_figures, scaled, shifted, unit_in_last_place


class Zone(msgspec.Struct, frozen=True):
    """The numbers that count as one value: an interval, or the roundings of the centre and what is next to it.

    boundary: whether the ends of the interval are inside; the centre always is. places: with it also the centre rounded
    to that many decimal places or more.
    """

    centre: Real
    low: Real
    high: Real
    places: int | None = None
    boundary: bool = True

    def holds(self, number: Real) -> bool | None:
        """Whether the number is one of these; None if that cannot be decided."""
        within = inside(number, self.low, self.high, self.boundary)
        if within is False and not self.boundary:
            at_centre = order(number, self.centre)
            within = None if at_centre is None else at_centre == 0
        if within is not False or self.places is None or number.exact is None:
            return within
        return is_rounding(number.exact, self.centre, self.places)

    def bounds(self) -> tuple[Fraction, Fraction]:
        """Rational bounds; a number that is certainly outside of them is not in the zone."""
        room = Fraction(0) if self.places is None else unit_in_last_place(self.places)
        return min(self.low.low, self.centre.low - room), max(self.high.high, self.centre.high + room)

    def edges(self) -> list[tuple[Fraction, Fraction]]:
        """Rational bounds around each place at which being inside changes, or several such places at once."""
        found = [(end.low, end.high) for end in (self.low, self.centre, self.high)]
        if self.places is not None:
            found.append(self.bounds())
        return found

    def times(self, factor: Fraction) -> Zone:
        """The zone of every number times a factor that is not 0; only for an interval."""
        ends = [scaled(self.low, factor), scaled(self.high, factor)]
        low, high = ends if factor > 0 else reversed(ends)
        return Zone(scaled(self.centre, factor), low, high, None, self.boundary)


def zone_of(centre: Real, tolerance: Tolerance, least_figures: int = 0) -> Zone:
    """The zone of a value. least_figures: accept roundings to so many figures where the tolerance is exact.

    >>> from grading.reals import real
    >>> edge, key = real(Fraction(2)), real(Fraction(1))
    >>> [zone_of(key, Tolerance("absolute", Fraction(1), side)).holds(edge) for side in ("inside", "outside")]
    [True, False]
    >>> fifth = zone_of(real(Fraction(1, 5)), Tolerance("decimals", Fraction(2)))
    >>> [fifth.holds(real(Fraction(text))) for text in ("0.2", "0.20001", "0.2000000000001")]
    [True, False, True]
    """
    inclusive = tolerance.boundary == "inside"
    match tolerance.kind:
        case "absolute":
            ends = shifted(centre, -tolerance.amount), shifted(centre, tolerance.amount)
            return Zone(centre, *ends, boundary=inclusive)
        case "relative":
            low, high = scaled(centre, 1 - tolerance.amount), scaled(centre, 1 + tolerance.amount)
            return Zone(centre, *((low, high) if centre.high > 0 else (high, low)), boundary=inclusive)
        case "decimals":
            return _roundings(centre, int(tolerance.amount))
        case "significant":
            return _roundings(centre, places_of_figures(centre, int(tolerance.amount)))
        case "exact":
            return _roundings(centre, places_of_figures(centre, least_figures) if least_figures else None)


def _roundings(centre: Real, places: int | None) -> Zone:
    """The centre rounded to so many decimal places or more; None: the centre alone."""
    if places is None:
        return Zone(centre, centre, centre)
    near = unit_in_last_place(places + FURTHER_PLACES) / 2
    return Zone(centre, shifted(centre, -near), shifted(centre, near), places)


class ZoneIndex:
    """Finds the zones that may hold a number without looking at the others.

    The zones are sorted by their lower bound. Of those that begin below the number the last ones are looked at, back to
    where no earlier zone reaches so far: for zones about equally wide these are the ones that hold it and few others.
    """

    def __init__(self, zones: tuple[Zone, ...]) -> None:
        self.zones = zones
        bounds = [zone.bounds() for zone in zones]
        self._order = sorted(range(len(zones)), key=lambda place: bounds[place])
        self._lows = [bounds[place][0] for place in self._order]
        self._highs = [bounds[place][1] for place in self._order]
        self._furthest: list[Fraction] = []
        for high in self._highs:
            self._furthest.append(max(high, self._furthest[-1]) if self._furthest else high)

    def near(self, number: Real) -> list[int]:
        """The places of all zones whose bounds meet those of the number, ascending; no other zone can hold it.

        >>> from grading.reals import real
        >>> values = [real(Fraction(value)) for value in (5, 1, 3)]
        >>> ZoneIndex(tuple(zone_of(value, Tolerance()) for value in values)).near(values[1])
        [1]
        """
        found = []
        place = bisect_right(self._lows, number.high) - 1
        while place >= 0 and self._furthest[place] >= number.low:
            if self._highs[place] >= number.low:
                found.append(self._order[place])
            place -= 1
        return sorted(found)
