"""Where an expression has no value: the note on equal formulas of which only one has a value at some points.

The points are those of the *declared* domain, where a probability may be 1. What an expression divides by, and what it
takes the logarithm of, is compared by its irreducible factors; a factor that is proven to be different from zero
everywhere is no gap, and a gap that both sides have is none to speak of.
"""

from __future__ import annotations

from grading.canonical import Builder
from grading.cases import DEPTH, simpler
from grading.forms import Form
from grading.polynomials import (
    ONE,
    Generator,
    OutOfFuel,
    Polynomial,
    add,
    content,
    multiply,
    power,
    scale,
    text,
    variable,
)
from grading.positivity import may_vanish


def same_gaps(first: Form, second: Form, builder: Builder) -> bool:
    """Whether two forms have no value at the same points, as far as factors show it."""
    if first.nonzero == second.nonzero:
        return True
    try:
        return _zeros(first, builder) == _zeros(second, builder)
    except OutOfFuel:
        return False


def _zeros(form: Form, builder: Builder) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for divisor in form.nonzero:
        for branch in _branches(divisor.polynomial, builder):
            # max(f, 0) is zero on a whole region, which is no gap of single points: it has its own name
            found |= _factors(branch, builder, DEPTH) if branch else frozenset((text(divisor.polynomial),))
    return found


def _branches(polynomial: Polynomial, builder: Builder) -> list[Polynomial]:
    """What a polynomial is with every |f| in it (a root of a square) replaced by f and by −f; at most one is."""
    for generator in sorted({g for monomial in polynomial for g, _ in monomial if g.kind == "root"}):
        turned, factors = builder.irreducible(generator.content)
        if turned > 0 and all(k % 2 == 0 for _, k in factors) and len(polynomial) > 1:
            inside: Polynomial = {(): 1}
            for factor, k in factors:
                inside = multiply(inside, power(factor, int(k) // 2, builder.fuel), builder.fuel)
            return [_replaced(polynomial, generator, scale(inside, s), builder) for s in (1, -1)]
    return [polynomial]


def _replaced(polynomial: Polynomial, root: Generator, value: Polynomial, builder: Builder) -> Polynomial:
    """The polynomial with a value in the place of the square root."""
    result: Polynomial = {}
    for monomial, coefficient in polynomial.items():
        exponents = dict(monomial)
        twice = 2 * exponents.pop(root, 0)
        part: Polynomial = {tuple(exponents.items()): coefficient}
        if twice.denominator != 1 or twice < 0:
            raise OutOfFuel("another root than a square root")
        result = add(result, multiply(part, power(value, int(twice), builder.fuel), builder.fuel), builder.fuel)
    return result


def _factors(polynomial: Polynomial, builder: Builder, depth: int) -> frozenset[str]:
    """The texts of the irreducible factors that may be zero at a point of the declared domain."""
    _, monomial, rest = content(polynomial)
    parts = [generator.content if generator.reduces else variable(generator) for generator, _ in monomial]
    found: frozenset[str] = frozenset()
    for generator, part in zip((g for g, _ in monomial), parts, strict=True):
        if not may_vanish(part, builder.fuel):
            continue
        found |= _factors(part, builder, depth) if generator.reduces else _named(part, builder, depth)
    for factor, _ in builder.irreducible(rest)[1] if rest != ONE else ():
        if may_vanish(factor, builder.fuel):
            found |= _named(factor, builder, depth)
    return found


def _named(factor: Polynomial, builder: Builder, depth: int) -> frozenset[str]:
    """A factor by the simplest polynomial with the same zeros."""
    plain = simpler(factor, builder) if depth else None
    return frozenset((text(factor),)) if plain is None else _factors(plain, builder, depth - 1)
