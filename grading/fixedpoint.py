"""Bounds of logarithms and exponentials in whole numbers, quickly.

A number x stands for x·2^-SCALE. Inside, `GUARD` more binary digits are carried: every step is wrong by less than one
unit of these, fewer than 2^`SLACK` such errors add up, and so much is taken off below and added above. The constants
come from `decimal`, whose logarithms and exponentials are correctly rounded.
"""

from __future__ import annotations

import decimal
from decimal import Decimal
from functools import lru_cache

SCALE = 96
UNIT = 1 << SCALE
GUARD = 32
SLACK = 14
_INNER = SCALE + GUARD
_ONE = 1 << _INNER
_EXACT = decimal.Context(prec=200, Emax=999_999, Emin=-999_999)
_ROUNDED = decimal.Context(prec=60, Emax=999_999, Emin=-999_999)


def _inner(value: Decimal) -> int:
    return int(_EXACT.multiply(value, Decimal(_ONE)).to_integral_value(decimal.ROUND_FLOOR))


@lru_cache(maxsize=256)
def _log_of_middle(i: int) -> int:
    """ln(1 + (i + 1/2)/128): in the middle of the i-th of 128 parts of the interval from 1 to 2."""
    return _inner(_ROUNDED.ln(_EXACT.divide(Decimal(257 + 2 * i), Decimal(256))))


@lru_cache(maxsize=256)
def _exp_of_part(j: int) -> int:
    """exp(j/128)."""
    return _inner(_ROUNDED.exp(_EXACT.divide(Decimal(j), Decimal(128))))


_LOG_2 = _inner(_ROUNDED.ln(Decimal(2)))


def logarithm(x: int) -> tuple[int, int]:
    """Bounds of ln x for x > 0.

    x = 2^k·m with 1 ≤ m < 2, m = c·(1 + z)/(1 − z) with c in the middle of its part, so that |z| ≤ 2^-9, and
    ln m = ln c + 2(z + z³/3 + z⁵/5 + …), where z¹⁵ is less than a unit.

    >>> low, high = logarithm(3 << SCALE)
    >>> high - low <= 2, round(low / 2**SCALE, 9)
    (True, 1.098612289)
    """
    k = x.bit_length() - 1
    m = x << _INNER - k if k <= _INNER else x >> k - _INNER
    i = (m >> _INNER - 7) - 128
    c = 257 + 2 * i << _INNER - 8
    z = (m - c << _INNER) // (m + c)
    square = z * z >> _INNER
    total = term = z
    for divisor in (3, 5, 7, 9, 11, 13):
        term = term * square >> _INNER
        total += term // divisor
    value = _log_of_middle(i) + 2 * total + (k - SCALE) * _LOG_2
    return value - (1 << SLACK) >> GUARD, (value + (1 << SLACK) >> GUARD) + 1


def exponential(x: int) -> tuple[int, int]:
    """Bounds of e^x for |x| ≤ 100 (in units of 2^-SCALE).

    x = k·ln 2 + j/128 + r with 0 ≤ r < 2^-7, and e^r by its series, whose term r¹⁵/15! is less than a unit.

    >>> low, high = exponential(1 << SCALE)
    >>> high - low <= 2, round(low / 2**SCALE, 9)
    (True, 2.718281828)
    """
    k, rest = divmod(x << GUARD, _LOG_2)
    j = rest >> _INNER - 7
    r = rest - (j << _INNER - 7)
    total = term = _ONE
    for n in range(1, 15):
        term = (term * r >> _INNER) // n
        total += term
    value = _exp_of_part(j) * total >> _INNER
    low, high = value - (1 << SLACK), value + (1 << SLACK)
    shift = k - GUARD
    if shift >= 0:
        return low << shift, high << shift
    return low >> -shift, (high >> -shift) + 1
