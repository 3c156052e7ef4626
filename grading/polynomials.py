"""Sparse polynomials with exact coefficients over named generators: the arithmetic of the normal form.

A generator is an atom, the logarithm of an irreducible factor, an exponential or a root. Exponents are integers, or
rationals where the generator is positive. Every operation is paid for from a deterministic `Fuel`, so that what is
decided does not depend on how busy a machine is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import product as cartesian
from typing import Any, Literal

Range = Literal["unit", "positive", "negative", "real"]
Rational = int | Fraction

MAX_TERMS = 1_000
MAX_BITS = 8_192
MAX_EXPONENT_BITS = 256


class OutOfFuel(Exception):
    """A limit was reached; what was asked stays undecided. The message says which."""


class UndefinedEverywhere(Exception):
    """The expression has no value at any point, such as the logarithm of a negative number."""


class Fuel:
    """The steps that one decision may take."""

    def __init__(self, steps: int = 60_000) -> None:
        self.steps = steps

    def spend(self, steps: int) -> None:
        """Pays for so many multiplications of terms; raises OutOfFuel."""
        self.steps -= steps
        if self.steps < 0:
            raise OutOfFuel("the formulas are too large when multiplied out")


class Generator(str):
    """An independent unknown. Its text is its identity.

    range: where its values lie: ``unit`` is (0, 1). content: what it is made of: the factor inside a logarithm or root,
    the exponent inside an exponential. reduces: whether exponents of 1 and more are carried out (roots).
    """

    __slots__ = ("content", "kind", "range", "reduces")
    kind: str
    range: Range
    content: Any
    reduces: bool

    def __new__(cls, text: str, kind: str, range_: Range, content: Any = None) -> Generator:
        self = super().__new__(cls, text)
        self.kind, self.range, self.content = kind, range_, content
        self.reduces = kind in ("root", "prime")
        return self


Monomial = tuple[tuple[Generator, Rational], ...]
Polynomial = dict[Monomial, Rational]

ONE: Polynomial = {(): 1}


def exact(value: Rational) -> Rational:
    """An integer where it is one: integers are much faster than fractions."""
    return value if type(value) is int or value.denominator != 1 else value.numerator


def checked(value: Rational) -> Rational:
    """The coefficient, if its size is within the limit."""
    if value.numerator.bit_length() > MAX_BITS or value.denominator.bit_length() > MAX_BITS:
        raise OutOfFuel("a number in the formula grows too large")
    return exact(value)


def reciprocal(value: Rational) -> Rational:
    """1 divided by the value."""
    if type(value) is int:
        return value if value == 1 else Fraction(1, value)
    return exact(Fraction(value.denominator, value.numerator))


def constant(value: Rational) -> Polynomial:
    return {(): exact(value)} if value else {}


def variable(generator: Generator, exponent: Rational = 1) -> Polynomial:
    return {((generator, exponent),): 1}


def add(left: Polynomial, right: Polynomial, fuel: Fuel) -> Polynomial:
    result = dict(left)
    add_into(result, right, fuel)
    return result


def add_into(total: Polynomial, other: Polynomial, fuel: Fuel) -> None:
    """Adds the other polynomial to the first, in place."""
    fuel.spend(len(other))
    for monomial, coefficient in other.items():
        if monomial not in total:
            total[monomial] = coefficient
        elif summed := total[monomial] + coefficient:
            total[monomial] = exact(summed)
        else:
            del total[monomial]
    if len(total) > MAX_TERMS:
        raise OutOfFuel("the formula has too many terms")


def add_all(polynomials: Sequence[Polynomial], signs: Sequence[int], fuel: Fuel) -> Polynomial:
    """The sum of all, each with its sign. Fractions are added over common denominators and reduced once, at the end."""
    total: dict[Monomial, tuple[int, int]] = {}
    for polynomial, sign_ in zip(polynomials, signs, strict=True):
        fuel.spend(len(polynomial))
        for monomial, coefficient in polynomial.items():
            above, below = (coefficient, 1) if type(coefficient) is int else coefficient.as_integer_ratio()
            above *= sign_
            if monomial in total:
                n, d = total[monomial]
                if d == below:
                    above += n
                else:
                    above, below = above * d + n * below, below * d
                    if below.bit_length() > MAX_BITS:
                        above, below = checked(Fraction(above, below)).as_integer_ratio()
            total[monomial] = above, below
        if len(total) > MAX_TERMS:
            raise OutOfFuel("the formula has too many terms")
    return {m: n if d == 1 else checked(Fraction(n, d)) for m, (n, d) in total.items() if n}


def scale(polynomial: Polynomial, factor: Rational) -> Polynomial:
    if type(factor) is int:
        if factor == 1:
            return polynomial
        if factor == 0:
            return {}
    return {m: factor if type(c) is int and c == 1 else checked(c * factor) for m, c in polynomial.items()}


def merge(left: Monomial, right: Monomial) -> tuple[Monomial, list[tuple[Generator, int]]]:
    """The product of two monomials, and the powers of roots that have to be carried out."""
    if not left or not right:
        return left or right, []
    exponents = dict(left)
    carried = []
    for generator, exponent in right:
        if generator in exponents:
            total = exact(exponents[generator] + exponent)
            if generator.reduces and not 0 <= total < 1:
                carried.append((generator, math.floor(total)))
                total = exact(total - math.floor(total))
            if total:
                if total.numerator.bit_length() > MAX_EXPONENT_BITS:
                    raise OutOfFuel("an exponent grows too large")
                exponents[generator] = total
            else:
                del exponents[generator]
        else:
            exponents[generator] = exponent
    return tuple(sorted(exponents.items())), carried


def multiply(left: Polynomial, right: Polynomial, fuel: Fuel) -> Polynomial:
    """The product; powers of roots that reach 1 are replaced by what is under the root."""
    if left is ONE or left == ONE:
        return right
    if right is ONE or right == ONE:
        return left
    fuel.spend(len(left) * len(right))
    result: Polynomial = {}
    for m1, c1 in left.items():
        for m2, c2 in right.items():
            monomial, carried = merge(m1, m2)
            coefficient = checked(c1 * c2)
            if carried:
                part = {monomial: coefficient}
                for generator, exponent in carried:
                    part = multiply(part, power(generator.content, exponent, fuel), fuel)
                result = add(result, part, fuel)
                continue
            total = result.get(monomial, 0) + coefficient
            if total:
                result[monomial] = exact(total)
            else:
                result.pop(monomial, None)
    if len(result) > MAX_TERMS:
        raise OutOfFuel("the formula has too many terms when multiplied out")
    return result


def power(base: Polynomial, exponent: int, fuel: Fuel) -> Polynomial:
    """A whole power; a negative one only of a single term."""
    if len(base) == 1:
        return _monomial_power(base, exponent, fuel)
    if exponent < 0:
        raise OutOfFuel("a root stands below a line")
    if base and exponent > 1 and math.comb(exponent + len(base) - 1, len(base) - 1) > MAX_TERMS:
        raise OutOfFuel("a power has too many terms when multiplied out")
    result = ONE
    for bit in bin(exponent)[2:]:
        result = multiply(result, result, fuel)
        if bit == "1":
            result = multiply(result, base, fuel)
    return result


def _monomial_power(base: Polynomial, exponent: int, fuel: Fuel) -> Polynomial:
    ((monomial, coefficient),) = base.items()
    bits = max(coefficient.numerator.bit_length(), coefficient.denominator.bit_length())
    if abs(coefficient) != 1 and bits * abs(exponent) > MAX_BITS:
        raise OutOfFuel("a number in the formula grows too large")
    plain = [(g, e * exponent) for g, e in monomial if not g.reduces]
    if exponent == 0:
        return ONE
    if any(e.numerator.bit_length() > MAX_EXPONENT_BITS for _, e in plain):
        raise OutOfFuel("an exponent grows too large")
    result: Polynomial = {tuple(plain): exact(Fraction(coefficient) ** exponent)}
    for generator, e in monomial:
        if generator.reduces:
            whole = math.floor(e * exponent)
            rest = exact(e * exponent - whole)
            if rest:
                result = multiply(result, variable(generator, rest), fuel)
            result = multiply(result, power(generator.content, whole, fuel), fuel)
    return result


def divide(dividend: Polynomial, divisor: Polynomial, fuel: Fuel) -> Polynomial | None:
    """The quotient if the division leaves nothing, else None."""
    generators = sorted({g for p in (dividend, divisor) for m in p for g, _ in m})

    def place(monomial: Monomial) -> tuple[Rational, ...]:
        exponents = dict(monomial)
        return tuple(exponents.get(g, 0) for g in generators)

    lead = max(divisor, key=place)
    inverse = {tuple((g, -e) for g, e in lead): exact(Fraction(1) / divisor[lead])}
    rest, quotient = dividend, dict[Monomial, Rational]()
    for _ in range(100):
        if not rest:
            return quotient
        first = max(rest, key=place)
        part = multiply({first: rest[first]}, inverse, fuel)
        if any(e < 0 for m in part for _, e in m):
            return None
        add_into(quotient, part, fuel)
        rest = add(rest, scale(multiply(part, divisor, fuel), -1), fuel)
    return None


def content(polynomial: Polynomial) -> tuple[Rational, Monomial, Polynomial]:
    """(coefficient, monomial, rest): the polynomial is their product; the rest is primitive, first term positive."""
    if len(polynomial) == 1:
        ((monomial, coefficient),) = polynomial.items()
        return coefficient, monomial, ONE
    lowest: dict[Generator, Rational] = {}
    shared: set[Generator] = set()
    for index, monomial in enumerate(polynomial):
        exponents = dict(monomial)
        shared = set(exponents) if not index else shared
        for generator, exponent in monomial:
            lowest[generator] = min(lowest.get(generator, exponent), exponent)
        shared &= exponents.keys()
    # A generator that is missing from a term has exponent 0 there; only negative powers are cleared then.
    common = {g: e for g, e in lowest.items() if not g.reduces and (g in shared or e < 0)}
    common = {g: e for g, e in common.items() if e}
    numerators = [c.numerator for c in polynomial.values()]
    factor = Fraction(math.gcd(*numerators), math.lcm(*(c.denominator for c in polynomial.values())))
    if polynomial[min(polynomial)] < 0:
        factor = -factor
    rest: Polynomial = {}
    for monomial, coefficient in polynomial.items():
        exponents = dict(monomial)
        for generator, exponent in common.items():
            exponents[generator] = exact(exponents.get(generator, 0) - exponent)
        rest[tuple(sorted((g, e) for g, e in exponents.items() if e))] = exact(coefficient / factor)
    first = rest[min(rest)]
    if first < 0:
        factor, rest = -factor, {m: -c for m, c in rest.items()}
    return exact(factor), tuple(sorted(common.items())), rest


def text(polynomial: Polynomial) -> str:
    """A unique readable text of the polynomial."""
    if not polynomial:
        return "0"
    parts = []
    for monomial, coefficient in sorted(polynomial.items()):
        factors = [
            str(g) if e == 1 else f"{g}^{e}" if isinstance(e, int) and e >= 0 else f"{g}^({e})" for g, e in monomial
        ]
        if coefficient != 1 or not factors:
            factors.insert(0, str(coefficient))
        parts.append("·".join(factors))
    return " + ".join(parts)


def shown(polynomial: Polynomial) -> str:
    """The same for people: with minus signs, and without a factor of 1.

    >>> p = Generator("p", "atom", "unit")
    >>> shown({((p, 1),): -1, ((p, 2),): Fraction(1, 2)}), shown({})
    ('−p + 1/2·p^2', '0')
    """
    result = ""
    for monomial, coefficient in sorted(polynomial.items()):
        minus = coefficient < 0
        term = text({monomial: -coefficient if minus else coefficient})
        result += (" − " if minus else " + ") + term if result else "−" * minus + term
    return result or "0"


# --- signs


def sign(polynomial: Polynomial) -> int:
    """1 or -1 if the polynomial is proven to have that sign almost everywhere on the domain of its generators, else 0.

    The proof: positive generators make positive terms; on the box (0, 1)ⁿ all Bernstein coefficients have one sign.
    """
    if not polynomial:
        return 0
    coefficient, monomial, rest = content(polynomial)
    result = 1 if coefficient > 0 else -1
    for generator, exponent in monomial:
        if generator.range == "negative" and isinstance(exponent, int):
            result *= (-1) ** (exponent % 2)
        elif generator.range in ("real", "negative") and not (isinstance(exponent, int) and exponent % 2 == 0):
            return 0
    return result * _sign_of_primitive(rest)


def _sign_of_primitive(polynomial: Polynomial) -> int:
    """The first term of a primitive polynomial is positive."""
    if all(c > 0 for c in polynomial.values()) and all(
        g.range in ("unit", "positive") for monomial in polynomial for g, _ in monomial
    ):
        return 1
    units = sorted({g for m in polynomial for g, _ in m if g.range == "unit"})
    degrees = {}
    for generator in units:
        found = [e for m in polynomial for g, e in m if g == generator]
        common = math.lcm(*(e.denominator for e in found))
        degrees[generator] = (common, int(max(found) * common))
    size = math.prod(degree + 1 for _, degree in degrees.values())
    if size > 1024 or size * len(polynomial) > 20_000:
        return 0
    groups: dict[Monomial, dict[tuple[int, ...], Rational]] = {}
    for monomial, coefficient in polynomial.items():
        exponents = dict(monomial)
        others = []
        for generator, exponent in monomial:
            if generator.range == "unit":
                continue
            if generator.range != "positive":
                if not isinstance(exponent, int) or (generator.range == "real" and exponent % 2):
                    return 0
                coefficient *= (-1) ** (exponent % 2)
            others.append((generator, exponent))
        place = tuple(int(exponents.get(g, 0) * degrees[g][0]) for g in units)
        groups.setdefault(tuple(others), {})[place] = coefficient
    found_signs = {_bernstein_sign(group, [degrees[g][1] for g in units]) for group in groups.values()}
    return found_signs.pop() if len(found_signs) == 1 else 0


@lru_cache(maxsize=4096)
def _bernstein_weight(p: int, i: int, d: int) -> Rational:
    return exact(Fraction(math.comb(i, p), math.comb(d, p)))


def _bernstein_sign(terms: dict[tuple[int, ...], Rational], degrees: list[int]) -> int:
    if not degrees:
        (coefficient,) = terms.values()
        return 1 if coefficient > 0 else -1
    signs = set()
    for index in cartesian(*(range(d + 1) for d in degrees)):
        value: Rational = 0
        for place, coefficient in terms.items():
            if all(p <= i for p, i in zip(place, index, strict=True)):
                weight: Rational = 1
                for p, i, d in zip(place, index, degrees, strict=True):
                    weight *= _bernstein_weight(p, i, d)
                value += coefficient * weight
        signs.add((value > 0) - (value < 0))
    signs.discard(0)
    return signs.pop() if len(signs) == 1 else 0
