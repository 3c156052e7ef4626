"""What the formats wrote when somebody last read it: one file a format, for one item of every kind.

Read the difference before you commit it: python -m tests.exporters.approve
"""

from __future__ import annotations

import io
import sqlite3
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

GOLDENS = Path(__file__).parent / "goldens"


def golden_of(format_id: str, written: bytes) -> str:
    """The text to compare: of a page what is between ``<main>`` and ``</main>``, the rest are assets; of a package all
    its members.
    """
    if written.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(written)) as package:
            return "".join(f"=== {name}\n{member_text(package.read(name))}\n" for name in package.namelist())
    text = written.decode("utf-8")
    if format_id == "html":
        text = text[text.index("<main") : text.index("</main>")]
    return text.replace("><", ">\n<") if format_id == "html" else text


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
        items = carried(format_)
        archive = write_archive(folder / format_.id, quiz_of(items), items)
        (exported,) = export(archive, [format_], folder / "out")
        (path,) = (exported.folder / name for name in exported.files)
        suffix = path.suffix.replace(".zip", ".txt").replace(".apkg", ".txt")
        texts[f"{exported.format}{suffix}"] = golden_of(exported.format, path.read_bytes())
    return texts


def approve() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in written_now(Path(folder)).items():
            (GOLDENS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    approve()
