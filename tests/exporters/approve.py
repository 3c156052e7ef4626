"""What the formats wrote when somebody last read it: one file a format, for one item of every kind.

Read the difference before you commit it: python -m tests.exporters.approve
"""

from __future__ import annotations

import io
import re
import sqlite3
import tarfile
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path

from quizgen import export
from quizgen.archive import write_archive
from quizgen.exporters import FORMATS, Format
from quizgen.exporters.contract import Level
from quizgen.model import GeneratedItem
from tests.exporters.example_items import everything, quiz_of
from tests.exporters.paper_reader import pages

GZIP = b"\x1f\x8b"
GOLDENS = Path(__file__).parent / "goldens"


PREAMBLE = {"typst": "#show: quizpaper", "latex": "\\begin{document}"}
"""Where the content of a source begins, behind what is the same in every file."""


def golden_of(format_id: str, written: bytes) -> str:
    """The text to compare: of a page what is between ``<main>`` and ``</main>``, the rest are assets; of a package all
    its members, of its page what is reported, the rest is that of the page; of a PDF what is printed.
    """
    if format_id == "pdf":
        return "\n=== page\n".join("\n".join(line.strip() for line in page.split("\n")) for page in pages(written))
    if written.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(written)) as package:
            members = {name: package.read(name) for name in package.namelist()}
        members |= {name: reported(data) for name, data in members.items() if name == "index.html"}
        return "".join(f"=== {name}\n{member_text(data)}\n" for name, data in members.items())
    if written.startswith(GZIP):
        with tarfile.open(fileobj=io.BytesIO(written)) as opened:
            return "".join(f"=== {entry.name}\n{member_text(opened.extractfile(entry).read())}\n" for entry in opened)  # type: ignore[union-attr]
    text = written.decode("utf-8")
    if format_id in PREAMBLE:
        text = text[text.index(PREAMBLE[format_id]) :]
    if format_id == "html":
        text = text[text.index("<main") : text.index("</main>")]
    return text.replace("><", ">\n<") if format_id == "html" else text


def reported(page: bytes) -> bytes:
    """What the script of a packaged page is given, a question a line."""
    (data,) = re.findall(rb'<script type="application/json" id="quiz-data">(.*?)</script>', page)
    return data.replace(b'},{"code"', b'},\n{"code"')  # type: ignore[no-any-return]


def member_text(data: bytes) -> str:
    """A member of a package: as it is, or the rows of the tables of a database."""
    if not data.startswith(b"SQLite format 3"):
        return data.decode("utf-8")
    with closing(sqlite3.connect(":memory:")) as base:
        base.deserialize(data)
        tables = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [(table, *row) for table in tables for row in base.execute(f"SELECT * FROM {table}")]
    return "\n".join("\t".join(map(str, row)).replace("\x1f", "\n") for row in rows)


def carried(format_: Format) -> tuple[GeneratedItem, ...]:
    """The items of every kind that a format can carry."""
    return tuple(made for made in everything() if format_.fidelity(made.item, made.key).level is not Level.NONE)


def written_now(folder: Path) -> dict[str, str]:
    """For each format its golden as it would be now, by the name of the file."""
    texts = {}
    for format_ in FORMATS:
        if format_.lacking():
            continue
        items = carried(format_)
        archive = write_archive(folder / format_.id, quiz_of(items), items)
        (exported,) = export(archive, [format_], folder / "out")
        paths = [exported.folder / name for name in exported.files]
        suffix = re.sub(r"\.(zip|apkg|pdf|gz|xlsx|h5p|imscc)$", ".txt", paths[0].suffix)
        found = [golden_of(exported.format, path.read_bytes()) for path in paths]
        named = zip(exported.files, found, strict=True) if len(found) > 1 else ()
        texts[f"{exported.format}{suffix}"] = "".join(f"=== {name}\n{text}\n" for name, text in named) or found[0]
    return texts


def approve() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in written_now(Path(folder)).items():
            (GOLDENS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    approve()
