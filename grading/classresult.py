"""What a class did: for each question attempts, facility and verdicts, and the misconceptions that were found."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING

import msgspec

from grading.bulk import Results
from grading.gathering import categories
from grading.tally import ABSENT, Tally
from grading.verdicts import Verdict

if TYPE_CHECKING:
    import polars

FINAL = frozenset([Verdict.CORRECT, Verdict.PARTIAL, Verdict.INCORRECT])
"""Verdicts whose score counts; the score of a partially graded item is not final."""


class ItemResult(msgspec.Struct, frozen=True):
    """One question. attempts: all responses; learners: who answered it; what counts of them is said by the rules.

    scored: how many responses count and have a final score; facility: their mean score, before lateness and penalties,
    None if there is none. verdicts: (verdict, responses) in the order of `Verdict`. misconceptions: (id, learners),
    most frequent first. void: an amendment took it out for all; nothing but attempts and learners is counted.
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
    """The whole class. items: the questions that somebody answered, in the order of their ids; misconceptions:
    (id, number of learners who showed it).
    """

    learners: int
    responses: int
    items: tuple[ItemResult, ...]
    verdicts: tuple[tuple[Verdict, int], ...]
    misconceptions: tuple[tuple[str, int], ...]


def summarise(results: Results, counted: Tally, believed: polars.DataFrame | None = None) -> ClassResult:
    """Sum up a class: `results` are all its graded responses, `counted` says which of them count.

    believed: what `beliefs_of` says of them, if that is known already. A misconception is counted once a learner,
    however often the learner showed it.

    >>> from grading.answersheet import ItemKey, PartKey
    >>> from grading.bulk import grade_all
    >>> from grading.keys import ChoiceKey
    >>> from grading.responses import ResponseRow
    >>> from grading.tally import Question, count_points
    >>> key = ItemKey("q1", "r", "Q-7K3F", (PartKey("answer", ChoiceKey("a"), options=(("a", "A"), ("b", "B"))),))
    >>> results = grade_all([ResponseRow("ana", "q1", "a"), ResponseRow("ben", "q1", "b")], [key])
    >>> summarise(results, count_points(results, [Question("s1", Fraction(1), ("q1",))])).items[0].facility
    Fraction(1, 2)
    """
    import numpy as np

    grades, total = results.grades, len(counted.learners)
    place_of = {item: place for place, question in enumerate(counted.questions) for item in question.items}
    attempts = Counter[int]()
    items = results.frame["item"]
    counts = np.bincount(items.to_physical().to_numpy(), minlength=1).tolist()
    for item, count in zip(categories(items), counts, strict=False):
        if count and item in place_of:
            attempts[place_of[item]] += count
    learners = (counted.states != ABSENT).sum(axis=0).tolist()
    grouped: dict[int, list[tuple[int, int]]] = {}
    for question, grade, count in counted.counted.group_by("question", "grade").len().sort("question", "grade").rows():
        if grades[grade].note != "void":
            grouped.setdefault(question, []).append((grade, count))
    believed = beliefs_of(results, counted) if believed is None else believed
    whole, each = _learners_believing(believed, counted)
    found = tuple(
        _item_result(results, question.id, attempts[place], learners[place], grouped.get(place, []),
                     _ranked(each.get(place, {})))
        for place, question in sorted(enumerate(counted.questions), key=lambda pair: pair[1].id)
        if learners[place]
    )  # fmt: skip
    kept = [pair for pairs in grouped.values() for pair in pairs]
    return ClassResult(total, sum(attempts.values()), found, _verdicts(results, kept), _ranked(whole))


def beliefs_of(results: Results, counted: Tally) -> polars.DataFrame:
    """The misconceptions that responses show which count: a table of learner and question (their places),
    misconception (its id), one line for each response and misconception.
    """
    import polars as pl

    pairs = [
        (place, name)
        for place, grade in enumerate(results.grades)
        if grade.note != "void"
        for name in dict.fromkeys(name for diagnosis in grade.diagnoses for name in diagnosis.misconceptions)
    ]
    kind = pl.Enum(sorted({name for _, name in pairs}))
    named = pl.DataFrame(pairs, schema={"grade": pl.UInt32, "misconception": kind}, orient="row")
    rows: polars.DataFrame = counted.counted.drop("attempt").join(named, on="grade", how="inner", maintain_order="left")
    return rows.select("learner", "question", "misconception")


def _learners_believing(shown: polars.DataFrame, counted: Tally) -> tuple[dict[str, int], dict[int, dict[str, int]]]:
    """How many learners show each misconception: anywhere, and in each question (its place)."""
    import numpy as np

    names = categories(shown["misconception"])
    several, questions = max(1, len(names)), max(1, len(counted.questions))
    belief = shown["misconception"].to_physical().to_numpy().astype(np.int64)
    learner, question = (shown[name].to_numpy().astype(np.int64) for name in ("learner", "question"))
    anywhere = np.zeros((len(counted.learners), several), bool)
    anywhere[learner, belief] = True
    whole = anywhere.sum(axis=0).tolist()
    here = question * several + belief
    if len(counted.counted) > np.count_nonzero(counted.states != ABSENT):  # several responses of one learner count
        size = questions * several
        here = np.unique(learner * size + here) % size
    each: dict[int, dict[str, int]] = {}
    for place, count in enumerate(np.bincount(here).tolist()):
        if count:
            each.setdefault(place // several, {})[names[place % several]] = count
    return {name: count for name, count in zip(names, whole, strict=False) if count}, each


def _item_result(
    results: Results,
    name: str,
    attempts: int,
    learners: int,
    kept: list[tuple[int, int]],
    misconceptions: tuple[tuple[str, int], ...],
) -> ItemResult:
    final = [(results.grades[grade].score, count) for grade, count in kept if results.grades[grade].verdict in FINAL]
    scores = [(score, count) for score, count in final if score is not None]
    scored = sum(count for _, count in scores)
    facility = sum((score * count for score, count in scores), Fraction(0)) / scored if scored else None
    return ItemResult(
        name, attempts, learners, scored, facility, _verdicts(results, kept), misconceptions, void=not kept
    )


def _verdicts(results: Results, kept: list[tuple[int, int]]) -> tuple[tuple[Verdict, int], ...]:
    counts = Counter[Verdict]()
    for grade, count in kept:
        counts[results.grades[grade].verdict] += count
    return tuple((verdict, counts[verdict]) for verdict in Verdict if counts[verdict])


def _ranked(counts: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
