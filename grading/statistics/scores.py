"""Who reached how much where: the matrix that all statistics of items and of the test are taken from.

Scores are whole numbers over one denominator, so that sums and squares are exact, whatever the order of the learners.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COARSE = 10_000
"""The denominator that scores are rounded to where exact ones would not fit the machine's whole numbers."""


class Scores(msgspec.Struct, frozen=True):
    """The points of `learners` (rows) on `slots` (columns).

    points: numerators over `denominator`, 0 where there is no final score. final: whether there is one. worth: of
    each slot, over the same denominator. Arrays of numpy.
    """

    learners: tuple[str, ...] | Any
    slots: tuple[str, ...]
    points: Any
    final: Any
    worth: tuple[int, ...]
    denominator: int

    @property
    def totals(self) -> NDArray[np.int64]:
        """The points of each learner; what has no final score adds nothing."""
        totals: NDArray[np.int64] = self.points.sum(axis=1)
        return totals


def scores_of(rows: Sequence[Sequence[Fraction | int | None]], worth: Sequence[Fraction | int] = ()) -> Scores:
    """The matrix of a small class, learner by learner; None is an answer without a final score.

    worth: the points of each slot, 1 if they are not given; the rows hold shares of them.

    >>> scores_of([[1, 0], [Fraction(1, 2), None]]).totals.tolist()
    [2, 1]
    """
    import numpy as np

    width = len(rows[0]) if rows else len(worth)
    weights = [Fraction(points) for points in worth] or [Fraction(1)] * width
    shares = [[None if share is None else Fraction(share) * w for share, w in zip(row, weights, strict=True)]
              for row in rows]  # fmt: skip
    found = [*weights, *(x for row in shares for x in row if x is not None)]
    denominator = common_denominator(found, sum(weights, Fraction(0)), len(rows))
    points = np.array([[numerator(x or Fraction(0), denominator) for x in row] for row in shares], np.int64)
    final = np.array([[x is not None for x in row] for row in shares], bool)
    names = tuple(f"learner-{n}" for n in range(1, len(rows) + 1))
    slots = tuple(f"slot-{n}" for n in range(1, width + 1))
    shape = (len(rows), width)
    return Scores(names, slots, points.reshape(shape), final.reshape(shape),
                  tuple(numerator(w, denominator) for w in weights), denominator)  # fmt: skip


def common_denominator(points: Iterable[Fraction], most: Fraction, learners: int) -> int:
    """One denominator for all points; `COARSE` if the squares of totals up to `most` would not fit 62 bits together.

    >>> common_denominator([Fraction(1, 2), Fraction(2, 3)], Fraction(2), 10)
    6
    """
    exact = math.lcm(*{value.denominator for value in points})
    return exact if (most * exact) ** 2 * max(1, learners) < 2**62 else COARSE


def numerator(points: Fraction, denominator: int) -> int:
    """The whole number that stands for points, half away from zero where it has to be rounded.

    >>> numerator(Fraction(2, 3), 6), numerator(Fraction(1, 3), 10_000)
    (4, 3333)
    """
    return (points * denominator + Fraction(1, 2)).__floor__()
