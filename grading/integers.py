"""Prime factors of whole numbers, up to a limit: what is left over counts as one unknown.

All small primes are tried at once, by greatest common divisors with their products, so that a number of a thousand
digits costs little more than a short one.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache

TRIAL_LIMIT = 20_000
"""Primes below are found."""
_BLOCK_BITS = 2_048


@lru_cache(maxsize=8192)
def prime_factors(value: int) -> tuple[tuple[int, int], ...]:
    """(prime, exponent) of a positive integer, by size; a remainder without small primes counts as one.

    >>> prime_factors(360), prime_factors(20011 * 20021), prime_factors(1)
    (((2, 3), (3, 2), (5, 1)), ((400640231, 1),), ())
    """
    found: list[tuple[int, int]] = []
    for primes, product in _blocks():
        if primes[0] ** 2 > value:
            break
        shared = math.gcd(value, product)
        if shared == 1:
            continue
        for prime in primes:
            if shared % prime == 0:
                times = 0
                while value % prime == 0:
                    value //= prime
                    times += 1
                found.append((prime, times))
                shared //= prime
                if shared == 1:
                    break
    if value > 1:
        found.append((value, 1))
    return tuple(found)


def price(value: int) -> int:
    """The steps that `prime_factors` costs: a few for small numbers, more for those of many digits."""
    bits = value.bit_length()
    return 1 if bits <= 32 else 10 + bits // 10


@cache
def _blocks() -> tuple[tuple[tuple[int, ...], int], ...]:
    """All primes below the limit in blocks, each with its product; the first blocks are short: most numbers are small.

    >>> _blocks()[0][0][:5], _blocks()[-1][0][-1]
    ((2, 3, 5, 7, 11), 19997)
    """
    sieve = bytearray([1]) * TRIAL_LIMIT
    for k in range(2, math.isqrt(TRIAL_LIMIT) + 1):
        if sieve[k]:
            sieve[k * k :: k] = bytes(len(range(k * k, TRIAL_LIMIT, k)))
    blocks: list[tuple[tuple[int, ...], int]] = []
    block: list[int] = []
    product, most = 1, 60
    for prime in range(2, TRIAL_LIMIT):
        if sieve[prime]:
            block.append(prime)
            product *= prime
            if product.bit_length() > most:
                blocks.append((tuple(block), product))
                block, product, most = [], 1, min(most * 4, _BLOCK_BITS)
    if block:
        blocks.append((tuple(block), product))
    return tuple(blocks)
