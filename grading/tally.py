"""The points of a class: by the rules of a course, for each learner and question, exact and at once for all.

Points are integer numerators over one denominator for the whole class; they are machine integers where the largest
sum surely fits, Python's otherwise. Work that needs fractions is done once for each different grade, not for each
response.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import msgspec

from grading.bulk import Results
from grading.gathering import categories
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
    rows, learners = _placed(results, _places(questions), len(questions))
    rows, untimed = _with_circumstances(rows, results, policy)
    shares = _Shares(rows, results.grades, policy)
    counted = _counting(rows, shares, policy)
    numerators, states, denominator = _points(counted, shares, questions, len(learners), policy)
    totals, of = _totals(numerators, states, questions, denominator, policy.rounding)
    chosen = _table(counted, results, len(questions))
    return Tally(learners, tuple(questions), denominator, numerators, states, totals, of, chosen, untimed)


def _places(questions: Iterable[Question]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, question in enumerate(questions):
        for item in question.items:
            if places.setdefault(item, place) != place:
                raise ValueError(f"the item {item!r} stands in two questions")
    return places


class _Rows(msgspec.Struct, frozen=True):
    """Responses in the order of learner, question and attempt, as columns.

    row: their places in the table of results. place: learner and question as one number. share: the place of what
    they earn, see `_Shares`; the grade until that is known. days, earlier: see `Policy.earned`; None where it is 0 for
    all.
    """

    row: np.ndarray[Any, Any]
    place: np.ndarray[Any, Any]
    share: np.ndarray[Any, Any]
    days: np.ndarray[Any, Any] | None = None
    earlier: np.ndarray[Any, Any] | None = None

    def only(self, chosen: np.ndarray[Any, Any]) -> _Rows:
        """The rows that are chosen, or the rows in the order that is given."""
        return _Rows(self.row[chosen], self.place[chosen], self.share[chosen])


def _placed(results: Results, place_of: Mapping[str, int], questions: int) -> tuple[_Rows, tuple[str, ...]]:
    """The responses, and the learners in the order of the alphabet."""
    import numpy as np

    frame = results.frame
    items, names = categories(frame["item"]), categories(frame["learner"])
    question_of = np.array([place_of.get(item, -1) for item in (*items, "")], dtype=np.int32)
    question = question_of[frame["item"].to_physical().to_numpy()]
    learner = frame["learner"].to_physical().to_numpy()
    grade, attempt = frame["grade"].to_numpy(), frame["attempt"].to_numpy()
    row = np.arange(frame.height, dtype=np.uint32)
    if frame.height and question.min() < 0:
        row = row[question >= 0]
        question, learner, grade, attempt = question[row], learner[row], grade[row], attempt[row]
    there = np.zeros(len(names) + 1, dtype=bool)
    there[learner] = True
    number_of = np.cumsum(there) - 1
    place = number_of[learner]
    place *= max(1, questions)
    place += question
    rows = _Rows(row, place, grade)
    if not _in_order(place, attempt):
        rows = rows.only(np.lexsort((attempt, place)))
    return rows, tuple(itertools.compress(names, there))


def _in_order(place: np.ndarray[Any, Any], attempt: np.ndarray[Any, Any]) -> bool:
    later = place[1:] > place[:-1]
    return bool(later.all() or (later | ((place[1:] == place[:-1]) & (attempt[1:] >= attempt[:-1]))).all())


def _with_circumstances(rows: _Rows, results: Results, policy: Policy) -> tuple[_Rows, int]:
    """Adds the days (late) and the earlier attempts, where the rules ask for them."""
    import numpy as np

    untimed, days, earlier = 0, None, None
    if policy.late is not None:
        named = results.frame["submitted_at"].gather(rows.row)
        texts = named.unique().to_list()
        moments = [moment_of(text) for text in texts]
        late = [NOT_LATE if moment is None else policy.late.days(moment) for moment in moments]
        unread = [text for text, moment in zip(texts, moments, strict=True) if moment is None]
        untimed = int(named.is_in(unread).sum())
        days = named.replace_strict(texts, late).to_numpy().astype(np.int64) if texts else np.zeros(0, np.int64)
    if policy.penalty:
        read = np.array([grade.verdict is not Verdict.INVALID for grade in results.grades] or [True])[rows.share]
        before = np.cumsum(read) - read
        starts = np.flatnonzero(_first_of_its_place(rows.place))
        lengths = np.diff(np.append(starts, len(rows.place)))
        earlier = before - np.repeat(before[starts], lengths)
    return _Rows(rows.row, rows.place, rows.share, days, earlier), untimed


def _first_of_its_place(place: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    import numpy as np

    first = np.ones(len(place), dtype=bool)
    first[1:] = place[1:] != place[:-1]
    return first


class _Shares:
    """The different shares of a question that responses earn; `of` says for each row which is its own.

    rank: in the order of what they are worth. void: those that count for nobody.
    """

    def __init__(self, rows: _Rows, grades: Sequence[Grade], policy: Policy) -> None:
        import numpy as np

        self.values: list[Fraction] = []
        self.states: list[int] = []
        if rows.days is None and rows.earlier is None:
            used = np.zeros(len(grades), dtype=bool)
            used[rows.share] = True
            circumstances = [(int(grade), NOT_LATE, 0) for grade in np.flatnonzero(used)]
            self.of = (np.cumsum(used) - 1).astype(np.uint32)[rows.share] if len(grades) else rows.share
        else:
            circumstances, self.of = _different(rows)
        for grade, days, earlier in circumstances:
            self._add(grades[grade], policy.earned(grades[grade], days, earlier))
        ranked = list(map(_ranked, self.values, self.states))
        order = {value: rank for rank, value in enumerate(sorted(set(ranked)))}
        self.rank = np.array([order[value] for value in ranked], dtype=np.int64)
        self.void = np.array([state == VOID for state in self.states], dtype=bool)

    def _add(self, grade: Grade, share: Fraction | None) -> None:
        waits = share is None or grade.verdict is Verdict.PARTIALLY_GRADED
        self.states.append(VOID if grade.note == "void" else PENDING if waits else SETTLED)
        self.values.append(Fraction(0) if share is None or grade.note == "void" else share)

    def denominator(self) -> int:
        return math.lcm(*(value.denominator for value in self.values))


def _different(rows: _Rows) -> tuple[list[tuple[int, int, int]], np.ndarray[Any, Any]]:
    """The different (grade, days, earlier) of rows, and for each row the place of its own."""
    import numpy as np
    import polars as pl

    nothing = np.zeros(len(rows.share), dtype=np.int64)
    columns = {"grade": rows.share, "days": rows.days, "earlier": rows.earlier}
    table = pl.DataFrame({name: nothing if column is None else column for name, column in columns.items()})
    distinct = table.unique(maintain_order=True).with_row_index("share")
    of = table.join(distinct, on=["grade", "days", "earlier"], how="left", maintain_order="left")["share"].to_numpy()
    return [(grade, days, earlier) for _, grade, days, earlier in distinct.iter_rows()], of


def _ranked(value: Fraction, state: int) -> Fraction:
    """What decides which attempt is the best: no score is less than a score of 0."""
    return Fraction(-1) if state == PENDING and not value else value


def _counting(rows: _Rows, shares: _Shares, policy: Policy) -> _Rows:
    """Of each learner and question the responses that count: one, or all for their average; with their shares."""
    import numpy as np

    rows = _Rows(rows.row, rows.place, shares.of)
    if policy.attempts in ("best", "average") and shares.void.any():
        # What counts for nobody stands for the question only where there is nothing else.
        worth = ~shares.void[rows.share]
        else_ = np.isin(rows.place, rows.place[worth])
        rows = rows.only(worth | ~else_)
    first = _first_of_its_place(rows.place)
    if policy.attempts == "average" or first.all():
        return rows
    if policy.attempts == "best":  # stable: of equals the earlier one
        rows = rows.only(np.lexsort((-shares.rank[rows.share], rows.place)))
    if policy.attempts == "last":
        first = np.append(first[1:], True)
    return rows.only(first)


def _table(counted: _Rows, results: Results, questions: int) -> polars.DataFrame:
    """The responses that count, by the places of learner and question."""
    import numpy as np
    import polars as pl

    learner, question = np.divmod(counted.place, max(1, questions))
    columns = {"learner": learner.astype(np.uint32), "question": question.astype(np.uint32)}
    return pl.DataFrame(columns).hstack(
        [results.frame[name].gather(pl.Series(counted.row)) for name in ("attempt", "grade")]
    )


def _points(
    counted: _Rows, shares: _Shares, questions: Sequence[Question], learners: int, policy: Policy
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], int]:
    """Numerators and states (learners, questions), and the denominator."""
    import numpy as np

    shape, size = (learners, len(questions)), learners * len(questions)
    place, share = counted.place, counted.share
    once = bool(_first_of_its_place(place).all())
    tries = np.zeros(0, int) if once else np.bincount(place, minlength=size)
    several = math.lcm(*(int(count) for count in np.flatnonzero(np.bincount(tries)) if count))
    unit = shares.denominator()
    worth = math.lcm(*(question.points.denominator for question in questions))
    step = policy.rounding.to.denominator if policy.rounding is not None else 1
    denominator = math.lcm(unit * worth * several, step)
    total = sum((question.points for question in questions), Fraction(0)) * denominator
    most = max(int(total) * max(1, len(place)), denominator * denominator)
    kind = np.int64 if most < _LARGEST_SUM else object
    earned = np.array([int(value * unit) for value in shares.values], dtype=kind)
    points = np.array([int(question.points * worth) for question in questions], dtype=kind)
    numerators = np.zeros(size, dtype=kind)
    if once and len(place):
        numerators[place] = earned[share]
    elif len(place):
        np.add.at(numerators, place, earned[share])
        factor = np.array([several // max(1, count) for count in range(int(tries.max(initial=1)) + 1)], dtype=kind)
        numerators *= factor[tries]
    numerators = numerators.reshape(shape)
    numerators *= points * (denominator // (unit * worth * several))
    states = np.zeros(size, dtype=np.uint8)
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
    of = np.full(len(totals), worth.sum(), dtype=numerators.dtype)
    for place in np.flatnonzero((states == VOID).any(axis=0)):
        of[states[:, place] == VOID] -= worth[place]
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
