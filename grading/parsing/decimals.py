"""Which number a written decimal is: points, commas and groups of three digits.

An item says which decimal mark it uses, and the other mark then separates groups: ``1,609.5`` beside points,
``1.609,5`` beside commas. Blanks and apostrophes separate groups beside both. What follows is decided here:

| written | the item uses points | the item uses commas |
|---|---|---|
| 1.5, 0.609, 1.60 | 1.5, 0.609, 1.60 | the same: such a point can separate no group |
| 1,5, 0,609, 1,60 | refused, with 1.5 as what to type | 1.5, 0.609, 1.60 |
| 1.609 | 1.609 | 1.609 or 1609: two readings |
| 1,609 | 1609 or 1.609: two readings | 1.609 |
| 1,609.5 | 1609.5 | refused, with 1609,5 as what to type |
| 1.609,5 | refused, with 1609.5 as what to type | 1609.5 |
| 1,609,000 | 1609000 | refused |
| 1 609.5, 1'609.5 | 1609.5 | 1609.5 |
| 1 609,5, 1'609,5 | refused, with 1609.5 as what to type | 1609.5 |

Of two readings neither is guessed at: if they earn different grades the text is refused and both are named. Inside a
formula a point is the decimal mark beside both, and a comma only beside commas.
"""

from __future__ import annotations

import re

import msgspec

from grading.parsing.refusals import Refused, refuse

MANTISSA = r"[.,]?\d(?:[\d.,']|\ (?=\d{3}(?!\d)))*"
"""A regular expression for what may be the digits of one number, before it is known whether they make sense."""

ANY_FIGURES = 10_000
"""More figures than any number can be written with: zero fits every number of figures."""


class Written(msgspec.Struct, frozen=True):
    """How a decimal was written.

    mantissa: its digits with at most one point, without a sign. exponent: of the power of ten behind it.

    >>> Written("1.60").figures, Written("1600").figures, Written("0.0160", -3).figures, Written("0.0160", -3).places
    ((3, 3), (2, 4), (3, 3), 7)
    """

    mantissa: str
    exponent: int = 0

    @property
    def places(self) -> int:
        """Decimal places that were written; negative for 1.6e3, whose last digit stands for hundreds."""
        return len(self.mantissa.partition(".")[2]) - self.exponent

    @property
    def figures(self) -> tuple[int, int]:
        """The least and the most significant figures that may have been meant.

        Zeros at the end count where a point was written; at the end of a whole number they may only fill its places.
        """
        digits = self.mantissa.replace(".", "").lstrip("0")
        if not digits:
            return 0, ANY_FIGURES
        return (len(digits) if "." in self.mantissa else len(digits.rstrip("0"))), len(digits)


_BLANK_GROUPS = re.compile(r"([1-9]\d{0,2}(?:([ '])\d{3})(?:\2\d{3})*)(?:([.,])(\d*))?")
_GROUPS = {mark: re.compile(rf"[1-9]\d{{0,2}}(?:{re.escape(mark)}\d{{3}})+") for mark in ".,"}
_MIXED = {
    mark: re.compile(rf"[1-9]\d{{0,2}}(?:{re.escape(mark)}\d{{3}})+(?!{re.escape(mark)})[.,]\d*") for mark in ".,"
}


def decimal_readings(text: str, decimal_comma: bool) -> tuple[str, ...]:
    """The decimals, with a point, that a mantissa may be; the likelier first. Raises Refused.

    >>> decimal_readings("1 609.5", False), decimal_readings("1,609", False), decimal_readings("1,609", True)
    (('1609.5',), ('1609', '1.609'), ('1.609',))
    """
    if text.endswith(".") and "." in text[:-1]:
        text = text[:-1]  # the end of a sentence
    own, other = (",", ".") if decimal_comma else (".", ",")
    if " " in text or "'" in text:
        return (_in_blank_groups(text, decimal_comma),)
    if other not in text:
        return (_plain(text, own),)
    if own in text:
        if _MIXED[other].fullmatch(text):
            return (text.replace(other, "").replace(own, "."),)
        raise _foreign(text, own, other) if _MIXED[own].fullmatch(text) else _senseless(text)
    grouped = text.replace(other, "")
    if _GROUPS[other].fullmatch(text):
        if text.count(other) > 1:
            return (grouped,)
        decimal = text.replace(other, ".")
        return (decimal, grouped) if decimal_comma else (grouped, decimal)
    if text.count(other) > 1:
        raise _senseless(text)
    if not decimal_comma:
        raise _foreign(text, own, other)
    return (text,)


def _in_blank_groups(text: str, decimal_comma: bool) -> str:
    found = _BLANK_GROUPS.fullmatch(text)
    if found is None:
        raise refuse("grouping", 0, len(text))
    whole = re.sub(r"\D", "", found[1])
    if found[3] is None:
        return whole
    if found[3] == "," and not decimal_comma:
        raise _other_style(text, ".", f"{whole}.{found[4]}")
    return f"{whole}.{found[4]}"


def _plain(text: str, mark: str) -> str:
    if text.count(mark) < 2:
        return text.replace(mark, ".")
    if _GROUPS[mark].fullmatch(text):
        raise _other_style(text, mark, text.replace(mark, ""))
    raise _senseless(text)


def _foreign(text: str, own: str, other: str) -> Refused:
    return _other_style(text, own, text.replace(own, "").replace(other, own))


def _other_style(text: str, own: str, suggestion: str) -> Refused:
    """The refusal of a number that is written with the other decimal mark."""
    mark = "point" if own == "." else "comma"
    return refuse(f"ambiguous-comma:{mark}-here", 0, len(text), suggestion, instead=suggestion)


def _senseless(text: str) -> Refused:
    several = text.count(".") > 1
    return refuse("several-points" if several else "ambiguous-comma:marks", 0, len(text), text=text[:40])


def doubt(text: str, readings: tuple[str, ...], decimal_comma: bool) -> Refused:
    """The refusal of a mantissa that has two readings, with both of them."""
    shown = [reading.replace(".", ",") if decimal_comma else reading for reading in readings]
    whole, decimal = sorted(shown, key=len)
    return refuse(
        "ambiguous-point" if decimal_comma else "ambiguous-comma:readings",
        0,
        len(text),
        decimal,
        text=text,
        decimal=decimal,
        whole=whole,
    )
