"""Adds a term for [CLS]."""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, terms_at


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    return terms_at(objective, masked, tuple(sorted({0} | {term.position for term in objective.terms})))


MISCONCEPTION = RecordMisconception(
    id="include-special-tokens", kind="expression", group="scope", concept="c-tokens-positions", patch=patch
)
