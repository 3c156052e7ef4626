"""Formulas of `where`, `let`, keys and wrong answers."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding, FindingsError
from quizgen.formulas import parse_comparison, parse_condition, parse_formula
from quizgen.generator.bindings import drawn_words, formula_names
from quizgen.template import Cases
from quizgen.template.values import did_you_mean


def run(subject: Subject) -> Iterator[Finding]:
    """Every formula is understood, uses only what is drawn or computed before it, and has no numbers beyond limits."""
    template = subject.template
    parsed, findings = subject.formulas
    yield from findings
    names = formula_names(template)
    for text, more in subject.formula_texts():
        try:
            parse_formula(text.text, (*names, *more), template.findings_in(text))
        except FindingsError as error:
            yield from error.findings
    for text in subject.condition_texts():
        try:
            parse_condition(text.text, names, template.findings_in(text), drawn_words(template))
        except FindingsError as error:
            yield from error.findings
    for text, more in subject.comparison_texts():
        try:
            parse_comparison(text.text, (*names, *more), template.findings_in(text))
        except FindingsError as error:
            yield from error.findings
    if parsed is None:
        return
    later = [name for name, _ in template.let]
    for (name, written), (_, formulas) in zip(template.let, parsed.let, strict=True):
        if isinstance(written, Cases) and written.by not in names:
            remedy = did_you_mean(written.by, names) or "draw it, or compute it under `let`"
            yield template.document.finding("Q301", f'nothing is named "{written.by}"', remedy, (*written.path, "by"))
        for used in formulas.names:
            if used in later[later.index(name) :]:
                message, remedy = f'"{used}" is computed only later', f"move it above `{name}`"
                yield template.document.finding("Q301", message, remedy, written.path)


CHECK = Check(("Q300", "Q301", "Q302", "Q303"), "formulas are understood", run)
