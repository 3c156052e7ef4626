"""Takes the share of random words of what is left after masking."""

from __future__ import annotations

from grading.expressions import Expression, Product
from quizgen.objective.values import ValueQuantity, Values, exact

from .operators import Refused, ValueMisconception


def formula(quantity: ValueQuantity, values: Values) -> Expression | Refused:
    rates = values.rates
    if quantity != "random-rate" or rates is None:
        return Refused("not-applicable")
    if rates.mask == 0:
        return Refused("identical")
    return Product((exact(rates.selection), exact(1 - rates.mask), exact(rates.random)))


MISCONCEPTION = ValueMisconception(
    id="ten-percent-of-remainder", kind="numeric", group="corruption", concept="c-80-10-10", formula=formula
)
