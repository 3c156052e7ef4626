"""Conditions only on the words to the left of the mask.

If the only mask is the last word, the words to its left are all that is visible: such a sentence cannot test this.
"""

from __future__ import annotations

import msgspec

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, each_term


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    return each_term(objective, lambda term: msgspec.structs.replace(term, given=masked.left_context(term.position)))


MISCONCEPTION = RecordMisconception(
    id="left-context-only", kind="expression", group="conditioning", concept="c-mlm", patch=patch
)
