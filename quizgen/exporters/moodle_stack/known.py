"""What is known of the answers to one part of one item: the key, and what else earns something or has its own words.

Each is an `Answer`; the first that fits decides. Answers of different items that mean the same have the same name, so
that they can share a node of the tree.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal

import msgspec

from grading.keys import Rival

Test = Literal["equal", "near", "opposite-sign", "added-constant", "positive-factor", "same-optimum"]
"""How an answer is told: an equal formula, a near number, or a relation to the key."""

RIGHT = "right"


class Name(msgspec.Struct, frozen=True):
    """What an answer means, whatever the item.

    label: for the answer note. beliefs: the misconceptions behind it, of each wrong answer that it is.
    """

    label: str
    credit: Fraction
    test: Test
    beliefs: tuple[tuple[str, ...], ...] = ()


class Answer(msgspec.Struct, frozen=True):
    """One answer that is known.

    zones: (middle, radius) of the numbers that are this answer, as `decimals`, or () for a formula. formula: what it is
    equal to, in Maxima's syntax. sample: an answer that is told as this one, in Maxima's syntax, "" if there is none.
    feedback: HTML.
    """

    name: Name
    feedback: str
    sample: str
    formula: str = ""
    zones: tuple[tuple[Fraction, Fraction], ...] = ()

    def is_apart_from(self, other: Answer) -> bool:
        """Whether nothing is both answers, so that their order does not matter.

        Known wrong formulas differ from each other; a relation to the key may hold for any formula.
        """
        if self.name.test != other.name.test or self.name.test not in ("near", "equal"):
            return False
        return all(abs(a - b) > reach + far for a, reach in self.zones for b, far in other.zones)


class Known(msgspec.Struct, frozen=True):
    """The answers to one part of one item, the right one first; the first that fits decides.

    shown: the right answer as it is shown to learners afterwards. wrong: an answer that is none of these.
    """

    answers: tuple[Answer, ...]
    shown: str
    wrong: str

    @property
    def credited(self) -> tuple[Name, ...]:
        """The names of the answers that earn something."""
        return tuple(answer.name for answer in self.answers if answer.name.credit)


def named(rivals: Iterable[Rival], credit: Fraction, test: Test) -> Name:
    """The name of known wrong answers."""
    beliefs = tuple(rival.misconceptions for rival in rivals)
    return Name("-or-".join("-and-".join(belief) for belief in beliefs if belief) or "known", credit, test, beliefs)
