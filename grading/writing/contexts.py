"""Takes the notation of a context apart, so that every notation can write it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from grading.expressions import Event


class Visible(NamedTuple):
    """What is conditioned on. name: the corrupted input or the original sequence.

    relation: "<" for what stands before `position`, "∖" for everything but `position`, "" for all of it.
    beside: words that are filled in, and positions at which the model's own guess is.
    """

    name: Literal["xbar", "x"]
    relation: Literal["", "<", "∖"]
    position: int
    beside: tuple[Event | int, ...]


_HEAD = re.compile(r"(xbar|x)(?:_\{(<|\\)(\d+)\})?")
_BESIDE = re.compile(r', (?:x_(\d+)=("(?:[^"\\]|\\.)*"|[^\s,]+)|xhat_(\d+))')


@lru_cache(maxsize=4096)
def visible(notation: str) -> Visible:
    """The parts of one of `grading.expressions.CONTEXT_NOTATIONS`, filled in; ValueError for another text.

    >>> visible("xbar_{<6}")
    Visible(name='xbar', relation='<', position=6, beside=())
    >>> visible('xbar, x_2="a b", xhat_4').beside
    (Event(position=2, token='a b'), 4)
    """
    head = _HEAD.match(notation)
    if head is None:
        raise ValueError(f"a context cannot be written {notation!r}; use a spelling of CONTEXT_NOTATIONS")
    beside: list[Event | int] = []
    end = head.end()
    while end < len(notation):
        found = _BESIDE.match(notation, end)
        if found is None:
            raise ValueError(f"a context cannot say {notation[end:]!r} beside {head[0]}")
        end = found.end()
        if found[3] is not None:
            beside.append(int(found[3]))
            continue
        token = found[2]
        if token.startswith('"'):
            token = re.sub(r"\\(.)", r"\1", token[1:-1])
        beside.append(Event(int(found[1]), token))
    relation: Literal["", "<", "∖"] = "" if head[2] is None else "<" if head[2] == "<" else "∖"
    return Visible("xbar" if head[1] == "xbar" else "x", relation, int(head[3] or 0), tuple(beside))
