"""How probable it is that a learner holds a misconception, by how many answers show it; the model is in `beliefs`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STRENGTHS = (0.25, 0.4, 0.55, 0.7, 0.85, 0.95)
"""How often a misconception that is held decides an answer that it applies to; all equally likely before."""
BEFORE = 0.02
"""The share of learners who hold a misconception, before the class is looked at, with the weight of `WEIGHT`
learners."""
WEIGHT = 5
_ROUNDS, _SETTLED = 60, 1e-9
MOST_SORTS = 2**62
"""Sorts of learners that fit into a number."""


def posterior(
    shown: Mapping[float, NDArray[np.int64]],
    absent: NDArray[np.int64],
    slip: NDArray[np.int64],
    asked: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """The probability that each learner holds it; 0 for those who were not asked. shown, absent: by attempt. slip: how
    many other answers there are, and how many of these are wrong."""
    import numpy as np

    rows = [*absent, *(row for count in shown.values() for row in count)]
    first, each = _alike([asked.astype(np.int64), *slip, *rows])
    shown = {chance: count[:, first] for chance, count in shown.items()}
    ratio = _ratio(shown, absent[:, first], _rate(slip[:, first]))
    learners, asked = np.bincount(each), asked[first]
    share, of = BEFORE, int(learners[asked].sum())
    probability = np.zeros(len(first))
    for _ in range(_ROUNDS):
        odds = np.log(share / (1 - share)) + ratio
        probability = np.where(asked, 1 / (1 + np.exp(-odds.clip(-700, 700))), 0.0)
        before, share = share, (float((learners * probability).sum()) + BEFORE * WEIGHT) / (of + WEIGHT)
        if abs(before - share) < _SETTLED:
            break
    found: NDArray[np.float64] = probability[each]
    return found


def _rate(slip: NDArray[np.int64]) -> NDArray[np.float64]:
    """The share of wrong answers; with four more of which one is wrong, for a learner of whom little is known."""
    others, wrong = slip
    rate: NDArray[np.float64] = (wrong + 1) / (others + 4)
    return rate


def _ratio(
    shown: Mapping[float, NDArray[np.int64]], absent: NDArray[np.int64], slip: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The logarithm of how much better the answers are explained by holding it than by slips alone, for each learner.
    shown, absent: by attempt. slip: how often other answers are wrong."""
    import numpy as np

    parts = _shares_of_stories(sum(shown.values(), absent))
    logs = []
    for strength in STRENGTHS:
        log = absent.astype(float) * math.log(1 - strength)
        for chance, count in shown.items():
            accident = slip * chance / (slip * chance + 1 - slip)
            log = log + count * np.log(strength / accident + 1 - strength)
        until = np.cumsum(log, axis=0)
        logs += [until[-1] + parts[0]]
        for number, part in enumerate(parts[1:]):
            logs += [until[number] + part, until[-1] - until[number] + part]
    stacked = np.array(logs)
    top = stacked.max(axis=0)
    ratio: NDArray[np.float64] = top + np.log(np.exp(stacked - top).sum(axis=0) / len(STRENGTHS))
    return ratio


def _alike(columns: Sequence[NDArray[np.int64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Learners whose numbers are the same: the place of one of each sort, and the sort of every learner.

    columns: numbers from 0, one for each learner. A class has few sorts, whatever its size.

    >>> import numpy as np
    >>> first, each = _alike([np.array([0, 1, 0]), np.array([5, 5, 5])])
    >>> first.tolist(), each.tolist()
    ([0, 1], [0, 1, 0])
    """
    import numpy as np

    sort, sorts = np.zeros(len(columns[0]), np.int64), 1
    for column in columns:
        kinds = int(column.max(initial=0)) + 1
        if sorts * kinds > MOST_SORTS:
            sort = np.unique(sort, return_inverse=True)[1]
            sorts = int(sort.max(initial=0)) + 1
        sort, sorts = sort * kinds + column, sorts * kinds
    _, first, each = np.unique(sort, return_index=True, return_inverse=True)
    return first, each


def _shares_of_stories(told: NDArray[np.int64]) -> list[NDArray[np.float64]]:
    """The logarithm of how likely each story is before: that it is held in all attempts, and for each attempt but the
    last that it is held up to this one, or only after it. told: answers that say something, by attempt and learner.

    All attempts have half, if there is something to tell before and after one of them, the rest is shared equally.
    """
    import numpy as np

    until = np.cumsum(told, axis=0)
    between = (until[:-1] > 0) & (until[-1] - until[:-1] > 0)
    several = between.sum(axis=0)
    with np.errstate(divide="ignore"):
        each = np.where(between, -np.log(4 * several.astype(float)), -np.inf)
    return [np.where(several > 0, math.log(0.5), 0.0), *each]
