"""Conditions on what is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, product

from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding, FindingsError
from quizgen.formulas import Condition, ValueProblem, holds, names_in, parse_condition
from quizgen.generator.bindings import drawn_words, formula_names
from quizgen.template import IntegerRange, OneOf

MOST_COMBINATIONS = 20_000


def run(subject: Subject) -> Iterator[Finding]:
    """Some draw meets each condition, as far as it is about numbers of which all combinations can be tried."""
    template = subject.template
    spaces = {
        name: draw.values
        for name, draw in template.draws
        if isinstance(draw, IntegerRange | OneOf) and isinstance(draw.values[0], Fraction)
    }
    for text in template.where:
        try:
            condition = parse_condition(
                text.text, formula_names(template), template.findings_in(text), drawn_words(template)
            )
        except FindingsError:
            continue  # reported by the rule about formulas
        names = names_in(condition)
        size = 1
        for name in names:
            size *= len(spaces.get(name, ()))
        if not 0 < size <= MOST_COMBINATIONS:
            continue
        rows = product(*(spaces[name] for name in names))
        if not any(_holds(condition, dict(zip(names, row, strict=True))) for row in islice(rows, size)):
            message = (
                f"none of the {size} draws of {', '.join(names)} meets this condition"
                if names
                else "this is never true"
            )
            yield template.finding("Q408", message, "mend the condition, or widen the draws", text)


def _holds(condition: Condition, bindings: dict[str, Fraction | str]) -> bool:
    numbers = {name: value for name, value in bindings.items() if isinstance(value, Fraction)}
    try:
        return holds(condition, numbers)
    except ValueProblem:
        return False


CHECK = Check(("Q408",), "conditions can be met", run)
