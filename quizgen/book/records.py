"""What goes into a book and what comes out of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import msgspec

from grading.verdicts import Diagnosis, Grade, Verdict

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Mark(msgspec.Struct, frozen=True):
    """A grade without the words for learners, as it is stored.

    score: exact, such as ``2/3``; None while there is none. misconceptions: a JSON list of lists, one list for each
    diagnosis, best first. parts: JSON of (part, mark) pairs. The last two are "" where there is nothing.
    """

    verdict: str
    score: str | None
    note: str
    reading: str = ""
    misconceptions: str = ""
    parts: str = ""


class Answer(msgspec.Struct, frozen=True):
    """One graded attempt at one item. person: a pseudonym. number: of the attempt, from 1."""

    person: str
    item: str
    slot: str
    number: int
    submitted_at: str
    mark: Mark


class Appended(msgspec.Struct, frozen=True):
    """What became of the answers: new attempts, attempts with another grade than before, attempts that were in the
    book just so, and answers of people who were forgotten, of which nothing was written."""

    new: int = 0
    changed: int = 0
    known: int = 0
    forgotten: int = 0

    def __add__(self, other: Appended) -> Appended:
        return Appended(
            self.new + other.new,
            self.changed + other.changed,
            self.known + other.known,
            self.forgotten + other.forgotten,
        )


class StoredGrade(msgspec.Struct, frozen=True):
    """A grade of an attempt. seq: 1 for the first, the highest counts. reason, graded_at: given by whoever graded.
    engine: the version of quizgen that graded, "" if nobody said."""

    seq: int
    mark: Mark
    reason: str
    graded_at: str
    engine: str


class StoredAttempt(msgspec.Struct, frozen=True):
    """An attempt with all its grades, oldest first. quiz: its digest; title: what it was called."""

    quiz: str
    title: str
    person: str
    item: str
    slot: str
    number: int
    submitted_at: str
    recorded_at: str
    grades: tuple[StoredGrade, ...]


def storable(text: str) -> str:
    r"""Text that every database takes: without NUL and halves of characters.

    >>> storable("a\x00b")
    'a�b'
    """
    return _UNSTORABLE.sub("�", text)


def mark_of(grade: Grade) -> Mark:
    """What is kept of a grade; words for learners are not, they are in the archive of the quiz.

    >>> from grading.verdicts import scored
    >>> mark_of(scored(Fraction(2, 3), "choice:rival")).score
    '2/3'
    """
    believed = [list(diagnosis.misconceptions) for diagnosis in grade.diagnoses]
    parts = [(part, mark_of(inner)) for part, inner in grade.parts]
    return Mark(
        grade.verdict.value,
        None if grade.score is None else str(grade.score),
        storable(grade.note),
        storable(grade.reading),
        msgspec.json.encode(believed).decode() if believed else "",
        storable(msgspec.json.encode(parts).decode()) if parts else "",
    )


def grade_of(mark: Mark) -> Grade:
    """The grade of a stored mark.

    >>> grade_of(mark_of(Grade(Verdict.INCORRECT, Fraction(0), "n", "1.5", (Diagnosis(("a", "b")),)))).diagnoses
    (Diagnosis(misconceptions=('a', 'b'), title='', hint='', feedback=''),)
    """
    believed: list[list[str]] = msgspec.json.decode(mark.misconceptions) if mark.misconceptions else []
    parts: list[tuple[str, Mark]] = msgspec.json.decode(mark.parts, type=list[tuple[str, Mark]]) if mark.parts else []
    return Grade(
        Verdict(mark.verdict),
        None if mark.score is None else Fraction(mark.score),
        mark.note,
        mark.reading,
        tuple(Diagnosis(tuple(names)) for names in believed),
        parts=tuple((part, grade_of(inner)) for part, inner in parts),
    )


def moment(text: str) -> str:
    """A moment (ISO 8601) as it is stored: UTC, to the second. One without a zone is UTC. Raises ValueError.

    >>> moment("2026-11-02"), moment("2026-11-02T10:30:00+02:00")
    ('2026-11-02T00:00:00Z', '2026-11-02T08:30:00Z')
    """
    found = datetime.fromisoformat(text.strip())
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return found.strftime("%Y-%m-%dT%H:%M:%SZ") if found.year >= 1000 else _refused(text)


def _refused(text: str) -> Any:
    raise ValueError(f"no moment of a book: {text}")
