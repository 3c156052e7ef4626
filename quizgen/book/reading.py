"""Out of the book: a person's whole record, the newest grades of a quiz, and how much there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from grading import bulk
from grading.bulk import GradedRow, Results
from quizgen.archive import Archive
from quizgen.book import migrations
from quizgen.book.database import Book, setting
from quizgen.book.errors import BookError
from quizgen.book.keyfile import KeyFile
from quizgen.book.records import Mark, StoredAttempt, StoredGrade, grade_of
from quizgen.book.tables import ATTEMPT, FORGOTTEN, GRADE, QUIZ
from quizgen.book.writing import digest_of, mark_columns


class PersonRecord(msgspec.Struct, frozen=True):
    """All that is known of a person. known: what the key file says. forgotten_at: "" unless they were forgotten."""

    learner: str
    person: str
    known: dict[str, str]
    attempts: tuple[StoredAttempt, ...]
    forgotten_at: str = ""


class QuizCounts(msgspec.Struct, frozen=True):
    """How much of a quiz is in the book. regraded: grades that came after a first one."""

    title: str
    people: int
    attempts: int
    regraded: int


class Overview(msgspec.Struct, frozen=True):
    """What a book holds. version: of its tables. keep_days: None if it keeps everything. forgotten: people."""

    place: str
    version: int
    keep_days: int | None
    people: int
    forgotten: int
    quizzes: tuple[QuizCounts, ...]


def record_of(book: Book, key: KeyFile, learner: str) -> PersonRecord:
    """The whole record of a learner; without attempts if the book has none."""
    person = key.pseudonym(learner)
    found = book.read(lambda connection: attempts(connection, person))
    gone = select(FORGOTTEN.c.forgotten_at).where(FORGOTTEN.c.person == person)
    forgotten_at = book.read(lambda connection: connection.execute(gone).scalar()) or ""
    return PersonRecord(learner, person, dict(key.people.get(person, {})), found, forgotten_at)


def attempts(connection: Connection, person: str = "") -> tuple[StoredAttempt, ...]:
    """The attempts of a person, or all, in the order of quiz, person, item and number."""
    mine: Any = (lambda table: table.c.person == person) if person else (lambda table: True)
    grades: dict[tuple[Any, ...], list[StoredGrade]] = defaultdict(list)
    columns = (GRADE.c.quiz, GRADE.c.person, GRADE.c.item, GRADE.c.number, GRADE.c.seq)
    told = (GRADE.c.reason, GRADE.c.graded_at, GRADE.c.engine)
    asked = select(*columns, *told, *mark_columns()).where(mine(GRADE)).order_by(GRADE.c.seq)
    for quiz, name, item, number, seq, reason, graded_at, engine, *mark in connection.execute(asked):
        grades[quiz, name, item, number].append(StoredGrade(seq, Mark(*mark), reason, graded_at, engine))
    join = select(ATTEMPT, QUIZ.c.digest, QUIZ.c.title).join(QUIZ, QUIZ.c.id == ATTEMPT.c.quiz).where(mine(ATTEMPT))
    return tuple(
        StoredAttempt(
            row.digest, row.title, row.person, row.item, row.slot, row.number, row.submitted_at, row.recorded_at,
            tuple(grades[row.quiz, row.person, row.item, row.number]),
        )
        for row in connection.execute(
            join.order_by(QUIZ.c.digest, ATTEMPT.c.person, ATTEMPT.c.item, ATTEMPT.c.number)
        )
    )  # fmt: skip


def results_of(book: Book, archive: Archive, names: Mapping[str, str]) -> Results:
    """The newest grades of a quiz, as `grading.bulk.grade_all` gives them.

    names: what stands as learner for a pseudonym; people without one are left out. Raises BookError if the book has
    nothing of this quiz.
    """
    digest = digest_of(archive)
    rows: list[GradedRow] = []

    def work(connection: Connection) -> None:
        known = cache(grade_of)
        rows.clear()
        for person, item, number, submitted_at, *mark in connection.execute(_newest(digest)):
            if person in names:
                grade = known(Mark(*mark))
                rows.append(GradedRow(names[person], item, grade, number, submitted_at, book.place))

    book.read(work)
    if not rows:
        raise BookError(book.place, f"has nothing of the quiz “{archive.quiz.title}”", "name its archive with --quiz")
    return bulk.results_of(rows)


def _newest(digest: str) -> Any:
    newest = (
        select(GRADE.c.quiz, GRADE.c.person, GRADE.c.item, GRADE.c.number, func.max(GRADE.c.seq).label("seq"))
        .join(QUIZ, QUIZ.c.id == GRADE.c.quiz)
        .where(QUIZ.c.digest == digest)
        .group_by(GRADE.c.quiz, GRADE.c.person, GRADE.c.item, GRADE.c.number)
        .subquery()
    )
    same = [GRADE.c[name] == newest.c[name] for name in ("quiz", "person", "item", "number", "seq")]
    attempt = [ATTEMPT.c[name] == newest.c[name] for name in ("quiz", "person", "item", "number")]
    return (
        select(GRADE.c.person, GRADE.c.item, GRADE.c.number, ATTEMPT.c.submitted_at, *mark_columns())
        .join(newest, _all(same))
        .join(ATTEMPT, _all(attempt))
        .order_by(GRADE.c.person, GRADE.c.item, GRADE.c.number)
    )


def _all(conditions: list[Any]) -> Any:
    first, *rest = conditions
    for condition in rest:
        first = first & condition
    return first


def people_of(book: Book, archive: Archive | None = None) -> tuple[str, ...]:
    """The pseudonyms in the book, or of those who answered a quiz, in order."""
    asked = select(ATTEMPT.c.person).distinct().order_by(ATTEMPT.c.person)
    if archive is not None:
        asked = asked.join(QUIZ, QUIZ.c.id == ATTEMPT.c.quiz).where(QUIZ.c.digest == digest_of(archive))
    return tuple(book.read(lambda connection: connection.execute(asked).scalars().all()))


def overview(book: Book) -> Overview:
    """How much there is in the book; no key file is needed for it."""

    def counted(connection: Connection) -> Overview:
        people = func.count(ATTEMPT.c.person.distinct())
        per_quiz = select(ATTEMPT.c.quiz, people, func.count()).group_by(ATTEMPT.c.quiz)
        found = {quiz: (persons, number) for quiz, persons, number in connection.execute(per_quiz)}
        later = select(GRADE.c.quiz, func.count()).where(GRADE.c.seq > 1).group_by(GRADE.c.quiz)
        again = {quiz: int(number) for quiz, number in connection.execute(later)}
        quizzes = tuple(
            QuizCounts(title, *found.get(quiz, (0, 0)), again.get(quiz, 0))
            for quiz, title in connection.execute(select(QUIZ.c.id, QUIZ.c.title).order_by(QUIZ.c.title, QUIZ.c.digest))
        )
        keep = setting(connection, "keep_days")
        return Overview(
            book.place, migrations.version(connection), int(keep) if keep else None,
            connection.execute(select(people)).scalar_one(),
            connection.execute(select(func.count()).select_from(FORGOTTEN)).scalar_one(), quizzes,
        )  # fmt: skip

    return book.read(counted)
