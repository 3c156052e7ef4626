"""Sums over every word of the sentence, masked or not.

The stem must not assume that visible words are copied with certainty; then the further terms are zero.
"""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, terms_at


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    return terms_at(objective, masked, tuple(range(1, masked.m + 1)))


MISCONCEPTION = RecordMisconception(
    id="all-tokens", kind="expression", group="scope", concept="c-mlm-objective-mle", patch=patch, whole_sentence=True
)
