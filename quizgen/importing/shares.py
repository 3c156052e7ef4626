"""Shares of the points and plain numbers as files write them, exactly."""

from __future__ import annotations

import re
from fractions import Fraction

_NUMBER = re.compile(r"[+-]?(?:\d{1,60}(?:\.\d{0,60})?|\.\d{1,60})(?:[eE][+-]?\d{1,2})?")
_WITHIN = Fraction(1, 10**6)
_MOST_PARTS = 20


def exact_number(text: str) -> Fraction | None:
    """The number that a text writes, None if it is none (or has more digits than anybody needs).

    >>> exact_number("-1.5e2"), exact_number("1,5")
    (Fraction(-150, 1), None)
    """
    text = text.strip().replace("\u2212", "-")
    return Fraction(text) if _NUMBER.fullmatch(text) else None


def percent(text: str) -> Fraction | None:
    """A percentage as the share that is meant: thirds, sixths, sevenths and ninths are written rounded.

    >>> percent("33.33333"), percent("-14.28571"), percent("62.5"), percent("a lot")
    (Fraction(1, 3), Fraction(-1, 7), Fraction(5, 8), None)
    """
    value = exact_number(text.strip().removesuffix("%"))
    return None if value is None else share(value / 100)


def share(value: Fraction) -> Fraction:
    """The simple fraction that a rounded share stands for.

    >>> share(Fraction("0.3333333")), share(Fraction("0.31"))
    (Fraction(1, 3), Fraction(31, 100))
    """
    simple = value.limit_denominator(_MOST_PARTS)
    return simple if abs(simple - value) <= _WITHIN else value
