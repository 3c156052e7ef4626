"""The details: each graded response with verdict, exact score, reason, reading and diagnosis.

Lines of JSON for people and small programs, or a Parquet table for many responses. Either is put together in columns:
what a grade has to say is written once for each different grade.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from grading.answersheet import decoder_of, to_json
from grading.bulk import GradedRow, Results, results_of
from grading.gathering import categories, sorted_names
from grading.verdicts import Diagnosis, Grade, Refusal, Verdict
from quizgen.archive import Archive
from quizgen.folders import PlacedError

if TYPE_CHECKING:
    import polars

DETAILS, DETAILS_TABLE = "details.jsonl", "details.parquet"
DetailsForm = Literal["jsonl", "parquet"]
ROWS = 200_000
"""Responses that are written at once; also those in a row group of Parquet."""
_REMEDY = "name a folder of `quizgen grade`"


class _Before(msgspec.Struct, frozen=True):
    """What a line says of a grade before its reading."""

    verdict: Verdict
    score: Fraction | None
    note: str


class _After(msgspec.Struct, frozen=True):
    """What a line says of a grade after its reading."""

    diagnosis: tuple[Diagnosis, ...]
    refusal: Refusal | None
    parts: tuple[tuple[str, Grade], ...]


class GradedAnswer(msgspec.Struct, frozen=True):
    """A line of ``details.jsonl``. place: file and line of the response. The other fields as in `Grade`."""

    learner: str
    item: str
    code: str
    slot: str
    attempt: int
    submitted_at: str
    verdict: Verdict
    score: Fraction | None
    note: str
    reading: str
    diagnosis: tuple[Diagnosis, ...]
    refusal: Refusal | None
    parts: tuple[tuple[str, Grade], ...]
    place: str


def details_lines(archive: Archive, results: Results) -> Iterator[bytes]:
    """The lines of ``details.jsonl``, many at once: each is a `GradedAnswer` as `to_json` writes it."""
    import polars as pl

    slot_of = {item: slot.id for slot in archive.quiz.slots for item in slot.item_ids}
    code_of = {item.id: item.code for item in archive.items()}
    frame = results.frame
    learners = _texts(f'{{"learner":{_json(name)},' for name in categories(frame["learner"]))
    items = _texts(
        f'"item":{_json(item)},"code":{_json(code_of[item])},"slot":{_json(slot_of[item])},"attempt":'
        if item in slot_of else ""
        for item in categories(frame["item"])
    )  # fmt: skip
    files = _texts(f',"place":{_json(file)[:-1]}:' for file in categories(frame["file"]))
    before = _texts(f",{_inside(_Before(one.verdict, one.score, one.note))}," for one in results.grades)
    reading = _texts(_json(one.reading) for one in results.grades)
    after = _texts(f",{_inside(_After(one.diagnoses, one.refusal, one.parts))}" for one in results.grades)
    for rows in frame.iter_slices(ROWS):
        grade = rows["grade"]
        read = _each(rows["reading"]).fill_null(reading.gather(grade))
        parts = [
            learners.gather(rows["learner"].to_physical()),
            items.gather(rows["item"].to_physical()),
            rows["attempt"].cast(pl.String),
            ',"submitted_at":',
            _each(rows["submitted_at"]),
            before.gather(grade),
            '"reading":',
            read,
            after.gather(grade),
            files.gather(rows["file"].to_physical()),
            rows["line"].cast(pl.String),
            '"}\n',
        ]
        columns = [pl.lit(part) if isinstance(part, str) else part for part in parts]
        text: str = pl.select(pl.concat_str(columns)).to_series().str.join("").item()
        yield text.encode()


def write_details_table(path: Path, archive: Archive, results: Results) -> None:
    """Writes ``details.parquet``: the fields of `GradedAnswer` as columns.

    Score, diagnosis, refusal and parts are the text that the line has for them, null where there is none;
    misconceptions are those of the diagnosis, with spaces between them.
    """
    import polars as pl

    slot_of = {item: slot.id for slot in archive.quiz.slots for item in slot.item_ids}
    code_of = {item.id: item.code for item in archive.items()}
    frame, grades = results.frame, results.grades
    item, grade = frame["item"].to_physical(), frame["grade"]
    items = categories(frame["item"])
    believed = (" ".join(dict.fromkeys(m for d in one.diagnoses for m in d.misconceptions)) for one in grades)
    reading = pl.Series([one.reading for one in grades], dtype=pl.String)
    columns = {
        "learner": frame["learner"],
        "item": frame["item"],
        "code": _named(code_of.get(name, "") for name in items).gather(item),
        "slot": _named(slot_of.get(name, "") for name in items).gather(item),
        "attempt": frame["attempt"],
        "submitted_at": frame["submitted_at"],
        "verdict": _named(one.verdict.value for one in grades).gather(grade),
        "score": _named(None if one.score is None else str(one.score) for one in grades).gather(grade),
        "note": _named(one.note for one in grades).gather(grade),
        "reading": frame["reading"].fill_null(reading.gather(grade)),
        "misconceptions": _named(believed).gather(grade),
        "diagnosis": _named(_json(one.diagnoses) if one.diagnoses else None for one in grades).gather(grade),
        "refusal": _named(None if one.refusal is None else _json(one.refusal) for one in grades).gather(grade),
        "parts": _named(_json(one.parts) if one.parts else None for one in grades).gather(grade),
        "file": frame["file"],
        "line": frame["line"],
    }
    pl.DataFrame(columns).write_parquet(path, row_group_size=ROWS, statistics=False)


def earlier_results(folder: Path | str) -> Results:
    """The grades of an earlier run of grading, from the details in its folder.

    Raises PlacedError if there are none, or if they are no details of ours.
    """
    table, lines = Path(folder) / DETAILS_TABLE, Path(folder) / DETAILS
    path = table if table.exists() else lines
    try:
        return _of_table(path) if path is table else _of_lines(path)
    except OSError as error:
        raise PlacedError(path, f"cannot be read ({error.strerror})", _REMEDY) from None
    except (msgspec.MsgspecError, ValueError) as error:
        raise PlacedError(path, f"is not what `quizgen grade` wrote ({error})", "name a folder of its own") from None


def _of_lines(path: Path) -> Results:
    decoder = decoder_of(GradedAnswer)
    rows = []
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            one = decoder.decode(line)
            grade = Grade(one.verdict, one.score, one.note, one.reading, one.diagnosis, one.refusal, one.parts)
            rows.append(GradedRow(one.learner, one.item, grade, one.attempt, one.submitted_at, str(path), number))
    return results_of(rows)


_OF_GRADE = ["verdict", "score", "note", "diagnosis", "refusal", "parts"]


def _of_table(path: Path) -> Results:
    import polars as pl

    wanted = ["learner", "item", "attempt", "submitted_at", "file", "line", "reading", *_OF_GRADE]
    try:
        frame = pl.read_parquet(path, columns=wanted)
    except pl.exceptions.PolarsError as error:
        raise ValueError(str(error).partition("\n")[0]) from None
    different = frame.select(_OF_GRADE).unique(maintain_order=True).with_row_index("grade")
    decoder = decoder_of(Grade)
    grades = tuple(decoder.decode(_grade_text(*row)) for _, *row in different.iter_rows())
    frame = frame.join(different, on=_OF_GRADE, how="left", nulls_equal=True, maintain_order="left").select(
        pl.col("learner", "item").cast(pl.String), "attempt", "submitted_at", pl.lit(str(path)).alias("file"),
        pl.int_range(1, pl.len() + 1).alias("line"), pl.col("grade").cast(pl.UInt32),
        pl.when(pl.col("reading") != "").then("reading"),
    )  # fmt: skip
    frame = frame.with_columns(*(sorted_names(frame[name]) for name in ("learner", "item", "file")))
    return Results(frame, grades, ())


def _grade_text(
    verdict: str, score: str | None, note: str, diagnosis: str | None, refusal: str | None, parts: str | None
) -> str:
    """The JSON of a grade without its reading."""
    return (
        f'{{"verdict":{_json(verdict)},"score":{_json(score)},"note":{_json(note)},'
        f'"diagnoses":{diagnosis or "[]"},"refusal":{refusal or "null"},"parts":{parts or "[]"}}}'
    )


def _json(value: Any) -> str:
    return to_json(value).decode()


def _inside(record: msgspec.Struct) -> str:
    """The fields of the JSON of a record."""
    return _json(record)[1:-1]


def _texts(texts: Iterator[str]) -> polars.Series:
    import polars as pl

    return pl.Series(list(texts), dtype=pl.String)


def _named(texts: Iterator[str | None]) -> polars.Series:
    """Texts of which many rows will have the same, kept once."""
    import polars as pl

    found: Sequence[str | None] = list(texts)
    return pl.Series(found, dtype=pl.Enum(sorted({text for text in found if text is not None})))


def _each(texts: polars.Series) -> polars.Series:
    """The JSON of each text; null where there is none."""
    import polars as pl

    different = texts.drop_nulls().unique()
    if len(different) == 0:
        return texts
    written = pl.Series([_json(text) for text in different.to_list()], dtype=pl.String)
    return texts.replace_strict(different, written, default=None, return_dtype=pl.String)
