"""Files that commands write: beside their place first, then renamed into it."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from grading.answersheet import Response, to_json
from quizgen.folders import PlacedError
from quizgen.simulation import Submission

COLUMNS = ("learner", "item", "response", "attempt")


@contextmanager
def written_beside(path: Path, begins: str = "") -> Iterator[TextIO]:
    """A text file to write into; it takes the place of `path` when the block ends without an error.

    begins: how a file that may be replaced begins; anything else that is there already stays (PlacedError).
    """
    _refuse_what_is_not_ours(path, begins)
    target = Path(os.path.realpath(path))
    name = ""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
        with open(handle, "w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, target)
    except BaseException as error:
        if name:
            Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError) and _is_unfinished(error.filename):
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise


def _is_unfinished(place: object) -> bool:
    """Whether an error is about the file beside, of which nobody has heard, or about no file that it names."""
    return place is None or str(place).endswith(".part")


def _refuse_what_is_not_ours(path: Path, begins: str) -> None:
    if path.exists() and not path.is_file():
        raise PlacedError(path, "is not an ordinary file", "name a file with -o")
    if not path.exists() or not path.stat().st_size:
        return
    with path.open("rb") as file:
        if file.read(len(begins.encode())) != begins.encode():
            raise PlacedError(path, "is there already and holds something else", "choose another name with -o")


def response_text(response: Response) -> str:
    """A response as a cell of a CSV file: text as it is, anything else as JSON.

    >>> response_text("1.609"), response_text(["a", "b"])
    ('1.609', '["a","b"]')
    """
    return response if isinstance(response, str) else "" if response is None else to_json(response).decode()


def write_submissions(path: Path, submissions: Iterable[Submission]) -> int:
    """Writes a CSV of responses and returns how many there are."""
    count = 0
    with written_beside(path, begins=",".join(COLUMNS)) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for given in submissions:
            writer.writerow((given.learner, given.item, response_text(given.response), given.attempt))
            count += 1
    return count
