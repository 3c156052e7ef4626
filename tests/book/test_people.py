"""People in the book are pseudonyms; their names lie in a file of their own; whoever asks is forgotten."""

from __future__ import annotations

import errno
import json
import os
import stat
import threading

import pytest
from sqlalchemy import select

from quizgen.book import writing
from quizgen.book.database import open_book
from quizgen.book.erasing import Erased, forget, keep, prune, readmit
from quizgen.book.errors import BookError
from quizgen.book.keyfile import KeyFile, make_key, open_key
from quizgen.book.names import add_names
from quizgen.book.reading import overview, record_of
from quizgen.book.records import Answer, Appended, Mark
from quizgen.book.tables import FORGOTTEN
from quizgen.book.writing import append, bind, remember
from tests.book.samples import AT, QUIZ, everything

SECRET_TEXT = "my-very-own-essay-about-masks"


def answered(key: KeyFile, *learners, text=SECRET_TEXT):
    mark = Mark("correct", "1", "n", text)
    people = sorted(key.pseudonym(learner) for learner in learners)
    return [Answer(person, f"item-{n}", "slot", 1, "", mark) for person in people for n in range(3)]


@pytest.fixture
def key(key_path):
    return open_key(key_path)


def filled(address, key, *learners):
    book = open_book(address, create=True)
    bind(book, key)
    append(book, QUIZ, answered(key, *learners), AT)
    remember(book, key, {learner: key.pseudonym(learner) for learner in learners})
    return book


def test_pseudonyms_are_keyed_and_stay(key, tmp_path):
    assert key.pseudonym("ana") == open_key(key.path).pseudonym("ana")
    assert key.pseudonym("ana") != make_key(tmp_path / "other").pseudonym("ana")
    names = ["ana", "Ana", "ana ", "名前", "", "\ud800", *map(str, range(50_000))]
    assert len({key.pseudonym(name) for name in names}) == len(names)
    assert key.check not in (key.pseudonym(""), key.pseudonym("the key of a book"))


def test_no_name_stands_in_the_book(tmp_path, key):
    book = filled(str(tmp_path / "b.db"), key, "ana.lee@example.org", "ben")
    raw = (tmp_path / "b.db").read_bytes()
    assert b"ana.lee" not in raw
    assert SECRET_TEXT.encode() in raw
    assert b"ana.lee" in key.path.read_bytes()
    assert b"correct" not in key.path.read_bytes()
    assert overview(book).people == 2


