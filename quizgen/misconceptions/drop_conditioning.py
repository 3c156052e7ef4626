"""Takes unconditional probabilities, as if there were no context."""

from __future__ import annotations

import msgspec

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, each_term


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    return each_term(objective, lambda term: msgspec.structs.replace(term, given=None, reverse=False))


MISCONCEPTION = RecordMisconception(
    id="drop-conditioning", kind="expression", group="conditioning", concept="c-conditional-prob", patch=patch
)
