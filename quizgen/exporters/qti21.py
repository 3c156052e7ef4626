"""``qti21``: a content package of QTI 2.1."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.archive import Archive
from quizgen.exporters.contract import Options
from quizgen.exporters.qti import PATH, described
from quizgen.exporters.qti.names import QTI21
from quizgen.exporters.qti.package import package
from quizgen.exporters.stand_in import writing_choices


@writing_choices
def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """The package, in pieces."""
    return package(QTI21, PATH, archive, options)


FORMAT = described(QTI21, "TAO, OpenOLAT, D2L, Blackboard and others that read QTI 2.1", write)
