"""Gives the negative of what is asked for: the loss for the objective or the objective for the loss.

Read together with the opposite direction it is right, so options must be bare expressions and the stem must print the
direction. There is no negative perplexity; its inverse is `perplexity-is-probability`.
"""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    if objective.outer in ("exp", "reciprocal"):
        return Refused("not-applicable")
    return replaced(objective, sign=-objective.sign)


MISCONCEPTION = RecordMisconception(
    id="flip-sign", kind="expression", group="sign", concept="c-mlm-nll", use="conditional", patch=patch
)
