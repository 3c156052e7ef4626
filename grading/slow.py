"""The slow path: factors of polynomials of several terms, by sympy, which is imported only here and only when needed.

Nothing but exponents and coefficients is handed over; sizes are limited before the call.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

from grading.polynomials import OutOfFuel, Polynomial, content, exact

MAX_GENERATORS = 8
MAX_DEGREE = 12
MAX_TERMS = 80
MAX_BITS = 512


def factor(primitive: Polynomial, refinement: Mapping[str, int], fuel: object = None) -> tuple[int, list[tuple[Polynomial, int]]]:
    """(sign, irreducible factors over the rationals with multiplicities), each primitive with a positive first term.

    refinement: {generator: k}: factors are sought over its k-th root. Raises OutOfFuel if the polynomial is too large.

    >>> from grading.polynomials import Generator
    >>> p = Generator("p", "atom", "unit")
    >>> sign, factors = factor({(): 1, ((p, 1),): -2, ((p, 2),): 1}, {})
    >>> sign, [(sorted(polynomial.items()), k) for polynomial, k in factors]
    (1, [([((), 1), ((('p', 1),), -1)], 2)])
    """
    generators = sorted({g for m in primitive for g, _ in m})
    roots = {
        g: math.lcm(refinement.get(g, 1), *(e.denominator for m in primitive for h, e in m if h == g))
        for g in generators
    }
    degree = max((int(e * roots[g]) for m in primitive for g, e in m), default=0)
    bits = max(max(c.numerator.bit_length(), c.denominator.bit_length()) for c in primitive.values())
    if len(generators) > MAX_GENERATORS or degree > MAX_DEGREE or len(primitive) > MAX_TERMS or bits > MAX_BITS:
        raise OutOfFuel("a factor in the formula is too large to be split")
    import sympy

    names = sympy.symbols(f"g0:{len(generators)}")
    terms = {}
    for monomial, coefficient in primitive.items():
        exponents = dict(monomial)
        place = tuple(int(exponents.get(g, 0) * roots[g]) for g in generators)
        terms[place] = sympy.Rational(coefficient.numerator, coefficient.denominator)
    leading, found = sympy.Poly.from_dict(terms, *names, domain="QQ").factor_list()
    sign = 1 if leading > 0 else -1
    result: list[tuple[Polynomial, int]] = []
    for part, multiplicity in found:
        polynomial: Polynomial = {}
        for place, coefficient in part.terms():
            monomial = tuple((g, exact(Fraction(k, roots[g]))) for g, k in zip(generators, place, strict=True) if k)
            polynomial[monomial] = exact(Fraction(int(coefficient.p), int(coefficient.q)))
        scale, monomial, rest = content(polynomial)
        sign *= (1 if scale > 0 else -1) ** int(multiplicity)
        result.append((rest if len(polynomial) > 1 else {monomial: 1}, int(multiplicity)))
    return sign, result
