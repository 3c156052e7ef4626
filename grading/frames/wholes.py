"""Puts terms together: sums of terms, and sums in brackets with a number in front of them or below.

A sum in brackets is read term by term as well. What stands around it is a frame of its own, in which two marks stand
for the sum: if both have one coefficient there, which holds no mark, it is that of every term.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from .moulds import Context, Part, Term
from .value import Ratio, lowest

AROUND = re.compile(r"([id/*{}\u4e00-\u6d40]*)\((.*)\)((?:/[id])?)")
"""A term that may be a sum in brackets; whether these two brackets are a pair is seen when the inside is cut."""
_SUM = "%s + %s"


class Filled(Protocol):
    """What can be said of a term when the numbers are known that matter."""

    parts: tuple[Part, ...]
    shown: tuple[int, ...]

    def pattern(self, context: Context, sign: str) -> str | None:
        """How it is written, as in `Mould`."""


class Summand(Protocol):
    """A term, however it is put together."""

    count: int
    fixed: tuple[int, ...]

    def mould(self, numbers: tuple[Ratio, ...]) -> Filled | None:
        """What can be said of it, as in `Term`."""


class Place(NamedTuple):
    """A term of a sum, its sign, and where what fills it begins."""

    sign: str
    term: Summand
    start: int


class Whole(NamedTuple):
    """What is known of a sum. pattern: of its echo. shown: places of what is filled in there. parts: of its value."""

    pattern: str
    shown: tuple[int, ...]
    parts: tuple[Part, ...]


def fixed_in(terms: list[Place]) -> tuple[int, ...]:
    """Places of the numbers that matter."""
    return tuple([start + place for _, term, start in terms for place in term.fixed])


def assembled(terms: list[Place], numbers: tuple[Ratio, ...], where: Sequence[int]) -> Whole | None:
    """The sum of some terms; None if one of them has to be read by the grammar.

    numbers: where they matter. where: for each place what it is called in the sum.
    """
    patterns: list[str] = []
    shown: list[int] = []
    parts: list[Part] = []
    context: Context = "alone" if len(terms) == 1 else "first"
    for sign, term, start in terms:
        wide = len(term.fixed)
        found = term.mould(numbers[:wide])
        if found is None or (pattern := found.pattern(context, sign)) is None:
            return None
        if wide:
            numbers = numbers[wide:]
        patterns.append(pattern)
        here = where[start : start + term.count]
        shown += [here[place] for place in found.shown]
        parts += [_moved(part, here, sign) for part in found.parts]
        context = "later"
    return Whole("".join(patterns), tuple(shown), tuple(parts))


def _moved(part: Part, where: Sequence[int], sign: str) -> Part:
    """The part with its places as they are called in a sum, and negated for a minus."""
    above, below, over, under, what, leaves, base, number = part
    if sign == "-":
        above = -above
    if over:
        over = tuple([where[place] for place in over])
    if under:
        under = tuple([where[place] for place in under])
    return Part(above, below, over, under, what, tuple([where[place] for place in leaves]), base, number)


class Bracket:
    """A sum in brackets and what stands around it.

    around: the frame in which two marks stand for the sum. before, after: how many places there are on either side.
    """

    def __init__(self, around: Term, before: int, terms: list[Place], after: int) -> None:
        self._around, self._before, self._terms = around, before, terms
        self._inside = terms[-1].start + terms[-1].term.count
        self.count = before + self._inside + after
        self.fixed = tuple([before + place for place in fixed_in(terms)])

    def mould(self, numbers: tuple[Ratio, ...]) -> Filled | None:
        """What can be said of it; None if the grammar has to read it. numbers: where they matter."""
        outer, inner = self._around.mould(()), assembled(self._terms, numbers, range(self._inside))
        if outer is None or inner is None or len(outer.parts) != 2:
            return None
        first, second = outer.parts
        at = self._before
        if (first.what, first.leaves, second) != ("probability", (at,), first._replace(leaves=(at + 1,))):
            return None
        over, under = (tuple([self._outer(place) for place in places]) for places in (first.over, first.under))
        moved = [_moved(part, range(at, at + self._inside), "") for part in inner.parts]
        parts = tuple([_scaled(part, first.above, first.below, over, under) for part in moved])
        around = [self._outer(place) for place in outer.shown if place not in (at, at + 1)]
        shown = (*around[:at], *[at + place for place in inner.shown], *around[at:])
        return _Bracketed(outer, inner.pattern, shown, parts)

    def _outer(self, place: int) -> int:
        """Where what stands around the sum has its place."""
        return place if place < self._before else place - 2 + self._inside


class _Bracketed:
    """What can be said of a sum in brackets."""

    def __init__(self, outer: Filled, inside: str, shown: tuple[int, ...], parts: tuple[Part, ...]) -> None:
        self._outer, self._inside = outer, inside
        self.shown, self.parts = shown, parts

    def pattern(self, context: Context, sign: str) -> str | None:
        found = self._outer.pattern(context, sign)
        return None if found is None or found.count(_SUM) != 1 else found.replace(_SUM, self._inside)


def _scaled(part: Part, above: int, below: int, over: tuple[int, ...], under: tuple[int, ...]) -> Part:
    """The part times the coefficient of another one."""
    above, below = lowest(part.above * above, part.below * below)
    return part._replace(above=above, below=below, over=part.over + over, under=part.under + under)
