r"""Content as Markdown: CommonMark with tables, formulas as LaTeX between ``$`` and ``$``.

Every text reads back as itself. A paragraph is one line, so that a difference shows what was changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable

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
    text = _ENTITY.sub("&amp;", _ALWAYS.sub(r"\\\g<0>", text))
    return _UNDERSCORE.sub(r"\\_", text)


escaped = remembering_short(_escaped)


def line(text: str) -> str:
    r"""A written line, its beginning no list, heading or quotation.

    >>> line("1. May"), line("- 3"), line("#1"), line("# 1")
    ('1\\. May', '\\- 3', '#1', '\\# 1')
    """
    text = text.strip()
    found = _START.match(text)
    if not found:
        return text
    return f"{found['number']}\\{text[found.end() :]}" if found["number"] else "\\" + text


def code(text: str) -> str:
    """Inline code.

    >>> code("a`b"), code("`"), code("")
    ('``a`b``', '`` ` ``', '')
    """
    text = " ".join(printable(text).split())
    if not text:
        return ""
    ticks = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def code_block(text: str, language: str = "") -> str:
    """A block of code between fences that are longer than any inside it."""
    text = printable(text).replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    fence = "`" * max(3, max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    name = re.sub(r"[^\w+#.-]", "", language)
    return f"{fence}{name}\n{text}\n{fence}"


def formula(piece: Formula) -> str:
    """A formula as LaTeX, as code if it holds a dollar sign."""
    latex = " ".join(printable(piece.latex).split())
    if not latex or "$" in latex or latex.endswith("\\"):
        return code(piece.unicode or latex)
    return f"${latex}$"


def inline(content: tuple[Inline, ...], gap: Callable[[str], str] = lambda part: "`____`") -> str:
    """Inline content as Markdown. gap: what stands at the place of a part."""
    return _joined([_inline(piece, gap) for piece in content])


def one_line(content: tuple[Inline, ...]) -> str:
    """The same on one line, as a list entry or heading."""
    return line(inline(content).replace(BREAK, " "))


def _inline(piece: Inline, gap: Callable[[str], str]) -> str:
    match piece:
        case Text(text):
            return escaped(text)
        case Formula():
            return formula(piece)
        case Emphasis(content):
            return _marked(inline(content, gap), "*", "em")
        case Strong(content):
            return _marked(inline(content, gap), "**", "strong")
        case Code(text):
            return code(text)
        case Tokens(tokens, first, numbered):
            if not numbered:
                return code(" ".join(tokens))
            return " ".join(code(token) + subscript(first + place) for place, token in enumerate(tokens))
        case Gap(part):
            return gap(part)
        case LineBreak():
            return BREAK
    raise TypeError(f"not inline content: {piece!r}")


def _marked(text: str, sign: str, tag: str) -> str:
    """Emphasis by asterisks where they are sure to be read as such, else by an element."""
    core = text.strip()
    if not core:
        return text
    before, _, after = text.partition(core)
    if core[0].isalnum() and core[-1].isalnum():
        return f"{before}{sign}{core}{sign}{after}"
    return f"{before}<{tag}>{core}</{tag}>{after}"


def _joined(pieces: list[str]) -> str:
    """Pieces side by side: a digit next to a dollar sign, or two signs of one kind, would be read otherwise."""
    text = ""
    for piece in filter(None, pieces):
        formula_before = text.endswith("$") and not text.endswith("\\$")
        if formula_before and piece[0].isdecimal():
            piece = f"&#{ord(piece[0])};{piece[1:]}"
        elif piece[0] == "$" and text[-1:].isdecimal():
            text = f"{text[:-1]}&#{ord(text[-1])};"
        elif (formula_before and piece[0] == "$") or (text[-1:] == piece[0] and piece[0] in "`*"):
            text += "\u200a"
        elif (text[-1:] == "]" and piece[0] in "([:") or (text[-1:] == "!" and piece[0] == "["):
            text = f"{text[:-1]}\\{text[-1]}"
        text += piece
    return text


def blocks(content: tuple[Block, ...], gap: Callable[[str], str] = lambda part: "`____`") -> str:
    """Blocks as Markdown, a blank line between them."""
    return "\n\n".join(filter(None, (_block(block, gap) for block in content)))


def _block(block: Block, gap: Callable[[str], str]) -> str:
    match block:
        case Paragraph(content):
            return _paragraph(content, gap)
        case CodeBlock(text, language):
            return code_block(text, language)
        case ListBlock(entries, ordered):
            return "\n".join(
                entry(f"{number}. " if ordered else "- ", blocks(inner, gap)) for number, inner in enumerate(entries, 1)
            )
        case Table():
            return _table(block, gap)
    raise TypeError(f"not a block: {block!r}")


def _paragraph(content: tuple[Inline, ...], gap: Callable[[str], str]) -> str:
    match content:
        case (Formula(display=True) as only,) if (text := formula(only)).startswith("$"):
            return f"$${text[1:-1]}$$"
    lines = (line(part) for part in inline(content, gap).split(BREAK))
    return BREAK.join(filter(None, lines))


def entry(mark: str, text: str) -> str:
    """A list entry, its further lines under its first.

    >>> print(entry("- ", "a" + chr(10) + "b"))
    - a
      b
    """
    return mark + re.sub(r"\n(?=[^\n])", "\n" + " " * len(mark), text)


def _table(table: Table, gap: Callable[[str], str]) -> str:
    width = max(map(len, (table.header, *table.rows)), default=0)
    if not width:
        return line(escaped(table.caption))

    def row(cells: tuple[tuple[Inline, ...], ...]) -> str:
        texts = [inline(cell, gap).replace(BREAK, "<br>").replace("|", "\\|").strip() for cell in cells]
        return "| " + " | ".join(texts + [""] * (width - len(texts))) + " |"

    caption = f"{line(escaped(table.caption))}\n\n" if table.caption.strip() else ""
    return caption + "\n".join((row(table.header), "|" + "---|" * width, *map(row, table.rows)))
