"""Gives a true token of probability 0 the loss 0.

For items with such a token; the loss is infinite.
"""

from __future__ import annotations

from grading.expressions import Expression
from quizgen.objective.values import ValueQuantity, Values, log_loss

from .operators import Refused, ValueMisconception


def formula(quantity: ValueQuantity, values: Values) -> Expression | Refused:
    if quantity != "loss" or 0 not in values.p:
        return Refused("not-applicable")
    return log_loss(tuple(p for p in values.p if p > 0), values.base)


MISCONCEPTION = ValueMisconception(
    id="minus-log-zero-is-zero", kind="numeric", group="log-base", concept="c-log-edge", formula=formula
)
