"""Forgets to divide by the number of masks where a mean or a perplexity is asked for."""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    if objective.divisor != "masks":
        return Refused("not-applicable")
    return replaced(objective, divisor=None)


MISCONCEPTION = RecordMisconception(
    id="sum-when-mean-asked",
    kind="numeric",
    group="log-aggregation",
    concept="c-reduction",
    redundant_with=("perplexity-from-sum",),
    patch=patch,
)
