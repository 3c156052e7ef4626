"""Moodle's quiz report “Responses”, downloaded in any of its formats, in English or German.

A row is an attempt. For each question there is a column with its text (which holds the printed code), the response
and the right answer, each if the teacher asked for it. A response is printed as text: options by their texts, pairs
with an arrow, the gaps of a text as ``part 1: …; part 2: …``, entries of an order cut after ten characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from grading.responses.headings import (
    EMAIL,
    FIRST,
    LAST,
    NUMBER,
    SUBMITTED,
    USERNAME,
    Learners,
    at,
    place_of,
    plain,
)
from grading.responses.rows import Known, Report, RowFault, mark_of
from grading.responses.sittings import Attempts, Dialect, Said, Sitting
from grading.responses.streams import refused

name = "Moodle's report of responses"
DIALECT = Dialect(separator="; ", arrow=" -> ", numbered=True, cut=True, blanks=("", "-"))

_RESPONSE = re.compile(r"(?:response|antwort)(\d{1,4})")
_QUESTION = re.compile(r"(?:question|frage)(\d{1,4})")
_GRADE = re.compile(r"\s*(?:grade|bewertung|note)\s*/\s*([\d.,]+)\s*", re.IGNORECASE)
_NOTHING = ("", "-")
_STATE = ("state", "status", "zustand")


def recognises_header(columns: list[str], known: Known) -> bool:
    """Whether a table with these columns is one: it has a response for a number, and names of learners."""
    headings = list(map(plain, columns))
    people = place_of(headings, (*FIRST, *LAST, *EMAIL, *USERNAME, *NUMBER))
    return people is not None and any(_RESPONSE.fullmatch(heading) for heading in headings)


def read_table(
    columns: list[str], records: Iterator[tuple[int, list[str]]], path: Path, report: Report, known: Known
) -> Iterator[Sitting]:
    """The attempts. Raises UnreadableResponses if nothing says which question is which."""
    headings = list(map(plain, columns))
    responses = {found[1]: place for place, heading in enumerate(headings) if (found := _RESPONSE.fullmatch(heading))}
    questions = {found[1]: place for place, heading in enumerate(headings) if (found := _QUESTION.fullmatch(heading))}
    if not questions:
        message = "the report holds no texts of the questions, so that nothing says who was asked what"
        raise refused(path, message, "tick “Question text” above the report in Moodle and download it again", 1)
    learners = Learners(headings, USERNAME, NUMBER, EMAIL)
    state, submitted = place_of(headings, _STATE), place_of(headings, SUBMITTED)
    grade, of = _grade(columns)
    attempts = Attempts()
    for line, cells in records:
        try:
            filled = [number for number, place in responses.items() if at(cells, questions.get(number)) not in _NOTHING]
            if not filled and all(at(cells, place) in _NOTHING for place in responses.values()):
                continue  # somebody who never began, or a line of averages
            learner = learners.of(cells)
            if submitted is not None and at(cells, submitted) in _NOTHING:
                said = f" ({at(cells, state)})" if at(cells, state) not in _NOTHING else ""
                raise RowFault(f"the attempt of {learner} is not finished{said}", "download it again when it is closed")
            answers = tuple(
                Said(at(cells, questions.get(number)), cells[place] if place < len(cells) else "")
                for number, place in responses.items()
                if number in filled or at(cells, place) not in _NOTHING
            )
        except RowFault as fault:
            report(fault.at(str(path), line))
            continue
        total = mark_of(at(cells, grade), of) if grade is not None else None
        yield Sitting(learner, answers, attempts.of(learner), at(cells, submitted), str(path), line, total)


def _grade(columns: list[str]) -> tuple[int | None, str | None]:
    """The column of the mark of the attempt, and out of how many points, if that is said."""
    for place, column in enumerate(columns):
        if found := _GRADE.fullmatch(column):
            return place, found[1]
    for place, column in enumerate(columns):
        if re.fullmatch(r"(?:grade|bewertung)\d*", plain(column)):
            return place, None
    return None, None
