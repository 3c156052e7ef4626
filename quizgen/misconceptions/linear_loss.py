"""Takes the missing probability 1 - p as the loss.

At a fixed number of masks it ranks models exactly like `sum-of-probs`.
"""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    if objective.inner != "log" or objective.outer != "identity":
        return Refused("not-applicable")
    return replaced(objective, inner="linear")


MISCONCEPTION = RecordMisconception(
    id="linear-loss",
    kind="numeric",
    group="log-base",
    concept="c-cross-entropy",
    redundant_with=("sum-of-probs",),
    patch=patch,
)
