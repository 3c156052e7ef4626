"""Where the answer fields of an item stand in its stem."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.content import Block, CodeBlock, Gap, ListBlock, Paragraph, Table


def gaps(blocks: tuple[Block, ...]) -> Iterator[str]:
    """The ids of the parts that have a gap in these blocks."""
    for block in blocks:
        match block:
            case Paragraph(content):
                yield from _inline_gaps(content)
            case ListBlock(entries):
                for entry in entries:
                    yield from gaps(entry)
            case Table(header, rows):
                for row in (header, *rows):
                    for cell in row:
                        yield from _inline_gaps(cell)
            case CodeBlock():
                pass


def _inline_gaps(content: tuple[object, ...]) -> Iterator[str]:
    for piece in content:
        if isinstance(piece, Gap):
            yield piece.part
        yield from _inline_gaps(getattr(piece, "content", ()))
