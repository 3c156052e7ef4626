"""Exact order of real numbers: is a typed number inside a tolerance, its boundary included?

A `Real` is an expression without symbols and rational bounds around it. Bounds that do not overlap decide at once;
where they do, the judge's comparison of numbers decides, or says that it cannot. No float takes part.
"""

from __future__ import annotations

from fractions import Fraction

import msgspec

from grading.closed import compare_numbers
from grading.expressions import Expression, add, multiply, rational
from grading.witness import Undecided, enclose

DIGITS = (40, 160)
"""Digits to which bounds are computed; the second where the first do not even tell whether there is a value."""

_SMALL = 10**6
"""The largest denominator of a fraction that a logarithm or an exponential is tried to be."""


class Real(msgspec.Struct, frozen=True):
    """A number: what it is, and rational bounds of it (equal if it is rational and small enough to be written out)."""

    expression: Expression
    low: Fraction
    high: Fraction

    @property
    def exact(self) -> Fraction | None:
        """The value as a fraction if the bounds are the value."""
        return self.low if self.low is self.high or self.low == self.high else None


def real(value: Expression | Fraction) -> Real:
    """The real number that a closed expression stands for.

    Raises `grading.witness.Undefined` if it has no value (``log(0)``), `Undecided` if that cannot be said or the
    value is too large.

    >>> real(Fraction(1, 3)).exact
    Fraction(1, 3)
    """
    if isinstance(value, Fraction):
        return Real(rational(value), value, value)
    for digits in DIGITS:
        try:
            return Real(value, *enclose(value, {}, digits))
        except Undecided:
            if digits == DIGITS[-1]:
                raise
    raise AssertionError("there are digits to try")


def shifted(number: Real, by: Fraction) -> Real:
    """The number plus a fraction."""
    if number.exact is not None:
        return real(number.exact + by)
    return Real(add(number.expression, rational(by)), number.low + by, number.high + by)


def scaled(number: Real, by: Fraction) -> Real:
    """The number times a fraction.

    >>> scaled(real(Fraction(3, 2)), Fraction(-2)).exact
    Fraction(-3, 1)
    """
    if number.exact is not None:
        return real(number.exact * by)
    ends = sorted([number.low * by, number.high * by])
    return Real(multiply(rational(by), number.expression), ends[0], ends[1])


def order(a: Real, b: Real) -> int | None:
    """-1, 0 or 1 as a is less than, equal to or greater than b; None if that cannot be decided.

    >>> order(real(Fraction(305, 1000)), shifted(real(Fraction(3, 10)), Fraction(5, 1000)))
    0
    """
    if a.high < b.low:
        return -1
    if a.low > b.high:
        return 1
    if a.exact is not None and a.exact == b.exact:
        return 0
    return compare_numbers(a.expression, b.expression)


def as_fraction(number: Real) -> Real:
    """The number as a fraction where it is proven to be one with a small denominator; else as it is.

    >>> from grading.parsing import parse_number
    >>> bits = real(parse_number("-log_2(0.25) - log_2(0.5)").expression)
    >>> bits.exact, as_fraction(bits).exact
    (None, Fraction(3, 1))
    """
    if number.exact is None:
        simple = ((number.low + number.high) / 2).limit_denominator(_SMALL)
        if number.low <= simple <= number.high and order(number, real(simple)) == 0:
            return real(simple)
    return number


def inside(number: Real, low: Real, high: Real, boundary: bool = True) -> bool | None:
    """Whether low ≤ number ≤ high; None if that cannot be decided. boundary: False: low < number < high.

    >>> ends = real(Fraction(1)), real(Fraction(2))
    >>> [inside(ends[1], *ends), inside(ends[1], *ends, boundary=False)]
    [True, False]
    """
    below, above = order(number, low), order(number, high)
    if below == -1 or above == 1 or (not boundary and (below == 0 or above == 0)):
        return False
    return None if below is None or above is None else True


def decimals_of(value: Fraction) -> int | None:
    """How many decimal places the value needs; None if no number of places is enough.

    >>> decimals_of(Fraction(8, 5)), decimals_of(Fraction(1200)), decimals_of(Fraction(1, 3))
    (1, 0, None)
    """
    denominator, twos, fives = value.denominator, 0, 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None


def unit_in_last_place(places: int) -> Fraction:
    """10 to the minus `places`; places may be negative."""
    return Fraction(1, 10**places) if places >= 0 else Fraction(10**-places)


def places_of_figures(number: Real, figures: int) -> int | None:
    """The decimal places (negative before the point) that so many significant figures of the number reach.

    >>> places_of_figures(real(Fraction(1609, 1000)), 3), places_of_figures(real(Fraction(12345)), 2)
    (2, -3)
    """
    if number.low <= 0 <= number.high:
        sign = order(number, real(Fraction(0)))
        return None if sign is None else figures - 1 if sign == 0 else None
    size = min(abs(number.low), abs(number.high))
    magnitude = (size.numerator.bit_length() - size.denominator.bit_length()) * 30103 // 100000
    while size >= unit_in_last_place(-magnitude - 1):
        magnitude += 1
    while size < unit_in_last_place(-magnitude):
        magnitude -= 1
    next_power = unit_in_last_place(-magnitude - 1)
    if max(abs(number.low), abs(number.high)) >= next_power:
        positive = number.low > 0
        sign = order(number, real(next_power if positive else -next_power))
        if sign is None:
            return None
        magnitude += sign == 0 or (sign == 1) == positive
    return figures - 1 - magnitude


def rounding(number: Real, places: int) -> Fraction | None:
    """The number rounded to decimal places (negative before the point), half away from zero; None if undecided.

    >>> rounding(real(Fraction(-5, 1000)), 2), rounding(real(Fraction(1649)), -2)
    (Fraction(-1, 100), Fraction(1600, 1))
    """
    unit = unit_in_last_place(places)
    low, high = _half_away(number.low / unit), _half_away(number.high / unit)
    if low == high:
        return low * unit
    if high - low > 1:
        return None
    half = (low + Fraction(1, 2)) * unit  # the bounds hold one place where the rounding changes
    sign = order(number, real(half))
    if sign is None:
        return None
    return (high if sign > 0 or (sign == 0 and half > 0) else low) * unit


def _half_away(value: Fraction) -> int:
    whole = int(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole


def is_rounding(value: Fraction, number: Real, places: int) -> bool | None:
    """Whether the value is the number rounded to at least so many decimal places, half away from zero.

    A value that was written with more places has to be right in all of them; zeros at the end of a whole number are
    not counted as written.

    >>> from grading.expressions import Logarithm
    >>> log_of_5 = real(Logarithm(rational(5)))
    >>> [is_rounding(Fraction(text), log_of_5, 2) for text in ("1.61", "1.609", "1.6", "1.614")]
    [True, True, False, False]
    """
    own_places = decimals_of(value)
    if own_places is None:
        return order(real(value), number) == 0
    while own_places <= 0 and value and value % unit_in_last_place(own_places - 1) == 0:
        own_places -= 1
    half = unit_in_last_place(max(places, own_places)) / 2
    below, above = order(number, real(value - half)), order(number, real(value + half))
    if below is None or above is None:
        return None
    lowest = below >= 0 if value > 0 else below > 0
    highest = above <= 0 if value < 0 else above < 0
    return lowest and highest
