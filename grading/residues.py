"""Values of polynomials modulo a prime, at one point: where they differ, the polynomials do.

Every unknown has a fixed value, drawn from its name. The quick way to see that two normal forms are not the same.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

from grading.unknowns import Generator, Polynomial

PRIME = (1 << 61) - 1
_COMMON = 5_040
"""Exponents are rational where their denominators divide this: the value of an unknown is such a power."""


def residue(polynomial: Polynomial) -> int | None:
    """The value modulo `PRIME`; None where roots of numbers or of polynomials stand in it.

    >>> p = Generator("p", "atom", "unit")
    >>> square = {(): 1, ((p, 1),): 2, ((p, 2),): 1}
    >>> residue(square) == residue({(): 1, ((p, 1),): 1}) ** 2 % PRIME
    True
    """
    total = 0
    for monomial, coefficient in polynomial.items():
        below = coefficient.denominator
        if not below % PRIME:
            return None
        value = coefficient.numerator if below == 1 else coefficient.numerator * pow(below, -1, PRIME)
        for generator, e in monomial:
            power, left = divmod(e.numerator * _COMMON, e.denominator)
            if generator.reduces or left:
                return None
            value = value * pow(_value(generator), power, PRIME) % PRIME
        total += value
    return total % PRIME


def differ(numerator: Polynomial, denominator: Polynomial, other: Polynomial, below: Polynomial) -> bool:
    """Whether two quotients are proven to be different; False is no proof that they are the same."""
    values = [residue(polynomial) for polynomial in (numerator, below, other, denominator)]
    a, b, c, d = values
    return a is not None and b is not None and c is not None and d is not None and (a * b - c * d) % PRIME != 0


@lru_cache(maxsize=16384)
def _value(generator: Generator) -> int:
    drawn = blake2b(generator.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return 1 + int.from_bytes(drawn, "big") % (PRIME - 1)
