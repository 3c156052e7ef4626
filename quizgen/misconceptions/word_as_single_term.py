"""Writes one term for a word that was split into several pieces.

Pieces that continue a word start with ``##``. Ask for the number of terms, or give the probabilities of the pieces.
"""

from __future__ import annotations

import msgspec

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective, Term

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    terms: list[Term] = []
    next_position = -1
    for term in objective.terms:
        continues = term.target.startswith("##") and terms and term.position == next_position
        if continues:
            terms[-1] = msgspec.structs.replace(terms[-1], target=terms[-1].target + term.target[2:])
        else:
            terms.append(term)
        next_position = term.position + 1
    return replaced(objective, terms=tuple(terms))


MISCONCEPTION = RecordMisconception(
    id="word-as-single-term",
    kind="procedural",
    group="tokenisation",
    concept="c-subword-wwm",
    use="conditional",
    patch=patch,
    whole_sentence=True,
)
