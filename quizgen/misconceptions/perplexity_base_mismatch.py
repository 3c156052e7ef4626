"""Raises e to a loss that is measured in bits."""

from __future__ import annotations

from grading.expressions import Exponential, Expression
from quizgen.objective.values import ValueQuantity, Values, mean_log_loss

from .operators import Refused, ValueMisconception


def formula(quantity: ValueQuantity, values: Values) -> Expression | Refused:
    if not values.p or quantity != "perplexity":
        return Refused("not-applicable")
    return Exponential(mean_log_loss(values.p, 2))


MISCONCEPTION = ValueMisconception(
    id="perplexity-base-mismatch", kind="numeric", group="perplexity", concept="c-perplexity", formula=formula
)
