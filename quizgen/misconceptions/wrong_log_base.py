"""Takes the logarithm to another base: bits for nats, nats for bits.

Right up to the unit, so only where the stem names the unit, and never among "the same optimum". A perplexity does not
depend on the base if the power fits the logarithm; if it does not, that is `perplexity-base-mismatch`.
"""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    if "log" not in (objective.inner, objective.outer) or objective.outer in ("exp", "reciprocal"):
        return Refused("not-applicable")
    return replaced(objective, base=2 if objective.base is None else None)


MISCONCEPTION = RecordMisconception(
    id="wrong-log-base", kind="expression", group="log-base", concept="c-log-base", use="conditional", patch=patch
)
