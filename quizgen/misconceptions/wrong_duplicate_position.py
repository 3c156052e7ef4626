"""Takes the position of another, unmasked occurrence of a masked word.

The stem must print the corrupted input, else it is ambiguous which occurrence is meant.
"""

from __future__ import annotations

import msgspec

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    for index, term in enumerate(objective.terms):
        word = term.target.casefold()
        elsewhere = [k for k in masked.unselected if masked.tokens[k].casefold() == word and k != term.position]
        if elsewhere:
            moved = msgspec.structs.replace(term, position=elsewhere[0])
            return replaced(objective, terms=(*objective.terms[:index], moved, *objective.terms[index + 1 :]))
    return Refused("not-applicable")


MISCONCEPTION = RecordMisconception(
    id="wrong-duplicate-position",
    kind="procedural",
    group="position",
    concept="c-tokens-positions",
    use="conditional",
    patch=patch,
    whole_sentence=True,
)
