"""Packages of QTI: whole, well-formed, every variable declared, a pool for each slot, the same bytes twice."""

from __future__ import annotations

import io
import zipfile
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lxml import etree

from grading.keys import ChoiceKey, Digits, MultipleAnswerKey, NumericKey, TextKey, Tolerance
from quizgen.archive import write_archive
from quizgen.content import Emphasis, Gap, Strong, Text
from quizgen.exporters import qti3, qti21
from quizgen.exporters.contract import Level, Options
from quizgen.exporters.planning import plan
from quizgen.exporters.qti.fidelity import fidelity
from quizgen.exporters.qti.names import QTI3, identifier
from quizgen.importing.qti_tree import attribute, descendants, name_of, value_of
from quizgen.model import (
    KINDS,
    ChoiceInteraction,
    GeneratedItem,
    MultipleAnswerInteraction,
    NumericInteraction,
    Part,
    Purpose,
    Section,
    TextInteraction,
)
from tests.exporters import example_items as examples
from tests.exporters.qti_players import xml_of

FORMATS = [qti3.FORMAT, qti21.FORMAT]
BUILT_IN = {"numAttempts"}

formats = pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.id)


def package(folder: Path, format_: Any, *items: GeneratedItem, quiz: Any = None, code: bool = True) -> dict[str, bytes]:
    archive = write_archive(folder / "quiz", quiz or examples.quiz_of(items), items)
    chunks = list(format_.write(archive, Options(code_in_stem=code)))
    assert {path for path, _ in chunks} == {"quiz.zip"}
    with zipfile.ZipFile(io.BytesIO(b"".join(chunk for _, chunk in chunks))) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def parsed(files: dict[str, bytes]) -> dict[str, Any]:
    return {name: etree.fromstring(data) for name, data in files.items()}


def complaints(item: Any) -> list[str]:
    """What is wrong with an item: variables that nobody declared, identifiers that are there twice."""
    declared = [
        attribute(found, "identifier")
        for name in ("responseDeclaration", "outcomeDeclaration")
        for found in descendants(item, name)
    ]
    used = {
        attribute(found, name)
        for found in item.iterdescendants()
        if isinstance(found.tag, str)
        for name in ("responseIdentifier", "outcomeIdentifier")
        if attribute(found, name)
    }
    for name in ("variable", "setOutcomeValue", "mapResponse", "correct"):
        used |= {attribute(found, "identifier") for found in descendants(item, name)}
    used |= {n for found in descendants(item, "index") if not (n := attribute(found, "n")).isdigit()}
    found = [f"{name} is not declared" for name in sorted(used - set(declared) - BUILT_IN)]
    found += [f"{name} is declared twice" for name in set(declared) if declared.count(name) > 1]
    for field in item.iterdescendants():
        if name_of(field).endswith("Interaction"):
            names = [inner.get("identifier") for inner in field.iterdescendants() if name_of(inner).endswith("Choice")]
            found += [f"{name} is there twice" for name in {*names} if names.count(name) > 1]
    shown = {name for name in declared if name.startswith(("FEEDBACK", "HINT", "SOLUTION", "MISSED"))}
    return found + [f"{name} shows nothing" for name in sorted(shown - used)]


@formats
def test_a_whole_package(tmp_path: Path, format_: Any) -> None:
    files = parsed(package(tmp_path, format_, *examples.everything()))
    manifest, test = files.pop("imsmanifest.xml"), files.pop("assessment.xml")
    resources = {found.get("identifier"): found for found in manifest.iter("{*}resource")}
    assert {found.get("href") for found in resources.values()} == {"assessment.xml", *files}
    assert {found.get("href") for found in manifest.iter("{*}file")} == {"assessment.xml", *files}
    assert {found.get("identifierref") for found in manifest.iter("{*}dependency")} == set(resources) - {"test"}
    asked = [found.get("href", "") for found in descendants(test, "assessmentItemRef")]
    assert asked == [f"items/{made.item.id}.xml" for made in examples.everything()]
    assert sorted(asked) == list(files)
    for generated in examples.everything():
        item = files[f"items/{generated.item.id}.xml"]
        assert complaints(item) == []
        assert item.get("identifier") == identifier(generated.item.id)
        assert item.get("title") == f"{generated.item.code} {generated.item.title}"
        assert generated.item.revision in attribute(item, "toolVersion")
    assert {g.item.kind for g in examples.everything()} == set(KINDS)


