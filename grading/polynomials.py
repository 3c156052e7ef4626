"""Sparse polynomials with exact coefficients over named generators: the arithmetic of the normal form.

A generator is an atom, the logarithm of an irreducible factor, an exponential or a root. Exponents are integers, or
rationals where the generator is positive. Every operation is paid for from a deterministic `Fuel`, so that what is
decided does not depend on how busy a machine is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from grading.bernstein import sign_of_primitive
from grading.unknowns import (
    MAX_BITS,
    MAX_EXPONENT_BITS,
    MAX_STEPS,
    MAX_TERMS,
    ONE,
    Fuel,
    Generator,
    Monomial,
    OutOfFuel,
    Polynomial,
    Range,
    Rational,
    UndefinedEverywhere,
    checked,
    exact,
    exponent,
    reciprocal,
    work_of,
)

__all__ = [
    "MAX_EXPONENT_BITS",
    "MAX_STEPS",
    "MAX_TERMS",
    "ONE",
    "Fuel",
    "Generator",
    "Monomial",
    "OutOfFuel",
    "Polynomial",
    "Range",
    "Rational",
    "UndefinedEverywhere",
    "add",
    "add_all",
    "add_into",
    "checked",
    "constant",
    "content",
    "divide",
    "exact",
    "exponent",
    "multiply",
    "power",
    "reciprocal",
    "scale",
    "shown",
    "sign",
    "text",
    "variable",
]


def constant(value: Rational) -> Polynomial:
    return {(): exact(value)} if value else {}


def variable(generator: Generator, power_: Rational = 1) -> Polynomial:
    return {((generator, exponent(power_)),): 1}


def add(left: Polynomial, right: Polynomial, fuel: Fuel) -> Polynomial:
    fuel.spend(len(left) // 32)
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
            if type(summed) is not int:
                fuel.spend(work_of(summed))
                summed = checked(summed)
            total[monomial] = summed
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


Carried = tuple[tuple[Generator, int], ...]


def merge(left: Monomial, right: Monomial) -> tuple[Monomial, Carried, int]:
    """The product of two monomials, the powers of roots that have to be carried out, and the steps that it took."""
    if not left or not right:
        return left or right, (), 1
    exponents = dict(left)
    carried: Carried = ()
    work = 1 + (len(left) + len(right) >> 1)
    sorted_ = True
    for generator, other in right:
        before = exponents.get(generator)
        if before is None:
            exponents[generator] = other
            sorted_ = False
            continue
        total = before + other
        if type(total) is not int:
            work += 5
            total = exponent(total)
        if generator.reduces and not 0 <= total < 1:
            whole = math.floor(total)
            carried = (*carried, (generator, whole))
            total = exponent(total - whole)
        if total:
            if total.numerator.bit_length() > MAX_EXPONENT_BITS:
                raise OutOfFuel("an exponent grows too large")
            exponents[generator] = total
        else:
            del exponents[generator]
    return tuple(exponents.items() if sorted_ else sorted(exponents.items())), carried, work


def multiply(left: Polynomial, right: Polynomial, fuel: Fuel) -> Polynomial:
    """The product; powers of roots that reach 1 are replaced by what is under the root."""
    if left is ONE or left == ONE:
        return right
    if right is ONE or right == ONE:
        return left
    fuel.spend(3 + len(left) * len(right))
    left, right, below = _cleared(left, right, fuel)
    result: Polynomial = {}
    waiting: dict[Carried, Polynomial] = {}
    for m1, c1 in left.items():
        steps = 0
        for m2, c2 in right.items():
            monomial, carried, work = merge(m1, m2)
            coefficient = c1 * c2
            if type(coefficient) is not int or coefficient.bit_length() >= 512:
                work += work_of(coefficient)
                coefficient = checked(coefficient)
            steps += work
            total = waiting.setdefault(carried, {}) if carried else result
            if monomial not in total:
                total[monomial] = coefficient
            elif summed := total[monomial] + coefficient:
                total[monomial] = summed if type(summed) is int else exact(summed)
            else:
                del total[monomial]
        fuel.spend(steps)
    if below != 1:
        fuel.spend(4 * len(result))
        result = {m: checked(Fraction(c, below)) for m, c in result.items()}
    for carried, part in waiting.items():
        for generator, whole in carried:
            part = multiply(part, power(generator.content, whole, fuel), fuel)
        add_into(result, part if below == 1 else scale(part, Fraction(1, below)), fuel)
    if len(result) > MAX_TERMS:
        raise OutOfFuel("the formula has too many terms when multiplied out")
    return result


def _cleared(left: Polynomial, right: Polynomial, fuel: Fuel) -> tuple[Polynomial, Polynomial, int]:
    """Both with whole coefficients, and the number by which their product is to be divided; or as they are, and 1."""
    if len(left) < 2 or len(right) < 2:
        return left, right, 1
    found = []
    for polynomial in (left, right):
        below = 1
        for coefficient in polynomial.values():
            if type(coefficient) is not int:
                fuel.spend(2)
                below = math.lcm(below, coefficient.denominator)
                if below.bit_length() > 256:
                    return left, right, 1
        found.append(below)
    if found == [1, 1]:
        return left, right, 1
    wholes: list[Polynomial] = [
        polynomial if below == 1 else {m: c.numerator * (below // c.denominator) for m, c in polynomial.items()}
        for polynomial, below in zip((left, right), found, strict=True)
    ]
    return wholes[0], wholes[1], found[0] * found[1]


def power(base: Polynomial, whole: int, fuel: Fuel) -> Polynomial:
    """A whole power; a negative one only of a single term."""
    if len(base) == 1:
        return _monomial_power(base, whole, fuel)
    if whole < 0:
        raise OutOfFuel("a root stands below a line")
    if base and whole > 1 and (whole >= MAX_TERMS or math.comb(whole + len(base) - 1, len(base) - 1) > MAX_TERMS):
        raise OutOfFuel("a power has too many terms when multiplied out")
    result = ONE
    for bit in bin(whole)[2:]:
        result = multiply(result, result, fuel)
        if bit == "1":
            result = multiply(result, base, fuel)
    return result


def _monomial_power(base: Polynomial, whole: int, fuel: Fuel) -> Polynomial:
    if whole == 0:
        return ONE
    ((monomial, coefficient),) = base.items()
    bits = max(coefficient.numerator.bit_length(), coefficient.denominator.bit_length())
    if abs(coefficient) != 1 and bits * abs(whole) > MAX_BITS:
        raise OutOfFuel("a number in the formula grows too large")
    fuel.spend(len(monomial) + (work_of(coefficient) if whole == 1 else 1 + (bits * whole) ** 2 >> 18))
    plain = [(g, exponent(e * whole)) for g, e in monomial if not g.reduces]
    if any(e.numerator.bit_length() > MAX_EXPONENT_BITS for _, e in plain):
        raise OutOfFuel("an exponent grows too large")
    raised = coefficient**whole if type(coefficient) is int and whole > 0 else exact(Fraction(coefficient) ** whole)
    result: Polynomial = {tuple(plain): raised}
    for generator, e in monomial:
        if generator.reduces:
            carried = math.floor(e * whole)
            rest = exponent(e * whole - carried)
            if rest:
                result = multiply(result, variable(generator, rest), fuel)
            result = multiply(result, power(generator.content, carried, fuel), fuel)
    return result


def divide(dividend: Polynomial, divisor: Polynomial, fuel: Fuel) -> Polynomial | None:
    """The quotient if the division leaves nothing, else None."""
    generators = sorted({g for p in (dividend, divisor) for m in p for g, _ in m})
    places: dict[Monomial, tuple[Rational, ...]] = {}

    def place(monomial: Monomial) -> tuple[Rational, ...]:
        if monomial not in places:
            exponents = dict(monomial)
            places[monomial] = tuple([exponents.get(g, 0) for g in generators])
            fuel.spend(1 + len(generators) // 4)
        return places[monomial]

    lead = max(divisor, key=place)
    inverse = {tuple((g, -e) for g, e in lead): exact(Fraction(1) / divisor[lead])}
    rest, quotient = dict(dividend), dict[Monomial, Rational]()
    for _ in range(100):
        if not rest:
            return quotient
        fuel.spend(1 + len(rest) // 4)
        first = max(rest, key=place)
        part = multiply({first: rest[first]}, inverse, fuel)
        if any(e < 0 for m in part for _, e in m):
            return None
        add_into(quotient, part, fuel)
        add_into(rest, scale(multiply(part, divisor, fuel), -1), fuel)
    return None


def content(polynomial: Polynomial, fuel: Fuel | None = None) -> tuple[Rational, Monomial, Polynomial]:
    """(coefficient, monomial, rest): the polynomial is their product; the rest is primitive, first term positive."""
    if len(polynomial) == 1:
        ((monomial, coefficient),) = polynomial.items()
        return coefficient, monomial, ONE
    if fuel is not None:
        _pay_for_reading(polynomial, fuel)
    lowest: dict[Generator, Rational] = {}
    shared: set[Generator] = set()
    for index, monomial in enumerate(polynomial):
        exponents = dict(monomial)
        shared = set(exponents) if not index else shared
        for generator, e in monomial:
            lowest[generator] = min(lowest.get(generator, e), e)
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
        for generator, e in common.items():
            exponents[generator] = exponent(exponents.get(generator, 0) - e)
        rest[tuple(sorted((g, e) for g, e in exponents.items() if e))] = exact(coefficient / factor)
    first = rest[min(rest)]
    if first < 0:
        factor, rest = -factor, {m: -c for m, c in rest.items()}
    return exact(factor), tuple(sorted(common.items())), rest


def _pay_for_reading(polynomial: Polynomial, fuel: Fuel) -> None:
    """For going through all terms a few times."""
    fuel.spend(10 + sum([5 + 3 * len(monomial) for monomial in polynomial]))
    fuel.spend(sum([work_of(c) for c in polynomial.values() if type(c) is not int or c.bit_length() >= 512]))


def text(polynomial: Polynomial, fuel: Fuel | None = None) -> str:
    """A unique readable text of the polynomial."""
    if not polynomial:
        return "0"
    if fuel is not None:
        _pay_for_reading(polynomial, fuel)
    parts = []
    for monomial, coefficient in sorted(polynomial.items()):
        factors = [
            str(g) if e == 1 else f"{g}^{e}" if isinstance(e, int) and e >= 0 else f"{g}^({e})" for g, e in monomial
        ]
        if coefficient != 1 or not factors:
            factors.insert(0, str(coefficient))
        parts.append("·".join(factors))
        if fuel is not None:
            fuel.spend(len(parts[-1]) >> 7)
    return " + ".join(parts)


def shown(polynomial: Polynomial) -> str:
    """The same for people: with minus signs, and without a factor of 1.

    >>> p = Generator("p", "atom", "unit")
    >>> shown({((p, 1),): -1, ((p, 2),): Fraction(1, 2)}), shown({})
    ('−p + 1/2·p^2', '0')
    >>> shown({((Generator("ln p", "log", "negative"), 2),): 1})
    '(ln p)^2'
    """
    result = ""
    for monomial, coefficient in sorted(polynomial.items()):
        minus = coefficient < 0
        factors = [_power_shown(str(g), e) for g, e in monomial]
        if abs(coefficient) != 1 or not factors:
            factors.insert(0, str(abs(coefficient)))
        term = "·".join(factors)
        result += (" − " if minus else " + ") + term if result else "−" * minus + term
    return result or "0"


def _power_shown(name: str, exponent: Rational) -> str:
    if exponent == 1:
        return name
    base = f"({name})" if name.startswith("ln") else name  # ln p^2 would be the logarithm of a square
    return f"{base}^{exponent}" if isinstance(exponent, int) and exponent >= 0 else f"{base}^({exponent})"


# --- signs


def sign(polynomial: Polynomial, fuel: Fuel | None = None) -> int:
    """1 or -1 if the polynomial is proven to have that sign almost everywhere on the domain of its generators, else 0.

    The proof: positive generators make positive terms; on the box (0, 1)ⁿ all Bernstein coefficients have one sign.
    fuel: pays for it; None: only what is cheap enough to be free is proven.
    """
    if not polynomial:
        return 0
    coefficient, monomial, rest = content(polynomial, fuel)
    result = 1 if coefficient > 0 else -1
    for generator, e in monomial:
        if generator.range == "negative" and isinstance(e, int):
            result *= (-1) ** (e % 2)
        elif generator.range in ("real", "negative") and not (isinstance(e, int) and e % 2 == 0):
            return 0
    return result * sign_of_primitive(rest, fuel)
