"""Takes the raw logit for a log-probability.

Equal where the logits happen to be normalised.
"""

from __future__ import annotations

from grading.expressions import Expression, add
from quizgen.objective.values import ValueQuantity, Values, exact

from .operators import Refused, ValueMisconception


def formula(quantity: ValueQuantity, values: Values) -> Expression | Refused:
    if not values.logits or quantity not in ("objective", "loss"):
        return Refused("not-applicable")
    return add(*(exact(z if quantity == "objective" else -z) for z in values.logits))


MISCONCEPTION = ValueMisconception(
    id="skip-softmax", kind="numeric", group="target", concept="c-softmax", formula=formula
)
