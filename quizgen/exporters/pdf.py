"""``pdf``: a booklet for every learner, set by Typst, and the key in files of its own.

Only fonts that come with Typst or with this package are used, and nothing says when it was made, so that every
machine writes the same bytes. The files keep to PDF/UA-1 unless the fonts lack a sign.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import msgspec

from quizgen.archive import Archive
from quizgen.exporters.contract import Format, Level, Options
from quizgen.exporters.paper.booklets import booklets
from quizgen.exporters.paper.coverage import FONTS
from quizgen.exporters.paper.pages import fidelity, files
from quizgen.exporters.paper.typst_notation import Typst
from quizgen.model import KINDS

ACCESSIBLE = "ua-1"
HELD, AGES = 100_000, 12
"""Bytes of source that Typst may remember at once; it forgets what so many later files did not use."""

WORTHWHILE = 20
"""Entries for which it pays to begin processes; to set them takes longer than to write them."""


def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """One file a booklet, each set as a whole: those of learners, which are short, by several processes."""
    every = list(booklets(archive, options))
    short = [booklet for booklet in every if booklet.sitting]
    long = [booklet for booklet in every if not booklet.sitting]
    alone = msgspec.structs.replace(options, processes=1)
    can_be_shared = "typst" not in sys.modules  # a copy of this process would wait for threads that only this one has
    for some, how in ((short, options if can_be_shared else alone), (long, alone)):
        for booklet, data in files(archive, some, how, Typst(), _set, WORTHWHILE):
            yield f"{booklet.path}.pdf", data


class _Setter:
    """Typst, and how much it remembers."""

    def __init__(self) -> None:
        self._compiler, self._held = _compiler(), 0

    def set(self, source: bytes) -> bytes:
        """The file of a source."""
        self._held += len(source)
        if self._held > HELD:
            _forget(self._compiler)
            self._held = len(source)
        return _compiled(self._compiler, source)


_typst: _Setter | None = None
"""Typst as it runs in this process."""


def _set(source: bytes) -> bytes:
    global _typst
    _typst = _typst or _Setter()
    return _typst.set(source)


def _forget(compiler: Any) -> None:
    """Lets Typst drop what it remembers of files that are done; a hundred questions are some 60 MB."""
    for _ in range(AGES):
        compiler.compile(b"", format="pdf")


def _compiled(compiler: Any, source: bytes) -> bytes:
    """The file; tagged alone if it cannot keep to the standard, as with a sign that no font has."""
    import typst

    try:
        return bytes(compiler.compile(source, format="pdf", pdf_standards=[ACCESSIBLE]))
    except typst.TypstError:
        return bytes(compiler.compile(source, format="pdf"))


def lacking() -> str:
    """What is not installed."""
    from importlib.util import find_spec

    found = "typst" in sys.modules or find_spec("typst") is not None
    return "" if found else "Typst is not installed: pip install 'quizgen[pdf]'"


def _compiler() -> Any:
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])
    return typst.Compiler(font_paths=fonts)


FORMAT = Format(
    id="pdf",
    title="PDF",
    audience="paper: a booklet a learner, answer sheet, key",
    keys="apart",
    kinds=dict.fromkeys(KINDS, Level.EXACT),
    fidelity=fidelity,
    write=write,
    lacking=lacking,
    next_step="print the folder learners (or questions.pdf), keep the folder key to yourself (docs/exporting/pdf.md)",
)
