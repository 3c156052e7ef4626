"""Exact numbers that stand in front of terms: a rational times powers of constants such as ln 2 or √2.

Two of them are compared by their parts. That is exact because every part is irreducible: a prime, the logarithm of a
prime, or a sum of such logarithms (ln 10 is ln 2 + ln 5).
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from grading.canonical import Builder
from grading.expressions import Logarithm, rational
from grading.parsing.language import Language
from grading.polynomials import ONE as ONE_POLYNOMIAL
from grading.polynomials import Fuel, OutOfFuel, Polynomial, Rational, content, exact, power, text

Unit = tuple[tuple[str, Rational], ...]
"""(constant, exponent) in the order of the constants' texts."""


class Coefficient(NamedTuple):
    """value · ∏ constant^exponent."""

    value: Rational
    unit: Unit = ()

    def __str__(self) -> str:
        return _text(self)


ONE = Coefficient(1)


def coefficient(numerator: Polynomial, denominator: Polynomial = ONE_POLYNOMIAL) -> Coefficient | None:
    """The quotient of two polynomials of constants; None where it is not known to be in lowest terms.

    >>> str(coefficient({(): Fraction(1, 2)}))
    '1/2'
    """
    if len(numerator) == 1 and denominator == ONE_POLYNOMIAL and () in numerator:
        number = numerator[()]
        return ONE if number == 1 else Coefficient(number)
    above, below = _parts(numerator), _parts(denominator)
    if not below[2] or (not above[2] and below[1]):
        return None
    exponents: dict[str, Rational] = dict(above[1])
    for constant, exponent in below[1].items():
        exponents[constant] = exponents.get(constant, 0) - exponent
    return _reduced(_divided(above[0], below[0]), exponents)


def _parts(polynomial: Polynomial) -> tuple[Rational, dict[str, Rational], bool]:
    """(number, {constant: exponent}, whether no constant can be taken apart any further)."""
    number, monomial, rest = content(polynomial)
    exponents: dict[str, Rational] = {str(generator): exponent for generator, exponent in monomial}
    if shared := set.intersection(*(set(m) for m in rest)):  # a root in front of all, such as √2·(ln 2 + ln 5)
        exponents.update((str(generator), exponent) for generator, exponent in shared)
        rest = {tuple([pair for pair in m if pair not in shared]): c for m, c in rest.items()}
    if rest == ONE_POLYNOMIAL:
        return number, exponents, True
    degree = max(sum(e for _, e in m) for m in rest)
    root = rest if degree == 1 else _root(rest, int(degree)) if degree in (2, 3, 4, 5, 6) else None
    exponents[text(rest if root is None else root)] = 1 if root is None else int(degree)
    return number, exponents, root is not None and all(e == 1 for m in root for _, e in m)


def _root(polynomial: Polynomial, degree: int) -> Polynomial | None:
    """ln 2 + ln 5 of (ln 2 + ln 5)², which stands below a product of decimal logarithms."""
    root: Polynomial = {}
    for monomial, number in polynomial.items():
        if len(monomial) == 1 and monomial[0][1] == degree:
            base = round(number ** (1 / degree)) if 0 < number < 2**50 else 0
            root[((monomial[0][0], 1),)] = base
    try:
        return root if root and power(root, degree, Fuel()) == polynomial else None
    except OutOfFuel:
        return None


def _divided(above: Rational, below: Rational) -> Rational:
    return above if below == 1 else exact(Fraction(above) / below)


def times(left: Coefficient, right: Coefficient) -> Coefficient:
    if left is ONE or right is ONE:
        return right if left is ONE else left
    if not left.unit and not right.unit:
        return Coefficient(exact(left.value * right.value))
    exponents = dict(left.unit)
    for constant, exponent in right.unit:
        exponents[constant] = exponents.get(constant, 0) + exponent
    return _reduced(left.value * right.value, exponents)


def scaled(factor: Coefficient, number: Rational) -> Coefficient:
    """The factor times a rational number."""
    if number == 1:
        return factor
    return Coefficient(number if factor is ONE else exact(factor.value * number), factor.unit)


def _reduced(value: Rational, exponents: dict[str, Rational]) -> Coefficient:
    """One way to write it: whole powers of a number (√2·√2) belong to the value."""
    unit: list[tuple[str, Rational]] = []
    for constant in sorted(exponents):
        exponent = exact(exponents[constant])
        if constant.isdigit():
            whole = math.floor(exponent)
            value, exponent = value * Fraction(int(constant)) ** whole, exact(exponent - whole)
        if exponent:
            unit.append((constant, exponent))
    return Coefficient(exact(value), tuple(unit))


def over(left: Coefficient, right: Coefficient) -> Coefficient:
    """The quotient; the right one is not zero."""
    if left is right or left == right:
        return ONE
    if right is ONE:
        return left
    return times(left, _reduced(_divided(1, right.value), {constant: -e for constant, e in right.unit}))


@lru_cache(maxsize=256)
def log_of(number: int) -> Coefficient:
    """ln number, for a whole number above 1.

    >>> str(log_of(4)), str(log_of(10))
    ('2·ln 2', 'ln 10')
    """
    found = coefficient(Builder(Language()).form(Logarithm(rational(number))).numerator)
    assert found is not None, "a logarithm of a whole number is a sum of logarithms of primes"
    return found


def base_of(factor: Coefficient) -> str | None:
    """Which base a factor 1/ln b of a logarithm means: ``2``, ``10``, ``e`` for none; None for another factor.

    >>> base_of(over(ONE, log_of(10))), base_of(ONE), base_of(log_of(2))
    ('10', 'e', None)
    """
    if not factor.unit:
        return "e"
    if len(factor.unit) > 1 or factor.unit[0][1] != -1:
        return None
    number = _number_of(factor.unit[0][0])
    return None if number is None else str(number)


def without_base(factor: Coefficient) -> Coefficient:
    return Coefficient(factor.value)


_LOG = re.compile(r"(?:(\d+)·)?ln (\d+)")


def _number_of(constant: str) -> int | None:
    """What a sum of logarithms of whole numbers is the logarithm of: ``ln 2 + ln 5`` of 10."""
    found = [_LOG.fullmatch(piece) for piece in constant.split(" + ")]
    if None in found or sum(int(piece[1] or 1) for piece in found if piece) > 64:
        return None
    number = 1
    for piece in found:
        number *= int(piece[2]) ** int(piece[1] or 1) if piece else 1
    return number


def _text(factor: Coefficient) -> str:
    above = [_power_text(constant, e) for constant, e in factor.unit if e > 0]
    below = [_power_text(constant, -e) for constant, e in factor.unit if e < 0]
    if abs(factor.value.numerator) != 1 or not above:
        above.insert(0, str(abs(factor.value.numerator)))
    if factor.value.denominator != 1:
        below.insert(0, str(factor.value.denominator))
    sign = "-" if factor.value < 0 else ""
    line = f"({'·'.join(below)})" if len(below) > 1 else "".join(below)
    return f"{sign}{'·'.join(above)}/{line}" if below else f"{sign}{'·'.join(above)}"


def _power_text(constant: str, exponent: Rational) -> str:
    number = _number_of(constant)
    shown = f"ln {number}" if number is not None else "e" if constant == "exp(1)" else constant
    if exponent == 1:
        return f"({shown})" if " + " in shown else shown
    if exponent == Fraction(1, 2):
        return f"√{shown}" if shown.isdigit() else f"√({shown})"
    above = str(exponent) if exponent.denominator == 1 else f"({exponent})"
    return f"{shown}^{above}" if shown.isalnum() else f"({shown})^{above}"
