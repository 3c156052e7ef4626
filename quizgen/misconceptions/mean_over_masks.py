"""Reports the mean over the masks where the sum is asked for.

Frameworks report exactly this, and it has the same maximiser: use it only where the stem fixes the reduction, and
never among "the same optimum".
"""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective

from .operators import RecordMisconception, Refused, replaced


def patch(objective: Objective, masked: MaskedSentence) -> Objective | Refused:
    if objective.divisor is not None or objective.outer == "exp":
        return Refused("not-applicable")
    return replaced(objective, divisor="masks")


MISCONCEPTION = RecordMisconception(
    id="mean-over-masks",
    kind="expression",
    group="log-aggregation",
    concept="c-reduction",
    use="conditional",
    patch=patch,
)
