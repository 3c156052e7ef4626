"""The draft of one item: its scene, its words and its streams, as the builders of the question kinds need them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from grading.answersheet import PartKey
from grading.expressions import Expression
from grading.keys import Rival, SymbolDeclaration
from quizgen.content import Block, Inline, line_of, text_of
from quizgen.generator.filters import filled
from quizgen.generator.named import QUANTITY_RECORDS, HoleError
from quizgen.generator.naming import Naming
from quizgen.generator.scene import Impossible, Scene
from quizgen.model import Interaction, Option
from quizgen.objective.record import Objective, objective_of

if TYPE_CHECKING:
    from quizgen.formulas import Bindings
    from quizgen.generator.bindings import Formulas
    from quizgen.generator.texts import Texts
    from quizgen.markup import Hole
    from quizgen.markup.compiler import HoleValue
    from quizgen.objective.masked import MaskedSentence
    from quizgen.sampling.draws import Source, Stream
    from quizgen.template import Template, Written

T = TypeVar("T")


class Redraw(Exception):
    """This attempt does not give a sound question; the reason is counted and the next attempt is made."""


Built = tuple[Interaction, PartKey]
"""What the builder of a question kind returns; the key's id and weight are put in by the caller."""


class Draft:
    """One attempt at one variant.

    template: in the language of the quiz.
    """

    def __init__(
        self,
        template: Template,
        scene: Scene,
        naming: Naming,
        formulas: Formulas,
        texts: Texts,
        source: Source,
        stream_name: str,
        language: str,
        decimal_comma: bool,
        bindings: Bindings,
        radicals: Mapping[str, str],
    ) -> None:
        self.template = template
        self.scene = scene
        self.naming = naming
        self._phrases = dict(template.texts)
        self.language = language
        self.decimal_comma = decimal_comma
        self._formulas = formulas
        self._texts = texts
        self._source = source
        self._stream_name = stream_name
        self._bindings = bindings
        self._radicals = radicals

    def stream(self, purpose: str) -> Stream:
        """The draws of one purpose of this attempt."""
        return self._source.stream(self._stream_name, self.scene.variant, self.scene.attempt, purpose)

    def masked(self) -> MaskedSentence:
        """The masked sentence of the scene; Impossible where the template draws none."""
        if self.scene.masked is None:
            raise Impossible("this kind of key needs a masked sentence; draw one: sentence: any, masks: {count: 2}")
        return self.scene.masked

    def record(self, quantity: str) -> Objective:
        """The record of a quantity that a key names, such as ``loss_bits``."""
        kind, base = QUANTITY_RECORDS[quantity]
        return objective_of(self.masked(), kind, base)

    def _filled(self, hole: Hole) -> HoleValue:
        """The content for a hole: a text that depends on a draw, or whatever its name stands for."""
        if hole.name not in self._phrases:
            value: HoleValue = filled(self.naming, hole)
            return value
        if hole.filters or hole.attributes:
            raise HoleError(f"'{hole.name}' is a text; it takes no filter")
        cases = self._phrases[hole.name]
        text = cases.of(self._bindings.get(cases.by))
        if text is None:
            raise HoleError(f"the text '{hole.name}' has no case for what is drawn here")
        return self._texts.inline(text).fill(partial(filled, self.naming))

    def holds(self, condition: Written | None) -> bool:
        """Whether an author's condition holds in this scene; none always does."""
        return condition is None or self._formulas.condition(condition).holds(self._bindings)

    def inline(self, text: Written) -> tuple[Inline, ...]:
        """An author's line with its holes filled."""
        return self._texts.inline(text).fill(self._filled)

    def blocks(self, text: Written) -> tuple[Block, ...]:
        """An author's text with its holes filled."""
        return self._texts.blocks(text).fill(self._filled)

    def line(self, text: Written) -> str:
        """An author's line as text, with ``$…$`` around mathematics; holes filled."""
        constant = self._texts.constant_line(text)
        return line_of(self.inline(text)) if constant is None else constant

    def stem(self) -> tuple[Block, ...]:
        """The stem; for a pool of statements without one, the statement itself."""
        statement = self.scene.statement
        asked = self.blocks(self.template.stem) if self.template.stem is not None else ()
        if statement is None or statement.text is None:
            return asked
        return (*asked, *self.blocks(statement.text))

    def number(self, formula: Written) -> Expression:
        """The exact value of an author's formula, a closed expression."""
        return self._formulas.number(formula, self._bindings)

    def symbolic(self, formula: Written, symbols: tuple[SymbolDeclaration, ...]) -> Expression:
        """An author's formula in declared symbols, with the drawn numbers put in."""
        return self._formulas.symbolic(formula, symbols, self._bindings)

    def count(self, radical: str, written: int | None) -> int | None:
        """A number that a radical may override, such as ``choose``."""
        return int(self._radicals[radical]) if radical in self._radicals else written

    def rival(self, value: str, misconceptions: tuple[str, ...], credit: Fraction = Fraction(0)) -> Rival:
        """A known wrong answer with the words of its misconceptions.

        For two misconceptions titles are joined, and their words are numbered, those of the first step first.
        """
        return Rival(value, misconceptions, credit, *self._texts.words(misconceptions))

    def option_ids(self, count: int, purpose: str = "option ids") -> tuple[str, ...]:
        """Ids for options in the author's order; they tell neither which is right nor where it is shown."""
        return self.stream(purpose).shuffle(tuple(f"o{number + 1}" for number in range(count)))

    def shown_order(self, options: Sequence[T], purpose: str = "order") -> tuple[T, ...]:
        """The options in the order drawn for this variant."""
        return self.stream(purpose).shuffle(tuple(options))


def option_texts(options: Sequence[Option]) -> tuple[tuple[str, str], ...]:
    """(id, text as printed) of options, in the order of their ids."""
    return tuple(sorted((option.id, text_of(option.content)) for option in options))


def require_distinct(options: Sequence[Option]) -> None:
    """Raise Redraw if two options read alike."""
    texts = [text_of(option.content) for option in options]
    if len(set(texts)) != len(texts):
        raise Redraw("two options read alike")
