"""Blackboard's download of the results of a test, by user or by question and user. Best effort: follows what its
documentation says, and was not observed.

By user a row is an attempt with ``Question ID 1``, ``Question 1``, ``Answer 1``, ``Possible Points 1``,
``Auto Score 1`` and ``Manual Score 1``; by question and user a row is an answer and the headings have no numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from grading.responses.headings import NUMBER, SUBMITTED, USERNAME, Learners, at, place_of, plain
from grading.responses.rows import Known, Report, RowFault, mark_of
from grading.responses.sittings import Attempts, Dialect, Said, Sitting

name = "Blackboard's test results"
DIALECT = Dialect(separator=";", arrow="->", blanks=("", "<Unanswered>", "Not Answered"))

_HEADING = re.compile(r"(question|answer|possiblepoints|autoscore|manualscore)(\d{0,4})")


def recognises_header(columns: list[str], known: Known) -> bool:
    """Whether a table with these columns is one: a question and an answer with the same number or with none."""
    columns_of = _places(columns)
    return any("question" in places and "answer" in places for places in columns_of.values())


def _places(columns: list[str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for place, column in enumerate(columns):
        if heading := _HEADING.fullmatch(plain(column)):
            found.setdefault(heading[2], {})[heading[1]] = place
    return {number: places for number, places in found.items() if {"question", "answer"} <= set(places)}


def read_table(
    columns: list[str], records: Iterator[tuple[int, list[str]]], path: Path, report: Report, known: Known
) -> Iterator[Sitting]:
    """The attempts, or single answers."""
    headings, numbered = list(map(plain, columns)), _places(columns)
    learners = Learners(headings, USERNAME, NUMBER)
    submitted = place_of(headings, SUBMITTED)
    long = set(numbered) == {""}
    attempts = Attempts()
    for line, cells in records:
        try:
            learner = learners.of(cells)
        except RowFault as fault:
            report(fault.at(str(path), line))
            continue
        answers = tuple(said for places in numbered.values() if (said := _said(cells, places)))
        counted = f"{learner}\0{answers[0].question}" if long and answers else learner
        yield Sitting(learner, answers, attempts.of(counted), at(cells, submitted), str(path), line)


def _said(cells: list[str], places: dict[str, int]) -> Said | None:
    question = at(cells, places["question"])
    if not question:
        return None
    points = at(cells, places.get("manualscore")) or at(cells, places.get("autoscore"))
    given = mark_of(points, at(cells, places.get("possiblepoints")))
    return Said(question, cells[places["answer"]] if places["answer"] < len(cells) else "", given=given)
