"""Writes one joint probability of all masked tokens.

Always right for a masked language model, whose output layer defines the joint as the product: it may be a second key,
never a wrong option.
"""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    if objective.combine != "sum" or objective.inner != "log" or len({term.given for term in objective.terms}) > 1:
        return Refused("not-applicable")
    return replaced(objective, combine="joint")


MISCONCEPTION = RecordMisconception(
    id="joint-instead-of-marginals",
    kind="expression",
    group="conditioning",
    concept="c-mlm-independence",
    use="never",
    patch=patch,
)
