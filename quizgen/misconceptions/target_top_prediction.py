"""Scores the most probable word instead of the true one.

At least one mask must have another word on top.
"""

from __future__ import annotations

import msgspec

from grading.expressions import Expression
from quizgen.objective.values import ValueQuantity, Values, right_value

from .operators import RECORD_QUANTITIES, Refused, ValueMisconception


def formula(quantity: ValueQuantity, values: Values) -> Expression | Refused:
    if len(values.top) != len(values.p) or not values.p or quantity not in RECORD_QUANTITIES[:4]:
        return Refused("not-applicable")
    if values.top == values.p:
        return Refused("identical")
    return right_value(quantity, msgspec.structs.replace(values, p=values.top))


MISCONCEPTION = ValueMisconception(
    id="target-top-prediction", kind="numeric", group="target", concept="c-pred-dist", formula=formula
)
