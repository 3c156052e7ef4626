"""Content as plain Unicode text: for drop-downs, names, reports and wherever no formula can be drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

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

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Characters that no XML file may hold, or that mean nothing to a reader."""

_SUBSCRIPTS = str.maketrans("0123456789-", "₀₁₂₃₄₅₆₇₈₉₋")


def printable(text: str) -> str:
    """The text without control characters and lone surrogates, with one kind of line break.

    >>> printable("one\\rtwo\\r\\nthree\\x00")
    'one\\ntwo\\nthree'
    """
    if text.isprintable() or text.replace("\n", "").isprintable():  # many times quicker than the pattern
        return text
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


SHORT, MOST_SHORT = 240, 8192
"""Texts up to so many characters come again and again: words, names, sentences. So many are remembered."""


class _ShortTexts(dict[str, str]):
    """How short texts are written; looked up without a call, as a question has dozens of them."""

    def __init__(self, write: Callable[[str], str]) -> None:
        super().__init__()
        self._write = write

    def cache_clear(self) -> None:
        """Forgets every text, as a remembering function of the standard library does."""
        self.clear()

    def __missing__(self, text: str) -> str:
        written = self._write(text)
        if len(text) <= SHORT:
            if len(self) >= MOST_SHORT:
                self.clear()
            self[text] = written
        return written


def remembering_short(write: Callable[[str], str]) -> Callable[[str], str]:
    """How a text is written, remembered for short ones.

    >>> remembering_short(str.upper)("mask")
    'MASK'
    """
    return _ShortTexts(write).__getitem__


def inline_text(content: tuple[Inline, ...]) -> str:
    """Inline content on one line; formulas in Unicode, gaps as ``____``.

    >>> inline_text((Text("see "), Tokens(("[CLS]", "the"), numbered=True)))
    'see [CLS]₀ the₁'
    """
    return printable(_raw(content))


def some_read_alike(contents: Iterable[tuple[Inline, ...]]) -> bool:
    """Whether two contents are the same as plain text on one line: emphasis, say, is all that they differ in.

    >>> some_read_alike([(Text("a b"),), (Emphasis((Text("a  b"),)),)]), some_read_alike([(Text("a"),), (Text("A"),)])
    (True, False)
    """
    lines = [" ".join(inline_text(content).split()) for content in contents]
    return len(set(lines)) < len(lines)


def _raw(content: tuple[Inline, ...]) -> str:
    if len(content) == 1 and type(content[0]) is Text:
        return content[0].text
    return "".join([piece.text if type(piece) is Text else _INLINE[type(piece)](piece) for piece in content])


@lru_cache(maxsize=1024)
def _tokens(piece: Tokens) -> str:
    if not piece.numbered:
        return " ".join(piece.tokens)
    return " ".join([f"{token}{subscript(place)}" for place, token in enumerate(piece.tokens, piece.first)])


_INLINE: dict[type, Callable[[Any], str]] = {
    Text: lambda piece: piece.text,
    Formula: lambda piece: piece.unicode,
    Emphasis: lambda piece: _raw(piece.content),
    Strong: lambda piece: _raw(piece.content),
    Code: lambda piece: piece.text,
    Tokens: _tokens,
    Gap: lambda piece: "____",
    LineBreak: lambda piece: " ",
}


def subscript(number: int) -> str:
    """The number in subscript digits."""
    return str(number).translate(_SUBSCRIPTS)


def block_text(blocks: tuple[Block, ...]) -> str:
    """Blocks as text, a blank line between them."""
    return printable(_raw_blocks(blocks))


def _raw_blocks(blocks: tuple[Block, ...]) -> str:
    return "\n\n".join([_raw(block.content) if type(block) is Paragraph else _block(block) for block in blocks])


def _block(block: Block) -> str:
    match block:
        case Paragraph(content):
            return _raw(content)
        case CodeBlock(text, _):
            return text
        case ListBlock(entries, ordered):
            marks = [f"{k}." for k in range(1, len(entries) + 1)] if ordered else ["•"] * len(entries)
            return "\n".join([f"{mark} {_raw_blocks(entry)}" for mark, entry in zip(marks, entries, strict=True)])
        case Table(header, rows, caption, _):
            lines = [caption] if caption else []
            lines += [" | ".join([_raw(cell) for cell in row]) for row in ((header,) if header else ()) + rows]
            return "\n".join(lines)
    raise TypeError(f"not a block: {block!r}")
