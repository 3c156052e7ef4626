"""The row that every response file is read into, and what all readers do alike to make one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, Protocol

import msgspec

from grading.responses.problems import ResponseProblem

LONGEST_LINE = 1_000_000
"""Bytes of one row; more is a damaged file or an attack, and is skipped without being kept in memory."""

COLUMNS = ("learner", "item", "response")
OPTIONAL_COLUMNS = ("attempt", "submitted_at")


class Mark(msgspec.Struct, frozen=True):
    """What a platform gave. points: as it counts them. of: so many could be had, None if the file does not say."""

    points: Fraction
    of: Fraction | None = None


class ResponseRow(msgspec.Struct, frozen=True):
    """What one learner answered to one item.

    item: its id or its printed code. response: canonical, see `grading.answersheet.Response`. attempt: from 1.
    submitted_at: as the file says, "" if it does not. file, line: where the row starts. given: the mark that the
    platform gave for it, if the file says so.
    """

    learner: str
    item: str
    response: Any
    attempt: int = 1
    submitted_at: str = ""
    file: str = ""
    line: int = 0
    given: Mark | None = None


class Stream(Protocol):
    """A file of text, read as bytes of UTF-8."""

    def read(self, size: int = -1, /) -> bytes: ...

    def readline(self, size: int = -1, /) -> bytes: ...


Report = Callable[[ResponseProblem], None]
"""Takes the problems of single rows, in the order of the file."""


Known = Callable[[str], bool]
"""Whether the heading of a column names an item of the quiz, by its id or its code."""


class RowFault(Exception):
    """What keeps one row from being graded; the reader adds the place."""

    def __init__(self, message: str, remedy: str) -> None:
        self.message, self.remedy = message, remedy
        super().__init__(message)

    def at(self, file: str, line: int) -> ResponseProblem:
        return ResponseProblem(file, line, self.message, self.remedy)


TOO_LONG = RowFault(
    f"the row is longer than {LONGEST_LINE:,} bytes", "shorten the response, or look for a quote that is never closed"
)
NOT_UTF8 = RowFault("the text is not UTF-8", "save the file again as UTF-8 (in a spreadsheet: “CSV UTF-8”)")
NUL = RowFault("the row holds a NUL byte", "remove it; the file may be damaged or saved as UTF-16")


def make_row(
    learner: Any, item: Any, response: Any, attempt: Any, submitted_at: Any, file: str, line: int
) -> ResponseRow:
    """The row with these values, as they were found in the file. Raises RowFault if one of them cannot be."""
    name, code = _plain(learner, "learner"), _plain(item, "item")
    moment = submitted_at.strip() if isinstance(submitted_at, str) else ""
    return ResponseRow(name, code, response, attempt_of(attempt), moment, file, line)


def _plain(value: Any, column: str) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not text:
        raise RowFault(f"no {column} is named", f"fill in “{column}”")
    if "\x00" in text:
        raise NUL
    return text


def attempt_of(value: Any) -> int:
    """The number of an attempt; nothing means the first. Raises RowFault if it is no number from 1 to 999,999.

    >>> attempt_of(""), attempt_of("2")
    (1, 2)
    """
    if value is None or value == "":
        return 1
    text = str(value).strip()
    if text.isascii() and text.isdigit() and len(text) <= 6 and int(text):
        return int(text)
    raise RowFault(f"the attempt “{text[:20]}” is not a whole number from 1", "number the attempts 1, 2, 3 …")


_POINTS = re.compile(r"[+-]?(\d{1,15}([.,]\d{0,15})?|[.,]\d{1,15})")


def points_of(text: object) -> Fraction | None:
    """A number of points as platforms write it, with a decimal point or comma; None for anything else.

    >>> points_of("0,50"), points_of("1.0"), points_of("-")
    (Fraction(1, 2), Fraction(1, 1), None)
    """
    text = str(text).strip().replace("\u2212", "-") if text is not None and not isinstance(text, bool) else ""
    return Fraction(text.replace(",", ".")) if text.isascii() and _POINTS.fullmatch(text) else None


def mark_of(points: object, of: object = None) -> Mark | None:
    """The mark with these points, None if they are no number.

    >>> mark_of("0.5", "1.00")
    Mark(points=Fraction(1, 2), of=Fraction(1, 1))
    """
    found = points_of(points)
    return None if found is None else Mark(found, points_of(of))


def canonical(value: Any) -> Any:
    """A JSON value as a canonical response: numbers and truth values as the text that a learner would type.

    >>> canonical({"J1": -1.204, "better": True, "order": ["a", 2]})
    {'J1': '-1.204', 'better': 'true', 'order': ['a', '2']}
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return [canonical(entry) for entry in value]
    if isinstance(value, dict):
        return {name: canonical(entry) for name, entry in value.items()}
    return value


_json = msgspec.json.Decoder(float_hook=str)


def from_json_text(text: str | bytes) -> Any:
    """The canonical value of a JSON text, numbers as they are written. Raises RowFault if it is no JSON."""
    try:
        return canonical(_json.decode(text))
    except RecursionError:
        raise RowFault("the JSON is nested too deeply", "look for a damaged row") from None
    except ValueError as error:  # no JSON, no UTF-8, or an integer of thousands of digits
        raise RowFault(f"this is not JSON: {error}", "mend the row; each line is one JSON object") from None


def cell(text: str) -> Any:
    """The response in a cell of a table: a JSON list or object if it is one, else the text as it stands.

    >>> cell('["a", "b"]'), cell("[CLS] the [MASK]"), cell("1.609")
    (['a', 'b'], '[CLS] the [MASK]', '1.609')
    """
    if text[:1] in "[{" and text:
        try:
            return from_json_text(text)
        except RowFault:
            return text
    return text


def lines_of(stream: Stream) -> Iterator[tuple[int, bytes | None]]:
    """(number, line) of every line, None in place of one that is too long; memory stays bounded whatever the file."""
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) <= LONGEST_LINE or line.endswith(b"\n"):
            yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE)
        yield number, None


def text_of_line(line: bytes) -> str:
    """The text of a line. Raises RowFault for a NUL byte and for bytes that are no UTF-8."""
    if b"\x00" in line:
        raise NUL
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        raise NOT_UTF8 from None
