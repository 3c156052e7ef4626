"""Numbers: decimals, fractions and formulas, exact at the boundary of every tolerance.

The order of decision: the key's tolerance, then the outer bands (widest credit first), then known wrong values.
A wrong value is recognised within the key's own tolerance of it. If a number fits two different wrong values,
nothing is diagnosed, and a credit is given only if both declare the same one.

Units: a number without a unit is taken to be in the unit that was asked for. A number that names the other unit
is never right, whatever it is: the unit is part of the answer. If it is the right quantity all the same
(2.322 bits for 1.609 nats) the note is ``numeric:other-unit`` and it earns what the key declares for the bare
number 2.322, most often through the wrong value with the wrong base of the logarithm; else ``numeric:wrong-unit``.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

import msgspec

from grading.answersheet import PartKey
from grading.diagnosis import agreed_credit, diagnose, fewest_steps
from grading.expressions import TWO, Logarithm, Product, Quotient
from grading.given import BLANK, Unreadable, fold, invalid, is_blank, text_of
from grading.keys import KeyUnusable, NumericKey, Rival, Tolerance
from grading.parsing import Refused, parse_number
from grading.reals import Real, decimals_of, inside, is_rounding, order, places_of_figures, real, shifted
from grading.reals import unit_in_last_place as unit_in_last
from grading.verdicts import ExpectedResponse, Grade, Refusal, Verdict, expected, malformed, scored
from grading.witness import Undecided, Undefined

LEAST_FIGURES = 3
"""Significant figures by which a wrong value is recognised where the key itself asks for the exact number."""

_RIGHT_NOTES = {"exact": "numeric:equal", "significant": "numeric:rounded-right", "decimals": "numeric:rounded-right"}


class _Zone(msgspec.Struct, frozen=True):
    """The numbers that count as one value: an interval with both ends, or the roundings of the centre."""

    centre: Real
    low: Real
    high: Real
    places: int | None = None

    def holds(self, number: Real) -> bool | None:
        within = inside(number, self.low, self.high)
        if within is not False or self.places is None or number.exact is None:
            return within
        return is_rounding(number.exact, self.centre, self.places)


class _Scale(msgspec.Struct, frozen=True):
    """A key, made ready to be compared with: computed once a key."""

    right: _Zone
    bands: tuple[tuple[_Zone, Fraction, str], ...]
    rivals: tuple[tuple[_Zone, Rival], ...]


def _value(text: str) -> Real:
    try:
        return real(parse_number(text, decimal_comma=False, unit="").expression)
    except Refused as refused:
        raise KeyUnusable(f"the key's value {text!r} is not a number: {refused.refusal.message}") from None
    except ArithmeticError as error:
        raise KeyUnusable(f"the key's value {text!r} has no value: {error}") from None


def _zone(centre: Real, tolerance: Tolerance, least_figures: int = 0) -> _Zone:
    """The zone of a value. least_figures: accept roundings to so many figures where the tolerance is exact."""
    match tolerance.kind:
        case "absolute":
            return _Zone(centre, shifted(centre, -tolerance.amount), shifted(centre, tolerance.amount))
        case "relative":
            ends = [_scaled(centre, 1 - tolerance.amount), _scaled(centre, 1 + tolerance.amount)]
            return _Zone(centre, *(ends if centre.high > 0 else reversed(ends)))
        case "decimals":
            return _Zone(centre, centre, centre, int(tolerance.amount))
        case "significant":
            return _Zone(centre, centre, centre, places_of_figures(centre, int(tolerance.amount)))
        case "exact":
            places = places_of_figures(centre, least_figures) if least_figures else None
            return _Zone(centre, centre, centre, places)


def _scaled(number: Real, by: Fraction) -> Real:
    if number.exact is not None:
        return real(number.exact * by)
    ends = sorted([number.low * by, number.high * by])
    return Real(Product((real(by).expression, number.expression)), ends[0], ends[1])


@lru_cache(maxsize=1024)
def _scale(key: NumericKey) -> _Scale:
    right = _value(key.value)
    bands = sorted(key.bands, key=lambda band: -band.credit)
    zones = [(_zone(right, Tolerance("absolute", band.within)), band.credit, band.note) for band in bands]
    rivals = [(_zone(_value(rival.value), key.tolerance, LEAST_FIGURES), rival) for rival in key.rivals]
    return _Scale(_zone(right, key.tolerance), tuple(zones), tuple(rivals))


def grade(part: PartKey, response: object) -> Grade:
    """Grade a number that was given as text.

    >>> from grading.keys import Band
    >>> key = NumericKey("0.3", Tolerance("absolute", Fraction("0.005")), (Band(Fraction("0.02"), Fraction(3, 4)),))
    >>> [grade(PartKey("answer", key), text).note for text in ("0.305", "0.3050000001", "61/200", "1/3")]
    ['numeric:within-tolerance', 'numeric:rounded-too-early', 'numeric:within-tolerance', 'numeric:wrong']
    """
    key = part.key
    assert isinstance(key, NumericKey)
    if is_blank(response):
        return BLANK
    try:
        number, unit = _read(text_of(response, "a number"), key)
    except Unreadable as unreadable:
        return invalid(unreadable.refusal, response)
    except Undecided:
        return _undecided(str(response))
    reading = fold(str(response))
    if unit and not key.unit:
        return invalid(Refusal("unexpected-unit", "This question asks for a number without a unit."), response)
    if unit and unit != key.unit:
        return _in_other_unit(key, number, reading)
    return grade_number(key, number, reading)


def _read(text: str, key: NumericKey) -> tuple[Real, str]:
    try:
        parsed = parse_number(text, decimal_comma=key.decimal_comma, unit=key.unit)
        return real(parsed.expression), parsed.unit
    except Refused as refused:
        raise Unreadable(refused.refusal) from None
    except Undefined:
        raise Unreadable(Refusal("no-value", "This formula has no value as a number.", 0, len(text))) from None


def grade_number(key: NumericKey, number: Real, reading: str) -> Grade:
    """Grade a number in the unit that was asked for."""
    scale = _scale(key)
    held = scale.right.holds(number)
    if held is None:
        return _undecided(reading)
    if held:
        return scored(Fraction(1), _RIGHT_NOTES.get(key.tolerance.kind, "numeric:within-tolerance"), reading)
    for zone, credit, note in scale.bands:
        held = zone.holds(number)
        if held is None:
            return _undecided(reading)
        if held:
            return scored(credit, f"numeric:{note}", reading)
    matched = _matched(scale, number)
    if matched is None:
        return _undecided(reading)
    if not matched:
        return scored(Fraction(0), _wrong_note(key, number), reading)
    rivals = tuple(rival for zone, rival in matched)
    if not _one_value([zone.centre for zone, _ in matched]):
        return scored(agreed_credit(rivals), "numeric:several-wrong-values", reading)
    rivals = fewest_steps(rivals)
    wrong_base = any(rival.misconceptions == ("wrong-log-base",) for rival in rivals)
    note = "numeric:right-value-wrong-base" if wrong_base else "numeric:wrong-value"
    return scored(agreed_credit(rivals), note, reading, diagnose(rivals))


def _wrong_note(key: NumericKey, number: Real) -> str:
    converted = _converted(number, key.unit)
    if converted and _scale(key).right.holds(converted):
        return "numeric:right-value-wrong-base"
    return "numeric:wrong"


def _matched(scale: _Scale, number: Real) -> list[tuple[_Zone, Rival]] | None:
    """The wrong values that the number may be; None if a credit depends on a comparison that cannot be decided."""
    matched = []
    for zone, rival in scale.rivals:
        held = zone.holds(number)
        if held is None and rival.credit:
            return None
        if held:
            matched.append((zone, rival))
    return matched


def _one_value(values: list[Real]) -> bool:
    return all(order(values[0], value) == 0 for value in values[1:])


def _undecided(reading: str) -> Grade:
    return Grade(Verdict.UNDECIDED, None, "numeric:undecided", reading)


def _in_other_unit(key: NumericKey, number: Real, reading: str) -> Grade:
    converted = _converted(number, key.unit)
    scale = _scale(key)
    held = scale.right.holds(converted) if converted else None
    if held is None:
        return _undecided(reading)
    if not held:
        return scored(Fraction(0), "numeric:wrong-unit", reading)
    matched = _matched(scale, number)
    if matched is None:
        return _undecided(reading)
    rivals = fewest_steps(rival for _, rival in matched) if _one_value([z.centre for z, _ in matched]) else ()
    return scored(agreed_credit(rivals), "numeric:other-unit", reading, diagnose(rivals))


def _converted(number: Real, asked: str) -> Real | None:
    """A number of the other unit in the unit that was asked for: 1 bit is ln 2 nats; None if it grows too large."""
    if not asked:
        return None
    factor = Logarithm(TWO)
    into_nats = asked == "nats"
    try:
        return real(Product((number.expression, factor)) if into_nats else Quotient(number.expression, factor))
    except Undecided:
        return None


def changes(key: NumericKey) -> list[tuple[Fraction, Fraction]]:
    """Rational bounds around every number at which the grade of a number without a unit can change."""
    scale = _scale(key)
    zones = [scale.right, *(zone for zone, _, _ in scale.bands), *(zone for zone, _ in scale.rivals)]
    other = {"nats": "bits", "bits": "nats"}.get(key.unit, "")
    found = []
    for zone in zones:
        ends = [zone.low, zone.high]
        if zone is scale.right:
            ends += [end for end in (_converted(zone.low, other), _converted(zone.high, other)) if end]
        found += [(end.low, end.high) for end in ends]
        if zone.places is not None:
            room = unit_in_last(zone.places)
            found.append((zone.centre.low - room, zone.centre.high + room))
    return found


def canonical_responses(part: PartKey) -> tuple[ExpectedResponse, ...]:
    """The key as a decimal, numbers inside the tolerance and between any two bands, every wrong value that stands
    alone, a number far from all of these, a blank and two texts that are no number.

    They are decimals wherever that is possible, since few formats read anything else, and stay clear of the
    boundaries, where formats that compare binary floats differ.
    """
    key = part.key
    assert isinstance(key, NumericKey)
    centre = _value(key.value)
    rivals = [(_value(rival.value), rival) for rival in key.rivals]
    own = Fraction(0) if key.tolerance.kind == "exact" else _reach(centre, key.tolerance)
    credits = [(own, Fraction(1))]
    credits += [(band.within, band.credit) for band in sorted(key.bands, key=lambda band: -band.credit)]
    reaches = sorted({reach for reach, _ in credits})
    found = [expected(_typed(centre, key, key.value), 1)]
    for distance, spare in _distances(reaches, key.tolerance):
        if distance < own and key.tolerance.kind in ("significant", "decimals"):
            continue  # so near, whether it is the rounded key depends on every digit
        credit = next((credit for reach, credit in credits if distance <= reach), Fraction(0))
        for sign in (1, -1):
            answer = _middle(centre) + sign * distance
            if credit or all(_apart(real(answer), value, key.tolerance, spare) for value, _ in rivals):
                found.append(expected(_decimal(answer, spare / 10, key), credit))
    for value, rival in rivals:
        others = [other for other, _ in rivals if other is not value]
        alone = all(_apart(value, other, key.tolerance, _reach(value, key.tolerance)) for other in others)
        if alone and abs(_middle(value) - _middle(centre)) > reaches[-1] + _reach(value, key.tolerance):
            found.append(expected(_typed(value, key, rival.value), rival.credit))
    everything = [centre, *(value for value, _ in rivals)]
    far = int(max(abs(_middle(value)) + _reach(value, key.tolerance) for value in everything) + reaches[-1]) + 10
    return (*found, expected(str(far), 0), expected(None, 0), malformed("abc"), malformed("1.2.3"))


def _middle(number: Real) -> Fraction:
    return (number.low + number.high) / 2


def _reach(centre: Real, tolerance: Tolerance) -> Fraction:
    """How far from the value a number may be taken for it, at most."""
    if tolerance.kind == "absolute":
        return tolerance.amount
    if tolerance.kind == "relative":
        return tolerance.amount * abs(_middle(centre))
    if tolerance.kind == "decimals":
        return unit_in_last(int(tolerance.amount))
    places = places_of_figures(centre, int(tolerance.amount) or LEAST_FIGURES)
    return unit_in_last(places) if places is not None else Fraction(1)


def _distances(reaches: list[Fraction], tolerance: Tolerance) -> Iterator[tuple[Fraction, Fraction]]:
    """Distances from the key to try, each with the room that it leaves to the next boundary."""
    if tolerance.kind in ("absolute", "relative") and reaches[0]:
        yield reaches[0] * 9 / 10, reaches[0] / 10
    for inner, outer in zip(reaches, [*reaches[1:], reaches[-1] * 2 or Fraction(1)], strict=True):
        yield (inner + outer) / 2, (outer - inner) / 4


def _apart(one: Real, other: Real, tolerance: Tolerance, room: Fraction) -> bool:
    return abs(_middle(one) - _middle(other)) > _reach(other, tolerance) + room


def _typed(value: Real, key: NumericKey, text: str) -> str:
    """The value as a learner would type it: a decimal if one is near enough, else its formula."""
    places = decimals_of(value.exact) if value.exact is not None else None
    if places is not None and places <= 20:
        return _decimal(_middle(value), Fraction(0), key)
    if key.tolerance.kind in ("absolute", "relative") and (room := _reach(value, key.tolerance)):
        return _decimal(_middle(value), room / 10, key)
    if key.tolerance.kind == "exact":
        return text
    return _decimal(_middle(value), _reach(value, key.tolerance) / 2, key)


def _decimal(value: Fraction, error: Fraction, key: NumericKey) -> str:
    """The shortest decimal within `error` of the value, rounded half away from zero."""
    places = 0
    while True:
        unit = unit_in_last(places)
        rounded = (abs(value) / unit + Fraction(1, 2)) // 1
        if abs(rounded * unit - abs(value)) <= error:
            break
        places += 1
    digits = str(int(rounded)).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    sign = "-" if value < 0 and rounded else ""
    return sign + (text.replace(".", ",") if key.decimal_comma else text)
