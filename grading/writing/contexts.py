"""Takes the notation of a context apart, so that every notation can write it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from grading.expressions import Event


class Visible(NamedTuple):
    """What is conditioned on. name: the corrupted input, the original sequence, the one with replaced words, or the
    vector of [CLS].

    relation: "<" for what stands before `position`, "≤" for that and the position itself, "∖" for everything but it,
    "" for all. positions: with "", if only these are shown.
    beside: words that are filled in, positions at which the model's own guess is, and how much of a target is given.
    """

    name: Literal["xbar", "x", "xc", "hcls"]
    relation: Literal["", "<", "≤", "∖"]
    position: int
    beside: tuple[Event | int | TargetBefore, ...]
    positions: tuple[int, ...] = ()


class TargetBefore(NamedTuple):
    """The words of the target to the left of a position."""

    position: int


_HEAD = re.compile(r"(xbar|xc|hcls|x)(?:_\{(?:(<=?|\\)(\d+)|(\d+(?:,\d+)*))\})?")
_BESIDE = re.compile(r', (?:x_(\d+)=("(?:[^"\\]|\\.)*"|[^\s,]+)|xhat_(\d+)|y_\{<(\d+)\})')
_RELATIONS: dict[str | None, Literal["", "<", "≤", "∖"]] = {None: "", "<": "<", "<=": "≤", "\\": "∖"}


@lru_cache(maxsize=4096)
def visible(notation: str) -> Visible:
    """The parts of one of `grading.expressions.CONTEXT_NOTATIONS`, filled in; ValueError for another text.

    >>> visible("xbar_{<6}")
    Visible(name='xbar', relation='<', position=6, beside=(), positions=())
    >>> visible('xbar, x_2="a b", xhat_4').beside
    (Event(position=2, token='a b', of='x'), 4)
    >>> visible("x_{0,4,2}").positions, visible("xbar, y_{<3}").beside
    ((0, 4, 2), (TargetBefore(position=3),))
    >>> visible("x_{0}").positions
    (0,)
    """
    head = _HEAD.match(notation)
    if head is None:
        raise ValueError(f"a context cannot be written {notation!r}; use a spelling of CONTEXT_NOTATIONS")
    beside: list[Event | int | TargetBefore] = []
    end = head.end()
    while end < len(notation):
        found = _BESIDE.match(notation, end)
        if found is None:
            raise ValueError(f"a context cannot say {notation[end:]!r} beside {head[0]}")
        end = found.end()
        if found[3] is not None:
            beside.append(int(found[3]))
            continue
        if found[4] is not None:
            beside.append(TargetBefore(int(found[4])))
            continue
        token = found[2]
        if token.startswith('"'):
            token = re.sub(r"\\(.)", r"\1", token[1:-1])
        beside.append(Event(int(found[1]), token))
    name: Any = head[1]  # one of the four by the pattern
    positions = tuple(map(int, head[4].split(","))) if head[4] else ()
    return Visible(name, _RELATIONS[head[2]], int(head[3] or 0), tuple(beside), positions)
