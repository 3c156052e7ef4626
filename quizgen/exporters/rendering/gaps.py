"""Where the answer fields of an item stand in its stem."""

from __future__ import annotations

from quizgen.content import Block, CodeBlock, Emphasis, Gap, Inline, ListBlock, Paragraph, Strong, Table


def gaps(blocks: tuple[Block, ...]) -> list[str]:
    """The ids of the parts that have a gap in these blocks."""
    found: list[str] = []
    for block in blocks:
        if type(block) is Paragraph:
            found += _inline_gaps(block.content)
            continue
        match block:
            case ListBlock(entries):
                for entry in entries:
                    found += gaps(entry)
            case Table(header, rows):
                for row in (header, *rows):
                    for cell in row:
                        found += _inline_gaps(cell)
            case CodeBlock():
                pass
    return found


def _inline_gaps(content: tuple[Inline, ...]) -> list[str]:
    found: list[str] = []
    if _MAY_HOLD_GAPS.isdisjoint(map(type, content)):  # nearly always
        return found
    for piece in content:
        if isinstance(piece, Gap):
            found.append(piece.part)
        elif isinstance(piece, Emphasis | Strong):
            found += _inline_gaps(piece.content)
    return found


_MAY_HOLD_GAPS = frozenset({Gap, Emphasis, Strong})
