"""``csv`` and ``xlsx``: the points of each question, for people and their spreadsheets. Nothing is ever calculated."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from quizgen.book.gradebooks.contract import Gradebook, GradeRow, GradeTable, LeftOut
from quizgen.exporters.csv_table import row as csv_row
from quizgen.exporters.workbook import Cell, Sheet, workbook
from quizgen.marks import decimal_points

KNOWN = ("name", "section")
"""What is told of people besides their learner id, if it is known of anybody."""


def _titles(table: GradeTable) -> tuple[str, ...]:
    told = _told(table)
    return ("learner", *told, *(slot.id for slot in table.slots), "points", "of", "pending")


def _told(table: GradeTable) -> list[str]:
    return [name for name in KNOWN if any(row.known.get(name) for row in table.rows)]


def _cells(table: GradeTable, told: list[str], row: GradeRow) -> tuple[Cell, ...]:
    reached = dict(row.marks.slots)
    points: list[Cell] = [reached.get(slot.id, "") for slot in table.slots]
    known = [row.known.get(name, "") for name in told]
    return (row.learner, *known, *points, row.marks.points, row.marks.of, row.marks.pending)


def write_csv(table: GradeTable, left_out: list[LeftOut]) -> Iterator[bytes]:
    """The table as CSV that Excel, LibreOffice and Google Sheets read alike."""
    told = _told(table)
    yield b"\xef\xbb\xbf" + csv_row(_titles(table))
    for row in table.rows:
        cells = _cells(table, told, row)
        yield csv_row(cell if isinstance(cell, str) else decimal_points(Fraction(cell)) for cell in cells)


def write_xlsx(table: GradeTable, left_out: list[LeftOut]) -> Iterator[bytes]:
    """The table as a workbook, points as numbers."""
    told, titles = _told(table), _titles(table)
    widths = [16 if title == "learner" else 30 if title in told else 12 for title in titles]
    rows = (_rounded(_cells(table, told, row)) for row in table.rows)
    for _, chunk in workbook("grades.xlsx", [Sheet("Marks", widths, _with(titles, rows))]):
        yield chunk


def _with(titles: tuple[str, ...], rows: Iterator[tuple[Cell, ...]]) -> Iterator[tuple[Cell, ...]]:
    yield titles
    yield from rows


def _rounded(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    return tuple(Fraction(decimal_points(cell)) if isinstance(cell, Fraction) else cell for cell in cells)


CSV = Gradebook("csv", "CSV", (), True, write_csv, "open it in a spreadsheet")
XLSX = Gradebook("xlsx", "Excel workbook", (), True, write_xlsx, "open it in a spreadsheet")
