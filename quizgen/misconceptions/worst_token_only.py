"""Takes the least likely token as the whole objective, as if it were a bottleneck.

With numbers the minimum is always one of the terms, so of two masks it is `only-first-mask` or `only-last-mask`. In
comparisons it often picks the key's winner.
"""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    if objective.combine != "sum" or objective.outer != "identity":
        return Refused("not-applicable")
    return replaced(objective, combine="min", divisor=None)


MISCONCEPTION = RecordMisconception(
    id="worst-token-only",
    kind="expression",
    group="log-aggregation",
    concept="c-mlm-multi-mask",
    redundant_with=(
        "only-first-mask",
        "only-last-mask",
    ),
    patch=patch,
)
