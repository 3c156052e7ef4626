"""The interactions of SCORM as a table, a row each, as platforms list them. Best effort: every platform has its own.

What counts is a column with the name of the interaction, ``ITEM__REVISION__PART`` of our packages, and one with the
response. (Moodle's report on the interactions of a SCORM package has the form of its report on a quiz.)
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grading.responses.headings import ATTEMPT, EMAIL, NUMBER, SUBMITTED, USERNAME, Learners, at, place_of, plain
from grading.responses.rows import Known, Mark, Report, RowFault, attempt_of, points_of
from grading.responses.sittings import Dialect, Said, Sitting

name = "interactions of SCORM"
DIALECT = Dialect(separator="[,]", arrow="[.]", ids=True)

_ID = ("interactionid", "interaction", "questionid", "identifier")
_RESPONSE = ("learnerresponse", "studentresponse", "response", "answer")
_RESULT, _WEIGHT = ("result", "outcome"), ("weighting", "weight")
_WHO = ("learnerid", "studentid", "userid")
_RESULTS = {"correct": "1", "wrong": "0", "incorrect": "0"}


def recognises_header(columns: list[str], known: Known) -> bool:
    """Whether a table with these columns is one."""
    headings = list(map(plain, columns))
    return place_of(headings, _ID) is not None and place_of(headings, _RESPONSE) is not None


def read_table(
    columns: list[str], records: Iterator[tuple[int, list[str]]], path: Path, report: Report, known: Known
) -> Iterator[Sitting]:
    """A sitting for each learner and attempt, once all rows were read: the parts of an item are rows of their own."""
    headings = list(map(plain, columns))
    learners = Learners(headings, _WHO, USERNAME, NUMBER, EMAIL)
    id_, response = place_of(headings, _ID), place_of(headings, _RESPONSE)
    result, weight = place_of(headings, _RESULT), place_of(headings, _WEIGHT)
    attempt, submitted = place_of(headings, ATTEMPT), place_of(headings, SUBMITTED)
    sittings: dict[tuple[str, int], tuple[int, str, list[Said]]] = {}
    for line, cells in records:
        try:
            learner = learners.of(cells)
            number = attempt_of(at(cells, attempt))
        except RowFault as fault:
            report(fault.at(str(path), line))
            continue
        answer = cells[response] if response is not None and response < len(cells) else ""
        given = _mark(at(cells, result), at(cells, weight))
        _, _, answers = sittings.setdefault((learner, number), (line, at(cells, submitted), []))
        answers.append(Said(at(cells, id_), answer, given=given))
    for (learner, number), (line, moment, answers) in sittings.items():
        yield Sitting(learner, tuple(answers), number, moment, str(path), line)


def _mark(result: str, weight: str) -> Mark | None:
    share, of = points_of(_RESULTS.get(result.lower(), result)), points_of(weight or "1")
    return None if share is None or of is None else Mark(share * of, of)
