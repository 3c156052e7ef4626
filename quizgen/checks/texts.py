"""Holes, formulas and Markdown of the texts."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding


def run(subject: Subject) -> Iterator[Finding]:
    """Every text can be shown: holes name what is drawn, formulas are LaTeX, and the Markdown is plain."""
    for _, _, compiled in subject.compiled:
        yield from compiled.findings


CHECK = Check(("Q200", "Q201", "Q202", "Q203", "Q204", "Q205", "Q206"), "texts can be shown", run)
