"""Content, or builders of it where there are holes: what they make of the values, and how they are put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from quizgen.content import Block, CodeBlock, Emphasis, Inline, ListBlock, Paragraph, Strong, Table, Text
from quizgen.markup.formula_shapes import MisplacedHole

_BLOCKS = (Paragraph, CodeBlock, ListBlock, Table)
_BLOCK_TYPES = frozenset(_BLOCKS)


def run(parts: list[Any]) -> Any:
    """Inline content from strings, inlines, indices of values and builders; strings that meet become one."""
    if not any(isinstance(part, int) or callable(part) for part in parts):
        return tuple(_joined(parts))

    steps, rest = _steps(parts)

    def build(values: Sequence[Any]) -> tuple[Inline, ...]:
        out: list[Inline] = []
        words = ""
        for before, part, is_builder in steps:
            words += before
            if type(part) is int:
                value = values[part]
                if type(value) is str:
                    words += value
                    continue
                _require_inline(value)
            else:
                value = part(values) if is_builder else part
            if words:
                out.append(Text(words))
                words = ""
            if type(value) is tuple:
                out.extend(value)
            else:
                out.append(value)
        words += rest
        if words:
            out.append(Text(words))
        return tuple(out)

    return build


def _steps(parts: list[Any]) -> tuple[list[tuple[str, Any, bool]], str]:
    """(each part that is no string, with the string in front of it and whether it is a builder; the last string)."""
    steps: list[tuple[str, Any, bool]] = []
    words = ""
    for part in parts:
        if isinstance(part, str):
            words += part
        else:
            steps.append((words, part, callable(part)))
            words = ""
    return steps, words


def _require_inline(value: Any) -> None:
    """Raise MisplacedHole if what fills a hole cannot stand inside a line."""
    if not _BLOCK_TYPES.isdisjoint(map(type, value) if type(value) is tuple else (type(value),)):
        raise MisplacedHole("a table or list cannot stand inside a line; give its hole a paragraph of its own")


def _joined(parts: list[Any]) -> list[Inline]:
    out: list[Inline] = []
    for part in parts:
        inline = Text(part) if isinstance(part, str) else part
        if isinstance(inline, Text) and out and isinstance(out[-1], Text):
            inline = Text(out.pop().text + inline.text)  # type: ignore[union-attr]  # the last one is a Text
        out.append(inline)
    return out


def wrapped_inline(kind: type[Strong] | type[Emphasis], content: Any) -> Any:
    """Inline content, or a builder of it, as bold or emphasised."""
    return (lambda values: kind(content(values))) if callable(content) else kind(content)


def wrapped(kind: type[Paragraph], content: Any) -> Any:
    """Inline content as a paragraph, or a builder of it as a builder of blocks."""
    return (lambda values: (kind(content(values)),)) if callable(content) else kind(content)


def as_blocks(value: Any) -> tuple[Block, ...]:
    """What fills a hole that is a paragraph of its own.

    >>> as_blocks("a word")
    (Paragraph(content=(Text(text='a word'),)),)
    """
    if isinstance(value, _BLOCKS):
        return (value,)
    if isinstance(value, tuple):
        return value if value and isinstance(value[0], _BLOCKS) else (Paragraph(value),)
    return (Paragraph((Text(value) if isinstance(value, str) else value,)),)


def together(parts: list[Any]) -> Any:
    """Blocks one after the other, or a builder of them if one of them is a builder.

    >>> together([Paragraph((Text("a word"),))])
    (Paragraph(content=(Text(text='a word'),)),)
    """
    if not any(map(callable, parts)):
        return tuple(parts)

    def build(values: Sequence[Any]) -> tuple[Block, ...]:
        blocks: list[Block] = []
        for part in parts:
            if callable(part):
                blocks.extend(part(values))
            else:
                blocks.append(part)
        return tuple(blocks)

    return build
