"""The files of marks are put together in columns: they say what the records say, one by one, to the byte."""

import csv
import io
from datetime import UTC, datetime
from fractions import Fraction

import polars as pl
import pytest

from grading.answersheet import to_json
from grading.bulk import grade_all
from grading.policy import Late, Policy, Rounding
from grading.responses import ResponseRow
from quizgen.archive import read_archive
from quizgen.assembly import assemble
from quizgen.bank import load_bank
from quizgen.folders import PlacedError
from quizgen.marks import DETAILS, DETAILS_TABLE, GradedAnswer, decimal_points, earlier_results, marks_of, write_marks
from quizgen.marks import details as details_module
from quizgen.marks import tables as tables_module
from quizgen.marks.details import details_lines
from quizgen.marks.tables import learner_lines, marks_csv
from quizgen.sampling.draws import Source
from quizgen.simulation import invent_class, simulate
from quizgen.spreadsheet import dead

TEMPLATES = (
    "obj-expression-choice", "loss-numeric-nats", "obj-write-symbolic", "case-two-steps", "lowest-loss-multi",
    "match-notation", "independence-essay", "create-training-example", "diagnose-answer",
)  # fmt: skip
NAMES = (
    "=HYPERLINK(1)",
    'quote " here',
    "comma, here",
    "line\nbreak",
    "émil\u202eى",
    "\\back\t",
    "😀 zoë",
    "-1",
    "a'b",
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("writing") / "quiz"
    assemble(load_bank(), list(TEMPLATES), variants=3, source=Source("writing")).freeze(folder)
    return read_archive(folder)


@pytest.fixture(scope="module")
def results(archive):
    """A class with awkward names, several attempts, unreadable answers, essays and moments."""
    learners = invent_class(archive, 23, 4, attempts=3)
    name = {one.id: NAMES[n] if n < len(NAMES) else one.id for n, one in enumerate(learners)}
    rows = [
        ResponseRow(
            name[one.learner], one.item, one.response, one.attempt,
            "" if n % 3 else f"2026-11-{1 + n % 28:02d}T10:00:00+01:00", f"folder \"{n % 2}\"/ü.csv", n,
        )
        for n, one in enumerate(simulate(archive, learners, 4, 3))
        if n % 11
    ]  # fmt: skip
    number = next(slot.pool[0] for slot in archive.quiz.slots if "loss-numeric-nats" in slot.templates)
    rows += [ResponseRow(f"far-{n}", number, f"{n}.5", 1, "", "ü.csv", n) for n in range(40, 45)]
    found = grade_all(rows, archive.keys())
    assert len({row.grade.verdict for row in found.rows()}) > 4
    assert found.frame["reading"].null_count() < found.frame.height
    return found


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(details_module, "ROWS", 50)
    monkeypatch.setattr(tables_module, "LEARNERS", 5)


def answers(archive, results):
    slot_of = {item: slot.id for slot in archive.quiz.slots for item in slot.item_ids}
    for row in results.rows():
        grade = row.grade
        yield GradedAnswer(
            row.learner, row.item, archive.item(row.item).code, slot_of[row.item], row.attempt, row.submitted_at,
            grade.verdict, grade.score, grade.note, grade.reading, grade.diagnoses, grade.refusal, grade.parts,
            f"{row.file}:{row.line}",
        )  # fmt: skip


def test_each_line_of_the_details_is_the_record(archive, results):
    lines = b"".join(details_lines(archive, results)).splitlines()
    assert lines == [to_json(one) for one in answers(archive, results)]


def test_the_table_of_the_details_says_what_the_lines_say(archive, results, tmp_path):
    marks = marks_of(archive, results)
    for name in ("lines", "table", "again"):
        write_marks(tmp_path / name, archive, results, marks, details="jsonl" if name == "lines" else "parquet")
    assert not (tmp_path / "table" / DETAILS).exists()
    path = tmp_path / "table" / DETAILS_TABLE
    assert path.read_bytes() == (tmp_path / "again" / DETAILS_TABLE).read_bytes()
    table, records = pl.read_parquet(path), list(answers(archive, results))
    for name in ("learner", "item", "code", "slot", "attempt", "submitted_at", "note", "reading"):
        assert table[name].to_list() == [getattr(one, name) for one in records], name
    assert table["verdict"].to_list() == [one.verdict.value for one in records]
    assert table["score"].to_list() == [None if one.score is None else str(one.score) for one in records]
    believed = [" ".join(dict.fromkeys(m for d in one.diagnosis for m in d.misconceptions)) for one in records]
    assert table["misconceptions"].to_list() == believed
    assert any(believed)
    back, lines = earlier_results(tmp_path / "table"), earlier_results(tmp_path / "lines")
    kept = [(row.learner, row.item, row.attempt, row.submitted_at, row.line, row.grade) for row in lines.rows()]
    assert [(row.learner, row.item, row.attempt, row.submitted_at, row.line, row.grade) for row in back.rows()] == kept
    assert list(marks_of(archive, back).learners()) == list(marks.learners())


@pytest.mark.parametrize("kept", [b"", b"PAR1", b"no table at all"])
def test_a_damaged_table_is_refused(archive, results, tmp_path, kept):
    write_marks(tmp_path / "marks", archive, results, marks_of(archive, results), details="parquet")
    path = tmp_path / "marks" / DETAILS_TABLE
    path.write_bytes(kept or path.read_bytes()[:900])
    with pytest.raises(PlacedError, match=r"details\.parquet: is not what `quizgen grade` wrote"):
        earlier_results(tmp_path / "marks")


def test_a_table_of_something_else_is_refused(tmp_path):
    pl.DataFrame({"learner": ["ana"]}).write_parquet(tmp_path / DETAILS_TABLE)
    with pytest.raises(PlacedError, match="is not what"):
        earlier_results(tmp_path)


POLICIES = [
    Policy(),
    Policy("best", rounding=Rounding(Fraction(1, 2), of="question")),
    Policy("average"),
    Policy("first", penalty=Fraction(1, 3), late=Late(datetime(2026, 11, 10, tzinfo=UTC), each_day=Fraction(1, 10))),
]


@pytest.mark.parametrize("number", range(len(POLICIES)))
def test_lines_of_learners_are_their_records(archive, results, number):
    marks = marks_of(archive, results, POLICIES[number])
    learners = list(marks.learners())
    assert [line for block in learner_lines(marks) for line in block] == [to_json(one).decode() for one in learners]
    assert any(one.misconceptions for one in learners)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["learner", *(slot.id for slot in marks.slots), "points", "of", "pending"])
    for one in learners:
        points = dict(one.slots)
        cells = [decimal_points(points[slot.id]) if slot.id in points else "" for slot in marks.slots]
        writer.writerow(
            [dead(one.learner), *cells, decimal_points(one.points), decimal_points(one.of), str(one.pending)]
        )
    assert "".join(marks_csv(marks)) == out.getvalue()
