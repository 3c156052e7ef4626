"""Takes the probability of the other class.

With a probability of one half the numbers are equal.
"""

from __future__ import annotations

import msgspec

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, each_term


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    if any(term.of != "c" for term in objective.terms):
        return Refused("not-applicable")
    return each_term(objective, lambda term: msgspec.structs.replace(term, complement=not term.complement))


MISCONCEPTION = RecordMisconception(
    id="nsp-wrong-class",
    kind="expression",
    group="phase2",
    concept="c-nsp",
    patch=patch,
)
