"""How quantities of a training step are written: in symbols, with numbers, as a value."""

from __future__ import annotations

from typing import Any

from grading.expressions import Expression
from quizgen.distractors import worked_numbers
from quizgen.generator.named import Decimal, HoleError, Quantity, expected
from quizgen.generator.naming import Naming
from quizgen.objective.record import to_tree
from quizgen.objective.shapes import render_fast
from quizgen.objective.values import exact, value_of


def value(naming: Naming, value: Any, places: int = 3) -> Any:
    if isinstance(value, Quantity):
        return naming.rounded(_with_numbers(naming, value), places)
    if isinstance(value, Decimal):
        return naming.rounded(exact(value.value), places)
    if isinstance(value, Expression):
        return naming.rounded(value, places)
    raise HoleError("the filter 'value' needs a quantity or a number")


def with_numbers(naming: Naming, value: Any) -> Any:
    quantity = expected(value, Quantity, "with_numbers", "loss")
    return render_fast(_with_numbers(naming, quantity), setting=naming.setting)


def _with_numbers(naming: Naming, quantity: Quantity) -> Expression:
    scene = naming.scene
    if quantity.masked is scene.masked and scene.p:
        return worked_numbers(quantity.masked, scene.p).right(quantity.kind, quantity.base)
    return value_of(quantity.record, naming.table_of_p())


def in_symbols(naming: Naming, value: Any) -> Any:
    record = expected(value, Quantity, "in_symbols", "objective").record
    return render_fast(to_tree(record, naming.symbols()), setting=naming.setting)
