"""Workbooks (``.xlsx``) whose bytes depend on their cells alone, written in constant memory.

Texts are inline strings in cells formatted as text: a spreadsheet never calculates them, also not after they are
edited. What it would take for a formula if it were typed is marked as quoted besides.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from functools import lru_cache
from typing import IO

import msgspec

from quizgen.exporters.packaging import CHUNK, IN_MEMORY, zipped
from quizgen.exporters.rendering.decimals import decimal
from quizgen.exporters.rendering.html import escaped
from quizgen.exporters.rendering.text import remembering_short

LONGEST = 32_767
"""Characters (of UTF-16) of a cell at most."""

Cell = str | int | Fraction

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_CALCULATED = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]*[=+\-@|%＝＋－＠]|[\t\r\n]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_PLAIN, _HEADING, _TEXT, _QUOTED = range(4)

STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4">'
    + "".join(
        f'<xf numFmtId="{number}" fontId="{font}" fillId="0" borderId="0" xfId="0"{more} applyNumberFormat="1" '
        'applyFont="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
        for number, font, more in ((0, 0, ""), (49, 1, ""), (49, 0, ""), (49, 0, ' quotePrefix="1"'))
    )
    + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>\n'
)


class Sheet(msgspec.Struct, frozen=True):
    """A sheet: its name, the widths of its columns in characters, its rows, and which row (from 1) is the heading.

    rows: taken once, in order of the sheets, so that an earlier sheet may add to the `WaitingRows` of a later one.
    """

    name: str
    widths: Sequence[int]
    rows: Iterable[Sequence[Cell]] | WaitingRows
    heading: int = 1


def units(text: str) -> int:
    """The length of a text as spreadsheets count it.

    >>> units("a🦊")
    3
    """
    return len(text) + sum(sign > "\uffff" for sign in text)


def cell_text(text: str) -> str:
    r"""A text as the content of a cell, cut where the cell ends.

    >>> cell_text("a<b\r\n_x0041_")
    'a&lt;b\n_x005F_x0041_'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) * 2 > LONGEST and units(text) > LONGEST:
        text = text.encode("utf-16-le", "ignore")[: 2 * (LONGEST - 1)].decode("utf-16-le", "ignore") + "…"
    return _ESCAPE.sub("_x005F_", escaped(text))


def workbook(path: str, sheets: Sequence[Sheet]) -> Iterator[tuple[str, bytes]]:
    """(path, chunk) of a workbook of these sheets; the rows of each are taken once, in order."""
    return zipped(path, _members(sheets))


def _members(sheets: Sequence[Sheet]) -> Iterator[tuple[str, bytes]]:
    numbers = range(1, len(sheets) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPES}.worksheet+xml"/>'
        for number in numbers
    )
    yield (
        "[Content_Types].xml",
        (
            f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>{overrides}</Types>\n'
        ).encode(),
    )
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    listed = "".join(
        f'<sheet name="{escaped(sheet.name)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, sheet in zip(numbers, sheets, strict=True)
    )
    targets = [("worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
    yield "xl/_rels/workbook.xml.rels", _relations([*targets, ("styles", "styles.xml")])
    yield "xl/styles.xml", STYLES.encode()
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>\n'.encode(),
    )
    for number, sheet in zip(numbers, sheets, strict=True):
        for chunk in _sheet(sheet):
            yield f"xl/worksheets/sheet{number}.xml", chunk


def _relations(targets: Sequence[tuple[str, str]]) -> bytes:
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_RELATIONS}">{lines}</Relationships>\n'.encode()


def _sheet(sheet: Sheet) -> Iterator[bytes]:
    below = sheet.heading
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(sheet.widths, 1)
    )
    yield (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="{below}" '
        f'topLeftCell="A{below + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>\n"
    ).encode()
    if isinstance(sheet.rows, WaitingRows):
        yield from sheet.rows.taken()
    else:
        names = _names(sheet.widths)
        for number, cells in enumerate(sheet.rows, 1):
            yield _row(names, number, cells, number == below)
    yield b"</sheetData></worksheet>\n"


@contextmanager
def waiting_rows(widths: Sequence[int], heading: int = 1) -> Iterator[WaitingRows]:
    """Rows that wait in a file as long as they are asked for. widths, heading: as in `Sheet`."""
    with tempfile.SpooledTemporaryFile(IN_MEMORY, prefix="quizgen-") as file:
        yield WaitingRows(file, _names(widths), heading)


class WaitingRows:
    """Rows of a later sheet that are found while an earlier one is written: they wait, as they will stand in the file.

    names: how the cells of each column begin.
    """

    def __init__(self, file: IO[bytes], names: Sequence[str], heading: int) -> None:
        self._file, self._names, self._heading, self._count = file, names, heading, 0

    def add(self, *rows: Sequence[Cell]) -> None:
        """More rows."""
        for cells in rows:
            self._count += 1
            self._file.write(_row(self._names, self._count, cells, self._count == self._heading))

    def taken(self) -> Iterator[bytes]:
        """All rows, in pieces."""
        self._file.seek(0)
        while chunk := self._file.read(CHUNK):
            yield chunk


def _names(widths: Sequence[int]) -> list[str]:
    """How the cells of each column begin."""
    return [f'<c r="{_column(place)}' for place in range(len(widths))]


def _column(place: int) -> str:
    return (_column(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)


def _row(names: Sequence[str], number: int, cells: Sequence[Cell], heading: bool) -> bytes:
    """A row without its empty cells. names: how the cells of each column begin."""
    text = _heading_cell if heading else _text_cell
    written = [
        f'{name}{number}" {text(cell) if isinstance(cell, str) else _number_cell(*cell.as_integer_ratio())}</c>'
        for name, cell in zip(names, cells, strict=False)
        if cell != ""
    ]
    return f'<row r="{number}">{"".join(written)}</row>\n'.encode()


@lru_cache(maxsize=1024)
def _number_cell(above: int, below: int) -> str:
    return f's="{_PLAIN}"><v>{decimal(Fraction(above, below), 15)}</v>'


def _heading_cell(text: str) -> str:
    return _styled(_HEADING, text)


def _as_it_is(text: str) -> str:
    return _styled(_QUOTED if _CALCULATED.match(text) else _TEXT, text)


_text_cell = remembering_short(_as_it_is)


def _styled(style: int, text: str) -> str:
    return f's="{style}" t="inlineStr"><is><t xml:space="preserve">{cell_text(text)}</t></is>'
