"""Numbers: which of them are which answer, in binary floats as STACK compares them.

The boundary of a tolerance is moved by a little more than floats are wrong by: outwards where it counts, inwards where
it does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

import msgspec

from grading.keys import NumericKey
from quizgen.exporters.accepted_numbers import AcceptedNumbers, accepted_numbers
from quizgen.exporters.moodle_stack.known import RIGHT, Answer, Known, Name, named
from quizgen.exporters.moodle_stack.maxima import maxima_number
from quizgen.exporters.moodle_xml.answers import rival_feedback
from quizgen.exporters.moodle_xml.xml import moodle_text
from quizgen.exporters.rendering.decimals import decimal, value_of
from quizgen.exporters.rendering.wording import Wording, wording

LEAST_SLACK = Fraction(1, 10**15)
SHARE, SIZE = Fraction(1, 10**10), Fraction(2, 10**15)
"""Of the radius, and of the size of the numbers, by which a boundary is moved: the larger of both."""

SHOWN_DIGITS = range(3, 13)
"""STACK itself prints twelve digits of a number at most."""

FAR = 123456789

SAMPLES = Fraction(0), Fraction(9, 10), Fraction(-9, 10)
"""Where in a zone a sample is looked for, in parts of the radius."""

ROUNDING = 1e-15
"""More than floats can be wrong by, relative to the numbers that are compared."""


def slack(middle: Fraction, radius: Fraction) -> Fraction:
    """By how much a boundary is moved.

    >>> float(slack(Fraction(100), Fraction(0))), float(slack(Fraction(1), Fraction(1, 200)))
    (2e-13, 5e-13)
    """
    return max(radius * SHARE, (abs(middle) + radius) * SIZE, LEAST_SLACK)


def known_numbers(key: NumericKey, words: Wording) -> Known:
    """The answers to a part with a number."""
    groups = [_Zones(answer) for answer in _groups(key, words)]
    shown = _shown(key, groups[0])
    answers = [msgspec.structs.replace(groups[0].answer, sample=shown)]
    for place, group in enumerate(groups[1:], 1):
        answers.append(msgspec.structs.replace(group.answer, sample=_sample(group, groups[:place])))
    return Known(tuple(answers), shown, _far(groups))


class _Zones:
    """The numbers of an answer, in floats besides: what is plainly inside or outside is told by these."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self._floats = [(float(middle), float(radius)) for middle, radius in answer.zones]

    def fits(self, text: str) -> bool:
        """Whether a decimal is one of these numbers."""
        number = float(text)
        for (middle, radius), zone in zip(self._floats, self.answer.zones, strict=True):
            distance, doubt = abs(number - middle), ROUNDING * (abs(number) + abs(middle) + radius)
            if distance < radius - doubt or (distance <= radius + doubt and abs(Fraction(text) - zone[0]) <= zone[1]):
                return True
        return False


def _groups(key: NumericKey, words: Wording) -> Iterator[Answer]:
    """What is accepted, neighbours of one name in one answer."""
    known = _bands(words.language)
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


def _moved(entry: AcceptedNumbers) -> Fraction:
    move = slack(entry.middle, entry.radius)
    return entry.radius + move if entry.boundary else max(entry.radius - move, move)


def _sample(group: _Zones, earlier: list[_Zones]) -> str:
    """A number of at most twelve digits that is this answer and none before it, or ""."""
    for middle, radius in group.answer.zones:
        for part in SAMPLES:
            text = decimal(middle + radius * part if part else middle, SHOWN_DIGITS[-1])
            if group.fits(text) and not any(other.fits(text) for other in earlier):
                return text
    return ""


def _shown(key: NumericKey, right: _Zones) -> str:
    """The right number with a digit more than it needs to be right, or as the expression that the key is."""
    value = value_of(key.value)
    for digits in SHOWN_DIGITS:
        if right.fits(text := decimal(value, digits)):
            longer = decimal(value, digits + 1)
            return longer if right.fits(longer) else text
    return maxima_number(key.value)


def _far(groups: list[_Zones]) -> str:
    number = FAR
    while any(group.fits(str(number)) for group in groups):
        number = 10 * number + 1
    return str(number)
