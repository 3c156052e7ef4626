"""Finds the known wrong formulas that a formula equals, however many are known.

All of them are evaluated once at a fixed point and put in the order of their values. A formula is looked up by its own
value there: bounds that do not overlap prove a difference, so that only what lies within its bounds is compared by
normal forms. A look-up takes the same few steps for ten known formulas as for a thousand.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Generic, NamedTuple, TypeVar

from grading.equivalence import TRIALS, Different, Equal, Side, World
from grading.expressions import Expression

What = TypeVar("What")


class _Shelf(NamedTuple):
    """The known formulas with bounds at one point, by their upper bounds; and those without.

    lows: the least lower bound from each place on.
    """

    highs: list[int]
    lows: list[int]
    places: list[int]
    others: list[int]


class KnownFormulas(Generic[What]):
    """Known formulas, each with what it stands for, in their order.

    >>> from grading.expressions import Logarithm, Product, Symbol
    >>> from grading.parsing.language import Language
    >>> p, q, world = Symbol("p"), Symbol("q"), World.of(Language(any_name=True))
    >>> known = KnownFormulas(world, [(Product((p, q)), "product"), (Logarithm(p), "only the first")])
    >>> [what for what, equal in known.compared(world.side(Product((q, p))))]
    ['product']
    """

    def __init__(self, world: World, formulas: Iterable[tuple[Expression, What]]) -> None:
        self.world = world
        self._known = [(world.side(tree), what) for tree, what in formulas]
        self._shelves: list[_Shelf | None] = [None] * TRIALS

    def __len__(self) -> int:
        return len(self._known)

    def candidates(self, side: Side) -> Iterator[tuple[Side, What]]:
        """What is not yet proven different from the formula, in order."""
        for turn in range(2 * TRIALS):
            trial = turn % TRIALS
            bounds = side.bounds(trial) if turn < TRIALS else side.careful_bounds(trial)
            if bounds is not None:
                shelf = self._shelf(trial)
                found = list(shelf.others)
                for place in range(bisect_left(shelf.highs, bounds[0]), len(shelf.highs)):
                    if shelf.lows[place] > bounds[1]:
                        break
                    found.append(shelf.places[place])
                return (self._known[place] for place in sorted(found))
        return iter(self._known)

    def compared(self, side: Side) -> Iterator[tuple[What, bool]]:
        """What is not proven different from the formula, in order, and whether it is proven equal."""
        for known, what in self.candidates(side):
            if self.world.equal(known, side):
                yield what, True
            elif not isinstance(outcome := self.world.compare(known, side), Different):
                yield what, isinstance(outcome, Equal)

    def proven(self, side: Side) -> Iterator[What]:
        """What is proven equal to the formula, in order, in a time that does not grow with how much is known.

        A formula without bounds at any point cannot be looked up by its value; it is by its normal form alone.
        """
        if any(side.bounds(trial) is not None for trial in range(TRIALS)):
            return (what for what, equal in self.compared(side) if equal)
        return (what for known, what in self._known if self.world.equal(known, side))

    def _shelf(self, trial: int) -> _Shelf:
        shelf = self._shelves[trial]
        if shelf is None:
            found = [(side.bounds(trial), place) for place, (side, _) in enumerate(self._known)]
            placed = sorted((bounds[1], bounds[0], place) for bounds, place in found if bounds is not None)
            highs, lows, places = ([entry[k] for entry in placed] for k in range(3))
            lows = list(accumulate(reversed(lows), min))[::-1]
            shelf = _Shelf(highs, lows, places, [place for bounds, place in found if bounds is None])
            self._shelves[trial] = shelf
        return shelf
