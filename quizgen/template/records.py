"""A template as it was read: frozen records that the generator works on. Every text knows where it stands."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Literal

import msgspec

from quizgen.findings import Finding, Place, Severity
from quizgen.source import DataPath, Document
from quizgen.template.answer_records import Answer
from quizgen.template.draw_records import Draw, Fixed, Radical
from quizgen.template.written import Cases, TextByValue, Written

Kind = Literal[
    "single-choice",
    "multiple-answer",
    "true-false",
    "numeric",
    "numeric-tuple",
    "symbolic",
    "matching",
    "ordering",
    "cloze",
    "short-answer",
    "essay",
    "parts",
]

LEVELS = ("easy", "medium", "hard")
STATUSES = ("draft", "reviewed", "piloted", "retired")


class Difficulty(msgspec.Struct, frozen=True):
    """How hard the question is expected to be. radicals: the values for which it is so; (): for all of them."""

    level: str
    radicals: tuple[tuple[str, str], ...] = ()


class Review(msgspec.Struct, frozen=True):
    """How far a template has come: a draft, reviewed by somebody, tried with learners, or no longer used."""

    status: str
    by: str = ""


class PartTemplate(msgspec.Struct, frozen=True):
    """One answer field. id: ``answer`` in a template of one part; prompt: None there and in a cloze.

    each: it stands for one field for each mask, with the ids ``id-1``, ``id-2`` … and equal shares of the weight.
    """

    id: str
    kind: Kind
    answer: Answer
    weight: Fraction = msgspec.field(default_factory=lambda: Fraction(1))
    prompt: Written | None = None
    path: DataPath = ()
    each: bool = False

    def names(self, id: str) -> bool:
        """Whether a field of this id is this part, or one of those that it stands for.

        >>> from quizgen.template.answer_records import Essay
        >>> PartTemplate("place", "essay", Essay(()), each=True).names("place-2")
        True
        """
        before, _, number = id.rpartition("-")
        return before == self.id and number.isdecimal() if self.each else id == self.id


class Example(msgspec.Struct, frozen=True):
    """A response and what grading must say about it, over many variants.

    answer: ``key``, the id of a wrong answer, or a response of the kind (text, list of texts, {left: right}).
    score, diagnosis: None, (): not said. part: "" in a template of one part. fixed: only for this named draw.
    """

    answer: str | tuple[str, ...] | tuple[tuple[str, str], ...]
    expect: Literal["correct", "partial", "incorrect", "invalid", "undecided"]
    score: Fraction | None = None
    diagnosis: tuple[str, ...] = ()
    part: str = ""
    path: DataPath = ()
    fixed: str = ""


class Template(msgspec.Struct, frozen=True, eq=False):
    """One question of the bank before anything is drawn.

    stem: None only for a pool of true/false statements. draws, let, texts: in the author's order.
    points: of the question.
    translations: (language, the same template with these words), see `in_language`. difficulty: () if the author does
    not say. author, licence: of the words, "" for those of the bank.
    document: where it was read, for places.
    """

    id: str
    kind: Kind
    title: str
    stem: Written | None
    parts: tuple[PartTemplate, ...]
    document: Document
    bloom: str = ""
    concepts: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    draws: tuple[tuple[str, Draw], ...] = ()
    where: tuple[Written, ...] = ()
    let: tuple[tuple[str, Written | Cases], ...] = ()
    radicals: tuple[Radical, ...] = ()
    hints: tuple[Written, ...] = ()
    solution: Written | None = None
    points: Fraction = msgspec.field(default_factory=lambda: Fraction(1))
    fixed: tuple[Fixed, ...] = ()
    examples: tuple[Example, ...] = ()
    one_of: str = ""
    translations: tuple[tuple[str, Template], ...] = ()
    difficulty: tuple[Difficulty, ...] = ()
    review: Review | None = None
    author: str = ""
    licence: str = ""
    texts: tuple[TextByValue, ...] = ()

    @property
    def answer(self) -> Answer:
        """What is asked by the first (in most templates the only) part."""
        return self.parts[0].answer

    def in_language(self, language: str) -> Template:
        """This template with the words of a language; itself if there is no such translation."""
        return dict(self.translations).get(language, self)

    def draw(self, name: str) -> Draw | None:
        """The draw of this name, or None."""
        return dict(self.draws).get(name)

    def place(self, text: Written, offset: int | None = None, length: int = 1) -> Place:
        """Where a text, or the character at `offset` of it, stands in the file."""
        if offset is None:
            return self.document.place(text.path)
        return self.document.place_in(text.path, offset, length)

    def finding(
        self,
        code: str,
        message: str,
        remedy: str,
        text: Written,
        offset: int | None = None,
        length: int = 1,
        severity: Severity = Severity.ERROR,
    ) -> Finding:
        """A finding at a text of this template, or at a character of it."""
        at = None if offset is None else (offset, length)
        return self.document.finding(code, message, remedy, text.path, at=at, severity=severity)

    def findings_in(self, text: Written) -> Callable[..., Finding]:
        """What `compile_blocks` and `parse_formula` make findings with, at their places inside this text."""

        def make(
            code: str, message: str, remedy: str, offset: int, length: int, severity: Severity = Severity.ERROR
        ) -> Finding:
            return self.finding(code, message, remedy, text, offset, length, severity)

        return make