def test_both_files_are_readable_by_their_owner_alone(tmp_path):
    key = make_key(tmp_path / "k")
    filled(str(tmp_path / "b.db"), key, "ana")
    for path in (tmp_path / "b.db", tmp_path / "k"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (tmp_path / "k").chmod(0o644)
    with pytest.raises(BookError, match="can be read by others, and it holds names; say: chmod 600"):
        open_key(tmp_path / "k")


def test_a_key_file_that_is_gone_or_wrong_is_told_kindly(tmp_path, key, address):
    book = filled(address, key, "ana")
    with pytest.raises(BookError, match=r"is not there; without it nobody can say who is who; .* is safe$"):
        open_key(tmp_path / "gone")
    with pytest.raises(BookError, match="is not the key file of the book"):
        bind(book, make_key(tmp_path / "other"))
    for content in (b"", b"{}", b"\xff", b'{"format":"x","version":1,"secret":"zz","people":{}}'):
        (tmp_path / "bad").write_bytes(content)
        (tmp_path / "bad").chmod(0o600)
        with pytest.raises(BookError, match="is no key file"):
            open_key(tmp_path / "bad")


def test_two_that_make_a_key_file_at_once_have_the_same(tmp_path):
    made = []
    threads = [threading.Thread(target=lambda: made.append(make_key(tmp_path / "k").check)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len(set(made)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["k"]


def test_two_that_add_names_at_once_lose_none(key):
    def add(first):
        own = open_key(key.path)
        for number in range(first, first + 15):
            own.change(add={own.pseudonym(str(number)): {"learner": str(number)}})

    threads = [threading.Thread(target=add, args=(first,)) for first in (0, 15, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {person["learner"] for person in open_key(key.path).people.values()} == set(map(str, range(45)))


def test_a_disk_that_fills_leaves_the_key_file_as_it_was(key, monkeypatch):
    key.change(add={key.pseudonym("ana"): {"learner": "ana"}})
    before = key.path.read_bytes()

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        key.change(add={key.pseudonym("ben"): {"learner": "ben"}})
    monkeypatch.undo()
    assert key.path.read_bytes() == before
    assert [path.name for path in key.path.parent.iterdir()] == [key.path.name]
    key.change(add={key.pseudonym("ben"): {"learner": "ben"}})
    assert len(open_key(key.path).people) == 2


def test_show_tells_everything_of_one_person_and_nothing_of_others(address, key):
    book = filled(address, key, "ana", "ben")
    record = record_of(book, key, "ana")
    assert len(record.attempts) == 3
    assert {attempt.person for attempt in record.attempts} == {key.pseudonym("ana")}
    assert record.attempts[0].grades[0].mark.reading == SECRET_TEXT
    assert record.known == {"learner": "ana"}
    assert record_of(book, key, "cleo").attempts == ()


def test_whoever_is_forgotten_is_gone_and_does_not_come_back(address, key):
    book = filled(address, key, "ana", "ben")
    assert forget(book, key, "ana", AT) == Erased(3, (key.pseudonym("ana"),))
    assert record_of(book, key, "ana").attempts == ()
    assert record_of(book, key, "ana").forgotten_at == AT
    assert "ana" not in key.path.read_text()
    assert len(record_of(book, key, "ben").attempts) == 3
    assert append(book, QUIZ, answered(key, "ana", "ben"), AT) == Appended(known=3, forgotten=3)
    remember(book, key, {"ana": key.pseudonym("ana")})
    assert "ana" not in key.path.read_text()
    assert forget(book, key, "ana", AT) is None
    assert forget(book, key, "nobody", AT) is None
    assert readmit(book, key, "ana")
    assert not readmit(book, key, "ana")
    assert append(book, QUIZ, answered(key, "ana"), AT) == Appended(new=3)


def test_nothing_of_the_forgotten_is_left_in_the_file(tmp_path, key):
    book = filled(str(tmp_path / "b.db"), key, "ben")
    append(book, QUIZ, answered(key, "ana", text="only ana wrote this"), AT)
    assert b"only ana wrote this" in (tmp_path / "b.db").read_bytes()
    forget(book, key, "ana", AT)
    assert b"only ana" not in (tmp_path / "b.db").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.db", "names.key"]


def test_nothing_of_the_forgotten_is_left_in_the_tables_of_postgresql(server, key):
    book = filled(server.address(), key, "ben")
    append(book, QUIZ, answered(key, "ana", text="only ana wrote this"), AT)
    forget(book, key, "ana", AT)
    with book.engine.connect() as connection:
        place = connection.exec_driver_sql("SELECT pg_relation_filepath('book_grade')").scalar()
        connection.exec_driver_sql("CHECKPOINT")
    raw = (server.data / str(place)).read_bytes()
    assert SECRET_TEXT.encode() in raw
    assert b"only ana" not in raw


def test_a_forgetting_that_was_interrupted_is_finished_by_the_next(address, key, monkeypatch):
    book = filled(address, key, "ana")
    monkeypatch.setattr(KeyFile, "change", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        forget(book, key, "ana", AT)
    monkeypatch.undo()
    assert forget(book, key, "ana", AT) == Erased(0, (key.pseudonym("ana"),))
    assert "ana" not in key.path.read_text()


def test_forgetting_while_somebody_grades(server, key, monkeypatch):
    """Whoever grades has looked at the list already; the forgetting waits until those answers are written."""
    book = filled(server.address(), key, "ana", "ben")
    inside, newest = threading.Event(), writing._newest

    def slow(*arguments):
        inside.set()
        threading.Event().wait(0.4)
        return newest(*arguments)

    monkeypatch.setattr(writing, "_newest", slow)
    later = ("another-quiz", "Final")
    grading = threading.Thread(target=append, args=(book, later, answered(key, "ana", "ben"), AT))
    grading.start()
    inside.wait()
    forget(book, key, "ana", AT)
    grading.join()
    assert record_of(book, key, "ana").attempts == ()
    assert len(record_of(book, key, "ben").attempts) == 6


def test_what_is_older_than_the_book_keeps_is_removed(address, key):
    book = filled(address, key, "ana", "ben")
    append(book, ("another", "Final"), answered(key, "ben"), "2027-11-02T10:00:00Z")
    assert prune(book, key, "2999-01-01T00:00:00Z") == Erased(0, ())
    keep(book, 365)
    assert overview(book).keep_days == 365
    assert prune(book, key, "2027-11-02T09:59:59Z") == Erased(0, ())
    assert prune(book, key, "2027-11-02T10:00:01Z") == Erased(6, (key.pseudonym("ana"),))
    assert list(key.people) == [key.pseudonym("ben")]
    assert len(record_of(book, key, "ben").attempts) == 3
    assert [len(rows) for name, rows in everything(book).items() if name in ("book_attempt", "book_grade")] == [3, 3]
    keep(book, None)
    assert prune(book, key, "2999-01-01T00:00:00Z") == Erased(0, ())
    assert not book.read(lambda connection: connection.execute(select(FORGOTTEN)).all())


def test_pruning_without_the_key_file_leaves_the_names(address, key):
    book = filled(address, key, "ana")
    keep(book, 1)
    assert prune(book, None, "2027-01-01T00:00:00Z").attempts == 3
    assert len(key.people) == 1
    assert prune(book, key, "2027-01-01T00:00:00Z").attempts == 0
    assert list(key.people) == []


ROSTER = "learner,name,group,lms_id,extra_time\nana,Ana Łęcka,A,a-17,25 %\nben,=HYPERLINK(),B,,\nzoe,Zoe,B,,\n"
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Midterm (11)\n    Points Possible,,,,,20\n"
    '"Łęcka, Ana",4711,S-1,ana,Mo,\n"Other, One",4712,S-2,oo,Mo,\n'
)
MOODLE = "First name,Last name,ID number,Email address\n名,前,ben,ben@example.org\nA,B,c,d@example.org\n"


@pytest.mark.parametrize(
    ("text", "found", "strangers", "known"),
    [
        (ROSTER, 2, 1, {"learner": "ana", "name": "Ana Łęcka", "section": "A", "lms_id": "a-17"}),
        (CANVAS, 1, 1, {"learner": "ana", "name": "Łęcka, Ana", "id": "4711", "sis_user_id": "S-1",
                        "sis_login_id": "ana", "section": "Mo"}),
        (MOODLE, 1, 1, {"learner": "ana"}),
        (ROSTER.replace(",", ";"), 2, 1, {"learner": "ana", "name": "Ana Łęcka", "section": "A", "lms_id": "a-17"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_names_from_a_list(tmp_path, key, text, found, strangers, known, encoding):
    filled(str(tmp_path / "b.db"), key, "ana", "ben")
    (tmp_path / "list.csv").write_text(text, encoding=encoding)
    named = add_names(key, tmp_path / "list.csv")
    assert (named.people, named.strangers, named.doubtful) == (found, strangers, ())
    assert key.people[key.pseudonym("ana")] == known
    assert "Zoe" not in json.dumps(dict(key.people))
    assert add_names(key, tmp_path / "list.csv").people == found


def test_rows_that_do_not_say_who_they_are_about(tmp_path, key):
    filled(str(tmp_path / "b.db"), key, "ana", "ben")
    path = tmp_path / "list.csv"
    path.write_text("username,email,name\nana,ben,Both\nana,,Ana\nana,,Again\n")
    named = add_names(key, path)
    assert named.people == 1
    assert [doubt.partition(": ")[2].partition(";")[0] for doubt in named.doubtful] == [
        "the row names 2 people", "somebody is named a second time",
    ]  # fmt: skip
    path.write_text("colour,size\nred,1\n")
    with pytest.raises(BookError, match="has no column that names people"):
        add_names(key, path)
    path.write_bytes(b"learner\n\xff\xfe\n")
    with pytest.raises(BookError, match=r"list\.csv:2: a byte that is not UTF-8"):
        add_names(key, path)