@formats
def test_a_section_a_slot_shows_one_of_its_pool(tmp_path: Path, format_: Any) -> None:
    first = examples.choice()
    second = GeneratedItem(
        msgspec.structs.replace(first.item, id="two/zwei", code="Q-TWO"),
        msgspec.structs.replace(first.key, item="two/zwei", code="Q-TWO"),
    )
    third = examples.numeric()
    quiz = examples.quiz_of((first, third))
    slots = (
        msgspec.structs.replace(quiz.slots[0], pool=(first.item.id, "two/zwei"), points=F(3), section="Warm up"),
        msgspec.structs.replace(quiz.slots[1], section="Sums"),
    )
    quiz = msgspec.structs.replace(quiz, slots=slots, sections=(Section("Warm up", "Take <your> time."),))
    files = parsed(package(tmp_path, format_, first, second, third, quiz=quiz))
    test = files["assessment.xml"]
    outer = [section for section in descendants(test, "assessmentSection") if attribute(section, "visible") == "true"]
    assert [section.get("title") for section in outer] == ["Warm up", "Sums"]
    assert "Take <your> time." in value_of(outer[0])
    inner = list(descendants(outer[0], "assessmentSection"))
    assert [found.get("select") for found in descendants(inner[0], "selection")] == ["1"]
    hrefs = [found.get("href") for found in descendants(inner[0], "assessmentItemRef")]
    assert len(hrefs) == 2
    assert set(hrefs) < set(files)
    most = [
        value_of(found)
        for found in descendants(files[hrefs[1]], "outcomeDeclaration")
        if found.get("identifier") == "MAXSCORE"
    ]
    assert most == ["3"]


@formats
@pytest.mark.parametrize("text", examples.AWKWARD, ids=lambda text: text[:12].encode("unicode_escape").decode())
def test_awkward_text(tmp_path: Path, format_: Any, text: str) -> None:
    items = examples.awkward_items(text)
    once = package(tmp_path, format_, *items)
    for name, item in parsed(once).items():
        assert complaints(item) == [], name
    plain = " ".join("".join(character for character in text if character >= " " or character == "\n").split())
    for generated in items:
        item = parsed(once)[f"items/{identifier(generated.item.id)}.xml"]
        assert plain in " ".join("".join(item.itertext()).split()), generated.item.id
    assert once == package(tmp_path / "again", format_, *items)


@formats
def test_the_same_bytes_twice(tmp_path: Path, format_: Any) -> None:
    archive = write_archive(tmp_path / "quiz", examples.quiz_of(examples.everything()), examples.everything())
    once, twice = (b"".join(chunk for _, chunk in format_.write(archive, Options())) for _ in range(2))
    assert once == twice


@formats
@pytest.mark.parametrize("purpose", ["practice", "exam"])
def test_in_an_exam_nothing_is_said_about_answers(tmp_path: Path, format_: Any, purpose: Purpose) -> None:
    items = examples.everything()
    files = package(tmp_path, format_, *items, quiz=examples.quiz_of(items, purpose))
    said = [name for name, data in files.items() if name.startswith("items/") and b"eedback" in data]
    assert (said == []) is (purpose == "exam")
    controls = list(descendants(etree.fromstring(files["assessment.xml"]), "itemSessionControl"))
    assert [attribute(found, "showFeedback") for found in controls] == ["true" if purpose == "practice" else "false"]


@formats
@pytest.mark.parametrize(("minutes", "seconds"), [(0, []), (90, ["5400"])])
def test_the_time_of_the_quiz_is_the_limit_of_the_test(
    tmp_path: Path, format_: Any, minutes: int, seconds: list[str]
) -> None:
    quiz = msgspec.structs.replace(examples.quiz_of((examples.choice(),)), minutes=minutes)
    test = etree.fromstring(package(tmp_path, format_, examples.choice(), quiz=quiz)["assessment.xml"])
    limits = list(descendants(test, "timeLimits"))
    assert [attribute(found, "maxTime") for found in limits] == seconds
    assert all(found.getnext() is next(descendants(test, "testPart")) for found in limits)


def test_the_converter_reads_the_package(tmp_path: Path, missing: Any) -> None:
    try:
        from qti_convert import upgrade_package_files
    except ImportError:
        missing("The converter of QTI", "pip install citolab-qti-convert")
    files = package(tmp_path, qti21.FORMAT, *examples.everything())
    upgraded = upgrade_package_files(files).files
    assert set(upgraded) == set(files)
    texts = {name: text if isinstance(text, bytes) else text.encode() for name, text in upgraded.items()}
    ours = parsed(package(tmp_path / "3", qti3.FORMAT, *examples.everything()))
    for name, root in parsed(texts).items():
        assert root.tag == ours[name].tag
        assert complaints(root) == []


