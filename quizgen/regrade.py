"""Whose marks move, by how much and why, when responses are graded again: after an amendment or a decision."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

import msgspec

from grading.amending import applying
from grading.answersheet import Amendment
from grading.bulk import Results
from grading.policy import Policy
from grading.tally import PENDING, VOID, Tally
from grading.verdicts import Grade
from quizgen.archive import Archive
from quizgen.exporters.catalogue import FORMATS
from quizgen.marks import counted_points, decimal_points
from quizgen.spreadsheet import dead

MOVES, REGRADE = "regrade.csv", "regrade.md"
SHOWN_MOVES = 200
"""Lines of the report; all of them are in the table."""


class Move(msgspec.Struct, frozen=True):
    """One learner's question whose points are others than before.

    slot, title: of the question. item: the variant, "" if several attempts count. before, after: points, with a word
    instead of a number where there is none (``open``, ``void``, ``–``). why: what moved them, in words.
    """

    learner: str
    slot: str
    title: str
    item: str
    before: Fraction
    after: Fraction
    shown: tuple[str, str]
    why: tuple[str, ...]


class Total(msgspec.Struct, frozen=True):
    """One learner's sum before and after, and what could be reached."""

    learner: str
    before: Fraction
    after: Fraction
    of_before: Fraction
    of_after: Fraction


class Regrade(msgspec.Struct, frozen=True):
    """What grading again changes. since: what it is compared with, in words. moves: in the order of learners and
    questions. totals: of everybody whose points or reachable points are others. learners: how many there are in all.
    """

    since: str
    moves: tuple[Move, ...]
    totals: tuple[Total, ...]
    learners: int


def regrade(archive: Archive, before: Results, after: Results, policy: Policy, since: str) -> Regrade:
    """Compare two gradings by the same rules. since: what `before` was, in words."""
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
            shown = _shown(was, old, number), _shown(now, place, number)
            if shown[0] == shown[1] and points[0] == points[1]:
                continue
            mine = answers.get((learner, number), [])
            why = _reasons(archive, amendments, mine, earlier.get((learner, number), []))
            item = mine[0][0] if len(mine) == 1 else ""
            moves.append(Move(learner, slot.id, slot.title, item, *points, shown, why))
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


def _shown(counted: Tally, learner: int | None, question: int) -> str:
    state = 0 if learner is None else int(counted.states[learner, question])
    points = decimal_points(_points(counted, learner, question))
    return {0: "–", PENDING: f"{points} (open)", VOID: "void"}.get(state, points)


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
) -> tuple[str, ...]:
    """Why the points of a question moved, in words, each reason once."""
    if not before:
        return ("the answer was not there before",)
    if not now:
        return ("the answer is not there any more",)
    reasons = []
    for item, grade in now:
        if any((item, grade) == one for one in before):
            continue
        mine = applying(amendments, archive.key(item))
        if grade.note.startswith("decided:"):
            reasons.append(f"decided by {grade.note.removeprefix('decided:')}")
        elif mine and (grade.note == "void" or grade.note.startswith("amended:") or _tolerated(mine)):
            reasons.extend(f"{one.action}: {one.reason}" for one in mine)
        elif all(item != other for other, _ in before):
            for other, _ in before:  # the answer that counted may count no more because of what was amended
                reasons.extend(f"{one.action}: {one.reason}" for one in applying(amendments, archive.key(other)))
            reasons.append("another attempt counts")
        else:
            reasons.append("graded otherwise than before")
    return tuple(dict.fromkeys(reasons)) or ("another attempt counts",)


def _tolerated(amendments: Sequence[Amendment]) -> bool:
    return any(amendment.action == "tolerance" for amendment in amendments)


# ------------------------------------------------------------ for people


