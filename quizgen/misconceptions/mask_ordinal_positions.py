"""Numbers the masks 1, 2, … instead of using positions in the sentence.

The same as the key where the masks are at 1..n, and as `off-by-one-positions` where they are at 2..n+1.
"""

from __future__ import annotations

import msgspec

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    terms = tuple(msgspec.structs.replace(term, position=k) for k, term in enumerate(objective.terms, 1))
    return replaced(objective, terms=terms)


MISCONCEPTION = RecordMisconception(
    id="mask-ordinal-positions",
    kind="expression",
    group="position",
    concept="c-tokens-positions",
    redundant_with=("off-by-one-positions",),
    patch=patch,
)
