"""Attaches each true token to the next mask.

The same as the key where the masked words are the same, case apart.
"""

from __future__ import annotations

import msgspec

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    targets = [term.target for term in objective.terms]
    rotated = zip(objective.terms, targets[1:] + targets[:1], strict=True)
    terms = tuple(
        msgspec.structs.replace(term, target=masked.spelled(term.position, target)) for term, target in rotated
    )
    return replaced(objective, terms=terms)


MISCONCEPTION = RecordMisconception(
    id="swap-targets", kind="expression", group="target", concept="c-true-token-prob", patch=patch
)
