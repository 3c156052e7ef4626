"""What gradebooks import: the right grade for the right person, nothing live, nobody lost in silence."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from pathlib import Path

import pytest

from grading.bulk import grade_all
from quizgen.book import gradebooks
from quizgen.book.gradebooks import GRADEBOOKS, canvas, moodle, sheets
from quizgen.book.gradebooks.contract import grade_table
from quizgen.marks import LearnerMarks
from quizgen.model import Slot
from tests.book import importers
from tests.book.importers import Refused, User
from tests.exporters.xlsx_reader import read

SLOTS = (Slot("s01", "One", ("t",), ("a",), Fraction(2)), Slot("s02", "Two", ("t",), ("b",), Fraction(3)))
LIVE = '=HYPERLINK("http://x.example","click")'


def marks(*learners):
    """learners: (learner, points, of)."""
    return tuple(LearnerMarks(name, Fraction(points), Fraction(of), 0, (("s01", Fraction(points)),), ())
                 for name, points, of in learners)  # fmt: skip


def written(format_, table):
    left_out = []
    return b"".join(format_.write(table, left_out)), [(one.learner, one.reason) for one in left_out]


USERS = [
    User(11, "Ana Łęcka", "ana", "S-1", "m-1", "ana@example.org"),
    User(12, "名前", "ben", "S-2", "m-2", "b@x.org"),
]


def test_moodle_gives_everybody_their_grade():
    table = grade_table(SLOTS, marks(("ana", "7/3", 5), ("ben", 0, 5)), {}, "Midterm\n 1", "username")
    data, left_out = written(moodle.GRADEBOOK, table)
    assert data == b'"Username","Midterm 1"\r\n"ana","2.3333"\r\n"ben","0"\r\n'
    assert importers.moodle(data, USERS, "Midterm 1", "Username", 5) == {11: 2.3333, 12: 0}
    assert left_out == []


def test_moodle_also_by_what_a_list_of_people_says():
    people = {"m-1": {"learner": "m-1", "email": "ana@example.org"}, "m-2": {"email": "b@x.org", "name": LIVE}}
    table = grade_table(SLOTS, marks(("m-1", 1, 5), ("m-2", 2, 5)), people, "Midterm", "idnumber")
    data, _ = written(moodle.GRADEBOOK, table)
    assert data.splitlines()[0] == b'"ID number","Email address","Midterm"'
    assert importers.moodle(data, USERS, "Midterm", "Email address", 5) == {11: 1, 12: 2}
    assert importers.moodle(data, USERS, "Midterm", "ID number", 5) == {11: 1, 12: 2}
    some = grade_table(SLOTS, marks(("m-1", 1, 5), ("m-2", 2, 5)), {"m-1": people["m-1"]}, "Midterm", "idnumber")
    assert written(moodle.GRADEBOOK, some)[0].splitlines()[0] == b'"ID number","Midterm"'


def test_an_id_that_a_spreadsheet_would_calculate_is_left_out_and_named():
    table = grade_table(SLOTS, marks(("@ana", 1, 5), ("ben", 2, 5), (LIVE, 3, 5)), {}, "Midterm", "username")
    data, left_out = written(moodle.GRADEBOOK, table)
    assert importers.moodle(data, USERS, "Midterm", "Username", 5) == {12: 2}
    assert left_out == [("@ana", moodle.NOT_EXACT), (LIVE, moodle.NOT_EXACT)]
    table = grade_table(SLOTS, marks(("@ana", 1, 5), ("ben", 2, 5)), {}, "=1+1", "sis_login_id")
    data, left_out = written(canvas.GRADEBOOK, table)
    assert importers.canvas(data, USERS) == ("'=1+1", 5, {12: 2})
    assert left_out == [("@ana", canvas.NOT_EXACT)]


def test_canvas_gives_everybody_their_grade():
    people = {
        "ana": {"name": "Łęcka, Ana", "id": "11", "sis_user_id": "S-1", "section": "Mo; morning"},
        "ben": {"name": LIVE},
    }
    table = grade_table(SLOTS, marks(("ana", "5/3", 5), ("ben", 4, 5)), people, "Midterm (4711)", "sis_login_id")
    data, left_out = written(canvas.GRADEBOOK, table)
    assert importers.canvas(data, USERS) == ("Midterm (4711)", 5, {11: 1.6667, 12: 4})
    assert left_out == []
    assert "'=HYPERLINK" in data.decode()


def test_canvas_reads_an_id_as_a_number_so_nothing_else_stands_there():
    table = grade_table(SLOTS, marks(("12-ana", 1, 5), ("12", 2, 5)), {}, "Midterm", "id")
    data, left_out = written(canvas.GRADEBOOK, table)
    assert importers.canvas(data, USERS)[2] == {12: 2}
    assert left_out == [("12-ana", canvas.NO_NUMBER)]


def test_somebody_called_like_the_row_of_the_maximum_is_a_person():
    people = {"ana": {"name": "Points Possible"}}
    data, _ = written(canvas.GRADEBOOK, grade_table(SLOTS, marks(("ana", 1, 5)), people, "Midterm", "sis_login_id"))
    assert importers.canvas(data, USERS) == ("Midterm", 5, {11: 1})


def test_fifty_thousand_with_one_name_are_told_apart():
    users = [User(n, "Kim Lee", f"kim{n}") for n in range(1, 50_001)]
    people = {user.login: {"name": user.name} for user in users}
    table = grade_table(SLOTS, marks(*((user.login, Fraction(user.id, 20_000), 5) for user in users)), people, "M",
                        "sis_login_id")  # fmt: skip
    data, _ = written(canvas.GRADEBOOK, table)
    title, _, found = importers.canvas(data, users)
    assert (title, len(found)) == ("M", 50_000)
    assert all(abs(found[user.id] - user.id / 20_000) <= 0.000051 for user in users[::97])
    with pytest.raises(Refused, match="nobody is"):  # a login that Canvas does not know: not the first Kim Lee
        importers.canvas(b"".join([*data.splitlines(True)[:2], *data.splitlines(True)[-2:]]), users[:-1])


def test_a_question_that_does_not_count_for_some_is_no_loss_to_them():
    table = grade_table(SLOTS, marks(("ana", 2, 2), ("ben", 2, 5), ("cleo", 0, 0)), {}, "M", "username")
    assert table.scaled
    assert [row.points for row in table.rows] == [5, 2, 0]
    assert table.maximum == 5


def test_tables_for_people_are_the_same_in_csv_and_excel():
    people = {"ana": {"name": LIVE, "section": "-A"}, "名前": {"name": "Zoë"}}
    table = grade_table(SLOTS, marks(("ana", "1/3", 5), ("@名前", 2, 5), ("名前", 1, 5)), people, "M", "")
    data, _ = written(sheets.CSV, table)
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["learner", "name", "section", "s01", "s02", "points", "of", "pending"]
    assert rows[1:] == [
        ["ana", "'" + LIVE, "'-A", "0.3333", "", "0.3333", "5", "0"],
        ["'@名前", "", "", "2", "", "2", "5", "0"],
        ["名前", "Zoë", "", "1", "", "1", "5", "0"],
    ]
    book, _ = written(sheets.XLSX, table)
    cells = read(book)["Marks"]
    assert list(cells[1].values()) == rows[0]
    assert list(cells[2].values()) == ["ana", LIVE, "-A", 0.3333, 0.3333, 5, 0]
    assert list(cells[3].values()) == ["@名前", 2, 2, 5, 0]
    assert book == written(sheets.XLSX, table)[0]


def test_every_gradebook_is_in_the_tuple_and_on_the_command_line():
    from quizgen.cli.commands.book import export

    folder = Path(gradebooks.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__", "contract"}
    assert {entry.write.__module__.rpartition(".")[2] for entry in GRADEBOOKS} == modules
    (choice,) = [option.type for option in export.params if option.name == "format_"]
    assert list(choice.choices) == [entry.id for entry in GRADEBOOKS]
    assert all(entry.next_step for entry in GRADEBOOKS)


def test_the_results_that_come_out_are_those_that_went_in(tmp_path, key_path):
    from grading.responses import ResponseRow
    from quizgen.archive import write_archive
    from quizgen.book.database import open_book
    from quizgen.book.keyfile import open_key
    from quizgen.book.reading import results_of
    from quizgen.book.writing import append_results
    from quizgen.marks import marks_of
    from tests.exporters import example_items as examples

    items = examples.everything()
    archive = write_archive(tmp_path / "quiz", examples.quiz_of(items), items)
    rows = [
        ResponseRow(learner, made.item.id, answer, attempt)
        for made in items
        for attempt, (learner, answer) in enumerate([("ana", "a"), ("ana", "1/2"), ("ben", {"x": "y"})], 1)
    ]
    results = grade_all(rows, archive.keys())
    book, key = open_book(str(tmp_path / "b.db"), create=True), open_key(key_path)
    told = append_results(book, key, archive, results, "2026-11-02T10:00:00Z")
    assert told.new == len(rows) - len(results.problems)
    back = results_of(book, archive, {person: known["learner"] for person, known in key.people.items()})
    assert (
        back.table()
        .drop("submitted_at")
        .sort("learner", "item", "attempt")
        .equals(results.table().drop("submitted_at").sort("learner", "item", "attempt"))
    )
    assert list(marks_of(archive, back).learners()) == list(marks_of(archive, results).learners())
