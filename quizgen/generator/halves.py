"""Which variants are for practice and which for exams: half of them each, by what is read.

Everybody can know the halves; which of its half an exam draws is the secret. Variants that read alike are in the same
half, so practice never shows what an exam shows, whatever its seed.

The half is told as early as possible, because half of all that is drawn for a quiz is put away for it: by drawn things
that the stem prints as they are, where there are enough of them; else by the stem, where answers are typed; else by
the stem and the options. All three are parts of what is read, so two variants that read alike agree in them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from math import prod
from typing import TYPE_CHECKING, Any

from grading.answersheet import to_json
from quizgen.content import Block
from quizgen.model import Purpose
from quizgen.pieces import piece_json
from quizgen.template import (
    Different,
    Essay,
    IntegerRange,
    MaskDraw,
    Numeric,
    OneOf,
    ProbabilityDraw,
    SentenceDraw,
    ShortAnswer,
    Symbolic,
    Template,
)

if TYPE_CHECKING:
    from quizgen.generator.draft import OptionTexts
    from quizgen.generator.scene import Scene

ENOUGH = 300
"""Different prints of drawn numbers from which they may tell the half: both halves surely have some."""

_IN_FULL = ("per_masked_word", "per_decision", "list")
"""Filters that print every number as it was drawn."""


class Halves:
    """Tells the half of the variants of one template, which is in the language that is read."""

    def __init__(self, template: Template) -> None:
        from quizgen.markup.holes import find_holes

        self.by_stem = all(isinstance(part.answer, Numeric | Symbolic | ShortAnswer | Essay) for part in template.parts)
        text = "" if template.stem is None else template.stem.text
        holes = [hole for _, _, hole, _ in find_holes(text, None, None) if hole is not None and not hole.attributes]
        plain = {hole.name for hole in holes if not hole.filters}
        listed = {hole.name for hole in holes if len(hole.filters) == 1 and hole.filters[0][0] in _IN_FULL}
        kinds = {type(draw): name for name, draw in template.draws}
        fixed = {radical.path[0] for radical in template.radicals}
        sizes = {
            name: len(draw.values)
            for name, draw in template.draws
            if name not in fixed
            and isinstance(draw, IntegerRange | OneOf | Different)
            and name in (listed if isinstance(draw, Different) else plain)
            and not isinstance(draw.values[0], str)
        }
        sentence = SentenceDraw in kinds and MaskDraw in kinds
        self._sentence = tuple(sorted(plain & {"sentence", "tokens", "corrupted", "A"})) if sentence else ()
        self._numbers = tuple(sorted(sizes))
        table = kinds.get(ProbabilityDraw)
        self._table = sentence and table in listed
        positions = "corrupted" in self._sentence or ("A" in self._sentence and len(self._sentence) > 1)
        self._by_scene = positions or (self._table and self._sentence != ()) or prod(sizes.values()) >= ENOUGH

    def of_scene(self, scene: Scene) -> Purpose | None:
        """The half of what is drawn here; None where it does not tell it."""
        if not self._by_scene or (self._sentence and scene.masked is None):
            return None
        shown: list[Any] = [self._of_sentence(scene, name) for name in self._sentence]
        shown += [scene.values[name] for name in self._numbers]
        return _half(to_json([*shown, scene.p if self._table else ()]))

    @staticmethod
    def _of_sentence(scene: Scene, name: str) -> object:
        assert scene.sentence is not None
        assert scene.masked is not None
        match name:
            case "sentence":
                return scene.sentence.text
            case "tokens":
                return scene.sentence.tokens
            case "corrupted":
                return scene.masked.corrupted
        return scene.masked.selected

    def of_stem(self, stem: tuple[Block, ...]) -> Purpose:
        """The half of an item whose answers are typed."""
        return _half(piece_json(stem))

    def of_item(self, stem: tuple[Block, ...], parts: Iterable[OptionTexts]) -> Purpose:
        """The half of an item with options. parts: what the options of each part are printed as."""
        options = to_json([sorted([text for _, text in texts]) for texts in parts])
        return _half(b"[%s,%s]" % (piece_json(stem), options))


def _half(shown: bytes) -> Purpose:
    return "exam" if hashlib.sha256(shown).digest()[0] % 2 else "practice"
