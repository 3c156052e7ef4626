"""What is written once is there once; a later grade stands beside the earlier ones, and the newest counts."""

from __future__ import annotations

import pytest

from quizgen.book import writing
from quizgen.book.database import open_book
from quizgen.book.reading import attempts
from quizgen.book.records import Answer, Appended, Mark
from quizgen.book.writing import append
from tests.book.samples import AT, QUIZ, answers, everything, person

LATER = "2026-12-01T08:00:00Z"


def test_the_same_again_doubles_nothing(address):
    book = open_book(address, create=True)
    assert append(book, QUIZ, answers(7, 3), AT) == Appended(new=21)
    before = everything(book)
    assert append(book, QUIZ, answers(7, 3), LATER, "again") == Appended(known=21)
    assert append(book, QUIZ, answers(9, 3), LATER) == Appended(new=6, known=21)
    after = everything(book)
    assert len(after["book_attempt"]) == len(after["book_grade"]) == 27
    assert all(row in after["book_grade"] for row in before["book_grade"])


def test_a_grade_that_changed_stands_beside_the_earlier_one(address):
    book = open_book(address, create=True)
    append(book, QUIZ, answers(2, 2), AT, "exam")
    assert append(book, QUIZ, answers(1, 2, "mended"), LATER, "option B is right, too") == Appended(changed=2)
    assert append(book, QUIZ, answers(1, 2), LATER, "no, it is not") == Appended(changed=2)
    found = book.read(lambda connection: attempts(connection, person(0)))
    assert [[grade.mark.note for grade in attempt.grades] for attempt in found] == [
        ["note:a", "note:mended", "note:a"]
    ] * 2
    assert [grade.seq for grade in found[0].grades] == [1, 2, 3]
    assert [grade.reason for grade in found[0].grades] == ["exam", "option B is right, too", "no, it is not"]
    assert [grade.graded_at for grade in found[0].grades] == [AT, LATER, LATER]
    assert found[0].recorded_at == AT


def test_one_attempt_twice_in_one_file_is_a_grade_and_a_later_one(address):
    book = open_book(address, create=True)
    twice = [next(answers(1, 1)), next(answers(1, 1, "b")), next(answers(1, 1, "b"))]
    assert append(book, QUIZ, twice, AT) == Appended(new=1, changed=1, known=1)


def test_quizzes_and_attempts_are_apart(address):
    book = open_book(address, create=True)
    append(book, QUIZ, answers(2, 1), AT)
    append(book, ("another", "Midterm"), answers(2, 1, "b"), AT)
    second = Answer(person(0), "item-0", "slot-0", 2, "", Mark("correct", "1", "n"))
    assert append(book, QUIZ, [second], AT) == Appended(new=1)
    assert len(everything(book)["book_attempt"]) == 5
    assert [row[2] for row in everything(book)["book_quiz"]] == ["Midterm", "Midterm"]


def test_same_input_same_content_whatever_the_batches(new_address, monkeypatch):
    contents = []
    for people in (1, 3, 400):
        monkeypatch.setattr(writing, "PEOPLE", people)
        book = open_book(new_address(), create=True)
        append(book, QUIZ, answers(8, 3), AT, "exam")
        contents.append(everything(book))
    assert contents[0] == contents[1] == contents[2]


@pytest.mark.parametrize(
    "text", ["名前 ☃ 🦊", "ק\u200fא", "a\x00b", "'; DROP TABLE book_attempt; --", "\ud800", "%s {x}"]
)
def test_any_text_is_kept(address, text):
    from grading.verdicts import Grade, Verdict
    from quizgen.book.records import mark_of, storable

    book = open_book(address, create=True)
    mark = mark_of(Grade(Verdict.INVALID, None, "n", text))
    append(book, QUIZ, [Answer(person(0), "item", "slot", 1, "", mark)], AT, text)
    (found,) = book.read(attempts)
    assert found.grades[0].mark.reading == found.grades[0].reason == storable(text)
    assert found.grades[0].mark.score is None
