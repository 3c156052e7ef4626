"""Numbers: which of them are which answer, in binary floats as STACK compares them.

The boundary of a tolerance is moved by a little more than floats are wrong by: outwards where it counts, inwards where
it does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache

import msgspec

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
from quizgen.exporters.rendering.decimals import decimal, value_of
from quizgen.exporters.rendering.wording import Wording, wording

LEAST_SLACK = Fraction(1, 10**15)
SHARE, SIZE = Fraction(1, 10**10), Fraction(2, 10**15)
"""Of the radius, and of the size of the numbers, by which a boundary is moved: the larger of both."""

SHOWN_DIGITS = range(3, PRINTED_DIGITS + 1)
RADIUS_DIGITS = 24

FAR = 123456789

FURTHER_OUT = Fraction(9, 10), Fraction(-9, 10)
"""Where in a zone a sample is looked for besides its middle, in parts of the radius."""

CUT = 1e-11
"""More than a number changes, relative to its size, when it is rounded to the digits that STACK prints."""


def slack(middle: Fraction, radius: Fraction) -> Fraction:
    """By how much a boundary is moved.

    >>> float(slack(Fraction(100), Fraction(0))), float(slack(Fraction(1), Fraction(1, 200)))
    (2e-13, 5e-13)
    """
    return max(radius * SHARE, (abs(middle) + radius) * SIZE, LEAST_SLACK)


def known_numbers(key: NumericKey, words: Wording) -> Known:
    """The answers to a part with a number."""
    right, *others = _groups(key, words)
    shown = _shown(key, right)
    answers = [msgspec.structs.replace(right, own_sample=shown)]
    before = list(right.zones)
    for answer in others:
        answers.append(_with_sample(answer, before))
        before += answer.zones
    return Known(tuple(answers), shown, str(whole_number_outside(FAR, before)))


def _groups(key: NumericKey, words: Wording) -> Iterator[Answer]:
    """What is accepted, neighbours of one name in one answer."""
    name: Name | None = None
    feedback, zones = "", list[Zone]()
    for entry in accepted_numbers(key):
        found = _name(entry)
        if found != name:
            if name is not None:
                yield Answer(name, feedback, zones=tuple(zones))
            name, feedback, zones = found, _feedback(entry, words), []
        zones.append(_zone(entry))
    if name is not None:
        yield Answer(name, feedback, zones=tuple(zones))


def _feedback(entry: AcceptedNumbers, words: Wording) -> str:
    feedback = rival_feedback(entry.rivals)
    if entry.band and not feedback and (said := _bands(words.language).get(entry.band)) is not None:
        feedback = f"<p>{moodle_text(said)}</p>"
    return feedback


@lru_cache(maxsize=64)
def _bands(language: str) -> dict[str, str]:
    """What is said of a number in a band, by the note of the band."""
    return wording(language).group("band:")


def _name(entry: AcceptedNumbers) -> Name:
    if entry.rivals:
        return named(entry.rivals, entry.credit, "near")
    if entry.credit == 1 and not entry.band:
        return Name(RIGHT, entry.credit, "near")
    return Name(entry.band or "near", entry.credit, "near")


def _zone(entry: AcceptedNumbers) -> Zone:
    middle, near = entry.middle, float(entry.middle)
    usual, most = _usual_reach(*entry.radius.as_integer_ratio(), entry.boundary)
    if abs(near) >= most:
        usual = _reach(_moved(middle, entry.radius, entry.boundary))
    return Zone(middle, usual, decimal(middle), near)


@lru_cache(maxsize=256)
def _usual_reach(above: int, below: int, boundary: bool) -> tuple[Reach, float]:
    """What becomes of a radius at numbers that do not matter for it, and a float: these are less than it as floats."""
    radius = Fraction(above, below)
    most = slack(Fraction(0), radius) / SIZE - radius
    return _reach(_moved(Fraction(0), radius, boundary)), float(most)


def _reach(radius: Fraction) -> Reach:
    return Reach(radius, decimal(radius, RADIUS_DIGITS), float(radius))


def _moved(middle: Fraction, radius: Fraction, boundary: bool) -> Fraction:
    move = slack(middle, radius)
    return radius + move if boundary else max(radius - move, move)


def _with_sample(answer: Answer, before: Sequence[Zone]) -> Answer:
    """The answer with a number that it is, and none before it."""
    first = answer.zones[0]
    if CUT * abs(first.near) < first.reach.near and not any(_may_meet(first, zone) for zone in before):
        return msgspec.structs.replace(answer, is_central=True)
    for zone in answer.zones:
        for place in (zone.middle, *(zone.middle + zone.reach.radius * part for part in FURTHER_OUT)):
            text = decimal(place, PRINTED_DIGITS)
            near = float(text)
            if any(own.holds(text, near) for own in answer.zones) and not any(z.holds(text, near) for z in before):
                if place is first.middle:
                    return msgspec.structs.replace(answer, is_central=True)
                return msgspec.structs.replace(answer, own_sample=text)
    return answer


def _may_meet(one: Zone, other: Zone) -> bool:
    """Whether the middle of a zone, rounded, may be in another; this is told by floats alone."""
    a, b, radius = one.near, other.near, other.reach.near
    return abs(a - b) <= radius + CUT * (abs(a) + abs(b) + radius)


def _shown(key: NumericKey, right: Answer) -> str:
    """The right number with a digit more than it needs to be right, or as the expression that the key is."""
    value = value_of(key.value)
    for digits in SHOWN_DIGITS:
        if _is_in(text := decimal(value, digits), right.zones):
            longer = decimal(value, digits + 1)
            return longer if _is_in(longer, right.zones) else text
    return maxima_number(key.value)


def _is_in(number: str, zones: Sequence[Zone]) -> bool:
    near = float(number)
    return any(zone.holds(number, near) for zone in zones)
