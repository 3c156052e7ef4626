"""`quizgen grade --book` and `quizgen book`, from end to end, on both engines where it matters."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from quizgen.book.database import open_book
from quizgen.cli.program import run
from tests.book.samples import everything

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ("obj-expression-choice", "loss-numeric-nats")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("built")
    assert run(["build", *TEMPLATES, "--variants", "3", "-q", "-o", str(folder / "quiz")]) == 0
    assert run(["simulate", str(folder / "quiz"), "--learners", "6", "-q", "-o", str(folder / "r.csv")]) == 0
    return folder


@pytest.fixture
def quiz(built, tmp_path, monkeypatch):
    monkeypatch.delenv("QUIZGEN_BOOK", raising=False)
    monkeypatch.delenv("QUIZGEN_BOOK_KEY", raising=False)
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return tmp_path / "quiz"


@pytest.fixture
def graded(call, quiz, address):
    """Arguments that name the book in which the class is."""
    where = ["--book", address, "--book-key", "names.key"]
    grade = ["grade", "r.csv", "--quiz", "quiz", "-o", "marks", *where, "--at", "2026-11-02", "--reason", "exam"]
    (quiz.parent / "names.key").unlink(missing_ok=True)
    assert call(*grade)[0] == 0
    return where, grade


def first_learner(folder):
    with (folder / "r.csv").open(newline="") as file:
        return next(csv.DictReader(file))["learner"]


def test_the_whole_way(call, quiz, graded, address):
    where, grade = graded
    before = everything(open_book(address))
    code, _, err = call(*grade)
    assert code == 0
    assert "0 new attempts, 0 with another grade than before, 12 known" in err
    assert everything(open_book(address)) == before
    learner = first_learner(quiz.parent)
    code, out, _ = call("book", "show", learner, *where, "--json")
    record = json.loads(out)
    assert (code, record["learner"], len(record["attempts"])) == (0, learner, 2)
    assert record["attempts"][0]["grades"][0]["reason"] == "exam"
    assert learner in call("book", "show", learner, *where)[1]
    code, out, _ = call("book", "info", "--book", address, "--json")
    assert (json.loads(out)["people"], json.loads(out)["quizzes"][0]["attempts"]) == (6, 12)
    assert learner not in out
    code, _, err = call("book", "forget", learner, *where)
    assert code == 0
    assert "is forgotten: 2 attempts and the name removed" in err
    code, out, err = call("book", "show", learner, *where)
    assert code == 1
    assert "was forgotten on" in err
    code, _, err = call(*grade)
    assert "2 of people who were forgotten are not kept" in err
    assert call("book", "forget", learner, *where)[0] == 0
    assert call("book", "forget", "nobody", *where)[0] == 1


def test_a_mended_key_is_a_grade_beside_the_old_one(call, quiz, graded, address):
    where, grade = graded
    line = {
        "item": "*",
        "slot": "s02-loss-numeric-nats",
        "action": "full-marks",
        "reason": "unclear",
        "date": "2026-11-03",
    }
    (quiz / "amendments.jsonl").write_text(json.dumps(line) + "\n")
    code, _, err = call(*grade, "--reason", "the stem was unclear", "--at", "2026-11-03T12:00:00+01:00")
    assert code == 0
    assert "0 new attempts, 6 with another grade" in err
    learner = first_learner(quiz.parent)
    record = json.loads(call("book", "show", learner, *where, "--json")[1])
    (numeric,) = [attempt for attempt in record["attempts"] if "numeric" in attempt["slot"]]
    assert [grade["reason"] for grade in numeric["grades"]] == ["exam", "the stem was unclear"]
    assert numeric["grades"][1]["graded_at"] == "2026-11-03T11:00:00Z"
    assert numeric["grades"][1]["mark"]["note"] == "amended:full-marks"
    assert call("book", "export", *where, "--quiz", "quiz", "--to", "csv", "-o", "grades.csv")[0] == 0
    with Path("grades.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["s02-loss-numeric-nats"] for row in rows} == {"1"}
    with Path("marks/marks.csv").open(newline="") as file:
        assert [dict(row) for row in csv.DictReader(file)] == rows


def test_exports_and_what_is_said(call, quiz, graded):
    where, _ = graded
    export = ["book", "export", *where, "--quiz", "quiz", "--pending"]
    Path("list.csv").write_text("learner,name\n" + "".join(f"learner-0{n},=cmd|{n}\n" for n in range(1, 7)))
    code, _, err = call("book", "names", "list.csv", *where)
    assert (code, "6 people named; 0 rows" in err) == (0, True)
    for format_ in ("moodle", "canvas", "csv", "xlsx"):
        code, out, err = call(*export, "--to", format_, "-o", f"out.{format_}")
        assert (code, out) == (0, "")
        assert "6 learners in out." in err
        assert call(*export, "--to", format_, "-o", f"out.{format_}")[0] == 0
    assert "\"'=cmd|1" in Path("out.canvas").read_text()
    Path("notes.txt").write_text("mine")
    code, _, err = call(*export, "--to", "moodle", "-o", "notes.txt")
    assert (code, Path("notes.txt").read_text()) == (1, "mine")
    assert call(*export, "--to", "moodle", "-o", "x", "--learner-is", "shoe-size")[0] == 2
    assert call(*export, "--to", "moodle", "-o", "x", "--pseudonyms")[0] == 2
    code, _, err = call("book", "names", "r.csv", *where)
    assert code == 1


def test_without_the_key_file(call, quiz, graded, address):
    where, grade = graded
    Path("names.key").rename("elsewhere.key")
    for command in (grade, ["book", "show", "x", *where], ["book", "forget", "x", *where]):
        code, _, err = call(*command)
        assert code == 1
        assert "names.key: the key file of the book is not there; without it nobody can say who is who; bring it" in err
    assert not Path("names.key").exists()
    export = ["book", "export", "--book", address, "--quiz", "quiz", "--to", "csv", "-o", "p.csv", "--pseudonyms"]
    assert call(*export)[0] == 0
    assert "learner-0" not in Path("p.csv").read_text()
    assert call("book", "info", "--book", address)[0] == 0


def test_people_whom_the_key_file_does_not_know_are_named_by_pseudonym(call, quiz, graded):
    where, _ = graded
    content = json.loads(Path("names.key").read_text())
    gone = next(iter(content["people"]))
    del content["people"][gone]
    Path("names.key").write_text(json.dumps(content))
    code, _, err = call("book", "export", *where, "--quiz", "quiz", "--to", "csv", "-o", "m.csv")
    assert code == 1
    assert f"{gone}: the key file does not know who this is" in err
    assert "5 learners in m.csv" in err


def test_retention_is_applied_on_writing(call, quiz, graded, address):
    where, grade = graded
    code, _, err = call("book", "prune", *where, "--keep-days", "30", "--today", "2026-11-20")
    assert (code, "the book keeps attempts for 30 days" in err) == (0, True)
    assert json.loads(call("book", "info", "--book", address, "--json")[1])["people"] == 6
    code, _, err = call(*grade[:-4], "--at", "2027-01-01")
    assert "12 attempts older than the book keeps them removed; nothing is left of 6 people" in err
    assert json.loads(Path("names.key").read_text())["people"] == {}
    assert call("book", "prune", *where, "--keep-days", "3", "--keep-all")[0] == 2
    assert "keeps everything" in call("book", "prune", *where, "--keep-all")[2]


def test_a_learner_whose_mark_is_not_final_is_not_imported(call, quiz):
    rows = Path("r.csv").read_text().splitlines()
    learner, item, _, attempt = next(line for line in rows if "numeric" in line).split(",")
    kept = [line for line in rows if not line.startswith(f"{learner},{item}")]
    Path("r.csv").write_text("\n".join([*kept, f"{learner},{item},((,{attempt}"]) + "\n")
    grade = ["grade", "r.csv", "--quiz", "quiz", "-o", "marks", "--book", "b.db"]
    assert call(*grade)[0] == 0
    export = ["book", "export", "--book", "b.db", "--quiz", "quiz", "--to", "moodle", "-o", "m.csv"]
    code, _, err = call(*export)
    assert code == 0
    assert f"{learner}: 1 answer without a final score; not in the file" in err
    assert learner not in Path("m.csv").read_text()
    assert call(*export, "--pending")[0] == 0
    assert learner in Path("m.csv").read_text()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["book", "info"], 2, "--book"),
        (["book", "info", "--book", "none.db"], 1, "none.db: there is no such book; write one with"),
        (["book", "show", "x", "--book", "postgresql://nobody@localhost:1/x"], 1, "the database says"),
        (["grade", "r.csv", "--quiz", "quiz", "-o", "m", "--book", "postgresql://h/x"], 1, "where its key file is"),
        (["grade", "r.csv", "--quiz", "quiz", "-o", "m", "--book", "r.csv"], 1, "is not a database"),
        (["grade", "r.csv", "--quiz", "quiz", "-o", "m", "--book", "b.db", "--at", "noon"], 2, "2026-11-02"),
        (["book"], 2, "forget"),
    ],
)
def test_what_cannot_be_is_one_sentence(call, quiz, arguments, code, message):
    done, out, err = call(*arguments)
    assert (done, out) == (code, "")
    assert message in err
    assert not Path("m").exists()


def test_a_locked_book_is_one_sentence_and_the_marks_are_there(call, quiz, monkeypatch):
    grade = ["grade", "r.csv", "--quiz", "quiz", "-o", "marks", "--book", "b.db"]
    assert call(*grade)[0] == 0
    monkeypatch.setattr(open_book, "__defaults__", (False, 0.2))
    other = sqlite3.connect("b.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    shutil.rmtree("marks")
    code, _, err = call(*grade)
    assert code == 1
    assert "b.db: is in use by another program; try again when that one is done; nothing was lost" in err
    assert Path("marks/marks.csv").exists()


def test_two_commands_at_once_make_one_book(quiz):
    command = [sys.executable, "-m", "quizgen.cli", "grade", "r.csv", "--quiz", "quiz", "-q", "--book", "b.db"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [
        subprocess.Popen([*command, "-o", f"marks{n}"], cwd=quiz.parent, env=environment, stdout=subprocess.DEVNULL)
        for n in range(2)
    ]
    assert [process.wait(120) for process in running] == [0, 0]
    found = everything(open_book(str(quiz.parent / "b.db")))
    assert len(found["book_attempt"]) == len(found["book_grade"]) == 12
    assert len(json.loads((quiz.parent / "b.db.key").read_text())["people"]) == 6


def test_only_the_book_knows_sqlalchemy():
    knowing = [
        path.relative_to(ROOT).as_posix()
        for package in ("grading", "quizgen")
        for path in sorted((ROOT / package).rglob("*.py"))
        if "sqlalchemy" in path.read_text(encoding="utf-8") and not path.is_relative_to(ROOT / "quizgen" / "book")
    ]
    assert knowing == []
