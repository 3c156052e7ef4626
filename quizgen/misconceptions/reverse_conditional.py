"""Swaps the two sides of the conditioning bar."""

from __future__ import annotations

import msgspec

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, each_term


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    if any(term.given is None for term in objective.terms):
        return Refused("not-applicable")
    return each_term(objective, lambda term: msgspec.structs.replace(term, reverse=True))


MISCONCEPTION = RecordMisconception(
    id="reverse-conditional", kind="expression", group="conditioning", concept="c-conditional-prob", patch=patch
)
