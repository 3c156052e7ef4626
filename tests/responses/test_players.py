"""Results of players: QTI, xAPI and SCORM. They name options by ids; every canonical response comes back."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from grading.bulk import Results
from grading.keys import MatchingKey, NumericTupleKey
from grading.marking import canonical_responses, grade_item
from grading.responses.identifiers import identifiers, interaction_fields
from quizgen.archive import Archive, write_archive
from quizgen.exporters import qti3, qti21
from quizgen.exporters.contract import Options
from quizgen.exporters.qti import names
from quizgen.marks import grade_archive
from quizgen.model import GeneratedItem
from tests.exporters import example_items as examples
from tests.exporters.whole_bank import whole_bank

ITEMS = examples.everything()
Given = tuple[str, GeneratedItem, Any]
"""Who, and what was answered."""


def everything_given(items: tuple[GeneratedItem, ...], fits: Callable[[Any, Any], bool]) -> list[Given]:
    """Every canonical response that `fits` says a player can be given, each by a learner of its own."""
    found: list[Given] = []
    for generated in items:
        parts = generated.key.parts
        for expected in canonical_responses(generated.key):
            response = expected.response
            by_part = (
                [response]
                if len(parts) == 1
                else [response.get(part.id) for part in parts]
                if isinstance(response, dict)
                else None
            )
            if by_part is not None and all(fits(part.key, value) for part, value in zip(parts, by_part, strict=True)):
                found.append((f"learner{len(found)}", generated, response))
    return found


def agrees(results: Results, given: list[Given]) -> None:
    """Each response is graded as if it had come to us directly."""
    assert [str(problem) for problem in results.problems] == []
    graded = {row.learner: row for row in results.rows()}
    assert set(graded) == {learner for learner, _, _ in given}
    for learner, generated, response in given:
        row, ours = graded[learner], grade_item(generated.key, response)
        assert (row.item, row.grade.verdict, row.grade.score) == (generated.item.id, ours.verdict, ours.score), response


def known(key: Any, value: Any) -> bool:
    """Whether a player lets a learner choose this: only what there is can be chosen."""
    if value is None:
        return True
    match value:
        case str():
            ids = (
                {key.correct, *(rival.value for rival in key.rivals)}
                if hasattr(key, "correct") and isinstance(key.correct, str)
                else None
            )
            listed = hasattr(key, "options") or hasattr(key, "order") or isinstance(key, MatchingKey | NumericTupleKey)
            return not listed and (ids is None or value in ids)
        case list():
            there = getattr(key, "options", None) or getattr(key, "order", None)
            return there is not None and set(value) <= set(there) and len(set(value)) == len(value)
        case dict():
            if isinstance(key, MatchingKey):
                return set(value) <= {left for left, _ in key.pairs} and set(value.values()) <= set(key.choices)
            return isinstance(key, NumericTupleKey) and set(value) <= set(key.names)
    return False


# --- QTI


def declared(
    archive: Archive, format_: Any, references: bool = False
) -> dict[str, tuple[str, dict[str, tuple[str, str]]]]:
    """For each item the identifier of its file, and its responses with cardinality and type, read from the package.

    references: that of the reference to it, which stands in the file of the test.
    """
    data = b"".join(chunk for _, chunk in format_.write(archive, Options()))
    found, called = {}, dict[str, str]()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            root = etree.fromstring(package.read(name))
            for node in root.iter("{*}assessmentItemRef", "{*}qti-assessment-item-ref"):
                called[node.get("href")] = node.get("identifier")
            if etree.QName(root).localname not in ("assessmentItem", "qti-assessment-item"):
                continue
            code = root.get("label")
            responses = {}
            for node in root.iterchildren():
                if etree.QName(node).localname in ("responseDeclaration", "qti-response-declaration"):
                    responses[node.get("identifier")] = (
                        node.get("cardinality"),
                        node.get("baseType") or node.get("base-type"),
                    )
            found[code] = called[name] if references else root.get("identifier"), responses
    return found


def result(learner: str, item: tuple[str, dict[str, tuple[str, str]]], values: dict[str, Any], space: str) -> str:
    """An ``assessmentResult`` of one item."""
    identifier_, responses = item
    variables = ""
    for name, (cardinality, base) in responses.items():
        value = values.get(name)
        if isinstance(value, dict):
            value = [f"left-{left} right-{right}" for left, right in value.items()]
        texts = [] if value is None else value if isinstance(value, list) else [value]
        inner = "".join(f"<value>{escape(text)}</value>" for text in texts)
        variables += (
            f'<responseVariable identifier="{name}" cardinality="{cardinality}" baseType="{base}">'
            f"<candidateResponse>{inner}</candidateResponse></responseVariable>"
        )
    return (
        f'<assessmentResult xmlns="{space}"><context sourcedId="{learner}"/>'
        f'<itemResult identifier="{escape(identifier_)}" datestamp="2026-03-01T10:05:00" sessionStatus="final">'
        '<responseVariable identifier="numAttempts" cardinality="single" baseType="integer"><candidateResponse>'
        f"<value>1</value></candidateResponse></responseVariable>{variables}"
        '<outcomeVariable identifier="SCORE" cardinality="single"><value>0.5</value></outcomeVariable>'
        '<outcomeVariable identifier="MAXSCORE" cardinality="single"><value>2</value></outcomeVariable>'
        "</itemResult></assessmentResult>"
    )


SPACES = {
    "qti21": "http://www.imsglobal.org/xsd/imsqti_result_v2p1",
    "qti3": "http://www.imsglobal.org/xsd/imsqti_result_v3p0",
}


def in_qti(key: Any, value: Any) -> bool:
    return known(key, value) and not isinstance(key, NumericTupleKey)


def written(archive: Archive, given_: list[Given], version: str, references: bool = False) -> list[str]:
    """references: the items are called as the test calls them."""
    items = declared(archive, {"qti21": qti21, "qti3": qti3}[version], references)
    found = []
    for learner, generated, response in given_:
        parts = generated.key.parts
        by_part = (
            {"RESPONSE": response}
            if len(parts) == 1
            else {f"RESPONSE_{part}": value for part, value in response.items()}
        )
        found.append(result(learner, items[generated.item.code], by_part, SPACES[version]))
    return found


@pytest.mark.parametrize("version", list(SPACES))
@pytest.mark.parametrize("packed", [False, True], ids=["one-file", "zip"])
def test_results_of_qti(tmp_path: Path, version: str, packed: bool) -> None:
    archive = write_archive(tmp_path / "quiz", examples.quiz_of(ITEMS), ITEMS)
    given_ = everything_given(ITEMS, in_qti)
    results = written(archive, given_, version)
    path = tmp_path / "results"
    if packed:
        with zipfile.ZipFile(path, "w") as package:
            for n, one in enumerate(results):
                package.writestr(f"r{n:04}.xml", one)
    else:
        path.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n<results>{"".join(results)}</results>')
    found = grade_archive(path, archive)
    agrees(found, given_)
    assert len(given_) > 90
    assert {(float(m.points), float(m.of or 0)) for m in found.given.values()} == {(0.5, 2.0)}


def test_results_of_qti_for_the_whole_bank(tmp_path: Path) -> None:
    assembly = whole_bank(1)
    items = tuple(assembly.items())
    archive = write_archive(tmp_path / "bank", assembly.quiz, items)
    given_ = everything_given(items, in_qti)
    path = tmp_path / "results.xml"
    path.write_text(f"<results>{''.join(written(archive, given_, 'qti3'))}</results>")
    agrees(grade_archive(path, archive), given_)
    assert len(given_) > 400


def test_results_that_are_cut_off_or_name_nobody(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "quiz", examples.quiz_of(ITEMS), ITEMS)
    one, two, three = written(archive, everything_given(ITEMS, in_qti)[:3], "qti3")
    path = tmp_path / "results.xml"
    path.write_text(f"<results>{one}{two.replace('learner1', '')}{three[:300]}")
    results = grade_archive(path, archive)
    assert [row.learner for row in results.rows()] == ["learner0"]
    assert [problem.message for problem in results.problems] == [
        "no learner is named", "the file ends in the middle of a result",
    ]  # fmt: skip


@given(st.text(min_size=1, max_size=200))
def test_identifiers_are_those_of_the_export(text: str) -> None:
    for before in ("", "_", "left-"):
        written_ = {names.identifier(text, before, periods).removeprefix(before) for periods in (False, True)}
        assert set(identifiers(text, before)) == written_


def test_results_name_the_references_of_the_test(tmp_path: Path) -> None:
    """In the results of a test an item is called as the test calls it, and a part may have a number for a name."""
    parts = numbered(examples.parts())
    choice = examples.choice()
    choice = GeneratedItem(
        msgspec.structs.replace(choice.item, id="nlp/loss 1"), msgspec.structs.replace(choice.key, item="nlp/loss 1")
    )
    archive = write_archive(tmp_path / "quiz", examples.quiz_of((choice, parts)), (choice, parts))
    given_ = everything_given((choice, parts), in_qti)
    for version in SPACES:
        agrees(grade_results(tmp_path, archive, written(archive, given_, version, references=True)), given_)


def numbered(generated: GeneratedItem) -> GeneratedItem:
    """The item with numbers as the names of its parts."""

    def named(parts: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(msgspec.structs.replace(part, id=str(number)) for number, part in enumerate(parts, 1))

    item, key = generated.item, generated.key
    return GeneratedItem(
        msgspec.structs.replace(item, parts=named(item.parts)), msgspec.structs.replace(key, parts=named(key.parts))
    )


def grade_results(folder: Path, archive: Archive, results: list[str]) -> Results:
    path = folder / "results.xml"
    path.write_text(f"<results>{''.join(results)}</results>")
    return grade_archive(path, archive)


# --- xAPI and SCORM


def slug(text: str) -> str:
    """What the packages make of an id: every other sign becomes ``_`` and two digits for each byte."""
    return "".join(
        chr(byte) if chr(byte).isascii() and (chr(byte).isalnum() or byte == 45) else f"_{byte:02x}"
        for byte in text.encode()
    )


def reported(key: Any, value: Any, comma: str, dot: str) -> str:
    """An answer as the text of an interaction."""
    match value:
        case None:
            return ""
        case list():
            return comma.join(map(slug, value))
        case dict() if isinstance(key, MatchingKey):
            return comma.join(slug(left) + dot + slug(right) for left, right in value.items())
        case dict():
            return json.dumps(value)
    if hasattr(key, "correct"):
        return slug(value)
    return json.dumps(value) if value[:1] in '"{' or value != value.strip() or "\n" in value else value


def answers_of(generated: GeneratedItem, response: Any) -> list[tuple[str, Any, Any]]:
    """(part, key, answer) of each part that is not blank."""
    parts = generated.key.parts
    by_part = {parts[0].id: response} if len(parts) == 1 else response
    return [(part.id, part.key, by_part.get(part.id)) for part in parts]


def statement(learner: str, generated: GeneratedItem, part: str, key: Any, value: Any, ours: bool) -> dict[str, Any]:
    item = generated.item
    name = f"{slug(item.id)}__{slug(item.revision)}__{slug(part)}"
    made: dict[str, Any] = {
        "actor": {"objectType": "Agent", "account": {"homePage": "https://lms", "name": learner}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/answered"},
        "object": {
            "id": f"urn:x-quizgen:demo/{name}",
            "definition": {"type": "http://adlnet.gov/expapi/activities/cmi.interaction"},
        },
        "result": {
            "response": reported(key, value, "[,]", "[.]"),
            "score": {"scaled": 0.5, "raw": 1, "min": 0, "max": 2},
        },
        "context": {"registration": "r1"},
        "timestamp": "2026-03-01T10:05:00.000Z",
    }
    if ours:
        about = {"item": item.id, "revision": item.revision, "code": item.code, "part": part, "quiz": "demo"}
        made["object"]["definition"]["extensions"] = {"urn:x-quizgen:item": about}
        if value is not None:
            made["result"]["extensions"] = {"urn:x-quizgen:response": value}
    return made


OTHER = {
    "actor": {"mbox": "mailto:a@b"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/initialized"},
    "object": {"id": "x"},
}


@pytest.mark.parametrize("shape", ["list", "query", "lines"])
@pytest.mark.parametrize("ours", [True, False], ids=["with-extensions", "bare"])
def test_statements_of_xapi(tmp_path: Path, shape: str, ours: bool) -> None:
    archive = write_archive(tmp_path / "quiz", examples.quiz_of(ITEMS), ITEMS)
    given_ = everything_given(ITEMS, known)
    made = [OTHER]
    for learner, generated, response in given_:
        for part, key, value in answers_of(generated, response):
            made.append(statement(learner, generated, part, key, value, ours))
    text = {
        "list": lambda: json.dumps(made),
        "query": lambda: json.dumps({"statements": made, "more": ""}, indent=1),
        "lines": lambda: "\n".join(map(json.dumps, made)),
    }[shape]()
    path = tmp_path / "statements"
    path.write_text(text)
    agrees(grade_archive(path, archive), given_)
    assert len(given_) > 100


@pytest.mark.parametrize(("address", "printed", "found"), [
    ("https://lms.example/xapi/activities/{id}", "", True),
    ("https://lms.example/xapi/activities/{quoted}?attempt=2", "", False),
    ("https://lms.example/xapi/question?id={quoted}", "", True),
    ("https://lms.example/course#{id}", "", True),
    ("urn:uuid:1234", "Which is the objective? (Question {code})", True),
    ("urn:uuid:1234", "Which is the objective?", False),
    ("https://lms.example/{id}0", "", False),
    ("{id}", "", True),
])  # fmt: skip
def test_activities_of_another_sender(tmp_path: Path, address: str, printed: str, found: bool) -> None:
    """The id of the activity ends in that of the item, or what is printed of it holds its code."""
    item = examples.choice()
    archive = write_archive(tmp_path / "quiz", examples.quiz_of((item,)), (item,))
    names = {"id": item.item.id, "quoted": quote(item.item.id, safe=""), "code": item.item.code}
    one = statement("ana", item, "answer", item.key.parts[0].key, "key", ours=False)
    one["object"] = {"id": address.format(**names), "definition": {"description": {"en": printed.format(**names)}}}
    path = tmp_path / "statements.json"
    path.write_text(json.dumps([one]))
    results = grade_archive(path, archive)
    assert [row.grade.score for row in results.rows()] == [1] * found
    assert len(results.problems) == (not found)


@pytest.mark.parametrize(
    ("values", "score"), [((None, "key"), 1), (("key", None), 0), (("key", None, "flip-sign"), 0.5)]
)
def test_an_answer_that_is_blank_at_times_is_one_answer(tmp_path: Path, values: tuple[Any, ...], score: float) -> None:
    """As our page sends it: a blank has no canonical response."""
    archive = write_archive(tmp_path / "quiz", examples.quiz_of(ITEMS), ITEMS)
    item = examples.choice()
    made = [statement("ana", item, "answer", item.key.parts[0].key, value or "", ours=True) for value in values]
    for minute, (one, value) in enumerate(zip(made, values, strict=True)):
        one["timestamp"] = f"2026-03-01T10:0{minute}:00Z"
        if value is None:
            del one["result"]["extensions"]
    path = tmp_path / "statements.json"
    path.write_text(json.dumps(made[::-1]))
    results = grade_archive(path, archive)
    assert ([row.grade.score for row in results.rows()], results.problems) == ([score], ())


def test_of_several_answers_the_last_counts_and_registrations_are_attempts(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "quiz", examples.quiz_of(ITEMS), ITEMS)
    item = examples.choice()
    made = []
    for moment, registration, value in [
        ("10:07", "r1", "key"),
        ("10:05", "r1", "flip-sign"),
        ("11:00", "r2", "flip-sign"),
    ]:
        one = statement("ana", item, "answer", item.key.parts[0].key, value, ours=True)
        made.append({**one, "timestamp": f"2026-03-01T{moment}:00Z", "context": {"registration": registration}})
    path = tmp_path / "statements.json"
    path.write_text(json.dumps(made))
    results = grade_archive(path, archive)
    expected = [grade_item(item.key, value) for value in ("key", "flip-sign")]
    assert [(row.attempt, row.grade) for row in results.rows()] == list(enumerate(expected, 1))


@pytest.mark.parametrize(("comma", "dot", "most"), [(",", ".", 255), ("[,]", "[.]", 4000)], ids=["1.2", "2004"])
def test_interactions_of_scorm(tmp_path: Path, comma: str, dot: str, most: int) -> None:
    archive = write_archive(tmp_path / "quiz", examples.quiz_of(ITEMS), ITEMS)
    given_ = everything_given(ITEMS, known)
    lines = ["Learner Id\tInteraction Id\tLearner Response\tResult\tWeighting\tAttempt"]
    for learner, generated, response in given_:
        for part, key, value in answers_of(generated, response):
            name = f"{slug(generated.item.id)}__{slug(generated.item.revision)}__{slug(part)}"
            text = reported(key, value, comma, dot)
            pieces = [text[at : at + most] for at in range(0, len(text), most)] or [""]
            for number, piece in enumerate(pieces, 1):
                cells = [
                    learner,
                    name if number == 1 else f"{name}__{number}",
                    '"' + piece.replace('"', '""') + '"',
                    "correct",
                    "2",
                    "1",
                ]
                lines.append("\t".join(cells))
    path = tmp_path / "interactions.tsv"
    path.write_text("\n".join(lines))
    results = grade_archive(path, archive)
    agrees(results, given_)
    assert max(float(mark.points) for mark in results.given.values()) >= 2


def test_a_long_answer_of_scorm_in_pieces(tmp_path: Path) -> None:
    item = examples.essay()
    archive = write_archive(tmp_path / "quiz", examples.quiz_of((item,)), (item,))
    essay = " ".join(f"word{n}" for n in range(200))
    name = f"{slug(item.item.id)}__{slug(item.item.revision)}__answer"
    pieces = [essay[at : at + 255] for at in range(0, len(essay), 255)]
    rows = ["Learner Id,Interaction Id,Learner Response"]
    rows += [f"ana,{name}{'' if n == 1 else f'__{n}'},{piece}" for n, piece in enumerate(pieces, 1)]
    path = tmp_path / "x.csv"
    path.write_text("\n".join(rows))
    from grading.responses import Matcher, read_responses

    (row,) = read_responses(path, matcher=Matcher(archive.keys()))
    assert row.response == essay


def test_names_of_interactions_of_moodle_s_own_report_on_scorm(tmp_path: Path) -> None:
    item = examples.multiple_answer()
    archive = write_archive(tmp_path / "quiz", examples.quiz_of((item,)), (item,))
    name = f"{slug(item.item.id)}__{slug(item.item.revision)}__answer"
    path = tmp_path / "x.csv"
    path.write_text(f'Last name,First name,Question 0,Response 0\nB,A,{name},"position-2,position-4,position-5"\n')
    results = grade_archive(path, archive)
    assert [row.grade.score for row in results.rows()] == [1]


@given(st.text(min_size=1), st.text(min_size=1))
def test_the_names_of_interactions_are_read_back(item: str, part: str) -> None:
    assert interaction_fields(f"urn:x/{slug(item)}__r__{slug(part)}") == [item, "r", part]