@formats
def test_the_code_is_printed_or_not(tmp_path: Path, format_: Any) -> None:
    generated = examples.essay()
    for code in (True, False):
        files = package(tmp_path / str(code), format_, generated, code=code)
        assert (f"<p><small>{generated.item.code}</small></p>".encode() in files["items/explain-0001.xml"]) is code


def test_a_rubric_is_for_those_who_mark() -> None:
    item = etree.fromstring(xml_of(examples.essay()).encode())
    (rubric,) = descendants(item, "rubricBlock")
    assert (rubric.get("view"), "2 points: explains why" in value_of(rubric)) == ("scorer", True)
    assert {attribute(found, "externalScored") for found in descendants(item, "outcomeDeclaration")} == {"human", ""}


@pytest.mark.parametrize(
    ("generated", "level", "codes"),
    [
        (examples.choice(), Level.EXACT, []),
        (examples.numeric(), Level.EXACT, ["numeric:reading"]),
        (examples.symbolic(), Level.DEGRADED, ["symbolic:marked-on-return"]),
        (examples.essay(), Level.EXACT, ["essay:marked-by-hand"]),
        (
            examples.parts(with_essay=True),
            Level.EXACT,
            ["numeric:reading", "essay:marked-by-hand", "parts:marked-by-hand"],
        ),
        (examples.matching(), Level.EXACT, ["matching:feedback-in-solution"]),
        (
            examples.single("n", "numeric", (), NumericInteraction(), NumericKey("1/3", Tolerance())),
            Level.DEGRADED,
            ["numeric:reading", "numeric:no-decimal"],
        ),
        (
            examples.single("n", "numeric", (), NumericInteraction(), NumericKey("2", digits=Digits("decimals", 2))),
            Level.DEGRADED,
            ["numeric:reading", "numeric:digits"],
        ),
        (
            examples.single("t", "short-answer", (), TextInteraction(), TextKey(("\x07",))),
            Level.NONE,
            ["short-answer:reading", "short-answer:no-text"],
        ),
        (
            examples.single(
                "m",
                "multiple-answer",
                (),
                MultipleAnswerInteraction((examples.option("a", "A"), examples.option("b", "B"))),
                MultipleAnswerKey((), ("a", "b")),
            ),
            Level.DEGRADED,
            ["multiple-answer:none-right"],
        ),
    ],
    ids=lambda value: value.item.id if isinstance(value, GeneratedItem) else "",
)
def test_what_is_lost(generated: GeneratedItem, level: Level, codes: list[str]) -> None:
    found = fidelity(generated.item, generated.key)
    assert (found.level, [caveat.code for caveat in found.caveats]) == (level, codes)


@formats
def test_without_keys_it_is_refused(tmp_path: Path, format_: Any) -> None:
    archive = write_archive(tmp_path / "quiz", examples.quiz_of((examples.choice(),)), (examples.choice(),))
    (archive.folder / "keys.jsonl").unlink()
    from quizgen.archive import read_archive

    assert plan(read_archive(archive.folder), format_).refusals


def test_identifiers_stay_different() -> None:
    ids = ["a b", "a/b", "a-b", "1", "_1", "ä", "x" * 300, "x" * 301, "Q:1", "a.b"]
    found = [identifier(id_) for id_ in ids]
    assert len(set(found)) == len(ids)
    assert all(name.isascii() and len(name) <= 120 and (name[0].isalpha() or name[0] == "_") for name in found)
    assert not any("." in name for name in found), "OpenOLAT takes no periods"
    assert QTI3.element("a", "", b_=1) == '<qti-a b="1"/>'


def test_entries_of_a_drop_down_that_are_apart_by_emphasis_only_are_named() -> None:
    options = (examples.option("a", Strong((Text("mask"),))), examples.option("b", Emphasis((Text("mask"),))))
    part = (Part("g", ChoiceInteraction(options)), ChoiceKey("a"), examples.texts(options))
    codes = [
        [caveat.code for caveat in fidelity(made.item, made.key).caveats]
        for made in (
            examples.generated("t", "cloze", (examples.paragraph("It is ", Gap("g")),), (part,)),
            examples.generated("t", "parts", (examples.paragraph("It is"),), (part,)),
        )
    ]
    assert codes == [["drop-down:equal-texts"], []]


@formats
def test_the_unit_of_a_number_stands_behind_its_gap(tmp_path: Path, format_: Any) -> None:
    part = (Part("n", NumericInteraction("nats")), NumericKey("2", unit="nats"), ())
    made = examples.generated("t", "cloze", (examples.paragraph("It is ", Gap("n"), "."),), (part,))
    item = parsed(package(tmp_path, format_, made))[f"items/{made.item.id}.xml"]
    (body,) = descendants(item, "itemBody")
    assert "It is nats." in value_of(body)
