"""Workbooks (``.xlsx``) whose bytes depend on their cells alone, written in constant memory.

Texts are inline strings in cells formatted as text: a spreadsheet never calculates them, also not after they are
edited. What it would take for a formula if it were typed is marked as quoted besides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

import msgspec

from quizgen.exporters.packaging import zipped
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
    """A sheet: its name, the widths of its columns in characters, its rows, and which row (from 1) is the heading."""

    name: str
    widths: Sequence[int]
    rows: Iterable[Sequence[Cell]]
    heading: int = 1


def units(text: str) -> int:
    """The length of a text as spreadsheets count it.

    >>> units("a🦊")
    3
    """
    return len(text) + sum(sign > "\uffff" for sign in text)


def _cell_text(text: str) -> str:
    r"""A text as the content of a cell, cut where the cell ends.

    >>> cell_text("a<b\r\n_x0041_")
    'a&lt;b\n_x005F_x0041_'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) * 2 > LONGEST and units(text) > LONGEST:
        text = text.encode("utf-16-le", "ignore")[: 2 * (LONGEST - 1)].decode("utf-16-le", "ignore") + "…"
    return _ESCAPE.sub("_x005F_", escaped(text))


cell_text = remembering_short(_cell_text)


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
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>\n'.encode(),
    )
    targets = [("worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
    yield "xl/_rels/workbook.xml.rels", _relations([*targets, ("styles", "styles.xml")])
    yield "xl/styles.xml", STYLES.encode()
    for number, sheet in zip(numbers, sheets, strict=True):
        for chunk in _sheet(sheet):
            yield f"xl/worksheets/sheet{number}.xml", chunk.encode()


def _relations(targets: Sequence[tuple[str, str]]) -> bytes:
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_RELATIONS}">{lines}</Relationships>\n'.encode()


def _sheet(sheet: Sheet) -> Iterator[str]:
    below = sheet.heading
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(sheet.widths, 1)
    )
    yield (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="{below}" '
        f'topLeftCell="A{below + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>\n"
    )
    names = [_column(place) for place in range(len(sheet.widths))]
    for number, cells in enumerate(sheet.rows, 1):
        written = "".join(
            _cell(f"{name}{number}", cell, number == below)
            for name, cell in zip(names, cells, strict=False)
            if cell != ""
        )
        yield f'<row r="{number}">{written}</row>\n'
    yield "</sheetData></worksheet>\n"


def _column(place: int) -> str:
    return (_column(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)


def _cell(name: str, cell: Cell, heading: bool) -> str:
    if not isinstance(cell, str):
        return f'<c r="{name}" s="{_PLAIN}"><v>{decimal(Fraction(cell), 15)}</v></c>'
    style = _HEADING if heading else _QUOTED if _CALCULATED.match(cell) else _TEXT
    return f'<c r="{name}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{cell_text(cell)}</t></is></c>'
