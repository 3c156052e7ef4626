"""Formulas and texts that depend on what is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding
from quizgen.generator.bindings import formula_names
from quizgen.template import Cases, IntegerRange, OneOf, Several, Template
from quizgen.template.values import did_you_mean


def run(subject: Subject) -> Iterator[Finding]:
    """What chooses among cases has a value, and there is a case for each value that it is known to have."""
    template = subject.template
    names = formula_names(template)
    for name, cases in (*template.let, *template.texts):
        if not isinstance(cases, Cases):
            continue
        if cases.by not in names:
            remedy = did_you_mean(cases.by, names) or "draw it, or compute it under `let`"
            message = f'nothing is named "{cases.by}"'
            yield template.document.finding("Q301", message, remedy, (*cases.path, "by"))
            continue
        possible = _possible(template, cases.by)
        missing = [value for value in possible if cases.of(value) is None]
        if missing:
            message = f'"{name}" has no case for {cases.by} = {missing[0]}'
            remedy = f"write {missing[0]}: …, or otherwise: …"
            yield template.document.finding("Q430", message, remedy, cases.path, of="key")
        for value, text in cases.cases:
            if possible and value not in possible:
                message, remedy = f'"{cases.by}" is never {value}', did_you_mean(str(value), map(str, possible))
                yield template.document.finding("Q430", message, remedy or "delete the case", text.path, of="key")


def _possible(template: Template, name: str) -> tuple[Fraction | str, ...]:
    """Every value that a name can have, () where that is not known."""
    draw = template.draw(name)
    if isinstance(draw, IntegerRange | OneOf):
        return tuple(draw.values)
    radicals = {radical.name: radical.values for radical in template.radicals}
    return radicals.get("masks.count", ()) if name == "n" and not isinstance(draw, Several) else ()


CHECK = Check(("Q301", "Q430"), "there is a case for everything that is drawn", run)
