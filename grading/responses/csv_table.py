"""CSV: a header with learner, item and response (in any order, more columns are ignored), then a row a response."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from grading.responses.problems import ResponseProblem, UnreadableResponses
from grading.responses.rows import (
    COLUMNS,
    LONGEST_LINE,
    OPTIONAL_COLUMNS,
    TOO_LONG,
    Report,
    ResponseRow,
    RowFault,
    cell,
    lines_of,
    make_row,
    text_of_line,
)

name = "CSV"
_HEADER = "start the file with the line learner,item,response"
_UNCLOSED = RowFault("a quote that opens in this row is never closed", "close it, or double a quote inside a text")


def recognises(head: bytes) -> bool:
    """Whether a file that begins like this may be one: it holds text. The last reader to be asked."""
    return bool(head.strip())


def header_of(path: Path, columns: list[str]) -> dict[str, int]:
    """{column: its index} of the columns that matter. Raises UnreadableResponses if one is missing or there twice."""
    names = [column.strip().lower() for column in columns]
    for needed in COLUMNS:
        if needed not in names:
            found = ", ".join(f"“{column.strip()[:40]}”" for column in columns[:10]) or "nothing"
            if separator := next((sign for sign in (";", "\t", "|") if sign in "".join(columns)), ""):
                named = "tabs" if separator == "\t" else f"“{separator}”"
                raise _refused(path, f"its columns are separated by {named}", "save the table as CSV with commas")
            raise _refused(path, f"the column “{needed}” is missing; the header has {found}", _HEADER)
    wanted = [*COLUMNS, *OPTIONAL_COLUMNS]
    twice = next((column for column in wanted if names.count(column) > 1), None)
    if twice:
        raise _refused(path, f"the column “{twice}” is there twice", "rename or remove one of them")
    return {column: names.index(column) for column in wanted if column in names}


def _refused(path: Path, message: str, remedy: str) -> UnreadableResponses:
    return UnreadableResponses(ResponseProblem(str(path), 1, message, remedy))


def read(path: Path, report: Report) -> Iterator[ResponseRow]:
    """The rows of the file; those that are none are reported. Raises UnreadableResponses for a wrong header."""
    with path.open("rb") as stream:
        records = Records(stream, str(path), report)
        first = next(iter(records), None)
        if first is None:
            raise _refused(path, "no header could be read", _HEADER)
        yield from rows(records, header_of(path, first[1]), str(path), report)


def rows(
    records: Iterator[tuple[int, list[str]]], columns: dict[str, int], file: str, report: Report
) -> Iterator[ResponseRow]:
    """The response rows of the records that follow a header."""
    for number, record in records:
        try:
            yield row_of(record, columns, file, number)
        except RowFault as fault:
            report(fault.at(file, number))


def row_of(record: list[str], columns: dict[str, int], file: str, line: int) -> ResponseRow:
    """The response row in the cells of one record. Raises RowFault."""
    if len(record) <= max(columns[column] for column in COLUMNS):
        raise RowFault(f"the row has {len(record)} cells, fewer than the header", "fill in the missing cells")
    places = [columns.get(column, len(record)) for column in (*COLUMNS, *OPTIONAL_COLUMNS)]
    learner, item, response, attempt, moment = (record[place] if place < len(record) else "" for place in places)
    return make_row(learner, item, cell(response), attempt, moment, file, line)


class Records(Iterator[tuple[int, list[str]]]):
    """(line where it starts, cells) of every record that is not blank; what cannot be read is reported and skipped."""

    def __init__(self, stream: BinaryIO, file: str, report: Report, first_line: int = 0) -> None:
        self._file, self._report = file, report
        self._lines = lines_of(stream)
        self._offset, self._start, self._last = first_line, first_line, first_line
        self._size = 0
        self._faults: list[RowFault] = []  # at most one: why the lines ended within a record
        self._reader = self._new_reader()

    @property
    def line(self) -> int:
        """The number of the last line that was read."""
        return self._last

    def _new_reader(self) -> Iterator[list[str]]:
        csv.field_size_limit(2 * LONGEST_LINE)
        return csv.reader(self._texts(), strict=True)

    def _texts(self) -> Iterator[str]:
        """The lines for the CSV reader; a bad one ends the record that it belongs to."""
        for number, line in self._lines:
            self._last = number + self._offset
            if not self._size:
                self._start = self._last
            try:
                if line is None:
                    raise TOO_LONG
                self._size += len(line)
                if self._size > LONGEST_LINE:
                    raise TOO_LONG
                text = text_of_line(line)
                if text.endswith("\r\n"):  # a response does not depend on the machine that wrote the file
                    text = text[:-2] + "\n"
            except RowFault as fault:
                self._faults.append(fault)
                return
            yield text.removeprefix("\ufeff") if self._last == 1 else text

    def __next__(self) -> tuple[int, list[str]]:
        while True:
            self._size = 0
            self._faults.clear()
            try:
                record = next(self._reader)
            except (StopIteration, csv.Error) as error:
                if not self._size and not self._faults:
                    raise StopIteration from None
                fault = self._faults[0] if self._faults else _fault_of(error)
                self._report(fault.at(self._file, self._start))
                self._reader = self._new_reader()
                continue
            if any(record):
                return self._start, record


def _fault_of(error: Exception) -> RowFault:
    if "unexpected end of data" in str(error):
        return _UNCLOSED
    return RowFault(f"the row is not CSV ({error})", "put the cell in quotes and double every quote inside it")
