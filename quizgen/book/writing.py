"""Into the book: a key file that fits it, and answers, a batch of people at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from grading.bulk import Results
from quizgen import __version__
from quizgen.archive import Archive
from quizgen.book.database import Book, set_setting, setting, turn
from quizgen.book.errors import BookError
from quizgen.book.keyfile import KeyFile
from quizgen.book.records import Answer, Appended, Mark, mark_of, storable
from quizgen.book.tables import ATTEMPT, FORGOTTEN, GRADE, QUIZ

PEOPLE, ANSWERS = 400, 5_000
"""A batch ends with the person who makes it this large."""

Name = tuple[str, str, int]
"""Person, item and number of an attempt: what tells it from others of the same quiz."""


def bind(book: Book, key: KeyFile) -> None:
    """Makes sure that this is the key of this book; the first key that is used with a book becomes its key.

    Raises BookError for another one: its pseudonyms would be other people.
    """

    def bound(connection: Connection) -> str:
        turn(connection, alone=True)
        if not setting(connection, "key"):
            set_setting(connection, "key", key.check)
        return setting(connection, "key")

    known = book.read(lambda connection: setting(connection, "key")) or book.write(bound)
    if known != key.check:
        raise BookError(
            key.path,
            f"is not the key file of the book {book.place}",
            "name the one that was made with it, with --book-key",
        )


def digest_of(archive: Archive) -> str:
    """What names a quiz in a book: the seal of its archive."""
    return archive.seal.quiz_sha256 or archive.seal.items_sha256


def append(
    book: Book,
    quiz: tuple[str, str],
    answers: Iterable[Answer],
    at: str,
    reason: str = "",
    on_progress: Callable[[int], None] | None = None,
) -> Appended:
    """Writes answers that are not there yet; an attempt whose grade is another one now gets it beside the earlier.

    quiz: digest and title. answers: each person's in one piece. at: the moment that is written beside them, as
    `quizgen.book.records.moment` gives it. reason: why it was graded. on_progress: told the number of answers so far.
    Every batch is written all or none; whoever is interrupted runs it again. Raises BookError.
    """
    total, done = Appended(), 0
    for batch in _batches(answers):
        total += book.write(lambda connection, batch=batch: _written(book, connection, quiz, batch, at, reason))  # type: ignore[misc]  # runs before the next batch
        done += len(batch)
        if on_progress:
            on_progress(done)
    return total


def append_results(
    book: Book,
    key: KeyFile,
    archive: Archive,
    results: Results,
    at: str,
    reason: str = "",
    on_progress: Callable[[int], None] | None = None,
) -> Appended:
    """Writes what was graded, and who it was into the key file. Arguments as for `append`. Raises BookError."""
    bind(book, key)
    learners: list[str] = results.frame["learner"].unique().to_list()
    pseudonyms = {learner: key.pseudonym(learner) for learner in learners}
    remember(book, key, pseudonyms)
    answers = _answers(archive, results, pseudonyms)
    appended = append(book, (digest_of(archive), archive.quiz.title), answers, at, reason, on_progress)
    remember(book, key, pseudonyms)  # again: somebody may have been forgotten meanwhile
    return appended


def remember(book: Book, key: KeyFile, pseudonyms: Mapping[str, str]) -> None:
    """Keeps who these learners are, but for those who were forgotten. pseudonyms: by learner id."""
    gone = set(book.read(lambda connection: connection.execute(select(FORGOTTEN.c.person)).scalars().all()))
    people = {name: {"learner": learner} for learner, name in pseudonyms.items() if name not in gone}
    key.change(add=people, drop=gone)


def _answers(archive: Archive, results: Results, pseudonyms: Mapping[str, str]) -> Iterator[Answer]:
    slot_of = {item: slot.id for slot in archive.quiz.slots for item in slot.item_ids}
    marks = [mark_of(grade) for grade in results.grades]
    frame = results.frame.sort("learner", "item", "attempt")
    for learner, item, number, submitted_at, _, _, place, reading in frame.iter_rows():
        mark = marks[place]
        if reading is not None and mark.reading != reading:
            mark = msgspec.structs.replace(mark, reading=storable(reading))
        yield Answer(pseudonyms[learner], item, slot_of[item], number, storable(submitted_at), mark)


def _batches(answers: Iterable[Answer]) -> Iterator[list[Answer]]:
    batch: list[Answer] = []
    people = 0
    for answer in answers:
        if batch and answer.person != batch[-1].person:
            people += 1
            if people >= PEOPLE or len(batch) >= ANSWERS:
                yield batch
                batch, people = [], 0
        batch.append(answer)
    if batch:
        yield batch


def _written(
    book: Book, connection: Connection, quiz: tuple[str, str], batch: list[Answer], at: str, reason: str
) -> Appended:
    turn(connection, alone=False)
    number = _quiz(book, connection, quiz)
    people = sorted({answer.person for answer in batch})
    gone = set(connection.execute(select(FORGOTTEN.c.person).where(FORGOTTEN.c.person.in_(people))).scalars())
    newest = _newest(connection, number, people)
    attempts: list[dict[str, Any]] = []
    grades: list[dict[str, Any]] = []
    forgotten = known = 0
    for answer in batch:
        if answer.person in gone:
            forgotten += 1
            continue
        name = (answer.person, answer.item, answer.number)
        seq, mark = newest.get(name, (-1, None))
        if mark == answer.mark:
            known += 1
            continue
        if seq < 0:
            attempts.append(_attempt_row(number, answer, at))
        newest[name] = max(seq, 0) + 1, answer.mark
        grades.append(_grade_row(number, answer, newest[name][0], at, reason))
    if attempts:
        connection.execute(book.insert(ATTEMPT), attempts)
    if grades:
        connection.execute(book.insert(GRADE), grades)
    return Appended(len(attempts), len(grades) - len(attempts), known, forgotten)


def _quiz(book: Book, connection: Connection, quiz: tuple[str, str]) -> int:
    """The number of a quiz, which is taken now if it has none; in PostgreSQL nobody else writes to it until the end."""
    wanted = select(QUIZ.c.id).where(QUIZ.c.digest == quiz[0]).with_for_update()
    found: int | None = connection.execute(wanted).scalar()
    if found is None:
        numbers = connection.execute(select(QUIZ.c.id)).scalars().all()
        row = {"id": max(numbers, default=0) + 1, "digest": quiz[0], "title": storable(quiz[1])}
        connection.execute(book.insert(QUIZ), row)
        found = connection.execute(wanted).scalar()
    if found is None:  # another quiz took the number in the same moment
        return _quiz(book, connection, quiz)
    return found


def _newest(connection: Connection, quiz: int, people: list[str]) -> dict[Name, tuple[int, Mark | None]]:
    """Of each attempt of these people the number of its newest grade, and that grade."""
    found: dict[Name, tuple[int, Mark | None]] = {}
    mine = (ATTEMPT.c.quiz == quiz) & ATTEMPT.c.person.in_(people)
    for person, item, number in connection.execute(
        select(ATTEMPT.c.person, ATTEMPT.c.item, ATTEMPT.c.number).where(mine)
    ):
        found[person, item, number] = 0, None
    columns = (GRADE.c.person, GRADE.c.item, GRADE.c.number, GRADE.c.seq, *mark_columns())
    graded = select(*columns).where((GRADE.c.quiz == quiz) & GRADE.c.person.in_(people)).order_by(GRADE.c.seq)
    for person, item, number, seq, *mark in connection.execute(graded):
        found[person, item, number] = seq, Mark(*mark)
    return found


def mark_columns() -> tuple[Any, ...]:
    """The columns of a grade that make its `Mark`, in the order of its fields."""
    return tuple(GRADE.c[name] for name in Mark.__struct_fields__)


def _attempt_row(quiz: int, answer: Answer, at: str) -> dict[str, Any]:
    return {
        "quiz": quiz,
        "person": answer.person,
        "item": answer.item,
        "number": answer.number,
        "slot": answer.slot,
        "submitted_at": answer.submitted_at,
        "recorded_at": at,
    }


def _grade_row(quiz: int, answer: Answer, seq: int, at: str, reason: str) -> dict[str, Any]:
    return {
        "quiz": quiz,
        "person": answer.person,
        "item": answer.item,
        "number": answer.number,
        "seq": seq,
        **msgspec.structs.asdict(answer.mark),
        "reason": storable(reason),
        "graded_at": at,
        "engine": __version__,
    }
