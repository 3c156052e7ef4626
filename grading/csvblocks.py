"""Takes CSV files apart in blocks, by polars where that is safe: file → tables of cells.

A block without quotes is split at its separators, one with quotes by the CSV reader as a whole. From the first block on
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

from grading.responses import csv_table, json_table, parquet
from grading.responses.rows import COLUMNS, LONGEST_LINE, OPTIONAL_COLUMNS, Report, Stream
from grading.responses.streams import is_text, opened, start_of, text_start
from grading.responses.tables import first_line

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


CellTables = Iterator[tuple["polars.DataFrame", RecordAt, dict[str, int]]]


def cell_tables(path: Path, report: Report) -> CellTables | None:
    """What `text_tables` gives, for a file that holds a table of text or Parquet; None for any other."""
    start = start_of(path)
    if parquet.recognises(start):
        return _parquet_tables(path)
    return text_tables(path, report) if is_text(start) and not json_table.recognises(text_start(path)) else None


def _parquet_tables(path: Path) -> CellTables:
    import polars as pl

    columns = csv_table.header_of(path, parquet.columns_of(path))
    line, names, blank = 0, (*COLUMNS, *OPTIONAL_COLUMNS), pl.lit(None, pl.String)
    for block in parquet.blocks(path):
        cells = block.select(
            *(block.to_series(columns[n]).alias(n) if n in columns else blank.alias(n) for n in names),
            (pl.int_range(pl.len(), dtype=pl.Int64) + line + 1).alias("line"),
        )
        yield cells, _row_of(block, line), columns
        line += block.height


def _row_of(block: polars.DataFrame, before: int) -> RecordAt:
    return lambda line: [cell or "" for cell in block.row(line - before - 1)]


def text_tables(path: Path, report: Report) -> CellTables:
    """Tables with the columns learner, item, response, attempt, submitted_at (texts, null where a row has no such cell)
    and line; with each the records of its lines and the header, {column: index}. Rows without any text are left out.

    Raises UnreadableResponses for a wrong header; damaged records are reported.
    """
    with opened(path, report) as stream:
        separator = csv_table.separator_of(first_line(path))
        reader = csv_table.Records(stream, str(path), report, separator=separator)
        header = next(reader, None)
        columns = csv_table.header_of(path, header[1] if header else [])
        line, cells = reader.line, len(header[1]) if header else 0
        while block := stream.read(BLOCK):
            block += stream.readline(LONGEST_LINE)
            cut_off = block[block.rfind(b"\n") + 1 :].count(separator.encode()) < cells - 1 and block[-1:] != b"\n"
            text = None if cut_off else _plain_text(block)
            if text is not None and '"' not in text:
                lines = text.removesuffix("\n").split("\n")
                yield _cells_of_lines(lines, columns, line, separator), _splitter(lines, line, separator), columns
                line += len(lines)
                continue
            records = None if text is None else _records(text, line, separator)
            if text is None or records is None:
                reader = csv_table.Records(_Again(block, stream), str(path), report, line, separator, cells)
                yield from _tables_of_records(reader, columns)
                return
            yield from _tables_of_records(iter(records), columns)
            line += text.count("\n") + (not text.endswith("\n"))


class _Again:
    """A stream with a block that was read of it in front."""

    def __init__(self, block: bytes, stream: Stream) -> None:
        self._block, self._stream = io.BytesIO(block), stream

    def read(self, size: int = -1, /) -> bytes:
        return self._block.read(size) or self._stream.read(size)

    def readline(self, size: int = -1, /) -> bytes:
        line = self._block.readline(size)
        if line.endswith(b"\n") or len(line) == size:
            return line
        return line + self._stream.readline(size - len(line) if size >= 0 else -1)


def _tables_of_records(
    records: Iterator[Record], columns: dict[str, int]
) -> Iterator[tuple[polars.DataFrame, RecordAt, dict[str, int]]]:
    while batch := list(islice(records, BATCH)):
        yield _cells_of_records(batch, columns), dict(batch).__getitem__, columns


def _cells_of_lines(lines: list[str], columns: dict[str, int], before: int, separator: str) -> polars.DataFrame:
    """The cells of plain lines that follow the line `before`; a missing cell is null, blank rows are left out."""
    import polars as pl

    texts = pl.Series("text", lines, dtype=pl.String)
    cells = texts.str.split_exact(separator, max(columns.values()) + 1).struct.unnest()
    wanted = [(f"field_{columns[name]}" if name in columns else None, name) for name in (*COLUMNS, *OPTIONAL_COLUMNS)]
    return cells.select(
        *((pl.lit(None, pl.String) if field is None else pl.col(field)).alias(name) for field, name in wanted),
        (pl.int_range(pl.len(), dtype=pl.Int64) + before + 1).alias("line"),
    ).filter(texts.str.strip_chars(separator) != "")


def _cells_of_records(batch: list[Record], columns: dict[str, int]) -> polars.DataFrame:
    """The same of records that the CSV reader has taken apart."""
    import polars as pl

    cells: dict[str, list[str | None]] = dict.fromkeys((*COLUMNS, *OPTIONAL_COLUMNS), [None] * len(batch))
    for name, place in columns.items():
        cells[name] = [record[place] if place < len(record) else None for _, record in batch]
    frame = pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String))
    return frame.with_columns(pl.Series("line", [line for line, _ in batch], dtype=pl.Int64))


def _splitter(lines: list[str], before: int, separator: str) -> RecordAt:
    return lambda line: lines[line - before - 1].split(separator)


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


def _records(text: str, before: int, separator: str) -> list[Record] | None:
    """(line where it starts, cells) of the records of a block with quotes; None if they have to be read with care."""
    found, last = [], 0
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=separator, strict=True)
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
