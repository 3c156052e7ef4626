"""Raises e to the total loss instead of the mean loss."""

from __future__ import annotations

from grading.expressions import Exponential, Expression
from quizgen.objective.values import ValueQuantity, Values, log_loss

from .operators import Refused, ValueMisconception


def formula(quantity: ValueQuantity, values: Values) -> Expression | Refused:
    if not values.p or quantity != "perplexity":
        return Refused("not-applicable")
    if len(values.p) == 1:
        return Refused("identical")
    return Exponential(log_loss(values.p, None))


MISCONCEPTION = ValueMisconception(
    id="perplexity-from-sum",
    kind="numeric",
    group="perplexity",
    concept="c-perplexity",
    redundant_with=("sum-when-mean-asked",),
    formula=formula,
)
