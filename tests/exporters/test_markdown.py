"""Markdown: read by markdown-it as CommonMark with tables and formulas, every text as it was."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from lxml import html as lxml_html
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from quizgen.archive import write_archive
from quizgen.content import Emphasis, Formula, LineBreak, Paragraph, Strong, Table, Text
from quizgen.exporters.contract import Options
from quizgen.exporters.markdown import FORMAT, write
from quizgen.exporters.planning import plan
from quizgen.exporters.rendering.markdown import blocks, inline
from quizgen.exporters.rendering.phrases import phrase
from quizgen.exporters.rendering.text import inline_text
from quizgen.model import GeneratedItem, Purpose
from tests.exporters import example_items as examples

ITEMS = examples.everything()
READER = MarkdownIt("commonmark", {"html": True}).enable("table").use(dollarmath_plugin)


def text_for(folder: Path, items: tuple[GeneratedItem, ...], purpose: Purpose = "practice", learner: str = "") -> str:
    quiz = examples.quiz_of(items, purpose)
    if learner:
        quiz = msgspec.structs.replace(quiz, forms=((learner, (items[0].item.id,)), ("ben", (items[1].item.id,))))
    archive = write_archive(folder / "quiz", quiz, items)
    options = Options(learner=learner if learner == "ada" else "")
    return b"".join(chunk for _, chunk in write(archive, options)).decode()


def page(text: str) -> lxml_html.HtmlElement:
    return lxml_html.fragment_fromstring(READER.render(text), create_parent="div")


def words(element: lxml_html.HtmlElement) -> str:
    return " ".join(element.text_content().replace("\u200a", "").split())


def test_a_person_finds_everything(tmp_path: Path) -> None:
    text = text_for(tmp_path, ITEMS)
    shown = page(text)
    questions, keys = text.split("\n# Key\n")
    for generated in ITEMS:
        assert f"\n### {generated.item.code} · " in questions
        assert f"\n## {generated.item.code}\n" in keys
        assert generated.item.id in questions
        assert generated.item.revision in questions
    assert len(shown.findall(".//h3")) == len(ITEMS)
    assert [table.find("caption") is None for table in shown.iter("table")] == [True] * 3
    assert "✓" not in questions
    assert r"$\log \Pr(x_{2} = \text{quick} \mid \bar{\mathbf{x}})$" in questions
    assert "- ✓ B. $" in keys
    assert "(**1/2**): $-J$ is the loss $L$." in keys
    assert "1.60944 ± 0.005 nats" in keys
    assert "- ✓ 3. $" in keys
    assert "1. $\\log" in keys


def test_formulas_are_formulas(tmp_path: Path) -> None:
    formula = examples.log_pr(2, "a")
    text = inline((Text("2"), formula, Text("3 and $"), formula, formula, Text("x")))
    (block,) = (token for token in READER.parse(text) if token.type == "inline")
    latex = [token.content for token in block.children or () if token.type == "math_inline"]
    assert latex == [formula.latex] * 3
    assert words(page(text)).replace(formula.latex, "F") == "2F3 and $FFx"
    display = msgspec.structs.replace(formula, display=True)
    assert blocks((Paragraph((display,)),)) == f"$${formula.latex}$$"
    assert inline((Formula("a$b", "", "a$b", "", ""),)) == "`a$b`"


@pytest.mark.parametrize("text", [*examples.AWKWARD, "> quoted", "# one"], ids=lambda text: repr(text[:12]))
def test_awkward_text_survives_in_every_kind(tmp_path: Path, text: str) -> None:
    items = examples.awkward_items(text)
    written = text_for(tmp_path, items)
    assert written == text_for(tmp_path, items)
    shown, whole = " ".join(re.sub("[\x00\x07]", "", text).split()), page(written)
    phrased = " ".join(inline_text(phrase(text)).split())
    assert len(whole.findall(".//h3")) == len(items)
    assert {element.tag for element in whole.iter()} <= {
        "div", "h1", "h2", "h3", "p", "ul", "ol", "li", "code", "pre", "strong", "em", "table", "thead", "tbody", "tr",
        "th", "td", "span", "br", "input", "eq", "section",
    }  # fmt: skip
    stems = [words(element) for element in whole.iter("p", "h3", "td", "th", "pre")]
    assert sum(shown in stem for stem in stems) >= 6 * len(items)
    options = [words(element) for element in whole.iter("li")]
    for label, which in zip("ABC", ("one", "two", "three"), strict=True):
        assert any(option.endswith(f"{label}. {shown} {which}") for option in options)
    assert sum(option.endswith(f"✓ {shown}") for option in options) >= 2
    assert any(phrased in option for option in options)


@pytest.mark.parametrize(
    "text",
    ["# no", "1. no", "- no", "> no", "[ ] no", "[a]: b", "[a](b)", "![a](b)", "---", "===", "<b>no</b>", "&amp;",
     "a_b_c _d_", "__x__", "*a*", "~~a~~", "`a`", "a|b", "| a |", "http://a.b/_c_", "\\", "a\\", "+ x", "$x$", "1) x"],
)  # fmt: skip
def test_nothing_in_a_text_is_markup(text: str) -> None:
    shown = page(blocks((Paragraph((Text(text),)), Table(((Text("h"),),), (((Text(text), Text("|")),),)))))
    assert [element.tag for element in shown] == ["p", "table"]
    assert words(shown[0]) == text
    assert not len(shown[0])
    assert words(shown.find(".//td")) == text + "|"
    for around in ((Text("[x]"), Text("(y)")), (Text("!"), Text("[x](y)")), (Text("a"), Text(text), Text("b"))):
        assert words(page(blocks((Paragraph(around),)))) == "".join(piece.text for piece in around)


@pytest.mark.parametrize("inner", ["a", "(a)", " a ", "“a”", "*"])
def test_emphasis_is_emphasis_wherever_it_stands(inner: str) -> None:
    content = (Text("x"), Emphasis((Text(inner),)), Text("y "), Strong((Text(inner),)), Strong((Text("b"),)))
    shown = page(inline(content))
    assert [words(element) for element in shown.iter("em", "strong")] == [inner.strip(), inner.strip(), "b"]
    assert words(shown) == " ".join(f"x{inner}y {inner}b".split())


def test_a_line_break_at_the_edge_of_emphasis_spoils_nothing() -> None:
    for inner in ((Text("a"), LineBreak()), (LineBreak(), Text("a")), (LineBreak(),)):
        shown = page(blocks((Paragraph((Text("x "), Emphasis(inner), Text(" y"), Strong(inner), Text("z"))),)))
        letters = "" if len(inner) == 1 else "a"
        assert words(shown) == f"x {letters} y{letters}z".replace("  ", " ")


def test_an_exam_has_no_keys_and_a_learner_only_their_form(tmp_path: Path) -> None:
    text = text_for(tmp_path, ITEMS, "exam")
    assert "# Key" not in text
    assert "rounded too early" not in text
    assert "Each selected position" not in text
    archive = write_archive(tmp_path / "e", examples.quiz_of(ITEMS, "exam"), ITEMS)
    assert plan(archive, FORMAT).stripped
    mine = text_for(tmp_path / "f", ITEMS, "practice", "ada")
    assert re.findall(r"^### (Q-\S+)", mine, re.MULTILINE) == [ITEMS[0].item.code]
    everybody = text_for(tmp_path / "g", ITEMS, "practice", "eve")
    assert f"- eve: {ITEMS[0].item.code}\n- ben: {ITEMS[1].item.code}\n" in everybody


def test_a_changed_question_changes_its_own_lines(tmp_path: Path) -> None:
    old = ITEMS[1]
    item = msgspec.structs.replace(old.item, revision="f" * 16, stem=(examples.paragraph("Another text."),))
    new = GeneratedItem(item, msgspec.structs.replace(old.key, revision="f" * 16))
    before = text_for(tmp_path / "a", ITEMS).splitlines()
    after = text_for(tmp_path / "b", (ITEMS[0], new, *ITEMS[2:])).splitlines()
    changed = [two for one, two in zip(before, after, strict=True) if one != two]
    assert changed == ["`one-token-0001` · `ffffffffffffffff` · true-false", "Another text."]
