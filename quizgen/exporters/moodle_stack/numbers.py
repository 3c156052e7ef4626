"""Numbers: which of them are which answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from grading.fixedpoint import UNIT
from grading.keys import Band, NumericKey
from quizgen.exporters.accepted_numbers import AcceptedNumbers, accepted_numbers
from quizgen.exporters.moodle_stack.known import PRINTED_DIGITS, RIGHT, Answer, Known, Name, named, told
from quizgen.exporters.moodle_stack.maxima import maxima_number
from quizgen.exporters.moodle_stack.zones import Zone, whole_number_outside, zone_around
from quizgen.exporters.moodle_xml.answers import rival_feedback
from quizgen.exporters.moodle_xml.xml import moodle_text
from quizgen.exporters.rendering.closed_numbers import bounds_of_all
from quizgen.exporters.rendering.decimals import decimal_between, to_digits, value_of, written
from quizgen.exporters.rendering.wording import Wording, wording

SHOWN_DIGITS = range(3, PRINTED_DIGITS + 1)

FAR = 123456789

NEAR_THE_END = 9, 10
"""Of a radius, as a quotient."""

CUT = 1e-11
"""More than a number changes, relative to its size, when it is rounded to the digits that STACK prints."""

Entry = tuple[Name, str, Zone]
"""Numbers that are an answer: its name, its feedback."""


def known_numbers(key: NumericKey, words: Wording) -> Known:
    """The answers to a part with a number.

    Raises NoValue if a value of the key cannot be computed.
    """
    apart = _entries_apart(key, words)
    (name, feedback, right), *others = _groups(apart or _entries(key, words))
    shown = _shown(key.value, right)
    answers = [Answer(name, feedback, shown, zones=tuple(right))]
    before = list(right)
    for name, feedback, zones in others:
        sample = None if apart and name.beliefs else _sample(zones, before)
        answers.append(Answer(name, feedback, sample or "", zones=tuple(zones), is_central=sample is None))
        before += zones
    return Known(tuple(answers), shown, str(whole_number_outside(FAR, before)))


def _entries(key: NumericKey, words: Wording) -> Iterator[Entry]:
    """All numbers that are accepted, in the order in which they decide."""
    for entry in accepted_numbers(key):
        above, below = entry.middle.as_integer_ratio()
        text = written(*to_digits(above, below))
        zone = zone_around(above, below, text, entry.radius.as_integer_ratio(), entry.boundary)
        yield _name(entry), _feedback(entry, words), zone


def _entries_apart(key: NumericKey, words: Wording) -> list[Entry] | None:
    """The same, where bounds show that no number is two of the values, the key with its bands one of them; else None.

    Most keys are such, and hardly any of their values has to be computed exactly.
    """
    zones = _zones_by_bounds(key)
    if zones is None:
        return None
    right, *wrong = zones
    bands = [(band, _band_around(right, band)) for band in sorted(key.bands, key=lambda band: -band.credit)]
    widest = max([right, *[zone for _, zone in bands]], key=lambda zone: zone.reach.near)
    if not _are_apart([widest, *wrong]):
        return None
    entries = [(_RIGHT, "", right)]
    entries += [(_name_of_band(band.credit, band.note), _said(band.note, words), zone) for band, zone in bands]
    for rival, zone in zip(key.rivals, wrong, strict=True):
        entries.append((*told(rival, "near"), zone))
    return entries


def _zones_by_bounds(key: NumericKey) -> list[Zone] | None:
    """What counts as the key's number, and as each known wrong one; None where that is no interval or has no bounds."""
    tolerance, boundary = key.tolerance, key.tolerance.boundary == "inside"
    if key.digits or tolerance.kind not in ("absolute", "relative") or not tolerance.amount:
        return None
    values = [key.value, *[rival.value for rival in key.rivals]]
    bounds = bounds_of_all(values)
    if bounds is None:
        return None
    zones = []
    reach, parts = tolerance.amount.as_integer_ratio()
    for value, (low, high) in zip(values, bounds, strict=True):
        above, below, text = low + high, _BELOW, decimal_between(low, high)
        if text is None:  # bounds around 0 that are no closer to each other than to it
            above, below = value_of(value).as_integer_ratio()
            text = written(*to_digits(above, below))
        radius = (reach, parts) if tolerance.kind == "absolute" else (reach * abs(above), parts * below)
        zones.append(zone_around(above, below, text, radius, boundary))
    return zones


