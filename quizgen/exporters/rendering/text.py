"""Content as plain Unicode text: for drop-downs, names, reports and wherever no formula can be drawn."""

from __future__ import annotations

import re

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


def printable(text: str) -> str:
    """The text without control characters and lone surrogates."""
    return text if text.isprintable() else UNPRINTABLE.sub("", text)


def inline_text(content: tuple[Inline, ...]) -> str:
    """Inline content on one line; formulas in Unicode, gaps as ``____``.

    >>> inline_text((Text("see "), Tokens(("[CLS]", "the"), numbered=True)))
    'see [CLS]₀ the₁'
    """
    return "".join(_inline(piece) for piece in content)


def _inline(piece: Inline) -> str:
    match piece:
        case Text(text) | Code(text):
            return printable(text)
        case Formula():
            return printable(piece.unicode)
        case Emphasis(content) | Strong(content):
            return inline_text(content)
        case Tokens(tokens, first, numbered):
            shown = (f"{token}{subscript(first + k)}" if numbered else token for k, token in enumerate(tokens))
            return printable(" ".join(shown))
        case Gap():
            return "____"
        case LineBreak():
            return " "
    raise TypeError(f"not inline content: {piece!r}")


def subscript(number: int) -> str:
    """The number in subscript digits."""
    return str(number).translate(str.maketrans("0123456789-", "₀₁₂₃₄₅₆₇₈₉₋"))


def block_text(blocks: tuple[Block, ...]) -> str:
    """Blocks as text, a blank line between them."""
    return "\n\n".join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    match block:
        case Paragraph(content):
            return inline_text(content)
        case CodeBlock(text, _):
            return printable(text)
        case ListBlock(entries, ordered):
            marks = (f"{k}." if ordered else "•" for k in range(1, len(entries) + 1))
            return "\n".join(f"{mark} {block_text(entry)}" for mark, entry in zip(marks, entries, strict=True))
        case Table(header, rows, caption, _):
            lines = [printable(caption)] if caption else []
            return "\n".join(
                lines + [" | ".join(map(inline_text, row)) for row in ((header,) if header else ()) + rows]
            )
    raise TypeError(f"not a block: {block!r}")
