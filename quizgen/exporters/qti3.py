"""``qti3``: a content package of QTI 3.0."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.archive import Archive
from quizgen.exporters.contract import Options
from quizgen.exporters.qti import PATH, described
from quizgen.exporters.qti.names import QTI3
from quizgen.exporters.qti.package import package
from quizgen.exporters.stand_in import writing_choices


@writing_choices
def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """The package, in pieces."""
    return package(QTI3, PATH, archive, options)


FORMAT = described(QTI3, "TAO, Inspera and other players of QTI 3", write)
