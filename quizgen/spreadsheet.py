"""Cells that no spreadsheet calculates, whatever stands in them."""

from __future__ import annotations

import re

_CALCULATED = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]*[=+\-@|%＝＋－＠]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d{1,300}(?:\.\d{1,300})?")


def dead(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula. Numbers stay numbers.

    >>> dead("=HYPERLINK(1)"), dead("- log p_2"), dead("-0.5"), dead("ana")
    ("'=HYPERLINK(1)", "'- log p_2", '-0.5', 'ana')
    """
    return "'" + text if _CALCULATED.match(text) and not _NUMBER.fullmatch(text) else text
