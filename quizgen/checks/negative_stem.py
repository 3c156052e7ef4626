"""Questions for what is not so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding, Severity

_ASKED = re.compile(
    r"\b(?:which|what|who)\b[^.?!\n]*?\b(not|except|isn't|aren't|doesn't|cannot)\b[^.?!\n]*\?"
    r"|\b(?:welche[rsmn]?|was|wer)\b[^.?!\n]*?\b(nicht|außer|kein(?:e[rsmn]?)?)\b[^.?!\n]*\?",
    re.IGNORECASE,
)


def run(subject: Subject) -> Iterator[Finding]:
    """A stem asks for what is so. If it has to ask for what is not, the word stands in capitals or in bold, because
    learners read over it.
    """
    for template in subject.in_every_language:
        for text in (template.stem, *(part.prompt for part in template.parts)):
            found = _ASKED.search(text.text) if text is not None else None
            if text is None or found is None:
                continue
            group = 1 if found[1] else 2
            start, end = found.span(group)
            marked = found[group].isupper() or text.text[:start].endswith("**")
            if not marked:
                message = f"the question asks for what is {found[group]} so"
                remedy = f"turn it round, or write **{found[group]}**"
                yield template.finding("Q435", message, remedy, text, start, end - start, severity=Severity.WARNING)


CHECK = Check(("Q435",), "questions ask for what is so", run)