_BELOW = 2 * UNIT
"""Below the line of the middle between two bounds."""


def _band_around(right: Zone, band: Band) -> Zone:
    return zone_around(right.above, right.below, right.text, band.within.as_integer_ratio(), boundary=True)


def _are_apart(zones: Sequence[Zone]) -> bool:
    """Whether floats show that no number is in two of these zones, nor is when it is rounded as STACK prints it."""
    ends = []
    for zone in zones:
        near, reach = zone.near, zone.reach.near
        doubt = 4 * CUT * (abs(near) + reach)
        if doubt >= reach:
            return False
        ends.append((near - reach - doubt, near + reach + doubt))
    ends.sort()
    return all(high < low for (_, high), (low, _) in pairwise(ends))


def _groups(entries: Iterable[Entry]) -> list[tuple[Name, str, list[Zone]]]:
    """What is accepted, neighbours of one name together: name, feedback, zones."""
    groups: list[tuple[Name, str, list[Zone]]] = []
    last: Name | None = None
    for name, said, zone in entries:
        if name == last:
            groups[-1][2].append(zone)
        else:
            groups.append((name, said, [zone]))
            last = name
    return groups


def _feedback(entry: AcceptedNumbers, words: Wording) -> str:
    return rival_feedback(entry.rivals) or _said(entry.band, words)


def _said(band: str, words: Wording) -> str:
    """What is said of a number in a band with this note, as HTML."""
    said = _bands(words.language).get(band) if band else None
    return "" if said is None else f"<p>{moodle_text(said)}</p>"


@lru_cache(maxsize=64)
def _bands(language: str) -> dict[str, str]:
    """What is said of a number in a band, by the note of the band."""
    return wording(language).group("band:")


_RIGHT = Name(RIGHT, Fraction(1), "near")


def _name(entry: AcceptedNumbers) -> Name:
    return named(entry.rivals, entry.credit, "near") if entry.rivals else _name_of_band(entry.credit, entry.band)


def _name_of_band(credit: Fraction, note: str) -> Name:
    return _RIGHT if credit == 1 and not note else Name(note or "near", credit, "near")


def _sample(zones: Sequence[Zone], before: Sequence[Zone]) -> str | None:
    """A number in one of the zones and in none before: None for the middle of the first zone, "" if there is none."""
    first = zones[0]
    met = {zone.plainly_holds(first.near, error=CUT) for zone in before}
    if met <= _PLAINLY_NOT and first.plainly_holds(first.near, error=CUT):
        return None
    for place, (above, below) in enumerate(_places(zones)):
        if not place and True in met:
            continue
        text = written(*to_digits(above, below, PRINTED_DIGITS))
        if _is_in(text, zones) and not _is_in(text, before):
            return text if place else None
    return ""


_PLAINLY_NOT = frozenset([False])


def _places(zones: Sequence[Zone]) -> Iterator[tuple[int, int]]:
    """Where a sample is looked for, as quotients: the middle of each zone and near its ends."""
    share, parts = NEAR_THE_END
    for zone in zones:
        reach = zone.reach
        middle, far, below = zone.above * parts * reach.below, zone.below * share * reach.above, zone.below * parts
        yield zone.above, zone.below
        yield middle + far, below * reach.below
        yield middle - far, below * reach.below


def _shown(value: str, right: Sequence[Zone]) -> str:
    """The right number with a digit more than it needs to be right, or as the expression that the key is."""
    middle = right[0].above, right[0].below
    for digits in SHOWN_DIGITS:
        if _is_in(text := written(*to_digits(*middle, digits)), right):
            longer = written(*to_digits(*middle, digits + 1))
            return longer if _is_in(longer, right) else text
    return maxima_number(value)


def _is_in(number: str, zones: Sequence[Zone]) -> bool:
    near = float(number)
    return any(zone.holds(number, near) for zone in zones)
