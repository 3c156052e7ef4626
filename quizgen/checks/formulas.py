"""Formulas of `where`, `let`, keys and wrong answers."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding, FindingsError
from quizgen.formulas import parse_condition, parse_formula
from quizgen.generator.bindings import formula_names


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
            parse_condition(text.text, names, template.findings_in(text))
        except FindingsError as error:
            yield from error.findings
    if parsed is None:
        return
    later = [name for name, _ in template.let]
    for (name, text), (_, formula) in zip(template.let, parsed.let, strict=True):
        for used in formula.names:
            if used in later[later.index(name) :]:
                message = f'"{used}" is computed only later'
                yield template.finding("Q301", message, f"move it above `{name}`", text)


CHECK = Check(("Q300", "Q301", "Q302", "Q303"), "formulas are understood", run)
