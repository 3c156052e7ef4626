"""Computes the entropy of the predicted distributions instead of the cross-entropy with the true words.

Equal for uniform and for certain correct predictions: use neither.
"""

from __future__ import annotations

from fractions import Fraction

from grading.expressions import Expression, Negation, Product, add, multiply, rational
from quizgen.objective.values import ValueQuantity, Values, exact, logarithm

from .operators import Refused, ValueMisconception


def formula(quantity: ValueQuantity, values: Values) -> Expression | Refused:
    if not values.p or len(values.wrong) != len(values.p) or quantity not in ("objective", "loss", "mean-loss"):
        return Refused("not-applicable")
    terms: list[Expression] = []
    for true, others in zip(values.p, values.wrong, strict=True):
        for p in (true, *others):
            if p > 0:
                plogp = Product((exact(p), logarithm(p, values.base)))
                terms.append(plogp if quantity == "objective" else Negation(plogp))
    total = add(*terms)
    if quantity != "mean-loss" or len(values.p) == 1:
        return total
    return multiply(rational(Fraction(1, len(values.p))), total)


MISCONCEPTION = ValueMisconception(
    id="entropy-as-cross-entropy", kind="numeric", group="target", concept="c-cross-entropy", formula=formula
)
