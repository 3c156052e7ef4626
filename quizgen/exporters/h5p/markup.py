r"""The one place where anything becomes text of an H5P package.

H5P keeps a few tags of each field only and drops the others when a package is uploaded: texts are written with ``p``,
``br``, ``strong`` and ``em``, which every field of a question allows; lists, tables and code become lines. Formulas are
LaTeX between ``\(`` and ``\)``. Only ``&``, ``<`` and ``>`` are escaped, because an upload may turn any other entity
back into its character.

In the lines of a fill-in question an asterisk begins a blank, and nothing makes it an asterisk again: there, and on
what is dragged, signs that mean something are written as others that look alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

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
from quizgen.exporters.rendering.text import inline_text, printable, remembering_short
from quizgen.exporters.rendering.typesetting import TYPESET, drawn_apart

SIGNS = "*/:"
"""What no answer of a fill-in question can hold: it ends the blank, separates answers, begins the tip."""

BREAK = "<br />"
_JOINER = "\u2060"
_DRAGGED = str.maketrans({"*": "∗", ":": "∶", "\\": "⧵"})
_INDENT = re.compile("(?m)^ +| (?= )")

GapText = Callable[[str], str]


def _no_gap(part: str) -> str:
    return "____"


def text(plain: str, blanks: bool = False) -> str:
    r"""Text as HTML in which nothing is typeset as a formula. blanks: it stands in a line with blanks.

    >>> text(r"a<b & \(x\) *c*"), text("2*3", blanks=True)
    ('a&lt;b &amp; \\<span></span>(x\\) *c*', '2∗3')
    """
    html = _untypeset(plain)
    return html.replace("*", "∗") if blanks else html


def _drawn_apart(plain: str) -> str:
    return drawn_apart(escape(printable(plain), quote=False))


_untypeset = remembering_short(_drawn_apart)


def _plain_text(line: str) -> str:
    r"""Text for a field without tags, on one line.

    >>> plain_text("a\n<b>")
    'a &lt;b&gt;'
    """
    shown = TYPESET.sub(lambda match: match[0] + _JOINER, " ".join(printable(line).split()))
    return escape(shown.replace("@score", f"@{_JOINER}score").replace("@total", f"@{_JOINER}total"), quote=False)


plain_text = remembering_short(_plain_text)


def plain_inline(content: tuple[Inline, ...]) -> str:
    """Inline content for a field without tags; formulas stay formulas."""
    return "".join(
        _formula(piece, False) if isinstance(piece, Formula) else _spaced(plain_text, inline_text((piece,)))
        for piece in _flat(content)
    ).strip()


def plain_blocks(blocks: tuple[Block, ...]) -> str:
    """Blocks on one line for a field without tags; formulas stay formulas."""
    return " ".join(filter(None, map(_plain_block, blocks)))


def _plain_block(block: Block) -> str:
    match block:
        case Paragraph(content):
            return plain_inline(content)
        case CodeBlock(code, _):
            return plain_text(code)
        case ListBlock(entries, ordered):
            marks = (f"{number}." if ordered else "•" for number in range(1, len(entries) + 1))
            return " ".join(f"{mark} {plain_blocks(entry)}" for mark, entry in zip(marks, entries, strict=True))
        case Table(header, rows, caption, _):
            lines = (" | ".join(map(plain_inline, row)) for row in (*filter(None, (header,)), *rows))
            return "; ".join(filter(None, (plain_text(caption), *lines)))
    raise TypeError(f"not a block: {block!r}")


def _flat(content: tuple[Inline, ...]) -> tuple[Inline, ...]:
    return tuple(
        inner
        for piece in content
        for inner in (_flat(piece.content) if isinstance(piece, Emphasis | Strong) else (piece,))
    )


def _spaced(write: Callable[[str], str], plain: str) -> str:
    """White space around a piece stays one space."""
    body = write(plain)
    return f"{' ' if plain[:1].isspace() else ''}{body}{' ' if body and plain[-1:].isspace() else ''}"


def dragged(content: tuple[Inline, ...]) -> str:
    r"""The text of what is dragged: one line, formulas in Unicode.

    >>> dragged((Text("a : b*c"),))
    'a ∶ b∗c'
    """
    return escape(" ".join(inline_text(content).split()).translate(_DRAGGED), quote=False)


def solution(answers: str) -> str:
    """The answers of a blank."""
    return escape(" ".join(printable(answers).split()), quote=False)


def inline(content: tuple[Inline, ...], blanks: bool = False, gap: GapText = _no_gap) -> str:
    """Inline content as HTML. gap: what stands at the place of a part."""
    return "".join(
        [text(piece.text, blanks) if type(piece) is Text else _inline(piece, blanks, gap) for piece in content]
    )


def _inline(piece: Inline, blanks: bool, gap: GapText) -> str:
    match piece:
        case Formula():
            return _formula(piece, blanks)
        case Emphasis(content):
            return f"<em>{inline(content, blanks, gap)}</em>"
        case Strong(content):
            return f"<strong>{inline(content, blanks, gap)}</strong>"
        case Gap(part):
            return gap(part)
        case LineBreak():
            return BREAK
        case Text(plain) | Code(plain):
            return text(plain, blanks)
        case Tokens():
            return text(inline_text((piece,)), blanks)
    raise TypeError(f"not inline content: {piece!r}")


def _formula(formula: Formula, blanks: bool) -> str:
    latex = formula.latex.replace("*", r"\ast ") if blanks else formula.latex
    latex = escape(printable(latex), quote=False)
    return rf"\[{latex}\]" if formula.display else rf"\({latex}\)"


def blocks(content: tuple[Block, ...], blanks: bool = False, gap: GapText = _no_gap) -> str:
    """Blocks as HTML, one a line."""
    return "\n".join(_block(block, blanks, gap) for block in content)


def _block(block: Block, blanks: bool, gap: GapText) -> str:
    match block:
        case Paragraph(content):
            return f"<p>{inline(content, blanks, gap)}</p>"
        case CodeBlock(code, _):
            lines = _INDENT.sub(lambda match: "\u00a0" * len(match[0]), printable(code)).split("\n")
            return f"<p>{BREAK.join(text(line, blanks) for line in lines)}</p>"
        case ListBlock(entries, ordered):
            marks = (f"{number}." if ordered else "•" for number in range(1, len(entries) + 1))
            return "\n".join(_entry(mark, entry, blanks, gap) for mark, entry in zip(marks, entries, strict=True))
        case Table():
            return _table(block, blanks, gap)
    raise TypeError(f"not a block: {block!r}")


def _entry(mark: str, entry: tuple[Block, ...], blanks: bool, gap: GapText) -> str:
    match entry:
        case (Paragraph(content), *more):
            first = f"<p>{mark} {inline(content, blanks, gap)}</p>"
            return "\n".join((first, *(_block(block, blanks, gap) for block in more)))
    return f"<p>{mark}</p>\n{blocks(entry, blanks, gap)}"


def _table(table: Table, blanks: bool, gap: GapText) -> str:
    def row(cells: tuple[tuple[Inline, ...], ...]) -> str:
        return " | ".join(inline(cell, blanks, gap) for cell in cells)

    lines = [f"<em>{text(table.caption, blanks)}</em>"] if table.caption else []
    lines += [f"<strong>{row(table.header)}</strong>"] if table.header else []
    return f"<p>{BREAK.join((*lines, *map(row, table.rows)))}</p>"
