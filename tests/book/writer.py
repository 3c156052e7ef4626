"""Writes a sample into a book from a process of its own, in small steps, so that a test can disturb it."""

from __future__ import annotations

import multiprocessing
import resource
from multiprocessing.connection import Connection
from typing import Any

from quizgen.book import writing
from quizgen.book.database import open_book
from quizgen.book.errors import BookError
from quizgen.book.records import Appended
from quizgen.cli.books import opened_to_write
from tests.book.samples import AT, QUIZ, answers, person

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.book.writer", "pytest", "sqlalchemy.dialects.sqlite", "psycopg"])


class Writer:
    """A running process. step: people in a batch. largest: bytes that a file may have, as on a full disk.
    key: a key file that is made with the book and told who these people are."""

    def __init__(
        self,
        address: str,
        people: int,
        items: int,
        marked: str = "a",
        first: int = 0,
        step: int = 3,
        largest: int = 0,
        key: str = "",
    ) -> None:
        self._mine, theirs = _FORKS.Pipe(duplex=False)
        arguments = (theirs, address, people, items, marked, first, step, largest, key)
        self.process = _FORKS.Process(target=_write, args=arguments)
        self.process.start()
        theirs.close()

    def begins(self) -> None:
        """Waits until it is about to open the book."""
        assert self._mine.recv() == "begins"

    def end(self) -> Any:
        """`Appended`, or the sentence of a BookError; None if it was killed."""
        try:
            return self._mine.recv()
        except EOFError:
            return None
        finally:
            self.process.join(60)


def _write(
    told: Connection,
    address: str,
    people: int,
    items: int,
    marked: str,
    first: int,
    step: int,
    largest: int,
    key: str,
) -> None:
    writing.PEOPLE = step
    if largest:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    told.send("begins")
    try:
        book = open_book(address, create=True)
        if key:
            book, names = opened_to_write(address, key)
            writing.remember(book, names, {str(number): person(number) for number in range(first, first + people)})
        done: Appended | str = writing.append(book, QUIZ, answers(people, items, marked, first), AT, "exam")
    except BookError as error:
        done = str(error)
    told.send(done)
