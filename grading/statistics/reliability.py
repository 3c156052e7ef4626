"""How well a test tells learners apart: KR-20, Cronbach's alpha, the standard error of measurement.

Kuder, G. F. & Richardson, M. W. (1937), Psychometrika 2, 151-160; Cronbach, L. J. (1951), Psychometrika 16, 297-334.
Variances are those of the class itself (divided by the number of learners), of the items as of the totals.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import msgspec

from grading.statistics.intervals import Interval, reliability_interval
from grading.statistics.scores import Scores


class Reliability(msgspec.Struct, frozen=True):
    """Of a test.

    kr20: None unless every item is worth the same and every score is all or nothing; then it is `alpha`.
    alpha: None for fewer than two items or learners, or if all totals are equal. interval: of `alpha`.
    error: the standard error of measurement, in points: deviation · √(1 − alpha). mean, deviation: of the totals.
    items: how many were counted. without_score: answers on them without a final score, which count as 0 here.
    """

    kr20: float | None
    alpha: float | None
    interval: Interval | None
    error: float | None
    mean: float
    deviation: float
    learners: int
    items: int
    without_score: int


def reliability(scores: Scores, columns: Sequence[int] | None = None) -> Reliability:
    """The reliability of the totals over these columns, or over all.

    >>> from grading.statistics.scores import scores_of
    >>> rows = ["11111", "11110", "11100", "11000", "10100", "01000"]
    >>> found = reliability(scores_of([[int(sign) for sign in row] for row in rows]))
    >>> round(found.kr20, 4), round(found.deviation ** 2, 4)
    (0.6538, 1.8056)
    """
    chosen = list(range(len(scores.slots)) if columns is None else columns)
    points, learners = scores.points[:, chosen], int(scores.points.shape[0])
    items, totals = len(chosen), points.sum(axis=1)
    whole, square = int(totals.sum()), int((totals * totals).sum())
    if not learners or not items:
        return Reliability(None, None, None, None, 0.0, 0.0, learners, items, 0)
    sums, squares = points.sum(axis=0).tolist(), (points * points).sum(axis=0).tolist()
    # n² times the variances, which are whole numbers
    of_totals = learners * square - whole * whole
    of_items = sum(learners * s - x * x for x, s in zip(sums, squares, strict=True))
    mean, scale = whole / (learners * scores.denominator), learners * scores.denominator
    deviation = math.sqrt(of_totals) / scale
    without = int((~scores.final[:, chosen]).sum())
    if items < 2 or not of_totals:
        return Reliability(None, None, None, None, mean, deviation, learners, items, without)
    alpha = float(Fraction(items, items - 1) * (1 - Fraction(of_items, of_totals)))
    worth = [scores.worth[column] for column in chosen]
    dichotomous = len(set(worth)) == 1 and bool(((points == 0) | (points == worth[0])).all())
    error = deviation * math.sqrt(max(0.0, 1 - alpha))
    interval = reliability_interval(alpha, learners, items)
    return Reliability(
        alpha if dichotomous else None, alpha, interval, error, mean, deviation, learners, items, without
    )
