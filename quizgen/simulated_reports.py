"""Submissions of an invented class in the shapes of platforms: what Moodle and Canvas give back to a teacher.

Only what such a platform prints of a response is in them; the rest stays for a table of our own.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache
from typing import Any

from grading.answersheet import PartKey
from grading.keys import EssayKey, NumericKey, SymbolicKey, TextKey
from grading.marking import grade_item
from quizgen.archive import Archive
from quizgen.exporters.rendering.decimals import decimal, rounded
from quizgen.model import (
    ChoiceInteraction,
    Item,
    MatchingInteraction,
    MultipleAnswerInteraction,
    OrderingInteraction,
    TrueFalseInteraction,
)
from quizgen.printed import block_forms, inline_forms
from quizgen.simulation import Submission

CUT = 10
"""Characters of an entry of an order that Moodle prints."""
MOMENT = "2026-03-01 10:05"

Printer = Callable[[Item, tuple[PartKey, ...], Any], str | None]
"""What a platform prints of the response to an item; None for what it cannot print."""


def moodle_report(archive: Archive, submissions: Iterable[Submission]) -> tuple[str, list[Submission]]:
    """Moodle's report “Responses” with the texts of the questions, as CSV, and the submissions that it cannot print."""
    rows, left = _gathered(archive, submissions, _in_moodle)
    most = max((len(answers) for answers in rows.values()), default=0)
    header = ["Last name", "First name", "Username", "Status", "Started", "Completed"]
    header += [f"{word} {number}" for number in range(1, most + 1) for word in ("Question", "Response")]
    table = [header]
    for (learner, _), answers in rows.items():
        cells = [learner, "X.", learner, "Finished", MOMENT, MOMENT]
        for item, text in answers:
            cells += [f"{_stem(archive.item(item))} {archive.item(item).code}", text or "-"]
        table.append(cells + [""] * (len(header) - len(cells)))
    return _csv(table), left


def canvas_report(archive: Archive, submissions: Iterable[Submission]) -> tuple[str, list[Submission]]:
    """Canvas's “Student Analysis”, as CSV, and the submissions that it cannot print. Each question is worth a point,
    and its marks are ours, 0 for what has no score yet."""
    submissions = list(submissions)
    rows, left = _gathered(archive, submissions, _in_canvas)
    key = cache(archive.key)
    score = {
        (one.learner, one.attempt, one.item): grade_item(key(one.item), one.response).score or Fraction(0)
        for one in submissions
    }
    asked = list(dict.fromkeys(item for answers in rows.values() for item, _ in answers))
    header = ["name", "id", "sis_id", "section", "section_id", "section_sis_id", "submitted", "attempt"]
    for number, item in enumerate(asked, 1001):
        header += [f"{number}: {_stem(archive.item(item))} {archive.item(item).code}", "1.0"]
    table = [[*header, "n correct", "n incorrect", "score"]]
    for number, ((learner, attempt), answers) in enumerate(rows.items(), 1):
        given = dict(answers)
        cells = [learner, str(number), learner, "A", "1", "", f"{MOMENT}:00 UTC", str(attempt)]
        marks = [score[learner, attempt, item] for item, _ in answers]
        for item in asked:
            cells += [given[item] or "", _points(score[learner, attempt, item])] if item in given else ["", ""]
        right = marks.count(Fraction(1))
        table.append([*cells, str(right), str(len(marks) - right), _points(sum(marks, Fraction(0)))])
    return _csv(table), left


def _points(points: Fraction) -> str:
    return decimal(rounded(points, 4))


def _gathered(
    archive: Archive, submissions: Iterable[Submission], printer: Printer
) -> tuple[dict[tuple[str, int], list[tuple[str, str]]], list[Submission]]:
    """By learner and attempt (item, text) of what can be printed, and the rest."""
    rows: dict[tuple[str, int], list[tuple[str, str]]] = {}
    left = []
    item, key = cache(archive.item), cache(archive.key)
    for one in submissions:
        text = printer(item(one.item), key(one.item).parts, one.response)
        if text is None:
            left.append(one)
        else:
            rows.setdefault((one.learner, one.attempt), []).append((one.item, text))
    return rows, left


def _in_moodle(item: Item, keys: tuple[PartKey, ...], response: Any) -> str | None:
    if len(item.parts) > 1:
        return None
    match item.parts[0].interaction, response:
        case (ChoiceInteraction() | TrueFalseInteraction()) as asked, str():
            return _texts(asked.options).get(response)
        case MultipleAnswerInteraction() as asked, list():
            texts = _texts(asked.options)
            return "; ".join(texts[id_] for id_ in texts if id_ in response)
        case MatchingInteraction() as asked, dict():
            left, right = _texts(asked.left), _texts(asked.right)
            return "; ".join(f"{left[one]} -> {right[other]}" for one, other in response.items())
        case OrderingInteraction() as asked, list():
            texts = _texts(asked.entries)
            return "; ".join(_cut(texts[id_]) for id_ in response)
    return _typed(keys[0], response)


def _in_canvas(item: Item, keys: tuple[PartKey, ...], response: Any) -> str | None:
    if len(item.parts) > 1:
        return None
    match item.parts[0].interaction, response:
        case (ChoiceInteraction() | TrueFalseInteraction()) as asked, str():
            return _texts(asked.options).get(response)
        case MultipleAnswerInteraction() as asked, list():
            texts = _texts(asked.options)
            return ",".join(texts[id_].replace(",", "\\,") for id_ in texts if id_ in response)
    return _typed(keys[0], response)


def _typed(key: PartKey, response: Any) -> str | None:
    typed = isinstance(key.key, NumericKey | SymbolicKey | TextKey | EssayKey)
    return response if typed and isinstance(response, str) else None


def _texts(options: Iterable[Any]) -> dict[str, str]:
    return {option.id: " ".join(inline_forms(option.content)[0].split()) for option in options}


def _cut(text: str) -> str:
    return text if len(text) <= CUT else text[: CUT - 3] + "..."


@cache
def _stem(item: Item) -> str:
    return " ".join(next(iter(block_forms(item.stem)), "").split())


def _csv(table: Iterable[Iterable[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(table)
    return out.getvalue()


def split(submissions: Iterable[Submission], learners: frozenset[str]) -> tuple[list[Submission], list[Submission]]:
    """Those of these learners, and those of all others."""
    mine: list[Submission] = []
    others: list[Submission] = []
    for one in submissions:
        (mine if one.learner in learners else others).append(one)
    return mine, others
