"""Packages of the page: whole manifests, the same bytes twice, nothing of the keys in exams, awkward texts."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lxml import etree

from grading.keys import Digits, NumericKey
from quizgen.archive import write_archive
from quizgen.exporters import Level, Options, format_of, plan
from quizgen.exporters.html_page.page import digest
from quizgen.exporters.packaged_page import fidelity_on
from quizgen.exporters.packaged_page.names import LONGEST, part_names, question_name, slug
from quizgen.model import KINDS, NumericInteraction, Slot
from tests.exporters import example_items as examples
from tests.exporters.platforms import data_of, package, packed, unslug

ITEMS = examples.everything()
NAMES = ("scorm12", "scorm2004", "xapi")

each = pytest.mark.parametrize("name", NAMES)
MANIFESTS = {
    "scorm12": ("1.2", "http://www.imsproject.org/xsd/imscp_rootv1p1p2", "http://www.adlnet.org/xsd/adlcp_rootv1p2"),
    "scorm2004": (
        "2004 4th Edition",
        "http://www.imsglobal.org/xsd/imscp_v1p1",
        "http://www.adlnet.org/xsd/adlcp_v1p3",
    ),
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_the_manifest_names_every_file_and_the_version(tmp_path: Path, name: str) -> None:
    files = package(tmp_path, name, ITEMS)
    version, space, adl = MANIFESTS[name]
    root = etree.fromstring(files["imsmanifest.xml"])
    path = {"c": space}
    assert root.tag == f"{{{space}}}manifest"
    assert [root.findtext(f"c:metadata/c:{tag}", None, path) for tag in ("schema", "schemaversion")] == [
        "ADL SCORM", version,
    ]  # fmt: skip
    (resource,) = root.findall("c:resources/c:resource", path)
    listed = [file.get("href") for file in resource.findall("c:file", path)]
    assert sorted([*listed, "imsmanifest.xml"]) == sorted(files)
    assert resource.get("href") in listed
    kinds = {f"{{{adl}}}scormtype", f"{{{adl}}}scormType"} & set(resource.keys())
    assert kinds == {f"{{{adl}}}{'scormtype' if name == 'scorm12' else 'scormType'}"}
    assert [resource.get(kind) for kind in kinds] == ["sco"]
    organizations = root.find("c:organizations", path)
    (organization,) = organizations.findall("c:organization", path)
    assert organizations.get("default") == organization.get("identifier")
    (item,) = organization.findall("c:item", path)
    assert item.get("identifierref") == resource.get("identifier")
    assert item.findtext("c:title", None, path) == "Masked words"
    ids = root.xpath("//@identifier")
    assert len(set(ids)) == len(ids) == 4
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", id_) for id_ in ids)


def test_tincan_names_the_activity_and_the_page(tmp_path: Path) -> None:
    files = package(tmp_path, "xapi", ITEMS)
    space = {"t": "http://projecttincan.com/tincan.xsd"}
    (activity,) = etree.fromstring(files["tincan.xml"]).findall("t:activities/t:activity", space)
    assert activity.get("id") == "urn:x-quizgen:demo"
    assert activity.get("type") == "http://adlnet.gov/expapi/activities/assessment"
    assert activity.findtext("t:launch", None, space) in files
    assert activity.findtext("t:name", None, space) == "Masked words"
    assert activity.find("t:launch", space).get("lang") == "en"


@each
def test_the_same_quiz_gives_the_same_bytes_in_any_folder(tmp_path: Path, name: str) -> None:
    written = []
    for folder in ("a", "b"):
        archive = write_archive(tmp_path / folder, examples.quiz_of(ITEMS), ITEMS)
        written += [b"".join(chunk for _, chunk in format_of(name).write(archive, Options()))]
    assert written[0] == written[1]
    entries = zipfile.ZipFile(io.BytesIO(written[0])).infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}


@each
def test_an_exam_holds_nothing_of_the_keys(tmp_path: Path, name: str) -> None:
    exam = package(tmp_path / "e", name, ITEMS, "exam")["index.html"].decode()
    practice = package(tmp_path / "p", name, ITEMS)["index.html"].decode()
    data = data_of(exam.encode())
    assert data["exam"]
    assert not data_of(practice.encode())["exam"]
    assert not any("check" in part for question in data["items"] for part in question["parts"])
    for secret in (
        "1.6094379124341",
        "Flips the sign",
        "names the log",
        "Use the log",
        "data-when",
        "rounded too early",
    ):
        assert secret not in exam, secret
    assert sum(secret in practice for secret in ("1.6094379124341", "data-when", "rounded too early")) == 3
    archive = write_archive(tmp_path / "q", examples.quiz_of(ITEMS, "exam"), ITEMS)
    planned = plan(archive, format_of(name))
    assert planned.stripped
    assert planned.exact == 0
    assert any(noted.caveat.code == "platform:no-keys" and noted.count == len(ITEMS) for noted in planned.noted)


@each
def test_the_page_may_run_its_own_script_and_reach_what_it_has_to(tmp_path: Path, name: str) -> None:
    html = package(tmp_path, name, ITEMS)["index.html"].decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    script = re.search(r"<script>(.*?)</script>", html, re.DOTALL)
    assert policy is not None
    assert script is not None
    assert policy[1].startswith("default-src 'none'; ")
    assert digest(script[1]) in policy[1]
    assert "unsafe" not in policy[1]
    assert ("connect-src http: https:" in policy[1]) is (name == "xapi")
    assert not re.search(r"""(src|href)=["'](?!#)|@import|\son\w+=["']""", html)


@each
def test_every_variant_of_a_pool_is_in_the_page_once(tmp_path: Path, name: str) -> None:
    items = (examples.choice(), examples.numeric(), examples.matching())
    slots = (Slot("one", "", (), (items[0].item.id, items[1].item.id)), Slot("two", "", (), (items[2].item.id,)))
    quiz = msgspec.structs.replace(examples.quiz_of(items), slots=slots, forms=(("ada", (items[1].item.id,)),))
    archive = write_archive(tmp_path / "quiz", quiz, items)
    html = packed(archive, name)["index.html"].decode()
    assert [html.count(f'data-item="{made.item.id}"') for made in items] == [1, 1, 1]
    assert re.findall(r'<template data-slot="(q\d+)">', html) == ["q1"]
    assert [question["item"] for question in data_of(html.encode())["items"]] == [items[0].item.id, items[2].item.id]
    hers = packed(archive, name, Options(learner="ada"))["index.html"]
    assert [question["item"] for question in data_of(hers)["items"]] == [items[1].item.id]
    codes = [noted.caveat.code for noted in plan(archive, format_of(name)).noted]
    assert "forms:lost" in codes


@each
@pytest.mark.parametrize("text", examples.AWKWARD, ids=lambda text: text[:12].encode("unicode_escape").decode())
def test_awkward_texts_stay_texts(tmp_path: Path, name: str, text: str) -> None:
    items = examples.awkward_items(text)
    quiz = examples.quiz_of(items, title=text)
    files = packed(write_archive(tmp_path / "quiz", quiz, items), name)
    manifest = next(data for path, data in files.items() if path.endswith(".xml"))
    shown = " ".join(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", text).split())
    assert shown in [found.text for found in etree.fromstring(manifest).iter() if found.tag.endswith(("title", "name"))]
    html = files["index.html"].decode()
    data = data_of(html.encode())
    assert data["title"] == shown
    assert html.count("</script>") == 2
    assert [question["item"] for question in data["items"]] == [made.item.id for made in items]


def test_names_are_what_scorm_12_takes_and_can_be_read_back() -> None:
    for text in ("flip-sign", "b_1", "a__b", "é/ß \U0001f600", ""):
        assert re.fullmatch(r"[A-Za-z0-9_-]*", slug(text))
        assert unslug(slug(text)) == text
    item = examples.cloze().item
    assert part_names(item) == {part.id: f"{item.id}__{item.revision}__{part.id}" for part in item.parts}
    assert len({slug(text) for text in ("a__b", "a_b", "a-b", "ab", "a_5fb")}) == 5
    long = msgspec.structs.replace(item, id="é" * 200)
    assert question_name(long) == f"{item.code}__{item.revision}"
    parts = tuple(msgspec.structs.replace(part, id=f"{part.id}{'x' * 300}") for part in item.parts)
    longer = part_names(msgspec.structs.replace(long, parts=parts))
    assert [name.split("__")[2] for name in longer.values()] == ["1", "2", "3"]
    assert max(map(len, longer.values())) <= LONGEST


@each
def test_what_is_not_scored_there_is_a_caveat(name: str) -> None:
    fidelity = fidelity_on(name)
    levels = {made.item.kind: fidelity(made.item, made.key) for made in ITEMS}
    assert set(levels) == set(KINDS)
    degraded = {kind for kind, found in levels.items() if found.level is Level.DEGRADED}
    assert degraded == {"symbolic", "essay", "parts"}
    assert {kind for kind, level in format_of(name).kinds.items() if level is Level.DEGRADED} == {"symbolic", "essay"}
    key = NumericKey("1.609", digits=Digits("decimals", 3))
    counted = examples.single("n", "numeric", (), NumericInteraction(), key)
    codes = [caveat.code for caveat in fidelity(counted.item, counted.key).caveats]
    assert codes == ["numeric:reading", "platform:marked-on-return"]
    essay = [caveat.code for caveat in levels["essay"].caveats]
    assert ("scorm12:long-texts" in essay) is (name == "scorm12")


@each
def test_words_are_in_the_language_of_the_quiz(tmp_path: Path, name: str) -> None:
    german = msgspec.structs.replace(examples.quiz_of(ITEMS[:1]), language="de")
    html = packed(write_archive(tmp_path / "quiz", german, ITEMS[:1]), name)["index.html"].decode()
    assert ">Abgeben</button>" in html
    said: dict[str, Any] = data_of(html.encode())["said"]
    assert said["back"] == "Deine Antworten sind wieder da."
    assert json.dumps(data_of(html.encode())["language"]) == '"de"'
