"""The published JSON Schemas: for whoever reads or writes our files with another program."""

from __future__ import annotations

from typing import Any

import msgspec

from grading.answersheet import Amendment, ItemKey, Response, schema_of
from quizgen.class_report.record import ClassReport
from quizgen.model import Item, Quiz, WorkedKey


class ResponseLine(msgspec.Struct, frozen=True):
    """One line of a file of responses (JSON Lines; the same names are the columns of a CSV).

    learner: any name that is unique in the class. item: id or code of the item. response: the canonical response of
    its kind. attempt: counts from 1. submitted_at: ISO 8601.
    """

    learner: str
    item: str
    response: Response
    attempt: int = 1
    submitted_at: str = ""


class PageAnswer(msgspec.Struct, frozen=True):
    """One answer on a page. response: the canonical response; {part id: response} for an item of several parts."""

    item: str
    code: str
    response: Response


class PageAnswers(msgspec.Struct, frozen=True):
    """What "Download my answers" of an exported page saves.

    format: always ``quizgen-answers``. submitted_at: ISO 8601, UTC.
    """

    format: str
    version: int
    quiz: str
    learner: str
    submitted_at: str
    answers: tuple[PageAnswer, ...]


PUBLISHED: dict[str, type] = {
    "quiz": Quiz,
    "item": Item,
    "worked-key": WorkedKey,
    "item-key": ItemKey,
    "amendment": Amendment,
    "response-row": ResponseLine,
    "page-answers": PageAnswers,
    "class-report": ClassReport,
}


def published_schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema (2020-12) of each file of the contracts, by name.

    >>> sorted(published_schemas())[:3]
    ['amendment', 'class-report', 'item']
    """
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {name: {"$schema": dialect, **schema_of(kind)} for name, kind in PUBLISHED.items()}
