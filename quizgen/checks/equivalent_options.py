"""Options that are written differently and mean the same."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from quizgen.checks.check import Check, Subject
from quizgen.checks.choices import Choice, choices
from quizgen.content import Formula
from quizgen.findings import Finding

PROVEN = 4
"""Variants whose options are compared by the judge: each pair is a proof."""


def run(subject: Subject) -> Iterator[Finding]:
    """No two options of a choice between formulas or numbers are equal, however they are written: 0.5 and 1/2, or
    log p + log q and log(p q). The judge decides, on a few sampled variants.
    """
    for choice in list(choices(subject))[:PROVEN]:
        pair = _equal_pair(choice)
        if pair is not None:
            message = f"two options mean the same: {pair[0]!r} and {pair[1]!r}"
            yield subject.template.document.finding("Q439", message, "replace one of them", choice.path)
            return


def _equal_pair(choice: Choice) -> tuple[str, str] | None:
    from grading.equivalence import Equal, compare
    from grading.parsing import Language, Refused, parse_expression

    language = Language(any_name=True)  # formulas about a sentence were proven different when they were made
    trees = []
    for content, (text, _) in zip(choice.contents, choice.options, strict=True):
        plain = content[0].plain if len(content) == 1 and isinstance(content[0], Formula) else text
        try:
            trees.append((text, parse_expression(plain, language)))
        except Refused:
            continue
    for (one, left), (other, right) in combinations(trees, 2):
        if isinstance(compare(left, right, language), Equal):
            return one, other
    return None


CHECK = Check(("Q439",), "options differ in meaning", run, on_sound_only=True)
