"""Bounds of polynomials over generators, on boxes of their atoms: rational numbers or infinite, rounded outwards."""

from __future__ import annotations

import decimal
import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from grading.polynomials import Generator, Polynomial, Rational

MOST_BITS = 400  # of a bound
DIGITS = (30, 150)
INFINITY = math.inf

Bound = Rational | float
Interval = tuple[Bound, Bound]
Box = Mapping[Generator, Interval]

DOMAINS: dict[str, Interval] = {
    "unit": (0, 1),
    "positive": (0, INFINITY),
    "negative": (-INFINITY, 0),
    "real": (-INFINITY, INFINITY),
}


class NoBound(ArithmeticError):
    """There is no limit, or nothing is known of it."""


# --- arithmetic of bounds


def plus(a: Bound, b: Bound) -> Bound:
    if isinstance(a, float) or isinstance(b, float):
        if isinstance(a, float) and isinstance(b, float) and a != b:
            raise NoBound
        return a if isinstance(a, float) else b
    return a + b


def times(a: Bound, b: Bound) -> Bound:
    if not a or not b:
        return 0
    if isinstance(a, float) or isinstance(b, float):
        return INFINITY if (a > 0) == (b > 0) else -INFINITY
    return a * b


def _size(bounds: Interval) -> Interval:
    """Bounds of the absolute value."""
    low, high = bounds
    if low >= 0:
        return bounds
    if high <= 0:
        return -high, -low
    return 0, high if plus(low, high) >= 0 else -low


