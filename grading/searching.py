"""The search for a point at which two expressions differ, and what the careful evaluator says of their values there."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache, partial
from typing import Protocol

from grading.atoms import resolved
from grading.comparisons import Different, Witness
from grading.expressions import Expression, Number, atoms, closed_parts, is_small
from grading.keys import Assumption
from grading.parsing.language import Language
from grading.points import PLAIN, Leaf, Point, further_points, ordered, plain_point
from grading.witness import OutOfRange, Undecided, Undefined, enclose

DIGITS = (20, 45, 100)
_MORE_DIGITS = (300, 800)
_TOGETHER = 2  # points at which all these digits are the same, after which only a larger difference is sought
_MOST_NODES = 40  # of formulas that are looked at with so many digits

Found = tuple[Fraction, Fraction] | str
"""Bounds of a value, or "undefined", "isolated" (a single point without a value), `UNDECIDED`, or `_BEYOND`."""
UNDECIDED = "undecided with so many digits"
_BEYOND = "undecided with any number of digits up to the most"


class Compared(Protocol):
    """One side: its tree, and what is known of its value at plain points."""

    tree: Expression

    def enclosed(self, trial: int, digits: int) -> Found:
        """Bounds at the plain point of this number, with so many digits."""


class Declared(Protocol):
    """Where names have their meaning."""

    language: Language

    def assumed(self, leaf: Leaf) -> Assumption:
        """What is assumed of an atom."""


@lru_cache(maxsize=1024)
def with_atoms(expression: Expression, language: Language) -> tuple[Expression, tuple[Leaf, ...]]:
    """The expression as the language means it, and the atoms in it."""
    tree = resolved(expression, language)
    return tree, atoms(tree)


class Search:
    """The search for a point at which two sides differ.

    nowhere: which sides are proven to be defined nowhere, so that a missing value is not just a gap.
    """

    def __init__(self, first: Compared, second: Compared, world: Declared, nowhere: tuple[bool, ...]) -> None:
        self.sides = first, second
        self.first, of_first = with_atoms(first.tree, world.language)
        self.second, of_second = with_atoms(second.tree, world.language)
        self.assumed = [(leaf, world.assumed(leaf)) for leaf in ordered((*of_first, *of_second))]
        self.nowhere = nowhere
        self.together = 0  # points at which the values are the same as far as they were computed

    def at_plain_points(self, most: int = PLAIN) -> Different | None:
        """At the first few points with short decimals."""
        for trial in range(most if self.assumed else 1):
            if found := self.at_plain_point(trial, DIGITS if self.together < _TOGETHER else DIGITS[:1]):
                return found
        return None

    def at_plain_point(self, trial: int, precisions: tuple[int, ...] = DIGITS) -> Different | None:
        """At one of them. precisions: how many digits are tried, one after the other."""
        left, right = (partial(side.enclosed, trial) for side in self.sides)
        return self._differ(left, right, lambda: plain_point(self.assumed, trial), precisions)

    def at_further_points(self) -> Different | None:
        """At points that the formulas themselves suggest."""
        for point in further_points(self.assumed, (self.first, self.second)):
            if found := self._at(point, DIGITS[:2]):
                return found
        return None

    def closely(self) -> Different | None:
        """At the first point, with very many digits: for formulas that are known to differ."""
        if not (is_small(self.first, _MOST_NODES) and is_small(self.second, _MOST_NODES)):
            return None
        if any(isinstance(side.enclosed(0, DIGITS[-1]), str) for side in self.sides):
            return None
        return self._at(plain_point(self.assumed, 0), _MORE_DIGITS)

    def _at(self, point: Point, precisions: tuple[int, ...]) -> Different | None:
        left, right = (partial(bounds_at, tree, point) for tree in (self.first, self.second))
        return self._differ(left, right, lambda: point, precisions)

    def _differ(
        self,
        of_left: Callable[[int], Found],
        of_right: Callable[[int], Found],
        point: Callable[[], Point],
        precisions: tuple[int, ...],
    ) -> Different | None:
        """Whether the two differ at a point. of_left, of_right: what so many digits say of the values there."""
        for digits in precisions:
            left, right = of_left(digits), of_right(digits)
            if _BEYOND in (left, right):
                return None
            left = "undefined" if self.nowhere[0] and left == "isolated" else left
            right = "undefined" if self.nowhere[1] and right == "isolated" else right
            if isinstance(left, tuple) and isinstance(right, tuple):
                if left[1] < right[0] or right[1] < left[0]:
                    return Different(Witness(point(), left, right))
                if left == right and left[0] == left[1]:
                    return None
                self.together += digits == DIGITS[-1]
                continue
            if "isolated" in (left, right) or left == right == "undefined":
                return None
            if isinstance(left, tuple) and right == "undefined":
                return Different(Witness(point(), left, None), "right")
            if isinstance(right, tuple) and left == "undefined":
                return Different(Witness(point(), None, right), "left")
        return None


@lru_cache(maxsize=8192)
def bounds_at(expression: Expression, point: Point, digits: int) -> Found:
    """What the careful evaluator says of the value at a point with so many digits."""
    try:
        return enclose(expression, dict(point), digits)
    except Undefined as gap:
        return "isolated" if gap.isolated else "undefined"
    except OutOfRange:
        return _BEYOND
    except (Undecided, RecursionError):
        return _BEYOND if _known_too_loosely(expression) else UNDECIDED


@lru_cache(maxsize=1024)
def _known_too_loosely(expression: Expression) -> bool:
    """Whether a part without atoms, and so the whole at every point, is undecided even with the most digits."""
    for part in closed_parts(expression):
        if not isinstance(part, Number):
            try:
                enclose(part, {}, DIGITS[-1])
            except (Undecided, RecursionError):
                return True
            except Undefined:
                continue
    return False
