"""Whether the key can be found by what the options share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from quizgen.checks.check import Check, Subject
from quizgen.checks.choices import Choice, choices
from quizgen.findings import Finding, Severity

LEAST = 12
"""Variants, below which nothing is said."""

Runs = frozenset[tuple[str, ...]]
"""The runs of two and of three pieces of a formula: with three it is seen at which position a word stands."""

_PIECE = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")


def run(subject: Subject) -> Iterator[Finding]:
    """The key is not simply the formula that shares most with the others, as happens if each wrong one changes one
    thing of it.

    Looked at on sampled variants of choices between formulas: a finding if in three quarters of them the key alone has
    the largest overlap. `design: balanced` avoids it.
    """
    found: dict[str, list[bool]] = {}
    paths = {}
    for choice in choices(subject):
        if choice.only_formulas and len(choice.options) > 2:
            found.setdefault(choice.part, []).append(_stands_in_the_middle(choice))
            paths[choice.part] = choice.path
    for part, middle in found.items():
        if len(middle) >= LEAST and 4 * sum(middle) >= 3 * len(middle):
            message = (
                f"in {sum(middle)} of {len(middle)} variants the key is the option that shares most with the others"
            )
            remedy = "write design: balanced under `wrong`, or offer mistakes that share something among themselves"
            yield subject.template.document.finding("Q433", message, remedy, paths[part], severity=Severity.WARNING)


def _stands_in_the_middle(choice: Choice) -> bool:
    pieces = [_runs(_PIECE.findall(text)) for text, _ in choice.options]
    shared = [sum(_likeness(one, other) for other in pieces if other is not one) for one in pieces]
    key = next(score for score, (_, right) in zip(shared, choice.options, strict=True) if right)
    return key == max(shared) and shared.count(key) == 1


def _runs(pieces: list[str]) -> Runs:
    return frozenset((*pairwise(pieces), *zip(pieces, pieces[1:], pieces[2:], strict=False)))


def _likeness(one: Runs, other: Runs) -> Fraction:
    """The share of runs of pieces that two formulas have in common (Dice 1945)."""
    return Fraction(2 * len(one & other), max(1, len(one) + len(other)))


CHECK = Check(("Q433",), "options do not converge on the key", run, on_sound_only=True)
