"""The worked solution."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding, Severity


def run(subject: Subject) -> Iterator[Finding]:
    """Every template has a worked solution, which learners read after closing."""
    if subject.template.solution is None:
        yield subject.template.document.finding(
            "Q404", "the template has no solution", "add `solution: …`", ("template",), severity=Severity.WARNING
        )


CHECK = Check(("Q404",), "there is a solution", run)