def moves_csv(found: Regrade) -> str:
    """Every move as a table: learner, question, item, before, after, difference, why."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["learner", "question", "item", "before", "after", "difference", "why"])
    for move in found.moves:
        difference = _signed(move.after - move.before)
        cells = [move.learner, move.slot, move.item, *move.shown, difference, "; ".join(move.why)]
        writer.writerow(map(dead, cells))
    return out.getvalue()


def report(archive: Archive, found: Regrade) -> str:
    """What moved, what to do on the platform, and a notice for learners, as Markdown."""
    lines = [f"# {_plain(archive.quiz.title)}: graded again", "", f"Compared with {found.since}.", ""]
    lines += [_up_and_down(found), ""]
    if archive.amendments():
        lines += ["## What was amended", ""]
        lines += _amended(archive)
        lines += [""]
    lines += ["## Whose points move", "", "| learner | before | after | difference |", "|---|--:|--:|--:|"]
    for total in found.totals[:SHOWN_MOVES]:
        before = f"{decimal_points(total.before)} of {decimal_points(total.of_before)}"
        after = f"{decimal_points(total.after)} of {decimal_points(total.of_after)}"
        lines.append(f"| {_cell(total.learner)} | {before} | {after} | {_signed(total.after - total.before)} |")
    if len(found.totals) > SHOWN_MOVES:
        lines.append(f"| … and {len(found.totals) - SHOWN_MOVES} more in `{MOVES}` | | | |")
    lines += [
        "",
        "## Question by question",
        "",
        "| learner | question | before | after | why |",
        "|---|---|--:|--:|---|",
    ]
    for move in found.moves[:SHOWN_MOVES]:
        why = _cell("; ".join(move.why))
        lines.append(f"| {_cell(move.learner)} | {_cell(move.title)} | {move.shown[0]} | {move.shown[1]} | {why} |")
    if len(found.moves) > SHOWN_MOVES:
        lines.append(f"| … and {len(found.moves) - SHOWN_MOVES} more in `{MOVES}` | | | | |")
    lines += ["", "## What to do on the platform", "", *_steps(archive), "", "## A notice for learners", ""]
    lines += [f"> {line}".rstrip() for line in _notice(archive, found)]
    return "\n".join(lines) + "\n"


def _up_and_down(found: Regrade) -> str:
    """How many win and lose: points, or where other points can be reached now the share of them."""
    if all(total.of_before == total.of_after for total in found.totals):
        up = sum(total.after > total.before for total in found.totals)
        down = sum(total.after < total.before for total in found.totals)
        return f"{found.learners} learners: {up} have more points, {down} have fewer."
    shares = [(_share(one.before, one.of_before), _share(one.after, one.of_after)) for one in found.totals]
    up, down = (sum(after > before for before, after in shares), sum(after < before for before, after in shares))
    return f"{found.learners} learners: {up} have a larger share of what can be reached, {down} a smaller one."


def _share(points: Fraction, of: Fraction) -> Fraction:
    return points / of if of else Fraction(0)


def _steps(archive: Archive) -> Iterator[str]:
    """For every platform that the quiz was exported to, how the marks get there."""
    exported = [one for one in FORMATS if (archive.folder / one.id / "export.json").is_file()]
    steps = [(one.title, one.regrade_step) for one in exported if one.regrade_step]
    for title, step in steps:
        yield f"- {title}: {step}."
    if not steps:
        yield f"- Enter the new points in your gradebook; `marks.csv` has them all, `{MOVES}` only those that moved."


def _notice(archive: Archive, found: Regrade) -> Iterator[str]:
    german = archive.quiz.language.startswith("de")
    title = _plain(archive.quiz.title)
    reasons = list(dict.fromkeys(_plain(one.reason) for one in archive.amendments()))
    if german:
        yield f"Die Aufgaben von „{title}“ wurden noch einmal ausgewertet."
        yield from (f"Der Grund: {reason}" for reason in reasons)
        yield f"Dadurch ändern sich die Punkte von {len(found.totals)} der {found.learners} Teilnehmenden."
        yield "Deine neuen Punkte stehen im Kurs. Bitte melde dich, wenn du Fragen dazu hast."
        return
    yield f"The answers to “{title}” were marked again."
    yield from (f"The reason: {reason}" for reason in reasons)
    yield f"This changes the points of {len(found.totals)} of {found.learners} learners."
    yield "Your new points are in the course. Please ask if you have questions about them."


def _amended(archive: Archive) -> Iterator[str]:
    """What was amended; the lines of one correction for several variants are one."""
    said = Counter(
        (one.date, one.slot or one.item, one.item == "*", one.action, one.reason) for one in archive.amendments()
    )
    for (date, name, whole, action, reason), count in said.items():
        where = ", all variants" if whole else f", {count} variants" if count > 1 else ""
        yield f"- {date}, `{name}`{where}: {action}. {_plain(reason)}"


def _signed(points: Fraction) -> str:
    return ("+" if points > 0 else "-" if points < 0 else "") + decimal_points(abs(points))


def _plain(text: str) -> str:
    """Text on one line of Markdown, without anything that would be markup or a link."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|!" else sign for sign in " ".join(text.split()))


def _cell(text: str) -> str:
    return _plain(text)
