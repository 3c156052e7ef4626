"""Facility and discrimination of each item, from whole numbers.

Facility with Wilson's interval; the corrected item-rest correlation, in which an item is not compared with itself;
and D, the difference between the 27 % with the highest and the 27 % with the lowest totals (Kelley, T. L. (1939), J.
Educ. Psychol. 30, 17-24). Of learners with equal totals at the border, each counts in part, so that their order is
no matter.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

import msgspec

from grading.statistics.intervals import Interval, correlation_interval, wilson
from grading.statistics.scores import Scores

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TAIL = Fraction(27, 100)
LEAST = 5
"""Of a group of fewer learners nothing is told."""


class ItemStatistics(msgspec.Struct, frozen=True):
    """One slot. learners: with a final score. Everything else is None if they are too few, or does not exist.

    facility: mean share of the points. discrimination: correlation with the points on all other slots.
    upper_lower: D; the groups have the size of `tail`, 0 if that would be fewer than five learners.
    """

    slot: str
    learners: int
    facility: float | None = None
    facility_interval: Interval | None = None
    discrimination: float | None = None
    discrimination_interval: Interval | None = None
    upper_lower: float | None = None
    tail: int = 0


def item_statistics(scores: Scores, least: int = LEAST) -> Iterator[ItemStatistics]:
    """Of each slot, in their order. least: learners that a group must have.

    >>> from grading.statistics.scores import scores_of
    >>> rows = ["11111", "11110", "11100", "11000", "10100", "01000"]
    >>> scores = scores_of([[int(sign) for sign in row] for row in rows])
    >>> [round(item.discrimination, 4) for item in item_statistics(scores)]
    [0.3873, 0.0, 0.4417, 0.7385, 0.5394]
    """
    totals = scores.totals
    for column, slot in enumerate(scores.slots):
        final = scores.final[:, column]
        learners = int(final.sum())
        if learners < max(1, least):
            yield ItemStatistics(slot, learners)
            continue
        mine, worth = scores.points[:, column][final], scores.worth[column]
        if not worth:
            yield ItemStatistics(slot, learners)
            continue
        facility = Fraction(int(mine.sum()), learners * worth)
        r = correlation(mine, totals[final] - mine)
        tail = tail_size(learners)
        yield ItemStatistics(
            slot,
            learners,
            float(facility),
            wilson(min(Fraction(1), max(Fraction(0), facility)), learners),
            r,
            None if r is None else correlation_interval(r, learners),
            float(upper_lower(mine, totals[final], worth)) if tail >= least else None,
            tail if tail >= least else 0,
        )


def correlation(one: NDArray[np.int64], other: NDArray[np.int64]) -> float | None:
    """Pearson's correlation of two columns of whole numbers; None if one of them does not vary.

    >>> import numpy as np
    >>> correlation(np.array([0, 1, 2]), np.array([5, 7, 9])), correlation(np.array([1, 1]), np.array([0, 2]))
    (1.0, None)
    """
    count, x, y = len(one), int(one.sum()), int(other.sum())
    across = count * int((one * other).sum()) - x * y
    first, second = count * int((one * one).sum()) - x * x, count * int((other * other).sum()) - y * y
    if not first or not second:
        return None
    return math.copysign(math.sqrt(Fraction(across * across, first * second)), across)


def tail_size(learners: int) -> int:
    """How many learners 27 % are, half up.

    >>> tail_size(100), tail_size(19), tail_size(16)
    (27, 5, 4)
    """
    return (learners * TAIL + Fraction(1, 2)).__floor__()


def upper_lower(mine: NDArray[np.int64], totals: NDArray[np.int64], worth: int) -> Fraction:
    """D of one item: mean share of the points in the upper tail, less that in the lower.

    >>> import numpy as np
    >>> upper_lower(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 3]), 1)
    Fraction(1, 1)
    """
    size = tail_size(len(mine))
    return (_mean_of_highest(mine, totals, size) - _mean_of_highest(mine, -totals, size)) / worth


def _mean_of_highest(mine: NDArray[np.int64], totals: NDArray[np.int64], size: int) -> Fraction:
    import numpy as np

    border = np.partition(totals, len(totals) - size)[len(totals) - size]
    above, tied = totals > border, totals == border
    share = Fraction(size - int(above.sum()), int(tied.sum()))
    return (int(mine[above].sum()) + share * int(mine[tied].sum())) / size
