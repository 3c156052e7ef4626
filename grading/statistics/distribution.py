"""How the totals of a class are spread, without showing anybody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from grading.statistics.items import LEAST

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STEPS = 20
"""The finest histogram has so many bars of equal width."""


class Bar(msgspec.Struct, frozen=True):
    """Learners whose share of the points is at least `low` and less than `high` (the last bar: at most)."""

    low: float
    high: float
    learners: int


class Distribution(msgspec.Struct, frozen=True):
    """Of the shares of all points. bars: as narrow as they can be with at least five learners, or nobody, in each.

    median and quartiles: None where fewer than five learners would lie beyond one of them.
    """

    learners: int
    mean: float | None
    deviation: float | None
    median: float | None
    lower_quartile: float | None
    upper_quartile: float | None
    bars: tuple[Bar, ...]


def distribution(shares: Sequence[float] | NDArray[np.float64], least: int = LEAST) -> Distribution:
    """The distribution of shares of the points, each between 0 and 1.

    >>> found = distribution([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
    >>> [(bar.low, bar.high, bar.learners) for bar in found.bars], round(found.median, 2)
    ([(0.0, 0.1, 0), (0.1, 0.6, 5), (0.6, 1.0, 5)], 0.55)
    """
    import numpy as np

    values = np.sort(np.asarray(shares, np.float64))
    learners = len(values)
    if learners < least:
        return Distribution(learners, None, None, None, None, None, ())
    quarter = learners >= 4 * least
    return Distribution(
        learners,
        float(values.mean()),
        float(values.std()),
        _quantile(values, 0.5) if learners >= 2 * least else None,
        _quantile(values, 0.25) if quarter else None,
        _quantile(values, 0.75) if quarter else None,
        _bars(values, least),
    )


def _quantile(values: NDArray[np.float64], share: float) -> float:
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return float(values[low] + (values[high] - values[low]) * (place - low))


def _bars(values: NDArray[np.float64], least: int) -> tuple[Bar, ...]:
    """Neighbouring bars are put together until each has enough learners, or none."""
    import numpy as np

    steps = np.floor(values.clip(0, 1) * STEPS + 1e-9).astype(int).clip(0, STEPS - 1)
    counts = np.bincount(steps, minlength=STEPS).tolist()
    fine = _steps_for(len(values), least)
    width = STEPS // fine
    counts = [sum(counts[k * width : (k + 1) * width]) for k in range(fine)]
    bars: list[Bar] = []
    begun, waiting = 0, 0
    for step, count in enumerate(counts, 1):
        waiting += count
        if waiting >= least or waiting == 0:
            if waiting == 0 and bars and bars[-1].learners == 0:
                begun = round(bars.pop().low * fine)
            bars.append(Bar(begun / fine, step / fine, waiting))
            begun, waiting = step, 0
    if waiting:  # those at the upper end are too few by themselves
        while bars and waiting < least:
            last = bars.pop()
            begun, waiting = round(last.low * fine), waiting + last.learners
        bars.append(Bar(begun / fine, 1.0, waiting))
    return tuple(bars)


def _steps_for(learners: int, least: int) -> int:
    """Bars of 5 % for a large class, of 10 % for a smaller one."""
    return STEPS if learners >= 20 * least else STEPS // 2
