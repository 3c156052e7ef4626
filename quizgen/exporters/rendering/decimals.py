"""Numbers of keys as decimals with a point.

Formats compare decimals. A key such as ``-log(0.5) - log(0.4)`` has no finite decimal, so it is written to `DIGITS`
significant digits; short decimals and rational numbers with short decimals are written exactly.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from grading.expressions import Expression
from grading.fixedpoint import UNIT
from grading.reals import Real, as_fraction, real

DIGITS = 20
_BITS = 80
"""The quick arithmetic is taken where it knows so many bits of a value, four more digits than are written."""

_DECIMAL = re.compile(r"[+-]?(?:\d{1,200}(?:\.\d{0,200})?|\.\d{1,200})(?:[eE][+-]?\d{1,3})?")


@lru_cache(maxsize=4096)
def value_of(text: str) -> Fraction:
    """The value of a closed expression of a key: exact where it is proven rational, else within 10⁻²⁴ of its size.

    Raises ValueError if it has none.

    >>> value_of("-0.125"), value_of("-2*log(1/32)/log(2)")
    (Fraction(-1, 8), Fraction(10, 1))
    """
    if _DECIMAL.fullmatch(text):
        return Fraction(text)
    from grading.parsing import Refused, parse_number

    try:
        tree = parse_number(text, decimal_comma=False, unit="").expression
        number = _quickly(tree) or real(tree)
    except Refused as refused:
        raise ValueError(f"{text!r} is not a number: {refused.refusal.message}") from None
    except ArithmeticError as error:
        raise ValueError(f"{text!r} has no value: {error}") from None
    number = as_fraction(number)
    return (number.low + number.high) / 2


def _quickly(tree: Expression) -> Real | None:
    """The value by the quick arithmetic, if that is close enough."""
    from grading.closed import quick_bounds

    try:
        bounds = quick_bounds(tree)
    except KeyError:
        return None
    if bounds is None or bounds[1] - bounds[0] > min(map(abs, bounds)) >> _BITS:
        return None
    return Real(tree, Fraction(bounds[0], UNIT), Fraction(bounds[1], UNIT))


@lru_cache(maxsize=4096)
def decimal(value: Fraction, digits: int = DIGITS) -> str:
    """The value as a decimal with a point and without an exponent: exact if short, else to significant digits.

    >>> decimal(Fraction(1, 8)), decimal(Fraction(-2, 3), 5), decimal(Fraction(1, 3000), 3), decimal(Fraction(2))
    ('0.125', '-0.66667', '0.000333', '2')
    """
    if value == 0:
        return "0"
    places = max(0, digits - 1 - magnitude(value))
    above, below = value.as_integer_ratio()
    steps, rest = divmod(abs(above) * 10**places, below)
    if 2 * rest > below or (2 * rest == below and steps % 2):
        steps += 1
    text = f"{steps:0{places + 1}d}"
    if places:
        text = f"{text[:-places]}.{text[-places:]}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 else text


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
    above, below = abs(value.numerator), value.denominator
    exponent = len(str(above)) - len(str(below))
    up, down = (10**exponent, 1) if exponent >= 0 else (1, 10**-exponent)
    return exponent if above * down >= below * up else exponent - 1


def rounded(value: Fraction, places: int) -> Fraction:
    """The value rounded to decimal places (negative before the point); half away from zero.

    >>> rounded(Fraction("-1.25"), 1), rounded(Fraction(1650), -2)
    (Fraction(-13, 10), Fraction(1700, 1))
    """
    above, below = value.as_integer_ratio()
    up, down = (10**places, 1) if places >= 0 else (1, 10**-places)
    steps = (2 * abs(above) * up + below * down) // (2 * below * down)
    return Fraction(steps * down if above >= 0 else -steps * down, up)
