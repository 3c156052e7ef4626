"""Scores the visible words instead of the masked ones."""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, terms_at


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    return terms_at(objective, masked, masked.unselected)


MISCONCEPTION = RecordMisconception(
    id="unmasked-only",
    kind="expression",
    group="scope",
    concept="c-mlm-objective-mle",
    patch=patch,
    whole_sentence=True,
)
