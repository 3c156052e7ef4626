"""Was one paper as a whole harder than another?

Comparing variants question by question, with the points on all other questions held equal, cannot see a paper that
is harder throughout: its learners have fewer points everywhere. So whole papers are compared here, by an analysis of
covariance: the points on the questions that differ by paper, with the points on those that all papers have in common
held equal. Where they have none in common it is an analysis of variance, and a difference may be one of the learners.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from grading.statistics.intervals import Interval
from grading.statistics.items import LEAST
from grading.statistics.scores import Scores
from grading.statistics.variants import covariance, moments_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class PaperResult(msgspec.Struct, frozen=True):
    """One paper. mean: share of all points that its learners reached. effect: points that it gave more (or less) than
    the mean of the papers, on the questions that differ, to learners who are equal on the others; shrunk: the part of
    it that is not to be expected by chance."""

    paper: str
    learners: int
    mean: float
    effect: float
    interval: Interval
    shrunk: float


class PaperComparison(msgspec.Struct, frozen=True):
    """Papers of five learners or more. common: questions that all papers have in common. probability: of differences
    as large as these if all papers are equally hard. elsewhere: learners whose paper is not known or is rare."""

    papers: tuple[PaperResult, ...]
    common: int
    probability: float
    elsewhere: int


def compare_papers(
    scores: Scores, paper: NDArray[np.int32], names: Sequence[str], common: NDArray[np.bool_], least: int = LEAST
) -> PaperComparison | None:
    """The papers that enough learners had; None if there are not two.

    paper: which of `names` each learner had, -1 if that is not known. common: the slots that all papers have in
    common. What has no final score earns nothing, as in the marks of now.
    """
    import numpy as np

    counts = np.bincount(paper[paper >= 0], minlength=len(names))
    compared = np.flatnonzero(counts >= least)
    worth = np.array(scores.worth, np.int64) * scores.final.any(axis=0)  # what was taken out is worth nothing
    own, every = int(worth[~common].sum()), int(worth.sum())
    if len(compared) < 2 or not own:
        return None
    place = np.full(len(names) + 1, -1)
    place[compared] = np.arange(len(compared))
    kept = place[paper] >= 0
    group, points = place[paper][kept], scores.points[kept]
    x, y = points[:, common].sum(axis=1), points[:, ~common].sum(axis=1)
    probability, results = covariance(moments_of(group, x, y, len(compared)), own)
    totals = np.bincount(group, weights=(x + y).astype(float), minlength=len(compared))
    points_of = own / scores.denominator
    return PaperComparison(
        tuple(
            PaperResult(
                names[number],
                one.learners,
                float(total) / (one.learners * every),
                one.effect * points_of,
                Interval(one.interval.low * points_of, one.interval.high * points_of),
                one.shrunk * points_of,
            )
            for number, one, total in zip(compared.tolist(), results, totals, strict=True)
        ),
        int(common.sum()),
        probability,
        int(len(paper) - kept.sum()),
    )
