"""Conditions on the original sentence instead of the corrupted input.

The same as the key where every selected token was kept unchanged.
"""

from __future__ import annotations

import msgspec

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, each_term


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    original = masked.original_context()
    return each_term(objective, lambda term: msgspec.structs.replace(term, given=original))


MISCONCEPTION = RecordMisconception(
    id="condition-on-original", kind="expression", group="conditioning", concept="c-masking-process", patch=patch
)
