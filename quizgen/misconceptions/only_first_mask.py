"""Keeps only the first masked token."""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    return replaced(objective, terms=objective.terms[:1])


MISCONCEPTION = RecordMisconception(
    id="only-first-mask",
    kind="expression",
    group="scope",
    concept="c-mlm-multi-mask",
    redundant_with=(
        "worst-token-only",
        "only-last-mask",
    ),
    patch=patch,
)
