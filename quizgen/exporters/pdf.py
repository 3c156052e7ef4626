"""``pdf``: a booklet for every learner, set by Typst, and the key in files of its own.

Only fonts that come with Typst or with this package are used, and nothing says when it was made, so that every
machine writes the same bytes. The files keep to PDF/UA-1 unless the fonts lack a sign.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from quizgen.archive import Archive
from quizgen.exporters.contract import Format, Level, Options
from quizgen.exporters.paper.coverage import FONTS
from quizgen.exporters.paper.pages import fidelity, files
from quizgen.exporters.paper.typst_notation import Typst
from quizgen.model import KINDS

ACCESSIBLE = "ua-1"
HELD, AGES = 300_000, 12
"""Bytes of source that Typst may remember at once; it forgets what so many later files did not use."""


def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """One file a booklet, each set as a whole."""
    compiler, held = _compiler(), 0
    for booklet, source in files(archive, options, Typst()):
        held += len(source)
        if held > HELD:
            _forget(compiler)
            held = len(source)
        yield f"{booklet.path}.pdf", _compiled(compiler, source)


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
