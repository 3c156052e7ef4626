"""The first filled sheet of a workbook (``.xlsx``), in bounded memory. Nothing is calculated: what counts is the value
that stands in a cell, also behind a formula.

Read here rather than by a package for workbooks: those keep whole sheets in memory and unpack whatever a file says.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

from lxml import etree

from grading.responses.problems import ResponseProblem
from grading.responses.rows import LONGEST_LINE, TOO_LONG, Report
from grading.responses.streams import refused

MOST_UNPACKED = 2_000_000_000
"""Bytes of one part of a workbook."""
MOST_SHARED = 300_000_000
"""Bytes of the texts that several cells share; they are kept in memory."""
MOST_COLUMNS = 16_384

_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, etree.LxmlError)
_AGAIN = "download it again, or save it as CSV UTF-8"
_PLACE = re.compile(r"([A-Z]{1,3})\d+")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class _TooLarge(Exception):
    pass


class _Bounded:
    """A packed part that may be unpacked only so far."""

    def __init__(self, stream: IO[bytes], most: int) -> None:
        self._stream, self._left = stream, most

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size if 0 <= size < 1 << 20 else 1 << 20)
        self._left -= len(piece)
        if self._left < 0:
            raise _TooLarge
        return piece


def recognises(start: bytes) -> bool:
    """Whether a file that begins like this is one."""
    return start.startswith(b"PK\x03\x04") and (b"[Content_Types].xml" in start or b"xl/" in start)


def records(path: Path, report: Report) -> Iterator[tuple[int, list[str]]]:
    """(number of the row, cells) of every row that is not blank. Raises UnreadableResponses."""
    number = 0
    try:
        with zipfile.ZipFile(path) as package:
            shared = list(_shared(package))
            for sheet in _sheets(package):
                with _opened(package, sheet, MOST_UNPACKED) as stream:
                    for number, cells in _rows(stream, shared):
                        if sum(map(len, cells)) > LONGEST_LINE:
                            report(TOO_LONG.at(str(path), number))
                        elif any(cells):
                            yield number, cells
                if number:
                    return
    except _TooLarge:
        raise refused(path, "the workbook is too large when it is unpacked", "save it as CSV UTF-8") from None
    except _DAMAGED as error:
        if not number:
            raise refused(path, "the workbook is damaged or no workbook", _AGAIN) from error
        message = f"the workbook is damaged after row {number}; what follows was not read"
        report(ResponseProblem(str(path), number, message, _AGAIN))


@contextmanager
def _opened(package: zipfile.ZipFile, name: str, most: int) -> Iterator[_Bounded]:
    with package.open(name) as stream:
        yield _Bounded(stream, most)


def _elements(stream: _Bounded, *tags: str) -> Iterator[Any]:
    """The elements with these local names, each forgotten after it was looked at."""
    wanted = tuple(f"{{*}}{tag}" for tag in tags)
    source: Any = stream
    for _, element in etree.iterparse(
        source, tag=wanted, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
    ):
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _sheets(package: zipfile.ZipFile) -> list[str]:
    """The parts of the sheets, in the order of the workbook."""
    names = set(package.namelist())
    targets: dict[str, str] = {}
    if "xl/_rels/workbook.xml.rels" in names:
        with _opened(package, "xl/_rels/workbook.xml.rels", MOST_SHARED) as stream:
            for relation in _elements(stream, "Relationship"):
                target = relation.get("Target", "")
                targets[relation.get("Id", "")] = target[1:] if target[:1] == "/" else str(PurePosixPath("xl") / target)
    found = []
    if "xl/workbook.xml" in names:
        with _opened(package, "xl/workbook.xml", MOST_SHARED) as stream:
            for sheet in _elements(stream, "sheet"):
                ids = [value for name, value in sheet.attrib.items() if name.endswith("}id")]
                found += [targets[id_] for id_ in ids if targets.get(id_) in names]
    return found or sorted(name for name in names if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name))


def _shared(package: zipfile.ZipFile) -> Iterator[str]:
    name = next((name for name in package.namelist() if name.lower() == "xl/sharedstrings.xml"), None)
    if name is not None:
        with _opened(package, name, MOST_SHARED) as stream:
            for element in _elements(stream, "si"):
                yield _text(element)


def _text(element: Any) -> str:
    """The text of a string item; what is there to be read aloud (``rPh``) is left out."""
    runs = element.iter("{*}t")
    text = "".join(run.text or "" for run in runs if etree.QName(run.getparent()).localname != "rPh")
    return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) if "_x" in text else text


def _rows(stream: _Bounded, shared: list[str]) -> Iterator[tuple[int, list[str]]]:
    number = 0
    for row in _elements(stream, "row"):
        said = row.get("r", "")
        number = int(said) if said.isdecimal() and len(said) < 10 else number + 1
        cells: list[str] = []
        for cell in row.iterchildren("{*}c"):
            place = _PLACE.fullmatch(cell.get("r", ""))
            at = _column(place[1]) if place else len(cells)
            if at >= MOST_COLUMNS:
                continue
            cells.extend([""] * (at + 1 - len(cells)))
            cells[at] = _value(cell, shared)
        yield number, cells


def _column(letters: str) -> int:
    """The place of a column from 0.

    >>> _column("A"), _column("AA")
    (0, 26)
    """
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


def _value(cell: Any, shared: list[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text(cell)
    value = next((child.text or "" for child in cell.iterchildren("{*}v")), "")
    if kind == "s":
        return shared[int(value)] if value.isdecimal() and len(value) < 10 and int(value) < len(shared) else ""
    if kind == "b":
        return {"1": "true", "0": "false"}.get(value.strip(), "")
    if kind == "e":
        return ""
    return number_text(value) if kind == "n" else value


def number_text(value: str) -> str:
    """A number of a cell with no more digits than a spreadsheet shows.

    >>> number_text("1.6090000000000001"), number_text("12345678901234567890"), number_text("5.0")
    ('1.609', '12345678901234567890', '5')
    """
    text = value.strip()
    if text.isascii() and text.lstrip("-").isdigit():
        return text
    try:
        return f"{float(text):.15g}"
    except ValueError:
        return value
