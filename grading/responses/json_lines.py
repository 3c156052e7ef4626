"""JSON Lines: one object a line with the fields learner, item, response and, if wanted, attempt and submitted_at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grading.responses.rows import COLUMNS, TOO_LONG, Report, ResponseRow, RowFault, from_json_text, lines_of, make_row
from grading.responses.rows import text_of_line as text_of

name = "JSON Lines"


def recognises(head: bytes) -> bool:
    """Whether a file that begins like this is one: its first line opens an object."""
    return head.lstrip().startswith(b"{")


def read(path: Path, report: Report) -> Iterator[ResponseRow]:
    """The rows of the file; lines that are none are reported, blank lines are skipped."""
    with path.open("rb") as stream:
        for number, line in lines_of(stream):
            try:
                if line is None:
                    raise TOO_LONG
                if number == 1:
                    line = line.removeprefix(b"\xef\xbb\xbf")
                if line.strip():
                    yield _row(text_of(line), str(path), number)
            except RowFault as fault:
                report(fault.at(str(path), number))


def _row(text: str, file: str, number: int) -> ResponseRow:
    record = from_json_text(text)
    if not isinstance(record, dict):
        raise RowFault("the line is not a JSON object", 'write {"learner": …, "item": …, "response": …}')
    missing = [column for column in COLUMNS if column not in record]
    if missing:
        raise RowFault(f"the field “{missing[0]}” is missing", 'write {"learner": …, "item": …, "response": …}')
    attempt, moment = record.get("attempt"), record.get("submitted_at")
    return make_row(record["learner"], record["item"], record["response"], attempt, moment, file, number)
