"""How probable it is that a learner holds a misconception, by how many answers show it; the model is in `beliefs`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STRENGTHS = (0.25, 0.4, 0.55, 0.7, 0.85, 0.95)
"""How often a misconception that is held decides an answer that it applies to; all equally likely before the class is
looked at, with the weight of `EACH` misconceptions for each of them."""
EACH = 3
BEFORE = 0.02
"""The share of learners who hold a misconception, before the class is looked at, with the weight of `WEIGHT`
learners."""
WEIGHT = 5
RATES = tuple(1 - (1 - (part + 0.5) / 16) ** (1 / 3) for part in range(16))
"""How often an answer that no misconception decides is wrong, from 1 % to 69 %; all equally likely before. They are the
middles of sixteen equal parts of the distribution Beta(1, 3), whose mean is 1/4."""
PARTS = 8
"""How likely a slip is not one after all is counted in these parts of one, so that learners can be counted alike."""
_PASSES, _ROUNDS, _SETTLED = 2, 60, 1e-9
MOST_SORTS = 2**62
"""Sorts of learners that fit into a number."""


class Telling(msgspec.Struct, frozen=True):
    """What the answers of a class tell of one misconception.

    shown: how many answers show it, by the chance that a wrong answer without a belief shows it; arrays (attempts,
    learners). absent: how many could and do not, such an array. asked: who had a question that can show it.
    """

    shown: Mapping[float, Any]
    absent: Any
    asked: Any

    @property
    def shows(self) -> NDArray[np.int64]:
        """How many answers of each learner show it."""
        import numpy as np

        return sum((count.sum(axis=0) for count in self.shown.values()), np.zeros(len(self.asked), np.int64))

    @property
    def tells(self) -> NDArray[np.int64]:
        """How many answers of each learner show it or could."""
        found: NDArray[np.int64] = self.shows + self.absent.sum(axis=0)
        return found


def posteriors(
    tellings: Sequence[Telling], right: NDArray[np.int64], wrong: NDArray[np.int64]
) -> list[NDArray[np.float64]]:
    """For each misconception the probability that each learner holds it; 0 for those who were not asked.

    right, wrong: how many answers of each learner are. Wrong ones are slips only as far as no misconception that is
    probably held explains them, so all are weighed twice: with every wrong answer a slip, and with what was found.
    """
    import numpy as np

    explained = [np.zeros(len(right), np.int64) for _ in tellings]
    found: list[NDArray[np.float64]] = []
    for _ in range(_PASSES):
        every = sum(explained, np.zeros(len(right), np.int64))
        compared = []
        for one, mine in zip(tellings, explained, strict=True):
            slips = wrong * PARTS - (every - mine) - PARTS * one.shows
            compared.append(_compared(one, right, slips.clip(0)))
        found = _settled(compared)
        explained = [np.rint(PARTS * p).astype(np.int64) * one.shows for one, p in zip(tellings, found, strict=True)]
    return found


class _Compared(msgspec.Struct, frozen=True):
    """Of one misconception the logarithms of how much better the answers of each sort of learner are explained by
    holding it with each strength than by slips alone, (strengths, sorts); the sort of each learner, how many there
    are of each, and whether they were asked."""

    ratio: Any
    sort: Any
    size: Any
    asked: Any


def _compared(telling: Telling, right: NDArray[np.int64], slips: NDArray[np.int64]) -> _Compared:
    """right, slips: other answers of each learner; slips in `PARTS`."""
    import numpy as np

    rows = [*telling.absent, *(row for count in telling.shown.values() for row in count)]
    first, sort = _alike([telling.asked.astype(np.int64), right, slips, *rows])
    shown = {chance: count[:, first] for chance, count in telling.shown.items()}
    rate = np.array(RATES)[:, None]
    others = right[first] * np.log(1 - rate) + slips[first] / PARTS * np.log(rate)
    ratio = _ratio(shown, telling.absent[:, first], others)
    return _Compared(ratio, sort, np.bincount(sort), telling.asked[first])


def _settled(compared: Sequence[_Compared]) -> list[NDArray[np.float64]]:
    """The probabilities at the shares of holders and of strengths that explain the class best, together with what is
    thought before."""
    import numpy as np

    shares, strengths = [BEFORE] * len(compared), np.full(len(STRENGTHS), 1 / len(STRENGTHS))
    found: list[NDArray[np.float64]] = []
    for _ in range(_ROUNDS):
        found, before, of_strength = [], list(shares), np.full(len(STRENGTHS), float(EACH))
        for number, one in enumerate(compared):
            parts = np.log(strengths)[:, None] + one.ratio
            whole = _sum_of(parts, axis=0)
            odds = np.log(shares[number] / (1 - shares[number])) + whole
            probability = np.where(one.asked, 1 / (1 + np.exp(-odds.clip(-700, 700))), 0.0)
            holders = probability * one.size
            of_strength += (np.exp(parts - whole) * holders).sum(axis=1)
            shares[number] = (float(holders.sum()) + BEFORE * WEIGHT) / (int(one.size[one.asked].sum()) + WEIGHT)
            found.append(probability)
        strengths = of_strength / of_strength.sum()
        if all(abs(was - now) < _SETTLED for was, now in zip(before, shares, strict=True)):
            break
    return [probability[one.sort] for probability, one in zip(found, compared, strict=True)]


def _ratio(
    shown: Mapping[float, NDArray[np.int64]], absent: NDArray[np.int64], others: NDArray[np.float64]
) -> NDArray[np.float64]:
    """As in `_Compared`. others: the logarithm of how likely the other answers are at each of `RATES`, (rates,
    sorts). Those that do not show it are among them, since nothing but a belief keeps an answer from being one."""
    import numpy as np

    shares = _shares_of_stories(sum(shown.values(), absent))
    slips = np.cumsum(_log_likelihood(0.0, shown, absent), axis=0)
    without = _sum_of(others + slips[-1], axis=0)
    found = []
    for strength in STRENGTHS:
        held = np.cumsum(_log_likelihood(strength, shown, absent), axis=0)
        stories = [held[-1] + shares[0]]
        for last, share in enumerate(shares[1:]):
            stories += [held[last] + slips[-1] - slips[last] + share, held[-1] - held[last] + slips[last] + share]
        found.append(_sum_of(others + np.array(stories), axis=(0, 1)) - without)
    return np.array(found)


def _log_likelihood(
    strength: float, shown: Mapping[float, NDArray[np.int64]], absent: NDArray[np.int64]
) -> NDArray[np.float64]:
    """What a misconception of this strength does to answers that tell something; (attempts, rates, sorts)."""
    import numpy as np

    rate = np.array(RATES)[:, None]
    found = np.repeat(absent[:, None, :] * math.log(1 - strength), len(RATES), axis=1)
    for chance, count in shown.items():
        found += count[:, None, :] * np.log(strength + (1 - strength) * rate * chance)
    return found


def _sum_of(logs: NDArray[np.float64], axis: int | tuple[int, ...]) -> NDArray[np.float64]:
    """The logarithm of a sum of which logarithms are given."""
    import numpy as np

    top = logs.max(axis=axis)
    total: NDArray[np.float64] = top + np.log(np.exp(logs - top).sum(axis=axis))
    return total


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
