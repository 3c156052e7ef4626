"""The same table in every kind of file says the same; what is damaged or meant to harm is one sentence, no error."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import tracemalloc
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from grading import ChoiceKey, ItemKey, PartKey, UnreadableResponses, grade_all
from grading.bulk import Results
from grading.keys import MatchingKey, MultipleAnswerKey, NumericKey, OrderingKey, TextKey, Tolerance
from grading.responses import reader_of, streams, workbook
from quizgen.exporters.workbook import Sheet
from quizgen.exporters.workbook import workbook as written_workbook

LETTERS = (("a", "A sum"), ("b", "A product"), ("c", "A mean"))
SHEET = [
    ItemKey("q1", "r", "Q-7K3F", (PartKey("answer", ChoiceKey("a"), options=LETTERS),)),
    ItemKey("q2", "r", "Q-2222", (PartKey("answer", TextKey(("Größe", "worm"))),)),
    ItemKey("q3", "r", "Q-3333", (PartKey("answer", MultipleAnswerKey(("a", "b"), ("a", "b", "c")), options=LETTERS),)),
    ItemKey("q4", "r", "Q-4444", (PartKey("answer", OrderingKey(("b", "a", "c")), options=LETTERS),)),
    ItemKey("q5", "r", "Q-5555", (PartKey("answer", NumericKey("1.609", Tolerance("absolute", Fraction(1, 100)),
                                                               decimal_comma=True)),)),
    ItemKey("q6", "r", "Q-6666", (PartKey("answer", MatchingKey((("l", "a"), ("m", "b")), ("a", "b", "c")),
                                          options=(("l", "left"), ("m", "middle"), *LETTERS)),)),
]  # fmt: skip
ROWS = [
    ["learner", "item", "response", "attempt", "submitted_at"],
    ["Jürgen Groß", "q1", "A sum", "1", "2026-03-01"],
    ["Jürgen Groß", "Q-2222", "Größe", "", ""],
    ["Ana", "q3", '["a", "b"]', "2", ""],
    ["Ana", "q4", "b;a;c", "1", ""],
    ["Ana", "q5", "1,61", "1", ""],
    ["Ben", "q6", '{"l": "a", "m": "c"}', "1", ""],
    ["Ben", "q1", "nothing known", "1", ""],
    ["Ben", "q9", "a", "1", ""],
    ["", "q1", "a", "1", ""],
]


def as_csv(rows: list[list[str]] = ROWS, separator: str = ",", end: str = "\r\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(rows)
    return out.getvalue()


def as_workbook(rows: list[list[str]]) -> bytes:
    return b"".join(chunk for _, chunk in written_workbook("x.xlsx", [Sheet("S", [9] * len(rows[0]), rows)]))


def as_parquet(rows: list[list[str]]) -> bytes:
    out = io.BytesIO()
    pl.DataFrame(rows[1:], schema=rows[0], orient="row").write_parquet(out)
    return out.getvalue()


WRITTEN = {
    "utf-8": as_csv().encode(),
    "bom": as_csv().encode("utf-8-sig"),
    "utf-16": as_csv().encode("utf-16"),
    "utf-16-be": b"\xfe\xff" + as_csv().encode("utf-16-be"),
    "windows-1252": as_csv().encode("cp1252"),
    "semicolons": as_csv(separator=";").encode(),
    "german-excel": as_csv(separator=";").encode("cp1252"),
    "tabs": as_csv(separator="\t").encode("utf-16"),
    "bars": as_csv(separator="|", end="\n").encode(),
    "gzip": gzip.compress(as_csv().encode()),
    "gzip-utf-16": gzip.compress(as_csv(separator="\t").encode("utf-16")),
    "json": json.dumps([dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]).encode(),
    "json-lists": json.dumps(ROWS).encode(),
    "xlsx": as_workbook(ROWS),
    "parquet": as_parquet(ROWS),
}


def graded(folder: Path, data: bytes) -> Results:
    path = folder / "responses"
    path.write_bytes(data)
    return grade_all(path, SHEET)


def said(results: Results) -> tuple[list[Any], list[str]]:
    rows = [(row.learner, row.item, row.attempt, row.submitted_at, row.grade) for row in results.rows()]
    return rows, [problem.message for problem in results.problems]


@pytest.mark.parametrize("name", list(WRITTEN))
def test_a_table_says_the_same_in_every_kind_of_file(tmp_path: Path, name: str) -> None:
    results = graded(tmp_path, WRITTEN[name])
    rows, problems = said(results)
    assert (rows, problems) == said(graded(tmp_path, WRITTEN["utf-8"]))
    assert [(row[0], row[1], row[4].score) for row in rows] == [
        ("Jürgen Groß", "q1", 1), ("Jürgen Groß", "q2", 1), ("Ana", "q3", 1), ("Ana", "q4", 1), ("Ana", "q5", 1),
        ("Ben", "q6", Fraction(1, 2)), ("Ben", "q1", None),
    ]  # fmt: skip
    assert problems == ["the item “q9” is not in this quiz", "no learner is named"]
    assert results.read == len(ROWS) - 1


PAIRS = "left->A sum;middle->A mean"
WIDE = [
    ["Name", "Matrikelnummer", "Q-7K3F", "2. Wort (Q-2222)", "q3", "q4", "q5", "q6", "Comment"],
    ["Jürgen", "12", "A sum", "worm", "A sum; A product", "A product;A sum;A mean", "1,609", PAIRS, "x"],
    ["Ana", "13", "b", "", '["c"]', "", "", "", ""],
    ["Ana", "14", "no such option", "Größe", "A sum; what", "", "", "", ""],
    ["", "", "a", "", "", "", "", "", ""],
]  # fmt: skip


@pytest.mark.parametrize("write", [lambda r: as_csv(r, ";").encode("cp1252"), as_workbook, as_parquet],
                         ids=["german-excel", "xlsx", "parquet"])  # fmt: skip
def test_a_column_for_each_item(tmp_path: Path, write: Any) -> None:
    results = graded(tmp_path, write(WIDE))
    rows, problems = said(results)
    assert [(row[0], row[1], row[4].score) for row in rows] == [
        *(("12", f"q{number}", 1) for number in range(1, 6)), ("12", "q6", Fraction(1, 2)),
        ("13", "q1", 0), ("13", "q3", 0), ("14", "q2", 1),
    ]  # fmt: skip
    assert [message.partition(": ")[2] or message for message in problems] == [
        "“no such option” is not among the options", "“A sum; what” is not among the options", "no learner is named",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        "learner,item,response\nпривет,q1,a\nAna,q1,a\n".encode("cp1251"),
        "learner,item,response\nŁódź,q1,a\nAna,q1,a\n".encode("cp1250"),
        "learner,item,response\nStrauß,q1,a\nAna,q1,a\n".encode("mac-roman"),
        "learner,item,response\nÜ,q1,a\nAna,q1,a\n".encode() + b"Gro\xdf,q1,a\n",
    ],
    ids=["cyrillic", "central-european", "macintosh", "both"],
)
def test_an_encoding_is_not_guessed_at(tmp_path: Path, data: bytes) -> None:
    rows, problems = said(graded(tmp_path, data))
    assert "Ana" in [row[0] for row in rows]
    assert set(problems) == {"the text is not UTF-8"}
    assert len(rows) + len(problems) == data.count(b"\n") - 1


def plain_rows(count: int) -> bytes:
    rng = random.Random(1)
    return b"learner,item,response\n" + b"".join(b"l%d,q5,%r\n" % (n, rng.random()) for n in range(count))


def test_a_compressed_file_that_is_cut_off_keeps_its_whole_lines(tmp_path: Path) -> None:
    whole = gzip.compress(plain_rows(60_000))
    results = graded(tmp_path, whole[: len(whole) // 2])
    assert [problem.message for problem in results.problems] == [
        "the compressed file ends too early; the whole lines before that were read"
    ]
    assert 0 < results.frame.height < 60_000
    complete = graded(tmp_path, whole)
    assert complete.frame.head(results.frame.height)["reading"].to_list() == results.frame["reading"].to_list()


def test_a_small_compressed_file_that_is_cut_off_keeps_its_whole_lines(tmp_path: Path) -> None:
    whole = gzip.compress(plain_rows(300))
    results = graded(tmp_path, whole[: len(whole) // 2])
    assert 50 < results.frame.height < 300
    assert [problem.message[:29] for problem in results.problems] == ["the compressed file ends too "]


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("before", ["", "A sum", 'say ""it""'], ids=["alone", "plain", "quotes"])
@pytest.mark.parametrize("last", ["Zoe;q5;1.6", "Zoe;q5"])
def test_a_row_in_which_the_file_ends_is_not_marked(tmp_path: Path, separator: str, before: str, last: str) -> None:
    first = f'learner;item;response;attempt\nAna;q1;a;1\nBen;q1;"{before}";1\n'
    results = graded(tmp_path, (first + last).replace(";", separator).encode())
    assert [row.learner for row in results.rows()] == ["Ana", "Ben"]
    assert [(problem.line, problem.message[:29]) for problem in results.problems] == [
        (4, "the file ends within this row")
    ]
    whole = graded(tmp_path, (first + "Zoe;q5;1.609\n").replace(";", separator).encode())
    assert [row.learner for row in whole.rows()] == ["Ana", "Ben", "Zoe"], "a row that is ended may be short"


def test_a_sitting_in_which_the_file_ends_is_reported(tmp_path: Path) -> None:
    report = "Last name,First name,Username,Status,Started,Completed,Question 1,Response 1\n"
    row = "Example,Ada,{},Finished,2026-03-01 10:05,2026-03-01 10:06"
    results = graded(tmp_path, (report + row.format("ada") + ",Q-7K3F,A sum\n" + row.format("bo")).encode())
    assert [row.learner for row in results.rows()] == ["ada"]
    assert [(problem.line, problem.message[:29]) for problem in results.problems] == [
        (3, "the file ends within this row")
    ]


def test_a_compressed_file_that_is_damaged_is_said(tmp_path: Path) -> None:
    whole = bytearray(gzip.compress(plain_rows(60_000)))
    whole[len(whole) // 2] ^= 255
    messages = [problem.message for problem in graded(tmp_path, bytes(whole)).problems]
    assert any("the compressed file is damaged" in message for message in messages)


def test_a_bomb_is_unpacked_only_so_far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MOST_UNPACKED", 50_000_000)
    data = gzip.compress(b"learner,item,response\nana,q1,a\n" + b"\0" * 200_000_000)
    tracemalloc.start()
    results = graded(tmp_path, data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [row.learner for row in results.rows()] == ["ana"]
    assert any("holds more than 50,000,000 bytes" in problem.message for problem in results.problems)
    assert peak < 60_000_000


def workbook_of(sheet: str, **parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, text in parts.items():
            package.writestr(f"xl/{name}.xml", text)
    return out.getvalue()


def rows_of(*rows: str, before: str = "") -> str:
    return f"{before}<worksheet><sheetData>{''.join(f'<row>{row}</row>' for row in rows)}</sheetData></worksheet>"


def text(value: str) -> str:
    return f'<c t="inlineStr"><is><t>{value}</t></is></c>'


HEADER = text("learner") + text("item") + text("response")


def test_cells_of_a_workbook(tmp_path: Path) -> None:
    shared = "<sst><si><t>ana</t></si><si><r><t>A </t></r><r><t>sum</t></r><rPh><t>aloud</t></rPh></si></sst>"
    rows = rows_of(
        HEADER,
        '<c t="s"><v>0</v></c>' + text("q1") + '<c t="s"><v>1</v></c>',
        text("ben") + text("q5") + "<c><f>0.8*2</f><v>1.6090000000000001</v></c>",
        text("cem") + text("q5") + "<c><f>1/0</f></c>",
        '<c r="A9" t="str"><f>HYPERLINK("http://x")</f><v>dia</v></c>' + '<c r="C9"><v>1.6</v></c>',
    )
    results = graded(tmp_path, workbook_of(rows, sharedStrings=shared))
    found, problems = said(results)
    assert [(row[0], row[4].note, row[4].reading) for row in found] == [
        ("ana", "choice:key", "A sum"), ("ben", "invalid:ambiguous-point", "1.609"), ("cem", "blank", ""),
    ]  # fmt: skip
    assert problems == ["no item is named"]


@pytest.mark.parametrize(
    ("sheet", "message"),
    [
        ("<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]>" + rows_of(text("&b;")), "no header"),
        ("<worksheet>", "damaged"),
        ("no XML", "damaged"),
        (rows_of(""), "no header could be read"),
    ],
)
def test_a_workbook_that_is_none(tmp_path: Path, sheet: str, message: str) -> None:
    with pytest.raises(UnreadableResponses, match=message):
        graded(tmp_path, workbook_of(sheet))


def test_a_workbook_reads_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    start = f"<!DOCTYPE x [<!ENTITY a SYSTEM 'file://{tmp_path}/secret'>]>"
    rows = rows_of(HEADER, text("&a;") + text("q1") + text("a"), before=start)
    assert said(graded(tmp_path, workbook_of(rows))) == ([], ["no learner is named"])


def test_a_bomb_in_a_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_UNPACKED", 20_000_000)
    sheet = "<worksheet><sheetData>" + f"<row>{HEADER}</row>" * 1_000_000
    with pytest.raises(UnreadableResponses, match="too large when it is unpacked"):
        graded(tmp_path, workbook_of(sheet))


def test_a_workbook_that_is_cut_off(tmp_path: Path) -> None:
    data = as_workbook(ROWS)
    with pytest.raises(UnreadableResponses, match="the workbook is damaged or no workbook"):
        graded(tmp_path, data[: len(data) // 2])


def test_parquet_is_read_in_blocks_with_lists_and_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grading.responses.parquet.BLOCK", 1000)
    count = 5000
    frame = pl.DataFrame({
        "learner": pl.Series(range(count)), "item": ["q5"] * count, "response": [n / 1000 for n in range(count)],
        "attempt": pl.Series([1] * count, dtype=pl.Int8),
    })  # fmt: skip
    frame.write_parquet(tmp_path / "numbers.parquet", row_group_size=700)
    point = NumericKey("1.609", Tolerance("absolute", Fraction(1, 100)))
    results = grade_all(tmp_path / "numbers.parquet", [ItemKey("q5", "r", "Q-5555", (PartKey("answer", point),))])
    assert (results.frame.height, results.problems) == (count, ())
    assert results.frame["line"].to_list() == list(range(1, count + 1))
    assert [row.learner for row in results.rows() if row.grade.score] == [str(n) for n in range(1599, 1620)]
    several = pl.DataFrame({"learner": ["a", "b"], "item": ["q3", "q4"], "response": [["a", "b"], ["b", "a", "c"]]})
    several.write_parquet(tmp_path / "lists.parquet")
    assert [row.grade.score for row in grade_all(tmp_path / "lists.parquet", SHEET).rows()] == [1, 1]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_parquet_that_is_cut_off(tmp_path: Path, share: float) -> None:
    data = as_parquet(ROWS)
    with pytest.raises(UnreadableResponses, match="the Parquet file is damaged or cut off"):
        graded(tmp_path, data[: int(len(data) * share)])


def test_the_reader_is_known_by_the_content(tmp_path: Path) -> None:
    names = {}
    for name, data in {
        "moodle": b"Last name,First name,Question 1,Response 1\n",
        "canvas": b'name,id,"17: What?",1.0\n',
        "open_edx": b"username,title,location,block_key,state,Answer ID,Answer\n",
        "blackboard": "Username\tQuestion 1\tAnswer 1\n".encode("utf-16"),
        "csv_table": b"item;learner;response\n",
    }.items():
        path = tmp_path / "x"
        path.write_bytes(data)
        names[name] = reader_of(path).__name__.rpartition(".")[2]
    assert names == {name: name for name in names}


def test_a_report_of_a_platform_needs_the_quiz(tmp_path: Path) -> None:
    from grading import read_responses

    path = tmp_path / "x"
    path.write_text("Last name,First name,Question 1,Response 1\nA,B,Q-7K3F,A sum\n")
    with pytest.raises(UnreadableResponses, match="with the answer sheet of its quiz only"):
        list(read_responses(path))


def test_a_field_of_many_megabytes_is_skipped_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with path.open("wb") as file:
        file.write(b'Last name,First name,Question 1,Response 1\nA,B,Q-7K3F,A sum\nC,D,Q-7K3F,"')
        for _ in range(100):
            file.write(b"x" * 1_000_000)
        file.write(b'"\nE,F,Q-7K3F,A product\n')
    tracemalloc.start()
    results = grade_all(path, SHEET)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [row.learner for row in results.rows()] == ["B A", "F E"]
    assert [(p.line, p.message) for p in results.problems] == [(3, "the row is longer than 1,000,000 bytes")]
    assert peak < 30_000_000


def test_a_list_that_can_be_taken_apart_in_two_ways_is_not_guessed_at(tmp_path: Path) -> None:
    options = (("a", "one"), ("b", "two"), ("c", "one; two"))
    key = ItemKey(
        "q1", "r", "Q-7K3F", (PartKey("answer", MultipleAnswerKey(("a", "b"), ("a", "b", "c")), options=options),)
    )
    path = tmp_path / "x"
    path.write_text("Last name,Question 1,Response 1\nA,Q-7K3F,one; two\nB,Q-7K3F,two; one\n")
    results = grade_all(path, [key])
    assert [(row.learner, row.grade.score) for row in results.rows()] == [("B", 1)]
    assert "can be taken apart in two ways" in results.problems[0].message
