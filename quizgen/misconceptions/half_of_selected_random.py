"""Reads the 0.5 of the usual code as half of all selected tokens."""

from __future__ import annotations

from fractions import Fraction

from grading.expressions import Expression, Product
from quizgen.objective.values import ValueQuantity, Values, exact

from .operators import Refused, ValueMisconception


def formula(quantity: ValueQuantity, values: Values) -> Expression | Refused:
    rates = values.rates
    if quantity != "random-rate" or rates is None:
        return Refused("not-applicable")
    half = Fraction(1, 2)
    return Refused("identical") if rates.random == half else Product((exact(rates.selection), exact(half)))


MISCONCEPTION = ValueMisconception(
    id="half-of-selected-random", kind="numeric", group="corruption", concept="c-80-10-10", formula=formula
)
