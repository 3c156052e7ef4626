"""Words stay words: whatever a file says, our Markdown of it reads as just that."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quizgen.exporters.rendering.text import block_text, inline_text
from quizgen.importing.html_text import line_of_html, markdown_of, plain_markdown
from quizgen.importing.markdown import clean, option
from quizgen.markup import compile_blocks, compile_inline

SIGNS = st.text(
    st.sampled_from("ab1 2 \\`*_{}[]()#+-.!|<>&$%~^=:;,'\"/\näß√{{}}") | st.characters(blacklist_categories=["Cs"]),
    max_size=40,
)


def nothing(reason: str) -> None:
    """Nobody listens."""


def shown(markdown: str) -> str:
    compiled = compile_blocks(markdown)
    assert [finding.code for finding in compiled.findings if finding.code != "Q205"] == []
    assert compiled.holes == ()
    return block_text(compiled.fill(lambda hole: ""))


def folded(text: str) -> str:
    return " ".join(clean(text).split())


def without_formulas(text: str) -> bool:
    return not any(mark in text for mark in ("\\(", "\\[", "$$"))


@settings(max_examples=300, deadline=None)
@given(SIGNS.filter(without_formulas))
@example("1. a")
@example("2) b")
@example("- a")
@example("# a")
@example("> a")
@example("``` a")
@example("a | b\n--- | ---")
@example("{{{ a }}}")
@example("{%- raw %}{# c #}")
@example("&#123;{ a }}")
@example("&lt;b&gt;")
@example("[a](b) ![c](d)")
@example("\\{{ a \\}}")
@example("***a*** __b__ ~~c~~")
@example("=====")
@example(":--- | ---:")
@example("http://a.b <http://a.b>")
def test_words_stay_words(text):
    assert shown(markdown_of(f"<p>{escape(text)}</p>", nothing)).split() == folded(text).split()
    line = line_of_html(escape(text), nothing)
    assert inline_text(compile_inline(line).fill(lambda hole: "")).split() == folded(text).split()
    assert not compile_inline(line).holes


@settings(max_examples=150, deadline=None)
@given(SIGNS.filter(without_formulas))
def test_plain_text_stays_as_it_is(text):
    assert shown(plain_markdown(text)).split() == folded(text).split()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["b", "i", "code", "span", "u", "p", "br", "li", "td"]), SIGNS), max_size=6))
def test_marked_words_keep_their_letters_and_never_make_findings(pieces):
    html = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in pieces if without_formulas(text))
    compiled = compile_blocks(markdown_of(html, nothing))
    assert [finding.code for finding in compiled.findings if finding.code != "Q205"] == []
    letters = [c for tag, text in pieces if without_formulas(text) for c in clean(text) if c.isalnum()]
    assert [c for c in block_text(compiled.fill(lambda hole: "")) if c.isalnum()] == letters


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        (r"\(x_1\) and \[y^2\] and $$z$$ and $5", r"$x_1$ and $$y^2$$ and $$z$$ and \$5"),
        (r"2\(x\)3 and \(a\)\(b\)", r"&#50;$x$&#51; and $a$ $b$"),
        (r"\( \frac{{1}}{2} \)", r"$\frac{ {1}}{2}$"),
        ("<b> bold </b>word", "**bold** word"),
        ("<h3>Part</h3><p>a<br>b</p>", "**Part**\n\na\\\nb"),
        ("<ol><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ol>", "1. a\n   - b\n2. c\n\n   d"),
        ("<pre>x = 1\n  y</pre>", "```\nx = 1\n  y\n```"),
        ("H<sub>2</sub>O and x<sup>n</sup>", "H₂O and xⁿ"),
        ("<code>a`b</code>", "``a`b``"),
        ("<math><mfrac><mi>a</mi><mi>b</mi></mfrac></math>", r"$\frac{a}{b}$"),
        ("<script>alert(1)</script>text", "text"),
        ('<a href="http://x.y">words</a>', "words"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>",
         "|  |  |\n| --- | --- |\n| 1 | 2 |\n| 3 |  |"),
    ],
)  # fmt: skip
def test_html_as_markdown(html, markdown):
    assert markdown_of(html, nothing) == markdown


@pytest.mark.parametrize(
    ("html", "word"),
    [
        ('<img src="a.png">', "picture"),
        ("<math><mtable><mtr><mtd><mi>a</mi></mtd></mtr></mtable></math>", "MathML"),
        (r"\(\undefinedcommand{x}\)", "cannot be shown"),
        ("<code>{{ a }}</code>", "code"),
        ("x<sup>abc</sup>", "above"),
        ("<p>a<input>b</p>", "entry field"),
        ('<table><tr><td colspan="2">1</td></tr></table>', "span"),
    ],
)
def test_what_has_no_writing_is_noted(html, word):
    notes: list[str] = []
    markdown_of(html, notes.append)
    assert any(word in note for note in notes)


def test_a_key_that_is_called_like_a_quantity_stays_a_word():
    assert inline_text(compile_inline(option("loss")).fill(lambda hole: "")) == "loss"
