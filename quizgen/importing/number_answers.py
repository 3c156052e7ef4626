"""Lists of numbers with tolerances, of which the first that fits decides, as a key with bands and wrong values.

Several keys are tried (an absolute or relative tolerance, rounding to places or figures); one that gives the very same
list when it is written out again is the key. Only if none does, the list is read as it stands, and what differs is
noted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import msgspec

from grading.keys import FURTHER_PLACES, Band, NumericKey, Rival, Tolerance
from quizgen.exporters.accepted_numbers import accepted_numbers, narrowed, printed
from quizgen.exporters.rendering.decimals import DIGITS, decimal, magnitude
from quizgen.importing.contract import Data, NotCarried, Wrong
from quizgen.importing.markdown import Note
from quizgen.importing.own_marks import band_words
from quizgen.importing.yaml_writing import number

_MOST_RIVALS = 40
_OUTSIDE = 1 - Fraction(1, 10**9)
_NOTHING = Fraction(0)


class NumberAnswer(msgspec.Struct, frozen=True):
    """Numbers at most `radius` from `middle` earn the share. misconception: its id, several joined by a space."""

    middle: Fraction
    radius: Fraction
    share: Fraction
    feedback: str = ""
    misconception: str = ""


class NumberKey(msgspec.Struct, frozen=True):
    """The key as text, the fields beside it, and the wrong values."""

    value: str
    settings: tuple[tuple[str, Data], ...] = ()
    wrong: tuple[Wrong, ...] = ()


def restored(value: Fraction) -> Fraction:
    """The fraction that a decimal of twenty digits stands for.

    >>> restored(Fraction("0.33333333333333333333")), restored(Fraction("0.3333"))
    (Fraction(1, 3), Fraction(3333, 10000))
    """
    if value.denominator < 10**16:
        return value
    simple = value.limit_denominator(10**6)
    return simple if decimal(simple) == decimal(value) else value


def number_key(answers: Sequence[NumberAnswer], note: Note) -> NumberKey:
    """The key of a list. Raises NotCarried if nothing in it is right."""
    answers = [answer for answer in answers if answer.radius >= 0][:200]
    if not any(answer.share == 1 for answer in answers):
        raise NotCarried("no number is worth all of the points", broken=True)
    if any(answer.share == 1 and answer.feedback for answer in answers):
        note("what is said about the right number is left out")
    for key in _candidates(answers):
        if _gives(key, answers):
            return _as_fields(key, answers)
    return _as_it_stands(answers, note)


# ---------------------------------------------------------------- keys that give the same list


def _candidates(answers: Sequence[NumberAnswer]) -> Iterator[NumericKey]:
    right = [answer for answer in answers if answer.share == 1]
    last = right[-1] if len(right) > 1 else right[0]
    value = restored(last.middle)
    rest = [answer for answer in answers if answer not in right]
    bands = tuple(
        Band(_tidy(a.radius), a.share) for a in rest if a.middle == last.middle and a.radius > last.radius and a.share
    )
    rivals = [a for a in rest if not (a.middle == last.middle and a.radius > last.radius and a.share)]
    if len(rivals) > 8 * _MOST_RIVALS:
        return
    for tolerance in _tolerances(right, last, value):
        wrong = [a for a in rivals if a.radius or not _by_points(tolerance)]
        if tolerance.kind == "absolute":
            wrong = [a for a in wrong if _alike(a.radius, last.radius) or a.radius > last.radius]
        if len(wrong) <= _MOST_RIVALS:
            yield NumericKey(
                str(value), tolerance, bands, rivals=tuple(Rival(str(restored(a.middle)), (), a.share) for a in wrong)
            )


def _by_points(tolerance: Tolerance) -> bool:
    return tolerance.kind in ("exact", "decimals", "significant")


def _tolerances(right: Sequence[NumberAnswer], last: NumberAnswer, value: Fraction) -> Iterator[Tolerance]:
    radius = _tidy(last.radius)
    if len(right) == 1:
        if not radius or radius <= Fraction(1, 10**18) * max(Fraction(1), abs(value)):
            yield Tolerance()
            return
        yield Tolerance("absolute", radius)
        yield Tolerance("absolute", _tidy(last.radius / _OUTSIDE), "outside")
        if value:
            yield Tolerance("relative", _tidy(last.radius / abs(value)))
            yield Tolerance("relative", _tidy(last.radius / _OUTSIDE / abs(value)), "outside")
    elif radius:
        places = -magnitude(2 * radius) - FURTHER_PLACES
        if 0 <= places <= 15:
            yield Tolerance("decimals", Fraction(places))
        figures = places + 1 + (magnitude(value) if value else 0)
        if 1 <= figures <= 15:
            yield Tolerance("significant", Fraction(figures))


def _tidy(value: Fraction) -> Fraction:
    """A tolerance without the last digits by which a rounded middle was made up for."""
    if not value:
        return value
    scale = Fraction(10) ** (11 - magnitude(value))
    rounded = round(value * scale) / scale
    return rounded if abs(rounded - value) <= abs(value) / 10**13 else value


def _gives(key: NumericKey, answers: Sequence[NumberAnswer]) -> bool:
    """Whether the key, written out, is this list; the last digits of tolerances come from rounding."""
    try:
        written = [(*printed(narrowed(entry)), entry.credit) for entry in accepted_numbers(key)]
    except (ValueError, ArithmeticError):
        return False
    return len(written) == len(answers) and all(
        share == answer.share
        and _alike(Fraction(middle), answer.middle)
        and _alike(Fraction(radius), answer.radius, _last_digit(answer.middle))
        for (middle, radius, share), answer in zip(written, answers, strict=True)
    )


def _alike(one: Fraction, other: Fraction, rounding: Fraction = _NOTHING) -> bool:
    """Whether two numbers are the same but for the rounding to twenty digits of what they were made of.

    rounding: what a middle was rounded by at most, which its tolerance makes up for.
    """
    return abs(one - other) <= max(abs(one), abs(other)) / 10**13 + rounding


def _last_digit(middle: Fraction) -> Fraction:
    return Fraction(10) ** (magnitude(middle) - DIGITS + 1) if middle else Fraction(0)


def _as_fields(key: NumericKey, answers: Sequence[NumberAnswer]) -> NumberKey:
    said = {a.middle: a for a in reversed(answers) if a.feedback or a.misconception}
    settings: list[tuple[str, Data]] = [("tolerance", _tolerance_text(key.tolerance))]
    if key.bands:
        settings.append(("within", {number(band.within): number(band.credit) for band in key.bands}))
    wrong = []
    for rival in key.rivals:
        value = Fraction(rival.value)
        heard = said.get(value) or said.get(Fraction(decimal(value)))
        wrong += _wrong(value, rival.credit, heard.feedback if heard else "", heard.misconception if heard else "")
    return NumberKey(number(Fraction(key.value)), tuple(settings), tuple(wrong))


def _wrong(value: Fraction, credit: Fraction, feedback: str, misconceptions: str) -> list[Wrong]:
    """A wrong value for each misconception that leads to it."""
    return [Wrong(number(value), credit, feedback, name) for name in misconceptions.split() or [""]]


def _tolerance_text(tolerance: Tolerance) -> Data:
    less = "< " if tolerance.boundary == "outside" else ""
    match tolerance.kind:
        case "exact":
            return "exact"
        case "absolute":
            return less + number(tolerance.amount)
        case "relative":
            return f"{less}{number(tolerance.amount * 100)} %"
    return {tolerance.kind: str(tolerance.amount)}


# ---------------------------------------------------------------- the list as it stands


def _as_it_stands(answers: Sequence[NumberAnswer], note: Note) -> NumberKey:
    right = [answer for answer in answers if answer.share == 1]
    key = max(right, key=lambda answer: answer.radius)
    radius = _tidy(key.radius) if key.radius > Fraction(1, 10**15) else Fraction(0)
    settings: list[tuple[str, Data]] = [("tolerance", number(radius) if radius else "exact")]
    bands: dict[str, Data] = {}
    kept: list[NumberAnswer] = []
    for answer in answers:
        if answer is key:
            continue
        if answer.share < 0:
            note("a number that takes points away earns nothing")
        if answer.middle == key.middle and 0 < answer.share < 1 and answer.radius > key.radius:
            bands.setdefault(number(_tidy(answer.radius)), number(answer.share))
            if answer.feedback and answer.feedback not in band_words():
                note("what is said about a number near the key is left out")
        elif _inside(answer, key) and answer.share == 1:
            continue
        else:
            kept.append(answer)
    outer = max((Fraction(text) for text in bands), default=Fraction(0))
    wrong = list(_apart(kept, key, radius, outer, note))
    if bands:
        settings.append(("within", bands))
    return NumberKey(number(restored(key.middle)), tuple(settings), tuple(wrong))


def _inside(answer: NumberAnswer, key: NumberAnswer) -> bool:
    return abs(answer.middle - key.middle) + answer.radius <= key.radius


def _apart(
    answers: Sequence[NumberAnswer], key: NumberAnswer, radius: Fraction, outer: Fraction, note: Note
) -> Iterator[Wrong]:
    """Wrong (or other right) values, those left out that are too near to the key or each other to be told apart."""
    distance = outer + radius if outer else 2 * radius
    kept: list[Fraction] = []
    for answer in answers[:_MOST_RIVALS]:
        value = restored(answer.middle)
        near = abs(value - restored(key.middle)) < distance or value == restored(key.middle)
        if near or any(abs(value - other) <= radius for other in kept):
            note(f"the answer {number(value)} is too near to another one and is left out")
            continue
        if _tidy(answer.radius) != radius:
            note(f"the answer {number(value)} has a tolerance of its own; here every number has that of the key")
        kept.append(value)
        yield from _wrong(value, max(Fraction(0), answer.share), answer.feedback, answer.misconception)
