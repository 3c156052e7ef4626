"""What is known of the answers to one part of one item: the key, and what else earns something or has its own words.

Each is an `Answer`; the first that fits decides. Answers of different items that mean the same have the same name, so
that they can share a node of the tree.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from typing import Literal

import msgspec

from grading.keys import Rival
from quizgen.exporters.moodle_stack.zones import Zone
from quizgen.exporters.moodle_xml.answers import paragraph
from quizgen.exporters.rendering.decimals import to_digits, written

Test = Literal["equal", "near", "opposite-sign", "added-constant", "positive-factor", "same-optimum"]
"""How an answer is told: an equal formula, a near number, or a relation to the key."""

RIGHT = "right"

PRINTED_DIGITS = 12
"""STACK itself prints so many digits of a number at most."""


class Name(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """What an answer means, whatever the item.

    label: for the answer note. beliefs: the misconceptions behind it, of each wrong answer that it is.
    """

    label: str
    credit: Fraction
    test: Test
    beliefs: tuple[tuple[str, ...], ...] = ()


class Answer(msgspec.Struct, frozen=True, gc=False):
    """One answer that is known.

    feedback: HTML. zones: the numbers that are this answer, or () for a formula. formula: what it is equal to, in
    Maxima's syntax. own_sample: an answer that is told as this one, in Maxima's syntax, "" if there is none.
    is_central: the middle of the first zone is such an answer, with as many digits as STACK prints.
    """

    name: Name
    feedback: str
    own_sample: str = ""
    formula: str = ""
    zones: tuple[Zone, ...] = ()
    is_central: bool = False

    @property
    def sample(self) -> str:
        """An answer that is told as this one, in Maxima's syntax, "" if there is none."""
        if not self.is_central:
            return self.own_sample
        first = self.zones[0]
        return written(*to_digits(first.above, first.below, PRINTED_DIGITS))

    def is_apart_from(self, other: Answer) -> bool:
        """Whether nothing is both answers, so that their order does not matter.

        Known wrong formulas differ from each other; a relation to the key may hold for any formula.
        """
        if self.name.test != other.name.test or self.name.test not in ("near", "equal"):
            return False
        return all(
            abs(one.middle - two.middle) > one.reach.radius + two.reach.radius
            for one in self.zones
            for two in other.zones
        )


class Known(msgspec.Struct, frozen=True, gc=False):
    """The answers to one part of one item, the right one first; the first that fits decides.

    shown: the right answer as it is shown to learners afterwards. wrong: an answer that is none of these.
    refuses_decimals: of a formula, that it must be typed with fractions.
    """

    answers: tuple[Answer, ...]
    shown: str
    wrong: str
    refuses_decimals: bool = False

    @property
    def credited(self) -> tuple[Name, ...]:
        """The names of the answers that earn something."""
        return tuple([answer.name for answer in self.answers if answer.name.credit])


def told(rival: Rival, test: Test) -> tuple[Name, str]:
    """The name of a known wrong answer, and what is said of it as HTML."""
    return _told(rival.misconceptions, *rival.credit.as_integer_ratio(), test, rival.feedback or rival.title)


@lru_cache(maxsize=4096)
def _told(beliefs: tuple[str, ...], above: int, below: int, test: Test, words: str) -> tuple[Name, str]:
    return _named((beliefs,), above, below, test), paragraph(words)


def named(rivals: Iterable[Rival], credit: Fraction, test: Test) -> Name:
    """The name of known wrong answers."""
    return _named(tuple([rival.misconceptions for rival in rivals]), *credit.as_integer_ratio(), test)


@lru_cache(maxsize=1024)
def _named(beliefs: tuple[tuple[str, ...], ...], above: int, below: int, test: Test) -> Name:
    label = "-or-".join("-and-".join(belief) for belief in beliefs if belief)
    return Name(label or "known", Fraction(above, below), test, beliefs)
