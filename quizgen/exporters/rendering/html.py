"""Content as HTML. One walk; a `Dialect` says what becomes of text, formulas and gaps."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import msgspec

from quizgen.content import (
    Block,
    Code,
    CodeBlock,
    Emphasis,
    Formula,
    Gap,
    Inline,
    LineBreak,
    ListBlock,
    Paragraph,
    Strong,
    Table,
    Text,
    Tokens,
)
from quizgen.exporters.rendering.text import printable, remembering_short

_ENTITIES = tuple((sign, escape(sign)) for sign in "&<>\"'")


def _escaped(text: str) -> str:
    """Text as HTML text or attribute value, without control characters.

    >>> escaped("a<b & 'c'")
    'a&lt;b &amp; &#x27;c&#x27;'
    """
    if not text.isprintable():
        text = printable(text)
    return text if text.isalnum() else with_entities(text)


def with_entities(text: str) -> str:
    """The text with entities for what has a meaning in HTML and in its attributes."""
    for sign, entity in _ENTITIES:
        if sign in text:  # quicker than to replace nothing
            text = text.replace(sign, entity)
    return text


escaped = remembering_short(_escaped)


class Dialect(msgspec.Struct, frozen=True):
    """How one format writes the pieces that differ.

    text: a drawn or written text, escaped. formula, tokens: a piece. gap: the place of a part. table: class of tables.
    line_break: as XML wants it, or HTML.
    """

    text: Callable[[str], str]
    formula: Callable[[Formula], str]
    tokens: Callable[[Tokens], str]
    gap: Callable[[str], str]
    table: str = ""
    line_break: str = "<br>"


def inline_html(content: tuple[Inline, ...], dialect: Dialect) -> str:
    """Inline content as HTML."""
    text = dialect.text
    if len(content) == 1 and type(content[0]) is Text:
        return text(content[0].text)
    return "".join(
        [text(piece.text) if type(piece) is Text else _INLINE[type(piece)](piece, dialect) for piece in content]
    )


_INLINE: dict[type, Callable[[Any, Dialect], str]] = {
    Text: lambda piece, dialect: dialect.text(piece.text),
    Formula: lambda piece, dialect: dialect.formula(piece),
    Emphasis: lambda piece, dialect: f"<em>{inline_html(piece.content, dialect)}</em>",
    Strong: lambda piece, dialect: f"<strong>{inline_html(piece.content, dialect)}</strong>",
    Code: lambda piece, dialect: f"<code>{dialect.text(piece.text)}</code>",
    Tokens: lambda piece, dialect: dialect.tokens(piece),
    Gap: lambda piece, dialect: dialect.gap(piece.part),
    LineBreak: lambda piece, dialect: dialect.line_break,
}


def block_html(blocks: tuple[Block, ...], dialect: Dialect) -> str:
    """Blocks as HTML, one a line."""
    return "\n".join([_block(block, dialect) for block in blocks])


def _block(block: Block, dialect: Dialect) -> str:
    if type(block) is Paragraph:  # nearly all are
        return f"<p>{inline_html(block.content, dialect)}</p>"
    match block:
        case CodeBlock(text, _):
            return f"<pre><code>{dialect.text(text)}</code></pre>"
        case ListBlock(entries, ordered):
            tag = "ol" if ordered else "ul"
            inner = "".join(f"<li>{_entry(entry, dialect)}</li>" for entry in entries)
            return f"<{tag}>{inner}</{tag}>"
        case Table():
            return _table(block, dialect)
    raise TypeError(f"not a block: {block!r}")


def _entry(entry: tuple[Block, ...], dialect: Dialect) -> str:
    """A list entry of one paragraph needs no paragraph around it."""
    match entry:
        case (Paragraph(content),):
            return inline_html(content, dialect)
    return block_html(entry, dialect)


def _table(table: Table, dialect: Dialect) -> str:
    def row(cells: tuple[tuple[Inline, ...], ...]) -> str:
        tags = [' scope="row"'] + [""] * len(cells) if table.row_headers else [""] * len(cells)
        return "".join(
            f"<th{scope}>{inline_html(cell, dialect)}</th>" if scope else f"<td>{inline_html(cell, dialect)}</td>"
            for scope, cell in zip(tags, cells, strict=False)
        )

    caption = f"<caption>{dialect.text(table.caption)}</caption>" if table.caption else ""
    header = "".join(f'<th scope="col">{inline_html(cell, dialect)}</th>' for cell in table.header)
    head = f"<thead><tr>{header}</tr></thead>" if table.header else ""
    body = "".join(f"<tr>{row(cells)}</tr>" for cells in table.rows)
    attribute = f' class="{dialect.table}"' if dialect.table else ""
    return f"<table{attribute}>{caption}{head}<tbody>{body}</tbody></table>"
