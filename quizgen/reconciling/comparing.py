"""Every mark of a platform's file beside ours, and the reason of each difference."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache, reduce

import msgspec

from grading.amending import applying
from grading.answersheet import Amendment
from grading.bulk import GradedRow, Results
from grading.responses.rows import Mark
from grading.verdicts import Grade, Verdict
from quizgen.archive import EXPORT_MANIFEST, Archive
from quizgen.exporters.catalogue import FORMATS
from quizgen.exporters.contract import Caveat, Format, Level
from quizgen.marks import decimal_points
from quizgen.reconciling.caveats import is_about_marks, marks_by
from quizgen.reconciling.possible import ANY, Marks, exactly
from quizgen.spreadsheet import dead

WITHIN = Fraction(1, 100)
"""Points that a platform may be off because it shows two decimals."""

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


class _Reason(msgspec.Struct, frozen=True):
    """Why the platform may have marked an answer otherwise. marks: the points that it can have given then."""

    told: tuple[str, ...]
    marks: Marks


class _Look:
    """Compares, and says why."""

    def __init__(self, archive: Archive, format_: Format | None, within: Fraction) -> None:
        self._slots = {item: slot for slot in archive.quiz.slots for item in slot.item_ids}
        self._within, self._format = within, format_
        self._amendments = archive.amendments()
        self._archive = archive
        self._caveats = cache(self._caveats_of)
        self._item, self._key = cache(archive.item), cache(archive.key)

    def answer(self, row: GradedRow, mark: Mark, before: Grade) -> Iterable[Difference]:
        slot = self._slots[row.item]
        of = slot.points
        theirs = mark.points * of / mark.of if mark.of else mark.points
        ours = None if row.grade.score is None else row.grade.score * of
        if ours is not None and abs(ours - theirs) <= self._within:
            return
        why = self._why(row, before, theirs)
        yield Difference(
            row.learner, row.attempt, slot.id, row.item, self._item(row.item).code, ours, theirs, of,
            why or (UNKNOWN,), bool(why),
        )  # fmt: skip

    def attempt(self, rows: Sequence[GradedRow], mark: Mark, before: Sequence[Grade]) -> Iterable[Difference]:
        """The marks of a whole attempt, on the scale of ours."""
        of = sum((slot.points for slot in self._archive.quiz.slots), Fraction(0))
        theirs = mark.points * of / mark.of if mark.of else mark.points
        ours = sum((self._points(row, row.grade) for row in rows), Fraction(0))
        if abs(ours - theirs) <= self._within:
            return
        why = self._why_together(rows, before, theirs)
        first = rows[0]
        yield Difference(first.learner, first.attempt, "", "", "", ours, theirs, of, why or (UNKNOWN,), bool(why))

    def _points(self, row: GradedRow, grade: Grade) -> Fraction:
        return self._slots[row.item].points * (grade.score or 0)

    def _why(self, row: GradedRow, before: Grade, theirs: Fraction) -> tuple[str, ...]:
        """The reasons that can each have led to this mark, the nearest ones; else those that can together."""
        amended, people = self._amended(row, before), self._by_people(row)
        alone = [self._format_does(row, before, [caveat]) for caveat in self._caveats(row.item)]
        together = [self._format_does(row, before, self._caveats(row.item))]
        for reasons in (amended, people, alone, together):
            if found := [told for one in reasons if one.marks.holds(theirs, self._within) for told in one.told]:
                return tuple(dict.fromkeys(found))
        return ()

    def _why_together(self, rows: Sequence[GradedRow], before: Sequence[Grade], theirs: Fraction) -> tuple[str, ...]:
        """The least that can have led to such a sum: amendments, then people too, then what the format does too."""
        told: dict[str, None] = {}
        waiting = sum(row.grade.score is None and row.grade.note != "void" for row in rows)
        marks = [exactly(self._points(row, row.grade)) for row in rows]
        steps: tuple[Callable[[GradedRow, Grade], Sequence[_Reason]], ...] = (
            self._amended,
            lambda row, old: self._by_people(row, f"{waiting} answers have no final mark here yet"),
            lambda row, old: [self._format_does(row, old, self._caveats(row.item))],
        )
        for step in steps:
            for place, (row, old) in enumerate(zip(rows, before, strict=True)):
                for one in step(row, old):
                    if not one.marks.ranges <= marks[place].ranges:
                        told |= dict.fromkeys(one.told)
                        marks[place] = marks[place].also(one.marks)
            if reduce(Marks.plus, marks).holds(theirs, self._within):
                return tuple(told)
        return ()

    def _amended(self, row: GradedRow, before: Grade) -> Sequence[_Reason]:
        if before == row.grade:
            return ()
        mine: tuple[Amendment, ...] = applying(self._amendments, self._key(row.item))
        told = tuple(f"amended here, not on the platform ({one.action}: {one.reason})" for one in mine)
        if row.grade.note == "void" or before.score is None:
            return (_Reason(told, ANY.worth(self._slots[row.item].points)),)
        return (_Reason(told, exactly(self._points(row, before))),)

    def _by_people(self, row: GradedRow, waiting: str = "") -> Sequence[_Reason]:
        """What a person decided here, or has to: the platform may have any mark of such an answer.

        waiting: what is told of an answer that has no mark here.
        """
        any_mark = ANY.worth(self._slots[row.item].points)
        if row.grade.note.startswith("decided:"):
            return (_Reason((f"decided by {row.grade.note.removeprefix('decided:')}",), any_mark),)
        if row.grade.score is None and row.grade.note != "void":
            what = "could not be read" if row.grade.verdict is Verdict.INVALID else "waits for a person"
            return (_Reason((waiting or f"the answer {what} here",), any_mark),)
        return ()

    def _format_does(self, row: GradedRow, before: Grade, caveats: Sequence[Caveat]) -> _Reason:
        """What the platform, which knows of no amendment, makes of the answer because of some caveats."""
        told = tuple(f"the platform: {one.message}" for one in caveats)
        if before != row.grade:
            told = (*(text for one in self._amended(row, before) for text in one.told), *told)
        marks = marks_by([one.code for one in caveats], self._key(row.item), before)
        return _Reason(told, marks.worth(self._slots[row.item].points))

    def _caveats_of(self, item: str) -> tuple[Caveat, ...]:
        """What the format does otherwise with an item that can make another mark of an answer."""
        if self._format is None:
            return ()
        found = self._format.fidelity(self._archive.item(item), self._archive.key(item))
        return tuple(one for one in found.caveats if one.level is not Level.NONE and is_about_marks(one.code))


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
