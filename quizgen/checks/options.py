"""Options that read alike."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding
from quizgen.template import Matching, MultipleAnswer, Ordering, Template, TextChoice, Written, WrongText


def run(subject: Subject) -> Iterator[Finding]:
    """No two options of a question are written alike, in any language; white space and capitals make no difference."""
    for template in (subject.template, *(translated for _, translated in subject.template.translations)):
        for options in _options(template):
            seen: dict[str, Written] = {}
            for text in options:
                words = " ".join(text.text.casefold().split())
                if words in seen and seen[words].path != text.path:
                    first = template.place(seen[words]).line
                    message = f"this option reads like the one on line {first}"
                    yield template.finding("Q409", message, "write another one", text)
                seen.setdefault(words, text)


def _options(template: Template) -> Iterator[list[Written]]:
    for part in template.parts:
        match part.answer:
            case TextChoice(key, wrong):
                yield [key, *_without_conditions(wrong)]
            case MultipleAnswer(right, wrong):
                yield [*(entry.text for entry in right), *_without_conditions(wrong)]
            case Matching(pairs, unused) as matching:
                sometimes = {number for number, _ in matching.conditions}
                rights = [right for number, (_, right) in enumerate(pairs) if number not in sometimes]
                yield [*rights, *_without_conditions(unused)]
            case Ordering(entries):
                yield list(entries)


def _without_conditions(options: tuple[WrongText, ...]) -> Iterator[Written]:
    """Two options under conditions may stand for each other; the generator refuses them where both are there."""
    return (entry.text for entry in options if entry.when is None)


CHECK = Check(("Q409",), "options read differently", run)
