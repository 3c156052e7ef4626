r"""Content as Markdown: CommonMark with tables, formulas as LaTeX between ``$`` and ``$``.

Every text reads back as itself. A paragraph is one line, so that a difference shows what was changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
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
from quizgen.exporters.rendering.text import printable, remembering_short, subscript

_ALWAYS = re.compile(r"[\\`*<$~]|\](?=[(\[:])|!(?=\[)")
_ANY = re.compile(r"[\\`*<$~\]!_&]")
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_START = re.compile(r"(?P<sign>[-+](?=\s|$)|#{1,6}(?=\s|$)|[>\[|]|=+\s*$|-{2,})|(?P<number>\d{1,9})(?=[.)](?:\s|$))")
_MISREAD = re.compile(r"\$[$\d]|\d\$|``|\*\*|\][(\[:]|!\[")
BREAK = "\\\n"


def _escaped(text: str) -> str:
    r"""Words in which nothing is markup.

    >>> escaped("2*3 $5 <b> x_1 _so_ &amp; [a](b)")
    '2\\*3 \\$5 \\<b> x_1 \\_so\\_ &amp;amp; [a\\](b)'
    """
    if not text.isprintable() or "  " in text:
        text = re.sub(r"\s+", " ", printable(text))
    if not _ANY.search(text):
        return text
    text = _ENTITY.sub("&amp;", _ALWAYS.sub(lambda found: "\\" + found[0], text))
    return _UNDERSCORE.sub(r"\\_", text)


escaped = remembering_short(_escaped)


def line(text: str) -> str:
    r"""A written line, its beginning no list, heading or quotation.

    >>> line("1. May"), line("- 3"), line("#1"), line("# 1")
    ('1\\. May', '\\- 3', '#1', '\\# 1')
    """
    text = text.strip()
    if text[:1].isalpha():  # most are words
        return text
    found = _START.match(text)
    if not found:
        return text
    return f"{found['number']}\\{text[found.end() :]}" if found["number"] else "\\" + text


def _code(text: str) -> str:
    """Inline code.

    >>> code("a`b"), code("`"), code("")
    ('``a`b``', '`` ` ``', '')
    """
    text = " ".join(printable(text).split())
    if "`" not in text:
        return f"`{text}`" if text else ""
    ticks = "`" * (max(map(len, re.findall("`+", text))) + 1)
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


code = remembering_short(_code)


def code_block(text: str, language: str = "") -> str:
    """A block of code between fences that are longer than any inside it."""
    text = printable(text).replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    fence = "`" * max(3, max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    name = re.sub(r"[^\w+#.-]", "", language)
    return f"{fence}{name}\n{text}\n{fence}"


def _between_dollars(latex: str) -> str:
    """LaTeX between dollar signs; "" if it cannot stand there."""
    latex = " ".join(printable(latex).split())
    return "" if not latex or "$" in latex or latex.endswith("\\") else f"${latex}$"


_dollars = remembering_short(_between_dollars)


def formula(piece: Formula) -> str:
    """A formula as LaTeX, as code if it holds a dollar sign."""
    return _dollars(piece.latex) or code(piece.unicode or piece.latex)


GapWriter = Callable[[str], str]


def _blank(part: str) -> str:
    return "`____`"


def inline(content: tuple[Inline, ...], gap: GapWriter = _blank) -> str:
    """Inline content as Markdown. gap: what stands at the place of a part."""
    if len(content) == 1 and type(content[0]) is Text:  # most options and feedback
        return escaped(content[0].text)
    return _joined(
        [escaped(piece.text) if type(piece) is Text else _INLINE[type(piece)](piece, gap) for piece in content]
    )


def one_line(content: tuple[Inline, ...]) -> str:
    """The same on one line, as a list entry or heading."""
    return line(inline(content).replace(BREAK, " "))


@lru_cache(maxsize=1024)
def _tokens(piece: Tokens) -> str:
    if not piece.numbered:
        return code(" ".join(piece.tokens))
    return " ".join([code(token) + subscript(place) for place, token in enumerate(piece.tokens, piece.first)])


_INLINE: dict[type, Callable[[Any, GapWriter], str]] = {
    Text: lambda piece, gap: escaped(piece.text),
    Formula: lambda piece, gap: formula(piece),
    Emphasis: lambda piece, gap: _marked(inline(piece.content, gap), "*", "em"),
    Strong: lambda piece, gap: _marked(inline(piece.content, gap), "**", "strong"),
    Code: lambda piece, gap: code(piece.text),
    Tokens: lambda piece, gap: _tokens(piece),
    Gap: lambda piece, gap: gap(piece.part),
    LineBreak: lambda piece, gap: BREAK,
}


def _marked(text: str, sign: str, tag: str) -> str:
    """Emphasis by asterisks where they are sure to be read as such, else by an element."""
    while text.endswith(BREAK) or text.startswith(BREAK):  # a break at its edge breaks nothing there
        text = text.removesuffix(BREAK).removeprefix(BREAK)
    core = text.strip()
    if not core:
        return text
    before, _, after = text.partition(core)
    if core[0].isalnum() and core[-1].isalnum():
        return f"{before}{sign}{core}{sign}{after}"
    return f"{before}<{tag}>{core}</{tag}>{after}"


def _joined(pieces: list[str]) -> str:
    """Pieces side by side, kept apart where the end of one and the start of the next would be read as one thing."""
    text = end = ""
    for piece in pieces:
        if piece:
            if end and _misread(end + piece[0]):
                text, piece = _kept_apart(text, piece)
            text += piece
            end = piece[-1]
    return text


_misread = remembering_short(lambda pair: pair if _MISREAD.fullmatch(pair) else "")
"""Two signs that mean something beside each other; "" for others."""


def _kept_apart(text: str, piece: str) -> tuple[str, str]:
    """A digit next to a dollar sign, two signs of one kind or brackets, changed so that each is read by itself."""
    end, start = text[-1], piece[0]
    if text.endswith("\\$"):
        return text, piece
    if end == "$" and start != "$":
        return text, f"&#{ord(start)};{piece[1:]}"
    if start == "$" and end != "$":
        return f"{text[:-1]}&#{ord(end)};", piece
    if end == start:
        return text + "\u200a", piece
    return f"{text[:-1]}\\{end}", piece


def blocks(content: tuple[Block, ...], gap: GapWriter = _blank) -> str:
    """Blocks as Markdown, a blank line between them."""
    if len(content) == 1 and type(content[0]) is Paragraph:
        return _paragraph(content[0].content, gap)
    return "\n\n".join(filter(None, [_BLOCKS[type(block)](block, gap) for block in content]))


def _paragraph(content: tuple[Inline, ...], gap: GapWriter) -> str:
    if len(content) == 1 and type(only := content[0]) is Formula and only.display and (text := _dollars(only.latex)):
        return f"${text}$"
    text = inline(content, gap)
    if BREAK not in text:
        return line(text)
    return BREAK.join(filter(None, map(line, text.split(BREAK))))


def _list(block: ListBlock, gap: GapWriter) -> str:
    return "\n".join(
        [
            entry(f"{number}. " if block.ordered else "- ", blocks(inner, gap))
            for number, inner in enumerate(block.entries, 1)
        ]
    )


def entry(mark: str, text: str) -> str:
    """A list entry, its further lines under its first.

    >>> print(entry("- ", "a" + chr(10) + "b"))
    - a
      b
    """
    return mark + (re.sub(r"\n(?=[^\n])", "\n" + " " * len(mark), text) if "\n" in text else text)


def _table(table: Table, gap: GapWriter) -> str:
    width = max(map(len, (table.header, *table.rows)), default=0)
    if not width:
        return line(escaped(table.caption))

    def row(cells: tuple[tuple[Inline, ...], ...]) -> str:
        texts = [_cell(inline(cell, gap)) for cell in cells]
        return "| " + " | ".join(texts + [""] * (width - len(texts))) + " |"

    caption = f"{line(escaped(table.caption))}\n\n" if table.caption.strip() else ""
    return caption + "\n".join((row(table.header), "|" + "---|" * width, *map(row, table.rows)))


def _cell(text: str) -> str:
    return text.replace(BREAK, "<br>").replace("|", "\\|").strip()


_BLOCKS: dict[type, Callable[[Any, GapWriter], str]] = {
    Paragraph: lambda block, gap: _paragraph(block.content, gap),
    CodeBlock: lambda block, gap: code_block(block.text, block.language),
    ListBlock: _list,
    Table: _table,
}
