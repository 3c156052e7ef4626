"""Takes the symbol [MASK] as the target."""

from __future__ import annotations

import msgspec

from grading.expressions import MASK
from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, each_term


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    return each_term(objective, lambda term: msgspec.structs.replace(term, target=MASK))


MISCONCEPTION = RecordMisconception(
    id="predict-mask-token", kind="expression", group="target", concept="c-true-token-prob", patch=patch
)
