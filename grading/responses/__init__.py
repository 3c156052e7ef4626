"""Readers of response files, one kind of file a module: file → rows with canonical responses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from grading.responses import csv_table, json_lines, own_page
from grading.responses.problems import ResponseProblem, UnreadableResponses
from grading.responses.rows import Report, ResponseRow

READERS: tuple[ModuleType, ...] = (own_page, json_lines, csv_table)
"""Asked in this order whether they recognise the beginning of a file."""

HEAD = 65_536
"""Bytes of a file that a reader may look at to recognise it."""

__all__ = [
    "READERS",
    "ResponseProblem",
    "ResponseRow",
    "UnreadableResponses",
    "files_of",
    "read_responses",
    "reader_of",
]


def read_responses(path: str | Path, on_problem: Report | None = None) -> Iterator[ResponseRow]:
    """The responses in a file, or in all files of a folder in the order of their names.

    CSV and JSON Lines with ``learner,item,response[,attempt,submitted_at]``, and the answers that a learner
    downloads from a practice page; recognised by content. Read as a stream, at most 1 MB a row.
    on_problem: takes the rows, and of a folder the files, that cannot be read, while the others go on; without it
        the first one raises.

    Raises UnreadableResponses for a file of which nothing can be read, with the place and a remedy.
    """
    files = files_of(path)
    for file in files:
        try:
            yield from reader_of(file).read(file, on_problem or _raise)
        except UnreadableResponses as unreadable:
            if on_problem is None or len(files) == 1:
                raise
            on_problem(unreadable.problem)


def _raise(problem: ResponseProblem) -> None:
    raise UnreadableResponses(problem)


def files_of(path: str | Path) -> list[Path]:
    """The response files that a path stands for. Raises UnreadableResponses if there is none."""
    path = Path(path)
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith("."))
    if not files:
        raise UnreadableResponses(
            ResponseProblem(str(path), 0, "the folder is empty", "put the response files into it")
        )
    return files


def reader_of(path: Path) -> ModuleType:
    """The reader that recognises the file. Raises UnreadableResponses if none does."""
    if path.exists() and not path.is_file():
        problem = ResponseProblem(str(path), 0, "this is a pipe or a device", "save the responses in a file first")
        raise UnreadableResponses(problem)
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError as error:
        reason = error.strerror or str(error)
        problem = ResponseProblem(str(path), 0, f"the file cannot be read ({reason})", "check the name and the rights")
        raise UnreadableResponses(problem) from None
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        problem = ResponseProblem(str(path), 0, "the file is UTF-16", "save it again as UTF-8")
        raise UnreadableResponses(problem)
    if head.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")):
        problem = ResponseProblem(str(path), 0, "the file is no text", "save the spreadsheet as CSV UTF-8")
        raise UnreadableResponses(problem)
    head = head.removeprefix(b"\xef\xbb\xbf")
    for reader in READERS:
        if reader.recognises(head):
            return reader
    raise UnreadableResponses(ResponseProblem(str(path), 0, "the file is empty", "export the responses again"))
