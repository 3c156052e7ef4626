"""Whose marks move, by how much and why, when responses are graded again: after an amendment or a decision."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

import msgspec

from grading.amending import applying
from grading.answersheet import Amendment
from grading.bulk import Results
from grading.policy import Policy
from grading.tally import PENDING, VOID, Tally
from grading.verdicts import Grade
from quizgen.archive import Archive
from quizgen.marks import counted_points

State = Literal["", "open", "void", "absent"]
"""What points are besides a number: not final yet; of a question that counts for nobody; of no answer."""


class Reason(msgspec.Struct, frozen=True):
    """What moved the points of a question.

    kind: ``new``, ``gone``, ``decided`` (by whom), ``amended`` (how, and the reason that was given), ``another``
    (attempt counts), ``otherwise``.
    """

    kind: Literal["new", "gone", "decided", "amended", "another", "otherwise"]
    who: str = ""
    action: str = ""
    reason: str = ""


class Move(msgspec.Struct, frozen=True):
    """One learner's question whose points are others than before.

    slot, title: of the question. item: the variant, "" if several attempts count. before, after: points. states: what
    each of them is. why: what moved them, each reason once.
    """

    learner: str
    slot: str
    title: str
    item: str
    before: Fraction
    after: Fraction
    states: tuple[State, State]
    why: tuple[Reason, ...]


class Total(msgspec.Struct, frozen=True):
    """One learner's sum before and after, and what could be reached."""

    learner: str
    before: Fraction
    after: Fraction
    of_before: Fraction
    of_after: Fraction


class Regrade(msgspec.Struct, frozen=True):
    """What grading again changes.

    since: the folder of the marks that it is compared with, "" for the keys as they were before any amendment.
    moves: in the order of learners and questions. totals: of everybody whose points or reachable points are others.
    learners: how many there are in all.
    """

    since: str
    moves: tuple[Move, ...]
    totals: tuple[Total, ...]
    learners: int


def regrade(archive: Archive, before: Results, after: Results, policy: Policy, since: str = "") -> Regrade:
    """Compare two gradings by the same rules. since: the folder that `before` was read from, as in `Regrade`."""
    amendments = archive.amendments()
    was, now = counted_points(archive, before, policy), counted_points(archive, after, policy)
    places, new = ({name: place for place, name in enumerate(one.learners)} for one in (was, now))
    moved = _moved(was, now)
    answers, earlier = _answers(now, after, moved), _answers(was, before, moved)
    moves, totals = [], []
    for learner in sorted(moved):
        old, place = places.get(learner), new.get(learner)
        for number, slot in enumerate(archive.quiz.slots):
            points = _points(was, old, number), _points(now, place, number)
            states = _state(was, old, number), _state(now, place, number)
            if states[0] == states[1] and points[0] == points[1]:
                continue
            mine = answers.get((learner, number), [])
            why = _reasons(archive, amendments, mine, earlier.get((learner, number), []))
            item = mine[0][0] if len(mine) == 1 else ""
            moves.append(Move(learner, slot.id, slot.title, item, *points, states, why))
        total = _total(learner, was, old, now, place)
        if (total.before, total.of_before) != (total.after, total.of_after):
            totals.append(total)
    return Regrade(since, tuple(moves), tuple(totals), len(now.learners))


def _moved(was: Tally, now: Tally) -> frozenset[str]:
    """Everybody of whom some points or some state may be others; whoever is alike in both is left out at once."""
    import numpy as np

    if was.learners != now.learners or was.denominator != now.denominator:
        return frozenset((*was.learners, *now.learners))
    differs = (was.numerators != now.numerators) | (was.states != now.states)
    differs = differs.any(axis=1) | (was.totals != now.totals) | (was.of != now.of)
    return frozenset(now.learners[place] for place in np.flatnonzero(differs))


def _answers(
    counted: Tally, results: Results, learners: frozenset[str]
) -> dict[tuple[str, int], list[tuple[str, Grade]]]:
    """By learner and the place of a question the items and grades that count, of these learners."""
    import polars as pl

    places = {name: place for place, name in enumerate(counted.learners) if name in learners}
    questions = {item: place for place, question in enumerate(counted.questions) for item in question.items}
    rows = counted.counted.filter(pl.col("learner").is_in(list(places.values())))
    chosen = set(rows.select("learner", "question", "attempt", "grade").iter_rows())
    found: dict[tuple[str, int], list[tuple[str, Grade]]] = {}
    named = results.frame.filter(pl.col("learner").is_in(list(places)) & pl.col("item").is_in(list(questions)))
    for learner, item, attempt, grade in named.select("learner", "item", "attempt", "grade").iter_rows():
        if (places[learner], questions[item], attempt, grade) in chosen:
            found.setdefault((learner, questions[item]), []).append((item, results.grades[grade]))
    return found


def _points(counted: Tally, learner: int | None, question: int) -> Fraction:
    return Fraction(0) if learner is None else counted.points(learner, question)


def _state(counted: Tally, learner: int | None, question: int) -> State:
    states: dict[int, State] = {0: "absent", PENDING: "open", VOID: "void"}
    return "absent" if learner is None else states.get(int(counted.states[learner, question]), "")


def _total(learner: str, was: Tally, old: int | None, now: Tally, place: int | None) -> Total:
    before, of_before = _sums(was, old)
    after, of_after = _sums(now, place)
    return Total(learner, before, after, of_before, of_after)


def _sums(counted: Tally, learner: int | None) -> tuple[Fraction, Fraction]:
    """The points of a learner and what could be reached; nothing of somebody who is not there."""
    if learner is None:
        return Fraction(0), Fraction(0)
    totals, of = counted.totals[learner], counted.of[learner]
    return Fraction(int(totals), counted.denominator), Fraction(int(of), counted.denominator)


def _reasons(
    archive: Archive,
    amendments: Sequence[Amendment],
    now: Sequence[tuple[str, Grade]],
    before: Sequence[tuple[str, Grade]],
) -> tuple[Reason, ...]:
    """Why the points of a question moved, each reason once."""
    if not before:
        return (Reason("new"),)
    if not now:
        return (Reason("gone"),)
    reasons: list[Reason] = []
    for item, grade in now:
        if any((item, grade) == one for one in before):
            continue
        mine = applying(amendments, archive.key(item))
        if grade.note.startswith("decided:"):
            reasons.append(Reason("decided", who=grade.note.removeprefix("decided:")))
        elif mine and (grade.note == "void" or grade.note.startswith("amended:") or _tolerated(mine)):
            reasons.extend(map(_amended, mine))
        elif all(item != other for other, _ in before):
            for other, _ in before:  # the answer that counted may count no more because of what was amended
                reasons.extend(map(_amended, applying(amendments, archive.key(other))))
            reasons.append(Reason("another"))
        else:
            reasons.append(Reason("otherwise"))
    return tuple(dict.fromkeys(reasons)) or (Reason("another"),)


def _amended(amendment: Amendment) -> Reason:
    return Reason("amended", action=amendment.action, reason=amendment.reason)


def _tolerated(amendments: Sequence[Amendment]) -> bool:
    return any(amendment.action == "tolerance" for amendment in amendments)
