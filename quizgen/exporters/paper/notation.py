"""Content in a notation of paper: one walk for Typst and LaTeX, which differ in how each piece is written.

Both know the same commands, ``quiz…``, which the files that the booklets begin with define.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from itertools import groupby
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
from quizgen.exporters.paper.extent import width
from quizgen.exporters.rendering.text import subscript
from quizgen.exporters.rendering.wording import Wording

GapWriter = Callable[[str], str]
MOST_PHRASES = 4096
"""So many are remembered while the files of an export are written."""


class Sheet(msgspec.Struct, frozen=True):
    """What holds for a whole file.

    head: what stands on every page, such as the learner. large: in large print. sections: every question stands below
    the heading of a section.
    """

    title: str
    words: Wording
    head: str = ""
    large: bool = False
    sections: bool = True


class Notation(ABC):
    """One notation; every method gives its source.

    suffix: of the files. text: how a text is written, nothing in it is markup. code: how inline code is.
    displays_apart: whether a displayed formula cannot stand inside a paragraph.
    """

    suffix: str
    displays_apart = False
    text: Callable[[str], str]
    code: Callable[[str], str]

    def __init__(self) -> None:
        self._phrases: dict[tuple[Inline, ...], str] = {}

    @abstractmethod
    def begin(self, sheet: Sheet) -> str:
        """What a file begins with."""

    @abstractmethod
    def end(self) -> str:
        """What a file ends with."""

    @abstractmethod
    def call(self, name: str, *contents: str) -> str:
        """One of the common commands with its contents, a line of its own. name: without ``quiz``."""

    @abstractmethod
    def short(self, name: str, *contents: str) -> str:
        """The same inside a line."""

    @abstractmethod
    def space(self, lines: int) -> str:
        """Room to write so many lines."""

    @abstractmethod
    def formula(self, formula: Formula) -> str: ...

    @abstractmethod
    def emphasis(self, content: str, strong: bool) -> str: ...

    @abstractmethod
    def line_break(self) -> str: ...

    @abstractmethod
    def paragraph(self, content: str) -> str: ...

    @abstractmethod
    def code_block(self, text: str) -> str: ...

    @abstractmethod
    def listing(self, entries: list[str], ordered: bool) -> str: ...

    @abstractmethod
    def table(self, header: list[str], rows: list[list[str]], caption: str, widths: list[int]) -> str:
        """A table whose rows are of one length. widths: about how many characters each column holds."""

    # --- the walk

    def inline(self, content: tuple[Inline, ...], gap: GapWriter | None = None) -> str:
        """Inline content. gap: what stands at the place of a part."""
        text = self.text
        if len(content) == 1 and type(content[0]) is Text:  # most options and feedback
            return text(content[0].text)
        return "".join(
            [text(piece.text) if type(piece) is Text else _INLINE[type(piece)](self, piece, gap) for piece in content]
        )

    def phrase(self, content: tuple[Inline, ...]) -> str:
        """Inline content that comes again and again: hints and feedback are the same for all variants of a template."""
        written = self._phrases.get(content)
        if written is None:
            if len(self._phrases) >= MOST_PHRASES:
                self._phrases.clear()
            written = self._phrases[content] = self.inline(content)
        return written

    def tokens(self, piece: Tokens) -> str:
        """A sequence of tokens, with their places if they are numbered."""
        if not piece.numbered:
            return self.code(" ".join(piece.tokens))
        numbered = enumerate(piece.tokens, piece.first)
        return self.text(" ").join([self.code(token) + self.text(subscript(place)) for place, token in numbered])

    def blocks(self, blocks: tuple[Block, ...], gap: GapWriter | None = None) -> str:
        """Blocks, each ending its line."""
        return "".join(
            [
                self._paragraph(block.content, gap)
                if type(block) is Paragraph
                else _BLOCKS[type(block)](self, block, gap)
                for block in blocks
            ]
        )

    def _paragraph(self, content: tuple[Inline, ...], gap: GapWriter | None) -> str:
        """A paragraph, or several with displayed formulas between them."""
        if not self.displays_apart or not any(type(piece) is Formula and piece.display for piece in content):
            return self.paragraph(self.inline(content, gap))
        written = ""
        for displayed, pieces in groupby(content, lambda piece: type(piece) is Formula and piece.display):
            if displayed:
                written += "".join([self.inline((formula,)) + "\n" for formula in pieces])
            elif between := _trimmed(list(pieces)):
                written += self.paragraph(self.inline(between, gap))
        return written

    def _list(self, block: ListBlock, gap: GapWriter | None) -> str:
        if not block.entries:
            return ""
        return self.listing([self._entry(entry, gap) for entry in block.entries], block.ordered)

    def _entry(self, entry: tuple[Block, ...], gap: GapWriter | None) -> str:
        if len(entry) == 1 and type(only := entry[0]) is Paragraph:
            return self.inline(only.content, gap)
        return self.blocks(entry, gap)

    def _table(self, table: Table, gap: GapWriter | None) -> str:
        count = max(map(len, (table.header, *table.rows)), default=0)
        if not count:
            return self.paragraph(self.text(table.caption)) if table.caption else ""

        def cells(row: tuple[tuple[Inline, ...], ...]) -> list[str]:
            return [self.inline(cell, gap) for cell in row] + [""] * (count - len(row))

        widths = [
            max(width(row[column]) if column < len(row) else 0 for row in (table.header, *table.rows))
            for column in range(count)
        ]
        header = cells(table.header) if table.header else []
        return self.table(header, [cells(row) for row in table.rows], self.text(table.caption), widths)


def _trimmed(pieces: list[Inline]) -> tuple[Inline, ...]:
    """Pieces without the breaks and blanks at their ends."""

    def shows(piece: Inline) -> bool:
        return not (isinstance(piece, LineBreak) or (isinstance(piece, Text) and not piece.text.strip()))

    shown = [place for place, piece in enumerate(pieces) if shows(piece)]
    return tuple(pieces[shown[0] : shown[-1] + 1]) if shown else ()


_INLINE: dict[type, Callable[[Notation, Any, GapWriter | None], str]] = {
    Text: lambda notation, piece, gap: notation.text(piece.text),
    Formula: lambda notation, piece, gap: notation.formula(piece),
    Emphasis: lambda notation, piece, gap: notation.emphasis(notation.inline(piece.content, gap), strong=False),
    Strong: lambda notation, piece, gap: notation.emphasis(notation.inline(piece.content, gap), strong=True),
    Code: lambda notation, piece, gap: notation.code(piece.text),
    Tokens: lambda notation, piece, gap: notation.tokens(piece),
    Gap: lambda notation, piece, gap: gap(piece.part) if gap else notation.short("gap", ""),
    LineBreak: lambda notation, piece, gap: notation.line_break(),
}
_BLOCKS: dict[type, Callable[[Notation, Any, GapWriter | None], str]] = {
    Paragraph: lambda notation, block, gap: notation._paragraph(block.content, gap),
    CodeBlock: lambda notation, block, gap: notation.code_block(block.text),
    ListBlock: Notation._list,
    Table: Notation._table,
}
