"""A numeric key, made ready to be compared with: its zones, those of its wrong values, and those of common slips."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

import msgspec

from grading.expressions import TWO, Expression, Logarithm, Number, Product, Quotient, walk
from grading.graders.numeric.asked import is_telling
from grading.graders.numeric.zones import Zone, ZoneIndex, zone_of
from grading.keys import LEAST_FIGURES, KeyUnusable, NumericKey, Rival, Tolerance
from grading.parsing import Refused, parse_number
from grading.reals import Real, real, rounding, scaled
from grading.witness import Undecided

TEN = Number(Fraction(10))
POWERS_OF_TEN = range(-6, 7)
"""Slips of the decimal point that are recognised."""

MOST_PLACES = 12
"""Decimal places up to which a number counts as the key rounded too early."""

SLIP_NARROWNESS = 10
"""A slip is recognised where the zone is narrower than the value by this factor; in wider ones it may be chance."""


class Scale(msgspec.Struct, frozen=True):
    """The zones of a key. rivals: in the order of `index`, which is the key's."""

    right: Zone
    bands: tuple[tuple[Zone, Fraction, str], ...]
    rivals: tuple[Rival, ...]
    index: ZoneIndex

    def matched(self, number: Real) -> list[tuple[Zone, Rival]] | None:
        """The wrong values that the number may be; None if a credit depends on what cannot be decided."""
        matched = []
        for place in self.index.near(number):
            zone, rival = self.index.zones[place], self.rivals[place]
            held = zone.holds(number)
            if held is None and rival.credit:
                return None
            if held:
                matched.append((zone, rival))
        return matched


@lru_cache(maxsize=4096)
def value_of(text: str) -> Real:
    """The value of a closed expression of a key, computed once. Raises KeyUnusable if it has none."""
    try:
        return real(parse_number(text).expression)
    except Refused as refused:
        raise KeyUnusable(f"the key's value {text!r} is not a number: {refused.refusal.message}") from None
    except ArithmeticError as error:
        raise KeyUnusable(f"the key's value {text!r} has no value: {error}") from None


@lru_cache(maxsize=1024)
def scale_of(key: NumericKey) -> Scale:
    """The scale of a key, computed once. Raises KeyUnusable."""
    bands = sorted(key.bands, key=lambda band: -band.credit)
    zones = [(_zone(key.value, Tolerance("absolute", band.within), 0), band.credit, band.note) for band in bands]
    rivals = tuple(_zone(rival.value, key.tolerance, LEAST_FIGURES) for rival in key.rivals)
    return Scale(_zone(key.value, key.tolerance, 0), tuple(zones), key.rivals, ZoneIndex(rivals))


@lru_cache(maxsize=4096)
def _zone(value: str, tolerance: Tolerance, least_figures: int) -> Zone:
    """The zone of a value of a key; keys that differ in words only share it."""
    return zone_of(value_of(value), tolerance, least_figures)


# --- slips: what is probably meant by a number that no wrong value explains; they earn nothing

_NATS = Logarithm(TWO), Logarithm(TEN)
_OTHER_UNITS: dict[str, dict[str, Expression]] = {
    # one of the other unit, in the unit that was asked for
    "nats": {"bits": _NATS[0], "hartleys": _NATS[1]},
    "bits": {"nats": Quotient(Number(Fraction(1)), _NATS[0]), "hartleys": Quotient(_NATS[1], _NATS[0])},
}


def converted(number: Real, unit: str, asked: str) -> Real | None:
    """A number of one unit of information in another; None if there is no such unit or the number grows too large.

    >>> three_bits = converted(real(Fraction(3)), "bits", "nats")
    >>> round(float(three_bits.low), 4)
    2.0794
    """
    factor = _OTHER_UNITS.get(asked, {}).get(unit)
    if factor is None:
        return None
    try:
        return real(Product((number.expression, factor)))
    except Undecided:
        return None


def slips(key: NumericKey) -> tuple[tuple[Zone, str], ...]:
    """(zone, note) of the slips that this key allows to be told, the most telling first.

    >>> key = NumericKey("-log(0.2)", Tolerance("absolute", Fraction(1, 200)), unit="nats")
    >>> sorted({note for _, note in slips(key)})
    ['numeric:power-of-ten', 'numeric:right-value-wrong-base', 'numeric:wrong-sign']
    """
    return _slips(key.value, key.tolerance, key.unit)[0]


