"""The names that holes of a template may use, and how what they stand for is written as content.

What is drawn becomes text, formulas or tables, never markup. The names known here are those that a bank is checked
against; what may be done with them stands in `quizgen.generator.filters`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from grading.closed import decimal_value
from grading.expressions import Expression, Probability
from quizgen.content import Emphasis, Formula, Gap, Inline, Table, Text, Tokens
from quizgen.formulas import Bindings
from quizgen.generator.named import (
    QUANTITY_RECORDS,
    Decimal,
    FurtherInput,
    HoleError,
    MaskedWords,
    Numbers,
    PlaceInSentence,
    Quantity,
)
from quizgen.generator.scene import Scene
from quizgen.generator.wording import Wording, number_text, wording
from quizgen.objective.masked import MaskedSentence
from quizgen.objective.notation import Setting
from quizgen.objective.record import to_tree
from quizgen.objective.shapes import render_fast
from quizgen.objective.spans import sequence_of

if TYPE_CHECKING:
    from quizgen.generator.trace import Trace

SENTENCE_NAMES = (
    "sentence", "tokens", "masked", "words", "true_word", "corrupted", "visible", "A", "n", "m", "prefix", "rest",
    "source", "target", *QUANTITY_RECORDS,
)  # fmt: skip
_OF_SENTENCE = frozenset((*SENTENCE_NAMES, "prediction_order"))
_CONTENT = frozenset((str, Formula, Tokens, Table, Text, Emphasis, Gap))
"""What is written as it is."""

PLACE_ATTRIBUTES = ("word", "position", "shown", "neighbour", "alone")


_MASK = re.compile(r"mask_([1-9]\d?)")


@lru_cache(maxsize=1024)
def _position(position: int) -> Decimal:
    return Decimal(Fraction(position))


@lru_cache(maxsize=16)
def _words(language: str, decimal_comma: bool) -> tuple[Wording, Setting]:
    return wording(language), Setting(language=language, decimal_comma=decimal_comma)


_OF_MASKS: Mapping[str, Callable[[MaskedSentence], Any]] = {
    "corrupted": lambda masked: Tokens(masked.corrupted),
    "visible": lambda masked: Tokens(tuple(masked.tokens[k] for k in masked.unselected), 1),
    "masked": lambda masked: MaskedWords(tuple((k, masked.tokens[k]) for k in masked.selected)),
    "words": lambda masked: MaskedWords(tuple((k, masked.tokens[k]) for k in masked.selected)),
    "true_word": lambda masked: masked.tokens[masked.selected[0]],
    "A": lambda masked: "{" + ", ".join(map(str, masked.selected)) + "}",
    "prefix": lambda masked: Tokens(masked.tokens[: masked.selected[0]]),
    "rest": lambda masked: Tokens(masked.tokens[masked.selected[0] :], masked.selected[0]),
    "source": lambda masked: Tokens(sequence_of(masked, "source"), 1),
    "target": lambda masked: Tokens(sequence_of(masked, "target"), 1),
    "prediction_order": lambda masked: Numbers((Fraction(0), *map(Fraction, masked.order))),
    "n": lambda masked: Decimal(Fraction(masked.n)),
}
"""Names that say something of a masked sentence."""


class Naming:
    """The names of one scene in one language."""

    def __init__(
        self,
        scene: Scene,
        language: str,
        decimal_comma: bool,
        bindings: Bindings | None = None,
        trace: Trace | None = None,
    ) -> None:
        self.scene = scene
        self.trace = trace
        self.wording, self.setting = _words(language, decimal_comma)
        self.comma = decimal_comma
        self.bindings = bindings or {}
        self._here: int | None = None

    def at(self, position: int, bindings: Bindings) -> Naming:
        """The names for one mask: `mask` is the word there. bindings: with what belongs to it."""
        here = copy(self)
        here.bindings, here._here = bindings, position
        return here

    # ------------------------------------------------------------ names

    def value(self, name: str) -> Any:
        scene = self.scene
        drawn = scene.values.get(name)
        if drawn is not None:
            if type(drawn) is Fraction:
                return Decimal(drawn, scene.decimals.get(name, 0))
            if type(drawn) is tuple and drawn and type(drawn[0]) is Fraction:
                return Numbers(drawn, scene.decimals.get(name, 0))
            return drawn
        if scene.sentence is not None and name in _OF_SENTENCE:
            return self._of_sentence(name)
        if scene.p and name in scene.decimals:
            return Numbers(scene.p, scene.decimals[name], per_mask=True)
        if scene.models is not None and name in ("models", "prediction"):
            return scene.models
        if scene.units and name == "draws":
            return scene.units
        if name in scene.words:
            return PlaceInSentence(scene.words[name])
        if name in scene.inputs:
            return FurtherInput(name)
        if self._here is not None and name == "mask":
            return PlaceInSentence(self._here)
        if scene.masked is not None and name.startswith("mask_") and (found := _MASK.fullmatch(name)):
            return self._mask(int(found[1]))
        if scene.statement is not None and name == "statement":
            return scene.statement
        if name in self.bindings:
            bound = self.bindings[name]
            if isinstance(bound, tuple):
                return Numbers(bound)
            return Decimal(bound) if type(bound) is Fraction else bound
        raise HoleError(f"'{name}' has no value here")

    def _of_sentence(self, name: str) -> Any:
        sentence, masked = self.scene.sentence, self.scene.masked
        assert sentence is not None
        if name == "sentence":
            return sentence.text
        if name == "tokens":
            return Tokens(sentence.tokens)
        if name == "m":
            return Decimal(Fraction(len(sentence.words)))
        if masked is None:
            raise HoleError(f"'{name}' needs masks; draw them: masks: {{count: 2}}")
        of_masks = _OF_MASKS.get(name)
        if of_masks is not None:
            return of_masks(masked)
        kind, base = QUANTITY_RECORDS[name]
        return Quantity(masked, kind, base)

    def _mask(self, number: int) -> PlaceInSentence:
        masked = self.scene.masked
        assert masked is not None
        if not 1 <= number <= masked.n:
            raise HoleError(f"there are {masked.n} masks here, and no mask_{number}")
        return PlaceInSentence(masked.selected[number - 1])

    def attribute(self, value: Any, name: str, of: str) -> Any:
        """What stands behind a dot: a property of a word, or a name of a further masked sentence. of: its name."""
        if isinstance(value, FurtherInput):
            other, further = self.scene.inputs[value.name]
            if name not in SENTENCE_NAMES:
                raise HoleError(f"a further input has no '{name}'; it has {', '.join(SENTENCE_NAMES)}")
            scene = msgspec.structs.replace(self.scene, sentence=other, masked=further, p=(), models=None)
            return Naming(scene, self.wording.language, self.comma, trace=self.trace).value(name)
        if not isinstance(value, PlaceInSentence):
            raise HoleError(f"'{of}' has no '{name}'; use a filter")
        masked, position = self.scene.masked, value.position
        assert masked is not None
        match name:
            case "word":
                return masked.tokens[position]
            case "position":
                return _position(position)
            case "shown":
                return masked.corrupted[position]
            case "neighbour":
                return masked.tokens[position + 1 if position < masked.m else position - 1]
            case "alone":
                return Tokens(masked.single_mask_context(position).tokens)
        raise HoleError(f"a word has no '{name}'; it has {', '.join(PLACE_ATTRIBUTES)}")

    # ------------------------------------------------------------ written

    def written(self, value: Any) -> Any:
        """A value as content: text for words and numbers, a formula for a quantity."""
        kind = type(value)
        if kind in _CONTENT:
            return value
        if kind is Decimal:
            return number_text(value.value, value.places, self.comma)
        match value:
            case Numbers():
                return ", ".join(number_text(number, value.places, self.comma) for number in value.values)
            case Quantity():
                return render_fast(to_tree(value.record), setting=self.setting)
            case PlaceInSentence(position):
                return str(position)
            case FurtherInput():
                return self.written(self.attribute(value, "corrupted", value.name))
            case MaskedWords(words):
                return self.joined([(Emphasis((Text(word),)),) for _, word in words])
            case tuple():
                return value if not value or not isinstance(value[0], str) else ", ".join(value)
        if isinstance(value, Expression):
            return render_fast(value, setting=self.setting)
        raise HoleError("this value cannot be printed as it is; add a filter, such as | table")

    def joined(self, entries: Sequence[tuple[Inline, ...]], separator: str = ", ") -> tuple[Inline, ...]:
        """Entries with commas and a last "and"; another separator for numbers that may hold a comma."""
        out: list[Inline] = []
        for number, entry in enumerate(entries):
            if number:
                out.append(Text(self.wording.both if number == len(entries) - 1 else separator))
            out.extend(entry)
        return tuple(out)

    def symbols(self) -> dict[Probability, Expression]:
        masked = self.scene.masked
        if masked is None:
            raise HoleError("there is no masked sentence here")
        return dict(masked.symbols())

    def table_of_p(self) -> dict[Probability, Fraction]:
        masked = self.scene.masked
        if masked is None or not self.scene.p:
            raise HoleError(
                "there are no probabilities here; draw them: p: {for: each mask, from: [0.05, 0.10 .. 0.95]}"
            )
        return dict(zip((masked.probability(k) for k in masked.scored), self.scene.p, strict=True))

    def model_name(self, index: int) -> str:
        return self.wording.model.format(chr(ord("A") + index))

    def rounded(self, expression: Expression, places: int) -> str:
        text = decimal_value(expression, places).replace("-", "−")
        text = text.replace(".", ",") if self.comma else text
        if self.trace is not None:
            self.trace.round(expression, places, text)
        return text
