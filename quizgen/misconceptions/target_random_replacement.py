"""Takes the random word that was put in as the target.

The same as the key where no selected token was replaced at random, or the draw hit the original word.
"""

from __future__ import annotations

import msgspec

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective, Term

from .operators import RecordMisconception, Refused, each_term


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    random = {k for k, branch in zip(masked.selected, masked.branches, strict=True) if branch == "random"}

    def target(term: Term) -> Term:
        if term.position not in random:
            return term
        return msgspec.structs.replace(term, target=masked.spelled(term.position, masked.corrupted[term.position]))

    return each_term(objective, target)


MISCONCEPTION = RecordMisconception(
    id="target-random-replacement", kind="expression", group="target", concept="c-80-10-10", patch=patch
)
