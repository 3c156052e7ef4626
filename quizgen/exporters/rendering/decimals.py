"""Numbers of keys as decimals with a point.

Formats compare decimals. A key such as ``-log(0.5) - log(0.4)`` has no finite decimal, so it is written to `DIGITS`
significant digits; short decimals and rational numbers with short decimals are written exactly.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from fractions import Fraction
from functools import lru_cache

from grading.enclosures import Bounds
from grading.expressions import Expression
from grading.fixedpoint import SCALE, UNIT
from grading.reals import Real, as_fraction, real
from grading.witness import enclose
from quizgen.exporters.rendering.closed_numbers import mould_of, quick_bounds, rational_value

DIGITS = 20
_BITS = 80
"""The quick arithmetic is taken where it knows so many bits of a value, four more digits than are written."""

_SMALL = 10**6
"""The largest denominator of a fraction that a logarithm is tried to be; see `grading.reals.as_fraction`."""
_APART = UNIT >> 42
"""So close are bounds between which no two fractions with such denominators lie."""

_ERROR = Fraction(1, 10**24)
MORE_DIGITS = (160, 640)
"""To which a number is computed in which much larger ones cancel."""

_DECIMAL = re.compile(r"[+-]?(?:\d{1,200}(?:\.\d{0,200})?|\.\d{1,200})(?:[eE][+-]?\d{1,3})?")


class NoValue(ValueError):
    """A text of a key that is no number, or a number that cannot be computed."""


@lru_cache(maxsize=4096)
def value_of(text: str) -> Fraction:
    """The value of a closed expression of a key: exact where it is proven rational, else within 10⁻²⁴ of its size.

    Raises NoValue if it has none.

    >>> value_of("-0.125"), value_of("-2*log(1/32)/log(2)")
    (Fraction(-1, 8), Fraction(10, 1))
    """
    if _DECIMAL.fullmatch(text):
        return Fraction(text)
    if (found := mould_of(text)) is None:
        return _with_proof(text)
    ratio = rational_value(*found)
    if ratio is not None and ratio.denominator <= _SMALL:
        return ratio
    bounds = _close(quick_bounds(*found))
    if bounds is not None and (found[0].logarithmic or not _may_be_simple(*bounds)):
        return Fraction(bounds[0] + bounds[1], 2 * UNIT)
    return _with_proof(text)


def _with_proof(text: str) -> Fraction:
    """The value of what is not quickly seen to be irrational, or to be a number at all."""
    from grading.parsing import Refused, parse_number

    try:
        tree = parse_number(text, decimal_comma=False, unit="").expression
        bounds = _close(_quick_bounds_of(tree))
        known = bounds and Real(tree, Fraction(bounds[0], UNIT), Fraction(bounds[1], UNIT))
        number = as_fraction(known or real(tree))
        for digits in MORE_DIGITS:
            if _is_within(number, min(abs(number.low), abs(number.high))):
                break
            number = as_fraction(Real(tree, *enclose(tree, {}, digits)))
    except Refused as refused:
        raise NoValue(f"{text!r} is not a number: {refused.refusal.message}") from None
    except ArithmeticError as error:
        raise NoValue(f"{text!r} has no value: {error}") from None
    if not _is_within(number, max(abs(number.low), Fraction(1))):
        raise NoValue(f"{text!r} has a value that cannot be computed: what cancels in it is too large")
    return (number.low + number.high) / 2


def _is_within(number: Real, size: Fraction) -> bool:
    """Whether its bounds are as close to each other as those of a number of this size have to be."""
    return number.high - number.low <= size * _ERROR


def _close(bounds: Bounds | None) -> Bounds | None:
    """Bounds of the quick arithmetic, if they are close enough."""
    if bounds is None or bounds[1] - bounds[0] > min(map(abs, bounds)) >> _BITS:
        return None
    return bounds


def _quick_bounds_of(tree: Expression) -> Bounds | None:
    from grading.closed import quick_bounds as bounds_of_tree

    try:
        return bounds_of_tree(tree)
    except KeyError:
        return None


def _may_be_simple(low: int, high: int) -> bool:
    """Whether a fraction with a small denominator lies within bounds: one of the first convergents of their middle.

    Bounds so close hold no other: they are less than ``1/(2·_SMALL²)`` apart, or the number is large.

    >>> _may_be_simple((UNIT * 22) // 7, (UNIT * 22) // 7 + 1), _may_be_simple(UNIT * 22 // 7 + 1, UNIT * 22 // 7 + 2)
    (True, False)
    """
    if high - low > _APART:
        return True
    above, below, width = low + high, 2 * UNIT, high - low
    old, new = 1, 0
    while below:
        whole, rest = divmod(above, below)
        old, new = new, whole * new + old
        if new > _SMALL:
            return False
        if rest <= new * width:  # the middle times the denominator is so far from the numerator
            return True
        above, below = below, rest
    return True


def decimal(value: Fraction, digits: int = DIGITS) -> str:
    """The value as a decimal with a point and without an exponent: exact if short, else to significant digits.

    >>> decimal(Fraction(1, 8)), decimal(Fraction(-2, 3), 5), decimal(Fraction(1, 3000), 3), decimal(Fraction(2))
    ('0.125', '-0.66667', '0.000333', '2')
    """
    return _decimal(*value.as_integer_ratio(), digits)


@lru_cache(maxsize=1024)
def _decimal(above: int, below: int, digits: int) -> str:
    """Points and shares come again and again."""
    return written(*to_digits(above, below, digits))


def decimal_of(text: str, digits: int) -> str:
    """`decimal` of `value_of`: where quick bounds round alike, what lies between them does too.

    Raises NoValue as `value_of` does.

    >>> decimal_of("-log(0.5) - log(0.4)", 6), decimal_of("1/8", 6), decimal_of("2", 6)
    ('1.60944', '0.125', '2')
    """
    found = None if _DECIMAL.fullmatch(text) else mould_of(text)
    if found is not None and (bounds := quick_bounds(*found)) is not None:
        shown = decimal_between(*bounds, digits)
        if shown is not None:
            return shown
    return decimal(value_of(text), digits)


def decimal_between(low: int, high: int, digits: int = DIGITS) -> str | None:
    """What all numbers between bounds, in units of 2^-SCALE, are to so many digits; None if they differ.

    >>> decimal_between(UNIT // 8, UNIT // 8), decimal_between(UNIT // 3, UNIT // 3 + 1, 5)
    ('0.125', '0.33333')
    >>> decimal_between(UNIT // 3, UNIT // 2) is None
    True
    """
    if low < 0:
        turned = None if high > 0 else decimal_between(-high, -low, digits)
        return f"-{turned}" if turned else None
    if not low:
        return None if high else "0"
    places = max(0, digits + _SMALLEST - bisect_right(_POWERS, low))
    up = 10**places
    least, most = low * up + _HALF, high * up + _HALF
    steps = least >> SCALE
    if not least & _REST:  # of the two that are nearest the even one
        steps -= steps & 1
    if low != high and (steps != most >> SCALE or not most & _REST):
        return None
    return written(steps, places)


_SMALLEST = 20
_POWERS = [*[-(-UNIT // 10**power) for power in range(_SMALLEST, 0, -1)], *[UNIT * 10**power for power in range(40)]]
"""From which number on, in units of 2^-SCALE, the first digit is at the next higher place."""


_HALF, _REST = UNIT // 2, UNIT - 1


def to_digits(above: int, below: int, digits: int = DIGITS) -> tuple[int, int]:
    """(steps, places): the quotient, to so many significant digits, is steps·10^-places. below: more than 0.

    >>> to_digits(-2, 3, 5), to_digits(1200, 1, 2)
    ((-66667, 5), (1200, 0))
    """
    if above == 0:
        return 0, 0
    places = max(0, digits - 1 - magnitude_of(above, below))
    steps, rest = divmod(abs(above) * 10**places, below)
    if 2 * rest > below or (2 * rest == below and steps % 2):
        steps += 1
    return -steps if above < 0 else steps, places


def written(steps: int, places: int) -> str:
    """steps·10^-places as a decimal without zeros at its end.

    >>> written(-1250, 3), written(1200, 0), written(0, 5)
    ('-1.25', '1200', '0')
    """
    if not steps:
        return "0"
    text = str(abs(steps))
    if places:
        if len(text) <= places:
            text = text.zfill(places + 1)
        part = text[-places:].rstrip("0")
        text = f"{text[:-places]}.{part}" if part else text[:-places]
    return f"-{text}" if steps < 0 else text


def as_read(number: str, comma: bool) -> str:
    """A decimal as people read it: with a minus sign, and with a comma where that is the decimal mark.

    >>> as_read("-0.5", comma=True)
    '−0,5'
    """
    return number.replace("-", "−").replace(".", "," if comma else ".")


def magnitude(value: Fraction) -> int:
    """The decimal exponent of the first digit of a number that is not 0.

    >>> magnitude(Fraction(99)), magnitude(Fraction(1, 1000))
    (1, -3)
    """
    return magnitude_of(*value.as_integer_ratio())


def magnitude_of(above: int, below: int) -> int:
    """The same of a quotient. below: more than 0."""
    above = abs(above)
    exponent = (above.bit_length() - below.bit_length()) * 30103 // 100000
    if exponent >= 0:
        below *= 10**exponent
    else:
        above *= 10**-exponent
    while above < below:
        above, exponent = above * 10, exponent - 1
    while above >= (next_below := below * 10):
        below, exponent = next_below, exponent + 1
    return exponent


def rounded(value: Fraction, places: int) -> Fraction:
    """The value rounded to decimal places (negative before the point); half away from zero.

    >>> rounded(Fraction("-1.25"), 1), rounded(Fraction(1650), -2)
    (Fraction(-13, 10), Fraction(1700, 1))
    """
    above, below = value.as_integer_ratio()
    up, down = (10**places, 1) if places >= 0 else (1, 10**-places)
    steps = (2 * abs(above) * up + below * down) // (2 * below * down)
    return Fraction(steps * down if above >= 0 else -steps * down, up)
