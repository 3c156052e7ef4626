"""The answers that a learner downloads from a practice page: one JSON object with the answers of one learner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grading.responses.problems import ResponseProblem, UnreadableResponses
from grading.responses.rows import Report, ResponseRow, RowFault, from_json_text, make_row, text_of_line

name = "answers of a practice page"
FORMAT = "quizgen-answers"
VERSION = "1"
LONGEST_FILE = 16_000_000
"""Bytes; a quiz of a hundred essays has less than one of them."""

_MARK = re.compile(rb'^\s*\{[^{}\[\]]*"format"\s*:\s*"quizgen-answers"')


def recognises(head: bytes) -> bool:
    """Whether a file that begins like this is one: the object says so before its first nested value."""
    return _MARK.match(head) is not None


def read(path: Path, report: Report) -> Iterator[ResponseRow]:
    """One row for each answer, matched by item id or else by printed code. Raises UnreadableResponses."""
    page = _page(path)
    answers = page.get("answers")
    if not isinstance(answers, list):
        raise _refused(path, "the file holds no list of answers", "download the answers again")
    for number, answer in enumerate(answers, 1):
        try:
            if not isinstance(answer, dict) or "response" not in answer:
                raise RowFault(f"answer {number} has no response", "download the answers again")
            item = answer.get("item") or answer.get("code")
            attempt, moment = answer.get("attempt"), answer.get("submitted_at") or page.get("submitted_at")
            yield make_row(page.get("learner"), item, answer["response"], attempt, moment, str(path), 1)
        except RowFault as fault:
            report(fault.at(str(path), 1))


def _page(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        data = stream.read(LONGEST_FILE + 1)
    if len(data) > LONGEST_FILE:
        raise _refused(path, f"the file is longer than {LONGEST_FILE:,} bytes", "download the answers again")
    try:
        page = from_json_text(text_of_line(data.removeprefix(b"\xef\xbb\xbf")))
    except RowFault as fault:
        raise _refused(path, fault.message, "download the answers again; the file was cut or changed") from None
    version = page.get("version") if isinstance(page, dict) else None
    if version != VERSION:
        raise _refused(
            path, f"the answers have the format version “{version}”", f"this program reads version {VERSION}"
        )
    found: dict[str, Any] = page
    return found


def _refused(path: Path, message: str, remedy: str) -> UnreadableResponses:
    return UnreadableResponses(ResponseProblem(str(path), 0, message, remedy))
