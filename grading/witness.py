"""The independent evaluator: exact bounds of an expression at a rational point.

It shares nothing with the normal form. Rational parts are computed exactly; logarithms and exponentials are the
correctly rounded ones of `decimal`, widened by one unit in the last place; every other step rounds outwards.
"""

from __future__ import annotations

import decimal
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

from grading.expressions import (
    AbsoluteValue,
    Exponential,
    Expression,
    Extremum,
    Logarithm,
    Negation,
    Number,
    Power,
    Probability,
    Product,
    Quotient,
    Sum,
    Symbol,
)

Point = Mapping[Symbol | Probability, Fraction]

MAX_BITS = 4_096  # of an exact value; larger ones become intervals
MAX_MAGNITUDE = 3_700  # decimal exponent of a bound: with its decimals it can still be written in 4,300 digits


_CLOSE = Decimal("1E-9")
TINY = 12_000  # below e to minus this, a bound of 10^-MAX_MAGNITUDE is true and enough


class Undefined(ArithmeticError):
    """The expression has certainly no value at this point.

    why: ``division`` by zero, ``logarithm`` of what is not positive, ``root`` of what is negative. isolated: only
    because something is exactly zero.
    """

    def __init__(self, why: Literal["division", "logarithm", "root"], isolated: bool = False) -> None:
        self.why, self.isolated = why, isolated
        super().__init__(why)


class Undecided(ArithmeticError):
    """With so many digits it cannot be said whether there is a value; more digits may decide."""


class OutOfRange(Undecided):
    """The value is too large or too small to be written here, however many digits are computed."""


class Interval(NamedTuple):
    """Bounds, low ≤ value ≤ high."""

    low: Decimal
    high: Decimal


Value = Fraction | Interval


def enclose(expression: Expression, values: Point, digits: int = 30) -> tuple[Fraction, Fraction]:
    """Bounds of the expression at a point; equal if the value is rational and known exactly.

    values: of every symbol and probability. digits: of the working precision. Raises Undefined, Undecided, KeyError.

    >>> low, high = enclose(Logarithm(Number(Fraction(2))), {})
    >>> low < high, high - low < Fraction(1, 10**28), round_half_away(low, 20)
    (True, True, '0.69314718055994530942')
    """
    try:
        value = _Evaluator(values, digits).value(expression)
    except (decimal.Overflow, decimal.Underflow, decimal.InvalidOperation, decimal.DivisionByZero):
        raise Undecided("a number is too large or too small") from None
    if isinstance(value, Fraction):
        return value, value
    if max(abs(value.low.adjusted()), abs(value.high.adjusted())) > MAX_MAGNITUDE:
        certain = value.low.adjusted() == value.high.adjusted() and value.low.is_signed() == value.high.is_signed()
        raise (OutOfRange if certain else Undecided)("a number is too large or too small")
    return Fraction(value.low), Fraction(value.high)


@lru_cache(maxsize=4096)
def _log(value: Fraction, digits: int) -> Interval:
    down, up = _contexts(digits + 5)
    low = down.divide(Decimal(value.numerator), Decimal(value.denominator))
    high = up.divide(Decimal(value.numerator), Decimal(value.denominator))
    return _log_between(down, up, low, high)


def _log_between(down: decimal.Context, up: decimal.Context, low: Decimal, high: Decimal) -> Interval:
    """Bounds of the logarithms of numbers between positive bounds.

    That of the upper one is at most that of the lower one and (high − low)/low: of close ones one has to be computed.
    """
    rounded = down.ln(low)
    below, above = (rounded, rounded) if low == 1 else (down.next_minus(rounded), up.next_plus(rounded))
    width = up.divide(up.subtract(high, low), low)
    if width <= _CLOSE:
        return Interval(below, up.add(above, width))
    rounded = up.ln(high)
    return Interval(below, rounded if high == 1 else up.next_plus(rounded))


@lru_cache(maxsize=64)
def _contexts(digits: int) -> tuple[decimal.Context, decimal.Context]:
    traps = [decimal.Overflow, decimal.InvalidOperation, decimal.DivisionByZero]
    limits = {"prec": digits, "Emax": 999_999, "Emin": -999_999, "traps": traps}
    return (
        decimal.Context(rounding=decimal.ROUND_FLOOR, **limits),  # type: ignore[arg-type]
        decimal.Context(rounding=decimal.ROUND_CEILING, **limits),  # type: ignore[arg-type]
    )


