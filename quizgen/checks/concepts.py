"""Concepts that a template names."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding
from quizgen.template.values import did_you_mean


def run(subject: Subject) -> Iterator[Finding]:
    """Every concept is in the bank's ``concepts.yaml``, if it has one, and nothing is needed that is also taught."""
    template, known = subject.template, subject.bank.concepts
    for field, names in (("concepts", template.concepts), ("needs", template.needs)):
        for index, name in enumerate(names):
            if known is not None and name not in known:
                remedy = did_you_mean(name, known) or "add it to concepts.yaml"
                yield template.document.finding("Q402", f'there is no concept "{name}"', remedy, (field, index))
            elif field == "needs" and name in template.concepts:
                message = f'"{name}" is both taught and needed before'
                yield template.document.finding("Q402", message, "delete one of the two", (field, index))


CHECK = Check(("Q402",), "concepts are known", run)
