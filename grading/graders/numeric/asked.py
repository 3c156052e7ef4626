"""Digits that were asked for: was the number written with them, and is it right to them?"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeVar

import msgspec

from grading.keys import Digits
from grading.parsing.decimals import Written
from grading.reals import Real, inside, places_of_figures, rounding, shifted, unit_in_last_place
from grading.witness import Undecided

T = TypeVar("T")
RIGHT = "numeric:rounded-right"


class Finding(msgspec.Struct, frozen=True):
    """How a number was written. right: whether its value is. credit, note: what that earns and is called."""

    right: bool
    credit: Fraction
    note: str


def check(asked: Digits, key: Real, number: Real, written: Written | None, within: bool) -> Finding | None:
    """What is to be said of the digits of a number; None if it is simply another number.

    within: whether the tolerance of the key already holds the number. Raises Undecided.

    >>> from grading.expressions import Logarithm, rational
    >>> from grading.reals import real
    >>> log_of_5, three = real(Logarithm(rational(5))), Digits("figures", 3)
    >>> for text in ("1.61", "1.6", "1.6094", "1.60", "1.7"):
    ...     found = check(three, log_of_5, real(Fraction(text)), Written(text), False)
    ...     print(text, found and found.note)
    1.61 numeric:rounded-right
    1.6 numeric:too-few-figures
    1.6094 numeric:too-many-figures
    1.60 numeric:wrong-last-digit
    1.7 None
    """
    places = asked.count if asked.kind == "decimals" else places_of_figures(key, asked.count)
    if places is None:
        raise Undecided("how many places the figures of the key reach")
    wanted = _sure(rounding(key, places))
    if within or _rounds_right(key, number, places, wanted):
        return _as_written(asked, written, places, number.exact == wanted)
    if written is None or number.exact is None:
        return None
    found = None
    if _is_shorter(asked, key, number.exact, written):
        found = Finding(False, asked.too_few, "numeric:too-few-figures")
    off_by_one = abs(number.exact - wanted) == unit_in_last_place(places)
    if off_by_one and _compared(asked, written, places, False) == 0 and (not found or asked.last_digit > found.credit):
        found = Finding(False, asked.last_digit, "numeric:wrong-last-digit")
    return found


def _as_written(asked: Digits, written: Written | None, places: int, exactly: bool) -> Finding:
    """A number of the right value, by how it was written."""
    if written is None:
        return Finding(True, asked.too_many, "numeric:no-figures")
    compared = _compared(asked, written, places, exactly)
    if compared < 0:
        return Finding(True, asked.too_few, "numeric:too-few-figures")
    if compared > 0:
        return Finding(True, asked.too_many, "numeric:too-many-figures")
    return Finding(True, Fraction(1), RIGHT)


def _rounds_right(key: Real, number: Real, places: int, wanted: Fraction) -> bool:
    """Whether the number is the key to so many places, whatever follows these."""
    half = unit_in_last_place(places) / 2
    return _sure(inside(number, shifted(key, -half), shifted(key, half))) and _sure(rounding(number, places)) == wanted


def _compared(asked: Digits, written: Written, places: int, exactly: bool) -> int:
    """-1, 0 or 1 as the number was written with fewer digits than were asked for, with these, or with more.

    exactly: the number is the rounded key itself. Then as many places as rounding gives are right too, even if a 9
    became a 10 and there is one figure more: 9.996 to three figures is 10.0, and 10.00 as well.
    """
    if asked.kind == "decimals":
        shown = max(0, written.places)
        return (shown > asked.count) - (shown < asked.count)
    least, most = written.figures
    if exactly and written.places == places and "." in written.mantissa:
        return 0
    return (least > asked.count) - (most < asked.count)


def _is_shorter(asked: Digits, key: Real, number: Fraction, written: Written) -> bool:
    """Whether the number is the key rounded to the digits that were written, fewer than those asked for."""
    if not is_telling(number, written.places):
        return False
    if asked.kind == "decimals":
        return written.places < asked.count and _sure(rounding(key, written.places)) == number
    least, most = written.figures
    for figures in range(max(1, least), min(most, asked.count - 1) + 1):
        places = places_of_figures(key, figures)
        if places is not None and _sure(rounding(key, places)) == number:
            return True
    return False


def is_telling(number: Fraction, places: int) -> bool:
    """Whether a number is told to be a rounding of the key: 0 and a single digit before the point may be chance.

    >>> [is_telling(Fraction(text), places) for text, places in (("2", 0), ("1.6", 1), ("46", 0), ("0", 1))]
    [False, True, True, False]
    """
    return number != 0 and (places > 0 or abs(number) >= 10)


def _sure(value: T | None) -> T:
    if value is None:
        raise Undecided("how the key is rounded")
    return value
