"""Adds terms for the words of the prefix, which are input.

Without a prefix there is nothing to add. Each added term is conditioned on what stands before it.
"""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective, Term

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    first = min(masked.order, default=0)
    prefix = tuple(range(1, first))
    if not masked.order or set(prefix) & set(masked.selected):
        return Refused("not-applicable")
    added = tuple(Term(k, masked.tokens[k], masked.left_context(k)) for k in prefix)
    return replaced(objective, terms=(*added, *objective.terms))


MISCONCEPTION = RecordMisconception(
    id="prefix-loss-on-prefix",
    kind="expression",
    group="phase2",
    concept="c-prefix-lm",
    about="scope",
    whole_sentence=True,
    patch=patch,
)