@lru_cache(maxsize=1024)
def _slips(value: str, tolerance: Tolerance, unit: str) -> tuple[tuple[tuple[Zone, str], ...], ZoneIndex]:
    """The slips of a value, and an index of their zones; keys that differ in words only share them."""
    found = tuple(_slips_of(_zone(value, tolerance, 0), tolerance, unit))
    return found, ZoneIndex(tuple(zone for zone, _ in found))


def _slips_of(right: Zone, tolerance: Tolerance, unit: str) -> Iterator[tuple[Zone, str]]:
    centre = right.centre
    if centre.low <= 0 <= centre.high:
        return
    for zone in _other_bases(right, tolerance, unit):
        yield zone, "numeric:right-value-wrong-base"
    yield _moved(right, tolerance, Fraction(-1)), "numeric:wrong-sign"
    if not _narrow(right):
        return
    if unit == "%":
        yield _moved(right, tolerance, Fraction(1, 100)), "numeric:fraction-instead-of-percent"
    elif unit == "" and max(abs(centre.low), abs(centre.high)) <= 1:
        yield _moved(right, tolerance, Fraction(100)), "numeric:percent-instead-of-fraction"
    for n in POWERS_OF_TEN:
        if n:
            yield _moved(right, tolerance, Fraction(10) ** n), "numeric:power-of-ten"


def slip(key: NumericKey, number: Real) -> str:
    """The note of the most telling slip that leads to the number; "" if none does."""
    known, index = _slips(key.value, key.tolerance, key.unit)
    for place in index.near(number):
        zone, note = known[place]
        if zone.holds(number):
            return note
    return ""


def _narrow(zone: Zone) -> bool:
    low, high = zone.bounds()
    return (high - low) * SLIP_NARROWNESS <= 2 * min(abs(zone.centre.low), abs(zone.centre.high))


def _moved(right: Zone, tolerance: Tolerance, factor: Fraction) -> Zone:
    """The zone of the key's value times a factor."""
    if tolerance.kind in ("absolute", "relative"):
        return right.times(factor)
    return zone_of(scaled(right.centre, factor), tolerance, LEAST_FIGURES)


def _other_bases(right: Zone, tolerance: Tolerance, unit: str) -> Iterator[Zone]:
    """The zones of the key's value with logarithms to the other usual bases, where it has a unit or a logarithm."""
    if not _narrow(right):
        return
    if unit in _OTHER_UNITS:
        factors = [Quotient(Number(Fraction(1)), factor) for factor in _OTHER_UNITS[unit].values()]
    elif not unit and right.centre.exact is None and _has_logarithm(right.centre.expression):
        factors = [Quotient(Number(Fraction(1)), log) for log in _NATS]
    else:
        return
    for factor in factors:
        ends = [real(Product((end.expression, factor))) for end in (right.low, right.centre, right.high)]
        if tolerance.kind in ("absolute", "relative"):
            yield Zone(ends[1], ends[0], ends[2], None, right.boundary)
        else:
            yield zone_of(ends[1], tolerance, LEAST_FIGURES)


def _has_logarithm(expression: Expression) -> bool:
    return any(isinstance(node, Logarithm) for node in walk(expression))


def early_roundings(key: NumericKey) -> tuple[tuple[int, Fraction], ...]:
    """(places, number): the key rounded to fewer places than are right, with two figures or one decimal place.

    >>> [str(number) for _, number in early_roundings(NumericKey("-log(0.2)", Tolerance("absolute", Fraction(1, 200))))]
    ['8/5']
    """
    return _early_roundings(key.value, key.tolerance)


@lru_cache(maxsize=1024)
def _early_roundings(value: str, tolerance: Tolerance) -> tuple[tuple[int, Fraction], ...]:
    right = _zone(value, tolerance, 0)
    found = []
    for places in range(MOST_PLACES + 1):
        number = rounding(right.centre, places)
        if number is None or right.holds(real(number)) is not False:
            continue
        if is_telling(number, places):
            found.append((places, number))
    return tuple(found)


def edges(key: NumericKey) -> list[tuple[Fraction, Fraction]]:
    """Rational bounds around every number at which the grade of a plain decimal without a unit can change."""
    scale = scale_of(key)
    zones = [scale.right, *(zone for zone, _, _ in scale.bands), *scale.index.zones, *(zone for zone, _ in slips(key))]
    found = [edge for zone in zones for edge in zone.edges()]
    return found + [(number, number) for _, number in early_roundings(key)]
