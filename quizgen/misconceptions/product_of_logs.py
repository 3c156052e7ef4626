"""Multiplies the log-probabilities instead of adding them.

A loss multiplies the losses of the tokens. In bits, powers of one half can make product and sum equal.
"""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    if objective.inner != "log" or objective.combine != "sum" or objective.outer != "identity":
        return Refused("not-applicable")
    return replaced(objective, combine="product")


MISCONCEPTION = RecordMisconception(
    id="product-of-logs", kind="expression", group="log-aggregation", concept="c-log-rules", patch=patch
)
