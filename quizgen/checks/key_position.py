"""Where the key stands among the options, over the whole bank."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quizgen.bank import Bank
from quizgen.checks.check import BankCheck, Subject
from quizgen.checks.choices import choices
from quizgen.findings import Finding, Place, Severity

# The 99.9 % points of χ² with 1 to 9 degrees of freedom (Abramowitz and Stegun 1964, table 26.8), in hundredths.
_CRITICAL = {1: 1083, 2: 1382, 3: 1627, 4: 1847, 5: 2052, 6: 2246, 7: 2432, 8: 2612, 9: 2788}
LEAST = 60
"""Choices with so many options, below which nothing is said."""


def run(bank: Bank, subjects: Sequence[Subject]) -> Iterator[Finding]:
    """The key stands at every place about equally often, and is the longest option about as often as chance has it.

    Counted over sampled variants of all templates of a bank, by the number of options. Places are compared by χ² at
    the level 0.1 %; the key may be the longest option in 10 points more of the questions than by chance.
    """
    places: dict[int, list[int]] = {}
    longest: dict[int, list[bool]] = {}
    for subject in subjects:
        for choice in choices(subject):
            count = len(choice.options)
            at = next(place for place, (_, right) in enumerate(choice.options) if right)
            places.setdefault(count, [0] * count)[at] += 1
            if not choice.only_formulas:
                lengths = [len(text) for text, _ in choice.options]
                longest.setdefault(count, []).append(
                    len(choice.key) == max(lengths) and lengths.count(max(lengths)) == 1
                )
    for count, found in places.items():
        total = sum(found)
        if total < LEAST or count - 1 not in _CRITICAL:
            continue
        # χ² = Σ (n − total/count)² / (total/count); compared in whole numbers.
        if 100 * sum((count * n - total) ** 2 for n in found) > _CRITICAL[count - 1] * total * count:
            message = f"of {total} choices with {count} options the key stands at the places {found} times"
            yield _finding(bank, message, "shuffle the options")
    for count, hits in longest.items():
        if len(hits) >= LEAST and 10 * count * sum(hits) > len(hits) * (10 + count):
            message = f"in {sum(hits)} of {len(hits)} choices with {count} options the key is the longest"
            yield _finding(bank, message, "shorten keys, or lengthen wrong options")


def _finding(bank: Bank, message: str, remedy: str) -> Finding:
    return Finding(Place(str(bank.folder)), "Q431", message, remedy, Severity.WARNING)


CHECK = BankCheck(("Q431",), "keys stand anywhere", run)
