"""A class's graded answers as columns of whole numbers: who, where, which grade, in which attempt, and which
count."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from grading.bulk import Results
from grading.classresult import FINAL
from grading.statistics.scores import Scores, common_denominator, numerator
from grading.verdicts import Grade

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Policy = Literal["last", "best", "first"]


class Place(msgspec.Struct, frozen=True):
    """A slot. items: its variants, in the order of the pool. worth: points."""

    slot: str
    items: tuple[str, ...]
    worth: Fraction = msgspec.field(default_factory=lambda: Fraction(1))


class Answers(msgspec.Struct, frozen=True):
    """Every response that was graded, one a place in each of the arrays of numpy.

    learners, items: names, which `learner` and `item` number. slot: number of the slot. grade: place in `grades`.
    counts: whether it is the attempt that counts.
    """

    learners: tuple[str, ...]
    places: tuple[Place, ...]
    items: tuple[str, ...]
    grades: tuple[Grade, ...]
    learner: Any
    slot: Any
    item: Any
    grade: Any
    attempt: Any
    counts: Any


def answers_of(results: Results, places: Sequence[Place], policy: Policy = "last") -> Answers:
    """The columns of graded responses. places: the slots of the quiz; every item is in one of them.

    policy: which attempt of a learner at a slot counts: ``last``, ``first`` or ``best`` (the earlier of equals).
    """
    import numpy as np
    import polars as pl

    frame = results.frame
    names = frame["learner"].unique().sort()
    items = [item for place in places for item in place.items]
    slot_of = np.repeat(np.arange(len(places), dtype=np.int32), [len(place.items) for place in places])
    learner = _numbers(frame["learner"], names.to_list())
    item = _numbers(frame["item"], items)
    slot = slot_of[item]
    grade = frame["grade"].cast(pl.Int32).to_numpy()
    attempt = frame["attempt"].cast(pl.Int32).to_numpy()
    key = learner.astype(np.int64) * max(1, len(places)) + slot
    counts = _counting(key, attempt, grade, results.grades, policy, len(names) * max(1, len(places)))
    return Answers(
        tuple(names.to_list()), tuple(places), tuple(items), results.grades, learner, slot, item, grade, attempt, counts
    )


def _numbers(names: Any, known: Sequence[str]) -> NDArray[np.int32]:
    """The place of each name among the known ones."""
    import numpy as np
    import polars as pl

    if not len(names):
        return np.zeros(0, np.int32)
    numbers: NDArray[np.int32] = names.cast(pl.Enum(known)).to_physical().cast(pl.Int32).to_numpy()
    return numbers


def _counting(
    key: NDArray[np.int64],
    attempt: NDArray[np.int32],
    grade: NDArray[np.int32],
    grades: Sequence[Grade],
    policy: Policy,
    keys: int,
) -> NDArray[np.bool_]:
    import numpy as np

    chosen = np.ones(len(key), bool)
    if not len(key) or int(np.bincount(key, minlength=keys).max()) == 1:
        return chosen
    first = attempt if policy == "first" else -attempt
    if policy == "best":
        ranks = {score: n for n, score in enumerate(sorted({_rank(one) for one in grades}, reverse=True))}
        best = np.array([ranks[_rank(one)] for one in grades], np.int32)
        order = np.lexsort((attempt, best[grade], key))
    else:
        order = np.lexsort((first, key))
    sorted_keys = key[order]
    chosen[order[1:]] = sorted_keys[1:] != sorted_keys[:-1]
    return chosen


def _rank(grade: Grade) -> Fraction:
    return Fraction(-1) if grade.score is None else grade.score


def score_matrix(answers: Answers, chosen: NDArray[np.bool_] | None = None) -> Scores:
    """Learners by slots, of the attempts that count or of other chosen ones (at most one of each learner and
    slot)."""
    import numpy as np

    worth = [place.worth for place in answers.places]
    slot_of_grade = _slot_of_grades(answers)
    points = [
        Fraction(0) if grade.score is None else grade.score * worth[slot]
        for grade, slot in zip(answers.grades, slot_of_grade.tolist(), strict=True)
    ]
    denominator = common_denominator([*worth, *points], sum(worth, Fraction(0)), len(answers.learners))
    final = np.array([g.verdict in FINAL and g.score is not None for g in answers.grades], bool)
    value = np.array([numerator(x, denominator) for x in points], np.int64)
    rows = answers.counts if chosen is None else chosen
    shape = len(answers.learners), len(answers.places)
    matrix, known = np.zeros(shape, np.int64), np.zeros(shape, bool)
    who, where, grade = answers.learner[rows], answers.slot[rows], answers.grade[rows]
    if len(grade):
        known[who, where] = final[grade]
        matrix[who, where] = np.where(final, value, 0)[grade]
    slots = tuple(place.slot for place in answers.places)
    return Scores(answers.learners, slots, matrix, known, tuple(numerator(w, denominator) for w in worth), denominator)


def _slot_of_grades(answers: Answers) -> NDArray[np.int32]:
    """The slot that each grade belongs to: a grade is of one item."""
    import numpy as np

    slots = np.zeros(len(answers.grades), np.int32)
    slots[answers.grade] = answers.slot
    return slots


def by_number(numbers: NDArray[np.int32], known: int) -> NDArray[np.int64]:
    """The places in the order of their numbers, which are below `known`; quicker for few."""
    import numpy as np

    small = np.uint16 if known < 2**16 else np.int32
    order: NDArray[np.int64] = np.argsort(numbers.astype(small), kind="stable")
    return order


def item_of_grades(answers: Answers) -> NDArray[np.int32]:
    """The number of the item that each grade belongs to; -1 for a grade that no response has."""
    import numpy as np

    items = np.full(len(answers.grades), -1, np.int32)
    items[answers.grade] = answers.item
    return items
