"""Out of the book for good: a person who asks for it, and what is older than the book keeps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, exists, select
from sqlalchemy.exc import DBAPIError

from quizgen.book.database import OUTSIDE, Book, sentence, set_setting, setting, turn
from quizgen.book.keyfile import KeyFile
from quizgen.book.records import moment
from quizgen.book.tables import ATTEMPT, FORGOTTEN, GRADE

LONGEST_DAYS = 36_500


class Erased(msgspec.Struct, frozen=True):
    """attempts: removed with all their grades. people: of whom nothing is left in the book."""

    attempts: int
    people: tuple[str, ...]


def forget(book: Book, key: KeyFile, learner: str, at: str) -> Erased | None:
    """Removes a learner: every attempt, every grade, the name. None if nothing is known of them.

    The pseudonym stays in a list, so that the same file of responses does not bring them back. at: as for `append`.
    Raises BookError.
    """
    person = key.pseudonym(learner)

    def work(connection: Connection) -> int:
        turn(connection, alone=True)
        mine = connection.execute(select(ATTEMPT.c.quiz).where(ATTEMPT.c.person == person)).all()
        if mine or person in key.people:
            connection.execute(book.insert(FORGOTTEN), {"person": person, "forgotten_at": at})
        connection.execute(delete(GRADE).where(GRADE.c.person == person))
        connection.execute(delete(ATTEMPT).where(ATTEMPT.c.person == person))
        return len(mine)

    known = person in key.people
    attempts = book.write(work)
    if not attempts and not known:
        return None
    key.change(drop=[person])
    scrub(book)
    return Erased(attempts, (person,))


def readmit(book: Book, key: KeyFile, learner: str) -> bool:
    """Takes a learner off the list of the forgotten; what was removed stays removed. False if they were not on it."""
    gone = delete(FORGOTTEN).where(FORGOTTEN.c.person == key.pseudonym(learner))
    return bool(book.write(lambda connection: connection.execute(gone).rowcount))


def keep(book: Book, days: int | None) -> None:
    """Sets the retention: how many days the book keeps an attempt after it was written; None for ever."""
    book.write(lambda connection: set_setting(connection, "keep_days", "" if days is None else str(days)))


def prune(book: Book, key: KeyFile | None, today: str) -> Erased:
    """Removes what is older than the retention, and from the key file the names of people of whom nothing is left.

    key: None if it is not at hand; the names then go the next time that it is. today: a moment. Raises BookError.
    """
    days = book.read(lambda connection: setting(connection, "keep_days"))
    if not days:
        return Erased(0, ())
    oldest = moment((datetime.fromisoformat(today) - timedelta(days=int(days))).isoformat())
    erased = book.write(lambda connection: _pruned(connection, oldest))
    if key is not None:
        there = set(
            book.read(lambda connection: connection.execute(select(ATTEMPT.c.person).distinct()).scalars().all())
        )
        key.change(drop=set(key.people) - there)
    if erased.attempts:
        scrub(book)
    return erased


def _pruned(connection: Connection, oldest: str) -> Erased:
    turn(connection, alone=True)
    old = ATTEMPT.c.recorded_at < oldest
    people = set(connection.execute(select(ATTEMPT.c.person).where(old).distinct()).scalars())
    same: Any = (GRADE.c.quiz == ATTEMPT.c.quiz) & (GRADE.c.person == ATTEMPT.c.person)
    same = same & (GRADE.c.item == ATTEMPT.c.item) & (GRADE.c.number == ATTEMPT.c.number)
    connection.execute(delete(GRADE).where(exists().where(same & old)))
    attempts = connection.execute(delete(ATTEMPT).where(old)).rowcount
    left = set(connection.execute(select(ATTEMPT.c.person).distinct()).scalars())
    return Erased(attempts, tuple(sorted(people - left)))


def scrub(book: Book) -> None:
    """Makes the database give up what was deleted, instead of only marking it as free."""
    command = "VACUUM" if book.is_sqlite else "VACUUM (FULL) book_attempt, book_grade"
    try:
        with book.engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT", **{OUTSIDE: True})
            alone.exec_driver_sql(command)
    except DBAPIError as error:
        raise sentence(book.place, error) from error
