"""``pdf``: a booklet for every learner, set by Typst, and the key in files of its own.

Only fonts that come with Typst or with this package are used, and nothing says when it was made, so that every
machine writes the same bytes. The files keep to PDF/UA-1 unless the fonts lack a sign.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quizgen.archive import Archive
from quizgen.exporters.contract import ExportError, Format, Level, Options
from quizgen.exporters.paper.coverage import FONTS, without_sign
from quizgen.exporters.paper.pages import fidelity, files
from quizgen.exporters.paper.typst_notation import Typst
from quizgen.model import KINDS

ACCESSIBLE = "ua-1"


def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """One file a booklet, each set as a whole. Raises ExportError if Typst is not installed."""
    compiler = _compiler(archive)
    for booklet, pieces in files(archive, options, Typst()):
        yield f"{booklet.path}.pdf", _compiled(compiler, "".join(pieces))


def _compiled(compiler: Any, source: str) -> bytes:
    standards = [] if without_sign(source) else [ACCESSIBLE]
    written = compiler.compile(source.encode(), format="pdf", pdf_standards=standards, pdf_tags=True)
    return bytes(written)


def _compiler(archive: Archive) -> Any:
    try:
        import typst
    except ImportError:
        remedy = "install it: pip install 'quizgen[pdf]' (or export to typst or latex, which need nothing)"
        raise ExportError(f"{archive.folder} → pdf", "needs Typst, which is not installed", remedy) from None
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
    next_step="print the folder learners (or questions.pdf) and keep the folder key to yourself (docs/exporting/pdf.md)",
)
