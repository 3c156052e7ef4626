"""Wrong numbers: what misconceptions lead to, and the guard that keeps them away from the key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType

from grading.closed import compare_numbers, quick_bounds
from grading.enclosures import Bounds
from grading.expressions import AbsoluteValue, Expression, Negation, Sum
from grading.fixedpoint import SCALE
from quizgen.distractors.proofs import TooFewError
from quizgen.misconceptions.operators import Misconception, RecordMisconception, Refused, ValueMisconception
from quizgen.objective.values import Values, exact


def known_number(entry: Misconception, quantity: str, values: Values) -> Expression | None:
    """The number of somebody who holds a misconception, None where it has none for this item."""
    if isinstance(entry, RecordMisconception | ValueMisconception):
        value = entry.value(quantity, values)  # type: ignore[arg-type]  # unknown quantities are refused by it
        return None if isinstance(value, Refused) else value
    return None


def guard_numbers(
    key: Expression,
    rivals: Iterable[tuple[str, Expression]],
    distance: Fraction,
    reach: Callable[[Expression], Fraction] = lambda value: Fraction(0),
    credits: Mapping[str, Fraction] = MappingProxyType({}),
) -> tuple[tuple[str, Expression], ...]:
    """The rivals that are neither the key's nor an earlier rival's number; all of them far enough from the key.

    distance: least distance between a wrong number and the key, above which two credits can never apply to one
    response. reach: how far from a number it is still recognised; two wrong numbers that are not equal lie further
    apart, so that each is diagnosed as itself. credits: of wrong numbers by name; where two have different ones,
    nothing is in reach of both, so that a rounded one earns its own. Raises TooFewError where numbers lie nearer
    without being equal, or where this cannot be decided.
    """
    line, known = _NumberLine(), tuple(rivals)
    if line.all_apart(key, [value for _, value in known], distance, reach):
        return known
    kept: list[tuple[str, Expression]] = []
    for name, value in known:
        others = (key, *(earlier for _, earlier in kept))
        equal = [0 if value == other else line.compare(value, other) for other in others]
        if None in equal:
            raise TooFewError(1, 0, {f"the value of '{name}' cannot be told apart": 1})
        if 0 in equal:
            continue
        if not line.apart(value, key, distance, or_just=True):
            raise TooFewError(1, 0, {f"the value of '{name}' is too close to the key": 1})
        for other_name, other in kept:
            reaches = reach(value), reach(other)
            unlike = credits.get(name, 0) != credits.get(other_name, 0)
            if not line.apart(value, other, sum(reaches, Fraction(0)) if unlike else max(reaches)):
                raise TooFewError(1, 0, {f"the values of '{other_name}' and '{name}' are too close to each other": 1})
        kept.append((name, value))
    return tuple(kept)


class _NumberLine:
    """Compares numbers by bounds that are worked out once for each; the exact comparison decides where they overlap."""

    def __init__(self) -> None:
        self._bounds: dict[int, Bounds | None] = {}
        self._kept: list[Expression] = []  # so that no other number gets the same identity

    def all_apart(
        self, key: Expression, others: list[Expression], distance: Fraction, reach: Callable[[Expression], Fraction]
    ) -> bool:
        """Whether the bounds alone show that all numbers are far enough from each other: the common case.

        On a line it is enough to look at neighbours.
        """
        found = [self._of(value) for value in (key, *others)]
        bounds = [entry for entry in found if entry is not None]
        if len(bounds) < len(found):
            return False
        apart = 2 * max(map(reach, others), default=Fraction(0))
        least = (apart.numerator << SCALE) // apart.denominator + 1
        from_key = (distance.numerator << SCALE) // distance.denominator + 1
        key_low, key_high = bounds[0]
        line = sorted(bounds)
        if any(right[0] - left[1] <= least for left, right in pairwise(line)):
            return False
        return all(max(low - key_high, key_low - high) > from_key for low, high in bounds[1:])

    def compare(self, left: Expression, right: Expression) -> int | None:
        """The exact order, None where it is undecided."""
        a, b = self._of(left), self._of(right)
        if a is not None and b is not None:
            if a[1] < b[0]:
                return -1
            if b[1] < a[0]:
                return 1
        return compare_numbers(left, right)

    def apart(self, left: Expression, right: Expression, distance: Fraction, *, or_just: bool = False) -> bool:
        """Whether two numbers are proven to lie further apart than this, or at least just as far."""
        a, b = self._of(left), self._of(right)
        if a is not None and b is not None:
            gap = max(b[0] - a[1], a[0] - b[1])
            if gap * distance.denominator > distance.numerator << SCALE:
                return True
        order = compare_numbers(AbsoluteValue(Sum((left, Negation(right)))), exact(distance))
        return order is not None and (order > 0 or (or_just and order == 0))

    def _of(self, value: Expression) -> Bounds | None:
        name = id(value)
        if name not in self._bounds:
            self._kept.append(value)
            self._bounds[name] = quick_bounds(value)
        return self._bounds[name]
