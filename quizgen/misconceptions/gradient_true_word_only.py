"""Thinks that only the logit of the true word has a gradient.

Right for the true word, so only the entries of the others show it.
"""

from __future__ import annotations

from grading.expressions import Expression, rational
from quizgen.objective.values import ValueQuantity, Values

from .operators import Refused, ValueMisconception


def formula(quantity: ValueQuantity, values: Values) -> Expression | Refused:
    if quantity != "gradient" or values.entry is None:
        return Refused("not-applicable")
    probability, is_true = values.entry
    return Refused("identical") if is_true or probability == 0 else rational(0)


MISCONCEPTION = ValueMisconception(
    id="gradient-true-word-only", kind="numeric", group="target", concept="c-gradient-logits", formula=formula
)
