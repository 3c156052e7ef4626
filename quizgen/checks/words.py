"""Words of the misconceptions that a template names."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.checks.check import Check, Subject
from quizgen.checks.misconceptions import KNOWN
from quizgen.findings import Finding, FindingsError, Severity


def run(subject: Subject) -> Iterator[Finding]:
    """Each misconception has words in every language of the bank; without them learners read nothing."""
    try:
        words = subject.bank.all_words
    except FindingsError:
        return  # reported with the files
    seen: set[str] = set()
    for reference in subject.references:
        if reference.id in seen or reference.id not in KNOWN:
            continue
        seen.add(reference.id)
        missing = [code for code in subject.bank.languages if code not in words.get(reference.id, {})]
        if missing:
            message = f'the misconception "{reference.id}" has no words in {", ".join(missing)}'
            remedy = "write title, hint and feedback in the folder misconceptions"
            yield subject.template.document.finding(
                "Q401", message, remedy, reference.path, of=reference.of, severity=Severity.WARNING
            )


CHECK = Check(("Q401",), "misconceptions have words", run)
