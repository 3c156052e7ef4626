"""A table with the columns learner, item and response (in any order, more are ignored), then a row a response.

Commas, semicolons, tabs or bars stand between the cells; also a worksheet or a JSON list may hold such a table.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from grading.responses.problems import ResponseProblem, UnreadableResponses
from grading.responses.rows import (
    COLUMNS,
    LONGEST_LINE,
    OPTIONAL_COLUMNS,
    TOO_LONG,
    Known,
    Report,
    ResponseRow,
    RowFault,
    Stream,
    cell,
    lines_of,
    make_row,
    text_of_line,
)

name = "table of learner, item and response"
SEPARATORS = ",;\t|"
_HEADER = "start the file with the line learner,item,response"
_CUT_OFF = RowFault(
    "the file ends within this row, which is not marked",
    "download it again; if nothing is missing, end the row with a line break",
)
_UNCLOSED = RowFault("a quote that opens in this row is never closed", "close it, or double a quote inside a text")


def recognises_header(columns: list[str], known: Known) -> bool:
    """Whether a table with these columns is one: it has ``response``, and ``learner`` or ``item``."""
    names = {column.strip().lower() for column in columns}
    return "response" in names and bool({"learner", "item"} & names)


def separator_of(line: str) -> str:
    """What stands between the cells of a table with this first line: the sign that takes it into most pieces.

    >>> separator_of("learner;item;response"), separator_of('name,"1: a; b; c",1.0')
    (';', ',')
    """
    return max(SEPARATORS, key=lambda sign: len(_cells(line, sign)))


def _cells(line: str, separator: str) -> list[str]:
    csv.field_size_limit(2 * LONGEST_LINE)
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def header_of(path: Path, columns: list[str]) -> dict[str, int]:
    """{column: its index} of the columns that matter. Raises UnreadableResponses if one is missing or there twice."""
    names = [column.strip().lower() for column in columns]
    for needed in COLUMNS:
        if needed not in names:
            found = ", ".join(f"“{column.strip()[:40]}”" for column in columns[:10]) or "nothing"
            raise _refused(path, f"the column “{needed}” is missing; the header has {found}", _HEADER)
    wanted = [*COLUMNS, *OPTIONAL_COLUMNS]
    twice = next((column for column in wanted if names.count(column) > 1), None)
    if twice:
        raise _refused(path, f"the column “{twice}” is there twice", "rename or remove one of them")
    return {column: names.index(column) for column in wanted if column in names}


def _refused(path: Path, message: str, remedy: str) -> UnreadableResponses:
    return UnreadableResponses(ResponseProblem(str(path), 1, message, remedy))


def read_table(
    columns: list[str], records: Iterator[tuple[int, list[str]]], path: Path, report: Report, known: Known
) -> Iterator[ResponseRow]:
    """The rows of a table; those that are none are reported. Raises UnreadableResponses for a wrong header."""
    yield from rows(records, header_of(path, columns), str(path), report)


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

    def __init__(
        self, stream: Stream, file: str, report: Report, first_line: int = 0, separator: str = ",", columns: int = 0
    ) -> None:
        """columns: cells of the header, if it was read before; else the first record is the header."""
        self._file, self._report, self._separator = file, report, separator
        self._lines = lines_of(stream)
        self._offset, self._start, self._last = first_line, first_line, first_line
        self._size, self._ended, self._columns = 0, True, columns
        self._faults: list[RowFault] = []  # at most one: why the lines ended within a record
        self._reader = self._new_reader()

    @property
    def line(self) -> int:
        """The number of the last line that was read."""
        return self._last

    def _new_reader(self) -> Iterator[list[str]]:
        csv.field_size_limit(2 * LONGEST_LINE)
        return csv.reader(self._texts(), delimiter=self._separator, strict=True)

    def _texts(self) -> Iterator[str]:
        """The lines for the CSV reader; a bad one ends the record that it belongs to."""
        for number, line in self._lines:
            self._last, self._ended = number + self._offset, line is None or line.endswith(b"\n")
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
            if not any(record):
                continue
            if not self._ended and len(record) < self._columns:  # whoever writes all cells of a row ends it as well
                self._report(_CUT_OFF.at(self._file, self._start))
                continue
            self._columns = self._columns or len(record)
            return self._start, record


def _fault_of(error: Exception) -> RowFault:
    if "unexpected end of data" in str(error):
        return _UNCLOSED
    return RowFault(f"the row is not CSV ({error})", "put the cell in quotes and double every quote inside it")
