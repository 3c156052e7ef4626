"""Holes in a text: found by their braces, read by Jinja2's parser, and refused unless they are names and filters."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from quizgen.template.values import did_you_mean

if TYPE_CHECKING:
    from jinja2 import Environment

Problem = tuple[str, str, str, int, int]
"""(code, message, remedy, offset, length)"""


class Hole(msgspec.Struct, frozen=True, cache_hash=True):
    """``{{ name.attribute | filter(3) }}``. filters: (name, constant arguments) in order."""

    name: str
    attributes: tuple[str, ...] = ()
    filters: tuple[tuple[str, tuple[str | int, ...]], ...] = ()

    def __str__(self) -> str:
        filters = "".join(f" | {f}({', '.join(map(repr, a))})" if a else f" | {f}" for f, a in self.filters)
        return f"{{{{ {'.'.join((self.name, *self.attributes))}{filters} }}}}"


_BEGIN = re.compile(r"\{\{(?!\{)|\{%|\{#")
_MOST_CHARACTERS = 200
_SHAPE = "write {{ name }}, {{ name.attribute }} or {{ name | filter(3) }}; compute values under `let`"


class _NotAHole(Exception):
    pass


def find_holes(
    text: str, names: Collection[str] | None, filters: Collection[str] | None
) -> Iterator[tuple[int, int, Hole | None, list[Problem]]]:
    """(start, end, the hole or None, what is wrong with it) for everything that looks like Jinja2."""
    position = 0
    while found := _BEGIN.search(text, position):
        start = found.start()
        if found.group() != "{{":
            position = found.end()
            what = "statements {% … %}" if found.group() == "{%" else "comments {# … #}"
            yield start, position, None, [("Q200", f"{what} are not holes", _SHAPE, start, 2)]
            continue
        end = text.find("}}", start)
        if end < 0:
            yield start, len(text), None, [("Q200", "this hole is not closed", "close it with }}", start, 2)]
            return
        end += 2
        position = end
        try:
            hole = _read(text[start:end])
        except _NotAHole as problem:
            yield start, end, None, [("Q200", str(problem), _SHAPE, start, end - start)]
            continue
        yield start, end, hole, list(_unknown(hole, text[start:end], start, names, filters))


def _unknown(
    hole: Hole, written: str, start: int, names: Collection[str] | None, filters: Collection[str] | None
) -> Iterator[Problem]:
    if names is not None and hole.name not in names:
        offset = start + written.index(hole.name)
        remedy = did_you_mean(hole.name, sorted(names)) or "draw it, or compute it under `let`"
        yield "Q201", f'nothing is named "{hole.name}"', remedy, offset, len(hole.name)
    for name, _ in hole.filters:
        if filters is not None and name not in filters:
            offset = start + written.index(name, written.index("|"))
            remedy = did_you_mean(name, sorted(filters)) or "see the list of filters in the manual"
            yield "Q202", f'there is no filter "{name}"', remedy, offset, len(name)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment

    return Environment(autoescape=True)  # it only ever parses; nothing is rendered


def _read(written: str) -> Hole:
    from jinja2 import TemplateSyntaxError, nodes

    if len(written) > _MOST_CHARACTERS:
        raise _NotAHole(f"this hole has more than {_MOST_CHARACTERS} characters")
    try:
        body = _environment().parse(written).body
    except TemplateSyntaxError as problem:
        raise _NotAHole(f"this is not a hole ({problem.message})") from None
    except RecursionError:
        raise _NotAHole("this hole is nested too deeply") from None
    match body:
        case [nodes.Output(nodes=[node])]:
            return _hole(node, written)
    raise _NotAHole("this is not a hole")


def _hole(node: Any, written: str) -> Hole:
    from jinja2 import nodes

    filters: list[tuple[str, tuple[str | int, ...]]] = []
    while isinstance(node, nodes.Filter):
        if node.kwargs or node.dyn_args or node.dyn_kwargs or node.node is None:
            raise _NotAHole("a filter takes plain numbers and texts")
        filters.append((node.name, tuple(map(_constant, node.args))))
        node = node.node
    attributes: list[str] = []
    while isinstance(node, nodes.Getattr):
        attributes.append(node.attr)
        node = node.node
    if not isinstance(node, nodes.Name):
        raise _NotAHole(f"{written[:60]} computes something")
    return Hole(node.name, tuple(reversed(attributes)), tuple(reversed(filters)))


def _constant(node: Any) -> str | int:
    from jinja2 import nodes

    if isinstance(node, nodes.Const) and isinstance(node.value, str | int) and not isinstance(node.value, bool):
        return node.value
    raise _NotAHole("a filter takes plain numbers and texts")
