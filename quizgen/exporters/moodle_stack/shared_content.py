"""The contents of a pool's items as one CASText: what they have in common is written once, piece by piece.

Where contents differ in more than their pieces, their HTML is compared instead; see `castext.shared`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from quizgen.content import Block, Emphasis, Formula, Inline, ListBlock, Paragraph, Strong, Text, Tokens
from quizgen.exporters.moodle_stack.castext import Hole, shared, shared_sentence, shared_whole, shared_words
from quizgen.exporters.moodle_xml.xml import moodle_texts
from quizgen.exporters.rendering.html import Dialect, block_html, inline_html
from quizgen.exporters.rendering.text import printable

_ENDS, _BEGINS = frozenset("[]{#/*"), frozenset("[]#}*/")
"""Of two texts beside each other that could be a sign of CASText together."""


def shared_blocks(contents: Sequence[tuple[Block, ...]], dialect: Dialect, hole: Hole) -> str:
    """One CASText that reads as each of these contents for its item; `block_html` with holes.

    >>> from quizgen.exporters.moodle_xml.xml import DIALECT
    >>> stems = [(Paragraph((Text("In "), Strong((Text(word),)), Text(" it rains."))),) for word in ("Bath", "Rome")]
    >>> shared_blocks(stems, DIALECT, lambda column: "{@x@}")
    '<p>In <strong>{@x@}</strong> it rains.</p>'
    """
    if len(set(map(len, contents))) > 1:
        return shared([block_html(blocks, dialect) for blocks in contents], hole)
    return "\n".join([_block(column, dialect, hole) for column in zip(*contents, strict=True)])


def _block(blocks: Sequence[Any], dialect: Dialect, hole: Hole) -> str:
    kinds = set(map(type, blocks))
    if kinds == {Paragraph}:
        return f"<p>{_inline([block.content for block in blocks], dialect, hole)}</p>"
    if kinds == {ListBlock} and len({(block.ordered, len(block.entries)) for block in blocks}) == 1:
        columns = [*zip(*[block.entries for block in blocks], strict=True)]
        if all(len(entry) == 1 and type(entry[0]) is Paragraph for column in columns for entry in column):
            tag = "ol" if blocks[0].ordered else "ul"
            lines = [_inline([entry[0].content for entry in column], dialect, hole) for column in columns]
            return f"<{tag}>{''.join([f'<li>{line}</li>' for line in lines])}</{tag}>"
    return shared([block_html((block,), dialect) for block in blocks], hole)


def _inline(contents: Sequence[tuple[Inline, ...]], dialect: Dialect, hole: Hole) -> str:
    columns = [_distinct(column) for column in zip(*contents, strict=False)]
    if len(set(map(len, contents))) > 1 or not _are_like_pieces(columns):
        return shared([inline_html(content, dialect) for content in contents], hole)
    return "".join([_piece(column, dialect, hole) for column in columns])


def _distinct(column: Sequence[Inline]) -> Sequence[Inline]:
    """One of a column of equal pieces, else the column."""
    return column[:1] if column.count(column[0]) == len(column) else column


def _are_like_pieces(columns: Sequence[Sequence[Inline]]) -> bool:
    """Whether the pieces of each column are of one kind, and no sign of CASText reaches over the end of one."""
    kinds = [set(map(type, column)) for column in columns]
    if any(len(own) > 1 for own in kinds):
        return False
    texts = [[printable(piece.text) for piece in column if type(piece) is Text] for column in columns]
    shown = [own for own in texts if any(own) or not own]  # without texts that show nothing
    return not any(
        not _ENDS.isdisjoint([text[-1:] for text in left]) and not _BEGINS.isdisjoint([text[:1] for text in right])
        for left, right in pairwise(shown)
    )


def _piece(pieces: Sequence[Any], dialect: Dialect, hole: Hole) -> str:
    first = pieces[0]
    if len(pieces) == 1:
        return shared([inline_html((first,), dialect)], hole)
    if type(first) is Text:
        return _text([piece.text for piece in pieces], hole)
    if type(first) is Formula:
        return shared_whole([dialect.formula(piece) for piece in pieces], hole)
    if type(first) is Tokens and not any(piece.numbered for piece in pieces):
        return f"<code>{shared_sentence(moodle_texts([' '.join(piece.tokens) for piece in pieces]), hole)}</code>"
    if type(first) in (Emphasis, Strong):
        tag = "em" if type(first) is Emphasis else "strong"
        return f"<{tag}>{_inline([piece.content for piece in pieces], dialect, hole)}</{tag}>"
    return shared([inline_html((piece,), dialect) for piece in pieces], hole)


def _text(texts: Sequence[str], hole: Hole) -> str:
    """What was drawn for each item stands by itself nearly always."""
    is_words = " " in "".join(texts)
    return (shared_words if is_words else shared_whole)(moodle_texts(texts), hole)
