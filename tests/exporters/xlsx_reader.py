"""A little reader of workbooks, after the standard: the cells of each sheet, and whether anything is calculated."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
LONGEST = 32_767

Value = str | float
Rows = dict[int, dict[str, Value]]


class Refused(Exception):
    """What a spreadsheet would repair or calculate."""


def read(data: bytes) -> dict[str, Rows]:
    """The cells by name of sheet, number of row and letters of column. Refused where a program would complain."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    types = ElementTree.fromstring(parts["[Content_Types].xml"])
    declared = {entry.get("PartName") for entry in types if entry.get("PartName")}
    if missing := declared - {f"/{name}" for name in parts}:
        raise Refused(f"declared and not there: {missing}")
    relations = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    targets = {relation.get("Id"): relation.get("Target") for relation in relations}
    styles = quoted_and_text(ElementTree.fromstring(parts["xl/styles.xml"]))
    book = ElementTree.fromstring(parts["xl/workbook.xml"])
    return {
        sheet.get("name", ""): rows(parts[f"xl/{targets[sheet.get(RELATION)]}"], styles)
        for sheet in book.iter(f"{MAIN}sheet")
    }


def quoted_and_text(styles: ElementTree.Element) -> list[tuple[bool, bool]]:
    """For each style of cells: whether what is in it is quoted, and whether it is formatted as text."""
    formats = styles.find(f"{MAIN}cellXfs")
    assert formats is not None
    return [(entry.get("quotePrefix") == "1", entry.get("numFmtId") == "49") for entry in formats]


def rows(data: bytes, styles: list[tuple[bool, bool]]) -> Rows:
    root = ElementTree.fromstring(data)
    if root.find(f".//{MAIN}f") is not None:
        raise Refused("a formula")
    found: Rows = {}
    for row in root.iter(f"{MAIN}row"):
        number = int(row.get("r", ""))
        if number <= max(found, default=0):
            raise Refused("rows out of order")
        found[number] = {}
        for cell in row:
            name = re.fullmatch(r"([A-Z]+)(\d+)", cell.get("r", ""))
            if name is None or int(name[2]) != number or name[1] in found[number]:
                raise Refused(f"cell {cell.get('r')} in row {number}")
            found[number][name[1]] = value(cell, *styles[int(cell.get("s", "0"))])
    return found


def value(cell: ElementTree.Element, quoted: bool, as_text: bool) -> Value:
    if cell.get("t") is None:
        return float(cell.findtext(f"{MAIN}v", ""))
    if cell.get("t") != "inlineStr":
        raise Refused(f"a cell of the type {cell.get('t')}")
    text = cell.findtext(f"{MAIN}is/{MAIN}t", "")
    text = re.sub(r"_x([0-9A-Fa-f]{4})_", lambda code: chr(int(code[1], 16)), text)
    if len(text.encode("utf-16-le")) > 2 * LONGEST:
        raise Refused("a cell that is too long")
    if not as_text or (text.lstrip("\ufeff\u200b \t\n")[:1] in tuple("=+-@") and not quoted):
        raise Refused(f"a cell that is calculated when it is edited: {text[:20]}")
    return text
