"""How many variants a template has."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding, Severity
from quizgen.generator import Generator, variant_count

FEW = 10


def run(subject: Subject) -> Iterator[Finding]:
    """A template that draws something has at least ten variants that read differently, else a pool of it is soon known.

    One that draws nothing but its radicals is a fixed question for each of their values, and is not meant.
    The number is counted or bounded from above; among the sampled variants those that read differently are counted.
    """
    template = subject.template
    fixed = {radical.path for radical in template.radicals}
    if all((name,) in fixed for name, _ in template.draws):
        return
    count = variant_count(template, subject.bank)
    sample = subject.sample()
    distinct = len({Generator.signature(generated) for generated in sample})
    if count.number < FEW or (len(sample) >= FEW and distinct < FEW):
        number = min(count.number, distinct)
        message = f"only {number} variants of this template read differently"
        remedy = "give its draws more to choose from"
        yield template.document.finding("Q444", message, remedy, ("draw",), of="key", severity=Severity.WARNING)


CHECK = Check(("Q444",), "there are enough variants", run, on_sound_only=True)
