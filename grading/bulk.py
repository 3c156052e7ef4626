"""Grades whole files of responses: every distinct response to an item once, whatever the number of learners.

CSV is taken apart in blocks (`grading.csvblocks`), everything else row by row by the readers of
`grading.responses`. Both ways end in the same grader and the same table, and every row that was read is either
graded or in the list of problems.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec

from grading.amending import AmendmentUnusable, amended_key, applying
from grading.answersheet import Amendment, ItemKey
from grading.csvblocks import RecordAt, cell_tables
from grading.decisions import Decision, Waiting, settled, waiting
from grading.keys import NumericKey
from grading.marking import grade_item
from grading.numberline import NumberLine
from grading.responses import (
    Matcher,
    ResponseProblem,
    ResponseRow,
    UnreadableResponses,
    csv_table,
    files_of,
    read_responses,
    reader_of,
)
from grading.responses.answers import PrintedItem
from grading.responses.rows import Mark, RowFault, cell
from grading.responses.sittings import Sitting
from grading.verdicts import Grade

if TYPE_CHECKING:
    import polars

BATCH = 50_000
"""Rows of files other than CSV that are put into the table at once."""

NOTHING_DECIDED: Mapping[str, Decision] = MappingProxyType({})

Progress = Callable[[int], None]
"""Is told the number of responses read so far, about once a block."""

_WHITE = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace())


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
            if grade.reading != reading:
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
            "learner", "item", "attempt", "submitted_at", "verdict", "numerator",
            pl.lit(denominator).alias("denominator"), "note", "misconceptions",
        )  # fmt: skip
        return table


def grade_all(
    responses: str | Path | Iterable[ResponseRow],
    answer_sheet: Iterable[ItemKey],
    amendments: Sequence[Amendment] = (),
    on_progress: Progress | None = None,
    printed: Mapping[str, PrintedItem] | None = None,
    decisions: Mapping[str, Decision] = NOTHING_DECIDED,
) -> Results:
    """Grade a file of responses, a folder of such files, or rows.

    answer_sheet: the keys of the quiz; a response names its item by id or by printed code.
    printed: what learners saw of an item, by its id, for reports that name options by their texts in a format.
    decisions: of people, by the id of what a response means, see `grading.decisions`.
    Raises UnreadableResponses for a file of which nothing can be read, KeyUnusable for a broken key or amendment.

    >>> from grading.keys import ChoiceKey
    >>> from grading.answersheet import PartKey
    >>> key = ItemKey("q1", "r", "Q-7K3F", (PartKey("answer", ChoiceKey("a", ())),))
    >>> results = grade_all([ResponseRow("ana", "q-7k3f", "a"), ResponseRow("ben", "q2", "a")], [key])
    >>> [row.grade.note for row in results.rows()], results.problems[0].message, results.read
    (['choice:key'], 'the item “q2” is not in this quiz', 2)
    """
    marker = _Marker(Matcher(answer_sheet, printed), amendments, decisions)
    table = _Table(marker, on_progress or (lambda _: None))
    if isinstance(responses, str | Path):
        files = files_of(responses)
        for file in files:
            try:
                table.add_file(file)
            except UnreadableResponses as unreadable:
                if len(files) == 1:
                    raise
                table.problems.append(unreadable.problem)
    else:
        table.add_rows(iter(responses))
    return table.results()


def results_of(rows: Iterable[GradedRow]) -> Results:
    """Graded rows, such as those of an earlier run, as one set; equal grades are kept once."""
    places: dict[Grade, int] = {}
    lines = []
    for row in rows:
        grade = msgspec.structs.replace(row.grade, reading="")
        place = places.setdefault(grade, len(places))
        moment, reading = row.submitted_at, row.grade.reading
        lines.append((row.learner, row.item, row.attempt, moment, row.file, row.line, place, reading))
    return Results(_frame(lines), tuple(places), ())


class _Marker:
    """Finds items and grades each distinct response once."""

    def __init__(self, matcher: Matcher, amendments: Sequence[Amendment], decisions: Mapping[str, Decision]) -> None:
        self.grades: list[Grade] = []
        self.waiting: list[Waiting] = []
        self.decided: list[tuple[int, str, Decision]] = []
        self.matcher = matcher
        self._decisions = decisions
        self._keys = matcher.keys
        self._amendments = {item: applying(amendments, key) for item, key in self._keys.items()}
        for amendment in amendments:
            if not any(amendment in mine for mine in self._amendments.values()):
                place = f"slot “{amendment.slot}”" if amendment.item == "*" else f"item “{amendment.item}”"
                raise AmendmentUnusable(f"an amendment names the {place}, which is not in this quiz")
        self._known: dict[tuple[str, Any], int] = {}
        self._lines: dict[str, NumberLine | None] = {}
        self._cells: dict[tuple[str, int], int] = {}

    def item(self, name: str) -> str:
        """The id of the item that is named by id or by printed code. Raises RowFault."""
        return self.matcher.item(name)

    def grade(self, item: str, response: Any) -> tuple[int, str]:
        """The place of the grade in `grades`, and how this response was read."""
        if isinstance(response, str) and (line := self._line(item)) and (cell := line.cell(response)) is not None:
            place = self._cells.get((item, cell))
            if place is None:
                place = self._cells[item, cell] = self._new(item, response)
            return place, response
        try:
            name = (item, response if isinstance(response, str) else _encoded(response))
            place = self._known.get(name)
        except (TypeError, ValueError, RecursionError):  # rows from elsewhere may hold anything
            name, place = None, None
        if place is None:
            place = self._new(item, response)
            if name is not None:
                self._known[name] = place
        return place, self.grades[place].reading

    def _new(self, item: str, response: Any) -> int:
        key, place = self._keys[item], len(self.grades)
        grade = grade_item(key, response, self._amendments[item])
        grade, decided = settled(key, response, grade, self._decisions)
        self.decided.extend((place, part, decision) for part, decision in decided.items())
        self.grades.append(grade)
        self.waiting.extend(Waiting(place, item, *one) for one in waiting(key, response, grade))
        return place

    def _line(self, item: str) -> NumberLine | None:
        """The number line of an item that asks for nothing but a number and has no second key."""
        if item not in self._lines:
            key, amendments = self._keys[item], self._amendments[item]
            part = amended_key(key.parts[0], amendments)
            simple = len(key.parts) == 1 and not any(amendment.action == "accept" for amendment in amendments)
            self._lines[item] = NumberLine(part.key) if simple and isinstance(part.key, NumericKey) else None
        return self._lines[item]


def _encoded(response: Any) -> bytes:
    """The JSON of a canonical response. Raises ValueError for what JSON would make something else of, such as NaN."""
    encoded = msgspec.json.encode(response)
    if response is not None and msgspec.json.decode(encoded) != response:
        raise ValueError("not canonical")
    return encoded


class _Table:
    """Collects graded rows, block by block."""

    def __init__(self, marker: _Marker, on_progress: Progress) -> None:
        self._marker, self._on_progress = marker, on_progress
        self._frames: list[polars.DataFrame] = []
        self._read = 0
        self.problems: list[ResponseProblem] = []
        self.given: dict[tuple[str, str, int], Mark] = {}
        self.totals: dict[tuple[str, int], Mark] = {}

    def add_file(self, path: Path) -> None:
        matcher = self._marker.matcher
        if reader_of(path, matcher) is csv_table and (tables := cell_tables(path, self.problems.append)) is not None:
            for cells, record_at, columns in tables:
                self._add_cells(cells, record_at, columns, str(path))
            return
        self.add_rows(read_responses(path, self.problems.append, matcher, self._sitting))

    def _sitting(self, sitting: Sitting) -> None:
        if sitting.total is not None:
            self.totals[sitting.learner, sitting.attempt] = sitting.total

    def add_rows(self, rows: Iterator[ResponseRow]) -> None:
        more = True
        while more:
            found, count = [], 0
            for row in islice(rows, BATCH):
                count += 1
                try:
                    found.append(self._row(row))
                except RowFault as fault:
                    self.problems.append(fault.at(row.file, row.line))
            self._frames.append(_frame(found))
            self._read += count
            self._on_progress(self._read)
            more = count == BATCH

    def _add_cells(self, cells: polars.DataFrame, record_at: RecordAt, columns: dict[str, int], file: str) -> None:
        """Add the rows of a table of cells. record_at: the record that starts at a line, for the odd ones."""
        import polars as pl

        items = self._items(cells["item"].unique().to_list())
        cells = cells.with_columns(
            pl.col("learner").str.strip_chars(_WHITE),
            pl.col("submitted_at").fill_null("").str.strip_chars(_WHITE),
            pl.col("item").replace_strict(list(items), list(items.values()), default=None, return_dtype=pl.String),
            _attempt(),
        )
        good = (pl.col("learner") != "") & pl.all_horizontal(
            pl.col("learner", "item", "response", "attempt").is_not_null()
        )
        odd = self._odd(cells.filter(~good)["line"], record_at, columns, file)
        graded = self._graded(cells.filter(good), file)
        self._frames.append(pl.concat([graded, odd]).sort("line") if odd.height else graded)
        self._read += cells.height
        self._on_progress(self._read)

    def _items(self, names: list[str | None]) -> dict[str, str]:
        found = {}
        for name in names:
            try:
                if name is not None:
                    found[name] = self._marker.item(name.strip())
            except RowFault:
                continue
        return found

    def _graded(self, cells: polars.DataFrame, file: str) -> polars.DataFrame:
        import polars as pl

        distinct = cells.select("item", "response").unique(maintain_order=True)
        graded = [self._marker.grade(item, cell(response)) for item, response in distinct.iter_rows()]
        words = pl.DataFrame(graded, schema={"grade": pl.UInt32, "reading": pl.String}, orient="row")
        distinct = distinct.hstack(words)
        rows = cells.join(distinct, on=["item", "response"], how="left", maintain_order="left")
        return rows.with_columns(file=pl.lit(file)).select(*_schema())

    def _odd(self, lines: Iterable[int], record_at: RecordAt, columns: dict[str, int], file: str) -> polars.DataFrame:
        """Rows that the fast way does not take: the careful one takes them, or says what is wrong with them."""
        found = []
        for line in lines:
            try:
                found.append(self._row(csv_table.row_of(record_at(line), columns, file, line)))
            except RowFault as fault:
                self.problems.append(fault.at(file, line))
        return _frame(found)

    def _row(self, row: ResponseRow) -> tuple[Any, ...]:
        """The line of the table for a row. Raises RowFault if it names no item."""
        item = self._marker.item(row.item)
        if row.given is not None:
            self.given.setdefault((row.learner, item, row.attempt), row.given)
        place, reading = self._marker.grade(item, row.response)
        if not reading.isascii():
            reading = reading.encode("utf-8", "replace").decode()  # half a surrogate pair has no place in a table
        return row.learner, item, row.attempt, row.submitted_at, row.file, row.line, place, reading

    def results(self) -> Results:
        """Everything that was added, without the rows that answer the same item in the same attempt again."""
        import polars as pl

        frame = pl.concat(self._frames) if self._frames else pl.DataFrame(schema=_schema())
        frame = frame.with_row_index("place")
        same = ["learner", "item", "attempt"]
        first = frame.group_by(same).agg(pl.col("place").min().alias("first"))
        if first.height < frame.height:
            frame = frame.join(first, on=same, how="left", maintain_order="left")
            again = frame.filter(pl.col("place") != pl.col("first"))
            earlier = frame[again["first"].to_list()]
            for row, before in zip(again.iter_rows(named=True), earlier.iter_rows(named=True), strict=True):
                self.problems.append(_again(row, before))
            frame = frame.filter(pl.col("place") == pl.col("first"))
        marker = self._marker
        return Results(
            frame=frame.select(*_schema()),
            grades=tuple(marker.grades),
            problems=tuple(self.problems),
            waiting=tuple(marker.waiting),
            decided=tuple(marker.decided),
            given=self.given,
            totals=self.totals,
        )


def _schema() -> dict[str, Any]:
    import polars as pl

    text, whole = pl.String, pl.Int64
    return {
        "learner": text,
        "item": text,
        "attempt": whole,
        "submitted_at": text,
        "file": text,
        "line": whole,
        "grade": pl.UInt32,
        "reading": text,
    }


def _frame(rows: list[tuple[Any, ...]]) -> polars.DataFrame:
    import polars as pl

    return pl.DataFrame(rows, schema=_schema(), orient="row")


def _attempt() -> polars.Expr:
    """The number of the attempt: 1 if the cell is empty, null if it is no plain number."""
    import polars as pl

    text = pl.col("attempt").fill_null("")
    plain = pl.when(text.str.contains("^[0-9]{1,6}$")).then(text).cast(pl.Int64)
    number = pl.when(text == "").then(pl.lit(1, pl.Int64)).otherwise(plain)
    return pl.when(number > 0).then(number).alias("attempt")


def _again(row: dict[str, Any], before: dict[str, Any]) -> ResponseProblem:
    place = f"line {before['line']}" if before["file"] == row["file"] else f"{before['file']}:{before['line']}"
    message = f"{row['learner']} answers {row['item']} again in attempt {row['attempt']}; {place} was graded"
    return ResponseProblem(row["file"], row["line"], message, "remove one of the two rows or number the attempts")
