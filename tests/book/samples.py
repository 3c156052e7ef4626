"""Answers of an invented class, and everything that a book holds, to compare."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from quizgen.book.database import Book
from quizgen.book.records import Answer, Mark
from quizgen.book.tables import METADATA

QUIZ = ("digest-of-the-quiz", "Midterm")
AT = "2026-11-02T10:00:00Z"
KEY = '{"format": "quizgen-book-key", "version": 1, "secret": "' + "5a" * 32 + '", "people": {}}'


def person(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()[:32]


def answers(people: int, items: int, marked: str = "a", first: int = 0) -> Iterator[Answer]:
    """One attempt at each item by each person. marked: another word gives other grades."""
    for number in range(first, first + people):
        for item in range(items):
            score = f"{(number + item + len(marked)) % 4}/4"
            mark = Mark("partial", score, f"note:{marked}", f"log p_{item} · {number}", '[["flip-sign"]]')
            yield Answer(person(number), f"item-{item}", f"slot-{item}", 1, "2026-11-02", mark)


def everything(book: Book) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in order."""
    return book.read(
        lambda connection: {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in METADATA.sorted_tables
        }
    )
