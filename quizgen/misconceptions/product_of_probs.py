"""Leaves the likelihood as a product instead of taking its logarithm.

It has the same maximiser for one sentence, so it is a wrong option only where the value or the log-likelihood
is asked for; among "the same optimum" it is right.
"""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    if objective.inner != "log" or objective.outer != "identity":
        return Refused("not-applicable")
    return replaced(objective, inner="identity", combine="product", sign=1, divisor=None)


MISCONCEPTION = RecordMisconception(
    id="product-of-probs",
    kind="expression",
    group="log-aggregation",
    concept="c-log-likelihood",
    use="conditional",
    redundant_with=("sum-of-probs",),
    patch=patch,
)
