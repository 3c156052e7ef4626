"""``latex``: the source of the booklets and of their key, for LuaLaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.archive import Archive
from quizgen.exporters.contract import Caveat, Fidelity, Format, Level, Options
from quizgen.exporters.paper.booklets import booklets
from quizgen.exporters.paper.coverage import shown_text
from quizgen.exporters.paper.latex_notation import Latex
from quizgen.exporters.paper.pages import files
from quizgen.model import KINDS, Item, WorkedKey

_EMOJI = re.compile("[\U0001f000-\U0001faff]")
EMOJI = Caveat("text:emoji", "LaTeX prints emoji only with a font that has them; install Noto Emoji")


def fidelity(item: Item, key: WorkedKey | None) -> Fidelity:
    """Everything is there to read; which signs can be printed depends on the fonts of the machine."""
    return Fidelity((EMOJI,) if _EMOJI.search(shown_text(item, key)) else ())


def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """One file a booklet."""
    notation = Latex()
    for booklet, text in files(archive, booklets(archive, options), options, notation):
        yield booklet.path + notation.suffix, text


FORMAT = Format(
    id="latex",
    title="LaTeX source",
    audience="paper, where LaTeX is at home",
    keys="apart",
    kinds=dict.fromkeys(KINDS, Level.EXACT),
    fidelity=fidelity,
    write=write,
    next_step="change what you like and run: lualatex FILE, twice; the folder key is yours (docs/exporting/pdf.md)",
)
