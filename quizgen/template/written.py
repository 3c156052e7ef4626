"""What the author wrote as text, each with the place where it stands; also texts that depend on what is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property

import msgspec

from quizgen.source import DataPath


class Written(msgspec.Struct, frozen=True):
    """A text of the author (Markdown, a formula or a condition, by its field) and where it stands in the document."""

    text: str
    path: DataPath

    def __str__(self) -> str:
        return self.text


class Cases(msgspec.Struct, frozen=True):
    """Formulas, one of which holds in a scene.

    by: the name whose value chooses, a number or a word. cases: (value, formula). otherwise: for all other values,
    None: there is none. path: where the mapping stands.
    """

    by: str
    cases: tuple[tuple[Fraction | str, Written], ...]
    otherwise: Written | None
    path: DataPath

    @property
    def written(self) -> tuple[Written, ...]:
        """Every formula."""
        rest = () if self.otherwise is None else (self.otherwise,)
        return (*(text for _, text in self.cases), *rest)

    def of(self, value: object) -> Written | None:
        """What holds for a value of `by`, or None."""
        return next((text for case, text in self.cases if case == value), self.otherwise)


class TextByValue(msgspec.Struct, frozen=True, dict=True):
    """A text that depends on what was drawn: a name for holes.

    by: the drawn or computed name whose value decides. texts: (value, text), in the author's order; the value None
    stands for all others.
    """

    name: str
    by: str
    texts: tuple[tuple[Fraction | str | None, Written], ...]

    def chosen(self, value: object) -> Written | None:
        """The text for this value, None if the author wrote none."""
        texts = self._by_value
        return texts.get(value, texts.get(None)) if type(value) in (Fraction, str) else texts.get(None)

    @cached_property
    def _by_value(self) -> Mapping[object, Written]:
        return dict(self.texts)
