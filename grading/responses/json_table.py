"""A table as JSON: a list of objects or of lists, as platforms download it; Moodle puts that into another list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from grading.responses.rows import Report, RowFault, from_json_text, text_of_line
from grading.responses.streams import opened, refused

LONGEST_FILE = 300_000_000
"""Bytes; the file is kept in memory as a whole."""


def recognises(start: bytes) -> bool:
    """Whether a file of text that begins like this is one: it opens a list."""
    return start.lstrip().startswith(b"[")


def records(path: Path, report: Report) -> Iterator[tuple[int, list[str]]]:
    """The header, which is all names that occur, and the rows, numbered from 1. Raises UnreadableResponses."""
    rows = [row for sheet in _sheets(_content(path, report)) for row in sheet]
    if not rows:
        raise refused(path, "the list is empty", "export the responses again")
    names = dict.fromkeys(name for row in rows if isinstance(row, dict) for name in row)
    if not names and isinstance(rows[0], list):
        names, rows = dict.fromkeys(map(str, rows[0])), rows[1:]
    yield 0, list(names)
    for number, row in enumerate(rows, 1):
        if isinstance(row, dict):
            yield number, [_text(row.get(name)) for name in names]
        elif isinstance(row, list):
            yield number, [_text(value) for value in row]
        else:
            report(RowFault("the entry is no row of a table", "export the responses again").at(str(path), number))


def _content(path: Path, report: Report) -> list[Any]:
    with opened(path, report) as stream:
        data = stream.read(LONGEST_FILE + 1)
    if len(data) > LONGEST_FILE:
        raise refused(path, f"the file is longer than {LONGEST_FILE:,} bytes", "export the responses as CSV")
    try:
        content = from_json_text(text_of_line(data.removeprefix(b"\xef\xbb\xbf")))
    except RowFault as fault:
        raise refused(
            path, fault.message.split(" (byte")[0], "download the file again; it was cut or changed"
        ) from None
    if not isinstance(content, list):
        raise refused(path, "the file holds no list", "export the responses again")
    return content


def _sheets(content: list[Any]) -> Iterator[list[Any]]:
    """The lists of rows: one, or one for each sheet."""
    if content and all(isinstance(sheet, list) and all(isinstance(row, dict) for row in sheet) for sheet in content):
        yield from content
    else:
        yield content


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
