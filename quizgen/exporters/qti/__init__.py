"""``qti3``: a content package for players of QTI, with a section for each slot that shows one item of its pool.

An item declares its keys, its points and what is said after an answer; the title begins with its code, the manifest
carries id, revision, template and concepts. In exams nothing is said about answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from quizgen.archive import Archive
from quizgen.exporters.contract import Format, Options
from quizgen.exporters.qti.fidelity import KIND_LEVELS, fidelity
from quizgen.exporters.qti.names import QTI3, Version
from quizgen.exporters.qti.package import package

PATH = "quiz.zip"


def _writer(version: Version) -> Callable[[Archive, Options], Iterator[tuple[str, bytes]]]:
    def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
        return package(version, PATH, archive, options)

    return write


def _format(version: Version, audience: str) -> Format:
    return Format(
        id=version.id,
        title=f"QTI {version.number}",
        audience=audience,
        keys="server",
        kinds=KIND_LEVELS,
        fidelity=fidelity,
        write=_writer(version),
        forms=False,
    )


QTI3_FORMAT = _format(QTI3, "TAO, Inspera and other players of QTI 3")
