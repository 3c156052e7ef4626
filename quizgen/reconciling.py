"""The marks that a platform gave beside ours: where they differ, and why."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache

import msgspec

from grading.amending import applying
from grading.answersheet import Amendment
from grading.bulk import GradedRow, Results
from grading.responses.rows import Mark
from grading.verdicts import Grade, Verdict
from quizgen.archive import EXPORT_MANIFEST, Archive
from quizgen.exporters.catalogue import FORMATS
from quizgen.exporters.contract import Format, Level
from quizgen.marks import decimal_points
from quizgen.spreadsheet import dead

WITHIN = Fraction(1, 100)
"""Points that a platform may be off because it shows two decimals."""

SHOWN = frozenset(
    {"cell", "code", "feedback", "formulas", "forms", "hints", "id", "layout", "solution", "tables", "text"}
)
SHOWN_OTHERWISE = frozenset({
    "drag:formula-as-text", "drop-down:formula-as-text", "drop-down:letters", "essay:rubric", "true-false:words",
    "matching:feedback-in-solution", "numeric:feedback-in-solution",
})  # fmt: skip
"""Caveats, by what they are about or by their code, of what learners are shown: no mark is another one for these."""

_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
"""What every platform reads: it may have been typed in another way, and count as wrong there, but earn nothing else."""

UNKNOWN = "for no reason that is known here: changed by hand, or wrong on one of the two sides"


class Difference(msgspec.Struct, frozen=True):
    """One answer, or a whole attempt, that the platform marked otherwise.

    item, code: "" for a whole attempt. ours: points, None while there are none. theirs: points on the same scale. of:
    what could be had. why: every reason that is known. explained: False if there is none.
    """

    learner: str
    attempt: int
    slot: str
    item: str
    code: str
    ours: Fraction | None
    theirs: Fraction
    of: Fraction
    why: tuple[str, ...]
    explained: bool


class Reconciliation(msgspec.Struct, frozen=True):
    """compared: answers, and whole attempts where the file has no marks of answers. unmarked: answers without a mark in
    the file. format: that the quiz was exported to, "" if nobody knows.
    """

    compared: int
    unmarked: int
    format: str
    differences: tuple[Difference, ...]

    @property
    def unexplained(self) -> int:
        return sum(not one.explained for one in self.differences)


def exported_formats(archive: Archive) -> tuple[Format, ...]:
    """The formats of platforms that the quiz lies exported in, beside the archive."""
    lies = (one for one in FORMATS if (archive.folder / one.id / EXPORT_MANIFEST).is_file())
    return tuple(one for one in lies if one.keys == "server")


def reconcile(
    archive: Archive, results: Results, unamended: Results, format_: Format | None = None, within: Fraction = WITHIN
) -> Reconciliation:
    """Compare every mark in the files of `results` with ours.

    unamended: the same responses, graded as if nothing had been amended. format_: what the platform was given, for
    what it does otherwise by its nature.
    """
    look = _Look(archive, format_, within)
    before = {(row.learner, row.item, row.attempt): row.grade for row in unamended.rows()}
    rows = list(results.rows())
    differences: list[Difference] = []
    marked: set[tuple[str, int]] = set()
    unmarked = 0
    for row in rows:
        mark = results.given.get((row.learner, row.item, row.attempt))
        if mark is None:
            unmarked += 1
            continue
        marked.add((row.learner, row.attempt))
        differences += look.answer(row, mark, before[row.learner, row.item, row.attempt])
    totals = {key: mark for key, mark in results.totals.items() if key not in marked}
    attempts: dict[tuple[str, int], list[GradedRow]] = {}
    for row in rows:
        if (row.learner, row.attempt) in totals:
            attempts.setdefault((row.learner, row.attempt), []).append(row)
    for key, mine in attempts.items():
        old = [before[row.learner, row.item, row.attempt] for row in mine]
        differences += look.attempt(mine, totals[key], old)
    compared = len(rows) - unmarked + len(attempts)
    lone = unmarked - sum(len(mine) for mine in attempts.values())
    return Reconciliation(compared, lone, format_.id if format_ is not None else "", tuple(differences))


class _Look:
    """Compares, and says why."""

    def __init__(self, archive: Archive, format_: Format | None, within: Fraction) -> None:
        self._slots = {item: slot for slot in archive.quiz.slots for item in slot.item_ids}
        self._within, self._format = within, format_
        self._amendments = archive.amendments()
        self._archive = archive
        self._caveats = cache(self._caveats_of)
        self._item = cache(archive.item)

    def answer(self, row: GradedRow, mark: Mark, before: Grade) -> Iterable[Difference]:
        slot = self._slots[row.item]
        of = slot.points
        theirs = mark.points * of / mark.of if mark.of else mark.points
        ours = None if row.grade.score is None else row.grade.score * of
        if ours is not None and abs(ours - theirs) <= self._within:
            return
        why = list(self._why(row, before, theirs, of))
        yield Difference(
            row.learner, row.attempt, slot.id, row.item, self._item(row.item).code, ours, theirs, of,
            tuple(why) or (UNKNOWN,), bool(why),
        )  # fmt: skip

    def attempt(self, rows: Sequence[GradedRow], mark: Mark, before: Sequence[Grade]) -> Iterable[Difference]:
        """The marks of a whole attempt, on the scale of ours."""
        of = sum((slot.points for slot in self._archive.quiz.slots), Fraction(0))
        theirs = mark.points * of / mark.of if mark.of else mark.points
        points = [self._slots[row.item].points for row in rows]
        ours = _sum(points, [row.grade for row in rows])
        if abs(ours - theirs) <= self._within:
            return
        why: dict[str, None] = {}
        if abs(_sum(points, before) - theirs) <= self._within:
            why |= dict.fromkeys(text for row in rows for text in self._amended(row))
        if waiting := sum(row.grade.score is None and row.grade.note != "void" for row in rows):
            why[f"{waiting} answers have no final mark here yet"] = None
        why |= dict.fromkeys(text for row in rows for _, text in self._caveats(row.item))
        first = rows[0]
        yield Difference(
            first.learner, first.attempt, "", "", "", ours, theirs, of, tuple(why) or (UNKNOWN,), bool(why)
        )  # fmt: skip

    def _why(self, row: GradedRow, before: Grade, theirs: Fraction, of: Fraction) -> Iterable[str]:
        changed = before != row.grade
        agreed = before.score is not None and abs(before.score * of - theirs) <= self._within
        if changed and (agreed or row.grade.note == "void"):
            yield from self._amended(row)
        elif row.grade.note.startswith("decided:"):
            yield f"decided by {row.grade.note.removeprefix('decided:')}"
        elif row.grade.score is None:
            what = "could not be read" if row.grade.verdict is Verdict.INVALID else "waits for a person"
            yield f"the answer {what} here"
        plain = theirs and _PLAIN_NUMBER.fullmatch(row.grade.reading)
        yield from (told for code, told in self._caveats(row.item) if not (plain and code == "numeric:reading"))

    def _amended(self, row: GradedRow) -> Iterable[str]:
        mine: tuple[Amendment, ...] = applying(self._amendments, self._archive.key(row.item))
        return [f"amended here, not on the platform ({one.action}: {one.reason})" for one in mine]

    def _caveats_of(self, item: str) -> tuple[tuple[str, str], ...]:
        """(code, in words) of what the format does otherwise with an item that can make another mark of an answer."""
        if self._format is None:
            return ()
        found = self._format.fidelity(self._archive.item(item), self._archive.key(item))
        return tuple(
            (one.code, f"the platform: {one.message}")
            for one in found.caveats
            if one.level is not Level.NONE and one.code not in SHOWN_OTHERWISE and one.code.split(":")[0] not in SHOWN
        )


def _sum(points: Sequence[Fraction], grades: Sequence[Grade]) -> Fraction:
    return sum((worth * (grade.score or 0) for worth, grade in zip(points, grades, strict=True)), Fraction(0))


def differences_csv(found: Reconciliation) -> str:
    """Every difference as a table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["learner", "attempt", "question", "code", "ours", "platform", "of", "why"])
    for one in found.differences:
        ours = "" if one.ours is None else decimal_points(one.ours)
        cells = [one.learner, one.attempt, one.slot, one.code, ours, decimal_points(one.theirs),
                 decimal_points(one.of), "; ".join(one.why)]  # fmt: skip
        writer.writerow([dead(str(cell)) for cell in cells])
    return out.getvalue()


def by_reason(found: Reconciliation) -> Mapping[str, int]:
    """How often each reason stands there, the most frequent first."""
    counts = Counter(reason for one in found.differences for reason in one.why)
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
