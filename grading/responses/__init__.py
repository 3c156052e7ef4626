"""Readers of response files, one kind of file a module: file → rows with canonical responses.

A reader yields either rows, where the file itself names items and options as the quiz does, or sittings, where a
platform printed texts; `grading.responses.matching` makes rows of these. A table may be kept in several kinds of files
(`grading.responses.tables`); what a table means is known by its header, anything else by its beginning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

from grading.responses import (
    blackboard,
    canvas,
    csv_table,
    json_lines,
    moodle,
    open_edx,
    own_page,
    parquet,
    qti_results,
    scorm,
    statements,
    wide,
    workbook,
)
from grading.responses.matching import Matcher
from grading.responses.problems import ResponseProblem, UnreadableResponses
from grading.responses.rows import Report, ResponseRow
from grading.responses.sittings import Sitting
from grading.responses.streams import HEAD, is_text, refused, start_of, text_start
from grading.responses.tables import table_in

DOCUMENTS: tuple[ModuleType, ...] = (own_page, statements, json_lines, qti_results)
"""Asked in this order whether they recognise the beginning of a file of text."""
TABLES: tuple[ModuleType, ...] = (csv_table, moodle, canvas, open_edx, blackboard, scorm, wide)
"""Asked in this order whether they recognise the header of a table."""
READERS = DOCUMENTS + TABLES

Found = Callable[[Sitting], None]
"""Is told of each sitting before its rows are made: of the mark of the whole attempt, for example."""

__all__ = [
    "DOCUMENTS",
    "HEAD",
    "READERS",
    "TABLES",
    "Matcher",
    "ResponseProblem",
    "ResponseRow",
    "UnreadableResponses",
    "files_of",
    "read_responses",
    "reader_of",
]


def read_responses(
    path: str | Path,
    on_problem: Report | None = None,
    matcher: Matcher | None = None,
    on_sitting: Found | None = None,
) -> Iterator[ResponseRow]:
    """The responses in a file, or in all files of a folder in the order of their names.

    What a file is, is seen by its content; docs/quizzes.md lists the kinds. Read as a stream, at most 1 MB a row.
    on_problem: takes the rows, and of a folder the files, that cannot be read, while the others go on; without it
        the first one raises.
    matcher: finds the items and options that the report of a platform prints; such a report cannot be read without it.
    on_sitting: takes each attempt of such a report before its rows.

    Raises UnreadableResponses for a file of which nothing can be read, with the place and a remedy.
    """
    files = files_of(path)
    for file in files:
        try:
            yield from _rows_of(file, on_problem or _raise, matcher, on_sitting)
        except UnreadableResponses as unreadable:
            if on_problem is None or len(files) == 1:
                raise
            on_problem(unreadable.problem)


def _raise(problem: ResponseProblem) -> None:
    raise UnreadableResponses(problem)


def _rows_of(
    file: Path, report: Report, matcher: Matcher | None, on_sitting: Found | None = None
) -> Iterator[ResponseRow]:
    reader = reader_of(file, matcher)
    found = reader.read(file, report) if reader in DOCUMENTS else _of_table(reader, file, report, matcher)
    for entry in found:
        if isinstance(entry, ResponseRow):
            yield entry
            continue
        if matcher is None:
            message = f"this is {reader.name}, which can be read with the answer sheet of its quiz only"
            raise refused(file, message, "grade it with the archive of the quiz")
        if on_sitting is not None:
            on_sitting(entry)
        yield from matcher.rows(entry, reader.DIALECT, report)


def _of_table(
    reader: ModuleType, file: Path, report: Report, matcher: Matcher | None
) -> Iterator[ResponseRow | Sitting]:
    with table_in(file, report) as table:
        yield from reader.read_table(table.columns, table.records, file, report, _known(matcher))


def _known(matcher: Matcher | None) -> Callable[[str], bool]:
    return matcher.names_an_item if matcher is not None else lambda _: False


def files_of(path: str | Path) -> list[Path]:
    """The response files that a path stands for. Raises UnreadableResponses if there is none."""
    path = Path(path)
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith("."))
    if not files:
        raise refused(path, "the folder is empty", "put the response files into it")
    return files


def reader_of(path: Path, matcher: Matcher | None = None) -> ModuleType:
    """The reader that recognises the file; `csv_table` for a table that no other does.

    matcher: tells whether the heading of a column names an item of the quiz. Raises UnreadableResponses if the file is
    nothing that could hold responses.
    """
    start = start_of(path)
    if is_text(start):
        head = text_start(path)
        if not head.strip():
            raise refused(path, "the file is empty", "export the responses again")
        for reader in DOCUMENTS:
            if reader.recognises(head):
                return reader
    elif qti_results.recognises(start):
        return qti_results
    elif not (workbook.recognises(start) or parquet.recognises(start)):
        raise refused(path, "the file is no text", "save the spreadsheet as XLSX or as CSV UTF-8")
    with table_in(path, lambda _: None) as table:
        columns = table.columns
    return next((reader for reader in TABLES if reader.recognises_header(columns, _known(matcher))), csv_table)
