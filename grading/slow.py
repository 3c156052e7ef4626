"""Factors of polynomials of several terms: by exact arithmetic where that is short, else by a process that has sympy.

Every polynomial is asked by its shape, with numbers in place of the names of its unknowns, so that the same question
is answered once. What it costs is paid for each time, as if it were the first.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from grading.factoring import Whole, factors_of, laid_out, on_a_line, without_unknowns
from grading.polynomials import content, exact, variable
from grading.unknowns import Fuel, OutOfFuel, Polynomial, Rational, exponent
from grading.worker import WORKER

MAX_GENERATORS = 8
MAX_DEGREE = 12
MAX_TERMS = 80
MAX_BITS = 512
PRICE = 3_500
"""The steps that it costs to ask the other process."""
_TOO_LARGE = "a factor in the formula is too large to be split"

Shape = tuple[tuple[tuple[int, ...], int], ...]
"""(exponents, coefficient) of every term, in their order."""


class Found(NamedTuple):
    """factors: irreducible ones with multiplicities, up to a number; None: not within the limits. steps: the price."""

    factors: tuple[tuple[Shape, int], ...] | None
    steps: int


def factor(
    primitive: Polynomial, refinement: Mapping[str, int], fuel: Fuel | None = None
) -> tuple[int, list[tuple[Polynomial, Rational]]]:
    """(sign, irreducible factors over the rationals with multiplicities), each primitive with a positive first term.

    An unknown that divides the polynomial stands there to the first power: √f is f, half a time.
    refinement: {generator: k}: factors are sought over its k-th root. fuel: pays for it; None: a tank of its own.
    Raises OutOfFuel if the polynomial is too large, or if whom it asks does not answer.

    >>> from grading.polynomials import Generator
    >>> p = Generator("p", "atom", "unit")
    >>> sign, factors = factor({(): 1, ((p, 1),): -2, ((p, 2),): 1}, {})
    >>> sign, [(sorted(polynomial.items()), k) for polynomial, k in factors]
    (1, [([((), 1), ((('p', 1),), -1)], 2)])
    """
    fuel = Fuel() if fuel is None else fuel
    fuel.spend(sum([3 + 2 * len(monomial) for monomial in primitive]))
    generators = sorted({g for m in primitive for g, _ in m})
    roots = {
        g: math.lcm(refinement.get(g, 1), *(e.denominator for m in primitive for h, e in m if h == g))
        for g in generators
    }
    below = math.lcm(*(c.denominator for c in primitive.values()))
    if below.bit_length() > MAX_BITS or len(primitive) > MAX_TERMS:
        raise OutOfFuel(_TOO_LARGE)
    terms = []
    for monomial, coefficient in primitive.items():
        exponents = dict(monomial)
        place = tuple([int(exponents.get(g, 0) * roots[g]) for g in generators])
        terms.append((place, coefficient.numerator * (below // coefficient.denominator)))
    found = factors_of_shape(tuple(sorted(terms)))
    fuel.spend(found.steps)
    if found.factors is None:
        raise OutOfFuel(_TOO_LARGE)
    sign = 1 if max(terms)[1] > 0 else -1
    result: list[tuple[Polynomial, Rational]] = []
    for shape, times in found.factors:
        polynomial: Polynomial = {}
        for place, number in shape:
            named = zip(generators, place, strict=True)
            polynomial[tuple([(g, exponent(Fraction(k, roots[g]))) for g, k in named if k])] = number
        scale, monomial, rest = content(polynomial)
        if (max(shape)[1] > 0) != (scale > 0):
            sign *= (-1) ** times
        if len(polynomial) == 1:
            result += ((variable(generator), exact(e * times)) for generator, e in monomial)
        else:
            result.append((rest, times))
    return sign, result


@lru_cache(maxsize=8192)
def factors_of_shape(shape: Shape) -> Found:
    """The factors of a polynomial whose unknowns have no names. Raises OutOfFuel where the answer is not for ever."""
    polynomial = dict(shape)
    quick, steps = factors_of(polynomial)
    if quick is not None:
        return Found(tuple((tuple(sorted(factor.items())), times) for factor, times in quick), steps)
    if len(shape[0][0]) > 1 and (line := on_a_line(polynomial)) is not None:
        direction, coefficients = line
        found = factors_of_shape(tuple(((k,), c) for k, c in enumerate(coefficients) if c))
        return found._replace(factors=_laid_out(found.factors, direction, polynomial), steps=steps + found.steps)
    bits = max(c.bit_length() for c in polynomial.values())
    if len(shape[0][0]) > MAX_GENERATORS or max(map(max, polynomial)) > MAX_DEGREE or bits > MAX_BITS:
        return Found(None, steps)
    asked = WORKER.ask(shape)
    if asked == "steps":
        return Found(None, steps + PRICE)
    if isinstance(asked, str):
        raise OutOfFuel("a factor in the formula could not be split")
    return Found(asked, steps + PRICE)


def _laid_out(
    factors: tuple[tuple[Shape, int], ...] | None, direction: tuple[int, ...], polynomial: Whole
) -> tuple[tuple[Shape, int], ...] | None:
    """Factors in one product of powers of unknowns as factors in all, with the unknowns that divide the polynomial."""
    if factors is None:
        return None
    found = without_unknowns(polynomial)[1]
    for factor, times in factors:
        line = dict(factor)
        coefficients = [line.get((k,), 0) for k in range(max(line)[0] + 1)]
        found.append((laid_out(coefficients, direction), times))
    return tuple((tuple(sorted(factor.items())), times) for factor, times in found)
