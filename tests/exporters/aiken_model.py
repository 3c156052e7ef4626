"""Aiken as Moodle's importer reads it, written from that importer: line by line, with what it skips and refuses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


class Refused(Exception):
    """What the importer says no to."""


@dataclass
class Question:
    """text, options and answer (a place in the options, from 0) of one question."""

    text: str
    options: list[str] = field(default_factory=list)
    answer: int = -1


def load(text: str) -> list[Question]:
    """The questions of a file, or Refused."""
    questions: list[Question] = []
    question: Question | None = None
    for raw in re.split(r"\r\n|\r|\n", text):
        line = raw.strip(" \t\n\r\0\x0b")
        if len(line.encode()) < 2:
            continue
        if re.match(r"[A-Z][).]", line):
            if question is None:
                raise Refused(f"an option before its question: {line}")
            question.options.append(line[2:].strip())
        elif line.startswith("ANSWER:"):
            if question is None or len(question.options) < 2:
                raise Refused(f"too few options: {line}")
            question.answer = ord(line[7:].strip()[0]) - ord("A")
            if not 0 <= question.answer < len(question.options):
                raise Refused(f"no such option: {line}")
            questions.append(question)
            question = None
        elif question is not None:
            raise Refused(f"a question without an answer: {question.text}")
        else:
            question = Question(line)
    if question is not None:
        raise Refused(f"a question without an answer: {question.text}")
    return questions
