"""Keeps only the last masked token."""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    return replaced(objective, terms=objective.terms[-1:])


MISCONCEPTION = RecordMisconception(
    id="only-last-mask",
    kind="expression",
    group="scope",
    concept="c-mlm-multi-mask",
    redundant_with=(
        "worst-token-only",
        "only-first-mask",
    ),
    patch=patch,
)
