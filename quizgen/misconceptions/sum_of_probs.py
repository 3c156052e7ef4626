"""Adds the probabilities without taking logarithms.

Not a loss any more, so it is written without a sign. With one mask it is the bare probability. It ranks models
like `linear-loss` and `log-of-sum`. In comparisons its winner must differ from the key's.
"""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    if objective.inner != "log" or objective.outer != "identity":
        return Refused("not-applicable")
    return replaced(objective, inner="identity", sign=1)


MISCONCEPTION = RecordMisconception(
    id="sum-of-probs",
    kind="expression",
    group="log-aggregation",
    concept="c-log-likelihood",
    redundant_with=(
        "linear-loss",
        "log-of-sum",
        "product-of-probs",
    ),
    patch=patch,
)
