"""What a class did: for each item attempts, facility and verdicts, and the misconceptions that were found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Literal, Protocol

import msgspec

from grading.verdicts import Grade, Verdict

AttemptPolicy = Literal["last", "best", "first"]

FINAL = frozenset([Verdict.CORRECT, Verdict.PARTIAL, Verdict.INCORRECT])
"""Verdicts whose score counts; the score of a partially graded item is not final."""


class Graded(Protocol):
    """One response with its grade, such as `grading.bulk.GradedRow`."""

    @property
    def learner(self) -> str: ...
    @property
    def item(self) -> str: ...
    @property
    def attempt(self) -> int: ...
    @property
    def grade(self) -> Grade: ...


class ItemResult(msgspec.Struct, frozen=True):
    """One item. attempts: all responses; learners: of whom one response each counts, by the attempt policy.

    scored: how many of these have a final score; facility: their mean score, None if there is none.
    verdicts: (verdict, learners) in the order of `Verdict`. misconceptions: (id, learners), most frequent first.
    void: an amendment took the item out; nothing but attempts and learners is counted.
    """

    item: str
    attempts: int
    learners: int
    scored: int
    facility: Fraction | None
    verdicts: tuple[tuple[Verdict, int], ...]
    misconceptions: tuple[tuple[str, int], ...]
    void: bool = False


class ClassResult(msgspec.Struct, frozen=True):
    """The whole class. items: in the order of their ids; misconceptions: (id, number of learners who showed it)."""

    learners: int
    responses: int
    items: tuple[ItemResult, ...]
    verdicts: tuple[tuple[Verdict, int], ...]
    misconceptions: tuple[tuple[str, int], ...]


def counting(rows: Iterable[Graded], policy: AttemptPolicy = "last") -> list[Graded]:
    """Of each learner and item the response that counts, in the order of learner and item.

    ``last``: the highest attempt number; ``first``: the lowest; ``best``: the highest score, the earlier of equals;
    no score is less than a score of 0.
    """
    chosen: dict[tuple[str, str], Graded] = {}
    for row in rows:
        pair = (row.learner, row.item)
        if pair not in chosen or _goes_before(row, chosen[pair], policy):
            chosen[pair] = row
    return [chosen[pair] for pair in sorted(chosen)]


def _goes_before(row: Graded, other: Graded, policy: AttemptPolicy) -> bool:
    if policy == "last":
        return row.attempt > other.attempt
    if policy == "first":
        return row.attempt < other.attempt
    mine, its = _rank(row.grade), _rank(other.grade)
    return mine > its or (mine == its and row.attempt < other.attempt)


def _rank(grade: Grade) -> Fraction:
    return Fraction(-1) if grade.score is None else grade.score


def summarise(rows: Iterable[Graded], policy: AttemptPolicy = "last") -> ClassResult:
    """Sum up the graded responses of a class. policy: which attempt counts, see `counting`.

    A misconception is counted once a learner, however often the learner showed it in the attempts that count.

    >>> from grading.bulk import GradedRow
    >>> from grading.verdicts import scored
    >>> rows = [GradedRow("ana", "q1", scored(Fraction(1), "")), GradedRow("ben", "q1", scored(Fraction(1, 2), ""))]
    >>> summarise(rows).items[0].facility
    Fraction(3, 4)
    """
    rows = list(rows)
    attempts = Counter(row.item for row in rows)
    by_item: dict[str, list[Graded]] = {item: [] for item in sorted(attempts)}
    for row in counting(rows, policy):
        by_item[row.item].append(row)
    items = tuple(_item_result(item, attempts[item], counted) for item, counted in by_item.items())
    kept = [row for counted in by_item.values() for row in counted if row.grade.note != "void"]
    learners = len({row.learner for row in rows})
    return ClassResult(learners, len(rows), items, _verdicts(kept), _misconceptions(kept))


def _item_result(item: str, attempts: int, counted: Sequence[Graded]) -> ItemResult:
    kept = [row for row in counted if row.grade.note != "void"]
    scores = [row.grade.score for row in kept if row.grade.score is not None and row.grade.verdict in FINAL]
    facility = sum(scores, Fraction(0)) / len(scores) if scores else None
    void = bool(counted) and not kept
    return ItemResult(item, attempts, len(counted), len(scores), facility, _verdicts(kept), _misconceptions(kept), void)


def _verdicts(rows: Sequence[Graded]) -> tuple[tuple[Verdict, int], ...]:
    counts = Counter(row.grade.verdict for row in rows)
    return tuple((verdict, counts[verdict]) for verdict in Verdict if counts[verdict])


def _misconceptions(rows: Sequence[Graded]) -> tuple[tuple[str, int], ...]:
    shown = {(row.learner, name) for row in rows for d in row.grade.diagnoses for name in d.misconceptions}
    counts = Counter(name for _, name in shown)
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
