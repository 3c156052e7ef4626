"""Variants of one slot that are not equally hard."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding, Severity
from quizgen.model import (
    ChoiceInteraction,
    GeneratedItem,
    MatchingInteraction,
    MultipleAnswerInteraction,
    OrderingInteraction,
)


def run(subject: Subject) -> Iterator[Finding]:
    """With its radicals fixed, every variant of a template has the same number of parts, options and entries: what
    varies freely must not make a question harder.
    """
    shapes: dict[tuple[tuple[str, int], ...], int] = {}
    for generated in subject.sample():
        shapes.setdefault(_shape(generated), generated.item.variant)
    if len(shapes) > 1:
        (one, first), (other, second) = list(shapes.items())[:2]
        parts = [f"{name}: {a} and {b}" for (name, a), (_, b) in zip(one, other, strict=False) if a != b]
        what = "; ".join(parts) or f"{len(one)} and {len(other)} parts"
        message = f"variants {first} and {second} differ in what there is to choose from ({what})"
        remedy = "name what changes it under `radicals`"
        yield subject.template.document.finding("Q447", message, remedy, ("template",), severity=Severity.WARNING)


def _shape(generated: GeneratedItem) -> tuple[tuple[str, int], ...]:
    return tuple((part.id, _size(part.interaction)) for part in generated.item.parts)


def _size(interaction: object) -> int:
    match interaction:
        case ChoiceInteraction(options) | MultipleAnswerInteraction(options):
            return len(options)
        case MatchingInteraction(left, _):
            return len(left)
        case OrderingInteraction(entries):
            return len(entries)
    return 1


CHECK = Check(("Q447",), "variants are equally hard", run, on_sound_only=True)
