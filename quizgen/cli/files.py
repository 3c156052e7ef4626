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
from quizgen.simulation import Submission

COLUMNS = ("learner", "item", "response", "attempt")


@contextmanager
def written_beside(path: Path) -> Iterator[TextIO]:
    """A text file to write into; it takes the place of `path` when the block ends without an error."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent or Path())
    try:
        with open(handle, "w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def response_text(response: Response) -> str:
    """A response as a cell of a CSV file: text as it is, anything else as JSON.

    >>> response_text("1.609"), response_text(["a", "b"])
    ('1.609', '["a","b"]')
    """
    return response if isinstance(response, str) else "" if response is None else to_json(response).decode()


def write_submissions(path: Path, submissions: Iterable[Submission]) -> int:
    """Writes a CSV of responses and returns how many there are."""
    count = 0
    with written_beside(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for given in submissions:
            writer.writerow((given.learner, given.item, response_text(given.response), given.attempt))
            count += 1
    return count
