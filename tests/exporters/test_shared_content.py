"""The contents of a pool as one CASText: filled in for an item, it reads as the item's own HTML."""

from __future__ import annotations

import html
import re
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from quizgen.content import (
    Block,
    Code,
    CodeBlock,
    Emphasis,
    Formula,
    Gap,
    LineBreak,
    ListBlock,
    Paragraph,
    Strong,
    Table,
    Text,
    Tokens,
)
from quizgen.exporters.moodle_stack.castext import input_at, marked
from quizgen.exporters.moodle_stack.shared_content import shared_blocks
from quizgen.exporters.moodle_xml.xml import moodle_dialect
from quizgen.exporters.rendering.html import block_html

DIALECT = moodle_dialect(lambda part: marked(1))
WORDS = (
    "the sun", "a shop", "0.55", "a<b & c", "[", "]", "{", "#}", "@}", "/", "*", "$", "", "\n", " and ", "In ",
    "In the ",
)  # fmt: skip
SIGNS = re.compile(r"[$@]|\[\[|\]\]|\{#|#\}|/\*|\*/")


def formula(latex: str) -> Formula:
    return Formula(latex, "", "", "", "")


TEXTS = st.sampled_from(WORDS)
INLINE: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        TEXTS.map(Text),
        TEXTS.map(Text),
        st.sampled_from(["x_{1}", "[[", "p_2 < 1"]).map(formula),
        TEXTS.map(Code),
        st.builds(
            Tokens, st.sampled_from([("[CLS]", "the", "sun"), ("[CLS]", "a", "[MASK]", "x")]), st.just(0), st.booleans()
        ),
        st.just(LineBreak()),
    ),
    lambda inner: st.one_of(*[st.tuples(inner).map(kind) for kind in (Emphasis, Strong)]),
    max_leaves=3,
)
CONTENT = st.lists(INLINE, max_size=4).map(tuple)
BLOCK: st.SearchStrategy[Block] = st.one_of(
    CONTENT.map(Paragraph),
    CONTENT.map(lambda content: Paragraph((*content, Gap("answer")))),
    st.lists(CONTENT.map(lambda content: (Paragraph(content),)), max_size=2).map(lambda x: ListBlock(tuple(x))),
    CONTENT.map(lambda content: Table((), (((Text("a"),), content),))),
    TEXTS.map(CodeBlock),
)
CONTENTS = st.lists(BLOCK, max_size=3).map(tuple)


def varied(block: Any, drawn: Any) -> Any:
    """Another block, or one that differs in a few pieces."""
    if not isinstance(block, Paragraph) or not drawn(st.booleans()):
        return drawn(st.sampled_from([block, Paragraph((Text("0.9"),))]))
    swapped = [
        Text(drawn(TEXTS)) if isinstance(piece, Text) and drawn(st.booleans()) else piece for piece in block.content
    ]
    return Paragraph(tuple(swapped))


def check(contents: list[tuple[Block, ...]]) -> None:
    columns: list[tuple[str, ...]] = []

    def hole(column: tuple[str, ...]) -> str:
        columns.append(column)
        return f"\x01{len(columns) - 1}\x01"

    if len({marks(content) for content in contents}) > 1:
        return  # the items of a pool have their inputs alike
    text = shared_blocks(contents, DIALECT, hole)
    plain = text.replace(input_at(1), "")
    assert not SIGNS.search(html_without_holes(plain)), text
    assert all(len(set(column)) > 1 and len(column) == len(contents) for column in columns)
    pieces = plain.split("\x01")
    for place, content in enumerate(contents):
        filled = "".join([columns[int(piece)][place] if odd % 2 else piece for odd, piece in enumerate(pieces)])
        assert html.unescape(filled) == html.unescape(block_html(content, DIALECT).replace(marked(1), ""))


def marks(content: tuple[Block, ...]) -> tuple[int, ...]:
    return tuple(block_html((block,), DIALECT).count(marked(1)) for block in content)


def html_without_holes(text: str) -> str:
    return re.sub("\x01[0-9]+\x01", "\x01", text)


@given(st.data(), CONTENTS, st.integers(1, 3))
def test_contents_that_differ_in_some_pieces(data: st.DataObject, first: tuple[Block, ...], further: int) -> None:
    check([first, *[tuple(varied(block, data.draw) for block in first) for _ in range(further)]])


@given(st.lists(CONTENTS, min_size=1, max_size=3))
@example([(Paragraph((Text("["), Text("["), Text(word))),) for word in "ab"])
@example([(Paragraph((Text("/"), Text(word), Text("*"))),) for word in "ab"])
@example([(Paragraph((Text("["), Text(""), Text("["), Text(word))),) for word in "ab"])
@example([(Paragraph((Text("["), Text("\x01"), Text(f"\x02[ {word}"))),) for word in "ab"])
@example([(Paragraph((Text("In "), Text("the sun"))),), (Paragraph((Text("In "), Text("a shop"))),)])
def test_any_contents(contents: list[tuple[Block, ...]]) -> None:
    check(contents)


def test_drawn_pieces_become_holes_of_their_own() -> None:
    columns = []

    def hole(column: tuple[str, ...]) -> str:
        columns.append(column)
        return "{@x@}"

    stems: Any = [
        (Paragraph((Text("With "), Tokens(("[CLS]", *words)), Text(" the loss is "), Text(loss), Text("."))),)
        for words, loss in ((("the", "sun"), "0.55"), (("a", "shop", "[MASK]"), "1.2"))
    ]
    assert shared_blocks(stems, DIALECT, hole) == "<p>With <code>[CLS] {@x@}</code> the loss is {@x@}.</p>"
    assert columns == [("the sun", "a shop [MASK]"), ("0.55", "1.2")]
