"""Reads what was made for paper: the text of a PDF page by page, with pypdf, and content as Typst itself reads it."""

from __future__ import annotations

import io
import json
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from quizgen.archive import write_archive
from quizgen.exporters import Options, format_of
from quizgen.model import GeneratedItem, Quiz
from tests.conftest import not_run


def typst() -> Any:
    """The module, or the end of the test as not run."""
    try:
        import typst
    except ImportError:
        not_run("Typst", "pip install typst")
    return typst


def reader(data: bytes) -> Any:
    """The PDF, opened by pypdf."""
    try:
        from pypdf import PdfReader
    except ImportError:
        not_run("pypdf", "pip install pypdf")
    return PdfReader(io.BytesIO(data))


class Word(NamedTuple):
    """A piece of text, its page from 0, its place in points from the lower left, and how large it is."""

    text: str
    page: int
    x: float
    y: float
    size: float


def pages(data: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in reader(data).pages]


def words(data: bytes) -> list[Word]:
    """Every piece of text with its place."""
    found: list[Word] = []
    for number, page in enumerate(reader(data).pages):

        def visit(text: str, cm: Any, tm: Any, font: Any, size: float, number: int = number) -> None:
            if text.strip():
                a, b, c, d, e, f = cm
                x, y = tm[4] * a + tm[5] * c + e, tm[4] * b + tm[5] * d + f
                found.append(Word(text, number, x, y, abs(size * tm[3] * d)))

        page.extract_text(visitor_text=visit)
    return found


def printed(data: bytes) -> str:
    """The text of all pages without their heads and feet, squeezed."""
    found = ""
    for number, text in enumerate(texts := pages(data), 1):
        lines = [line for line in text.split("\n") if not re.fullmatch(rf"\D*{number} \D+ {len(texts)}\s*", line)]
        head = lines[0] if number > 1 and lines[0] == texts[0].split("\n")[0] else ""
        found += "\n".join(lines[bool(head) :])
    return squeezed(found)


def squeezed(text: str) -> str:
    """Text without what lines are broken by: spaces, line ends and hyphens."""
    return re.sub(r"[\s\u00ad\u2010-]|[\x00-\x08\x0e-\x1f\x7f]", "", text)


def written(
    folder: Path, format_id: str, items: tuple[GeneratedItem, ...], quiz: Quiz, **options: Any
) -> dict[str, bytes]:
    """The files of an export, by path."""
    archive = write_archive(folder / "quiz", quiz, items)
    files: dict[str, bytes] = {}
    for path, chunk in format_of(format_id).write(archive, Options(**options)):
        files[path] = files.get(path, b"") + chunk
    return files


def read_by_typst(markup: str) -> str:
    """The text of markup as Typst reads it; anything that is not text is named by its function in ``‹›``."""
    source = f"#let quizmath(spoken, eq) = eq\n#box[{markup}] <found>"
    compiler = typst().Compiler(source.encode(), font_paths=_fonts())
    (body,) = json.loads(compiler.query("<found>", field="body"))
    return _text(body)


@cache
def _fonts() -> Any:
    return typst().Fonts(include_system_fonts=False)


def _text(content: Any) -> str:
    if content["func"] == "sequence":
        return "".join(map(_text, content["children"]))
    if content["func"] in ("text", "symbol"):
        return str(content["text"])
    return " " if content["func"] == "space" else f"‹{content['func']}›"


def rules(data: bytes) -> list[tuple[int, float]]:
    """Every line that is drawn: its page from 0, and how far above the lower edge it ends, in points."""
    found: list[tuple[int, float]] = []
    for number, page in enumerate(reader(data).pages):

        def visit(operator: bytes, values: Any, cm: Any, tm: Any, number: int = number) -> None:
            if operator == b"l":
                x, y = map(float, values)
                found.append((number, x * cm[1] + y * cm[3] + cm[5]))

        page.extract_text(visitor_operand_before=visit)
    return found
