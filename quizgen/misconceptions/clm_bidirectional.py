"""Lets a causal language model see the tokens to the right of the one that it predicts.

Only where tokens are predicted in an order. The last word of a sentence has nothing to its right; if it is the only one
that is predicted, nothing is wrong.
"""

from __future__ import annotations

import msgspec

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, each_term


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    if not masked.order:
        return Refused("not-applicable")
    return each_term(
        objective, lambda term: msgspec.structs.replace(term, given=masked.single_mask_context(term.position))
    )


MISCONCEPTION = RecordMisconception(
    id="clm-bidirectional",
    kind="expression",
    group="phase2",
    concept="c-clm",
    about="conditioning",
    patch=patch,
)
