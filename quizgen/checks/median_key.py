"""Numeric options: their order, and the place of the key among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from quizgen.checks.check import Check, Subject
from quizgen.checks.choices import Choice, choices
from quizgen.findings import Finding, Severity

LEAST = 8
"""Variants, below which nothing is said."""

_NUMBER = re.compile(r"[-−]?\d+(?:[.,]\d+)?")


def run(subject: Subject) -> Iterator[Finding]:
    """The key of numeric options is not the middle one in every variant: whoever invents wrong numbers on both sides of
    the right one gives it away.
    """
    places: dict[str, list[int]] = {}
    paths = {}
    for choice in choices(subject):
        numbers = _numbers(choice)
        if numbers is not None and len(numbers) >= 3:
            key = next(number for number, (_, right) in zip(numbers, choice.options, strict=True) if right)
            rank = sorted(numbers).index(key)
            outer = rank in (0, len(numbers) - 1)
            places.setdefault(choice.part, []).append(0 if outer else 1)
            paths[choice.part] = choice.path
    for part, inner in places.items():
        if len(inner) >= LEAST and all(inner):
            message = f"the key lies between the other numbers in all of {len(inner)} variants"
            remedy = "offer wrong numbers that all lie on one side of it now and then"
            yield subject.template.document.finding("Q438", message, remedy, paths[part], severity=Severity.WARNING)


def _numbers(choice: Choice) -> list[Fraction] | None:
    found = [_NUMBER.fullmatch(text.strip()) for text, _ in choice.options]
    if not all(found):
        return None
    return [Fraction(match[0].replace("−", "-").replace(",", ".")) for match in found if match]


CHECK = Check(("Q438",), "the key is not always the median", run, on_sound_only=True)
