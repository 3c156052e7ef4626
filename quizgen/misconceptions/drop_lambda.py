"""Adds the losses of a total without their weights.

The same as the key where every weight is one, or where the losses with other weights are zero.
"""

from __future__ import annotations

from fractions import Fraction

from grading.expressions import Expression
from quizgen.objective.values import ValueQuantity, Values, weighted_total

from .operators import Refused, ValueMisconception


def formula(quantity: ValueQuantity, values: Values) -> Expression | Refused:
    if quantity != "total" or not values.losses:
        return Refused("not-applicable")
    if all(weight == 1 for weight, _ in values.losses):
        return Refused("identical")
    return weighted_total(tuple((Fraction(1), value) for _, value in values.losses))


MISCONCEPTION = ValueMisconception(id="drop-lambda", kind="numeric", group="phase2", concept="c-rtd", formula=formula)