class _Evaluator:
    def __init__(self, values: Point, digits: int) -> None:
        self.values, self.digits = values, digits
        self.down, self.up = _contexts(digits)

    def value(self, node: Expression) -> Value:
        match node:
            case Number(value):
                return value
            case Symbol() | Probability():
                return self.values[node]
            case Negation(operand):
                return self.negated(self.value(operand))
            case Sum(terms):
                total = self.value(terms[0])
                for term in terms[1:]:
                    total = self.add(total, self.value(term))
                return total
            case Product(factors):
                total = self.value(factors[0])
                for factor in factors[1:]:
                    total = self.multiply(total, self.value(factor))
                return total
            case Quotient(numerator, denominator):
                return self.divide(self.value(numerator), self.value(denominator))
            case Power(base, exponent):
                return self.power(self.value(base), self.value(exponent))
            case Logarithm(Exponential(argument), None):
                return self.value(argument)  # exactly, and also where the exponential would be too large to write
            case Exponential(Logarithm(argument, None)):
                return self.with_logarithm(self.value(argument))
            case Logarithm(argument, None):
                return self.log(self.value(argument))
            case Logarithm(argument, base) if base is not None:
                return self.divide(self.log(self.value(argument)), self.log(self.value(base)))
            case Exponential(argument):
                return self.exp(self.value(argument))
            case AbsoluteValue(argument):
                return self.absolute(self.value(argument))
            case Extremum(which, arguments):
                return self.extremum(which, [self.value(argument) for argument in arguments])
        raise TypeError(f"not an expression: {node!r}")

    def interval(self, value: Value) -> Interval:
        if isinstance(value, Interval):
            return value
        top, bottom = Decimal(value.numerator), Decimal(value.denominator)
        return Interval(self.down.divide(top, bottom), self.up.divide(top, bottom))

    def exact(self, value: Fraction) -> Value:
        """The value, unless it is so long that bounds are cheaper."""
        if value.numerator.bit_length() > MAX_BITS or value.denominator.bit_length() > MAX_BITS:
            return self.interval(value)
        return value

    def add(self, left: Value, right: Value) -> Value:
        if isinstance(left, Fraction) and isinstance(right, Fraction):
            return self.exact(left + right)
        a, b = self.interval(left), self.interval(right)
        return Interval(self.down.add(a.low, b.low), self.up.add(a.high, b.high))

    def negated(self, value: Value) -> Value:
        return -value if isinstance(value, Fraction) else Interval(value.high.copy_negate(), value.low.copy_negate())

    def multiply(self, left: Value, right: Value) -> Value:
        if isinstance(left, Fraction) and isinstance(right, Fraction):
            return self.exact(left * right)
        if left == 0 or right == 0:
            return Fraction(0)
        a, b = self.interval(left), self.interval(right)
        pairs = [(x, y) for x in a for y in b]
        return Interval(min(self.down.multiply(x, y) for x, y in pairs), max(self.up.multiply(x, y) for x, y in pairs))

    def divide(self, left: Value, right: Value) -> Value:
        if right == 0:
            raise Undefined("division", isolated=True)
        if isinstance(left, Fraction) and isinstance(right, Fraction):
            return self.exact(left / right)
        b = self.interval(right)
        if b.low <= 0 <= b.high:
            raise Undecided("a divisor close to zero")
        if left == 0:
            return Fraction(0)
        pairs = [(x, y) for x in self.interval(left) for y in b]
        return Interval(min(self.down.divide(x, y) for x, y in pairs), max(self.up.divide(x, y) for x, y in pairs))

    def sign(self, value: Value) -> int:
        """1, 0 (exactly zero) or −1."""
        if isinstance(value, Fraction):
            return (value > 0) - (value < 0)
        if value.low > 0:
            return 1
        if value.high < 0:
            return -1
        raise Undecided("a sign")

    def log(self, value: Value) -> Value:
        sign = self.sign(value)
        if sign <= 0:
            raise Undefined("logarithm", isolated=sign == 0)
        if value == 1:
            return Fraction(0)
        if isinstance(value, Fraction):
            return _log(value, self.digits)
        return _log_between(self.down, self.up, value.low, value.high)

    def with_logarithm(self, value: Value) -> Value:
        """The value, if it has a logarithm; raises what that raises."""
        if self.sign(value) <= 0:
            self.log(value)
        return value

    def exp(self, value: Value) -> Value:
        if value == 0:
            return Fraction(1)
        bounds = self.interval(value)
        if bounds.high < -TINY:
            return Interval(Decimal(0), Decimal(f"1E-{MAX_MAGNITUDE}"))
        if max(bounds.low.adjusted(), bounds.high.adjusted()) > 5:
            certain = bounds.low > 0 and bounds.low.adjusted() > 5
            raise (OutOfRange if certain else Undecided)("a number is too large or too small")
        low = self.down.next_minus(self.down.exp(bounds.low))
        return Interval(max(low, Decimal(0)), self.up.next_plus(self.up.exp(bounds.high)))

    def power(self, base: Value, exponent: Value) -> Value:
        if isinstance(exponent, Fraction) and exponent.denominator == 1:
            return self.whole_power(base, exponent.numerator)
        sign = self.sign(base)
        if sign < 0:
            if (
                isinstance(exponent, Interval)
                and exponent.low.to_integral_value(decimal.ROUND_CEILING) <= exponent.high
            ):
                raise Undecided("whether an exponent is whole")
            raise Undefined("root")
        if sign == 0:
            if self.sign(exponent) > 0:
                return Fraction(0)
            raise Undefined("division", isolated=True)
        return self.exp(self.multiply(exponent, self.log(base)))

    def whole_power(self, base: Value, exponent: int) -> Value:
        if exponent < 0:
            return self.divide(Fraction(1), self.whole_power(base, -exponent))
        if exponent == 0:
            return Fraction(1)
        if isinstance(base, Fraction):
            bits = max(base.numerator.bit_length(), base.denominator.bit_length())
            if abs(base) in (0, 1) or bits * exponent <= MAX_BITS:
                return Fraction(base**exponent)
        if isinstance(base, Interval) and base.low == 0 < base.high:
            return Interval(base.low, self.interval(self.whole_power(Interval(base.high, base.high), exponent)).high)
        if self.sign(base) > 0:
            return self.exp(self.multiply(Fraction(exponent), self.log(base)))
        size = self.exp(self.multiply(Fraction(exponent), self.log(self.negated(base))))
        return self.negated(size) if exponent % 2 else size

    def absolute(self, value: Value) -> Value:
        if isinstance(value, Fraction):
            return abs(value)
        if value.low >= 0:
            return value
        if value.high <= 0:
            return self.negated(value)
        return Interval(Decimal(0), max(value.low.copy_negate(), value.high))

    def extremum(self, which: str, values: list[Value]) -> Value:
        pick = min if which == "min" else max
        rationals = [value for value in values if isinstance(value, Fraction)]
        if len(rationals) == len(values):
            return pick(rationals)
        bounds = [self.interval(value) for value in values]
        return Interval(pick(b.low for b in bounds), pick(b.high for b in bounds))


def round_half_away(value: Fraction, places: int) -> str:
    """The decimal text of a rational number, half away from zero.

    >>> round_half_away(Fraction(-5, 2), 0), round_half_away(Fraction(1, 3), 2), round_half_away(Fraction(-1, 999), 2)
    ('-3', '0.33', '0.00')
    """
    above, below = value.as_integer_ratio()
    whole = (2 * abs(above) * 10**places + below) // (2 * below)
    return decimal_text(whole if above > 0 else -whole, places)


def decimal_text(whole: int, places: int) -> str:
    """The decimal text of so many units of the last of some places.

    >>> decimal_text(-25, 1), decimal_text(5, 2), decimal_text(-7, 0)
    ('-2.5', '0.05', '-7')
    """
    digits = str(abs(whole)).zfill(places + 1)
    shown = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{shown}" if whole < 0 else shown
