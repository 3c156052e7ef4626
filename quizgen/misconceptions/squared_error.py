"""Takes the squared error (1 - p)² as the loss."""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    if objective.inner != "log" or objective.outer != "identity":
        return Refused("not-applicable")
    return replaced(objective, inner="squared")


MISCONCEPTION = RecordMisconception(
    id="squared-error", kind="numeric", group="log-base", concept="c-cross-entropy", patch=patch
)
