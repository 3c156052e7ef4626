"""Adds a term for one word that was not selected: the nearest to the first mask, to the right if there are two."""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, terms_at


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    if not masked.selected or not masked.unselected:
        return Refused("not-applicable")
    first = masked.selected[0]
    extra = min(masked.unselected, key=lambda k: (abs(k - first), k < first))
    return terms_at(objective, masked, tuple(sorted({term.position for term in objective.terms} | {extra})))


MISCONCEPTION = RecordMisconception(
    id="extra-unmasked-token",
    kind="expression",
    group="scope",
    concept="c-mlm-objective-mle",
    patch=patch,
    whole_sentence=True,
)
