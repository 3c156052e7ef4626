"""Numbers as Open edX compares them: one interval, single further numbers, and half of the points.

Half is given for the numbers of a wider interval around the key, and for those near some wrong values; nothing else.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import msgspec

from grading.keys import NumericKey
from quizgen.exporters.accepted_numbers import AcceptedNumbers, accepted_numbers, narrowed, printed
from quizgen.exporters.rendering.decimals import decimal, value_of

HALF = Fraction(1, 2)

NARROWER = Fraction(1, 10**9)
"""By which share a tolerance is smaller whose boundary does not count."""

EQUAL = Fraction(1, 10**12)
"""How far from an exact key a number may be, as a share of it: what a computer makes of 1/3 is not 1/3."""


class Comparison(msgspec.Struct, frozen=True):
    """What is written of a numeric key.

    answer, tolerance: of the interval, as decimals, or the
    second as a share in per cent. further: single numbers that are right too. wider: how many times
    as wide the interval is that earns half; "" without one. half: wrong values that earn half. lost: shares that are
    kept neither there nor here. meets: near a value of `half` there are numbers that earn a quarter.
    """

    answer: str
    tolerance: str
    further: tuple[str, ...] = ()
    wider: str = ""
    half: tuple[str, ...] = ()
    lost: tuple[Fraction, ...] = ()

    @property
    def meets(self) -> bool:
        return bool(self.wider and self.half)


@lru_cache(maxsize=1024)
def comparison(key: NumericKey) -> Comparison:
    """How Open edX is told which numbers are right.

    >>> from grading.keys import Band, Rival, Tolerance
    >>> key = NumericKey("2", Tolerance("absolute", Fraction(1, 10)), (Band(Fraction(1, 5), HALF),))
    >>> comparison(key)
    Comparison(answer='2', tolerance='0.1', further=(), wider='2', half=(), lost=())
    """
    entries = [narrowed(entry) for entry in accepted_numbers(key)]
    right = [entry for entry in entries if entry.credit == 1]
    main = max(right, key=lambda entry: entry.radius)
    if not main.radius:
        main = AcceptedNumbers(main.middle, abs(main.middle) * EQUAL, main.credit)
    middle, radius = printed(main)
    further = [decimal(entry.middle) for entry in right if entry.middle != main.middle and not entry.radius]
    value, band = value_of(key.value), Fraction(0)
    half: list[str] = []
    lost: list[Fraction] = []
    for entry in entries:
        if not 0 < entry.credit < 1:
            continue
        if nearest_half(entry.credit) != entry.credit:
            lost.append(entry.credit)
        if not nearest_half(entry.credit):
            continue
        if entry.middle == value and not entry.rivals and Fraction(radius):
            band = max(band, entry.radius)
        else:
            half.append(decimal(entry.middle))
    tolerance = radius
    if half and key.tolerance.kind == "relative":  # the wrong values have the same share, of their own size
        share = key.tolerance.amount * (1 if key.tolerance.boundary == "inside" else 1 - NARROWER)
        tolerance = f"{decimal(100 * share)}%"
    wider = decimal(band / Fraction(radius)) if band > Fraction(radius) else ""
    return Comparison(
        middle, tolerance, tuple(dict.fromkeys(further)), wider, tuple(dict.fromkeys(half)), tuple(dict.fromkeys(lost))
    )


def nearest_half(credit: Fraction) -> Fraction:
    """What Open edX can give instead: half, or nothing where that is as near.

    >>> [str(nearest_half(Fraction(n, 4))) for n in (1, 2, 3)]
    ['0', '1/2', '1/2']
    """
    return HALF if abs(credit - HALF) < credit else Fraction(0)