def _rounded(value: Bound, upwards: bool) -> Bound:
    """The bound with fewer digits, further outside."""
    if isinstance(value, float) or value.numerator.bit_length() + value.denominator.bit_length() <= MOST_BITS:
        return value
    shift = MOST_BITS // 2 - value.numerator.bit_length() + value.denominator.bit_length()
    above, below = (value.numerator << max(shift, 0), value.denominator << max(-shift, 0))
    whole = -(-above // below) if upwards else above // below
    return whole * Fraction(2) ** -shift


def _outwards(low: Bound, high: Bound) -> Interval:
    """Both bounds rounded; one object where they are one and exact, as at a point: then half of the work is spared."""
    below = _rounded(low, False)
    return below, below if low is high and below is low else _rounded(high, True)


@lru_cache(maxsize=8)
def _contexts(digits: int) -> tuple[decimal.Context, decimal.Context]:
    limits = {"prec": digits, "Emax": 999_999, "Emin": -999_999}
    return (
        decimal.Context(rounding=decimal.ROUND_FLOOR, **limits),  # type: ignore[arg-type]
        decimal.Context(rounding=decimal.ROUND_CEILING, **limits),  # type: ignore[arg-type]
    )


@lru_cache(maxsize=4096)
def _log(value: Bound, upwards: bool, digits: int) -> Bound:
    if value <= 0 or value == INFINITY:
        return -INFINITY if value <= 0 else INFINITY
    if value == 1 or isinstance(value, float):
        return 0
    context = _contexts(digits)[upwards]
    found = context.ln(context.divide(Decimal(value.numerator), Decimal(value.denominator)))
    if not found:  # what is rounded downwards to 1 is at least 1, and so is its logarithm at least 0
        return 0
    return Fraction(context.next_plus(found) if upwards else context.next_minus(found))


@lru_cache(maxsize=4096)
def _exp(value: Bound, upwards: bool, digits: int) -> Bound:
    if value == 0:
        return 1
    if isinstance(value, float) or not -2_000 <= value <= 2_000:
        if value > 0:
            return INFINITY if upwards or value == INFINITY else 10**800
        return Fraction(1, 10**800) if upwards and value != -INFINITY else 0
    context = _contexts(digits)[upwards]
    found = context.exp(context.divide(Decimal(value.numerator), Decimal(value.denominator)))
    return Fraction(context.next_plus(found) if upwards else context.next_minus(found))


def _root(value: Bound, exponent: Fraction, upwards: bool, digits: int) -> Bound:
    """A bound of a non-negative number to a positive exponent."""
    if value in (0, 1, INFINITY):
        return value
    scaled = times(exponent, _log(value, upwards, digits))
    return _exp(_rounded(scaled, upwards), upwards, digits)


MOST_TERMS = 200


class Ranges:
    """Bounds of polynomials over one box.

    limits: whether some atoms are fixed at ends of the domain, where a value is a limit: zero times infinity is none.
    """

    def __init__(self, box: Box, digits: int = DIGITS[0], limits: bool = False) -> None:
        self.box, self.digits, self.limits = box, digits, limits
        self._known: dict[Generator, Interval] = {}
        self._terms = 0

    def of(self, polynomial: Polynomial) -> Interval:
        """Bounds; raises NoBound, also for what has too many terms, all that stand inside others counted."""
        self._terms += len(polynomial)
        if self._terms > MOST_TERMS:
            raise NoBound
        low: Bound = 0
        high: Bound = 0
        for monomial, coefficient in polynomial.items():
            part: Interval = (coefficient, coefficient)
            for generator, exponent in monomial:
                part = self.product(part, self.power(self.generator(generator), generator, exponent))
            if low is high and part[0] is part[1]:
                low = high = plus(low, part[0])
            else:
                low, high = plus(low, part[0]), plus(high, part[1])
        return _outwards(low, high)

    def product(self, a: Interval, b: Interval) -> Interval:
        if self.limits and any(
            x[0] <= 0 <= x[1] and (isinstance(y[0], float) or isinstance(y[1], float)) for x, y in ((a, b), (b, a))
        ):
            raise NoBound
        if a[0] is a[1] and b[0] is b[1]:
            return _outwards(value := times(a[0], b[0]), value)
        values = [times(x, y) for x in a for y in b]
        return _outwards(min(values), max(values))

    def generator(self, generator: Generator) -> Interval:
        """Bounds of a generator; of a root, of what stands under it."""
        if generator not in self._known:
            self._known[generator] = self._of_generator(generator)
        return self._known[generator]

    def _of_generator(self, generator: Generator) -> Interval:
        low, high = DOMAINS[generator.range]
        if generator.kind == "atom":
            return self.box.get(generator, (low, high))
        if not isinstance(generator.content, dict):
            return low, high
        inner = self.of(generator.content)
        if generator.kind == "log":
            inner = _size(inner)
            inner = _log(inner[0], False, self.digits), _log(inner[1], True, self.digits)
        elif generator.kind == "exp":
            inner = _exp(inner[0], False, self.digits), _exp(inner[1], True, self.digits)
        return max(low, inner[0]), min(high, inner[1])

    def power(self, base: Interval, generator: Generator, exponent: Rational) -> Interval:
        if exponent == 1:
            return base
        low, high = base
        if low > high:
            raise NoBound
        if exponent < 0:
            low, high = self.inverse(base, generator)
            exponent = -exponent
        if exponent.numerator > 100 or exponent.denominator > 100:
            raise NoBound
        if exponent.denominator != 1:
            part = Fraction(exponent)
            return _root(max(low, 0), part, False, self.digits), _root(max(high, 0), part, True, self.digits)
        if low is high:
            return _outwards(value := self.whole_power(low, int(exponent)), value)
        ends = [self.whole_power(low, int(exponent)), self.whole_power(high, int(exponent))]
        if exponent % 2 == 0 and low < 0 < high:
            ends.append(0)
        return _outwards(min(ends), max(ends))

    def whole_power(self, value: Bound, exponent: int) -> Bound:
        if isinstance(value, float):
            return INFINITY if value > 0 or exponent % 2 == 0 else -INFINITY
        return Fraction(value**exponent)

    def inverse(self, base: Interval, generator: Generator) -> Interval:
        low, high = base
        if low < 0 < high or (generator.range == "real" and low <= 0 <= high):
            raise NoBound
        if generator.range == "negative":
            return self.reciprocal(high, -INFINITY), self.reciprocal(low, -INFINITY)
        return self.reciprocal(high, INFINITY), self.reciprocal(low, INFINITY)

    def reciprocal(self, value: Bound, of_zero: float) -> Bound:
        if isinstance(value, float):
            return 0
        return Fraction(1) / value if value else of_zero


def bounds(polynomial: Polynomial, ranges: Ranges) -> Interval:
    """Bounds of a polynomial, infinite where nothing is known."""
    try:
        return ranges.of(polynomial)
    except NoBound:
        return -INFINITY, INFINITY
