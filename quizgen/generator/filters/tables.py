"""Tables of a scene: of models, and of the numbers that a corruption draws."""

from __future__ import annotations

from typing import Any

from quizgen.content import Table, Text
from quizgen.generator.filters import models
from quizgen.generator.named import HoleError
from quizgen.generator.naming import Naming
from quizgen.generator.wording import number_text
from quizgen.sampling.corruption import UnitDraw

NOTHING = "–"
"""Stands where a special token draws no number."""


def table(naming: Naming, value: Any, closing: str = "") -> Any:
    """Models or draws as a table. closing: of draws, a special token that stands behind the last word."""
    if isinstance(value, tuple) and value and isinstance(value[0], UnitDraw):
        return draws(naming, value, closing)
    if closing:
        raise HoleError(f"'{closing}' can close a table of draws only: draws | table(\"{closing}\")")
    return models.table(naming, value)


def draws(naming: Naming, units: tuple[UnitDraw, ...], closing: str) -> Table:
    """Position, original word, u, v and what the input shows, a row for each token."""
    masked = naming.scene.masked
    assert masked is not None
    rows = [("0", masked.tokens[0], NOTHING, NOTHING, masked.corrupted[0])]
    for position, unit in enumerate(units, 1):
        u, v = (number_text(number, 2, naming.comma) for number in (unit.u, unit.v))
        rows.append((str(position), masked.tokens[position], u, v, masked.corrupted[position]))
    if closing:
        rows.append((str(len(rows)), closing, NOTHING, NOTHING, closing))
    header = tuple((Text(heading),) for heading in naming.wording.table_of_draws)
    return Table(header, tuple(tuple((Text(cell),) for cell in row) for row in rows))
