"""How hard a template is expected to be with which of its radicals: its author's word, or a guess by its Bloom level.

The guess is a prior and no more: what learners make of a question is known after it was tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from quizgen.generator.radicals import radical_choices
from quizgen.template import Template

BY_BLOOM: Mapping[str, str] = {
    "remember": "easy",
    "understand": "easy",
    "apply": "medium",
    "analyze": "medium",
    "evaluate": "hard",
    "create": "hard",
}
"""The level of a template that says nothing of its difficulty."""

Way = tuple[tuple[str, str], ...]


def difficulty_of(template: Template, radicals: Mapping[str, str]) -> str:
    """The level of a template with these radicals: the first line of its ``difficulty`` that fits, else by its Bloom
    level; "" where it has neither.
    """
    for said in template.difficulty:
        if all(radicals.get(path) == value for path, value in said.radicals):
            return said.level
    return BY_BLOOM.get(template.bloom, "")


def ways_of_difficulty(template: Template, level: str) -> Iterator[Way]:
    """The ways to fix the radicals of a template so that it is of this level."""
    for way in radical_choices(template):
        if difficulty_of(template, dict(way)) == level:
            yield way
