"""Killed, locked, restarted, full: nothing is lost, nothing is doubled, and a person reads one sentence."""

from __future__ import annotations

import random
import re
import sqlite3
import threading
import time

import pytest

from quizgen.book import writing
from quizgen.book.database import open_book
from quizgen.book.errors import BookError
from quizgen.book.keyfile import open_key
from quizgen.book.records import Appended
from quizgen.book.writing import append
from tests.book.samples import AT, QUIZ, answers, everything, person
from tests.book.writer import Writer

PEOPLE, ITEMS = 60, 4


def finished(*writers):
    """What each of them wrote, after all have ended."""
    ends = []
    for writer in writers:
        writer.begins()
    for writer in writers:
        ends.append(writer.end())
        assert isinstance(ends[-1], Appended), ends[-1]
    return ends


@pytest.fixture
def whole(new_address):
    """What a book holds that nobody disturbed: a first grade of everything, and a second of the first half."""
    book = open_book(new_address(), create=True)
    append(book, QUIZ, answers(PEOPLE, ITEMS), AT, "exam")
    append(book, QUIZ, answers(PEOPLE // 2, ITEMS, "b"), AT, "exam")
    return everything(book)


def test_killed_at_ten_random_moments(address, whole, tmp_path):
    chance, killed_inside, key = random.Random(20261102), 0, tmp_path / "names.key"
    for _ in range(10):
        writer = Writer(address, PEOPLE, ITEMS, step=2, key=str(key))
        writer.begins()
        time.sleep(chance.uniform(0, 0.08))  # a quick machine writes all in a tenth of a second
        writer.process.kill()
        killed_inside += writer.end() is None
    assert killed_inside >= 5
    finished(Writer(address, PEOPLE, ITEMS, key=str(key)))
    finished(Writer(address, PEOPLE // 2, ITEMS, "b", key=str(key)))
    found = everything(open_book(address))
    assert {name: rows for name, rows in found.items() if name != "book_meta"} == {
        name: rows for name, rows in whole.items() if name != "book_meta"
    }
    assert sorted(map(int, (known["learner"] for known in open_key(key).people.values()))) == list(range(PEOPLE))
    open_key(key).change(add={person(0): {"learner": "0", "name": "Ana"}})  # whoever writes next tidies up
    assert not list(tmp_path.glob(".names.key.*"))


def test_many_graders_at_once(address, whole):
    """Four make the book and write the same and overlapping classes at the same time."""
    half = PEOPLE // 2
    parts = [(PEOPLE, 0), (PEOPLE, 0), (half, half), (half, 0)]
    ends = finished(*(Writer(address, people, ITEMS, "a", first) for people, first in parts))
    assert sum(end.new for end in ends) == PEOPLE * ITEMS
    ends = finished(*(Writer(address, half, ITEMS, "b") for _ in range(2)))
    assert sum(end.changed for end in ends) == half * ITEMS
    assert everything(open_book(address)) == whole


def test_two_different_grades_at_once_are_both_kept(address):
    open_book(address, create=True)
    finished(*(Writer(address, 30, ITEMS, marked) for marked in ("x", "yy")))
    found = everything(open_book(address))
    assert len(found["book_attempt"]) == 30 * ITEMS
    assert len(found["book_grade"]) == 60 * ITEMS


def test_a_locked_book_waits(tmp_path):
    path = str(tmp_path / "b.db")
    book = open_book(path, create=True)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    release = threading.Timer(0.6, lambda: other.execute("COMMIT"))
    release.start()
    assert append(book, QUIZ, answers(2, 2), AT).new == 4
    release.join()


def test_a_book_that_stays_locked_is_one_sentence(tmp_path):
    path = str(tmp_path / "b.db")
    append(open_book(path, create=True), QUIZ, answers(2, 2), AT)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(
        BookError, match=r"^\S+b\.db: is in use by another program; try again when .* nothing was lost$"
    ):
        append(open_book_impatiently(path), QUIZ, answers(3, 2), AT)
    other.execute("ROLLBACK")
    assert append(open_book_impatiently(path), QUIZ, answers(3, 2), AT).new == 2


def open_book_impatiently(address):
    return open_book(address, wait=0.3)


def test_a_table_that_stays_locked_is_one_sentence(server):
    import psycopg

    address = server.address()
    open_book(address, create=True)
    book = open_book(address, wait=0.3)
    with psycopg.connect(address) as other:
        other.execute("LOCK TABLE book_attempt IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(BookError, match="is locked by another program; try again"):
            append(book, QUIZ, answers(2, 2), AT)
    assert append(book, QUIZ, answers(2, 2), AT).new == 4


def test_a_server_that_restarts_in_the_middle(server, monkeypatch):
    monkeypatch.setattr(writing, "PEOPLE", 2)
    whole = open_book(server.address(), create=True)
    append(whole, QUIZ, answers(PEOPLE, ITEMS), AT, "exam")
    book = open_book(server.address(), create=True)
    broken = []

    def restart(done):
        if done // (PEOPLE * ITEMS // 3) > len(broken):
            broken.append(done)
            server.kill()
            threading.Timer(0.2, server.start).start()

    assert append(book, QUIZ, answers(PEOPLE, ITEMS), AT, "exam", restart).new == PEOPLE * ITEMS
    assert len(broken) == 3
    assert everything(book) == everything(whole)


def test_a_connection_that_breaks_inside_a_transaction(server, monkeypatch):
    """The answers of a batch were sent, and it is not known whether they arrived."""
    import psycopg

    book = open_book(server.address(), create=True)
    written, calls = writing._written, []

    def broken(*arguments):
        done = written(*arguments)
        calls.append(done)
        if len(calls) == 1:
            connection = arguments[1]
            mine = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            with psycopg.connect(host=str(server.folder), user="quiz", dbname="postgres", autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", (mine,))
        return done

    monkeypatch.setattr(writing, "_written", broken)
    assert append(book, QUIZ, answers(3, 2), AT).new == 6
    assert len(calls) == 2
    assert len(everything(book)["book_grade"]) == 6


def test_a_server_that_stays_away_is_one_sentence(server):
    address = server.address()
    open_book(address, create=True)
    book = open_book(address, wait=0.3)
    server.kill()
    try:
        with pytest.raises(BookError, match=r"the database says: .*; check the address, and whether the server runs"):
            append(book, QUIZ, answers(2, 2), AT)
        with pytest.raises(BookError, match=r"the database says: .*; check the address"):
            open_book(address)
    finally:
        server.start()
        server.wait()
    assert append(book, QUIZ, answers(2, 2), AT).new == 4


def test_a_full_disk_is_one_sentence(tmp_path):
    """The file of the book may not grow beyond what it has when the limit comes."""
    path = tmp_path / "b.db"
    append(open_book(str(path), create=True), QUIZ, answers(20, ITEMS), AT, "exam")
    writer = Writer(str(path), 400, ITEMS, step=400, largest=path.stat().st_size + 8192)
    writer.begins()
    said = writer.end()
    assert re.fullmatch(r"\S+b\.db: could not be written.*; .*run the command again", said), said
    book = open_book(str(path))
    kept = {row[1] for row in everything(book)["book_attempt"]}
    assert {person(number) for number in range(20)} <= kept
    append(book, QUIZ, answers(400, ITEMS), AT, "exam")
    assert len(everything(book)["book_grade"]) == 400 * ITEMS


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("mysql://localhost/x", "a book cannot lie in mysql"),
        ("sqlite://", "a book cannot lie in sqlite"),
        ("://x", "is no address of a database"),
        ("postgresql://nobody@localhost:1/x", "the database says"),
        ("nowhere/b.db", "No such file or directory"),
    ],
)
def test_places_where_no_book_can_lie(tmp_path, monkeypatch, address, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises((BookError, OSError), match=message):
        open_book(address, create=True)
    assert list(tmp_path.iterdir()) == []


def test_files_that_are_no_book(tmp_path):
    (tmp_path / "text.db").write_text("these are my notes " * 100)
    with pytest.raises(BookError, match="is not a database; name the file of a book, or a new one"):
        open_book(str(tmp_path / "text.db"), create=True)
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE photos (id INTEGER)")
    with pytest.raises(BookError, match=r"is another database .it has a table 'photos'.; name another file"):
        open_book(str(tmp_path / "other.db"), create=True)
    with pytest.raises(BookError, match="there is no such book"):
        open_book(str(tmp_path / "none.db"))
    (tmp_path / "empty.db").touch()
    with pytest.raises(BookError, match="holds no book yet"):
        open_book(str(tmp_path / "empty.db"))


def test_a_password_is_never_shown(server):
    address = server.address().replace("@/postgres", ":se-cret@/nowhere")
    with pytest.raises(BookError) as raised:
        open_book(address, create=True)
    assert "se-cret" not in str(raised.value)
    assert ":***@" in str(raised.value)


def test_a_database_that_cannot_hold_every_script(server):
    with pytest.raises(BookError, match="is in LATIN1 and cannot hold every script"):
        open_book(server.address_in("LATIN1"), create=True)
