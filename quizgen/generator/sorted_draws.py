"""The draws of a template as its radicals make them, by what is done with them: sorted once for all scenes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, TypeVar

import msgspec

from quizgen.generator import drawn_words
from quizgen.generator.scene import Impossible
from quizgen.template import (
    FIELD_OF,
    CorruptionDraw,
    Described,
    Different,
    Draw,
    InputDraw,
    IntegerRange,
    ModelComparison,
    ModelDistributions,
    ModelRanking,
    OneOf,
    OrderDraw,
    Prediction,
    Template,
    WordDraw,
)

D = TypeVar("D")


class SortedDraws:
    """Draws with their names.

    scalars: of single numbers and words. lists: of several numbers. numbers: both, in the author's order. described: of
    words to which something belongs. words: of words of the sentence. models: of tables of models. corruption:
    what becomes of selected words. decimals: with how many places the numbers of a name are printed. all_masked:
    whether all selected words are masked, in no drawn order. further: whether anything is drawn once a scene was begun.
    """

    def __init__(self, template: Template, radicals: Mapping[str, str]) -> None:
        self.all = tuple((name, _with_radicals(name, draw, radicals)) for name, draw in template.draws)
        self._of_kind: dict[type, tuple[str, Any]] = {type(draw): (name, draw) for name, draw in reversed(self.all)}
        self.numbers = tuple((n, d) for n, d in self.all if isinstance(d, IntegerRange | OneOf | Different))
        self.scalars = tuple((n, d) for n, d in self.numbers if not isinstance(d, Different))
        self.scalar_names = tuple(name for name, _ in self.scalars)
        self.lists = tuple((name, draw) for name, draw in self.numbers if isinstance(draw, Different))
        self.described = tuple((name, draw) for name, draw in self.all if isinstance(draw, Described))
        self.words = tuple((name, draw) for name, draw in self.all if isinstance(draw, WordDraw))
        tables = (ModelComparison, ModelDistributions, ModelRanking, Prediction)
        self.models = tuple((name, draw) for name, draw in self.all if isinstance(draw, tables))
        corruption = self.of(CorruptionDraw)
        self.corruption = CorruptionDraw() if corruption is None else corruption[1]
        self.all_masked = self.corruption.scheme == "all masked" and self.of(OrderDraw) is None
        inputs = self.of(InputDraw) is not None
        self.further = inputs or bool(self.words or self.models) or self.corruption.scheme == "80/10/10"
        self.decimals = {
            **{name: getattr(draw, "decimals", 0) for name, draw in self.all},
            **drawn_words.places_beside(self.described),
        }

    def of(self, kind: type[D]) -> tuple[str, D] | None:
        """The first draw of just this kind, None if there is none."""
        return self._of_kind.get(kind)


def _with_radicals(name: str, draw: Draw, radicals: Mapping[str, str]) -> Draw:
    """A draw with the values that a slot fixes: ``masks.count`` changes a field, ``a`` the draw itself."""
    for path, value in radicals.items():
        head, _, field = path.partition(".")
        if head != name:
            continue
        if field:
            field = FIELD_OF.get(field, field)
            now = getattr(draw, field, None)
            if isinstance(now, tuple) and len(now) == 2 and value.isdecimal():  # a least and a most
                draw = msgspec.structs.replace(draw, **{field: (int(value), int(value))})
                continue
            if isinstance(now, int) and not value.isdecimal():
                raise Impossible(f"the radical '{path}' must be a whole number, not '{value}'")
            draw = msgspec.structs.replace(draw, **{field: int(value) if isinstance(now, int) else value})
        elif isinstance(draw, IntegerRange | OneOf):
            if isinstance(draw, OneOf) and isinstance(draw.values[0], str):
                draw = drawn_words.only(draw, value)
            else:
                draw = OneOf((Fraction(value),), getattr(draw, "decimals", 0))
    return draw
