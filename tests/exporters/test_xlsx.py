"""The workbook for people: read back cell by cell, and calculated by no spreadsheet."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import msgspec
import pytest

from grading.keys import ChoiceKey, MultipleAnswerKey
from grading.marking import canonical_responses, grade_part
from quizgen.archive import write_archive
from quizgen.exporters.contract import Level, Options
from quizgen.exporters.csv_table import PLAIN
from quizgen.exporters.planning import plan
from quizgen.exporters.workbook import Sheet, workbook
from quizgen.exporters.xlsx import CUT, FORMAT, ITEM_COLUMNS, KEY_COLUMNS, OPTION_COLUMNS, fidelity, write
from quizgen.model import GeneratedItem, Purpose
from tests.exporters import example_items as examples
from tests.exporters.xlsx_reader import LONGEST, Refused, Value, read

ITEMS = examples.everything()
DOCUMENTED = Path(__file__).parents[2] / "docs" / "exporting" / "xlsx.md"
Table = list[dict[str, Value]]


def file(folder: Path, items: tuple[GeneratedItem, ...], purpose: Purpose = "practice", learner: str = "",
         forms: tuple[tuple[str, tuple[str, ...]], ...] = ()) -> bytes:  # fmt: skip
    quiz = msgspec.structs.replace(examples.quiz_of(items, purpose), forms=forms)
    archive = write_archive(folder / "quiz", quiz, items)
    return b"".join(chunk for _, chunk in write(archive, Options(learner=learner)))


def tables(data: bytes) -> dict[str, Table]:
    """Each sheet as rows by the names in its heading; a cell that is not there is empty."""
    found: dict[str, Table] = {}
    for name, rows in read(data).items():
        heading = rows.pop(1)
        found[name] = [{str(title): row.get(column, "") for column, title in heading.items()} for row in rows.values()]
        assert all(set(row) <= set(heading) for row in rows.values())
    return found


def test_items_options_and_keys_have_a_sheet_each(tmp_path: Path) -> None:
    data = file(tmp_path, ITEMS)
    assert data == file(tmp_path, ITEMS)
    found = tables(data)
    assert list(found) == ["Items", "Options", "Keys"]
    items, options, keys = found.values()
    assert [tuple(table[0]) for table in found.values()] == [
        tuple(ITEM_COLUMNS), tuple(OPTION_COLUMNS), tuple(KEY_COLUMNS)
    ]  # fmt: skip
    assert [row["code"] for row in items] == [made.item.code for made in ITEMS for _ in made.item.parts]
    cloze = [row for row in items if row["item"] == "fill-in-0001"]
    assert [(row["part"], row["kind"], row["points"]) for row in cloze] == [
        ("1/3", "numeric", 1), ("2/3", "single-choice", 0.5), ("3/3", "short-answer", 0.5),
    ]  # fmt: skip
    mine = [row for row in options if row["code"] == ITEMS[0].item.code]
    assert [row["label"] for row in mine] == ["A", "B", "C", "D"]
    assert mine[1]["option"] == "log Pr(x_2 = quick | x̄) + log Pr(x_8 = lazy | x̄)"
    told = [row for row in keys if row["code"] == ITEMS[0].item.code]
    assert [row["what"] for row in told] == ["answer", *["known answer"] * 3, "hint", "hint", "solution"]
    assert told[0]["text"] == f"B. {mine[1]['option']}"
    assert (told[3]["credit"], told[3]["said"]) == (0.5, "-J is the loss L.")


def compared(made: GeneratedItem, found: dict[str, Table]) -> int:
    """Each canonical choice: the letters that earn all points are those of the sheet of keys."""
    count = 0
    for number, (part, part_key) in enumerate(zip(made.item.parts, made.key.parts, strict=True), 1):
        if not isinstance(part_key.key, ChoiceKey | MultipleAnswerKey):
            continue
        name = f"{number}/{len(made.item.parts)}" if len(made.item.parts) > 1 else ""
        here = {sheet: [row for row in rows if (row["code"], row["part"]) == (made.item.code, name)]
                for sheet, rows in found.items()}  # fmt: skip
        right = {row["text"] for row in here["Keys"] if row["what"] == "answer"}
        letters = {row["label"] for row in here["Options"] if f"{row['label']}. {row['option']}" in right}
        assert len(letters) == len(right)
        label = {
            option.id: row["label"]
            for option, row in zip(getattr(part.interaction, "options", ()), here["Options"], strict=True)
        }
        for expected in canonical_responses(made.key):
            response = expected.response
            if len(made.item.parts) > 1:
                response = response.get(part.id) if isinstance(response, dict) else None
            given = [response] if isinstance(response, str) else response
            if isinstance(given, list) and given and set(given) <= set(label):
                score = grade_part(part_key, response).score
                assert (score == 1) is ({label[id_] for id_ in given} == letters), (made.item.id, response)
                count += 1
    return count


def test_the_keys_are_those_that_grade(tmp_path: Path) -> None:
    found = tables(file(tmp_path, ITEMS))
    counts = {made.item.id: compared(made, found) for made in ITEMS}
    assert sum(count >= 2 for count in counts.values()) == 9
    wrong = next(row for row in found["Keys"] if row["code"] == ITEMS[0].item.code)
    wrong["text"] = f"A. {found['Options'][0]['option']}"
    with pytest.raises(AssertionError):
        compared(ITEMS[0], found)


@pytest.mark.parametrize(
    "text",
    [*examples.AWKWARD, "=1+1", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "\t=1", "\n=1", " =1",
     "\ufeff=1", "\u200b=1", "-", "_x003D_1", "a\r\nb\rc", "｜x"],
)  # fmt: skip
def test_awkward_text_is_text(tmp_path: Path, text: str) -> None:
    shown = " ".join(re.sub("[\x00\x07]", "", text).split())
    found = tables(file(tmp_path, examples.awkward_items(text)))
    assert len(found["Items"]) == 15
    assert all(shown in " ".join(str(row["question"]).split()) for row in found["Items"])
    assert [row["option"] for row in found["Options"][:3]] == [f"{shown} {which}" for which in ("one", "two", "three")]
    assert {" ".join(str(row["text"]).split()) for row in found["Keys"] if row["what"] == "solution"} == {shown}


def test_lone_surrogates_and_control_characters_are_left_out() -> None:
    data = b"".join(chunk for _, chunk in workbook("w", [Sheet("S", (5,), [("a",), ("\ud800x\x01\ufffe",)])]))
    assert read(data)["S"][2]["A"] == "x"


def test_what_a_spreadsheet_would_calculate_is_found() -> None:
    data = b"".join(chunk for _, chunk in workbook("w", [Sheet("S", (5,), [("a",), ("=1",)])]))
    assert read(data)["S"][2]["A"] == "=1"
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for before, after in ((b's="3"', b's="2"'), (b's="3"', b's="0"'), (b"<is>", b"<f>1+1</f><is>")):
        again = io.BytesIO()
        with zipfile.ZipFile(again, "w") as package:
            for name, part in parts.items():
                package.writestr(name, part.replace(before, after) if "sheet1" in name else part)
        with pytest.raises(Refused):
            read(again.getvalue())


def test_an_exam_has_no_sheet_of_keys(tmp_path: Path) -> None:
    data = file(tmp_path, ITEMS, "exam")
    assert list(tables(data)) == ["Items", "Options"]
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        whole = b"".join(map(package.read, package.namelist())).decode()
    assert [
        secret for secret in ("early bird", "Flips", "known answer", "0.005", "names the log") if secret in whole
    ] == []
    archive = write_archive(tmp_path / "e", examples.quiz_of(ITEMS, "exam"), ITEMS)
    assert plan(archive, FORMAT).stripped
    assert plan(archive, FORMAT).refusals == ()


def test_forms_have_a_sheet_of_their_own(tmp_path: Path) -> None:
    forms = (("=ada", (ITEMS[0].item.id, ITEMS[2].item.id)), ("ben", (ITEMS[1].item.id,)))
    found = tables(file(tmp_path, ITEMS, forms=forms))
    assert [tuple(row.values()) for row in found["Forms"]] == [
        ("=ada", 1, ITEMS[0].item.code, ITEMS[0].item.id), ("=ada", 2, ITEMS[2].item.code, ITEMS[2].item.id),
        ("ben", 1, ITEMS[1].item.code, ITEMS[1].item.id),
    ]  # fmt: skip
    mine = tables(file(tmp_path, ITEMS, learner="ben", forms=forms))
    assert [row["item"] for row in mine["Items"]] == [ITEMS[1].item.id]
    assert {row["code"] for row in (*mine["Options"], *mine["Keys"])} == {ITEMS[1].item.code}
    assert [row["learner"] for row in mine["Forms"]] == ["ben"]


def test_a_cell_is_cut_where_it_ends_and_a_caveat_says_so(tmp_path: Path) -> None:
    long = examples.awkward_items("🦊" * 20_000)[0]
    assert fidelity(long.item, long.key).caveats == (PLAIN, CUT)
    assert fidelity(long.item, long.key).level is Level.DEGRADED
    assert fidelity(ITEMS[0].item, ITEMS[0].key).caveats == (PLAIN,)
    question = str(tables(file(tmp_path, (long,)))["Items"][0]["question"])
    assert question.endswith("🦊…")
    assert LONGEST - 1 <= len(question.encode("utf-16-le")) // 2 <= LONGEST


def test_every_column_is_documented() -> None:
    text = DOCUMENTED.read_text(encoding="utf-8")
    assert all(f"| `{column}` |" in text for column in (*ITEM_COLUMNS, *OPTION_COLUMNS, *KEY_COLUMNS))
