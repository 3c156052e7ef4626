"""What the two versions of QTI have in common: a content package for players, with a section for each slot.

A section shows one item of the slot's pool. An item declares its keys, its points and what is said after an answer;
its title begins with its code, the manifest carries id, revision, template and concepts. In exams nothing is said
about answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from quizgen.archive import Archive
from quizgen.exporters.contract import Format, Options
from quizgen.exporters.qti.fidelity import KIND_LEVELS, fidelity
from quizgen.exporters.qti.names import Version

PATH = "quiz.zip"


def described(
    version: Version, audience: str, write: Callable[[Archive, Options], Iterator[tuple[str, bytes]]]
) -> Format:
    """The format of a version. audience: for people."""
    return Format(
        id=version.id,
        title=f"QTI {version.number}",
        audience=audience,
        keys="server",
        kinds=KIND_LEVELS,
        fidelity=fidelity,
        write=write,
        forms=False,
        next_step=f"import {PATH} as a QTI {version.number} content package; docs/exporting/qti.md says where",
    )
