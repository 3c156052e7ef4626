"""Takes the probability of original at every token, also at the replaced ones.

The same as the key where nothing was replaced; with probabilities of one half there the numbers are equal.
"""

from __future__ import annotations

import msgspec

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, each_term


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    if not masked.decides:
        return Refused("not-applicable")
    return each_term(objective, lambda term: msgspec.structs.replace(term, complement=False))


MISCONCEPTION = RecordMisconception(
    id="rtd-label-ignored",
    kind="expression",
    group="phase2",
    concept="c-rtd",
    patch=patch,
)
