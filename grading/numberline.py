"""The grades of all plain decimals at once: between two neighbouring places where a grade can change it is one.

A key has a few such places: the ends of its tolerance, its bands and its wrong values. Each is known to lie between
two close rational bounds. A decimal outside all of these bounds is in a cell whose grade any other number of the
cell has too; one inside them is decided exactly by the grader. Integers only, so that no rounding takes part.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from math import ceil, floor

from grading.graders.numeric import edges
from grading.keys import NumericKey

PLACES = 12
"""Decimal places that a number may have here; others go to the grader."""

_DECIMAL = re.compile(r"([+-]?)([0-9]{1,15})(?:\.([0-9]{1,12}))?")
_MAYBE_GROUP = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")
"""Beside commas a point may separate thousands: two readings, which only the grader compares."""


class NumberLine:
    """The cells of one key.

    >>> line = NumberLine(NumericKey("1"))
    >>> line.cell("1.01") == line.cell("1.02") != line.cell("0.99")
    True
    >>> [line.cell(text) for text in ("1", "1.00", "2/2")]
    [None, None, None]
    """

    def __init__(self, key: NumericKey) -> None:
        unit = 10**PLACES
        self._comma = key.decimal_comma
        self._careful = key.digits is not None  # then 1.6 and 1.60 are two answers
        self._edges: list[int] = []  # bounds of a place: inside, one after the end; alternating
        for low, high in () if self._careful else sorted(edges(key)):
            begin, end = floor(low * unit), ceil(high * unit) + 1
            if self._edges and begin <= self._edges[-1]:
                self._edges[-1] = max(self._edges[-1], end)
            else:
                self._edges += [begin, end]

    def cell(self, text: str) -> int | None:
        """The cell that a text falls into; None if it is no plain decimal or the grader has to decide."""
        found = None if self._careful else _DECIMAL.fullmatch(text)
        if found is None or (self._comma and _MAYBE_GROUP.fullmatch(text)):
            return None
        sign, whole, part = found.groups("")
        edges = bisect_right(self._edges, int(sign + whole + part.ljust(PLACES, "0")))
        return None if edges % 2 else edges // 2
