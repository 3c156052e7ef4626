"""Content: what a person reads, as a small typed tree without markup of any format.

Exporters render it; words that were drawn at random are `Text`, never markup. Every formula carries its spoken form,
so that no format has to invent one. The nodes cannot form cycles, so the garbage collector need not follow them
(``gc=False``).
"""

from __future__ import annotations

import msgspec


class Formula(msgspec.Struct, frozen=True, gc=False, tag_field="is", tag="formula"):
    """A formula in every notation that a format may need.

    latex: without delimiters. mathml: one ``<math>`` element (presentation). unicode: for terminals and for formats
    without formulas. plain: ASCII of the one grammar, parses back to the same tree (author's formulas: their source).
    spoken: for screen readers. display: on a line of its own.
    """

    latex: str
    mathml: str
    unicode: str
    plain: str
    spoken: str
    display: bool = False


class Text(msgspec.Struct, frozen=True, gc=False, tag_field="is", tag="text"):
    text: str


class Emphasis(msgspec.Struct, frozen=True, gc=False, tag_field="is", tag="emphasis"):
    content: tuple[Inline, ...]


class Strong(msgspec.Struct, frozen=True, gc=False, tag_field="is", tag="strong"):
    content: tuple[Inline, ...]


class Code(msgspec.Struct, frozen=True, gc=False, tag_field="is", tag="code"):
    """Inline code."""

    text: str


class Tokens(msgspec.Struct, frozen=True, gc=False, tag_field="is", tag="tokens"):
    """A token sequence such as ``[CLS] the [MASK] bird``; positions may be printed beside the tokens.

    first: the position of the first token.
    """

    tokens: tuple[str, ...]
    first: int = 0
    numbered: bool = False


class Gap(msgspec.Struct, frozen=True, gc=False, tag_field="is", tag="gap"):
    """The place inside text where a part of the item is answered. part: its id."""

    part: str


class LineBreak(msgspec.Struct, frozen=True, gc=False, tag_field="is", tag="break"):
    pass


Inline = Text | Formula | Emphasis | Strong | Code | Tokens | Gap | LineBreak


class Paragraph(msgspec.Struct, frozen=True, gc=False, tag_field="is", tag="paragraph"):
    content: tuple[Inline, ...]


class CodeBlock(msgspec.Struct, frozen=True, gc=False, tag_field="is", tag="code-block"):
    text: str
    language: str = ""


class ListBlock(msgspec.Struct, frozen=True, gc=False, tag_field="is", tag="list"):
    """Numbered or bulleted; each entry is a sequence of blocks."""

    entries: tuple[tuple[Block, ...], ...]
    ordered: bool = False


class Table(msgspec.Struct, frozen=True, gc=False, tag_field="is", tag="table"):
    """header: cells of the first row (may be empty); rows: cells of the others; every cell is inline content.

    row_headers: the first cell of each row names the row (for screen readers).
    """

    header: tuple[tuple[Inline, ...], ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]
    caption: str = ""
    row_headers: bool = True


Block = Paragraph | CodeBlock | ListBlock | Table


def text_of(content: tuple[Inline, ...]) -> str:
    """Inline content as one line of Unicode text: for terminals, drop-down lists and answer sheets.

    >>> text_of((Text("Loss of "), Tokens(("[CLS]", "a", "[MASK]"))))
    'Loss of [CLS] a [MASK]'
    """
    if len(content) == 1 and type(content[0]) is Text:  # most options
        return content[0].text
    out: list[str] = []
    for node in content:
        match node:
            case Text(text) | Code(text):
                out.append(text)
            case Formula():
                out.append(node.unicode)
            case Emphasis(inner) | Strong(inner):
                out.append(text_of(inner))
            case Tokens(tokens, first, numbered):
                shown = (f"{token}({first + k})" for k, token in enumerate(tokens)) if numbered else tokens
                out.append(" ".join(shown))
            case Gap(part):
                out.append(f"____({part})")
            case LineBreak():
                out.append(" ")
    return "".join(out)


def line_of(content: tuple[Inline, ...]) -> str:
    """Inline content as a line of the form that hints and feedback have: text with ``$…$`` around LaTeX.

    A dollar sign of the text itself is written ``\\$``.
    """
    out: list[str] = []
    for node in content:
        if isinstance(node, Formula):
            out.append(f"${node.latex}$")
        elif isinstance(node, Emphasis | Strong):
            out.append(line_of(node.content))
        else:
            out.append(text_of((node,)).replace("$", "\\$"))
    return "".join(out)
