"""Prints Canvas's “Student Analysis” as Classic Quizzes write it: after Canvas's own source, not after our reader."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from html import unescape
from typing import Any
from xml.etree import ElementTree

from tests.exporters.canvas_model import QTI, Question, load


@dataclass
class Asked:
    """A question of the quiz. number: that Canvas gave it. html: of options, by field and ident."""

    question: Question
    number: int
    html: dict[str, dict[str, str]]


def quiz_in(package: bytes) -> dict[str, Asked]:
    """The questions of a package by their idents."""
    _, questions = load(package)
    raw: dict[str, dict[str, dict[str, str]]] = {}
    with zipfile.ZipFile(io.BytesIO(package)) as members:
        for name in members.namelist():
            for item in ElementTree.fromstring(members.read(name)).iter(f"{QTI}item"):
                raw[item.get("ident") or ""] = {
                    field.get("ident") or "": {
                        label.get("ident") or "": label.findtext(f".//{QTI}mattext") or ""
                        for label in field.iter(f"{QTI}response_label")
                    }
                    for field in item.iter(f"{QTI}response_lid")
                }
    return {q.ident: Asked(q, 1000 + n, raw[q.ident]) for n, q in enumerate(questions)}


def strip_tags(html: str) -> str:
    """Canvas's helper: tags go, numbered entities become signs, named ones go."""
    text = re.sub(r"</?[^<>\n]*>?", "", html)
    return re.sub(r"&\w+;", "", re.sub(r"&#(\d+);", lambda m: chr(int(m[1])), text))


def html_to_text(text: str) -> str:
    return re.sub(" {2,}", " ", unescape(re.sub(r"<[^>]*>", "", text))).strip()


def escaped(text: str) -> str:
    return text.replace(",", "\\,")


def answered(asked: Asked, given: Any) -> str:
    """The cell of an answer."""
    question, html = asked.question, asked.html
    match question.type:
        case "multiple_choice_question" | "true_false_question":
            text = strip_tags(html["response1"][given]) if given else ""
        case "multiple_answers_question":
            text = ",".join(escaped(strip_tags(option)) for id_, option in html["response1"].items() if id_ in given)
        case "matching_question":
            rights = [(f.heading, html[f.name].get(given.get(f.name, ""), "")) for f in question.fields]
            text = ",".join(escaped("=>".join(s.replace("=>", "\\=>") for s in pair)) for pair in rights)
        case "multiple_dropdowns_question":
            chosen = [html[f.name][given[f.name]] for f in question.fields if given.get(f.name)]
            text = ",".join(map(escaped, chosen))
        case "fill_in_multiple_blanks_question":
            text = ",".join(escaped(given[f.name]) for f in question.fields if given.get(f.name) is not None)
        case _:
            text = str(given or "")
    return html_to_text(text)


Attempt = tuple[str, int, list[tuple[Asked, Any, float]]]
"""Who, which attempt, and each question with what was given and the points for it."""


def table(asked: list[Asked], attempts: list[Attempt]) -> list[list[str]]:
    """The cells of the report with its header."""
    header = ["name", "id", "sis_id", "section", "section_id", "section_sis_id", "submitted", "attempt"]
    for one in asked:
        header += [f"{one.number}: {strip_tags(one.question.html)}", str(one.question.points)]
    rows = [[*header, "n correct", "n incorrect", "score"]]
    for name, attempt, answers in attempts:
        got = {one.number: (answered(one, given), str(points)) for one, given, points in answers}
        row = [name, "17", f"s-{name}", "A", "1", "", "2026-03-01 10:05:00 UTC", str(attempt)]
        for one in asked:
            row += got.get(one.number, ("", ""))
        rows.append([*row, "0", "0", str(sum(points for _, _, points in answers))])
    return rows


def as_csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()
