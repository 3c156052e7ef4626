"""Options that speak of other options."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding

_ABOUT_OTHERS = re.compile(
    r"\b(all|none|both|neither|either|any) of (the )?(above|others?|these|those|options|answers)\b"
    r"|\b(alle|keine|beide)s? (der )?(genannten|obigen|anderen|antworten|oben)|\b[A-D] (and|und|or|oder) [A-D]\b",
    re.IGNORECASE,
)


def run(subject: Subject) -> Iterator[Finding]:
    """No option says "all of the above", "none of these" or "A and B": whoever is sure of two options knows the third,
    and shuffled options have no above.
    """
    for template, text in subject.option_texts():
        if found := _ABOUT_OTHERS.search(text.text):
            message = f"the option speaks of other options ({found[0]!r})"
            yield template.finding("Q434", message, "say what is meant", text, found.start(), len(found[0]))


CHECK = Check(("Q434",), "options stand for themselves", run)
