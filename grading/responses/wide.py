"""A table with a row for each learner and a column for each item, as teachers and forms make it.

The heading of a column names the item by its id, by its code, or is a text with the code in it. A blank cell is an item
that the learner was not given.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grading.responses.headings import ATTEMPT, EMAIL, NUMBER, SUBMITTED, USERNAME, Learners, at, place_of, plain
from grading.responses.rows import Known, Report, RowFault, attempt_of, cell
from grading.responses.sittings import Attempts, Dialect, Said, Sitting
from grading.responses.streams import refused

name = "table with a column for each item"
DIALECT = Dialect(separator=";", arrow="->")


def recognises_header(columns: list[str], known: Known) -> bool:
    """Whether a table with these columns is one: a heading names an item of the quiz."""
    return len(columns) > 1 and any(map(known, columns))


def read_table(
    columns: list[str], records: Iterator[tuple[int, list[str]]], path: Path, report: Report, known: Known
) -> Iterator[Sitting]:
    """The rows. Raises UnreadableResponses if no column says who a row is about."""
    headings = list(map(plain, columns))
    items = {place: column.strip() for place, column in enumerate(columns) if known(column)}
    learners = Learners(headings, USERNAME, NUMBER, EMAIL)
    if not learners.places - set(items):
        message = "no column says who a row is about"
        raise refused(path, message, "name one of them “learner”", 1)
    attempt, submitted = place_of(headings, ATTEMPT), place_of(headings, SUBMITTED)
    attempts = Attempts()
    for line, cells in records:
        try:
            learner = learners.of(cells)
            number = attempt_of(at(cells, attempt)) if at(cells, attempt) else attempts.of(learner)
        except RowFault as fault:
            report(fault.at(str(path), line))
            continue
        answers = tuple(Said(item, cell(cells[place])) for place, item in items.items() if at(cells, place))
        yield Sitting(learner, answers, number, at(cells, submitted), str(path), line)
