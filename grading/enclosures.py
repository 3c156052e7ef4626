"""Bounds of expressions at fixed points, quickly: the common way to a point at which two formulas differ.

Like `grading.witness` it shares nothing with the normal form. Values are whole numbers of 2^-SCALE, every step rounds
outwards, and the bounds of logarithms are kept, because the same ones come again and again. Whatever is not plain here
(a value that is missing, too large, or known too loosely) has no bounds, and `grading.witness` takes over with more
digits.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from grading.atoms import identify, name_of
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
    comes_again,
    is_small,
)
from grading.fixedpoint import SCALE, exponential, logarithm
from grading.keys import Assumption
from grading.parsing.language import Language

ONE = 1 << SCALE
LARGEST = 1 << (SCALE + 200)
SMALLEST = 1 << 32
"""A divisor or the argument of a logarithm that is closer to zero is known too loosely."""
MAX_POWER = 64
MOST_KEPT = 20_000

Bounds = tuple[int, int]

_PRIMES = (
    53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173,
    179, 181, 191, 193, 197, 199,
)  # fmt: skip


class NoBounds(ArithmeticError):
    """There are no plain bounds."""


@lru_cache(maxsize=16384)
def coordinate(leaf: Symbol | Probability, assumption: Assumption, trial: int) -> Fraction:
    """The value of an atom at the point number `trial`, inside the domain of its assumption.

    It depends on the atom alone, so that whatever was computed for one answer holds for every other.

    The first point has short decimals, which people can check on a calculator; the others are less regular.

    >>> [str(coordinate(Symbol("p_2"), "probability", trial)) for trial in range(3)]
    ['47/50', '50/67', '44/73']
    """
    mixed = zlib.crc32(f"{trial} {name_of(leaf)}".encode("utf-8", "surrogatepass"))
    prime = 100 if trial == 0 else _PRIMES[mixed % len(_PRIMES)]
    share = Fraction(1 + (mixed >> 8) % (prime - 1), prime)
    if assumption == "positive":
        return share if trial % 2 else share + (mixed >> 16) % 7
    if assumption == "real":
        return (share + (mixed >> 16) % 5) * (-1 if mixed >> 24 & 1 else 1)
    return share


def assumed(leaf: Symbol | Probability, language: Language, assumption: Assumption) -> Assumption:
    """What is assumed of an atom. assumption: of symbols that the language does not declare."""
    return language.assumptions.get(leaf.name, assumption) if isinstance(leaf, Symbol) else "probability"


class Enclosures:
    """Bounds at one point, for all expressions of one language."""

    def __init__(self, language: Language, assumption: Assumption, trial: int) -> None:
        self.language, self.assumption, self.trial = language, assumption, trial
        self._kept: dict[Expression, Bounds] = {}

    def bounds(self, expression: Expression) -> Bounds | None:
        """Bounds in units of 2^-SCALE, or None.

        >>> low, high = Enclosures(Language(any_name=True), "probability", 0).bounds(Logarithm(Symbol("p_2")))
        >>> high - low < 10, round(low / 2**SCALE, 6)
        (True, -0.061875)
        """
        try:
            return self.of(expression)
        except NoBounds:
            return None

    def value(self, leaf: Symbol | Probability) -> Fraction:
        """The value of an atom at this point."""
        return coordinate(leaf, assumed(leaf, self.language, self.assumption), self.trial)

    def of(self, node: Expression) -> Bounds:
        return RULES[type(node)](self, node)

    def leaf(self, node: Symbol | Probability) -> Bounds:
        found = self._kept.get(node)
        if found is None:
            meant = identify(node, self.language)
            found = bounds_of(self.value(meant)) if isinstance(meant, Symbol | Probability) else self.of(meant)
            self.keep(node, found)
        return found

    def keep(self, node: Expression, bounds: Bounds) -> None:
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[node] = bounds

    def number(self, node: Number) -> Bounds:
        return bounds_of(node.value)

    def negation(self, node: Negation) -> Bounds:
        low, high = self.of(node.operand)
        return -high, -low

    def sum(self, node: Sum) -> Bounds:
        low = high = 0
        for term in node.terms:
            if type(term) is Negation:
                b, a = self.term(term.operand)
                low -= a
                high -= b
            else:
                a, b = self.term(term)
                low += a
                high += b
        return low, high

    def term(self, node: Expression) -> Bounds:
        """Bounds of a term of a sum; terms come again and again."""
        kind = type(node)
        if not comes_again(node):
            return RULES[kind](self, node)
        if (kept := self._kept.get(node)) is not None:
            return kept
        found = RULES[kind](self, node)
        if is_small(node):
            self.keep(node, found)
        return found

    def product(self, node: Product) -> Bounds:
        result = ONE, ONE
        for factor in node.factors:
            if type(factor) is Number:
                result = scaled(result, factor.value)
            else:
                bounds = RULES[type(factor)](self, factor)
                result = bounds if result == (ONE, ONE) else multiplied(result, bounds)
        return result

    def quotient(self, node: Quotient) -> Bounds:
        return divided(self.of(node.numerator), self.of(node.denominator))

    def power(self, node: Power) -> Bounds:
        exponent = node.exponent
        negative = isinstance(exponent, Negation)
        plain = exponent.operand if isinstance(exponent, Negation) else exponent
        if isinstance(plain, Number) and plain.value.denominator == 1:
            times = plain.value.numerator
            if not 0 <= times <= MAX_POWER:
                raise NoBounds
            return raised(self.of(node.base), times, negative)
        return exponential_of(multiplied(self.of(exponent), logarithm_of(self.of(node.base))))

    def logarithm(self, node: Logarithm) -> Bounds:
        if (kept := self._kept.get(node)) is not None:
            return kept
        found = logarithm_of(self.of(node.argument))
        if node.base is not None:
            found = divided(found, logarithm_of(self.of(node.base)))
        if is_small(node):
            self.keep(node, found)
        return found

    def exponential(self, node: Exponential) -> Bounds:
        return exponential_of(self.of(node.argument))

    def absolute_value(self, node: AbsoluteValue) -> Bounds:
        low, high = self.of(node.argument)
        if low >= 0:
            return low, high
        return (-high, -low) if high <= 0 else (0, max(-low, high))

    def extremum(self, node: Extremum) -> Bounds:
        pick = min if node.which == "min" else max
        bounds = [self.of(argument) for argument in node.arguments]
        return pick(low for low, _ in bounds), pick(high for _, high in bounds)


RULES: dict[type, Callable[[Enclosures, Any], Bounds]] = {
    Number: Enclosures.number,
    Symbol: Enclosures.leaf,
    Probability: Enclosures.leaf,
    Negation: Enclosures.negation,
    Sum: Enclosures.sum,
    Product: Enclosures.product,
    Quotient: Enclosures.quotient,
    Power: Enclosures.power,
    Logarithm: Enclosures.logarithm,
    Exponential: Enclosures.exponential,
    AbsoluteValue: Enclosures.absolute_value,
    Extremum: Enclosures.extremum,
}


def bounds_of(value: Fraction) -> Bounds:
    """The bounds of a rational number."""
    top, bottom = value.as_integer_ratio()
    if abs(top) > bottom << 200:
        raise NoBounds
    top <<= SCALE
    return (top, top) if bottom == 1 else (top // bottom, -(-top // bottom))


def scaled(a: Bounds, factor: Fraction) -> Bounds:
    above, below = factor.as_integer_ratio()
    if above < 0:
        a, above = (-a[1], -a[0]), -above
    if above > below << 200:
        raise NoBounds
    low, high = a[0] * above // below, -(-a[1] * above // below)
    if high > LARGEST or low < -LARGEST:
        raise NoBounds
    return low, high


def multiplied(a: Bounds, b: Bounds) -> Bounds:
    a0, a1 = a
    b0, b1 = b
    if a0 >= 0 and b0 >= 0:
        low, high = a0 * b0, a1 * b1
    else:
        products = (a0 * b0, a0 * b1, a1 * b0, a1 * b1)
        low, high = min(products), max(products)
    low, high = low >> SCALE, -(-high >> SCALE)
    if high > LARGEST or low < -LARGEST:
        raise NoBounds
    return low, high


def raised(a: Bounds, times: int, negative: bool = False) -> Bounds:
    """Bounds of a whole power. negative: of one below it."""
    result = ONE, ONE
    for bit in bin(times)[2:]:
        result = multiplied(result, result)
        if bit == "1":
            result = multiplied(result, a)
    return divided((ONE, ONE), result) if negative else result


def divided(a: Bounds, b: Bounds) -> Bounds:
    if b[0] < SMALLEST:
        if b[1] > -SMALLEST:
            raise NoBounds
        a, b = (-a[1], -a[0]), (-b[1], -b[0])
    low = (a[0] << SCALE) // (b[1] if a[0] >= 0 else b[0])
    high = -((-a[1] << SCALE) // (b[0] if a[1] >= 0 else b[1]))
    if high > LARGEST or low < -LARGEST:
        raise NoBounds
    return low, high


def logarithm_of(a: Bounds) -> Bounds:
    low, high = a
    if low < SMALLEST:
        raise NoBounds
    below, above = logarithm(low)
    return below, above - (-((high - low) << SCALE) // low)  # log(high) ≤ log(low) + (high − low)/low


_NARROW = 1 << 16
"""Units between two bounds up to which one exponential bounds both."""


def exponential_of(a: Bounds) -> Bounds:
    if max(-a[0], a[1]) > 100 << SCALE:
        raise NoBounds
    low, high = exponential(a[0])
    width = a[1] - a[0]
    if width > _NARROW:
        return low, exponential(a[1])[1]
    return low, high + (high * width >> SCALE - 1) + 1  # e^w ≤ 1 + 2w for 0 ≤ w ≤ 1
