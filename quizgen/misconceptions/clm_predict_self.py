"""Lets a causal language model see the token that it predicts.

Only where tokens are predicted in an order: then position t is scored from x_1 to x_t.
"""

from __future__ import annotations

import msgspec

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, each_term


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    if not masked.order:
        return Refused("not-applicable")
    return each_term(objective, lambda term: msgspec.structs.replace(term, given=masked.context_up_to(term.position)))


MISCONCEPTION = RecordMisconception(
    id="clm-predict-self",
    kind="expression",
    group="phase2",
    concept="c-clm",
    about="conditioning",
    patch=patch,
)
