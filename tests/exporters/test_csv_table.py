"""The table for people: read back by Python's csv and by polars, and calculated by no spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import msgspec
import polars
import pytest

from quizgen.archive import write_archive
from quizgen.exporters.contract import Options
from quizgen.exporters.csv_table import (
    FORMAT,
    KEY_COLUMNS,
    LONG,
    ORIGIN_COLUMNS,
    PLAIN,
    QUESTION_COLUMNS,
    cell,
    fidelity,
    write,
)
from quizgen.exporters.planning import plan
from quizgen.model import GeneratedItem, Purpose
from tests.exporters import example_items as examples

ITEMS = examples.everything()
DOCUMENTED = Path(__file__).parents[2] / "docs" / "exporting" / "csv.md"


def files(folder: Path, items: tuple[GeneratedItem, ...], purpose: Purpose = "practice", learner: str = "",
          forms: tuple[tuple[str, tuple[str, ...]], ...] = ()) -> dict[str, bytes]:  # fmt: skip
    quiz = msgspec.structs.replace(examples.quiz_of(items, purpose), forms=forms)
    archive = write_archive(folder / "quiz", quiz, items)
    found: dict[str, bytes] = {}
    for path, chunk in write(archive, Options(learner=learner)):
        found[path] = found.get(path, b"") + chunk
    return found


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def test_one_row_an_item_or_part(tmp_path: Path) -> None:
    found = files(tmp_path, ITEMS)
    assert set(found) == {"quiz.csv"}
    table = rows(found["quiz.csv"])
    assert tuple(table[0]) == (*QUESTION_COLUMNS, *KEY_COLUMNS, *ORIGIN_COLUMNS)
    assert [row["code"] for row in table] == [g.item.code for g in ITEMS for _ in g.item.parts]
    assert polars.read_csv(found["quiz.csv"], infer_schema=False).shape == (len(table), len(table[0]))
    first, cloze = table[0], [row for row in table if row["item"] == "fill-in-0001"]
    assert first["options"].splitlines()[1] == "B. log Pr(x_2 = quick | x̄) + log Pr(x_8 = lazy | x̄)"
    assert first["answer"] == first["options"].splitlines()[1]
    assert "D. −log" in first["known_answers"].splitlines()[2]
    assert "(1/2): -J is the loss L." in first["known_answers"]
    assert first["hints"].splitlines() == ["Which positions were selected?", "What is conditioned on?"]
    assert first["solution"].startswith("Each selected position")
    assert [(row["part"], row["kind"], row["points"], row["answer"]) for row in cloze] == [
        ("1 of 3", "numeric", "1", "2"), ("2 of 3", "single-choice", "0.5", "A. [MASK]"),
        ("3 of 3", "short-answer", "0.5", "early"),
    ]  # fmt: skip


def test_every_column_is_documented() -> None:
    text = DOCUMENTED.read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)`", text, re.MULTILINE)[: len(QUESTION_COLUMNS)] == list(QUESTION_COLUMNS)
    assert all(f"| `{column}` |" in text for column in (*KEY_COLUMNS, *ORIGIN_COLUMNS))


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "=HYPERLINK(\"http://x\",\"y\")", "\t=1", "\n=1", " =1", "\ufeff=1", "＝1",
     "－1+cmd|' /C calc'!A0", "-", "-x", "%00=1", "|x", "=cmd|' /C calc'!A0", "\r=1", "\u200b=1"],
)  # fmt: skip
def test_nothing_is_calculated(tmp_path: Path, text: str) -> None:
    for row in rows(files(tmp_path, examples.awkward_items(text))["quiz.csv"]):
        for value in row.values():
            assert not re.match(r"[\s\u200b\ufeff]*[=+@|%＝＋－＠]|[\t\r\n]", value), value
            assert not value.lstrip().startswith("-") or re.fullmatch(r"-\d+(\.\d+)?", value), value


def test_numbers_stay_numbers_and_other_texts_as_they_are() -> None:
    assert [cell(text) for text in ("-0.5", "12", "+3", "a=1", "−1")] == ['"-0.5"', '"12"', '"+3"', '"a=1"', '"−1"']


@pytest.mark.parametrize("text", examples.AWKWARD, ids=lambda text: repr(text[:12]))
def test_awkward_text_survives_in_every_kind(tmp_path: Path, text: str) -> None:
    items = examples.awkward_items(text)
    found = files(tmp_path, items)
    assert found == files(tmp_path, items)
    table = rows(found["quiz.csv"])
    assert len(table) == 15
    assert polars.read_csv(found["quiz.csv"], infer_schema=False).height == 15
    shown = " ".join(re.sub("[\x00\x07]", "", text).split())
    for row in table:
        assert shown in " ".join(row["question"].split())
        assert shown in " ".join(row["solution"].split())
    assert [" ".join(line.split()) for line in table[0]["options"].split("\n")] == [
        f"{label}. {shown} {which}" for label, which in zip("ABC", ("one", "two", "three"), strict=True)
    ]


def test_an_exam_has_no_columns_of_the_key(tmp_path: Path) -> None:
    data = files(tmp_path, ITEMS, "exam")["quiz.csv"]
    assert tuple(rows(data)[0]) == (*QUESTION_COLUMNS, *ORIGIN_COLUMNS)
    assert b"rounded too early" not in data
    archive = write_archive(tmp_path / "e", examples.quiz_of(ITEMS, "exam"), ITEMS)
    assert plan(archive, FORMAT).stripped


def test_forms_are_a_table_of_their_own(tmp_path: Path) -> None:
    forms = (("=ada", (ITEMS[0].item.id, ITEMS[2].item.id)), ("ben", (ITEMS[1].item.id,)))
    table = rows(files(tmp_path, ITEMS, forms=forms)["forms.csv"])
    assert [tuple(row.values()) for row in table] == [
        ("'=ada", "1", ITEMS[0].item.code, ITEMS[0].item.id), ("'=ada", "2", ITEMS[2].item.code, ITEMS[2].item.id),
        ("ben", "1", ITEMS[1].item.code, ITEMS[1].item.id),
    ]  # fmt: skip
    mine = files(tmp_path, ITEMS, learner="ben", forms=forms)
    assert [row["item"] for row in rows(mine["quiz.csv"])] == [ITEMS[1].item.id]
    assert [row["learner"] for row in rows(mine["forms.csv"])] == ["ben"]


def test_what_a_cell_cannot_show_is_a_caveat() -> None:
    long = examples.awkward_items("word " * 8_000)[0]
    assert fidelity(long.item, long.key).caveats == (PLAIN, LONG)
    assert fidelity(ITEMS[0].item, ITEMS[0].key).caveats == (PLAIN,)
