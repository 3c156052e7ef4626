"""Where a difference between two formulas is sought: points of the open domain, the same whichever formula comes first.

After a few points that depend on the atoms alone come all combinations of signs, and points near the ends of the domain
and between the numbers that occur in the formulas, where minima and maxima switch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from grading.atoms import name_of
from grading.enclosures import coordinate
from grading.expressions import Expression, Number, Probability, Symbol, closed_parts, walk
from grading.keys import Assumption
from grading.witness import Undecided, Undefined, enclose

Leaf = Symbol | Probability
Point = tuple[tuple[Leaf, Fraction], ...]

PLAIN = 8
MOST_SIGNED = 4  # atoms of which all combinations of signs are tried
MOST_NUMBERS = 12
NODES = 400  # that may be looked at in all

_FINE = 10**12
_TINY = Fraction(1, 10**6)

_EDGES: dict[Assumption, tuple[Fraction, ...]] = {
    "probability": (Fraction(0), Fraction(1, 10**6), Fraction(1, 50), Fraction(49, 50), Fraction(1)),
    "positive": (Fraction(0), Fraction(1, 10**6), Fraction(1, 50), Fraction(1), Fraction(50)),
    "real": (Fraction(-50), Fraction(-1), Fraction(0), Fraction(1), Fraction(50)),
}


def ordered(leaves: Iterable[Leaf]) -> tuple[Leaf, ...]:
    """The atoms in an order that does not depend on where they stand."""
    return tuple(sorted(set(leaves), key=name_of))


def plain_point(assumed: Sequence[tuple[Leaf, Assumption]], trial: int) -> Point:
    """One of the points that depend on the atoms alone: there are `PLAIN` of them, without atoms one."""
    return tuple([(leaf, coordinate(leaf, assumption, trial)) for leaf, assumption in assumed])


def further_points(assumed: Sequence[tuple[Leaf, Assumption]], trees: Sequence[Expression]) -> Iterator[Point]:
    """Points that these formulas suggest, fewer if the formulas are large."""
    if not assumed:
        return
    most = NODES // sum(1 for tree in trees for _ in walk(tree))
    for number, point in enumerate(_suggested(assumed, trees)):
        if number >= most:
            return
        yield point


def _suggested(assumed: Sequence[tuple[Leaf, Assumption]], trees: Sequence[Expression]) -> Iterator[Point]:
    yield from signed_points(assumed)
    numbers = _numbers(trees)
    parts = {assumption: _parts(assumption, numbers) for _, assumption in assumed}
    levels = max(map(len, parts.values()))
    for level in range(levels):
        yield tuple((leaf, _inside(leaf, parts[kind], level)) for leaf, kind in assumed)
    for chosen, _ in assumed if len(assumed) > 1 else ():
        for level in range(levels):
            yield tuple(
                (leaf, _inside(leaf, parts[kind], level) if leaf == chosen else coordinate(leaf, kind, level % PLAIN))
                for leaf, kind in assumed
            )


def signed_points(assumed: Sequence[tuple[Leaf, Assumption]]) -> Iterator[Point]:
    """All combinations of signs of (the first few) real atoms."""
    real = [leaf for leaf, kind in assumed if kind == "real"][:MOST_SIGNED]
    for combination in range(2 ** len(real) if real else 0):
        signs = {leaf: -1 if combination >> place & 1 else 1 for place, leaf in enumerate(real)}
        trial = combination % PLAIN
        yield tuple(
            (leaf, abs(coordinate(leaf, kind, trial)) * signs[leaf] if leaf in signs else coordinate(leaf, kind, trial))
            for leaf, kind in assumed
        )


def _numbers(trees: Sequence[Expression]) -> list[Fraction]:
    """The values of the largest parts without atoms, a few."""
    found: set[Fraction] = set()
    for node in dict.fromkeys(part for tree in trees for part in closed_parts(tree)):
        if isinstance(node, Number):
            found.add(node.value)
        else:
            try:
                low, high = enclose(node, {}, 20)
            except (Undecided, Undefined, RecursionError):
                continue
            found.add(low if low == high or abs(low) < _TINY else low.limit_denominator(_FINE))
    return sorted(found, key=lambda value: (value.denominator, value))[:MOST_NUMBERS]


def _parts(kind: Assumption, numbers: Iterable[Fraction]) -> list[tuple[Fraction, Fraction]]:
    """The intervals between the ends of the domain and the numbers."""
    ends = set(_EDGES[kind])
    low, high = min(ends), max(ends)
    if kind == "probability":
        ends |= {value for value in numbers if low < value < high}
    else:
        ends |= {value for value in numbers if kind == "real" or value > 0}
        high = max(ends)
        ends |= {2 * high + 1} | ({2 * min(ends) - 1} if kind == "real" else set())
    places = sorted(ends)
    return list(pairwise(places))


def _inside(leaf: Leaf, parts: list[tuple[Fraction, Fraction]], level: int) -> Fraction:
    """A number inside one of the intervals, another one for every atom."""
    low, high = parts[level % len(parts)]
    return low + (high - low) * coordinate(leaf, "probability", level % PLAIN)
