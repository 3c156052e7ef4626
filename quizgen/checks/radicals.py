"""Radicals."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding
from quizgen.template import Different, IntegerRange, MaskDraw, OneOf
from quizgen.template.values import did_you_mean

_FIELDS = {
    "masks": ("count", "among", "copies", "words", "spans"),
    "sentence": ("topic", "first", "words"),
    "models": ("comparison", "distributions", "ranking"),
    "prediction": ("words", "top"),
}


def run(subject: Subject) -> Iterator[Finding]:
    """Every radical is the path of a draw, or ``choose``, and its values are among those that can be drawn.

    What `difficulty` says is said of values that a radical has.
    """
    template = subject.template
    offered = {radical.name: set(map(str, radical.values)) for radical in template.radicals}
    for said in template.difficulty:
        for path, level in said.radicals:
            if level not in offered.get(path, ()):
                message = f"the template has no radical {path} = {level}, which would be {said.level}"
                remedy = did_you_mean(path, offered) if path not in offered else "name a value of the radical"
                where = ("difficulty", said.level, path)
                yield template.document.finding("Q407", message, remedy or "list it under `radicals`", where, of="key")
    for radical in template.radicals:
        head, rest = radical.path[0], radical.path[1:]
        draw = template.draw(head)
        if radical.path == ("choose",):
            continue
        if draw is None:
            known = [name for name, _ in template.draws]
            remedy = did_you_mean(head, known) or "name a draw, such as masks.count"
            yield template.document.finding("Q407", f'nothing named "{head}" is drawn', remedy, radical.where, of="key")
        elif rest and rest[0] not in (
            fields := ("different", "several") if isinstance(draw, Different) else _FIELDS.get(head, ())
        ):
            remedy = did_you_mean(rest[0], fields) or f"write {head} alone"
            message = f'the draw "{head}" has no "{rest[0]}"'
            yield template.document.finding("Q407", message, remedy, radical.where, of="key")
        elif isinstance(draw, OneOf | IntegerRange) and not set(radical.values) <= set(draw.values):
            message = f'not every value of this radical is drawn by "{head}"'
            yield template.document.finding("Q407", message, "name values of the draw", radical.where)
        elif isinstance(draw, MaskDraw) and rest == ("count",):
            for value in radical.values:
                if isinstance(value, str) or value.denominator != 1 or not 1 <= value <= 100:
                    message = f"{value} is not a number of masks"
                    yield template.document.finding("Q407", message, "write numbers such as [2, 3]", radical.where)


CHECK = Check(("Q407",), "radicals are draws", run)
