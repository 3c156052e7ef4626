"""Files that mean harm, or are only broken: a sentence with the place, never a traceback."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizgen.findings import FindingsError
from quizgen.importing import Imported, qti_package, read_questions, safe_xml, write_templates
from quizgen.importing import files as reading
from quizgen.importing.markdown import clean
from quizgen.importing.yaml_writing import mapping_text
from quizgen.source import read_text
from tests.importing import files

BOMB = """<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>
<quiz><question type="essay"><name><text>&d;</text></name></question></quiz>"""
STEAL = """<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<quiz><question type="essay"><name><text>&x;</text></name></question></quiz>"""


def code_of(tmp_path, content, name="x.xml"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(FindingsError) as caught:
        read_questions(path)
    finding = caught.value.findings[0]
    assert finding.place.file.startswith(str(path))
    assert finding.message
    assert finding.remedy
    return finding.code


@pytest.mark.parametrize("text", [BOMB, STEAL, '<!DOCTYPE quiz><quiz><question type="essay"/></quiz>'])
def test_document_types_are_refused(tmp_path, text):
    assert code_of(tmp_path, text) == "Q804"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("<quiz><question></quiz>", "Q803"),
        ("<quiz>\x01</quiz>", "Q803"),
        ("<quiz></quiz>", "Q806"),
        ("no questions here", "Q801"),
        ("", "Q801"),
        (b"\xff\xfe\x00{}", "Q801"),
        (b"PK\x03\x04 broken", "Q805"),
        (files.zipped({"../../etc/x.xml": "<a/>"}), "Q805"),
        (files.zipped({"/etc/x.xml": "<a/>"}), "Q805"),
        (files.zipped({"readme.txt": "nothing"}), "Q806"),
        (b"{ \xe9 }", "Q004"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_code(tmp_path, content, code):
    assert code_of(tmp_path, content) == code


def test_limits(tmp_path, monkeypatch):
    monkeypatch.setattr(safe_xml, "MOST_BYTES", 2_000)
    monkeypatch.setattr(reading, "MOST_BYTES", 2_000)
    monkeypatch.setattr(qti_package, "MOST_BYTES", 2_000)
    monkeypatch.setattr(qti_package, "MOST_ENTRIES", 3)
    assert code_of(tmp_path, "<quiz>" + " " * 3_000 + "</quiz>") == "Q802"
    assert code_of(tmp_path, files.zipped({"a.xml": "<a>" + " " * 3_000 + "</a>"})) == "Q802"
    assert code_of(tmp_path, files.zipped({f"{k}.xml": "<a/>" for k in range(4)})) == "Q805"


def test_a_package_that_lies_about_its_sizes(tmp_path, monkeypatch):
    monkeypatch.setattr(qti_package, "MOST_BYTES", 2_000)
    packed = files.zipped({"a.xml": "<a>" + " " * 100_000 + "</a>"})
    lying = packed.replace((100_007).to_bytes(4, "little"), (50).to_bytes(4, "little"))
    path = tmp_path / "lying.zip"
    path.write_bytes(lying)
    found, codes = read_or_refused(path)
    assert set(codes) <= {"Q802", "Q805", "Q806"}
    assert codes or not found.questions


def read_or_refused(path):
    """What is imported and no codes, or nothing and the codes of the findings."""
    try:
        return read_questions(path), []
    except FindingsError as error:
        return Imported(), [finding.code for finding in error.findings]


def test_a_missing_file_and_a_folder(tmp_path):
    for path, code in ((tmp_path / "none.xml", "Q001"), (tmp_path, "Q002")):
        with pytest.raises(FindingsError) as caught:
            read_questions(path)
        assert caught.value.findings[0].code == code


def test_deep_and_endless_texts_are_cut_or_refused(tmp_path):
    deep = "<b>" * 5_000 + "x" + "</b>" * 5_000
    xml = (
        '<quiz><question type="truefalse"><name><text>Deep</text></name><questiontext format="html"><text>'
        f'<![CDATA[{deep}]]></text></questiontext><answer fraction="100"><text>true</text></answer>'
        '<answer fraction="0"><text>false</text></answer></question></quiz>'
    )
    path = tmp_path / "deep.xml"
    path.write_text(xml, encoding="utf-8")
    imported = read_questions(path)
    assert len(imported.questions) + sum(loss.whole for loss in imported.lost) == 1


SAMPLES = [files.MOODLE.encode(), files.GIFT.encode(), files.package(), *(t.encode() for t in files.ITEMS.values())]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(SAMPLES), st.integers(0, 2**32), st.integers(1, 12))
def test_mutated_files_never_crash(tmp_path_factory, sample, seed, changes):
    """Bytes lost, doubled, exchanged and replaced: questions, losses or a finding, and templates without errors."""
    draw = random.Random(seed)
    data = bytearray(sample)
    for _ in range(changes):
        place = draw.randrange(len(data))
        length = draw.choice((1, 1, 2, 8, 40))
        match draw.randrange(4):
            case 0:
                del data[place : place + length]
            case 1:
                data[place:place] = data[place : place + length]
            case 2:
                data[place] = draw.choice(b'<>&{}=~#:%"\\$*_`[]|0-9 \n\x00\xff')
            case 3:
                other = draw.randrange(len(data))
                data[place : place + length] = data[other : other + length]
        data = data or bytearray(b"x")
    folder = tmp_path_factory.mktemp("mutated")
    path = folder / "file"
    path.write_bytes(bytes(data))
    imported, codes = read_or_refused(path)
    if codes:
        return
    done = write_templates(folder / "bank", imported.questions)
    assert len(done.written) + len(done.lost) == len(imported.questions)
    for loss in (*imported.lost, *done.lost):
        assert str(loss.finding())


TIDY = st.text(max_size=60).map(lambda text: clean(text).replace("\r", "").replace("\ufeff", ""))
WORDS = TIDY.filter(str.strip)
ODD = st.sampled_from(
    [
        "- a", "? b", ": c", "#x", "a #b", "a: b", "'x'", '"y"', "[a]", "{{ a }}", "*a", "&b", "!c", "%d", "@e", "`f`",
        "|", "> g", "null", "~", "true", "1:30", "---", "...", "-", "a\n- b\n\n  c", "\n a", "a\n", " ", "<<", "=",
        "word " * 60 + "x",
    ]
)  # fmt: skip
KEYS = (WORDS | ODD).filter(lambda text: "\n" not in text and len(text) < 100)
VALUES = st.recursive(
    WORDS | ODD,
    lambda inner: st.lists(inner, min_size=1, max_size=4) | st.dictionaries(KEYS, inner, min_size=1, max_size=4),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4))
def test_what_is_written_as_yaml_reads_back_as_itself(data):
    tidy = mapping_text(data)
    assert read_text(tidy).documents[0].data == data
