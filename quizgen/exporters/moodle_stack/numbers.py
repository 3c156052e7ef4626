"""Numbers: which of them are which answer, in binary floats as STACK compares them.

The boundary of a tolerance is moved by a little more than floats are wrong by: outwards where it counts, inwards where
it does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import msgspec

from grading.keys import NumericKey
from quizgen.exporters.accepted_numbers import AcceptedNumbers, accepted_numbers
from quizgen.exporters.moodle_stack.known import RIGHT, Answer, Known, Name, named
from quizgen.exporters.moodle_stack.maxima import maxima_number
from quizgen.exporters.moodle_xml.answers import rival_feedback
from quizgen.exporters.moodle_xml.xml import moodle_text
from quizgen.exporters.rendering.decimals import decimal, value_of
from quizgen.exporters.rendering.wording import Wording

LEAST_SLACK = Fraction(1, 10**15)
SHOWN_DIGITS = range(3, 13)
"""STACK itself prints twelve digits of a number at most."""

FAR = 123456789

Zones = tuple[tuple[Fraction, Fraction], ...]


def slack(middle: Fraction, radius: Fraction) -> Fraction:
    """By how much a boundary is moved.

    >>> float(slack(Fraction(100), Fraction(0))), float(slack(Fraction(1), Fraction(1, 200)))
    (2e-13, 5e-13)
    """
    return max(radius / 10**10, 2 * (abs(middle) + radius) / 10**15, LEAST_SLACK)


def known_numbers(key: NumericKey, words: Wording) -> Known:
    """The answers to a part with a number."""
    groups = list(_groups(key, words))
    answers: list[Answer] = []
    for place, answer in enumerate(groups):
        answers.append(msgspec.structs.replace(answer, sample=_sample(answer, groups[:place])))
    shown = _shown(key, groups)
    answers[0] = msgspec.structs.replace(answers[0], sample=shown)
    return Known(tuple(answers), shown, _far(groups))


def _groups(key: NumericKey, words: Wording) -> Iterator[Answer]:
    """What is accepted, neighbours of one name in one answer."""
    known = words.group("band:")
    kept: Answer | None = None
    for entry in accepted_numbers(key):
        name = _name(entry)
        zone = (entry.middle, _moved(entry))
        if kept is not None and kept.name == name:
            kept = msgspec.structs.replace(kept, zones=(*kept.zones, zone))
            continue
        if kept is not None:
            yield kept
        feedback = rival_feedback(entry.rivals)
        if entry.band in known and not feedback:
            feedback = f"<p>{moodle_text(known[entry.band])}</p>"
        kept = Answer(name, feedback, "", zones=(zone,))
    if kept is not None:
        yield kept


def _name(entry: AcceptedNumbers) -> Name:
    if entry.rivals:
        return named(entry.rivals, entry.credit, "near")
    if entry.credit == 1 and not entry.band:
        return Name(RIGHT, entry.credit, "near")
    return Name(entry.band or "near", entry.credit, "near")


def _moved(entry: AcceptedNumbers) -> Fraction:
    move = slack(entry.middle, entry.radius)
    return entry.radius + move if entry.boundary else max(entry.radius - move, move)


def _fits(number: Fraction, zones: Zones) -> bool:
    return any(abs(number - middle) <= radius for middle, radius in zones)


def _sample(answer: Answer, earlier: list[Answer]) -> str:
    """A number of at most twelve digits that is this answer and none before it, or ""."""
    for middle, radius in answer.zones:
        for number in (middle, *(middle + radius * part for part in (Fraction(9, 10), Fraction(-9, 10)))):
            text = decimal(number, SHOWN_DIGITS[-1])
            value = Fraction(text)
            if _fits(value, answer.zones) and not any(_fits(value, other.zones) for other in earlier):
                return text
    return ""


def _shown(key: NumericKey, groups: list[Answer]) -> str:
    """The right number with a digit more than it needs to be right, or as the expression that the key is."""
    value = value_of(key.value)
    for digits in SHOWN_DIGITS:
        if _fits(Fraction(decimal(value, digits)), groups[0].zones):
            longer = decimal(value, digits + 1)
            return longer if _fits(Fraction(longer), groups[0].zones) else decimal(value, digits)
    return maxima_number(key.value)


def _far(groups: list[Answer]) -> str:
    number = FAR
    while any(_fits(Fraction(number), answer.zones) for answer in groups):
        number = 10 * number + 1
    return str(number)
