"""Grades whole files of responses: every distinct response to an item once, whatever the number of learners.

CSV and Parquet are taken apart in blocks (`grading.csvblocks`), everything else row by row by the readers of
`grading.responses`. Both ways end in the same grader and the same table, and every row that was read is either
graded or in the list of problems.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from grading.answersheet import Amendment, ItemKey
from grading.crew import grading_in
from grading.decisions import Decision, Waiting
from grading.distinct import NOTHING_DECIDED, Distinct, sheet_of
from grading.gathering import Gathered, Progress, plain_frame, sorted_names
from grading.responses import Matcher, ResponseProblem, ResponseRow, UnreadableResponses, files_of
from grading.responses.answers import PrintedItem
from grading.responses.rows import Mark
from grading.verdicts import Grade

if TYPE_CHECKING:
    import polars


class GradedRow(msgspec.Struct, frozen=True):
    """One response and its grade. item: the id, however the file named it."""

    learner: str
    item: str
    grade: Grade
    attempt: int = 1
    submitted_at: str = ""
    file: str = ""
    line: int = 0


class Results(msgspec.Struct, frozen=True):
    """What came of a whole set of responses.

    frame: a polars table of learner, item, attempt, submitted_at, file, line, grade (the place in `grades`), reading.
    Learner, item and file are of the type Enum, with their names in the order of the alphabet; reading is null where
    it is that of the grade.
    grades: the distinct grades, but for their readings. problems: rows that could not be matched, file by file.
    waiting: responses, each different one once, of which something waits for a person. decided: what people settled
    of them, as (place of the grade, part, decision).
    given: the marks that a platform gave, by learner, item and attempt; totals: those of whole attempts, by learner and
    attempt. Both are empty where the files do not say.
    """

    frame: Any
    grades: tuple[Grade, ...]
    problems: tuple[ResponseProblem, ...]
    waiting: tuple[Waiting, ...] = ()
    decided: tuple[tuple[int, str, Decision], ...] = ()
    given: dict[tuple[str, str, int], Mark] = msgspec.field(default_factory=dict)
    totals: dict[tuple[str, int], Mark] = msgspec.field(default_factory=dict)

    @property
    def read(self) -> int:
        """How many responses were read: those graded and those with a problem."""
        return int(self.frame.height) + len(self.problems)

    def rows(self) -> Iterator[GradedRow]:
        """The graded responses, in the order in which they were read."""
        for learner, item, attempt, moment, file, line, place, reading in self.frame.iter_rows():
            grade = self.grades[place]
            if reading is not None:
                grade = msgspec.structs.replace(grade, reading=reading)
            yield GradedRow(learner, item, grade, attempt, moment, file, line)

    def table(self) -> polars.DataFrame:
        """The marks: learner, item, attempt, submitted_at, verdict, numerator, denominator, note, misconceptions.

        Scores are exact: integer numerators over one denominator for the whole table; null where there is no score.
        """
        import polars as pl

        denominator = math.lcm(*(grade.score.denominator for grade in self.grades if grade.score is not None))
        scores = [None if grade.score is None else grade.score * denominator for grade in self.grades]
        believed = [
            " ".join(dict.fromkeys(m for d in grade.diagnoses for m in d.misconceptions)) for grade in self.grades
        ]
        words = pl.DataFrame(
            {
                "grade": range(len(self.grades)),
                "verdict": [grade.verdict.value for grade in self.grades],
                "numerator": [None if score is None else int(score) for score in scores],
                "note": [grade.note for grade in self.grades],
                "misconceptions": believed,
            },
            schema={
                "grade": pl.UInt32,
                "verdict": pl.String,
                "numerator": pl.Int64,
                "note": pl.String,
                "misconceptions": pl.String,
            },
        )
        marks = self.frame.join(words, on="grade", how="left", maintain_order="left")
        table: polars.DataFrame = marks.select(
            pl.col("learner", "item").cast(pl.String), pl.col("attempt").cast(pl.Int64), "submitted_at",
            "verdict", "numerator", pl.lit(denominator).alias("denominator"), "note", "misconceptions",
        )  # fmt: skip
        return table


def grade_all(
    responses: str | Path | Iterable[ResponseRow],
    answer_sheet: Iterable[ItemKey],
    amendments: Sequence[Amendment] = (),
    on_progress: Progress | None = None,
    decisions: Mapping[str, Decision] = NOTHING_DECIDED,
    printed: Mapping[str, PrintedItem] | None = None,
    jobs: int = 1,
) -> Results:
    """Grade a file of responses, a folder of such files, or rows.

    answer_sheet: the keys of the quiz; a response names its item by id or by printed code. decisions: of people, by the
    id of what a response means, see `grading.decisions`.
    printed: what learners saw of an item, by its id, for reports that name options by their texts in a format.
    jobs: so many processes grade what is different; the results are the same. A program that asks for more than one
    has to be importable (``if __name__ == "__main__":`` before what it does).
    Raises UnreadableResponses for a file of which nothing can be read, KeyUnusable for a broken key or amendment,
    GraderLost if one of the processes was ended.

    >>> from grading.keys import ChoiceKey
    >>> from grading.answersheet import PartKey
    >>> key = ItemKey("q1", "r", "Q-7K3F", (PartKey("answer", ChoiceKey("a", ())),))
    >>> results = grade_all([ResponseRow("ana", "q-7k3f", "a"), ResponseRow("ben", "q2", "a")], [key])
    >>> [row.grade.note for row in results.rows()], results.problems[0].message, results.read
    (['choice:key'], 'the item “q2” is not in this quiz', 2)
    """
    matcher = Matcher(answer_sheet, printed)
    sheet = sheet_of(matcher.keys, amendments, decisions)
    with grading_in(jobs, sheet) as grader:
        distinct = Distinct(sheet, grader)
        gathered = Gathered(matcher, distinct, on_progress)
        if isinstance(responses, str | Path):
            files = files_of(responses)
            for file in files:
                try:
                    gathered.add_file(file)
                except UnreadableResponses as unreadable:
                    if len(files) == 1:
                        raise
                    gathered.problems.append(unreadable.problem)
        else:
            gathered.add_rows(iter(responses))
    return results_in(gathered, distinct)


def results_in(gathered: Gathered, distinct: Distinct) -> Results:
    """All that was gathered."""
    frame = gathered.frame()  # finds the last problems
    problems = tuple(gathered.problems)
    return Results(
        frame, distinct.grades, problems, distinct.waiting, distinct.decided, gathered.given, gathered.totals
    )


def results_of(rows: Iterable[GradedRow]) -> Results:
    """Graded rows, such as those of an earlier run, as one set; equal grades are kept once."""
    places: dict[Grade, int] = {}
    lines = []
    for row in rows:
        grade = msgspec.structs.replace(row.grade, reading="")
        place = places.setdefault(grade, len(places))
        moment, reading = row.submitted_at, row.grade.reading
        lines.append((row.learner, row.item, row.attempt, moment, row.file, row.line, place, reading or None))
    frame = plain_frame(lines)
    frame = frame.with_columns(*(sorted_names(frame[name]) for name in ("learner", "item", "file")))
    return Results(frame, tuple(places), ())
