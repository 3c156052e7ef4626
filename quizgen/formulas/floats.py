"""Binary floating point as machines have it (IEEE 754, round to nearest, ties to even), computed exactly."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

MOST_FACTORS = 20_000
MOST_BITS = 4096


def nearest(value: Fraction, bits: int, smallest: Fraction) -> Fraction:
    """The representable number next to a positive value; of two, the one whose last bit is 0.

    bits: of the significand, the leading one included. smallest: the smallest positive number, a power of two.
    Numbers too large for a format are not looked for.

    >>> float(nearest(Fraction(1, 10), 24, Fraction(1, 2**149)))
    0.10000000149011612
    """
    exponent = value.numerator.bit_length() - value.denominator.bit_length()
    if value < Fraction(2) ** exponent:
        exponent -= 1
    step = max(Fraction(2) ** (exponent - bits + 1), smallest)
    return round(value / step) * step  # Python rounds halves of fractions to even


@lru_cache(maxsize=4096)
def factors_until_zero(p: Fraction, bits: Fraction, smallest: Fraction) -> int:
    """After how many factors p a running product, rounded after each multiplication, is 0 for the first time.

    bits, smallest: of the format, with subnormal numbers. Raises ValueError where the product does not become 0
    or the format is none.

    >>> factors_until_zero(Fraction(1, 2), Fraction(24), Fraction(1, 2**149))
    150
    """
    if bits.denominator != 1 or not 1 <= bits <= MOST_BITS:
        raise ValueError(f"a significand has 1 to {MOST_BITS} bits, not {bits}")
    if smallest.numerator != 1 or smallest.denominator & (smallest.denominator - 1):
        raise ValueError("the smallest positive number of a format is a power of two, such as 2^(-149)")
    if not 0 < p < 1:
        raise ValueError(f"factors of {p} do not shrink a product to 0")
    factor = nearest(p, int(bits), smallest)
    product, count = Fraction(1), 0
    while product:
        smaller = nearest(product * factor, int(bits), smallest)
        if smaller == product or count >= MOST_FACTORS:
            raise ValueError(f"a product of factors {p} does not become 0 in this format")
        product, count = smaller, count + 1
    return count
