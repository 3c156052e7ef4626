"""From the first version of the tables to the newest, with what is in them; and never from a version unknown."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, make_url, text

from quizgen.book import migrations
from quizgen.book.database import open_book
from quizgen.book.erasing import forget, keep, prune
from quizgen.book.errors import BookError
from quizgen.book.keyfile import open_key
from quizgen.book.reading import attempts
from quizgen.book.tables import METADATA
from quizgen.book.writing import append
from tests.book.samples import AT, QUIZ, answers, everything, person
from tests.book.writer import Writer

FIRST = (Path(__file__).parent / "book-v1.sql").read_text(encoding="utf-8")


def make_first(address):
    """A book as the first version wrote it; the file is never changed."""
    url = f"sqlite:///{address}" if "://" not in address else make_url(address).set(drivername="postgresql+psycopg")
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in filter(str.strip, FIRST.split(";\n")):
            connection.exec_driver_sql(statement)
    engine.dispose()


def test_a_book_of_the_first_version_is_brought_up_to_date_with_what_is_in_it(address, key_path):
    make_first(address)
    book = open_book(address)
    assert book.read(migrations.version) == migrations.NEWEST == 2
    (found,) = book.read(attempts)
    assert [grade.mark.note for grade in found.grades] == ["note:old", "note:a"]
    assert [grade.engine for grade in found.grades] == ["", ""]
    assert found.grades[0].mark.reading == "log p_0 · 名前"
    told = append(book, QUIZ, answers(2, 1), "2026-12-01T00:00:00Z")
    assert (told.new, told.changed, told.known) == (1, 0, 1)
    keep(book, 20)
    assert prune(book, None, "2026-12-05T00:00:00Z").people == (person(0),)
    assert forget(book, open_key(key_path), "nobody", AT) is None


def test_every_step_ends_where_the_tables_say(new_address):
    upgraded, fresh = new_address(), new_address()
    make_first(upgraded)
    for book in (open_book(upgraded), open_book(fresh, create=True)):
        with book.engine.connect() as connection:
            seen = inspect(connection)
            assert set(seen.get_table_names()) == set(METADATA.tables)
            for table in METADATA.sorted_tables:
                found = {column["name"]: column["nullable"] for column in seen.get_columns(table.name)}
                assert found == {column.name: column.nullable for column in table.columns}
                keys = seen.get_pk_constraint(table.name)["constrained_columns"]
                assert keys == [column.name for column in table.primary_key]


def test_a_step_that_fails_changes_nothing(address, monkeypatch):
    make_first(address)
    steps = (*migrations.STEPS[:1], (*migrations.STEPS[1], "SELECT * FROM no_such_table"))
    monkeypatch.setattr(migrations, "STEPS", steps)
    with pytest.raises(BookError, match="the database says"):
        open_book(address)
    monkeypatch.undo()
    (found,) = open_book(address).read(attempts)
    assert len(found.grades) == 2


def test_several_programs_bring_it_up_to_date_at_once(address):
    make_first(address)
    writers = [Writer(address, 4, 1) for _ in range(3)]
    ends = [(writer.begins(), writer.end())[1] for writer in writers]
    assert sum(end.new for end in ends) == 3
    assert len(everything(open_book(address))["book_attempt"]) == 4


def test_the_book_of_a_later_quizgen_is_left_alone(address):
    book = open_book(address, create=True)
    book.write(lambda connection: connection.execute(text("UPDATE book_meta SET value = '99' WHERE name = 'version'")))
    with pytest.raises(BookError, match=r"is the book of a later quizgen .version 99, this one knows 2.; update"):
        open_book(address, create=True)
    assert book.read(migrations.version) == 99
