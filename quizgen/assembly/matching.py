"""Giving each of several things one of its candidates, so that no two share what may be shared only once."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar

import msgspec

C = TypeVar("C")


class Candidate(msgspec.Struct, Generic[C], frozen=True):
    """One thing that may be chosen. marks: what no other chosen one may have as well; () for none."""

    value: C
    marks: tuple[Hashable, ...] = ()


class Unmatched(msgspec.Struct, frozen=True):
    """Why there is no choice: these places have only these marks among all their candidates.

    places: indices, ascending, more of them than marks. marks: all that they could take, in the order in which
    they were met.
    """

    places: tuple[int, ...]
    marks: tuple[Hashable, ...]


class _Blocked(Exception):
    def __init__(self, reason: Unmatched) -> None:
        self.reason = reason


def matched(candidates: Sequence[Sequence[Candidate[C]]]) -> tuple[C, ...] | Unmatched:
    """For each place one of its candidates, in general the first; earlier choices move only where they must.

    Augmenting paths (Kuhn 1955): where every candidate has at most one mark, a choice is found if there is any,
    and an `Unmatched` is a proof that there is none (Hall's condition fails). A candidate that would push two earlier
    choices aside at once is not tried.

    >>> a, b, plain = Candidate("a", ("s1",)), Candidate("b", ("s2",)), Candidate("p")
    >>> matched([[a, b], [a], [plain]])
    ('b', 'a', 'p')
    >>> matched([[a], [a], [a, b]])
    Unmatched(places=(0, 1), marks=('s1',))
    """
    chosen: list[Candidate[C] | None] = [None] * len(candidates)
    owners: dict[Hashable, int] = {}
    try:
        for place in range(len(candidates)):
            _place(place, candidates, chosen, owners)
    except _Blocked as blocked:
        return blocked.reason
    return tuple(candidate.value for candidate in chosen if candidate is not None)


def _place(
    first: int,
    candidates: Sequence[Sequence[Candidate[C]]],
    chosen: list[Candidate[C] | None],
    owners: dict[Hashable, int],
) -> None:
    """Chooses for one more place: a search in breadth for the shortest chain of moves that ends at free marks."""
    came: dict[int, tuple[int, Candidate[C]]] = {}  # a place that would have to move: who wants its mark, and with what
    waiting, seen = [first], dict.fromkeys([first])
    met: dict[Hashable, None] = {}
    for place in waiting:
        for candidate in candidates[place]:
            met.update(dict.fromkeys(candidate.marks))
            if _wanted_in_chain(candidate, place, came):
                continue
            in_the_way = {owners[mark] for mark in candidate.marks if owners.get(mark, place) != place}
            if not in_the_way:
                _move(place, candidate, came, chosen, owners)
                return
            other = in_the_way.pop()
            if not in_the_way and other not in seen:
                seen[other] = None
                came[other] = (place, candidate)
                waiting.append(other)
    raise _Blocked(Unmatched(tuple(sorted(seen)), tuple(met)))


def _wanted_in_chain(candidate: Candidate[C], place: int, came: dict[int, tuple[int, Candidate[C]]]) -> bool:
    """Whether the places that wait for this one to move take a mark of the candidate themselves."""
    while place in came:
        place, taken = came[place]
        if not set(candidate.marks).isdisjoint(taken.marks):
            return True
    return False


def _move(
    place: int,
    candidate: Candidate[C],
    came: dict[int, tuple[int, Candidate[C]]],
    chosen: list[Candidate[C] | None],
    owners: dict[Hashable, int],
) -> None:
    """Gives the last place of a chain its free candidate, and what it leaves to the one before, up to the first."""
    while True:
        left = chosen[place]
        if left is not None:
            for mark in left.marks:
                del owners[mark]
        chosen[place] = candidate
        owners.update(dict.fromkeys(candidate.marks, place))
        if place not in came:
            return
        place, candidate = came[place]
