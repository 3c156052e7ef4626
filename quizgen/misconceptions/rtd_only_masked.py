"""Scores the discriminator at the masked positions only.

The same as the key where every word was masked.
"""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    if not masked.decides:
        return Refused("not-applicable")
    return replaced(objective, terms=tuple(term for term in objective.terms if term.position in masked.selected))


MISCONCEPTION = RecordMisconception(
    id="rtd-only-masked",
    kind="expression",
    group="phase2",
    concept="c-rtd",
    whole_sentence=True,
    patch=patch,
)
