"""Averages the inverse probabilities arithmetically.

Equal to the perplexity where all probabilities are equal.
"""

from __future__ import annotations

from fractions import Fraction

from grading.expressions import ONE, Expression, Quotient, add, multiply, rational
from quizgen.objective.values import ValueQuantity, Values, exact

from .operators import Refused, ValueMisconception


def formula(quantity: ValueQuantity, values: Values) -> Expression | Refused:
    if not values.p or quantity != "perplexity" or 0 in values.p:
        return Refused("not-applicable")
    if len(set(values.p)) == 1:
        return Refused("identical")
    inverses = add(*(Quotient(ONE, exact(p)) for p in values.p))
    return multiply(rational(Fraction(1, len(values.p))), inverses)


MISCONCEPTION = ValueMisconception(
    id="perplexity-arithmetic", kind="numeric", group="perplexity", concept="c-perplexity", formula=formula
)
