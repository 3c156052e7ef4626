"""Decimals that are right, as they are typed: for formats that compare an answer with a list of texts."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import msgspec

from grading.keys import NumericKey
from quizgen.exporters.accepted_numbers import AcceptedNumbers, full_mark_numbers
from quizgen.exporters.rendering.decimals import value_of
from quizgen.exporters.rendering.remembering import remembering_record
from quizgen.exporters.rendering.wording import Wording

MOST_NUMBERS = 120
MOST_PLACES = 12
FURTHER_PLACES = 3
"""So many more decimal places than the first number that is right needs; of a number asked for exactly one less."""


class Decimals(msgspec.Struct, frozen=True):
    """The decimals that are right, as they are typed. places: (fewest, most) that they have."""

    texts: tuple[str, ...]
    places: tuple[int, int]


NONE = Decimals((), (0, 0))


@remembering_record
def right_decimals(key: NumericKey) -> Decimals:
    """The decimals that earn all points, with as many places as a list of them has room for.

    >>> from grading.keys import Tolerance
    >>> found = right_decimals(NumericKey("8/5", Tolerance("absolute", Fraction(1, 100))))
    >>> found.texts[:6], found.places
    (('1.6', '1.60', '1.59', '1.61', '1.600', '1.599'), (1, 3))
    >>> right_decimals(NumericKey("2")).texts
    ('2', '2.0', '2.00')
    """
    above, below = value_of(key.value).as_integer_ratio()
    entries = full_mark_numbers(key)
    spans = [_span(entry) for entry in entries]
    further = FURTHER_PLACES if any(entry.radius for entry in entries) else FURTHER_PLACES - 1
    texts: list[str] = []
    first = last = -1
    for places in range(MOST_PLACES + 1):
        if first >= 0 and places > first + further:
            break
        unit = 10**places
        if sum((span.high - span.low) * unit // span.below for span in spans) + len(texts) > MOST_NUMBERS:
            break
        centre = _nearest(above * unit, below)
        here = sorted(set().union(*[_steps(span, unit) for span in spans]))
        here.sort(key=lambda step: abs(step - centre))
        found = _written(here, places, key.decimal_comma)
        if key.digits:
            found = [text for text in found if _has_the_digits(key, text)]
        if found:
            first, last = (places if first < 0 else first), places
            texts += found
    return Decimals(tuple(texts), (first, last)) if texts else NONE


class _Span(msgspec.Struct, frozen=True):
    """Where numbers begin, have their middle and end, in parts of `below`. boundary: whether the ends count."""

    low: int
    middle: int
    high: int
    below: int
    boundary: bool


def _span(entry: AcceptedNumbers) -> _Span:
    (above, below), (reach, parts) = entry.middle.as_integer_ratio(), entry.radius.as_integer_ratio()
    middle, around = above * parts, reach * below
    return _Span(middle - around, middle, middle + around, below * parts, entry.boundary)


def _steps(span: _Span, unit: int) -> Sequence[int]:
    """The numbers that are right, in units of the last of their places."""
    low, middle, high, below = span.low * unit, span.middle * unit, span.high * unit, span.below
    steps = range(-(-low // below), high // below + 1)
    if span.boundary:
        return steps
    return [step for step in steps if low < step * below < high or step * below == middle]


def _nearest(above: int, below: int) -> int:
    """The whole number nearest to a quotient, of two the even one.

    >>> [_nearest(above, 2) for above in (-3, -1, 1, 3)]
    [-2, 0, 0, 2]
    """
    whole, rest = divmod(above, below)
    return whole + (2 * rest > below or (2 * rest == below and whole % 2 == 1))


def _written(steps: Sequence[int], places: int, comma: bool) -> list[str]:
    """Numbers in units of the last of so many places; there are dozens of them.

    >>> _written([-5, 125], 2, comma=False), _written([-5], 0, comma=False)
    (['-0.05', '1.25'], ['-5'])
    """
    if not places:
        return [str(step) for step in steps]
    mark = "," if comma else "."
    digits = [str(step).zfill(places + 1 + (step < 0)) for step in steps]
    return [f"{text[:-places]}{mark}{text[-places:]}" for text in digits]


def _has_the_digits(key: NumericKey, text: str) -> bool:
    """Where digits are asked for, only the judge says whether a text has the right ones."""
    from grading.marking import grade

    return grade(key, text).score == 1


def is_exact(key: NumericKey) -> bool:
    """Whether the key is one decimal, so that the list holds all that is right."""
    return key.tolerance.kind == "exact" and not key.digits and bool(right_decimals(key).texts) and _short(key)


def _short(key: NumericKey) -> bool:
    value = value_of(key.value)
    return Fraction(value * 10**MOST_PLACES).denominator == 1


def how_to_type(key: NumericKey, words: Wording) -> str:
    """What learners are told, so that they type a decimal of the list."""
    mark = words("typed:comma" if key.decimal_comma else "typed:point")
    least, most = right_decimals(key).places
    if is_exact(key):
        return words("typed:number", mark=mark)
    name = "typed:places-exactly" if least == most else "typed:places" if least else "typed:places-most"
    return words(name, least=least, most=most, mark=mark)
