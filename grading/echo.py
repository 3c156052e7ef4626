"""How a formula was read, so that a page can show it before the answer counts.

The text, typed back in, is read as the same formula. Writing the text is quick; the rest is made when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import msgspec

from grading.expressions import ONE, Context, Event, Exponential, Expression, Probability, Symbol, atoms, walk
from grading.keys import Sentence
from grading.labels import name_text, notation_text
from grading.parsing import Language, parse_expression
from grading.parsing.doubtful import conventions_met
from grading.text import to_unicode
from grading.wording import Wording, wording
from grading.writing import Setting, to_latex, to_mathml
from grading.writing.contexts import TargetBefore, visible
from grading.writing.latex import context_name_latex

_RELATIONS = {"<": "name:before", "≤": "name:up-to", "∖": "name:without"}


class Name(msgspec.Struct, frozen=True):
    """A name in a formula. text, latex: how it is written. meaning: what it is, in words."""

    text: str
    latex: str
    meaning: str


class Remark(msgspec.Struct, frozen=True):
    """A row of the table of conventions that decided how a text was read. rule: its stable name. sentence: in words."""

    rule: str
    sentence: str


class EchoRecord(msgspec.Struct, frozen=True):
    """The whole echo as plain data, for a page. ``typed`` is "" where no text was typed."""

    typed: str
    text: str
    latex: str
    mathml: str
    names: tuple[Name, ...]
    conventions: tuple[Remark, ...]


class Echo(msgspec.Struct, frozen=True, dict=True):
    """How a formula was read.

    tree: the formula. language: in which it was read. text: in Unicode. typed: what the learner wrote, or "".
    words: language of the words, such as ``de``.
    """

    tree: Expression
    language: Language
    text: str
    typed: str = ""
    words: str = "en"

    @cached_property
    def latex(self) -> str:
        """The formula in LaTeX; it can be typed back in too."""
        return to_latex(self.tree, setting_of(self.language))

    @cached_property
    def mathml(self) -> str:
        """The formula as a ``<math>`` element."""
        return to_mathml(self.tree, setting_of(self.language))

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """The symbols and probabilities, then the positions and contexts that they speak of, each once."""
        return tuple(_Names(self.language, wording(self.words)).of(self.tree))

    @cached_property
    def conventions(self) -> tuple[Remark, ...]:
        """The doubtful writings in what was typed, and how they were read."""
        if not self.typed:
            return ()
        say = wording(self.words)
        return tuple(Remark(rule, say(f"rule:{rule}")) for rule in conventions_met(self.typed, self.language))

    def record(self) -> EchoRecord:
        """All of it as plain data."""
        return EchoRecord(self.typed, self.text, self.latex, self.mathml, self.names, self.conventions)


def echo(formula: Expression | str, language: Language, words: str = "en", typed: str = "") -> Echo:
    """The echo of a tree, or of a text; raises Refused for a text that cannot be read.

    words: in which language to explain. typed: the text that the tree was read from.

    >>> from grading.keys import SymbolDeclaration
    >>> language = Language((SymbolDeclaration("p_2"), SymbolDeclaration("n", "positive")))
    >>> found = echo("log p2 n", language)
    >>> found.text, found.latex
    ('log(p₂·n)', '\\\\log\\\\left(p_{2} \\\\cdot n\\\\right)')
    >>> [(name.text, name.meaning) for name in found.names]
    [('p₂', 'a probability, more than 0 and at most 1'), ('n', 'a positive number')]
    >>> [remark.sentence for remark in found.conventions]
    ['Without parentheses a function takes the whole product after it.']
    """
    if isinstance(formula, str):
        typed, formula = formula, parse_expression(formula, language)
    return Echo(formula, language, language.written(formula), typed, words)


def setting_of(language: Language) -> Setting:
    """How formulas are set so that they are read back in this language."""
    return Setting(language.log_base, language.decimal_comma, "e" not in language.names)


def _seen_notation(sentence: Sentence, position: int) -> str:
    """How what the model sees at a position is written."""
    if position not in sentence.order:
        return "xbar"
    hidden = {position, *sentence.order[sentence.order.index(position) :]}
    seen = [k for k in range(len(sentence.tokens)) if k not in hidden]
    in_turn = list(sentence.order) == sorted(sentence.order) and seen == list(range(position))
    return f"x_{{<{position}}}" if in_turn else f"x_{{{','.join(map(str, seen))}}}"


class _Names:
    """Says what the names of a formula are."""

    def __init__(self, language: Language, say: Wording) -> None:
        self.language, self.say = language, say
        self.setting = setting_of(language)

    def of(self, tree: Expression) -> Iterator[Name]:
        spoken: list[Probability] = []
        for atom in atoms(tree):
            stands_for = self.stands_for(atom)
            if stands_for is not None:
                spoken.append(stands_for)
                meaning = self.probability(stands_for)
            else:
                assert isinstance(atom, Symbol)
                meaning = self.symbol(atom.name)
            yield Name(to_unicode(atom), to_latex(atom, self.setting), meaning)
        if self.setting.euler and any(isinstance(node, Exponential) and node.argument == ONE for node in walk(tree)):
            yield Name("e", "e", self.say("name:euler"))
        yield from self.positions(spoken)
        for base in dict.fromkeys(visible(atom.given.notation).name for atom in spoken if atom.given is not None):
            yield Name(notation_text(base), context_name_latex(base), self.say(f"name:{base}"))

    def stands_for(self, atom: Symbol | Probability) -> Probability | None:
        """The probability that an atom is: p_2 is one where there is a sentence."""
        if isinstance(atom, Probability):
            return atom
        sentence = self.language.sentence
        if sentence is None or self.language.assumptions.get(atom.name, "probability") != "probability":
            return None
        stem, _, index = atom.name.partition("_")
        if stem != "p" or not index.isdecimal() or int(index) >= len(sentence.tokens):
            return None
        position = int(index)
        seen = Context(_seen_notation(sentence, position), sentence.seen_at(position))
        return Probability((Event(position, sentence.tokens[position]),), seen)

    def symbol(self, name: str) -> str:
        sentence = self.language.sentence
        if (assumption := self.language.assumptions.get(name)) is not None:
            return self.say(f"name:declared-{assumption}")
        if sentence is not None and name == "n":
            return self.say("name:size", count=len(sentence.selected))
        if sentence is not None and name == "m":
            return self.say("name:length", count=len(sentence.tokens) - 1)
        return self.say("name:undeclared")

    def positions(self, spoken: list[Probability]) -> Iterator[Name]:
        """The positions that probabilities speak of, ascending, with the words that the sentence has there."""
        sentence = self.language.sentence
        if sentence is not None:
            events = [event for atom in spoken for event in atom.events if event.of in ("x", "d")]
            for position in sorted({event.position for event in events} - {-1}):
                meaning = self.say("name:position", position=position, word=sentence.tokens[position])
                yield Name(name_text(f"x_{position}"), f"x_{{{position}}}", meaning)

    def probability(self, atom: Probability) -> str:
        event = self.say("name:and").join(map(self.event, atom.events))
        if atom.given is None:
            return self.say("name:probability", event=event)
        context = self.context(atom.given.notation)
        return self.say("name:reverse" if atom.reverse else "name:given", event=event, context=context)

    def event(self, event: Event) -> str:
        if not event.name:
            return self.say("name:nowhere", word=event.token)
        return self.say("name:event", place=name_text(event.name), word=event.token)

    def context(self, notation: str) -> str:
        parts = visible(notation)
        text = notation_text(parts.name)
        if parts.relation:
            text = self.say(_RELATIONS[parts.relation], context=text, position=parts.position)
        elif parts.positions:
            text = self.say("name:at", context=text, positions=", ".join(map(str, parts.positions)))
        for part in parts.beside:
            if isinstance(part, Event):
                filled = self.say("name:filled", place=name_text(f"x_{part.position}"), word=part.token)
            elif isinstance(part, TargetBefore):
                filled = self.say("name:before", context="y", position=part.position)
            else:
                filled = self.say("name:guess", position=part)
            text += self.say("name:and") + filled
        return text
