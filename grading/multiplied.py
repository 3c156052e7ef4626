"""Signs of polynomials of what is positive, seen once they are multiplied by sums of powers of their unknowns."""

from __future__ import annotations

import math
from collections.abc import Sequence

from grading.polynomials import Fuel, Generator, OutOfFuel, Polynomial, multiply
from grading.unknowns import Share

MOST_ATOMS = 4
MOST_TERMS = 40  # those inside other unknowns included
MOST_FACTORS = 3
STEPS = 1_000  # for one proof


def sign_when_multiplied(polynomial: Polynomial, fuel: Fuel) -> int:
    """The sign of a polynomial of what is positive that has one sign in all terms once it is multiplied, several times
    if need be, by a sum of powers of its unknowns (Pólya, G. (1928), Vierteljschr. Naturforsch. Ges. Zürich 73).

    Bounds on boxes never show it where all unknowns tend to 0: p² − pq + q² is (p³ + q³)/(p + q).

    >>> from grading.polynomials import Generator
    >>> p, q = (Generator(name, "atom", "unit") for name in "pq")
    >>> [sign_when_multiplied({((p, 2),): 1, ((p, 1), (q, 1)): middle, ((q, 2),): 1}, Fuel()) for middle in (-1, -2)]
    [1, 0]
    """
    if len(polynomial) > MOST_TERMS or not all(g.range in ("unit", "positive") for m in polynomial for g, _ in m):
        return 0
    exponents: dict[Generator, int] = {}
    for monomial in polynomial:
        for generator, exponent in monomial:
            if not isinstance(exponent, int):
                return 0  # so no roots: their powers become other unknowns, which need not be positive
            exponents[generator] = math.gcd(exponents.get(generator, 0), exponent)
    if len(exponents) > MOST_ATOMS or not _of_one_sign_at_the_ends(polynomial, list(exponents)):
        return 0
    factor: Polynomial = {((generator, exponent),): 1 for generator, exponent in exponents.items()}
    if () in polynomial:
        factor[()] = 1
    found, tank = polynomial, Share(fuel, STEPS)
    try:
        for _ in range(MOST_FACTORS):
            found = multiply(found, factor, tank)
            if len(signs := {c > 0 for c in found.values()}) == 1:
                return 1 if signs == {True} else -1
    except OutOfFuel:
        pass
    return 0


def _of_one_sign_at_the_ends(polynomial: Polynomial, generators: Sequence[Generator]) -> bool:
    """Whether the terms with the most and the least of the first unknowns agree: where these are large or small, one
    of them outweighs all others."""
    order = sorted(polynomial, key=lambda monomial: [dict(monomial).get(generator, 0) for generator in generators])
    return (polynomial[order[0]] > 0) == (polynomial[order[-1]] > 0)
