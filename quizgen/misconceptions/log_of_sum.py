"""Takes one logarithm of the summed probabilities.

A sum above one makes the "loss" negative, which gives it away. It ranks models like `sum-of-probs`.
"""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    if objective.inner not in ("log", "identity") or objective.combine != "sum" or objective.outer != "identity":
        return Refused("not-applicable")
    return replaced(objective, inner="identity", outer="log")


MISCONCEPTION = RecordMisconception(
    id="log-of-sum",
    kind="expression",
    group="log-aggregation",
    concept="c-log-rules",
    redundant_with=("sum-of-probs",),
    patch=patch,
)
