"""What the names of a scene stand for, before it is written down.

The records form no cycles, so that the garbage collector need not follow them (``gc=False``).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import msgspec

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Base, Objective, objective_of
from quizgen.objective.record import Quantity as RecordQuantity

QUANTITY_RECORDS: Mapping[str, tuple[RecordQuantity, Base | None]] = {
    "objective": ("objective", None),
    "loss": ("loss", None),
    "mean_loss": ("mean-loss", None),
    "perplexity": ("perplexity", None),
    "loss_bits": ("loss", 2),
    "mean_loss_bits": ("mean-loss", 2),
}
"""Name of a quantity in templates: (quantity of the record, base of its logarithms)."""


class Quantity(msgspec.Struct, frozen=True, gc=False):
    """A quantity of a training step: written as a formula, in symbols, with numbers or as a value."""

    masked: MaskedSentence
    kind: RecordQuantity
    base: Base | None

    @property
    def record(self) -> Objective:
        return objective_of(self.masked, self.kind, self.base)


class MaskedWords(msgspec.Struct, frozen=True, gc=False):
    """The masked words with their positions, ascending."""

    words: tuple[tuple[int, str], ...]


class PlaceInSentence(msgspec.Struct, frozen=True, gc=False):
    """One word of the sentence: ``{{ mask_1.word }}``, ``.position``, ``.shown``, ``.neighbour`` and ``.alone``."""

    position: int


class FurtherInput(msgspec.Struct, frozen=True, gc=False):
    """A further masked sentence, with the names that the first one has: ``{{ b.corrupted }}``."""

    name: str


class Decimal(msgspec.Struct, frozen=True, gc=False):
    """A number and with how many places at least it is printed."""

    value: Fraction
    places: int = 0


class Numbers(msgspec.Struct, frozen=True, gc=False):
    """A list of numbers, with the places they are printed with; `per_mask` if there is one for each mask."""

    values: tuple[Fraction, ...]
    places: int = 0
    per_mask: bool = False


class HoleError(Exception):
    """A hole that cannot be filled; the message says why in the author's terms."""


def expected(value: Any, kind: type[Any], name: str, example: str) -> Any:
    if not isinstance(value, kind):
        raise HoleError(f"the filter '{name}' does not fit here; it is for values such as {example}")
    return value
