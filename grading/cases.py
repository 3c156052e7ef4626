"""Equality by cases: where signs are not known, every combination of them is looked at.

On the part of the domain where each of these signs is fixed, every absolute value, minimum and maximum is one of its
arguments, and two formulas are equal there exactly if their normal forms are. What bounds the parts does not count: all
functions here are continuous wherever they are defined.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from grading.canonical import Builder
from grading.expressions import Expression
from grading.forms import Form, agree
from grading.keys import Assumption
from grading.parsing.language import Language
from grading.polynomials import (
    Fuel,
    OutOfFuel,
    Polynomial,
    Rational,
    UndefinedEverywhere,
    add,
    content,
    multiply,
    power,
    scale,
    sign,
    text,
    variable,
)
from grading.positivity import atoms_of, proven_sign

MOST_CASES = 64
MOST_DEGREE = 12
MOST_SUMS = 60
DEPTH = 4

Sides = tuple[Form | None, Form | None]


class Empty(Exception):
    """No point of the domain has these signs."""


class Supposed:
    """The signs of one case, decided when they are first asked for.

    chosen: the first decisions; those that follow are positive where that is possible.
    """

    def __init__(self, chosen: tuple[int, ...]) -> None:
        self.chosen = chosen
        self.signs: dict[str, int] = {}
        self.positive: list[Polynomial] = []  # what is positive in this case
        self.free: list[int] = []  # the decisions that were not forced

    def sign(self, polynomial: Polynomial, builder: Builder) -> int:
        """The sign of a polynomial in this case; raises Empty if there is no such point."""
        overall, factors = split(polynomial, builder)
        return overall * math.prod(self.decided(factor, builder) for factor in factors)

    def decided(self, factor: Polynomial, builder: Builder) -> int:
        name = text(factor)
        if name not in self.signs:
            self.signs[name] = self.decide(factor, builder.fuel)
        return self.signs[name]

    def decide(self, factor: Polynomial, fuel: Fuel) -> int:
        possible = [s for s in (1, -1) if not contradicted(scale(factor, s), self.positive, fuel)]
        if not possible:
            raise Empty
        found = possible[0]
        if len(possible) == 2:
            found = self.chosen[len(self.free)] if len(self.free) < len(self.chosen) else 1
            self.free.append(found)
        self.positive.append(scale(factor, found))
        return found


def split(polynomial: Polynomial, builder: Builder, depth: int = DEPTH) -> tuple[int, list[Polynomial]]:
    """(sign, factors of unknown sign): polynomials with the same sign have the same factors, as far as that is seen."""
    coefficient, monomial, rest = content(polynomial)
    overall = 1 if coefficient > 0 else -1
    parts = [(variable(generator), exponent) for generator, exponent in monomial]
    turned, factors = builder.irreducible(rest)
    overall *= turned
    unknown: list[Polynomial] = []
    for part, exponent in [*parts, *factors]:
        known = 1 if exponent % 2 == 0 else proven_sign(part, builder.fuel)
        if known:
            overall *= known
            continue
        plain = simpler(part, builder) if depth else None
        if plain is None:
            unknown.append(part)
            continue
        turned, inner = split(plain, builder, depth - 1)
        overall *= turned
        unknown += inner
    return overall, unknown


def simpler(factor: Polynomial, builder: Builder) -> Polynomial | None:
    """A polynomial with the same zeros and the same sign, without the logarithms or exponents that its terms share."""
    logs = factor if _is_sum_of_logs(factor, builder) else _difference_of_logs(factor, builder)
    if logs is None or not _is_sum_of_logs(logs, builder):
        return logs
    common = math.lcm(*(c.denominator for c in logs.values()))
    whole = {monomial[0][0]: int(c * common) for monomial, c in logs.items()}
    shared = math.gcd(*whole.values())
    if sum(abs(k) for k in whole.values()) // shared > MOST_DEGREE:
        return None
    products: list[Polynomial] = [{(): 1}, {(): 1}]
    for generator, k in whole.items():
        factor_ = power(generator.content, abs(k) // shared, builder.fuel)
        products[k < 0] = multiply(products[k < 0], factor_, builder.fuel)
    found = add(products[0], scale(products[1], -1), builder.fuel)
    return None if not found or found in (factor, scale(factor, -1)) else found


def _is_sum_of_logs(polynomial: Polynomial, builder: Builder) -> bool:
    """Whether it is Σ c·ln f with every f positive: its sign is that of ∏ f^c − 1."""
    return all(
        len(monomial) == 1 and monomial[0][1] == 1 and monomial[0][0].kind == "log" for monomial in polynomial
    ) and all(builder.sign(monomial[0][0].content) > 0 for monomial in polynomial)


def _difference_of_logs(polynomial: Polynomial, builder: Builder) -> Polynomial | None:
    """ln of the positive term minus ln of the negative one, if there are two such terms."""
    if len(polynomial) != 2 or any(g.range not in ("unit", "positive") for m in polynomial for g, _ in m):
        return None
    found: Polynomial = {}
    for monomial, coefficient in polynomial.items():
        logs = builder.log(Form({monomial: _size(coefficient)})).numerator
        found = add(found, scale(logs, 1 if coefficient > 0 else -1), builder.fuel)
    return found if found and len({c > 0 for c in polynomial.values()}) == 2 else None


def contradicted(new: Polynomial, positive: list[Polynomial], fuel: Fuel) -> bool:
    """Whether a positive combination of these is proven not to be positive, so that they are not positive together."""
    reached = [new]
    for polynomial in reached:
        known = sign(polynomial, fuel) if atoms_of(polynomial) else proven_sign(polynomial, fuel)
        if known < 0 or not polynomial:
            return True
        for other in positive:
            for combined in _combined(polynomial, other, fuel):
                if len(reached) < MOST_SUMS and combined not in reached:
                    reached.append(combined)
    return False


def _combined(one: Polynomial, other: Polynomial, fuel: Fuel) -> Iterator[Polynomial]:
    """The positive combinations of two in which a term vanishes."""
    for monomial, coefficient in one.items():
        against = other.get(monomial, 0)
        if coefficient * against < 0:
            yield add(scale(one, _size(against)), scale(other, _size(coefficient)), fuel)


def _size(value: Rational) -> Rational:
    return value if value > 0 else -value


def equal_in_every_case(left: Expression, right: Expression, language: Language, assumption: Assumption) -> bool:
    """Whether two expressions have one normal form in every case, and a value in some case."""
    fuel = Fuel()
    chosen: tuple[int, ...] | None = ()
    defined = False
    for _ in range(MOST_CASES):
        if chosen is None:
            return defined
        supposed = Supposed(chosen)
        try:
            builder = Builder(language, assumption, fuel, case=supposed)
            first, second = _form(builder, left), _form(builder, right)
        except Empty:
            first = second = None
        except (OutOfFuel, RecursionError):
            return False
        if (first is None) != (second is None):
            return False
        if first is not None and second is not None:
            defined = True
            if not agree(first, second):
                return False
        chosen = _next(supposed.free)
    return defined and chosen is None


def _form(builder: Builder, tree: Expression) -> Form | None:
    try:
        return builder.form(tree)
    except UndefinedEverywhere:
        return None


def _next(free: list[int]) -> tuple[int, ...] | None:
    """The decisions of the next case: the last positive one is turned; None if there is none."""
    while free and free[-1] < 0:
        free.pop()
    return (*free[:-1], -1) if free else None
