"""The files of marks with a line for each learner: ``marks.csv`` and the list in ``summary.json``.

They are put together in columns, a block of learners at a time: how many points look is written once for each
different number of points.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

from grading.answersheet import to_json
from grading.tally import PENDING, SETTLED
from quizgen.marks.counting import Marks, decimal_points
from quizgen.spreadsheet import dead

if TYPE_CHECKING:
    import polars

LEARNERS = 20_000
"""Those that are written at once."""


def marks_csv(marks: Marks) -> Iterator[str]:
    """``marks.csv``, many lines at once: learner, points in each slot (empty while there are none), sum, what could be
    reached, answers without a final score."""
    import polars as pl

    counted = marks.counted
    yield _cells(["learner", *(slot.id for slot in marks.slots), "points", "of", "pending"]) + "\n"
    for start in range(0, len(counted.learners), LEARNERS):
        block = slice(start, start + LEARNERS)
        names = pl.Series([_cells([dead(name)]) for name in counted.learners[block]])
        slots = _slots(marks, block, decimal_points, lambda number, text: text)
        sums = [_points(totals[block], counted.denominator, decimal_points) for totals in (counted.totals, counted.of)]
        cells = [names, *(column.fill_null("") for column in slots), *sums, _pending(marks, block)]
        yield pl.select(pl.concat_str(cells, separator=",")).to_series().str.join("\n").item() + "\n"


def learner_lines(marks: Marks) -> Iterator[list[str]]:
    """The JSON of everybody's `LearnerMarks`, a block of learners at a time."""
    import polars as pl

    counted = marks.counted
    shown, ids = _shown(marks), [_json(slot.id) for slot in marks.slots]
    for start in range(0, len(counted.learners), LEARNERS):
        block = slice(start, start + LEARNERS)
        names = pl.Series([_json(name) for name in counted.learners[block]])
        reached, of = (_points(totals[block], counted.denominator, str) for totals in (counted.totals, counted.of))
        slots = _slots(marks, block, str, lambda number, text: f'[{ids[number]},"{text}"]')
        parts = [
            '{"learner":', names, ',"points":"', reached, '","of":"', of, '","pending":', _pending(marks, block),
            ',"slots":[', pl.concat_str(slots, separator=",", ignore_nulls=True) if slots else "",
            '],"misconceptions":[', shown[block], "]}",
        ]  # fmt: skip
        columns = [pl.lit(part) if isinstance(part, str) else part for part in parts]
        yield pl.select(pl.concat_str(columns)).to_series().to_list()


def _shown(marks: Marks) -> polars.Series:
    """For each learner the misconceptions with the answers that show them, as JSON without its brackets."""
    import polars as pl

    shown = marks.shown
    names = shown["misconception"].cast(pl.String)
    pair = pl.concat_str(pl.lit('["'), names, pl.lit('",'), shown["count"], pl.lit("]"))
    mine = shown.select("learner", pair.alias("pair")).group_by("learner", maintain_order=True)
    texts = mine.agg(pl.col("pair").str.join(","))
    everybody = pl.DataFrame({"learner": pl.Series(range(len(marks.counted.learners)), dtype=shown["learner"].dtype)})
    return everybody.join(texts, on="learner", how="left", maintain_order="left")["pair"].fill_null("")


def _slots(
    marks: Marks, block: slice, points: Callable[[Fraction], str], shown: Callable[[int, str], str]
) -> list[polars.Series]:
    """For each slot what is shown of its points, null where there are none. shown: of the number of a slot and the
    text of its points."""
    import polars as pl

    counted = marks.counted
    found = []
    for number in range(len(marks.slots)):
        text = _points(counted.numerators[block, number], counted.denominator, points, partial(shown, number))
        settled = pl.Series(counted.states[block, number] == SETTLED)
        found.append(text.zip_with(settled, pl.Series([None], dtype=pl.String)))
    return found


def _points(
    numerators: Any, denominator: int, text: Callable[[Fraction], str], shown: Callable[[str], str] = str
) -> polars.Series:
    """The text of each number of points, as it is shown."""
    import numpy as np
    import polars as pl

    if not len(numerators):
        return pl.Series([], dtype=pl.String)
    different, places = np.unique(numerators, return_inverse=True)
    return pl.Series([shown(text(Fraction(int(value), denominator))) for value in different]).gather(places)


def _pending(marks: Marks, block: slice) -> polars.Series:
    import polars as pl

    return pl.Series((marks.counted.states[block] == PENDING).sum(axis=1)).cast(pl.String)


def _json(text: str) -> str:
    return to_json(text).decode()


def _cells(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().removesuffix("\n")
