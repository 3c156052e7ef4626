"""About how much room content takes on paper: a question that surely fits a page need not be measured by Typst."""

from __future__ import annotations

from quizgen.content import (
    Block,
    Code,
    CodeBlock,
    Emphasis,
    Formula,
    Inline,
    LineBreak,
    ListBlock,
    Paragraph,
    Strong,
    Table,
    Text,
    Tokens,
)
from quizgen.exporters.told_answers import offered
from quizgen.model import EssayInteraction, Item, MatchingInteraction

NORMAL, LARGE = (75, 38), (45, 24)
"""Characters of a line and lines of a page: in truth both are more."""
BETWEEN = 0.6
"""Lines of room between two blocks."""
GAP, TALL, ESSAY = 14, 1, 60
"""Characters that a gap is wide; lines more that formulas may take; lines of a place for a free text."""


def width(content: tuple[Inline, ...]) -> int:
    """About how many characters wide inline content is."""
    wide = 0
    for piece in content:
        if type(piece) is Text:
            wide += len(piece.text)
        elif type(piece) is Formula:
            wide += len(piece.unicode)
        else:
            wide += _width_of(piece)
    return wide


def _width_of(piece: Inline) -> int:
    match piece:
        case Code(text):
            return len(text)
        case Emphasis(inner) | Strong(inner):
            return width(inner)
        case Tokens(tokens):
            return sum(map(len, tokens)) + 3 * len(tokens)
        case LineBreak():
            return LARGE[0]
    return GAP


def surely_fits(item: Item, with_fields: bool, large: bool) -> bool:
    """Whether a question fits a page. with_fields: its answers are written below it. large: in large print."""
    line, most = LARGE if large else NORMAL
    lines = 2 + _lines(len(item.title), line) + blocks_lines(item.stem, line)
    for part in item.parts:
        interaction = part.interaction
        half = line // 2 if isinstance(interaction, MatchingInteraction) else line
        lists = [sum([_lines(width(one.content) + 4, half) for one in entries]) for entries in offered(interaction)]
        lines += 2 + blocks_lines(part.prompt, line) + max(lists, default=3)
        lines += 2 * len(getattr(interaction, "numbers", ()))
        if with_fields and isinstance(interaction, EssayInteraction):
            lines += ESSAY
    return lines <= most


def _lines(characters: int, line: int) -> float:
    return -(-characters // line) + BETWEEN


def blocks_lines(blocks: tuple[Block, ...], line: int) -> float:
    """About how many lines blocks take, rather too many. line: characters of one."""
    lines = 0.0
    for block in blocks:
        if type(block) is Paragraph:
            wide = width(block.content)
            tall = [
                piece for piece in block.content if type(piece) is Formula and (piece.display or "frac" in piece.latex)
            ]
            lines += _lines(wide, line) + (TALL * (1 + wide // line) if tall else 0)
            continue
        match block:
            case CodeBlock(text):
                lines += BETWEEN + sum(1.4 * -(-max(len(row), 1) // (line - 10)) for row in text.split("\n"))
            case ListBlock(entries):
                lines += sum(blocks_lines(entry, line) for entry in entries)
            case Table(header, rows, caption):
                lines += _lines(len(caption), line)
                room = max(6, line // max(1, max(map(len, (header, *rows)), default=1)) - 3)
                for row in (header, *rows):
                    lines += 1 + max((-(-width(cell) // room) for cell in row), default=1)
    return lines
