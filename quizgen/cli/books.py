"""What commands about a book share: where it and its key file are, and the moment that is written into it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from quizgen.folders import PlacedError

if TYPE_CHECKING:
    from quizgen.book.database import Book
    from quizgen.book.keyfile import KeyFile

F = TypeVar("F", bound=Callable[..., Any])

BOOK_HELP = "A file (SQLite) or postgresql://USER@HOST/NAME."
KEY_HELP = (
    "The key file with the names; FILE.key beside a book in a file by default. Also the variable QUIZGEN_BOOK_KEY."
)
_HEAD = 12
"""Bytes by which a file that may be replaced is known: what every file of that format begins with."""


def _moment(context: click.Context, parameter: click.Parameter, value: str | None) -> str:
    from quizgen.book.records import moment

    try:
        return moment(value) if value else moment(datetime.now(UTC).isoformat())
    except ValueError:
        raise click.BadParameter("write it as 2026-11-02 or 2026-11-02T10:30:00+01:00", context, parameter) from None


def at_option(name: str, text: str) -> Callable[[F], F]:
    """An option for a moment; the clock's by default."""
    return click.option(name, metavar="TIME", default=None, callback=_moment, help=text + " Now by default.")


def book_option(required: bool) -> Callable[[F], F]:
    """``--book``. Where it is not required no variable stands for it: nothing is kept unless it is asked for."""
    if not required:
        return click.option("--book", metavar="BOOK", help=f"Keep every attempt in this book. {BOOK_HELP}")
    text = f"{BOOK_HELP} Also the variable QUIZGEN_BOOK."
    return click.option("--book", metavar="BOOK", envvar="QUIZGEN_BOOK", required=True, help=text)


key_option = click.option("--book-key", "key", metavar="FILE", envvar="QUIZGEN_BOOK_KEY", help=KEY_HELP)


def key_path(book: str, key: str | None) -> Path:
    """Where the key file of a book is. Raises PlacedError if nobody said."""
    from quizgen.book.database import path_of

    if key:
        return Path(key)
    if (path := path_of(book)) is None:
        raise PlacedError("--book-key", "a book in PostgreSQL needs to be told where its key file is", "name a file")
    return path.with_name(path.name + ".key")


def opened(book: str, key: str | None) -> tuple[Book, KeyFile]:
    """A book that is there, with its key. Raises BookError."""
    from quizgen.book.database import open_book
    from quizgen.book.keyfile import open_key
    from quizgen.book.writing import bind

    found = open_book(book)
    names = open_key(key_path(book, key))
    bind(found, names)
    return found, names


def opened_to_write(book: str, key: str | None) -> tuple[Book, KeyFile]:
    """A book with its key; both are made if there is no book yet. Raises BookError."""
    from quizgen.book.database import open_book, setting
    from quizgen.book.keyfile import make_key, open_key
    from quizgen.book.writing import bind

    path = key_path(book, key)
    found = open_book(book, create=True)
    is_new = not found.read(lambda connection: setting(connection, "key"))
    names = make_key(path) if is_new and not path.exists() else open_key(path)
    bind(found, names)
    return found, names


def write_file(path: Path, chunks: Iterable[bytes]) -> None:
    """Writes a file beside its place and renames it. A file that begins otherwise stays as it is (PlacedError)."""
    target = Path(os.path.realpath(path))
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    try:
        with open(handle, "w+b") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            head = file.read(_HEAD)
        if target.exists() and not target.is_file():
            raise PlacedError(path, "is not an ordinary file", "name a file with -o")
        if target.exists() and _head(target) not in (b"", head):
            raise PlacedError(path, "is there already and holds something else", "choose another name with -o")
        os.replace(name, target)
    finally:
        Path(name).unlink(missing_ok=True)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)
