"""``scorm12``: the page as a package of SCORM 1.2."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.archive import Archive
from quizgen.exporters.contract import Options
from quizgen.exporters.packaged_page import described, package


def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """The package, in pieces."""
    return package("scorm12", archive, options)


FORMAT = described(
    "scorm12",
    "SCORM 1.2",
    "Moodle and other platforms that take SCORM packages",
    write,
    "add quiz.zip as a SCORM package (docs/exporting/scorm.md)",
)
