"""What every format of grades is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

import msgspec

from quizgen.book.keyfile import Person
from quizgen.exporters.csv_table import cell
from quizgen.marks import LearnerMarks
from quizgen.model import Slot


class GradeRow(msgspec.Struct, frozen=True):
    """One learner. known: what the key file says of them. points: of the `maximum` of the table."""

    learner: str
    known: Person
    points: Fraction
    marks: LearnerMarks


class GradeTable(msgspec.Struct, frozen=True):
    """What is exported. column: the heading of the grade. learner_is: which name of the platform the learner ids are.

    maximum: what the quiz is worth. scaled: for some learners a question does not count, so that their points were
    scaled to the same maximum.
    """

    column: str
    learner_is: str
    slots: tuple[Slot, ...]
    maximum: Fraction
    rows: tuple[GradeRow, ...]
    scaled: bool = False


class LeftOut(msgspec.Struct, frozen=True):
    """Somebody who does not stand in the file, and why."""

    learner: str
    reason: str


class Gradebook(msgspec.Struct, frozen=True):
    """A format. identities: what learner ids can be on that platform, the usual one first; empty if nobody asks.

    takes_pending: whether the file has a place to say that a mark is not final. write: the bytes, in chunks, and,
    through the list that it is given, whoever was left out. next_step: what to do with the file.
    """

    id: str
    title: str
    identities: tuple[str, ...]
    takes_pending: bool
    write: Callable[[GradeTable, list[LeftOut]], Iterator[bytes]]
    next_step: str


def grade_table(
    slots: tuple[Slot, ...],
    learners: Sequence[LearnerMarks],
    people: Mapping[str, Person],
    column: str,
    learner_is: str,
) -> GradeTable:
    """The table of a class. slots: of the quiz. people: what is known of the learners, by learner id.

    If questions were taken out for some learners only, points are scaled to the largest maximum.
    """
    maximum = max((learner.of for learner in learners), default=Fraction(0))
    scaled = any(learner.of != maximum for learner in learners)
    rows = tuple(
        GradeRow(
            learner.learner,
            people.get(learner.learner, {}),
            learner.points * maximum / learner.of if learner.of else Fraction(0),
            learner,
        )
        for learner in learners
    )
    return GradeTable(" ".join(column.split()), learner_is, slots, maximum, rows, scaled)


def identity(table: GradeTable, row: GradeRow, name: str) -> str:
    """What a platform calls the learner under this name, "" if nobody said.

    Where the learner ids are that name, it is the learner id, or what the roster says instead of it.
    """
    if row.known.get(name):
        return row.known[name]
    return row.known.get("lms_id") or row.learner if name == table.learner_is else ""


def is_exact(text: str) -> bool:
    """Whether a cell of a CSV can say just this text: what a spreadsheet would calculate gets an apostrophe.

    >>> is_exact("ana"), is_exact("=1+1")
    (True, False)
    """
    return cell(text) == '"' + text.replace('"', '""') + '"'
