"""Marks that are possible for an answer, and for several answers together."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import msgspec

NONE, ALL = Fraction(0), Fraction(1)

MOST = 5000
"""Ranges that are told apart; of more, everything between the least and the greatest mark is possible."""


class Marks(msgspec.Struct, frozen=True):
    """The marks in each of these ranges, (least, greatest); a single mark is a range of its own.

    >>> marks = one_of([Fraction(0), Fraction(1)]).plus(between(Fraction(0), Fraction(1, 2)))
    >>> marks.holds(Fraction(1, 4), Fraction(0)), marks.holds(Fraction(3, 4), Fraction(0))
    (True, False)
    """

    ranges: frozenset[tuple[Fraction, Fraction]]

    def holds(self, mark: Fraction, within: Fraction) -> bool:
        return any(least - within <= mark <= greatest + within for least, greatest in self.ranges)

    def also(self, other: Marks) -> Marks:
        """What is possible in one of two ways."""
        return Marks(self.ranges | other.ranges)

    def plus(self, other: Marks) -> Marks:
        """The sums of what is possible for one answer and for another."""
        sums = frozenset((a + c, b + d) for a, b in self.ranges for c, d in other.ranges)
        if len(sums) > MOST:
            return between(min(least for least, _ in sums), max(greatest for _, greatest in sums))
        return Marks(sums)

    def worth(self, points: Fraction) -> Marks:
        """Shares as points."""
        return Marks(frozenset((points * least, points * greatest) for least, greatest in self.ranges))


def one_of(marks: Iterable[Fraction]) -> Marks:
    return Marks(frozenset((mark, mark) for mark in marks))


def exactly(mark: Fraction) -> Marks:
    return one_of([mark])


def between(least: Fraction, greatest: Fraction) -> Marks:
    return Marks(frozenset([(least, greatest)]))


ANY = between(NONE, ALL)
"""A person gives the mark."""
