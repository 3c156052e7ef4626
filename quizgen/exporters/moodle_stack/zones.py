"""Numbers around a middle that are one answer, in binary floats as STACK compares them.

The boundary of a tolerance is moved by a little more than floats are wrong by: outwards where it counts, inwards where
it does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

import msgspec

from quizgen.exporters.rendering.decimals import to_digits, written

UNIT = 10**15
SHARE, SIZE = UNIT // 10**10, 2
"""Of the radius, and of the size of the numbers, by which a boundary is moved, in units: the larger of both, but 1."""

ROOM, ROOM_OF_EXACT = 10**3, 10**6
"""How many times less than the radius, and than a number that has to be met exactly, that 1 is at most: it is for what
floats lose when numbers of usual size cancel, and much where the right answer is 1e-17 itself.
"""

RADIUS_DIGITS = 24

ROUNDING = 1e-15
"""More than floats can be wrong by, relative to the numbers that are compared."""


class Reach(msgspec.Struct, frozen=True, gc=False):
    """How far from the middle numbers are an answer, as a quotient; text: as a decimal. near: as a float."""

    above: int
    below: int
    text: str
    near: float

    @property
    def radius(self) -> Fraction:
        """The same as a fraction."""
        return Fraction(self.above, self.below)


class Zone(msgspec.Struct, frozen=True, gc=False):
    """Numbers that are an answer: around a middle, which is a quotient. text: it as a decimal. near: it as a float."""

    above: int
    below: int
    reach: Reach
    text: str
    near: float

    @property
    def middle(self) -> Fraction:
        """The number in the middle."""
        return Fraction(self.above, self.below)

    def plainly_holds(self, near: float, room: int = 0, error: float = ROUNDING) -> bool | None:
        """Whether a number is one of these, or is at most `room` from one; None if floats do not tell.

        error: more than the float differs from the number, relative to its size, and floats are wrong by.
        """
        distance, radius = abs(near - self.near), self.reach.near + room
        doubt = error * (abs(near) + abs(self.near) + radius)
        return None if abs(distance - radius) <= doubt else distance < radius

    def holds(self, number: str, near: float, room: int = 0) -> bool:
        """The same of a decimal, exactly. near: it as a float."""
        plainly = self.plainly_holds(near, room)
        return abs(Fraction(number) - self.middle) <= self.reach.radius + room if plainly is None else plainly


def zone_around(above: int, below: int, text: str, radius: tuple[int, int], boundary: bool) -> Zone:
    """The numbers at most a radius from a quotient, the boundary moved. text: the quotient as a decimal.

    >>> zone = zone_around(1, 2, "0.5", (1, 100), boundary=False)
    >>> zone.text, zone.reach.text, zone.holds("0.51", 0.51)
    ('0.5', '0.009999999999', False)
    """
    near = above / below
    reach, most = _usual_reach(*radius, boundary)
    if abs(near) >= most or (not radius[0] and abs(near) < _TINY):
        reach = _reach(*moved_radius(*radius, boundary, (abs(above), below)))
    return Zone(above, below, reach, text, near)


def moved_radius(above: int, below: int, boundary: bool, size: tuple[int, int] = (0, 1)) -> tuple[int, int]:
    """A radius as a quotient, with the boundary moved. boundary: it is included. size: of the middle, as a quotient.

    >>> exact, within = moved_radius(0, 1, True, (100, 1)), moved_radius(1, 200, True)
    >>> float(Fraction(*exact)), float(Fraction(*within) - Fraction(1, 200))
    (2e-13, 5e-13)
    """
    large, parts = size
    radius = above * parts * UNIT
    least = below * parts
    if above:
        least = min(least, radius // ROOM)
    elif large:
        least = min(least, large * below * UNIT // ROOM_OF_EXACT)
    move = max(above * parts * SHARE, (large * below + above * parts) * SIZE, least)
    return radius + move if boundary else max(radius - move, move), below * parts * UNIT


_TINY = ROOM_OF_EXACT / UNIT
"""Numbers below are met exactly by others only that are less than a unit from them."""


@lru_cache(maxsize=256)
def _usual_reach(above: int, below: int, boundary: bool) -> tuple[Reach, float]:
    """What a radius becomes around numbers whose size does not matter for it; as floats these are less than the float.

    What is less than the nearest float is less.
    """
    least = min(below, above * UNIT // ROOM) if above else below
    most = (max(above * SHARE, least) - above * SIZE) / (below * SIZE)
    return _reach(*moved_radius(above, below, boundary)), most


def _reach(above: int, below: int) -> Reach:
    return Reach(above, below, written(*to_digits(above, below, RADIUS_DIGITS)), above / below)


def whole_number_outside(number: int, zones: Sequence[Zone], room: int = 0) -> int:
    """This number, or a longer one, that is not in any zone nor at most `room` from one."""
    if not zones or 2 * max([zone.near + zone.reach.near for zone in zones]) + room < number:  # nearly always
        return number
    while any(zone.holds(str(number), float(number), room) for zone in zones):
        number = 10 * number + 1
    return number
