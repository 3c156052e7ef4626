"""Closed expressions: bounds, order and decimals of numbers.

The quick arithmetic of `grading.enclosures` comes first; where its bounds leave something open, `grading.witness` takes
over with more and more digits, and the normal form proves that two numbers are the same.
"""

from __future__ import annotations

from fractions import Fraction

from grading.enclosures import RULES, Bounds, Enclosures, bounds_of
from grading.expressions import Expression, Negation, Number, Probability, Sum, Symbol
from grading.fixedpoint import SCALE
from grading.parsing.language import Language
from grading.witness import Undecided, Undefined, decimal_text, enclose, round_half_away

PRECISIONS = (30, 60, 120, 240, 480)
MOST_SEEN = 1_000
"""Nodes whose bounds are remembered: those of an item and of a few before it."""


class _Closed(Enclosures):
    """Bounds of expressions without atoms, remembered by the node: values of one item are made of each other."""

    def __init__(self) -> None:
        super().__init__(Language(any_name=True), "probability", 0)
        self._seen: dict[int, tuple[Expression, Bounds]] = {}

    def value(self, leaf: Symbol | Probability) -> Fraction:
        raise KeyError(leaf)

    def of(self, node: Expression) -> Bounds:
        kind = type(node)
        if kind is Number:  # as quick as looking them up, like the next ones
            return bounds_of(node.value)  # type: ignore[union-attr]  # it is a number
        if kind is Negation:
            low, high = self.of(node.operand)  # type: ignore[union-attr]  # it is a negation
            return -high, -low
        place = id(node)
        found = self._seen.get(place)
        if found is not None and found[0] is node:
            return found[1]
        bounds = RULES[kind](self, node)
        if len(self._seen) >= MOST_SEEN:
            self._seen.clear()
        self._seen[place] = node, bounds  # with the node itself, so that no other one gets its identity
        return bounds

    term = of


_CLOSED = _Closed()


def quick_bounds(value: Expression) -> Bounds | None:
    """Bounds of a closed expression in units of 2^-SCALE; None where the quick arithmetic has none.

    Raises KeyError for an atom, which has no value here.

    >>> from grading.expressions import Logarithm
    >>> low, high = quick_bounds(Logarithm(Number(Fraction(2))))
    >>> low < high, round(low / 2**SCALE, 6)
    (True, 0.693147)
    """
    return _CLOSED.bounds(value)


def compare_numbers(left: Expression, right: Expression) -> int | None:
    """The exact order of two closed expressions: −1, 0 or 1; None where it is undecided or one has no value.

    Bounds decide wherever the two differ; that they are equal is proven by the normal form.

    >>> from grading.expressions import rational
    >>> compare_numbers(Number(Fraction(3, 10)), Sum((Number(Fraction(1, 10)), Number(Fraction(1, 5)))))
    0
    >>> compare_numbers(Number(Fraction(333, 1000)), rational(Fraction(1, 3)))
    -1
    """
    a, b = quick_bounds(left), quick_bounds(right)
    if a is not None and b is not None:
        if a[1] < b[0]:
            return -1
        if b[1] < a[0]:
            return 1
    return _compared_slowly(left, right)


def _compared_slowly(left: Expression, right: Expression) -> int | None:
    for digits in PRECISIONS:
        try:
            a, b = enclose(left, {}, digits), enclose(right, {}, digits)
        except Undecided:
            continue
        except Undefined:
            return None
        if a[1] < b[0]:
            return -1
        if b[1] < a[0]:
            return 1
        if a == b and a[0] == a[1]:
            return 0
        if digits == PRECISIONS[0]:
            from grading.equivalence import vanishes

            if vanishes(Sum((left, Negation(right)))):
                return 0
    return None


def decimal_value(expression: Expression, places: int) -> str:
    """A closed expression as a decimal with that many places, correctly rounded, half away from zero.

    places: 0 to 200. Raises Undefined where there is no value, Undecided where the rounding cannot be settled.

    >>> from grading.expressions import Logarithm
    >>> decimal_value(Negation(Logarithm(Number(Fraction(1, 5)))), 3), decimal_value(Number(Fraction(1, 8)), 2)
    ('1.609', '0.13')
    >>> from grading.expressions import Exponential
    >>> decimal_value(Exponential(Logarithm(Number(Fraction(1, 8)))), 2)
    '0.13'
    """
    if isinstance(expression, Number):
        return round_half_away(expression.value, places)
    if places <= _MOST_PLACES and (bounds := quick_bounds(expression)) is not None:
        below = _in_places(bounds[0], places)
        if below == _in_places(bounds[1], places):
            return decimal_text(below, places)
    for digits in PRECISIONS:
        try:
            low, high = enclose(expression, {}, digits + places)
        except Undecided:
            continue
        rounded = round_half_away(low, places)
        if rounded == round_half_away(high, places):
            return rounded
        if digits == PRECISIONS[0] and (middle := _middle_between(low, high, places)) is not None:
            order = compare_numbers(expression, Number(middle))
            if order is not None:
                return round_half_away(middle if order == 0 else low if order < 0 else high, places)
    raise Undecided("the rounding of this number could not be settled")


def _middle_between(low: Fraction, high: Fraction, places: int) -> Fraction | None:
    """The number within these bounds that lies in the middle of two decimals; None if there is not exactly one.

    >>> [_middle_between(Fraction(1, 10), Fraction(high, 10), 0) for high in (4, 9, 19)]
    [None, Fraction(1, 2), None]
    """
    half = Fraction(1, 2 * 10**places)
    first, last = -(-low // half), high // half
    middles = [number for number in range(first, min(last, first + 2) + 1) if number % 2]
    return half * middles[0] if last - first <= 1 and middles else None


_MOST_PLACES = 20
"""Decimal places that the quick bounds can settle."""


def _in_places(bound: int, places: int) -> int:
    """A bound in units of the last of so many decimal places, rounded half away from zero."""
    whole: int = (abs(bound) * 10**places + (1 << SCALE - 1)) >> SCALE
    return whole if bound >= 0 else -whole
