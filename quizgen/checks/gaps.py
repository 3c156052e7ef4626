"""Gaps of a cloze and its parts."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding
from quizgen.template.values import did_you_mean


def run(subject: Subject) -> Iterator[Finding]:
    """Each gap in the stem of a cloze has a part of the same name, and each part exactly one gap, in every language."""
    if subject.template.kind != "cloze":
        return
    known = [part.id for part in subject.template.parts]
    for template, text, compiled in subject.compiled:
        if text is not template.stem:
            continue
        named = [hole.attributes[0] for hole in compiled.holes if hole.name == "gap" and hole.attributes]
        for hole in compiled.holes:
            offset = max(0, text.text.find("gap"))
            if hole.name == "gap" and (len(hole.attributes) != 1 or hole.filters):
                yield template.finding("Q112", "a gap is written {{ gap.name }}", "name the part", text, offset, 3)
        for name in named:
            places = [k for k in range(len(text.text)) if text.text.startswith(f"gap.{name}", k)]
            if name not in known:
                remedy = did_you_mean(name, known) or "add the part"
                yield template.finding("Q112", f'no part is named "{name}"', remedy, text, places[0], len(name) + 4)
        for part in subject.template.parts:
            if part.id not in named:
                message = f'the part "{part.id}" has no gap in the stem'
                yield template.finding("Q112", message, f"write {{{{ gap.{part.id} }}}} where it belongs", text)


CHECK = Check(("Q112",), "gaps and parts agree", run)
