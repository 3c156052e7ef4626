"""Misconceptions that a template names."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding, Severity
from quizgen.misconceptions.catalogue import CATALOGUE
from quizgen.template.values import did_you_mean

KNOWN = tuple(entry.id for entry in CATALOGUE)


def run(subject: Subject) -> Iterator[Finding]:
    """Every misconception is in the catalogue; an author's own id, with a value, is not nearly the name of one."""
    document = subject.template.document
    own = {reference.id for reference in subject.references if reference.own}
    for reference in subject.references:
        if reference.id in KNOWN:
            continue
        if not reference.own:
            remedy = did_you_mean(reference.id, KNOWN) or "see them all: quizgen misconceptions"
            yield document.finding(
                "Q400", f'there is no misconception "{reference.id}"', remedy, reference.path, of=reference.of
            )
        elif near := difflib.get_close_matches(reference.id, KNOWN, n=1, cutoff=0.85):
            message = f'"{reference.id}" is not a misconception, but nearly the name of one'
            remedy = f'did you mean "{near[0]}"?'
            yield document.finding("Q400", message, remedy, reference.path, of=reference.of, severity=Severity.WARNING)
    for example in subject.template.examples:
        for name in example.diagnosis:
            if name not in KNOWN and name not in own:
                remedy = did_you_mean(name, (*own, *KNOWN)) or "see them all: quizgen misconceptions"
                path = (*example.path, "diagnosis")
                yield document.finding("Q400", f'there is no misconception "{name}"', remedy, path)


CHECK = Check(("Q400",), "misconceptions are known", run)
