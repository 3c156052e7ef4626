"""What is imported: one record for a question, whatever file it came from, and one for what could not be carried."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Literal

import msgspec

from quizgen.findings import Finding, Place, Severity

MOST_BYTES = 20_000_000
"""Of a file, and of everything inside a package."""

MOST_QUESTIONS = 5_000

Data = str | list["Data"] | dict[str, "Data"]
"""What is written as YAML: texts, lists and mappings."""


class Wrong(msgspec.Struct, frozen=True):
    """A wrong answer: its text (a number for a numeric question), its credit, and what learners are told.

    instead_of: left sides of a matching for which an unused right side is the known mistake.
    """

    text: str
    credit: Fraction = msgspec.field(default_factory=Fraction)
    feedback: str = ""
    misconception: str = ""
    instead_of: tuple[str, ...] = ()


class Question(msgspec.Struct, frozen=True):
    """One question, its texts in our Markdown.

    name: as the file names it. id: a proposed id of the template, "" if the name has to do. kind: one of ours.
    key: the right answer; several for multiple answers and orders, one for others, `true` or `false`. accept: other
    right wordings of a short answer. left_out: (right option, misconception behind leaving it out).
    pairs: (left, right) of a matching; its `wrong` are unused right sides.
    settings: fields of the kind that go into the template as they are, such as `tolerance` or `scoring`.
    parts: (name, question) of the gaps of a cloze. language: "" if the file does not say.
    """

    place: Place
    name: str
    kind: str
    stem: str
    key: tuple[str, ...] = ()
    wrong: tuple[Wrong, ...] = ()
    accept: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    settings: tuple[tuple[str, Data], ...] = ()
    parts: tuple[tuple[str, Question], ...] = ()
    hints: tuple[str, ...] = ()
    solution: str = ""
    title: str = ""
    id: str = ""
    tags: tuple[str, ...] = ()
    bloom: str = ""
    points: Fraction = msgspec.field(default_factory=lambda: Fraction(1))
    language: str = ""


LossCode = Literal["Q810", "Q811", "Q812"]


class Lost(msgspec.Struct, frozen=True):
    """Something that could not be carried.

    code: Q810 a question of a kind that we do not have, Q811 a part of a question that was carried, Q812 a question
    that is broken. question: its name. reason: what, and why.
    """

    place: Place
    question: str
    code: LossCode
    reason: str

    @property
    def whole(self) -> bool:
        """Whether the question itself is missing."""
        return self.code != "Q811"

    def finding(self) -> Finding:
        """As a finding for the person who imports."""
        remedy = {
            "Q810": "write it anew with quizgen new",
            "Q811": "look whether the template needs it",
            "Q812": "mend it where it comes from, or write it anew",
        }[self.code]
        name = " ".join(self.question.split())[:60] or "a question without a name"
        return Finding(self.place, self.code, f"“{name}”: {self.reason}", remedy, Severity.WARNING)


class Imported(msgspec.Struct, frozen=True):
    """What a file held."""

    questions: tuple[Question, ...] = ()
    lost: tuple[Lost, ...] = ()


class Reader(msgspec.Struct, frozen=True):
    """One format.

    recognises: whether the beginning of a file looks like it. read: the name of the file as it is shown, and its
    bytes; raises FindingsError if it cannot be read at all.
    """

    id: str
    title: str
    recognises: Callable[[bytes], bool]
    read: Callable[[str, bytes], Imported]


class NotCarried(Exception):
    """Raised while one question is read: why it cannot become a template. broken: it is the question that is wrong."""

    def __init__(self, reason: str, broken: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.broken = reason, broken

    def lost(self, place: Place, question: str) -> Lost:
        return Lost(place, question, "Q812" if self.broken else "Q810", self.reason)


class Notes:
    """Collects, while one question is read, what of it is not carried; each thing once."""

    def __init__(self, place: Place, question: str) -> None:
        self.place, self.question = place, question
        self._reasons: dict[str, None] = {}

    def __call__(self, reason: str) -> None:
        self._reasons.setdefault(reason)

    def lost(self) -> tuple[Lost, ...]:
        return tuple(Lost(self.place, self.question, "Q811", reason) for reason in self._reasons)
