"""Takes every masked position for replaced, also where the generator put the original word back.

The same as the key where it never did.
"""

from __future__ import annotations

import msgspec

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, each_term


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    if not masked.decides:
        return Refused("not-applicable")
    return each_term(objective, lambda term: msgspec.structs.replace(term, complement=term.position in masked.selected))


MISCONCEPTION = RecordMisconception(
    id="rtd-label-by-mask",
    kind="expression",
    group="phase2",
    concept="c-rtd",
    patch=patch,
)
