"""Responses of a numeric key whose grades are derived from the key alone, without grading."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from grading.answersheet import PartKey
from grading.graders.numeric.scale import MOST_PLACES, value_of
from grading.keys import LEAST_FIGURES, Digits, NumericKey, Rival, Tolerance
from grading.reals import Real, as_fraction, decimals_of, places_of_figures, real, rounding, scaled
from grading.reals import unit_in_last_place as unit_in_last
from grading.verdicts import ExpectedResponse, expected, malformed


def canonical_responses(part: PartKey) -> tuple[ExpectedResponse, ...]:
    """The key as a decimal, numbers inside the tolerance and between any two bands, every wrong value that stands
    alone, common slips, a number far from all of these, a blank and two texts that are no number. Where digits are
    asked for, instead of numbers near the key: the key with these digits, with one fewer, with one more, and with
    another last digit.

    They are decimals wherever that is possible, since few formats read anything else, and stay clear of the
    boundaries, where formats that compare binary floats differ; only an excluded boundary is tried itself.
    """
    key = part.key
    assert isinstance(key, NumericKey)
    plan = _Plan(key)
    near = plan.by_digits(key.digits) if key.digits else (*plan.by_distance(), *plan.on_the_boundary(), *plan.slips())
    found = (*near, *plan.wrong_values())
    return (*found, expected(str(plan.far()), 0), expected(None, 0), malformed("abc"), malformed("1.2.3"))


class _Known:
    """A wrong value of a key: where it lies, and how far from it a number may be taken for it."""

    def __init__(self, value: Real, tolerance: Tolerance, rival: Rival) -> None:
        self.value, self.rival = value, rival
        self.middle, self.reach = _middle(value), _reach(value, tolerance)


class _Plan:
    """A key with its values, and how far from each of them a number may be taken for it."""

    def __init__(self, key: NumericKey) -> None:
        self.key, self.tolerance = key, key.tolerance
        self.centre = as_fraction(value_of(key.value))
        self.middle = _middle(self.centre)
        self.rivals = [_Known(as_fraction(value_of(rival.value)), key.tolerance, rival) for rival in key.rivals]
        self.own = Fraction(0) if key.tolerance.kind == "exact" else _reach(self.centre, key.tolerance)
        self.bands = [(band.within, band.credit) for band in sorted(key.bands, key=lambda band: -band.credit)]
        self.reaches = sorted({self.own, *(within for within, _ in self.bands)})

    def credit(self, distance: Fraction) -> Fraction:
        """What the bands give for a number so far from the key."""
        return next((credit for within, credit in self.bands if distance <= within), Fraction(0))

    def no_rival(self, answer: Fraction, room: Fraction = Fraction(0)) -> bool:
        """Whether a number is certainly none of the wrong values."""
        return all(abs(answer - known.middle) > known.reach + room for known in self.rivals)

    def by_distance(self) -> Iterator[ExpectedResponse]:
        yield expected(_typed(self.centre, self.key, self.key.value), 1)
        for distance, spare in _distances(self.reaches, self.tolerance):
            if distance < self.own and self.tolerance.kind in ("significant", "decimals"):
                continue  # so near, whether it is the rounded key depends on every digit
            credit = Fraction(1) if distance <= self.own else self.credit(distance)
            for sign in (1, -1):
                answer = self.middle + sign * distance
                if credit or self.no_rival(answer, spare):
                    yield expected(_decimal(answer, spare / 10, self.key), credit)

    def on_the_boundary(self) -> Iterator[ExpectedResponse]:
        """Numbers exactly on a boundary that is outside."""
        if self.tolerance.boundary == "inside" or self.centre.exact is None or not self.own:
            return
        for answer in (self.centre.exact + self.own, self.centre.exact - self.own):
            places = decimals_of(answer)
            if places is not None and places <= MOST_PLACES and self.no_rival(answer):
                yield expected(_decimal(answer, Fraction(0), self.key), self.credit(self.own))

    def slips(self) -> Iterator[ExpectedResponse]:
        """The key with the other sign, ten times and a hundred times too large: clearly something else, and wrong."""
        for factor in (-1, 10, 100):
            slip = scaled(self.centre, Fraction(factor))
            room = _reach(slip, self.tolerance)
            answer = _middle(slip)
            if abs(answer - self.middle) > self.reaches[-1] + room and self.no_rival(answer, room):
                yield expected(_typed(slip, self.key, f"({self.key.value})*({factor})"), 0)

    def wrong_values(self) -> Iterator[ExpectedResponse]:
        beyond = self.reaches[-1]
        if self.key.digits:  # a coarse rounding of the key is no wrong value
            beyond = max(beyond, Fraction(1), unit_in_last(places_of_figures(self.centre, 1) or 0))
        for known in self.rivals:
            others = (other for other in self.rivals if other is not known)
            alone = all(abs(known.middle - other.middle) > other.reach + known.reach for other in others)
            if alone and abs(known.middle - self.middle) > beyond + known.reach:
                yield expected(_typed(known.value, self.key, known.rival.value), known.rival.credit)

    def by_digits(self, asked: Digits) -> Iterator[ExpectedResponse]:
        """The key with the digits that are asked for, with one fewer or more, and with another last one."""
        places = asked.count if asked.kind == "decimals" else places_of_figures(self.centre, asked.count)
        wanted = rounding(self.centre, places) if places is not None else None
        if places is None or wanted is None:
            return
        yield expected(_with_places(wanted, places, self.key), 1)
        unit = unit_in_last(places)
        shorter, longer = rounding(self.centre, places - 1), rounding(self.centre, places + 1)
        if shorter and places > 1 and self._as_long(shorter):
            yield from self._judged(shorter, places - 1, asked.too_few)
        countable = longer is not None and (longer or asked.kind == "decimals")  # zero has any number of figures
        if longer is not None and countable and places >= 0 and rounding(real(longer), places) == wanted:
            yield from self._judged(longer, places + 1, asked.too_many)
        for sign in (1, -1) if places > 0 else ():
            answer = wanted + sign * unit
            if abs(answer - self.middle) > self.own and self._as_long(answer):
                yield from self._judged(answer, places, asked.last_digit)

    def _as_long(self, answer: Fraction) -> bool:
        """Whether a number has as many figures as the key where both have as many places."""
        return places_of_figures(real(answer), 1) == places_of_figures(self.centre, 1)

    def _judged(self, answer: Fraction, places: int, declared: Fraction) -> Iterator[ExpectedResponse]:
        credit = max(declared, self.credit(abs(answer - self.middle)))
        if credit or self.no_rival(answer):
            yield expected(_with_places(answer, places, self.key), credit)

    def far(self) -> int:
        """A whole number that is far from everything."""
        own = abs(self.middle) + _reach(self.centre, self.tolerance)
        furthest = max((own, *(abs(known.middle) + known.reach for known in self.rivals)))
        clear = 3 if self.key.digits else 1  # of one figure the last digit is the whole number
        return int(furthest * clear + self.reaches[-1]) + 10


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
    above, below = abs(value.numerator), value.denominator
    places, power = 0, 1
    while True:
        rounded = (2 * above * power + below) // (2 * below)
        if abs(rounded * below - above * power) * error.denominator <= error.numerator * below * power:
            break
        places, power = places + 1, power * 10
    return _with_places(Fraction(rounded if value > 0 else -rounded, power), places, key)


def _with_places(value: Fraction, places: int, key: NumericKey) -> str:
    """A number that has so many decimal places, with all of them; a whole number for places before the point."""
    places = max(0, places)
    digits = str(int(abs(value) * 10**places)).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    sign = "-" if value < 0 else ""
    return sign + (text.replace(".", ",") if key.decimal_comma else text)
