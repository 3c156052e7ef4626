"""Prints Moodle's report “Responses” as its question types summarise questions and answers.

Written from Moodle's own sources, not from our reader: HTML becomes text by html2text, options are joined by ``; ``,
pairs by `` -> ``, gaps are ``part 1: …``, and an entry of an order is shortened to ten characters.
"""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from typing import Any

from tests.exporters.moodle_model import GAP, Question

ENGLISH = {
    "last": "Last name", "first": "First name", "email": "Email address", "state": "Status", "started": "Started",
    "completed": "Completed", "duration": "Duration", "grade": "Grade/10.00", "question": "Question {}",
    "response": "Response {}", "right": "Right answer {}", "finished": "Finished", "running": "In progress",
    "part": "part", "true": "True", "false": "False", "when": "1 March 2026  10:05 AM",
}  # fmt: skip
GERMAN = {
    "last": "Nachname", "first": "Vorname", "email": "E-Mail-Adresse", "state": "Status", "started": "Begonnen",
    "completed": "Abgeschlossen", "duration": "Dauer", "grade": "Bewertung/10,00", "question": "Frage {}",
    "response": "Antwort {}", "right": "Richtige Antwort {}", "finished": "Beendet", "running": "In Bearbeitung",
    "part": "Teil", "true": "Wahr", "false": "Falsch", "when": "1. März 2026  10:05",
}  # fmt: skip

REPLACED = (
    (r"[\n\t]+", " "), (r"<(?:i|em)\b[^>]*>(.*?)</(?:i|em)>", r"_\1_"), (r"</?(?:ul|ol)\b[^>]*>", "\n\n"),
    (r"<li\b[^>]*>(.*?)</li>", "\t* \\1\n"), (r"<li\b[^>]*>", "\n\t* "), (r"</?table\b[^>]*>", "\n\n"),
    (r"</?tr\b[^>]*>", "\n"), (r"<td\b[^>]*>(.*?)</td>", "\t\t\\1\n"), (r"<p\b[^>]*>(.*?)</p>", "\n\\1\n"),
    (r"<br[^>]*>\s*", "\n"), (r"<div\b[^>]*>", "\n"),
)  # fmt: skip


def plain(html: str) -> str:
    """What ``html_to_text`` makes of a piece of HTML, without links."""
    text = html
    for pattern, to in REPLACED:
        text = re.sub(pattern, to, text, flags=re.DOTALL)
    text = re.sub(r"<(?:strong|b|th)\b[^>]*>(.*?)</(?:strong|b|th)>", lambda m: m[1].upper(), text, flags=re.DOTALL)
    text = unescape(re.sub(r"<[^>]*>", "", text))
    return re.sub(r"\n\s*\n", "\n\n", re.sub(r" {2,}", " ", text)).strip()


def shortened(text: str) -> str:
    """``shorten_text(…, 10, true)``."""
    return text if len(text) <= 10 else text[:7] + "..."


def asked(question: Question) -> str:
    """The summary of a question."""
    match question.type:
        case "cloze":
            return plain(GAP.sub("_____", question.html))
        case "multichoice" | "ordering":
            return plain(question.html) + ": " + "; ".join(plain(answer.text) for answer in question.answers)
        case "matching":
            lefts = "; ".join(plain(left) for left, _ in question.pairs if left)
            return f"{plain(question.html)} {{{lefts}}} -> {{{'; '.join(question.stored.values())}}}"
    return plain(question.html)


def answered(question: Question, given: Any, words: dict[str, str]) -> str:
    """The summary of a response; ``-`` for none."""
    return _summary(question, given, words).strip() or "-"


def _summary(question: Question, given: Any, words: dict[str, str]) -> str:
    match question.type:
        case "truefalse":
            return words[question.answers[given[0]].text] if given else ""
        case "multichoice":
            return "; ".join(plain(question.answers[place].text) for place in sorted(given))
        case "matching":
            texts = {re.sub(r"\s+", "", unescape(re.sub(r"<[^>]*>", "", left))): left for left, _ in question.pairs}
            lefts = {left: texts[re.sub(r"\s+", "", left)] for left in given}
            return "; ".join(f"{plain(lefts[left])} -> {question.stored[right]}" for left, right in given.items())
        case "ordering":
            return "; ".join(shortened(plain(text)) for text in given)
        case "cloze":
            pieces = zip(question.gaps, given, strict=True)
            return "; ".join(
                f"{words['part']} {number}: {_summary(gap, value, words)}"
                for number, ((_, gap), value) in enumerate(pieces, 1)
            )
    return str(given or "")


Attempt = tuple[str, list[tuple[Question, Any]], str]
"""Who, what was asked and given, and the mark."""


def header(count: int, words: dict[str, str], right: bool = False) -> list[str]:
    names = ["last", "first", "email", "state", "started", "completed", "duration", "grade"]
    columns = ["question", "response", "right"] if right else ["question", "response"]
    return [words[name] for name in names] + [words[c].format(n) for n in range(1, count + 1) for c in columns]


def rows(attempts: list[Attempt], words: dict[str, str], right: bool = False) -> list[list[str]]:
    """The cells of the report with its header."""
    count = max(len(answers) for _, answers, _ in attempts)
    found = [header(count, words, right)]
    for name, answers, mark in attempts:
        row = [name, "X.", f"{name}@example.org", words["finished"], words["when"], words["when"], "5 mins", mark]
        for question, given in answers:
            row += [asked(question), answered(question, given, words)] + (["?"] if right else [])
        found.append(row)
    return found


def as_csv(table: list[list[str]], separator: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(table)
    return ("\ufeff" + out.getvalue()).encode()


def as_json(table: list[list[str]]) -> bytes:
    """The keys are the headings without what is no letter or digit."""
    names = [re.sub(r"[^a-z0-9äöü]", "", heading.lower()) for heading in table[0]]
    return json.dumps([[dict(zip(names, row, strict=True)) for row in table[1:]]], indent=4).encode()
