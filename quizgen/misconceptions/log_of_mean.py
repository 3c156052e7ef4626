"""Averages the probabilities first and then takes one logarithm.

The mean is already taken inside, so nothing is divided outside; a perplexity becomes one over the mean. Equal to the
mean loss where all probabilities are equal: use clearly unequal ones.
"""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    if objective.inner != "log" or objective.combine != "sum" or objective.outer not in ("identity", "exp"):
        return Refused("not-applicable")
    averaged = replaced(objective, inner="identity", combine="mean", divisor=None)
    if objective.outer == "exp":
        return replaced(averaged, outer="reciprocal", sign=1)
    return replaced(averaged, outer="log")


MISCONCEPTION = RecordMisconception(
    id="log-of-mean", kind="expression", group="log-aggregation", concept="c-reduction", patch=patch
)
