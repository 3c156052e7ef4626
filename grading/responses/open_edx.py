"""Open edX's report of problem responses: a row for each field of a problem.

``title`` begins with the printed code, ``Answer ID`` ends with the number of the field, ``Answer`` holds the text of
what was chosen or typed, ``state`` what the platform keeps, where choices are named by their places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Any

from grading.responses.headings import at, place_of, plain
from grading.responses.rows import Known, Mark, Report, RowFault, from_json_text, mark_of
from grading.responses.sittings import FIELD, Attempts, Dialect, Said, Sitting

name = "Open edX's problem responses"
DIALECT = Dialect(separator=", ", arrow=" -> ", letters=True)

_CHOICE = re.compile(r"choice_\d{1,4}", re.ASCII)

NOTHING = Fraction(0)
"""What the further fields of a problem add to the mark, which the platform gives for all of it."""

_FIELD = re.compile(r"_(\d{1,3})_(\d{1,3})$")


def recognises_header(columns: list[str], known: Known) -> bool:
    """Whether a table with these columns is one."""
    headings = set(map(plain, columns))
    return {"username", "title", "state"} <= headings and bool({"answerid", "blockkey", "location"} & headings)


def read_table(
    columns: list[str], records: Iterator[tuple[int, list[str]]], path: Path, report: Report, known: Known
) -> Iterator[Sitting]:
    """A sitting for each learner and problem. The rows of its fields stand one after the other."""
    headings = list(map(plain, columns))
    user, title, block, state = (place_of(headings, (name,)) for name in ("username", "title", "blockkey", "state"))
    answer_id, answer = place_of(headings, ("answerid",)), place_of(headings, ("answer",))
    attempts: dict[str, Attempts] = {}

    def same(record: tuple[int, list[str]]) -> tuple[str, str, str, str]:
        cells = record[1]
        return at(cells, user), at(cells, title), at(cells, block), at(cells, state)

    for (learner, problem, key, kept), rows in groupby(records, same):
        group = list(rows)
        line = group[0][0]
        try:
            if not learner:
                raise RowFault("no learner is named", "fill in who it is")
            mark, number, moment, answered = _state(kept)
            chosen = {id_: value for id_, value in answered.items() if _is_choice(value)}
            fields = [(at(cells, answer_id), cells[answer] if answer is not None and answer < len(cells) else "")
                      for _, cells in group if at(cells, answer_id)]  # fmt: skip
            fields = [(id_, chosen.get(id_, text)) for id_, text in fields] or list(answered.items())
            if not fields:
                raise RowFault(f"{learner} has not answered “{problem[:40]}”", "nothing has to be done")
        except RowFault as fault:
            report(fault.at(str(path), line))
            continue
        number = number or attempts.setdefault(key or problem, Attempts()).of(learner)
        answers = tuple(
            Said(problem, text, f"{FIELD}{_place(id_, n)}", mark if n == 1 else mark and Mark(NOTHING, NOTHING))
            for n, (id_, text) in enumerate(fields, 1)
        )
        yield Sitting(learner, answers, number, moment, str(path), line)


def _place(answer_id: str, otherwise: int) -> int:
    """The number of a field: the first response of a problem has the number 2."""
    found = _FIELD.search(answer_id)
    return int(found[1]) - 1 if found else otherwise


def _is_choice(value: Any) -> bool:
    """Whether an answer names choices by their places, which say more than texts that may be cut."""
    names = value if isinstance(value, list) else [value]
    return bool(names) and all(isinstance(name, str) and _CHOICE.fullmatch(name) for name in names)


def _state(text: str) -> tuple[Mark | None, int, str, dict[str, Any]]:
    """The mark, the number of attempts, the time and the answers by field of what the platform keeps."""
    try:
        state = from_json_text(text) if text.strip().startswith("{") else {}
    except RowFault:
        state = {}
    score = state.get("score")
    mark = mark_of(score.get("raw_earned"), score.get("raw_possible")) if isinstance(score, dict) else None
    tries = state.get("attempts")
    answers = state.get("student_answers")
    kept = answers.items() if isinstance(answers, dict) else ()
    given = {str(field): value for field, value in kept if isinstance(value, str | list)}
    number = int(tries) if isinstance(tries, str) and tries.isdecimal() and len(tries) <= 6 else 0
    moment = state.get("last_submission_time")
    return mark, number, moment if isinstance(moment, str) else "", given
