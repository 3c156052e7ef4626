"""Radicals: what makes a question harder; fixed within a slot."""

from __future__ import annotations

from fractions import Fraction

from quizgen.template import FIELD_OF, Radical, Template


def radical_choices(template: Template) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Every way to fix the radicals of a template, as (path, value) pairs; one empty way without any.

    The first way is the one that the draws themselves say, or the author's first values.
    """
    ways: list[tuple[tuple[str, str], ...]] = [()]
    for radical in template.radicals:
        own = _own_value(template, radical)
        values = sorted(map(str, radical.values), key=lambda value: value != own)
        ways = [(*way, (radical.name, value)) for value in values for way in ways]
    return tuple(ways)


def _own_value(template: Template, radical: Radical) -> str:
    """The value of a radical where the template is read without it."""
    if len(radical.path) == 1:
        value = getattr(template.answer, radical.path[0], None)
    else:
        field = FIELD_OF.get(radical.path[1], radical.path[1])
        value = getattr(template.draw(radical.path[0]), field, None)
    return str(Fraction(value)) if isinstance(value, int) else str(value)
