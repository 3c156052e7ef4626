"""The points of a class: by the rules of a course, for each learner and question, exact and at once for all.

Points are integer numerators over one denominator for the whole class; they are machine integers where the largest
sum surely fits, Python's otherwise. Work that needs fractions is done once for each different grade, not for each
response.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import msgspec

from grading.bulk import Results
from grading.policy import NOT_LATE, Policy, Rounding, moment_of
from grading.verdicts import Grade, Verdict

if TYPE_CHECKING:
    import numpy as np
    import polars

ABSENT, SETTLED, PENDING, VOID = range(4)
"""What is known of a learner's question: not answered, marked, waiting for a person, counting for nobody."""

_LARGEST_SUM = 2**62


class Question(msgspec.Struct, frozen=True):
    """A question of which learners have different items. points: what it is worth, above 0."""

    id: str
    points: Fraction
    items: tuple[str, ...]


class Tally(msgspec.Struct, frozen=True):
    """The points of a class.

    learners: ids in the order of the alphabet. questions: as given. numerators: an array (learners, questions) of
    points times `denominator`, 0 where nothing is earned or known. states: of the same shape, `ABSENT` and so on.
    totals: an array (learners) of points times `denominator`, rounded where the rules say so; of: the same for
    what could be reached. counted: the responses that count, as a table of learner and question (their places),
    attempt and grade (its place in the grades). untimed: responses without a moment that can be read, where the rules
    ask for one; they count as in time.
    """

    learners: tuple[str, ...]
    questions: tuple[Question, ...]
    denominator: int
    numerators: Any
    states: Any
    totals: Any
    of: Any
    counted: Any
    untimed: int = 0

    def points(self, learner: int, question: int) -> Fraction:
        """What a learner earned in a question, by their places."""
        return Fraction(int(self.numerators[learner, question]), self.denominator)


def count_points(results: Results, questions: Sequence[Question], policy: Policy | None = None) -> Tally:
    """Count the points of everybody who answered something.

    Items that stand in no question are left out. Raises ValueError for an item that stands in two.

    >>> from grading.answersheet import ItemKey, PartKey
    >>> from grading.bulk import grade_all
    >>> from grading.keys import ChoiceKey
    >>> from grading.responses import ResponseRow
    >>> key = ItemKey("q1", "r", "Q-7K3F", (PartKey("answer", ChoiceKey("a"), options=(("a", "A"), ("b", "B"))),))
    >>> results = grade_all([ResponseRow("ana", "q1", "b"), ResponseRow("ana", "q1", "a", 2)], [key])
    >>> counted = count_points(results, [Question("s1", Fraction(3, 2), ("q1",))], Policy("average"))
    >>> counted.learners, counted.points(0, 0)
    (('ana',), Fraction(3, 4))
    """
    policy = policy or Policy()
    place_of = _places(questions)
    rows, learners = _placed(results, place_of, len(questions))
    rows, untimed = _with_circumstances(rows, results.grades, policy)
    shares = _Shares(rows, results.grades, policy)
    counted = _counting(shares.rows, policy)
    numerators, states, denominator = _points(counted, shares, questions, len(learners), policy)
    totals, of = _totals(numerators, states, questions, denominator, policy.rounding)
    chosen = counted.select("learner", "question", "attempt", "grade")
    return Tally(learners, tuple(questions), denominator, numerators, states, totals, of, chosen, untimed)


