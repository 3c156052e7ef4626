"""Pools of statements that are true or false."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding, Severity
from quizgen.template import TrueFalse


def run(subject: Subject) -> Iterator[Finding]:
    """A pool has about as many true statements as false ones, and a group of statements that answer each other has
    both kinds: otherwise learners do well by always saying the same.
    """
    for part in subject.template.parts:
        if not isinstance(part.answer, TrueFalse) or not part.answer.is_pool:
            continue
        statements = part.answer.statements
        true = sum(statement.truth for statement in statements)
        path = (*part.path, "statements")
        document = subject.template.document
        if abs(2 * true - len(statements)) > max(1, len(statements) // 5):
            message = f"{true} of {len(statements)} statements are true"
            yield document.finding("Q441", message, "add some of the other kind", path, severity=Severity.WARNING)
        groups: dict[str, list[bool]] = {}
        for statement in statements:
            if statement.group:
                groups.setdefault(statement.group, []).append(statement.truth)
        for group, truths in groups.items():
            if len(truths) > 1 and len(set(truths)) == 1:
                message = f"all statements of the group {group} are {str(truths[0]).lower()}"
                remedy = "let one of them be the opposite, or take them out of the group"
                yield document.finding("Q441", message, remedy, path, severity=Severity.WARNING)


CHECK = Check(("Q441",), "statements are balanced", run)
