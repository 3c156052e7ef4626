"""Adds a yes-or-no loss for every wrong word."""

from __future__ import annotations

from grading.expressions import Expression, Negation, add
from quizgen.objective.values import ValueQuantity, Values, logarithm

from .operators import Refused, ValueMisconception


def formula(quantity: ValueQuantity, values: Values) -> Expression | Refused:
    if len(values.wrong) != len(values.p) or not values.p or quantity not in ("objective", "loss"):
        return Refused("not-applicable")
    missing = tuple(1 - q for others in values.wrong for q in others if q > 0)
    if not missing:
        return Refused("identical")
    logs = tuple(logarithm(p, values.base) for p in values.p + missing)
    return add(*(logs if quantity == "objective" else map(Negation, logs)))


MISCONCEPTION = ValueMisconception(
    id="multilabel-bce", kind="numeric", group="target", concept="c-cross-entropy", formula=formula
)
