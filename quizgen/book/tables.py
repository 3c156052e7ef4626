"""The tables of a book, as the newest version has them. `quizgen.book.migrations` makes them."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, Table, Text

METADATA = MetaData()

META = Table("book_meta", METADATA, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))
"""``version``: of these tables. ``key``: tells the key file. ``keep_days``: the retention, if there is one."""

QUIZ = Table(
    "book_quiz",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
)

ATTEMPT = Table(
    "book_attempt",
    METADATA,
    Column("quiz", Integer, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("slot", Text, nullable=False),
    Column("submitted_at", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
)

GRADE = Table(
    "book_grade",
    METADATA,
    Column("quiz", Integer, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("verdict", Text, nullable=False),
    Column("score", Text),
    Column("note", Text, nullable=False),
    Column("reading", Text, nullable=False),
    Column("misconceptions", Text, nullable=False),
    Column("parts", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("graded_at", Text, nullable=False),
    Column("engine", Text, nullable=False),
)

FORGOTTEN = Table(
    "book_forgotten",
    METADATA,
    Column("person", Text, primary_key=True),
    Column("forgotten_at", Text, nullable=False),
)
"""Pseudonyms of people who asked to be forgotten: nothing of them is written again."""
