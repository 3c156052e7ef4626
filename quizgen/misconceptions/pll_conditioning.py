"""Masks one token at a time, so that each term sees the other masked words (pseudo-log-likelihood)."""

from __future__ import annotations

import msgspec

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, each_term


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    return each_term(
        objective, lambda term: msgspec.structs.replace(term, given=masked.single_mask_context(term.position))
    )


MISCONCEPTION = RecordMisconception(
    id="pll-conditioning", kind="expression", group="conditioning", concept="c-pll", patch=patch
)
