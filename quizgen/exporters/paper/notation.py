"""Content in a notation of paper: one walk for Typst and LaTeX, which differ in how each piece is written.

Both know the same commands, ``quiz…``, which the files that the booklets begin with define.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

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
    """One notation; every method gives its source. suffix: of the files."""

    suffix: str

    @abstractmethod
    def begin(self, sheet: Sheet) -> str:
        """What a file begins with."""

    @abstractmethod
    def end(self) -> str:
        """What a file ends with."""

    @abstractmethod
    def text(self, text: str) -> str:
        """A text in which nothing is markup."""

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
    def code(self, text: str) -> str: ...

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
        return "".join([self._inline(piece, gap) for piece in content])

    def _inline(self, piece: Inline, gap: GapWriter | None) -> str:
        match piece:
            case Text(text):
                return self.text(text)
            case Formula():
                return self.formula(piece)
            case Emphasis(content):
                return self.emphasis(self.inline(content, gap), strong=False)
            case Strong(content):
                return self.emphasis(self.inline(content, gap), strong=True)
            case Code(text):
                return self.code(text)
            case Tokens(tokens, first, numbered):
                if not numbered:
                    return self.code(" ".join(tokens))
                shown = (self.code(token) + self.text(subscript(first + k)) for k, token in enumerate(tokens))
                return self.text(" ").join(shown)
            case Gap(part):
                return gap(part) if gap else self.short("gap", "")
            case LineBreak():
                return self.line_break()
        raise TypeError(f"not inline content: {piece!r}")

    def blocks(self, blocks: tuple[Block, ...], gap: GapWriter | None = None) -> str:
        """Blocks, each ending its line."""
        return "".join([self._block(block, gap) for block in blocks])

    def _block(self, block: Block, gap: GapWriter | None) -> str:
        match block:
            case Paragraph(content):
                return self.paragraph(self.inline(content, gap))
            case CodeBlock(text, _):
                return self.code_block(text)
            case ListBlock(entries, ordered):
                return self.listing([self._entry(entry, gap) for entry in entries], ordered) if entries else ""
            case Table():
                return self._table(block, gap)
        raise TypeError(f"not a block: {block!r}")

    def _entry(self, entry: tuple[Block, ...], gap: GapWriter | None) -> str:
        match entry:
            case (Paragraph(content),):
                return self.inline(content, gap)
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
