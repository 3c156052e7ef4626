"""Conditions each masked token on the true tokens at the earlier masks, as the chain rule does.

The same as the key where those tokens were kept unchanged. Permuted language models do train this: the stem must say
masked language modelling.
"""

from __future__ import annotations

import msgspec

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, each_term


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    return each_term(
        objective,
        lambda term: msgspec.structs.replace(
            term, given=masked.filled_context(k for k in masked.selected if k < term.position)
        ),
    )


MISCONCEPTION = RecordMisconception(
    id="autoregressive-factorisation",
    kind="expression",
    group="conditioning",
    concept="c-mlm-independence",
    redundant_with=("condition-on-own-predictions",),
    patch=patch,
)
