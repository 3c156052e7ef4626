"""``typst``: the source of the booklets and of their key, to change and to compile with Typst."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.archive import Archive
from quizgen.exporters.contract import Format, Level, Options
from quizgen.exporters.paper.booklets import booklets
from quizgen.exporters.paper.pages import fidelity, files
from quizgen.exporters.paper.typst_notation import Typst
from quizgen.model import KINDS


def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """One file a booklet."""
    notation = Typst()
    for booklet, text in files(archive, booklets(archive, options), options, notation):
        yield booklet.path + notation.suffix, text


FORMAT = Format(
    id="typst",
    title="Typst source",
    audience="paper, with a layout of your own",
    keys="apart",
    kinds=dict.fromkeys(KINDS, Level.EXACT),
    fidelity=fidelity,
    write=write,
    next_step="change what you like and run: typst compile FILE; the folder key is yours (docs/exporting/pdf.md)",
)