def _places(questions: Iterable[Question]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, question in enumerate(questions):
        for item in question.items:
            if places.setdefault(item, place) != place:
                raise ValueError(f"the item {item!r} stands in two questions")
    return places


def _placed(results: Results, place_of: Mapping[str, int], questions: int) -> tuple[polars.DataFrame, tuple[str, ...]]:
    """The responses by the places of learner and question, in the order of learner, question and attempt."""
    import polars as pl

    frame = results.frame
    items = [item for item in frame["item"].unique().to_list() if item in place_of]
    learners = frame.filter(pl.col("item").is_in(items))["learner"].unique().sort()
    rows = frame.select(
        pl.col("learner").cast(pl.Enum(learners)).to_physical().cast(pl.Int64),
        pl.col("item")
        .replace_strict(items, [place_of[item] for item in items], default=None, return_dtype=pl.Int64)
        .alias("question"),
        "attempt",
        "submitted_at",
        "grade",
    ).filter(pl.col("question").is_not_null())
    rows = rows.with_columns((pl.col("learner") * questions + pl.col("question")).alias("place"))
    return rows.sort("place", "attempt", maintain_order=True), tuple(learners.to_list())


def _with_circumstances(
    rows: polars.DataFrame, grades: Sequence[Grade], policy: Policy
) -> tuple[polars.DataFrame, int]:
    """Adds the columns days (late) and earlier (attempts), where the rules ask for them."""
    import polars as pl

    untimed = 0
    days, earlier = pl.lit(NOT_LATE, pl.Int64), pl.lit(0, pl.Int64)
    if policy.late is not None:
        named = rows["submitted_at"].unique().to_list()
        moments = [moment_of(text) for text in named]
        late = [NOT_LATE if moment is None else policy.late.days(moment) for moment in moments]
        unread = [text for text, moment in zip(named, moments, strict=True) if moment is None]
        untimed = int(rows["submitted_at"].is_in(unread).sum())
        days = pl.col("submitted_at").replace_strict(named, late, return_dtype=pl.Int64)
    if policy.penalty:
        unreadable = [place for place, grade in enumerate(grades) if grade.verdict is Verdict.INVALID]
        read = (~pl.col("grade").is_in(unreadable)).cast(pl.Int64)
        earlier = read.cum_sum().over("place") - read
    return rows.with_columns(days.alias("days"), earlier.alias("earlier")).drop("submitted_at"), untimed


class _Shares:
    """The different shares of a question that responses earn; the column share of `rows` is their place here."""

    def __init__(self, rows: polars.DataFrame, grades: Sequence[Grade], policy: Policy) -> None:
        import polars as pl

        by = ["grade", "days", "earlier"]
        distinct = rows.select(by).unique(maintain_order=True)
        self.values: list[Fraction] = []
        self.states: list[int] = []
        for place, days, earlier in distinct.iter_rows():
            grade = grades[place]
            share = policy.earned(grade, days, earlier)
            waits = share is None or grade.verdict is Verdict.PARTIALLY_GRADED
            self.states.append(VOID if grade.note == "void" else PENDING if waits else SETTLED)
            self.values.append(Fraction(0) if share is None or grade.note == "void" else share)
        ranked = list(map(_ranked, self.values, self.states))
        order = {value: rank for rank, value in enumerate(sorted(set(ranked)))}
        distinct = distinct.with_columns(
            pl.Series("share", range(distinct.height), dtype=pl.Int64),
            pl.Series("rank", [order[value] for value in ranked], dtype=pl.Int64),
            pl.Series("void", [state == VOID for state in self.states], dtype=pl.Boolean),
        )
        self.rows = rows.join(distinct, on=by, how="left", maintain_order="left")

    def denominator(self) -> int:
        return math.lcm(*(value.denominator for value in self.values))


def _ranked(value: Fraction, state: int) -> Fraction:
    """What decides which attempt is the best: no score is less than a score of 0."""
    return Fraction(-1) if state == PENDING and not value else value


def _counting(rows: polars.DataFrame, policy: Policy) -> polars.DataFrame:
    """Of each learner and question the responses that count: one, or all for their average."""
    import polars as pl

    if policy.attempts in ("best", "average"):
        # What counts for nobody stands for the question only where there is nothing else.
        rows = rows.filter(~pl.col("void") | pl.col("void").all().over("place"))
    if policy.attempts == "average":
        return rows
    if policy.attempts == "best":
        rows = rows.sort("place", "rank", "attempt", descending=[False, True, False], maintain_order=True)
    return rows.unique("place", keep="last" if policy.attempts == "last" else "first", maintain_order=True)


def _points(
    counted: polars.DataFrame, shares: _Shares, questions: Sequence[Question], learners: int, policy: Policy
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], int]:
    """Numerators and states (learners, questions), and the denominator."""
    import numpy as np

    shape = (learners, len(questions))
    place, share = counted["place"].to_numpy(), counted["share"].to_numpy()
    tries = np.bincount(place, minlength=learners * len(questions)) if len(place) else np.zeros(shape, int).ravel()
    several = math.lcm(*map(int, np.unique(tries[tries > 0])))
    unit = shares.denominator()
    worth = math.lcm(*(question.points.denominator for question in questions))
    step = policy.rounding.to.denominator if policy.rounding is not None else 1
    denominator = math.lcm(unit * worth * several, step)
    total = sum((question.points for question in questions), Fraction(0)) * denominator
    most = max(int(total) * max(1, len(place)), denominator * denominator)
    kind = np.int64 if most < _LARGEST_SUM else object
    earned = np.array([int(value * unit) for value in shares.values], dtype=kind)
    points = np.array([int(question.points * worth) for question in questions], dtype=kind)
    sums = np.zeros(learners * len(questions), dtype=kind)
    np.add.at(sums, place, earned[share] if len(share) else np.zeros(0, kind))
    factor = np.array([several // max(1, count) for count in range(int(tries.max(initial=1)) + 1)], dtype=kind)
    numerators = (sums * factor[tries]).reshape(shape) * points * (denominator // (unit * worth * several))
    states = np.zeros(learners * len(questions), dtype=np.uint8)
    known = np.array(shares.states, dtype=np.uint8)[share] if len(share) else np.zeros(0, np.uint8)
    for state in (SETTLED, PENDING, VOID):  # of several attempts one that waits says that the average is not final
        states[place[known == state]] = state
    if policy.rounding is not None and policy.rounding.of == "question":
        numerators = _each(numerators, policy.rounding.rounded, denominator)
    return numerators, states.reshape(shape), denominator


def _totals(
    numerators: np.ndarray[Any, Any],
    states: np.ndarray[Any, Any],
    questions: Sequence[Question],
    denominator: int,
    rounding: Rounding | None,
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Each learner's points, and what they could have reached."""
    import numpy as np

    totals = numerators.sum(axis=1)
    worth = np.array([int(question.points * denominator) for question in questions], dtype=numerators.dtype)
    of = worth.sum() - np.where(states == VOID, worth, worth * 0).sum(axis=1)
    if rounding is not None and rounding.of == "total":
        totals = _each(totals, rounding.rounded, denominator)
    return totals, of


def _each(
    numerators: np.ndarray[Any, Any], change: Callable[[Fraction], Fraction], denominator: int
) -> np.ndarray[Any, Any]:
    """The numerators with every different number of points changed; the changed ones have the same denominator."""
    import numpy as np

    distinct, places = np.unique(numerators, return_inverse=True)
    changed = [int(change(Fraction(int(value), denominator)) * denominator) for value in distinct]
    return np.array(changed, dtype=numerators.dtype)[places].reshape(numerators.shape)
