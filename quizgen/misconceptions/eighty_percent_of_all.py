"""Takes the share of the selected tokens for a share of all tokens."""

from __future__ import annotations

from grading.expressions import Expression
from quizgen.objective.values import ValueQuantity, Values, exact

from .operators import Refused, ValueMisconception


def formula(quantity: ValueQuantity, values: Values) -> Expression | Refused:
    if quantity != "mask-rate" or values.rates is None:
        return Refused("not-applicable")
    return Refused("identical") if values.rates.selection == 1 else exact(values.rates.mask)


MISCONCEPTION = ValueMisconception(
    id="eighty-percent-of-all", kind="numeric", group="corruption", concept="c-80-10-10", formula=formula
)
