"""``scorm2004``: the page as a package of SCORM 2004, 4th edition."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.archive import Archive
from quizgen.exporters.contract import Options
from quizgen.exporters.packaged_page import described, package


def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """The package, in pieces."""
    return package("scorm2004", archive, options)


FORMAT = described(
    "scorm2004",
    "SCORM 2004",
    "platforms that take packages of SCORM 2004, 4th edition",
    write,
    "add quiz.zip as a SCORM package (docs/exporting/scorm.md)",
)
