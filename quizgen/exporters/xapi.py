"""``xapi``: the page as a package that sends statements to a record store."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.archive import Archive
from quizgen.exporters.contract import Options
from quizgen.exporters.packaged_page import described, package


def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """The package, in pieces."""
    return package("xapi", archive, options)


FORMAT = described(
    "xapi",
    "xAPI",
    "platforms that launch packages with tincan.xml and keep statements",
    write,
    "add quiz.zip as an xAPI or Tin Can package (docs/exporting/xapi.md)",
)
