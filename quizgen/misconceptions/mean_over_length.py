"""Divides by the number of words instead of the number of masks."""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    return replaced(objective, divisor="length")


MISCONCEPTION = RecordMisconception(
    id="mean-over-length",
    kind="expression",
    group="log-aggregation",
    concept="c-reduction",
    patch=patch,
    whole_sentence=True,
)
