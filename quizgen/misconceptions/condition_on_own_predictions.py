"""Feeds the model's own guesses at the earlier masks into the prediction of the next."""

from __future__ import annotations

import msgspec

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, each_term


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    return each_term(
        objective,
        lambda term: msgspec.structs.replace(
            term, given=masked.guessed_context(k for k in masked.selected if k < term.position)
        ),
    )


MISCONCEPTION = RecordMisconception(
    id="condition-on-own-predictions",
    kind="expression",
    group="conditioning",
    concept="c-mlm-independence",
    redundant_with=("autoregressive-factorisation",),
    patch=patch,
)
