"""Are the variants of one slot equally hard? And how much would marks move if they were put right?

For each slot an analysis of covariance: the score on it by variant, with the points on all other slots held equal,
so that a variant that happened to go to better learners is not called easier (Fisher, R. A., Statistical Methods for
Research Workers, 4th ed. 1932, §49.1). Its F test is also near to that of random dealing (Pitman, E. J. G. (1938),
Biometrika 29, 322-335). Probabilities are corrected for the number of slots by Holm's method.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import msgspec

from grading.statistics.answers import by_number
from grading.statistics.intervals import Z95, Interval, f_tail, holm
from grading.statistics.items import LEAST
from grading.statistics.scores import Scores

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class VariantResult(msgspec.Struct, frozen=True):
    """One variant. facility: plain mean share. effect: how much more (or less) of the slot's points it gave than the
    mean of the variants to learners who are otherwise equal. shrunk: the part of `effect` that is not to be expected
    by chance (empirical Bayes)."""

    variant: int
    learners: int
    facility: float
    effect: float
    interval: Interval
    shrunk: float


class SlotComparison(msgspec.Struct, frozen=True):
    """One slot. variants: those with enough learners. left_out: variants with fewer. probability: of differences as
    large as these if all variants are equally hard; corrected: by Holm. None if fewer than two could be compared."""

    slot: str
    variants: tuple[VariantResult, ...]
    left_out: int
    probability: float | None = None
    corrected: float | None = None


class Sensitivity(msgspec.Struct, frozen=True):
    """How much papers differ by the luck of the draw, in points.

    deviation: of the papers' luck. largest: that any learner had, either way. moved: learners whose points would
    change by 1 % of the total or more if the luck were taken out.
    """

    deviation: float
    largest: float
    moved: int
    learners: int


def compare_variants(
    scores: Scores, variants: NDArray[np.int32], least: int = LEAST
) -> tuple[tuple[SlotComparison, ...], Sensitivity]:
    """Each slot, and what it means for the marks. variants: number of the variant by learner and slot, -1 for
    none."""
    found = list(_comparisons(scores, variants, least))
    tested = [n for n, slot in enumerate(found) if slot.probability is not None]
    for n, corrected in zip(tested, holm([found[n].probability or 0.0 for n in tested]), strict=True):
        found[n] = msgspec.structs.replace(found[n], corrected=corrected)
    return tuple(found), _sensitivity(scores, variants, found)


def _comparisons(scores: Scores, variants: NDArray[np.int32], least: int) -> Iterator[SlotComparison]:
    import numpy as np

    totals = scores.totals
    for column, slot in enumerate(scores.slots):
        rows = scores.final[:, column] & (variants[:, column] >= 0)
        which = variants[rows, column]
        counts = np.bincount(which) if len(which) else np.zeros(0, np.int64)
        compared = np.flatnonzero(counts >= least)
        left_out = int(((counts > 0) & (counts < least)).sum())
        worth = scores.worth[column]
        if len(compared) < 2 or not worth:
            yield SlotComparison(slot, (), left_out + len(compared) if len(compared) < 2 else left_out)
            continue
        place = np.full(len(counts), -1)
        place[compared] = np.arange(len(compared))
        kept = place[which] >= 0
        y = scores.points[rows, column][kept]
        x = totals[rows][kept] - y
        moments = moments_of(place[which][kept], x, y, len(compared))
        probability, results = covariance(moments, worth)
        named = tuple(msgspec.structs.replace(r, variant=int(v)) for r, v in zip(results, compared, strict=True))
        yield SlotComparison(slot, named, left_out, probability)


Moments = list[tuple[int, int, int, int, int, int]]
"""Of each group: count, Σx, Σy, Σx², Σxy, Σy²."""


def moments_of(group: NDArray[np.int64], x: NDArray[np.int64], y: NDArray[np.int64], groups: int) -> Moments:
    """The sums that `covariance` is made of. group: from 0, none of them empty; x: held equal; y: compared."""
    import numpy as np

    order = by_number(group.astype(np.int32), groups)
    starts = np.searchsorted(group[order], np.arange(groups))
    x, y = x[order], y[order]
    sums = [np.add.reduceat(column, starts).tolist() for column in (x, y, x * x, x * y, y * y)]
    counts = np.bincount(group, minlength=groups).tolist()
    return list(zip(counts, *sums, strict=True))


def covariance(moments: Moments, worth: int) -> tuple[float, tuple[VariantResult, ...]]:
    """The probability of the F test, and each group. worth: what y is divided by to be a share."""
    within = [Fraction(0)] * 3
    for n, x, y, xx, xy, yy in moments:
        within = [w + s for w, s in zip(within, _spread(n, x, y, xx, xy, yy), strict=True)]
    n, x, y, xx, xy, yy = (sum(column) for column in zip(*moments, strict=True))
    all_together = _spread(n, x, y, xx, xy, yy)
    slope = within[1] / within[0] if within[0] else Fraction(0)
    full = within[2] - slope * within[1]
    reduced = all_together[2] - (all_together[1] ** 2 / all_together[0] if all_together[0] else 0)
    groups = len(moments)
    freedom = n - groups - (1 if within[0] else 0)
    between = max(Fraction(0), reduced - full)
    if freedom < 1 or not full:
        probability = 1.0 if not between or freedom < 1 else 0.0
        error = Fraction(0)
    else:
        error = full / freedom
        probability = f_tail(float(between / (groups - 1) / error), groups - 1, freedom)
    centre = Fraction(x, n)
    adjusted = [Fraction(gy, gn) - slope * (Fraction(gx, gn) - centre) for gn, gx, gy, *_ in moments]
    mean = sum(adjusted, Fraction(0)) / groups
    size = (n - Fraction(sum(gn * gn for gn, *_ in moments), n)) / (groups - 1)
    variance = max(Fraction(0), (between / (groups - 1) - error) / size)
    results = []
    for (gn, gx, gy, *_), value in zip(moments, adjusted, strict=True):
        spread = error / gn + (error * (Fraction(gx, gn) - centre) ** 2 / within[0] if within[0] else 0)
        effect, half = float((value - mean) / worth), Z95 * math.sqrt(spread) / worth
        kept = float(variance / (variance + spread)) if variance else 0.0
        interval = Interval(effect - half, effect + half)
        results.append(VariantResult(0, gn, gy / (gn * worth), effect, interval, effect * kept))
    return probability, tuple(results)


def _spread(n: int, x: int, y: int, xx: int, xy: int, yy: int) -> tuple[Fraction, Fraction, Fraction]:
    """Sums of squares and products about the means."""
    return xx - Fraction(x * x, n), xy - Fraction(x * y, n), yy - Fraction(y * y, n)


def _sensitivity(scores: Scores, variants: NDArray[np.int32], found: Sequence[SlotComparison]) -> Sensitivity:
    import numpy as np

    luck = np.zeros(len(scores.learners))
    for column, slot in enumerate(found):
        if slot.variants:
            effects = np.zeros(int(variants[:, column].max()) + 2)
            for one in slot.variants:
                effects[one.variant] = one.shrunk * scores.worth[column] / scores.denominator
            luck += np.where(scores.final[:, column], effects[variants[:, column]], 0.0)
    if not len(luck):
        return Sensitivity(0.0, 0.0, 0, 0)
    luck -= luck.mean()
    of = sum(scores.worth) / scores.denominator
    moved = int((np.abs(luck) >= of / 100).sum()) if of else 0
    return Sensitivity(float(luck.std()), float(np.abs(luck).max()), moved, len(luck))
