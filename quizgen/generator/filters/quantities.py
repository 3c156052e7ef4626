"""How quantities of a training step are written: in symbols, with numbers, as a value."""

from __future__ import annotations

from typing import Any

from grading.expressions import Expression, Probability
from quizgen.generator.named import Decimal, HoleError, Quantity, expected
from quizgen.generator.naming import Naming
from quizgen.objective.record import to_tree
from quizgen.objective.shapes import render_fast
from quizgen.objective.values import exact, value_of


def value(naming: Naming, value: Any, places: int = 3) -> Any:
    if isinstance(value, Quantity):
        return naming.rounded(value_of(value.record, naming.table_of_p()), places)
    if isinstance(value, Decimal):
        return naming.rounded(exact(value.value), places)
    if isinstance(value, Expression):
        return naming.rounded(value, places)
    raise HoleError("the filter 'value' needs a quantity or a number")


def with_numbers(naming: Naming, value: Any) -> Any:
    record = expected(value, Quantity, "with_numbers", "loss").record
    numbers: dict[Probability, Expression] = {atom: exact(p) for atom, p in naming.table_of_p().items()}
    return render_fast(to_tree(record, numbers), setting=naming.setting)


def in_symbols(naming: Naming, value: Any) -> Any:
    record = expected(value, Quantity, "in_symbols", "objective").record
    return render_fast(to_tree(record, naming.symbols()), setting=naming.setting)
