"""Tables, whatever they are kept in: text with separators, a worksheet, a JSON list, Parquet.

A table is its header and its records, each with the line or row where it starts. All cells are texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from grading.responses import csv_table, json_table, parquet, workbook
from grading.responses.rows import Report
from grading.responses.streams import opened, refused, start_of, text_start

Record = tuple[int, list[str]]


class Table(msgspec.Struct, frozen=True):
    """columns: the header. records: (line, cells) of the others."""

    columns: list[str]
    records: Iterator[Record]


@contextmanager
def table_in(path: Path, report: Report) -> Iterator[Table]:
    """The table in a file. report: is told of records that cannot be read.

    Raises UnreadableResponses for a file that holds none.
    """
    start = start_of(path)
    if workbook.recognises(start):
        yield _headed(path, workbook.records(path, report))
    elif parquet.recognises(start):
        yield _headed(path, parquet.records(path, report))
    elif json_table.recognises(text_start(path)):
        yield _headed(path, json_table.records(path, report))
    else:
        with opened(path, report) as stream:
            separator = csv_table.separator_of(first_line(path))
            yield _headed(path, csv_table.Records(stream, str(path), report, separator=separator))


def _headed(path: Path, records: Iterator[Record]) -> Table:
    first = next(records, None)
    if first is None:
        raise refused(path, "no header could be read", "export the responses again")
    return Table(first[1], records)


def first_line(path: Path) -> str:
    """The first line of a file of text that is not blank, as far as it is in the beginning of the file."""
    start = text_start(path).decode("utf-8", "replace").lstrip("\r\n")
    return start.split("\n", 1)[0].rstrip("\r")
