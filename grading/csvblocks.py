"""Takes CSV files apart in blocks, by polars where that is safe: file → tables of cells.

A block without quotes is split at its commas, one with quotes by the CSV reader as a whole. From the first block on
that holds something odd (a NUL byte, bytes that are no UTF-8, a very long line, a quote that joins two blocks) the
careful reader of `grading.responses.csv_table` goes on line by line, and reports what is damaged.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from grading.responses import csv_table
from grading.responses.rows import COLUMNS, LONGEST_LINE, OPTIONAL_COLUMNS, Report

if TYPE_CHECKING:
    import polars

BLOCK = 8_000_000
"""Bytes that are taken apart at once."""
BATCH = 50_000
"""Records that are put into one table."""

_ODD = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LONG_LINE, _JOINED_LINES = 50_000, 4
"""Characters of a line and lines of a record; whoever writes more can wait for the careful reader."""

RecordAt = Callable[[int], list[str]]
"""The cells of the record that starts at a line."""
Record = tuple[int, list[str]]
"""The line where it starts, from 1, and its cells."""


def cell_tables(path: Path, report: Report) -> Iterator[tuple[polars.DataFrame, RecordAt, dict[str, int]]]:
    """Tables with the columns learner, item, response, attempt, submitted_at (texts, null where a row has no such cell)
    and line; with each the records of its lines and the header, {column: index}. Rows without any text are left out.

    Raises UnreadableResponses for a wrong header; damaged records are reported.
    """
    with path.open("rb") as stream:
        reader = csv_table.Records(stream, str(path), report)
        header = next(reader, None)
        columns = csv_table.header_of(path, header[1] if header else [])
        line = reader.line
        while block := stream.read(BLOCK):
            start = stream.tell() - len(block)
            text = _plain_text(block + stream.readline(LONGEST_LINE))
            if text is not None and '"' not in text:
                lines = text.removesuffix("\n").split("\n")
                yield _cells_of_lines(lines, columns, line), _splitter(lines, line), columns
                line += len(lines)
                continue
            records = None if text is None else _records(text, line)
            if text is None or records is None:
                stream.seek(start)
                reader = csv_table.Records(stream, str(path), report, line)
                yield from _tables_of_records(reader, columns)
                return
            yield from _tables_of_records(iter(records), columns)
            line += text.count("\n") + (not text.endswith("\n"))


def _tables_of_records(
    records: Iterator[Record], columns: dict[str, int]
) -> Iterator[tuple[polars.DataFrame, RecordAt, dict[str, int]]]:
    while batch := list(islice(records, BATCH)):
        yield _cells_of_records(batch, columns), dict(batch).__getitem__, columns


def _cells_of_lines(lines: list[str], columns: dict[str, int], before: int) -> polars.DataFrame:
    """The cells of plain lines that follow the line `before`; a missing cell is null, blank rows are left out."""
    import polars as pl

    texts = pl.Series("text", lines, dtype=pl.String)
    cells = texts.str.split_exact(",", max(columns.values()) + 1).struct.unnest()
    wanted = [(f"field_{columns[name]}" if name in columns else None, name) for name in (*COLUMNS, *OPTIONAL_COLUMNS)]
    return cells.select(
        *((pl.lit(None, pl.String) if field is None else pl.col(field)).alias(name) for field, name in wanted),
        (pl.int_range(pl.len(), dtype=pl.Int64) + before + 1).alias("line"),
    ).filter(~texts.str.contains("^,*$"))


def _cells_of_records(batch: list[Record], columns: dict[str, int]) -> polars.DataFrame:
    """The same of records that the CSV reader has taken apart."""
    import polars as pl

    cells: dict[str, list[str | None]] = dict.fromkeys((*COLUMNS, *OPTIONAL_COLUMNS), [None] * len(batch))
    for name, place in columns.items():
        cells[name] = [record[place] if place < len(record) else None for _, record in batch]
    frame = pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String))
    return frame.with_columns(pl.Series("line", [line for line, _ in batch], dtype=pl.Int64))


def _splitter(lines: list[str], before: int) -> RecordAt:
    return lambda line: lines[line - before - 1].split(",")


def _plain_text(block: bytes) -> str | None:
    """The text of a block that holds nothing odd: no control characters, UTF-8, no long lines; else None."""
    if _ODD.search(block):
        return None
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n")
        if b"\r" in block:
            return None
    try:
        text = block.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if max(map(len, text.split("\n"))) <= _LONG_LINE else None


def _records(text: str, before: int) -> list[Record] | None:
    """(line where it starts, cells) of the records of a block with quotes; None if they have to be read with care."""
    found, last = [], 0
    reader = csv.reader(io.StringIO(text, newline="\n"), strict=True)
    try:
        for record in reader:
            if reader.line_num > last + _JOINED_LINES:
                return None
            if record and (record[0] or any(record)):
                found.append((before + last + 1, record))
            last = reader.line_num
    except csv.Error:
        return None
    return found
