"""Gaps of a cloze and its parts."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding
from quizgen.template.values import did_you_mean


def run(subject: Subject) -> Iterator[Finding]:
    """Each gap in the stem of a cloze has a part of the same name, and each part a gap, in every language.

    The gaps of a part for each mask are written ``{{ masked | gaps("name") }}``.
    """
    if subject.template.kind != "cloze":
        return
    known = [part.id for part in subject.template.parts if not part.each]
    for template, text, compiled in subject.compiled:
        if text is not template.stem:
            continue
        gaps = [hole for hole in compiled.holes if hole.name == "gap"]
        for gap in gaps:
            written = ".".join(("gap", *gap.attributes))
            offset = max(0, text.text.find(written))
            if len(gap.attributes) != 1 or gap.filters:
                message = "a gap is written {{ gap.name }}"
                yield template.finding("Q112", message, "name the part", text, offset, len(written))
            elif gap.attributes[0] not in known:
                remedy = did_you_mean(gap.attributes[0], known) or "add the part"
                message = f'no part is named "{gap.attributes[0]}"'
                yield template.finding("Q112", message, remedy, text, offset, len(written))
        named = {gap.attributes[0] for gap in gaps if gap.attributes}
        lists = {
            str(arguments[0])
            for hole in compiled.holes
            for filter_name, arguments in hole.filters
            if filter_name == "gaps" and arguments
        }
        for part in subject.template.parts:
            if part.id not in (lists if part.each else named):
                message = f'the part "{part.id}" has no gap in the stem'
                hole_text = f'masked | gaps("{part.id}")' if part.each else f"gap.{part.id}"
                yield template.finding("Q112", message, f"write {{{{ {hole_text} }}}} where it belongs", text)
        for name in sorted(lists - {part.id for part in subject.template.parts if part.each}):
            message = f'no part for each mask is named "{name}"'
            yield template.finding("Q112", message, "add the part, with `for: each mask`", text)


CHECK = Check(("Q112",), "gaps and parts agree", run)
