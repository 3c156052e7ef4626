"""Counts the masks whose most probable word is wrong."""

from __future__ import annotations

from grading.expressions import Expression, rational
from quizgen.objective.values import ValueQuantity, Values

from .operators import Refused, ValueMisconception


def formula(quantity: ValueQuantity, values: Values) -> Expression | Refused:
    if quantity != "loss" or not values.p or len(values.top) != len(values.p):
        return Refused("not-applicable")
    return rational(sum(true < top for true, top in zip(values.p, values.top, strict=True)))


MISCONCEPTION = ValueMisconception(
    id="accuracy-as-loss", kind="numeric", group="target", concept="c-cross-entropy", formula=formula
)
