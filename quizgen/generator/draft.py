"""The draft of one item: its scene, its words and its streams, as the builders of the question kinds need them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from copy import copy
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

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
    from quizgen.generator.trace import Place
    from quizgen.markup import Hole
    from quizgen.objective.masked import MaskedSentence
    from quizgen.sampling.draws import Source, Stream
    from quizgen.template import PartTemplate, Template, Written, WrongText, WrongValue
    from quizgen.template.written import TextByValue

T = TypeVar("T")


class Redraw(Exception):
    """This attempt does not give a sound question; the reason is counted and the next attempt is made."""


class Unwanted(Exception):
    """What was made of the item tells that it is not asked for; nobody needs the rest."""


MOST_LISTED = 1000
"""Choices of some entries up to which all are listed and gone through in a shuffled order."""

NOWHERE = nullcontext()
"""Where holes stand of which no trace is kept."""

OptionTexts = tuple[tuple[str, str], ...]
"""(id, text as printed) of options, in the order of their ids."""

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
        self._open: list[str] = []
        self._known: dict[Hole, Any] = {}
        self.language = language
        self.decimal_comma = decimal_comma
        self._formulas = formulas
        self._texts = texts
        self._source = source
        self._stream_name = stream_name
        self._bindings = bindings
        self._radicals = radicals
        self._stem: tuple[Block, ...] | None = None
        self.on_options: Callable[[OptionTexts], None] | None = None

    def parts(self) -> Iterator[tuple[PartTemplate, Draft]]:
        """Every answer field with the draft that fills it; a part for each mask is one field for each of them."""
        for part in self.template.parts:
            if not part.each:
                yield part, self
                continue
            masked = self.masked()
            for number, position in enumerate(masked.selected, 1):
                field = msgspec.structs.replace(
                    part, id=f"{part.id}-{number}", weight=part.weight / masked.n, each=False
                )
                yield field, self._at(number, position)

    def _at(self, number: int, position: int) -> Draft:
        """The same draft for one mask: with its position, its number and the position of a copy of its word.

        The copy is the word itself where it stands only once.
        """
        here, tokens = copy(self), [token.casefold() for token in self.masked().tokens]
        copies = (k for k, token in enumerate(tokens) if k != position and token == tokens[position])
        places = {"position": position, "number": number, "copy": next(copies, position)}
        here._bindings = {**self._bindings, **{name: Fraction(place) for name, place in places.items()}}
        here.naming = self.naming.at(position, here._bindings)
        here._known = {}
        return here

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

    def inline(self, text: Written) -> tuple[Inline, ...]:
        """An author's line with its holes filled."""
        return self._texts.inline(text).fill(self._content)

    def blocks(self, text: Written) -> tuple[Block, ...]:
        """An author's text with its holes filled."""
        return self._texts.blocks(text).fill(self._content)

    def _content(self, hole: Hole) -> Any:
        """The content for a hole, which is the same wherever it stands; what is traced is filled each time."""
        content = self._known.get(hole)
        if content is None:
            varying = self._texts.varying.get(hole.name)
            content = filled(self.naming, hole) if varying is None else self._chosen(hole, varying)
            if self.naming.trace is None:
                self._known[hole] = content
        return content

    def _chosen(self, hole: Hole, varying: TextByValue) -> tuple[Inline, ...]:
        """What a text is that depends on what was drawn."""
        if hole.filters or hole.attributes:
            raise HoleError(f"'{hole.name}' is a text of yours; it takes no filter")
        if hole.name in self._open:
            raise HoleError(f"the text '{hole.name}' contains itself")
        value = self.scene.values.get(varying.by, self._bindings.get(varying.by))
        chosen = varying.chosen(value)
        if chosen is None:
            raise HoleError(f"'{hole.name}' has no text for {varying.by} = {value}")
        if self.naming.trace is not None:
            self.naming.trace.show(varying.by)
        self._open.append(hole.name)
        try:
            return self.inline(chosen)
        finally:
            self._open.pop()

    def line(self, text: Written) -> str:
        """An author's line as text, with ``$…$`` around mathematics; holes filled."""
        constant = self._texts.constant_line(text)
        return line_of(self.inline(text)) if constant is None else constant

    def lines(self, texts: tuple[Written, ...]) -> tuple[str, ...]:
        """Several of the author's lines as text."""
        constant = self._texts.constant_lines(texts)
        return tuple(map(self.line, texts)) if constant is None else constant

    def _said(self, text: Written) -> str:
        """A line that is no part of the question, but said of an answer to it."""
        constant = self._texts.constant_line(text)
        if constant is not None:
            return constant
        with self.at("feedback"):
            return line_of(self.inline(text))

    def at(self, place: Place) -> AbstractContextManager[None]:
        """The holes that are filled meanwhile stand at this place."""
        return NOWHERE if self.naming.trace is None else self.naming.trace.at(place)

    def stem(self) -> tuple[Block, ...]:
        """The stem; for a pool of statements without one, the statement itself."""
        if self._stem is None:
            self._stem = self._asked()
        return self._stem

    def _asked(self) -> tuple[Block, ...]:
        statement = self.scene.statement
        asked = self.blocks(self.template.stem) if self.template.stem is not None else ()
        if statement is None or statement.text is None:
            return asked
        return (*asked, *self.blocks(statement.text))

    def number(self, formula: Written) -> Expression:
        """The exact value of an author's formula, a closed expression."""
        return self._formulas.number(formula, self._bindings)

    def number_if_known(self, formula: Written) -> Expression | None:
        """The same, None where something that the formula uses has no value in this scene."""
        return self._formulas.number_if_known(formula, self._bindings)

    def symbolic(self, formula: Written, symbols: tuple[SymbolDeclaration, ...]) -> Expression:
        """An author's formula in declared symbols, with the drawn numbers put in."""
        return self._formulas.symbolic(formula, symbols, self._bindings)

    def compared(self, condition: Written, names: tuple[str, ...]) -> tuple[tuple[Expression, ...], tuple[str, ...]]:
        """(sides, signs between them) of a condition on numbers with these names, with the drawn numbers put in."""
        return self._formulas.compared(condition, names, self._bindings)

    def offered(self, when: Written | None) -> bool:
        """Whether an option with this condition may be there in this scene."""
        return when is None or self._formulas.holds(when, self._bindings)

    def count(self, radical: str, written: int | None) -> int | None:
        """A number that a radical may override, such as ``choose``."""
        return int(self._radicals[radical]) if radical in self._radicals else written

    def rival(
        self,
        value: str,
        misconceptions: tuple[str, ...],
        credit: Fraction = Fraction(0),
        entry: WrongText | WrongValue | None = None,
    ) -> Rival:
        """A known wrong answer with the words of its misconceptions, or those that its entry has of its own.

        For two misconceptions titles are joined, and their words are numbered, those of the first step first.
        """
        title, hint, feedback = self._texts.words(misconceptions)
        if entry is not None and entry.hint is not None:
            hint = self._said(entry.hint)
        if entry is not None and entry.feedback is not None:
            feedback = self._said(entry.feedback)
        return Rival(value, misconceptions, credit, title, hint, feedback)

    def words(self, misconceptions: tuple[str, ...]) -> tuple[str, str, str]:
        """(title, hint, feedback) of misconceptions in the language of the draft."""
        return self._texts.words(misconceptions)

    def said(self, text: Written | None, otherwise: str = "") -> str:
        """A line about an answer; `otherwise` where the author wrote none."""
        return otherwise if text is None else self._said(text)

    def option_ids(self, count: int, purpose: str = "option ids") -> tuple[str, ...]:
        """Ids for options in the author's order; they tell neither which is right nor where it is shown."""
        return self.stream(purpose).shuffle(_option_ids(count))

    def some(self, of: int, count: int, purpose: str) -> list[int]:
        """`count` of the numbers below `of`, ascending; the first variants show all the different choices in turn."""
        if comb(of, count) > MOST_LISTED:
            return sorted(self.stream(purpose).sample(range(of), count))
        every = self._source.stream(self._stream_name, 0, 0, f"{purpose}, all of them").shuffle(
            tuple(combinations(range(of), count))
        )
        first, attempt = self.scene.variant, self.scene.attempt
        return list(every[first % len(every)] if not attempt else self.stream(purpose).choice(every))

    def tell(self, texts: OptionTexts) -> None:
        """What the options of a part are printed as, once nothing can speak against them.

        Raises Unwanted where this tells that the item is not asked for.
        """
        if self.on_options is not None:
            self.on_options(texts)

    def shown_order(self, options: Sequence[T], purpose: str = "order") -> tuple[T, ...]:
        """The options in the order drawn for this variant."""
        return self.stream(purpose).shuffle(tuple(options))


@lru_cache(maxsize=64)
def _option_ids(count: int) -> tuple[str, ...]:
    return tuple(f"o{number + 1}" for number in range(count))


def option_texts(options: Sequence[Option]) -> OptionTexts:
    """What options are printed as."""
    return tuple(sorted([(option.id, text_of(option.content)) for option in options]))


def distinct_texts(options: Sequence[Option]) -> OptionTexts:
    """What options are printed as. Raises Redraw if two of them read alike."""
    texts = option_texts(options)
    if len({text for _, text in texts}) != len(texts):
        raise Redraw("two options read alike")
    return texts
