"""What a screen reader says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from quizgen.checks.check import Check, Subject
from quizgen.content import Formula
from quizgen.findings import Finding, Severity

_SIGNS = re.compile(r"[\\{}^_$]")


def run(subject: Subject) -> Iterator[Finding]:
    """Every formula of stem, options, hints and solution has words for those who listen, without signs of LaTeX in
    them. Looked at on the first variant in every language.
    """
    for language in subject.languages:
        for generated in subject.sample(language)[:1]:
            for formula in _formulas((generated.item, generated.key)):
                if not formula.spoken.strip() or _SIGNS.search(formula.spoken):
                    message = f"the formula {formula.latex} has no spoken form (in {language}): {formula.spoken!r}"
                    remedy = "write it with the names that the notation knows, or in words"
                    yield subject.template.document.finding(
                        "Q448", message, remedy, ("template",), severity=Severity.WARNING
                    )
                    return


def _formulas(value: Any) -> Iterator[Formula]:
    if isinstance(value, Formula):
        yield value
    elif isinstance(value, tuple | list):
        for entry in value:
            yield from _formulas(entry)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _formulas(getattr(value, name))


CHECK = Check(("Q448",), "formulas can be spoken", run, on_sound_only=True)
