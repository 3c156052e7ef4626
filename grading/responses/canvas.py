"""Canvas's “Student Analysis” of a quiz, of Classic Quizzes and of New Quizzes.

A row is an attempt. Each question that was drawn for anybody has a column with its number and text as the heading and
the answer in the cell, and one with points; both are blank for a learner who did not get it. A comma inside a text is
written ``\\,``. The report of New Quizzes was not observed; it is read as it is known from others' programs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from grading.responses.headings import ATTEMPT, NUMBER, SUBMITTED, Learners, at, place_of, plain
from grading.responses.rows import Known, Report, RowFault, attempt_of, mark_of, points_of
from grading.responses.sittings import Attempts, Dialect, Said, Sitting

name = "Canvas's student analysis"
DIALECT = Dialect(separator=",", arrow="=>", escaped=True, dense=True, untagged=True)

_QUESTION = re.compile(r"\d+: ?", re.ASCII)
_BESIDE = ("itemid", "itemtype", "status", "earnedpoints", "possiblepoints", "itemposition")


class _Column(msgspec.Struct, frozen=True):
    """Where a question stands: its text, its answer, the points and what they are out of."""

    question: str
    answer: int
    points: int
    of: str | None


def recognises_header(columns: list[str], known: Known) -> bool:
    """Whether a table with these columns is one: questions with their numbers, each with its points beside it."""
    return bool(_questions(columns))


def _questions(columns: list[str]) -> list[_Column]:
    found = []
    headings = [re.sub(r"\d+$", "", plain(column)) for column in columns]
    for place, column in enumerate(columns):
        after = columns[place + 1] if place + 1 < len(columns) else ""
        if (start := _QUESTION.match(column)) and points_of(after) is not None:
            found.append(_Column(column[start.end() :], place, place + 1, after))
        elif headings[place] == "earnedpoints":
            before = next((k for k in range(place - 1, -1, -1) if headings[k] not in _BESIDE), None)
            if before is not None and before > 0:
                found.append(_Column(_QUESTION.sub("", columns[before], count=1), before, place, None))
    return found


def read_table(
    columns: list[str], records: Iterator[tuple[int, list[str]]], path: Path, report: Report, known: Known
) -> Iterator[Sitting]:
    """The attempts; what a learner did not get is left out."""
    headings, questions = list(map(plain, columns)), _questions(columns)
    learners = Learners(headings, NUMBER, ("id",))
    attempt, submitted, score = (
        place_of(headings, ATTEMPT),
        place_of(headings, SUBMITTED),
        place_of(headings, ("score",)),
    )
    attempts = Attempts()
    for line, cells in records:
        try:
            learner = learners.of(cells)
            number = attempt_of(at(cells, attempt)) if at(cells, attempt) else attempts.of(learner)
        except RowFault as fault:
            report(fault.at(str(path), line))
            continue
        answers = tuple(
            Said(column.question, cells[column.answer], given=mark_of(at(cells, column.points), column.of))
            for column in questions
            if column.answer < len(cells) and (cells[column.answer].strip() or at(cells, column.points))
        )
        total = mark_of(at(cells, score))
        yield Sitting(learner, answers, number, at(cells, submitted), str(path), line, total)
