"""Blackboard's results, by user and by question and user."""

from __future__ import annotations

from pathlib import Path

import pytest

from grading.bulk import Results
from grading.marking import grade_item
from quizgen.archive import write_archive
from quizgen.marks import grade_archive
from tests.exporters import example_items as examples

ITEMS = (examples.choice(), examples.multiple_answer(), examples.numeric(), examples.matching())
CHOICE, SEVERAL, NUMBER, PAIRS = ITEMS
ANSWERS = [
    ("ana", CHOICE, dict(CHOICE.key.parts[0].options)["flip-sign"], "flip-sign", "1", "2"),
    ("ana", SEVERAL, "position 2;position 4", ["position-2", "position-4"], "1.33", "2"),
    ("ben", NUMBER, "1.61", "1.61", "2", "2"),
    ("ben", PAIRS, "x̄ -> the loss; A(x) -> the selected positions", {"x": "loss", "a": "selected"}, "0,5", "2"),
    ("ben", CHOICE, "<Unanswered>", None, "0", "2"),
]


def read(folder: Path, rows: list[list[str]]) -> Results:
    archive = write_archive(folder / "quiz", examples.quiz_of(ITEMS), ITEMS)
    path = folder / "results.xls"
    path.write_bytes("\n".join("\t".join(f'"{cell}"' for cell in row) for row in rows).encode("utf-16"))
    return grade_archive(path, archive)


def by_user() -> list[list[str]]:
    names = ["Question ID {}", "Question {}", "Answer {}", "Possible Points {}", "Auto Score {}", "Manual Score {}"]
    rows = [["Username", "Last Name", "First Name", *(name.format(n) for n in (1, 2, 3) for name in names)]]
    for who in ("ana", "ben"):
        row = [who, "X", "Y"]
        for _, item, text, _, points, of in (entry for entry in ANSWERS if entry[0] == who):
            row += ["_1", f"{item.item.title} {item.item.code}", text, of, points, ""]
        rows.append(row)
    return rows


def by_question() -> list[list[str]]:
    rows = [
        ["Username", "Last Name", "First Name", "Question ID", "Question", "Answer", "Possible Points", "Auto Score"]
    ]
    return rows + [[who, "X", "Y", "_1", g.item.code, text, of, points] for who, g, text, _, points, of in ANSWERS]


@pytest.mark.parametrize("rows", [by_user(), by_question()], ids=["by-user", "by-question"])
def test_both_forms_of_the_results(tmp_path: Path, rows: list[list[str]]) -> None:
    results = read(tmp_path, rows)
    assert [problem.message for problem in results.problems] == []
    found = {(row.learner, row.item): row.grade for row in results.rows()}
    assert found == {(who, g.item.id): grade_item(g.key, meant) for who, g, _, meant, _, _ in ANSWERS}
    assert {(who, item): float(mark.points) for (who, item, _), mark in results.given.items()} == {
        (who, g.item.id): float(points.replace(",", ".")) for who, g, _, _, points, _ in ANSWERS
    }
