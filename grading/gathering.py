"""The table of graded responses, gathered block by block.

Texts that stand in many rows (learners, items, files) are kept once, the rows hold numbers; a reading is kept only
where it differs from the one of the grade. A row takes about sixty bytes, however long the names are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from grading.csvblocks import RecordAt, cell_tables
from grading.distinct import Distinct, Found, Name
from grading.responses import (
    Matcher,
    ResponseProblem,
    ResponseRow,
    csv_table,
    read_responses,
    reader_of,
)
from grading.responses.rows import Mark, RowFault, cell
from grading.responses.sittings import Sitting

if TYPE_CHECKING:
    import polars

BATCH = 50_000
"""Rows of files other than tables of text and Parquet that are put into the table at once."""

Progress = Callable[[int], None]
"""Is told the number of responses read so far, about once a block."""

_WHITE = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace())
_SAME = ["learner", "item", "attempt"]


class Part(msgspec.Struct, frozen=True):
    """What was gathered of one file, to be put together with that of others. names, items, found: see `Distinct`."""

    frame: Any
    names: tuple[Name | None, ...]
    items: tuple[str, ...]
    found: tuple[Found, ...]
    problems: tuple[ResponseProblem, ...]
    given: dict[tuple[str, str, int], Mark]
    totals: dict[tuple[str, int], Mark]


class Gathered:
    """Collects graded rows. matcher: finds items; distinct: grades; on_progress: is told how many rows were read."""

    def __init__(self, matcher: Matcher, distinct: Distinct, on_progress: Progress | None = None) -> None:
        import polars as pl

        self.problems: list[ResponseProblem] = []
        self.given: dict[tuple[str, str, int], Mark] = {}
        self.totals: dict[tuple[str, int], Mark] = {}
        self._matcher, self._distinct = matcher, distinct
        self._on_progress = on_progress or (lambda _: None)
        self._frames: list[polars.DataFrame] = []
        self._read = 0
        names = {name: pl.Categorical(pl.Categories.random()) for name in ("learner", "file")}
        self._kinds: Any = {**_schema(), **names, "item": pl.Enum(sorted(matcher.keys))}

    def add_file(self, path: Path) -> None:
        """Add the responses of a file. Raises UnreadableResponses."""
        matcher = self._matcher
        if reader_of(path, matcher) is csv_table and (tables := cell_tables(path, self.problems.append)) is not None:
            for cells, record_at, columns in tables:
                self._add_cells(cells, record_at, columns, str(path))
            return
        self.add_rows(read_responses(path, self.problems.append, matcher, self._sitting))

    def add_rows(self, rows: Iterator[ResponseRow]) -> None:
        """Add rows, about which somebody else found nothing to say."""
        more = True
        while more:
            found, count = [], 0
            for row in islice(rows, BATCH):
                count += 1
                try:
                    found.append((self._matcher.item(row.item), row))
                except RowFault as fault:
                    self.problems.append(fault.at(row.file, row.line))
            self._frames.append(self._of_rows(found))
            self._told(count)
            more = count == BATCH

    def add_part(self, part: Part) -> None:
        """Add what was gathered elsewhere by the same sheet."""
        import polars as pl

        places = self._distinct.adopt(part.names, part.items, part.found)
        here = pl.Series(places, dtype=pl.UInt32)
        frame = part.frame.with_columns(
            here.gather(part.frame["grade"]).alias("grade"), pl.col("learner", "file").cast(pl.String)
        )
        self._frames.append(frame.cast(self._kinds))
        self.problems.extend(part.problems)
        for of, mark in part.given.items():
            self.given.setdefault(of, mark)
        self.totals.update(part.totals)
        self._told(part.frame.height + len(part.problems))

    def part(self) -> Part:
        """All that was added, to be added elsewhere."""
        distinct = self._distinct
        return Part(
            self._together(),
            tuple(distinct.names),
            tuple(distinct.items),
            tuple(distinct.found),
            tuple(self.problems),
            self.given,
            self.totals,
        )

    def frame(self) -> polars.DataFrame:
        """Everything that was added, without the rows that answer the same item in the same attempt again.

        Those become problems. The categories of learners, items and files are in the order of the alphabet.
        """
        frame = self._together()
        self._frames = []
        frame = self._once(frame)
        return frame.with_columns(*(sorted_names(frame[name]) for name in ("learner", "item", "file")))

    def _together(self) -> polars.DataFrame:
        import polars as pl

        return pl.concat(self._frames) if self._frames else pl.DataFrame(schema=self._kinds)

    def _told(self, count: int) -> None:
        self._read += count
        self._on_progress(self._read)

    def _sitting(self, sitting: Sitting) -> None:
        if sitting.total is not None:
            self.totals[sitting.learner, sitting.attempt] = sitting.total

    def _add_cells(self, cells: polars.DataFrame, record_at: RecordAt, columns: dict[str, int], file: str) -> None:
        """Add the rows of a table of cells. record_at: the record that starts at a line, for the odd ones."""
        import polars as pl

        count = cells.height
        items = self._items(cells["item"].unique().to_list())
        cells = cells.with_columns(
            pl.col("learner").str.strip_chars(_WHITE),
            pl.col("submitted_at").fill_null("").str.strip_chars(_WHITE),
            pl.col("item").replace_strict(
                list(items), list(items.values()), default=None, return_dtype=self._kinds["item"]
            ),
            _attempt(cells["attempt"]),
        )
        good = cells.select(
            (pl.col("learner") != "")
            & pl.all_horizontal(pl.col("learner", "item", "response", "attempt").is_not_null())
        ).to_series()
        if good.all():
            self._frames.append(self._graded(cells, file))
        else:
            odd = self._odd(cells.filter(~good)["line"], record_at, columns, file)
            self._frames.append(pl.concat([self._graded(cells.filter(good), file), odd]).sort("line"))
        self._told(count)

    def _items(self, names: list[str | None]) -> dict[str, str]:
        found = {}
        for name in names:
            try:
                if name is not None:
                    found[name] = self._matcher.item(name.strip())
            except RowFault:
                continue
        return found

    def _graded(self, cells: polars.DataFrame, file: str) -> polars.DataFrame:
        import polars as pl

        texts = pl.Categorical(pl.Categories.random())  # for this block alone: essays are not kept
        same = pl.col("item").to_physical().cast(pl.UInt64) * 2**32 + pl.col("response").cast(texts).to_physical()
        cells = cells.with_columns(same.alias("same"))
        distinct = cells.select("same", "item", "response").unique("same", keep="first", maintain_order=True)
        pairs = zip(distinct["item"].to_list(), map(cell, distinct["response"].to_list()), strict=True)
        words = pl.DataFrame(
            self._distinct.places(pairs), schema={"grade": pl.UInt32, "reading": pl.String}, orient="row"
        )
        words = words.with_columns(distinct["same"])
        rows = cells.drop("response").join(words, on="same", how="left", maintain_order="left")
        return rows.with_columns(file=pl.lit(file)).select(*self._kinds).cast(self._kinds)

    def _odd(self, lines: Iterable[int], record_at: RecordAt, columns: dict[str, int], file: str) -> polars.DataFrame:
        """Rows that the fast way does not take: the careful one takes them, or says what is wrong with them."""
        found = []
        for line in lines:
            try:
                row = csv_table.row_of(record_at(line), columns, file, line)
                found.append((self._matcher.item(row.item), row))
            except RowFault as fault:
                self.problems.append(fault.at(file, line))
        return self._of_rows(found)

    def _of_rows(self, rows: list[tuple[str, ResponseRow]]) -> polars.DataFrame:
        """The table of rows, each with the id of its item."""
        for item, row in rows:
            if row.given is not None:
                self.given.setdefault((row.learner, item, row.attempt), row.given)
        places = self._distinct.places((item, row.response) for item, row in rows)
        lines = [
            (row.learner, item, row.attempt, row.submitted_at, row.file, row.line, *place)
            for (item, row), place in zip(rows, places, strict=True)
        ]
        return plain_frame(lines).cast(self._kinds)

    def _once(self, frame: polars.DataFrame) -> polars.DataFrame:
        """The table without what answers an item again in the same attempt, which is a problem."""
        import polars as pl

        again = _repeated(frame)
        if again is None:
            return frame
        frame = frame.with_row_index("place")
        several = frame.filter(again)
        first = several.group_by(_SAME).agg(pl.col("place").min().alias("first"))
        several = several.join(first, on=_SAME, how="left", maintain_order="left")
        later = several.filter(pl.col("place") != pl.col("first"))
        earlier = frame[later["first"].to_list()]
        for row, before in zip(later.iter_rows(named=True), earlier.iter_rows(named=True), strict=True):
            self.problems.append(_again(row, before))
        return frame.filter(~pl.col("place").is_in(later["place"].implode())).drop("place")


def _repeated(frame: polars.DataFrame) -> polars.Series | None:
    """Which rows have learner, item and attempt in common with another; None if none has."""
    import numpy as np
    import polars as pl

    if frame.height < 2:
        return None
    learner, item, attempt = (frame[name].to_physical().cast(pl.UInt64).to_numpy() for name in _SAME)
    items, attempts = int(item.max()) + 1, int(attempt.max()) + 1
    if (int(learner.max()) + 1) * items * attempts >= 2**64:
        twice = frame.select(_SAME).is_duplicated()
        return twice if twice.any() else None
    keys = learner * np.uint64(items)
    keys += item
    keys *= np.uint64(attempts)
    keys += attempt
    del learner, item, attempt
    ordered = np.sort(keys)
    repeated = ordered[1:][ordered[1:] == ordered[:-1]]
    return pl.Series(np.isin(keys, repeated)) if len(repeated) else None


def sorted_names(names: polars.Series) -> polars.Series:
    """The names as an Enum in the order of the alphabet."""
    import polars as pl

    return names.cast(pl.Enum(names.unique().cast(pl.String).sort()))


def categories(names: polars.Series) -> list[str]:
    """The names that an Enum allows, in their order."""
    found: list[str] = names.dtype.categories.to_list()  # type: ignore[attr-defined]
    return found


def _schema() -> dict[str, Any]:
    import polars as pl

    text = pl.String
    return {
        "learner": text,
        "item": text,
        "attempt": pl.UInt32,
        "submitted_at": text,
        "file": text,
        "line": pl.Int64,
        "grade": pl.UInt32,
        "reading": text,
    }


def plain_frame(rows: list[tuple[Any, ...]]) -> polars.DataFrame:
    """The rows as a table of plain texts and numbers."""
    import polars as pl

    return pl.DataFrame(rows, schema=_schema(), orient="row")


def _attempt(cells: polars.Series) -> polars.Expr:
    """The number of the attempt: 1 if the cell is empty, null if it is no plain number."""
    import polars as pl

    if cells.null_count() == len(cells):
        return pl.lit(1, pl.UInt32).alias("attempt")
    text = pl.col("attempt").fill_null("")
    plain = pl.when(text.str.contains("^[0-9]{1,6}$")).then(text).cast(pl.UInt32)
    number = pl.when(text == "").then(pl.lit(1, pl.UInt32)).otherwise(plain)
    return pl.when(number > 0).then(number).alias("attempt")


def _again(row: dict[str, Any], before: dict[str, Any]) -> ResponseProblem:
    place = f"line {before['line']}" if before["file"] == row["file"] else f"{before['file']}:{before['line']}"
    message = f"{row['learner']} answers {row['item']} again in attempt {row['attempt']}; {place} was graded"
    return ResponseProblem(row["file"], row["line"], message, "remove one of the two rows or number the attempts")
