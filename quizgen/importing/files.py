"""A file of unknown format: read within limits, recognised by its content, handed to its reader."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from quizgen.findings import Finding, FindingsError, Place
from quizgen.importing.catalogue import READERS
from quizgen.importing.contract import MOST_BYTES, Imported
from quizgen.importing.safe_xml import check_size

_HEAD = 4_000


def read_questions(path: str | os.PathLike[str]) -> Imported:
    """The questions of a file, whichever of the formats it is in.

    Raises FindingsError if it is none of them or cannot be read; what is wrong with a single question stands in `lost`.
    """
    name = os.fspath(path)
    data = _bytes(Path(path), name)
    check_size(name, len(data))
    for reader in READERS:
        if reader.recognises(data[:_HEAD] if reader.id != "gift" else data):
            imported = reader.read(name, data)
            if not imported.questions and not imported.lost:
                raise _error(name, "Q806", f"this file ({reader.title}) holds no questions", "export it anew")
            return imported
    known = ", ".join(reader.title for reader in READERS)
    raise _error(name, "Q801", "this is no file of questions that we know", f"give one of: {known}")


def _bytes(path: Path, name: str) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise _error(name, "Q002", "this is a folder, not a file", "name a file with questions")
        if not stat.S_ISREG(mode):
            raise _error(name, "Q002", "this is not an ordinary file", "name a file with questions")
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise _error(name, "Q001", "there is no such file", "check the name") from None
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise _error(name, "Q002", f"the file cannot be read ({reason})", "check its permissions") from None


def _error(name: str, code: str, message: str, remedy: str) -> FindingsError:
    return FindingsError([Finding(Place(name), code, message, remedy)])
