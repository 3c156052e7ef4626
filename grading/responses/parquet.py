"""Parquet: blocks of rows, in memory that does not grow with the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from grading.responses.rows import Report
from grading.responses.streams import refused

if TYPE_CHECKING:
    import polars

BLOCK = 500_000
"""Rows that are read at once."""


def recognises(start: bytes) -> bool:
    """Whether a file that begins like this is one."""
    return start.startswith(b"PAR1")


def columns_of(path: Path) -> list[str]:
    """The names of the columns. Raises UnreadableResponses."""
    import polars as pl

    with _clear_of_errors(path):
        return pl.scan_parquet(path).collect_schema().names()


def blocks(path: Path) -> Iterator[polars.DataFrame]:
    """The rows as tables of texts. Raises UnreadableResponses for a damaged file, possibly after some rows."""
    import polars as pl

    with _clear_of_errors(path):
        rows = pl.scan_parquet(path)
        texts = rows.select(*(_as_text(name, kind) for name, kind in rows.collect_schema().items()))
        yield from texts.collect_batches(chunk_size=BLOCK, maintain_order=True)


def records(path: Path, report: Report) -> Iterator[tuple[int, list[str]]]:
    """The header and the rows, numbered from 1. Raises UnreadableResponses."""
    yield 0, columns_of(path)
    number = 0
    for block in blocks(path):
        for row in block.iter_rows():
            number += 1
            yield number, [cell or "" for cell in row]


def _as_text(name: str, kind: polars.DataType) -> polars.Expr:
    """A column as texts; lists and objects as JSON, as `grading.responses.rows.cell` reads it."""
    import polars as pl

    column = pl.col(name)
    if kind == pl.String:
        return column
    if isinstance(kind, pl.List | pl.Array | pl.Struct | pl.Object):
        return column.map_elements(_json, return_dtype=pl.String)
    if isinstance(kind, pl.Date | pl.Datetime | pl.Time):
        return column.dt.to_string("iso")
    return column.cast(pl.String, strict=False)


def _json(value: object) -> str:
    if hasattr(value, "to_list"):
        value = value.to_list()
    return msgspec.json.encode(value).decode()


@contextmanager
def _clear_of_errors(path: Path) -> Iterator[None]:
    import polars as pl

    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise refused(path, "the Parquet file is damaged or cut off", "write or download it again") from error
