"""What a report of a platform says of one learner: the answers of one attempt, each as that platform prints it.

Readers of such reports yield sittings; `grading.responses.matching` finds out which items and which options are meant.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from grading.responses.rows import Mark

FIELD = "#"
"""Before the number of a field, from 1, where a report counts fields: pairs and entries have one each."""


class Reported(msgspec.Struct, frozen=True):
    """An answer as our pages report it to platforms of SCORM and xAPI: ids between commas, pairs of ids, or a text."""

    text: str


class Said(msgspec.Struct, frozen=True):
    """An answer as it is printed.

    question: the id or the code of the item, or a text that holds its code, or its text. answer: a text, or a list or
    object of texts where the report keeps them apart; None if nothing was given. part: of the item, by its id or by its
    number from 1, a field by `FIELD` and its number; "" if the answer is to all of it or the report does not say.
    given: the mark of the platform. printed: what the platform shows of the question besides, for one whose name is an
    id of the platform's own.
    """

    question: str
    answer: Any
    part: str = ""
    given: Mark | None = None
    printed: tuple[str, ...] = ()


class Sitting(msgspec.Struct, frozen=True):
    """The answers of one learner in one attempt, from one place of a file. total: the mark of the whole attempt."""

    learner: str
    answers: tuple[Said, ...]
    attempt: int = 1
    submitted_at: str = ""
    file: str = ""
    line: int = 0
    total: Mark | None = None


class Dialect(msgspec.Struct, frozen=True):
    """How a platform prints answers that have several pieces.

    separator: between the options of a list and between pairs. arrow: between the two sides of a pair.
    escaped: a separator inside a text stands behind a backslash.
    numbered: the parts of an item are printed as ``part 1: …; part 2: …``, the word in any language.
    dense: parts that were left blank are not printed at all.
    cut: a long entry ends with dots.
    blanks: what stands for no answer.
    ids: options are named by their ids, not by their texts. letters: a right side may be
        named by its letter, an option by ``choice_`` and its place from 0.
    untagged: of a typed answer whatever looks like a tag is dropped, and with it names such as ``<mask>``.
    """

    separator: str = "; "
    arrow: str = " -> "
    escaped: bool = False
    numbered: bool = False
    dense: bool = False
    cut: bool = False
    blanks: tuple[str, ...] = ("",)
    ids: bool = False
    letters: bool = False
    untagged: bool = False


class Attempts:
    """Numbers the attempts of each learner in the order of a file that has no numbers of its own.

    >>> attempts = Attempts()
    >>> [attempts.of(name) for name in ("ana", "ben", "ana")]
    [1, 1, 2]
    """

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def of(self, learner: str) -> int:
        """The number of the next attempt of a learner."""
        self._seen[learner] += 1
        return self._seen[learner]
