"""Answers that are right for somebody else's variant: signals with their base rate, never verdicts.

Of a question with many variants, a wrong answer that is right for a variant which somebody else had may have been
copied. It may as well be chance: a frequent mistake in one variant can be the key of another. So every signal comes
with the share of the other variants for which that answer would be right, and the class with the number of such
answers that chance alone would give, taken from the variants that nobody had.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from fractions import Fraction

import msgspec

from grading.bulk import Results
from grading.keys import ChoiceKey, NumericKey, SymbolicKey, TextKey
from grading.marking import grade_item
from grading.verdicts import Verdict
from quizgen.archive import Archive
from quizgen.model import Slot
from quizgen.spreadsheet import dead

COMPARED = (ChoiceKey, NumericKey, SymbolicKey, TextKey)
FEWEST_UNUSED = 5
"""So many variants that nobody had are needed to say what chance would give."""
MOST_VARIANTS = 300
"""Variants of a pool that an answer is tried on, those that somebody had first."""


class Signal(msgspec.Struct, frozen=True):
    """A wrong answer that is right for a variant which somebody else had.

    code: of the learner's own variant. answer: as it was read. right_for: the codes of the others' variants. had_by:
    how many learners had one of them. share: of all other variants that were tried, for how many it is right.
    """

    learner: str
    slot: str
    code: str
    attempt: int
    answer: str
    right_for: tuple[str, ...]
    had_by: int
    share: Fraction


class Signals(msgspec.Struct, frozen=True):
    """compared: wrong answers that were tried on other variants. expected: signals that chance would give, None where
    too few variants were left over to say.
    """

    compared: int
    expected: Fraction | None
    signals: tuple[Signal, ...]


def signals_of(archive: Archive, results: Results) -> Signals:
    """The signals of a class, question by question, those that chance explains least first.

    Questions of one variant, of several parts, of two options, and those that a person marks give none.
    """
    found: list[Signal] = []
    compared, expected, unknown = 0, Fraction(0), False
    rows: dict[str, list[tuple[str, str, int, int]]] = {}
    for learner, item, attempt, place, reading in results.frame.select(
        "learner", "item", "attempt", "grade", "reading"
    ).iter_rows():
        read = results.grades[place].reading if reading is None else reading
        rows.setdefault(item, []).append((learner, read, attempt, place))
    for slot in archive.quiz.slots:
        for pool in (slot.pool, *(ids for _, ids in slot.translations)):
            look = _Pool(archive, slot, pool, rows, results)
            compared += look.compared
            found += look.signals
            if look.expected is None:
                unknown = unknown or look.compared > 0
            else:
                expected += look.expected
    found.sort(key=lambda one: (one.share, one.slot, one.learner, one.attempt))
    return Signals(compared, None if unknown else expected, tuple(found))


class _Pool:
    """The wrong answers of one question in one language."""

    def __init__(
        self,
        archive: Archive,
        slot: Slot,
        pool: Sequence[str],
        rows: dict[str, list[tuple[str, str, int, int]]],
        results: Results,
    ) -> None:
        self.compared, self.signals = 0, list[Signal]()
        self.expected: Fraction | None = Fraction(0)
        had = [item for item in pool if item in rows]
        if len(had) < 2:
            return
        tried = (had + [item for item in pool if item not in rows])[:MOST_VARIANTS]
        self._keys = {item: archive.key(item) for item in tried}
        first = self._keys[had[0]]
        if len(first.parts) != 1 or not isinstance(first.parts[0].key, COMPARED) or 0 < len(first.parts[0].options) < 3:
            return
        self._unused = [item for item in tried if item not in rows]
        if len(self._unused) < FEWEST_UNUSED:
            self.expected = None
        who = {item: {learner for learner, *_ in rows[item]} for item in had}
        for item in had:
            self.signals += self._of_item(slot, item, rows[item], who, results)

    def _of_item(
        self,
        slot: Slot,
        item: str,
        rows: list[tuple[str, str, int, int]],
        who: dict[str, set[str]],
        results: Results,
    ) -> Iterator[Signal]:
        known: dict[str, tuple[list[str], Fraction, Fraction]] = {}
        for learner, reading, attempt, place in rows:
            grade = results.grades[place]
            if grade.verdict not in (Verdict.INCORRECT, Verdict.PARTIAL) or grade.note == "void" or not reading:
                continue
            self.compared += 1
            if reading not in known:
                known[reading] = self._tried(item, reading, who)
            right, share, chance = known[reading]
            if self.expected is not None:
                self.expected += chance
            others = {one for other in right for one in who[other]} - {learner}
            if others:
                codes = tuple(self._keys[other].code for other in right)
                yield Signal(learner, slot.id, self._keys[item].code, attempt, reading, codes, len(others), share)

    def _tried(self, item: str, reading: str, who: dict[str, set[str]]) -> tuple[list[str], Fraction, Fraction]:
        """The variants that somebody had for which the answer is right, the share of all, and what chance gives."""
        right = [other for other in self._keys if other != item and grade_item(self._keys[other], reading).score == 1]
        had = [other for other in right if other in who]
        unused = len(right) - len(had)
        # How probably one of the variants that others had is met, at the rate of those that nobody had.
        rate = Fraction(unused, len(self._unused)) if self._unused else Fraction(0)
        chance = 1 - (1 - rate) ** (len(who) - 1)
        return had, Fraction(len(right), len(self._keys) - 1), chance


def signals_csv(found: Signals) -> str:
    """The signals as a table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["learner", "question", "code", "attempt", "answer", "right_for", "had_by", "share_of_variants"])
    for one in found.signals:
        cells = [one.learner, one.slot, one.code, one.attempt, one.answer, " ".join(one.right_for), one.had_by,
                 f"{float(one.share):.3f}"]  # fmt: skip
        writer.writerow([dead(str(cell)) for cell in cells])
    return out.getvalue()
