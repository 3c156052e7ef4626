"""``latex``: the source of the booklets and of their key, for LuaLaTeX."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.archive import Archive
from quizgen.exporters.contract import Fidelity, Format, Level, Options
from quizgen.exporters.paper.latex_notation import Latex
from quizgen.exporters.paper.pages import files
from quizgen.model import KINDS, Item, WorkedKey


def fidelity(item: Item, key: WorkedKey | None) -> Fidelity:
    """Everything is there to read; which signs can be printed depends on the fonts of the machine."""
    return Fidelity()


def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """One file a booklet, one question a chunk."""
    notation = Latex()
    for booklet, pieces in files(archive, options, notation):
        for piece in pieces:
            yield booklet.path + notation.suffix, piece.encode()


FORMAT = Format(
    id="latex",
    title="LaTeX source",
    audience="paper, where LaTeX is at home",
    keys="apart",
    kinds=dict.fromkeys(KINDS, Level.EXACT),
    fidelity=fidelity,
    write=write,
    next_step="change what you like and run: lualatex FILE, twice (docs/exporting/pdf.md)",
)
