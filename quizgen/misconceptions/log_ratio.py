"""Subtracts the later log-probabilities from the first.

Equal to the key where a subtracted probability is one.
"""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    if objective.combine != "sum" or objective.outer == "log":
        return Refused("not-applicable")
    return replaced(objective, combine="alternating")


MISCONCEPTION = RecordMisconception(
    id="log-ratio", kind="expression", group="log-aggregation", concept="c-log-rules", patch=patch
)
