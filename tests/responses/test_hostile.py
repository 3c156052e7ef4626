"""Whatever a file holds, it is read, or refused in one sentence: never an error, and the counts add up."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grading.answersheet import ItemKey
from grading.bulk import grade_all
from grading.responses import UnreadableResponses
from quizgen.archive import Archive, write_archive
from quizgen.printed import Printed
from tests.exporters import example_items as examples
from tests.responses import moodle_report
from tests.responses.test_canvas import small as canvas_small
from tests.responses.test_files import as_parquet, as_workbook
from tests.responses.test_moodle import small as moodle_small
from tests.responses.test_players import ITEMS, everything_given, in_qti, known, statement, written

FOLDER = TemporaryDirectory()
HERE = Path(FOLDER.name)


@cache
def archive() -> Archive:
    return write_archive(HERE / "quiz", examples.quiz_of(ITEMS), ITEMS)


@cache
def sheet() -> tuple[list[ItemKey], Printed]:
    return list(archive().keys()), Printed(archive())


def survives(data: bytes) -> None:
    """The file is graded or refused; every problem is a sentence with a remedy, and no row is lost."""
    path = HERE / "file"
    path.write_bytes(data)
    keys, printed = sheet()
    try:
        results = grade_all(path, keys, printed=printed)
    except UnreadableResponses as unreadable:
        problems = [unreadable.problem]
    else:
        problems = list(results.problems)
        assert results.read == results.frame.height + len(problems)
        assert all(row.learner and row.item for row in results.rows())
    for problem in problems:
        assert problem.file.startswith(str(path))
        assert problem.message
        assert problem.remedy
        assert len(str(problem)) < 800


def csv_of(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


@cache
def examples_of_files() -> dict[str, bytes]:
    """A good file of each kind."""
    moodle, canvas = moodle_small(HERE / "m")[1], canvas_small(HERE / "c")[1]
    given_ = everything_given(ITEMS, known)[::9]
    statements = [
        statement(learner, generated, generated.key.parts[0].id, generated.key.parts[0].key, response, ours=bool(n % 2))
        for n, (learner, generated, response) in enumerate(given_)
        if len(generated.key.parts) == 1
    ]
    results = written(archive(), everything_given(ITEMS, in_qti)[::9], "qti3")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for n, one in enumerate(results):
            package.writestr(f"{n}.xml", one)
    code = examples.choice().item.code
    edx = [
        ["username", "title", "location", "block_key", "state", "Answer ID", "Question", "Answer", "Correct Answer"],
        [
            "ana",
            f"{code} A title",
            "x",
            "block",
            '{"score": {"raw_earned": 1, "raw_possible": 2}}',
            "a_2_1",
            "?",
            "key",
            "k",
        ],
    ]
    board = [
        ["Username", "Question 1", "Answer 1", "Possible Points 1", "Auto Score 1"],
        ["ana", code, "key", "2", "1"],
    ]
    return {
        "moodle": csv_of(moodle),
        "moodle-json": moodle_report.as_json(moodle),
        "moodle-xlsx": as_workbook(moodle),
        "canvas": csv_of(canvas),
        "open-edx": csv_of(edx),
        "blackboard": csv_of(board).decode().encode("utf-16"),
        "wide": csv_of([["learner", code, "Q-0001"], ["ana", "key", "x"], ["ben", "", "y"]]),
        "scorm": csv_of(
            [["Learner Id", "Interaction Id", "Response"], ["a", f"{examples.choice().item.id}__r__answer", "key"]]
        ),
        "parquet": as_parquet([["learner", "item", "response"], ["ana", code, "key"], ["ben", "q", "x"]]),
        "xapi": json.dumps(statements).encode(),
        "xapi-lines": "\n".join(map(json.dumps, statements)).encode(),
        "qti": f"<results>{''.join(results)}</results>".encode(),
        "qti-zip": packed.getvalue(),
        "gzip": gzip.compress(csv_of(moodle)),
    }


KINDS = ("moodle", "moodle-json", "moodle-xlsx", "canvas", "open-edx", "blackboard", "wide", "scorm", "parquet", "xapi",
         "xapi-lines", "qti", "qti-zip", "gzip")  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_the_good_file_has_responses(kind: str) -> None:
    path = HERE / "file"
    path.write_bytes(examples_of_files()[kind])
    keys, printed = sheet()
    assert grade_all(path, keys, printed=printed).frame.height >= 1


PIECES = [
    b"\0", b'"', b",", b";", b"\n", b"\r", b"<", b"&", b"]", b"{", b"\xff", b"\xc3", b"part 1: ", b" -> ", b"; ",
    b"\\,", b"=>", b"...", b"1e999", b"Q-", b"__", b"&a;", b"-", "𝟙".encode(), b"null", b"NaN",
]  # fmt: skip
changes = st.lists(
    st.tuples(
        st.sampled_from(["cut", "flip", "insert", "delete", "repeat", "swap"]),
        st.floats(0, 1),
        st.floats(0, 1),
        st.sampled_from(PIECES),
    ),
    min_size=1,
    max_size=4,
)  # fmt: skip


def changed(data: bytes, how: list[tuple[str, float, float, bytes]]) -> bytes:
    for what, one, two, piece in how:
        a, b = sorted((int(one * len(data)), int(two * len(data))))
        match what:
            case "cut":
                data = data[:b]
            case "flip":
                data = data[:a] + bytes([data[a] ^ (1 + int(two * 254))]) + data[a + 1 :] if a < len(data) else data
            case "insert":
                data = data[:a] + piece + data[a:]
            case "delete":
                data = data[:a] + data[min(b, a + 40) :]
            case "repeat":
                data = data[:b] + data[a : min(b, a + 300)] * 3 + data[b:]
            case "swap":
                data = data[b:] + data[:b]
    return data


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files(kind: str) -> None:
    good = examples_of_files()[kind]

    @given(changes)
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def survives_changes(how: list[tuple[str, float, float, bytes]]) -> None:
        survives(changed(good, how))

    survives_changes()


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_anything(data: bytes) -> None:
    survives(data)
    survives(gzip.compress(data))
    for start in (b"PK\x03\x04", b"PAR1", b"[{", b"<assessmentResult>", b'{"actor":{},"verb":', b"\xff\xfe"):
        survives(start + data)


FIELDS = [
    "id", "item", "part", "actor", "verb", "object", "result", "response", "score", "raw", "max", "account", "name",
    "mbox", "definition", "extensions", "urn:x-quizgen:item", "urn:x-quizgen:response", "context", "registration",
    "timestamp", "lastname", "question1", "response1",
]  # fmt: skip
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(FIELDS), inner, max_size=6),
    max_leaves=25,
)  # fmt: skip


@given(json_values)
@settings(max_examples=150, deadline=None)
def test_json_of_any_shape(value: Any) -> None:
    answered = {"id": "http://adlnet.gov/expapi/verbs/answered"}
    made = [
        {
            "actor": {"name": "ana"},
            "verb": answered,
            "object": value if isinstance(value, dict) else {"id": value},
            "result": value,
        }
    ]
    for content in (
        made,
        {"statements": value, "actor": 1, "verb": 2},
        [value],
        [[value]],
        [{"lastname": "a", "question1": value, "response1": value}],
    ):
        survives(json.dumps(content).encode())


headings = st.sampled_from([
    "Last name", "First name", "Nachname", "Question 1", "Response 1", "Antwort 1", "Frage 1", "17: What?", "1.0",
    "score", "learner", "item", "response", "attempt", "username", "title", "state", "Answer ID", "Answer", "Answer 1",
    "", "EarnedPoints", "Interaction Id", "Q-0838", "Grade/10,00", "Completed", "Status",
])  # fmt: skip
contents = st.text(max_size=30) | st.sampled_from([
    "", "-", "ana", "Q-0838", "x Q-0838 y", "key", "1.5", "part 1: 2; part 2: [MASK]; part 3: early", "a -> b; c -> d",
    "position 2; position 4", "=>", "a=>1.,b=>1.", "\\,", "1", "2", "0", '{"a": 1}', "[", "x" * 3000, "; " * 300,
    "a_2_1", "notation-0001__r__answer", "fill-in-0001__r__word__2", "Q-0564",
])  # fmt: skip


@given(st.lists(headings, min_size=1, max_size=9), st.lists(st.lists(contents, max_size=9), max_size=6))
@settings(max_examples=400, deadline=None)
def test_tables_of_any_shape(header: list[str], rows: list[list[str]]) -> None:
    survives(csv_of([header, *rows]))


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"[" * 1_000_000,
        lambda: b'[{"a":' * 100_000,
        lambda: b"<results>" + b"<a>" * 100_000,
        lambda: b"<assessmentResult>" + b"<itemResult>" * 1000,
        lambda: b"Last name,Question 1,Response 1\n" + b"a,Q-0838," + b"; " * 400_000 + b"\n",
        lambda: b"Last name,Question 1,Response 1\n" + b"a,Q-05EC," + b"part 1: " * 100_000 + b"\n",
        lambda: b'name,id,"1: Q-0838",1.0\n' + b"a,1," + b"=>," * 100_000 + b"\n",
        lambda: b",".join(b"Response %d" % n for n in range(20_000)) + b",Last name\n" + b"x," * 20_000,
    ],
    ids=["brackets", "objects", "elements", "unclosed", "separators", "parts", "arrows", "columns"],
)
def test_much_of_the_same(make: Callable[[], bytes]) -> None:
    survives(make())
