"""Hints."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.checks.check import Check, Subject
from quizgen.checks.choices import choices_of
from quizgen.findings import Finding, Severity
from quizgen.template import Essay, TextChoice

_FORMULA = re.compile(r"=|\d|\$|\blog\b|\bln\b|Pr\(")


def run(subject: Subject) -> Iterator[Finding]:
    """Every template has hints, and no hint contains the answer, a formula or a number, written or printed by a hole:
    it asks or points, so that the learner still has something to do. Essays need none.
    """
    template = subject.template
    essays = all(isinstance(part.answer, Essay) for part in template.parts)
    if not template.hints and not essays:
        yield template.document.finding(
            "Q445", "the template has no hints", "add `hints: [...]`", ("template",), severity=Severity.WARNING
        )
    for language, translated in zip(subject.languages, subject.in_every_language, strict=True):
        keys = [
            part.answer.key.text.casefold().strip(" .")
            for part in translated.parts
            if isinstance(part.answer, TextChoice) and "{{" not in part.answer.key.text
        ]
        for number, hint in enumerate(translated.hints):
            if found := _FORMULA.search(hint.text):
                message = f"the hint gives away more than a question would ({found[0]!r})"
                remedy = "ask, or point to what has to be looked at"
                yield translated.finding(
                    "Q443", message, remedy, hint, found.start(), len(found[0]), severity=Severity.WARNING
                )
            elif "{{" in hint.text and (told := _told(subject, language, number)):
                message = f"the hint prints what gives away more than a question would ({told!r})"
                remedy = "ask, or point to what has to be looked at"
                yield translated.finding("Q443", message, remedy, hint, severity=Severity.WARNING)
            elif key := next((key for key in keys if len(key) > 3 and key in hint.text.casefold()), ""):
                message = f"the hint contains the key ({key!r})"
                yield translated.finding("Q443", message, "ask for it instead", hint, severity=Severity.WARNING)


def _told(subject: Subject, language: str, number: int) -> str:
    """What a hint with holes gives away in one of the sampled variants: a number, a formula, the text of the key."""
    for generated in subject.sample(language):
        hint = generated.key.hints[number]
        keys = [choice.key for choice in choices_of(generated) if len(choice.key) > 3]
        if found := _FORMULA.search(hint):
            return found[0]
        if key := next((key for key in keys if key.casefold() in hint.casefold()), ""):
            return key
    return ""


CHECK = Check(("Q443", "Q445"), "hints help and tell nothing", run)
