"""Absolute words that tell wrong options from right ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding, Severity
from quizgen.template import MultipleAnswer, Template, TextChoice, TrueFalse, Written

_ABSOLUTE = re.compile(
    r"\b(always|never|only|every|all|none|must|impossible|immer|nie|niemals|nur|alle|jede[rsmn]?|unmöglich)\b",
    re.IGNORECASE,
)
_STRONG = re.compile(r"\b(always|never|immer|niemals|nie)\b", re.IGNORECASE)


def run(subject: Subject) -> Iterator[Finding]:
    """Words such as always and never do not stand in wrong options alone: learners have learned that what is absolute
    is wrong. In a pool of statements they do not stand in the false ones alone.
    """
    for template in subject.in_every_language:
        for part in template.parts:
            match part.answer:
                case TextChoice(key, wrong):
                    yield from _compared(template, [key], [entry.text for entry in wrong], _STRONG)
                case MultipleAnswer(right, wrong):
                    yield from _compared(
                        template, [entry.text for entry in right], [entry.text for entry in wrong], _STRONG
                    )
                case TrueFalse(statements) if len(statements) > 1:
                    true = [entry.text for entry in statements if entry.truth and entry.text is not None]
                    false = [entry.text for entry in statements if not entry.truth and entry.text is not None]
                    yield from _compared(template, true, false, _ABSOLUTE)


def _compared(
    template: Template, right: list[Written], wrong: list[Written], words: re.Pattern[str]
) -> Iterator[Finding]:
    if any(words.search(text.text) for text in right):
        return
    absolute = [(text, found) for text in wrong if (found := words.search(text.text))]
    if absolute and (words is _STRONG or 4 * len(absolute) > len(wrong)):
        text, found = absolute[0]
        message = f"{found[0]!r} stands in wrong options only"
        remedy = "leave it out, or let a right one have such a word, too"
        yield template.finding("Q436", message, remedy, text, found.start(), len(found[0]), severity=Severity.WARNING)


CHECK = Check(("Q436",), "absolute words tell nothing", run)
