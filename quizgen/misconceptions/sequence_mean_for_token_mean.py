"""Averages the means of the sequences where the mean over all masked tokens is asked for, or the reverse.

Equal where all sequences have the same number of masks. Use different numbers, and values that are clearly apart.
"""

from __future__ import annotations

from grading.expressions import Expression
from quizgen.objective.values import ValueQuantity, Values, right_value

from .operators import Refused, ValueMisconception


def formula(quantity: ValueQuantity, values: Values) -> Expression | Refused:
    if quantity not in ("token-mean", "sequence-mean") or not values.sequences or not all(values.sequences):
        return Refused("not-applicable")
    if len({len(sequence) for sequence in values.sequences}) == 1:
        return Refused("identical")
    return right_value("sequence-mean" if quantity == "token-mean" else "token-mean", values)


MISCONCEPTION = ValueMisconception(
    id="sequence-mean-for-token-mean", kind="numeric", group="log-aggregation", concept="c-reduction", formula=formula
)
