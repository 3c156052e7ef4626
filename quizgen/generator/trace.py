"""A trace: which numbers a variant prints, where, and which of them are rounded.

Nobody needs it but the rules of a bank: an item holds what is read, and not what it was before it was rounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Literal

import msgspec

from grading.expressions import Expression, rational
from quizgen.generator.named import Decimal
from quizgen.generator.scene import Scene

Place = Literal["question", "feedback", "solution", "hints"]
"""The question is all that stands there before an answer: stem, prompts, options."""


class Rounded(msgspec.Struct, frozen=True):
    """A number that was rounded to decimal places, and the text of it."""

    value: Expression
    places: int
    text: str

    @property
    def printed(self) -> Fraction:
        """The number that the text says.

        >>> Rounded(rational(Fraction(-1, 3)), 2, "−0,33").printed
        Fraction(-33, 100)
        """
        return Fraction(self.text.replace("−", "-").replace(",", "."))


class Shown(msgspec.Struct, frozen=True):
    """What one hole printed. name: that stands in it. number: a single one that was printed exactly."""

    place: Place
    name: str
    rounded: tuple[Rounded, ...] = ()
    number: Expression | None = None


class Trace:
    """Filled while an item is made; an attempt that fails is forgotten."""

    def __init__(self) -> None:
        self.scene: Scene | None = None
        self.shown: list[Shown] = []
        self._place: Place = "question"
        self._rounded: list[Rounded] = []

    def begin(self, scene: Scene) -> None:
        """Forgets everything; an attempt at an item of this scene begins."""
        self.scene = scene
        self.shown.clear()
        self._rounded.clear()
        self._place = "question"

    @contextmanager
    def at(self, place: Place) -> Iterator[None]:
        """What is printed meanwhile stands at this place."""
        before, self._place = self._place, place
        try:
            yield
        finally:
            self._place = before

    def round(self, value: Expression, places: int, text: str) -> None:
        """A number is being rounded for the hole that is filled next."""
        self._rounded.append(Rounded(value, places, text))

    def show(self, name: str, value: object = None) -> None:
        """A hole was filled. value: what its filters gave."""
        number = (
            rational(value.value) if isinstance(value, Decimal) else value if isinstance(value, Expression) else None
        )
        self.shown.append(Shown(self._place, name, tuple(self._rounded), number))
        self._rounded.clear()

    def rounded(self, *places: Place) -> list[Rounded]:
        """The numbers that are printed rounded at these places."""
        return [number for shown in self.shown if shown.place in places for number in shown.rounded]
