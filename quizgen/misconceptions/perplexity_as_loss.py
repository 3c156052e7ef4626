"""Gives the perplexity where the loss is asked for, or the mean loss where the perplexity is.

Never equal: e to the x exceeds x.
"""

from __future__ import annotations

from grading.expressions import Expression
from quizgen.objective.values import ValueQuantity, Values, mean_log_loss, right_value

from .operators import Refused, ValueMisconception


def formula(quantity: ValueQuantity, values: Values) -> Expression | Refused:
    if not values.p or quantity not in ("loss", "mean-loss", "perplexity"):
        return Refused("not-applicable")
    if quantity == "perplexity":
        return mean_log_loss(values.p, None)
    return right_value("perplexity", values)


MISCONCEPTION = ValueMisconception(
    id="perplexity-as-loss", kind="numeric", group="perplexity", concept="c-perplexity", formula=formula
)
