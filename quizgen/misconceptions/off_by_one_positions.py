"""Counts the first word as position 0.

The stem must show [CLS] and say that it is position 0, else this is another convention, not a mistake.
"""

from __future__ import annotations

import msgspec

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, each_term


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    if any(term.position < 1 for term in objective.terms):
        return Refused("not-applicable")
    return each_term(objective, lambda term: msgspec.structs.replace(term, position=term.position - 1))


MISCONCEPTION = RecordMisconception(
    id="off-by-one-positions",
    kind="expression",
    group="position",
    concept="c-tokens-positions",
    use="conditional",
    redundant_with=("mask-ordinal-positions",),
    patch=patch,
)
