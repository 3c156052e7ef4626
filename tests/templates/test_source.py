"""YAML as text with places, and every way in which a file can be bad."""

from __future__ import annotations

import os
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizgen.findings import CODES, FindingsError
from quizgen.source import MOST_BYTES, examine_source, examine_text, read_source, read_text


def codes(text: str) -> list[str]:
    return [finding.code for finding in examine_text(text).findings]


def test_every_scalar_is_text():
    data = read_text("words: [no, on, 1:30, ~, 0.10, 2024-01-01, 0x1F]\nempty:\nquoted: 'no'").documents[0].data
    assert data == {"words": ["no", "on", "1:30", "~", "0.10", "2024-01-01", "0x1F"], "empty": "", "quoted": "no"}


def test_several_documents():
    assert [document.data for document in read_text("a: 1\n---\nb: 2\n---\n").documents] == [{"a": "1"}, {"b": "2"}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", 'x:3:1: Q008 the key "a" stands here for the second time (first on line 1)'),
        ("a: b\x00c\n", "x:1:5: Q005 the character U+0000 cannot stand in a text"),
        ("a: &x [1]\nb: *x\n", "x:2:4: Q006 the alias *x repeats something written elsewhere"),
        ("a: &x [*x]\n", "x:1:8: Q006 the alias *x repeats something written elsewhere"),
        ("a: !!python/object:os.system [x]\n", "x:1:4: Q007 the tag !!python/object:os.system is not allowed"),
        ("a: !mine x\n", "x:1:4: Q007 the tag !mine is not allowed"),
        ("a: !!set {x}\n", "x:1:4: Q007 the tag !!set is not allowed"),
        ("key: {{ a }}\n", "x:1:7: Q009 a list or mapping stands where a name should be"),
        ("stem: {{ a }} is\n", "x:1:7: Q012 a text that begins with {{ needs quotes"),
        ("", "x: Q011 the file is empty"),
        ("# only a comment\n", "x: Q011 the file is empty"),
        ("a:\n\tb: c\n", "x:2:1: Q013 a tab indents this line"),
        ("stem: What is this: a test\n", "x:1:19: Q012 a colon followed by a space stands inside an unquoted text"),
        ('stem: "never closed\nb: c\n', "x:1:7: Q012 the quotes that open here are never closed"),
        ("stem: **bold** is\n", "x:1:8: Q012 a text that begins with * or & needs quotes"),
        ("a: [1, 2\nb: 3\n", "x:2:2: Q012 the list that begins with [ is not closed"),
        ("a: {b: 1\n", "x:1:8: Q012 the mapping that begins with { is not closed"),
        ("a: 1\nfoo\nb: 2\n", "x:2:1: Q012 this line is neither `name: value` nor part of a text"),
        ("a:\n    b: 1\n  c: 2\n", "x:3:3: Q012 this line does not belong to what stands above it"),
        ("a: @x\n", "x:1:4: Q012 a text cannot begin with this character"),
        ('a: "$\\theta$"\n', "x:1:4: Q005 a backslash in double quotes made an invisible character"),
        ("[" * 100 + "]" * 100, "x:1:41: Q010 lists and mappings are nested more than 40 deep"),
        ("- " * 3000 + "x", "x:1:81: Q010 lists and mappings are nested more than 40 deep"),
        ("[" * 200_000, "x:1:41: Q010 lists and mappings are nested more than 40 deep"),
        ("a: [" + "1," * 150_000 + "]", "x:1:199999: Q003 the file holds more than 100,000 values"),
        ("a: " + "x" * (MOST_BYTES + 1), "x: Q003 the file has 2,000,004 bytes, the limit is 2,000,000"),
    ],
)
def test_bad_text_is_one_clear_finding(text, expected):
    findings = examine_text(text, "x").findings
    assert str(findings[0]).startswith(expected)
    assert len(findings) == 1
    assert all(finding.remedy and finding.code in CODES for finding in findings)


def test_a_yaml_bomb_is_refused_before_it_grows():
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n" for a, b in pairwise("abcdefghi"))
    assert set(codes(bomb)) == {"Q006"}


def test_everything_wrong_with_a_file_is_reported_at_once():
    assert codes("a: 1\na: 2\nb: !x y\nc: {d: 1, d: 2}\n") == ["Q008", "Q007", "Q008"]


def test_a_file_that_cannot_be_read(tmp_path):
    def code(path) -> str:
        with pytest.raises(FindingsError) as error:
            read_source(path)
        (finding,) = error.value.findings
        assert finding.place.file == str(path)
        return finding.code

    assert code(tmp_path) == "Q002"
    assert code(tmp_path / "none.yaml") == "Q001"
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    assert code(fifo) == "Q002"
    big = tmp_path / "big.yaml"
    with big.open("wb") as file:
        file.truncate(50_000_000)
    assert code(big) == "Q003"
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("a: 1\nb: größe\n".encode("latin-1"))
    assert code(latin) == "Q004"
    assert str(examine_source(latin).findings[0]).startswith(f"{latin}:2:6: Q004 byte 0xf6 is not UTF-8")


def test_an_unreadable_file(tmp_path, monkeypatch):
    secret = tmp_path / "secret.yaml"
    secret.write_text("a: 1")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    (finding,) = examine_source(secret).findings
    assert (finding.code, finding.message) == ("Q002", "the file cannot be read (Permission denied)")


def test_a_byte_order_mark_is_no_text(tmp_path):
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_source(path).documents[0].data == {"a": "1"}


TEXT = """\
stem: |

  Hello {{ a }}
  and *x* $y$
quoted: "a \\"q\\" word"
folded: >-
  folded text
  goes on
plain: plain text
  goes on
single: 'it''s me'
list: [one, two]
"""


@pytest.mark.parametrize(
    ("key", "fragment", "place"),
    [
        ("stem", "{{", "3:9"),
        ("stem", "$y", "4:11"),
        ("quoted", "word", "5:18"),
        ("folded", "goes", "8:3"),
        ("plain", "goes", "10:3"),
        ("single", "me", "11:16"),
    ],
)
def test_a_place_inside_a_text_of_any_style(key, fragment, place):
    document = read_text(TEXT, "f").documents[0]
    found = document.place_in((key,), document.data[key].index(fragment), len(fragment))
    assert str(found) == f"f:{place}"
    line = document.source.line(found.line)
    assert line[found.column - 1 :].startswith(fragment)


def test_places_of_values_and_keys():
    document = read_text(TEXT, "f").documents[0]
    assert str(document.place(("list", 1))) == "f:12:13"
    assert str(document.place(("list",), of="key")) == "f:12:1"
    assert str(document.place(("list", 9))) == "f:12:1"
    assert str(document.place(("none",))) == "f:1:1"


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.text(alphabet=" \n\t-:[]{}#&*!|>'\"%@`ab1\x00é𝑥", max_size=60))
def test_no_text_raises_and_every_finding_has_a_place_in_it(text):
    source = examine_text(text)
    for finding in source.findings:
        assert finding.code in CODES
        assert 0 <= finding.place.line <= len(text.splitlines()) + 1
        str(finding)
