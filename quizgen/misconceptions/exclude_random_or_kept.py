"""Counts only the selected positions that show [MASK].

The same as the key where every selected token was replaced by [MASK].
"""

from __future__ import annotations

from grading.expressions import MASK
from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    terms = tuple(
        term
        for term in objective.terms
        if term.position not in masked.selected or masked.corrupted[term.position] == MASK
    )
    return replaced(objective, terms=terms)


MISCONCEPTION = RecordMisconception(
    id="exclude-random-or-kept", kind="expression", group="scope", concept="c-80-10-10", patch=patch
)
