"""Gives a certain and correct prediction the loss 1.

For items with a probability of 1.
"""

from __future__ import annotations

from grading.expressions import ONE, Expression, Negation, add
from quizgen.objective.values import ValueQuantity, Values, logarithm

from .operators import Refused, ValueMisconception


def formula(quantity: ValueQuantity, values: Values) -> Expression | Refused:
    if quantity != "loss" or 1 not in values.p:
        return Refused("not-applicable")
    return add(*(ONE if p == 1 else Negation(logarithm(p, values.base)) for p in values.p))


MISCONCEPTION = ValueMisconception(
    id="log-one-not-zero", kind="numeric", group="log-base", concept="c-log-edge", formula=formula
)
