"""Whether the length of the key gives it away."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from quizgen.checks.check import Check, Subject
from quizgen.checks.choices import choices
from quizgen.findings import Finding, Severity

MOST = Fraction(13, 10)
"""Times the mean length of the options."""


def run(subject: Subject) -> Iterator[Finding]:
    """The key is not the one option that is much longer than the others, which test-wise learners choose.

    Looked at on sampled variants in every language: a finding where in most of them the key is the longest option and
    longer than 1.3 times the mean (Haladyna, Downing and Rodriguez 2002). Formulas are as long as they are.
    """
    for language in subject.languages:
        long: dict[str, list[bool]] = {}
        for choice in choices(subject, language):
            if not choice.only_formulas:
                lengths = [len(text) for text, _ in choice.options]
                mean = Fraction(sum(lengths), len(lengths))
                longest = len(choice.key) == max(lengths) and lengths.count(len(choice.key)) == 1
                long.setdefault(choice.part, []).append(longest and len(choice.key) > MOST * mean)
        for part, found in long.items():
            if 2 * sum(found) > len(found):
                message = f"the key is by far the longest option (in {language})"
                remedy = "shorten it, or make a wrong option as long"
                path = ("key",) if part == "answer" else ("parts", part, "key")
                yield subject.template.document.finding("Q430", message, remedy, path, severity=Severity.WARNING)


CHECK = Check(("Q430",), "the key is not cued by its length", run, on_sound_only=True)
