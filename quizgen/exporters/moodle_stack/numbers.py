"""Numbers: which of them are which answer, in binary floats as STACK compares them.

The boundary of a tolerance is moved by a little more than floats are wrong by: outwards where it counts, inwards where
it does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache

from grading.keys import NumericKey
from quizgen.exporters.accepted_numbers import AcceptedNumbers, accepted_numbers
from quizgen.exporters.moodle_stack.known import (
    PRINTED_DIGITS,
    RIGHT,
    Answer,
    Known,
    Name,
    Reach,
    Zone,
    named,
    whole_number_outside,
)
from quizgen.exporters.moodle_stack.maxima import maxima_number
from quizgen.exporters.moodle_xml.answers import rival_feedback
from quizgen.exporters.moodle_xml.xml import moodle_text
from quizgen.exporters.rendering.decimals import decimal, to_digits, value_of, written
from quizgen.exporters.rendering.wording import Wording, wording

UNIT = 10**15
SHARE, SIZE = UNIT // 10**10, 2
"""Of the radius, and of the size of the numbers, by which a boundary is moved, in units: the larger of both, but 1."""

ROOM, ROOM_OF_EXACT = 10**3, 10**6
"""How many times less than the radius, and than a number that has to be met exactly, that 1 is at most: it is for what
floats lose when numbers of usual size cancel, and much where the right answer is 1e-17 itself.
"""

SHOWN_DIGITS = range(3, PRINTED_DIGITS + 1)
RADIUS_DIGITS = 24

FAR = 123456789

NEAR_THE_END = Fraction(9, 10)
"""Of a radius."""

CUT = 1e-11
"""More than a number changes, relative to its size, when it is rounded to the digits that STACK prints."""


def known_numbers(key: NumericKey, words: Wording) -> Known:
    """The answers to a part with a number."""
    (name, feedback, right), *others = _groups(key, words)
    shown = _shown(key, right)
    answers = [Answer(name, feedback, shown, zones=right)]
    before = list(right)
    for name, feedback, zones in others:
        sample = _sample(zones, before)
        answers.append(Answer(name, feedback, sample or "", zones=zones, is_central=sample is None))
        before += zones
    return Known(tuple(answers), shown, str(whole_number_outside(FAR, before)))


def _groups(key: NumericKey, words: Wording) -> Iterator[tuple[Name, str, tuple[Zone, ...]]]:
    """What is accepted, neighbours of one name together: name, feedback, zones."""
    name: Name | None = None
    feedback, zones = "", list[Zone]()
    for entry in accepted_numbers(key):
        found = _name(entry)
        if found != name:
            if name is not None:
                yield name, feedback, tuple(zones)
            name, feedback, zones = found, _feedback(entry, words), []
        zones.append(_zone(entry))
    if name is not None:
        yield name, feedback, tuple(zones)


def _feedback(entry: AcceptedNumbers, words: Wording) -> str:
    feedback = rival_feedback(entry.rivals)
    if entry.band and not feedback and (said := _bands(words.language).get(entry.band)) is not None:
        feedback = f"<p>{moodle_text(said)}</p>"
    return feedback


@lru_cache(maxsize=64)
def _bands(language: str) -> dict[str, str]:
    """What is said of a number in a band, by the note of the band."""
    return wording(language).group("band:")


_RIGHT = Name(RIGHT, Fraction(1), "near")


def _name(entry: AcceptedNumbers) -> Name:
    if entry.rivals:
        return named(entry.rivals, entry.credit, "near")
    if entry.credit == 1 and not entry.band:
        return _RIGHT
    return Name(entry.band or "near", entry.credit, "near")


def _zone(entry: AcceptedNumbers) -> Zone:
    above, below = entry.middle.as_integer_ratio()
    radius, near = entry.radius.as_integer_ratio(), above / below
    reach, most = _usual_reach(*radius, entry.boundary)
    if abs(near) >= most or (not radius[0] and abs(near) < _TINY):
        reach = _reach(*moved_radius(*radius, entry.boundary, (abs(above), below)))
    return Zone(entry.middle, reach, written(*to_digits(above, below)), near)


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


def _sample(zones: Sequence[Zone], before: Sequence[Zone]) -> str | None:
    """A number in one of the zones and in none before: None for the middle of the first zone, "" if there is none."""
    first = zones[0]
    met = {zone.plainly_holds(first.near, error=CUT) for zone in before}
    if met <= _PLAINLY_NOT and first.plainly_holds(first.near, error=CUT):
        return None
    for place in _places(zones):
        if place is first.middle and True in met:
            continue
        text = decimal(place, PRINTED_DIGITS)
        if _is_in(text, zones) and not _is_in(text, before):
            return None if place is first.middle else text
    return ""


_PLAINLY_NOT = frozenset([False])


def _places(zones: Sequence[Zone]) -> Iterator[Fraction]:
    """Where a sample is looked for: the middle of each zone and near its ends."""
    for zone in zones:
        yield zone.middle
        yield zone.middle + zone.reach.radius * NEAR_THE_END
        yield zone.middle - zone.reach.radius * NEAR_THE_END


def _shown(key: NumericKey, right: Sequence[Zone]) -> str:
    """The right number with a digit more than it needs to be right, or as the expression that the key is."""
    value = value_of(key.value)
    for digits in SHOWN_DIGITS:
        if _is_in(text := decimal(value, digits), right):
            longer = decimal(value, digits + 1)
            return longer if _is_in(longer, right) else text
    return maxima_number(key.value)


def _is_in(number: str, zones: Sequence[Zone]) -> bool:
    near = float(number)
    return any(zone.holds(number, near) for zone in zones)
