"""Gives the geometric mean of the probabilities instead of its inverse."""

from __future__ import annotations

from grading.expressions import Exponential, Expression, Negation
from quizgen.objective.values import ValueQuantity, Values, mean_log_loss

from .operators import Refused, ValueMisconception


def formula(quantity: ValueQuantity, values: Values) -> Expression | Refused:
    if not values.p or quantity != "perplexity":
        return Refused("not-applicable")
    loss = mean_log_loss(values.p, None)
    assert isinstance(loss, Negation)
    return Exponential(loss.operand)


MISCONCEPTION = ValueMisconception(
    id="perplexity-is-probability", kind="numeric", group="perplexity", concept="c-perplexity", formula=formula
)
