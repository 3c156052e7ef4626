"""A book as a database: where it is, how its transactions begin and wait, and what is said when they fail."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, make_url, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from quizgen.book import migrations
from quizgen.book.errors import BookError
from quizgen.book.tables import META

T = TypeVar("T")

WAIT = 30.0
"""Seconds to wait for a locked database, or for one that is starting again."""

OUTSIDE = "quizgen_outside"
"""Option of a connection that runs a command outside of transactions."""

_WRITES = "quizgen_writes"
_PAUSE = 0.2
_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")
_PASSING = ("08", "57P0", "40001", "40P01")
"""How PostgreSQL numbers what will pass: lost connections, shut down or starting, two that waited for each other."""

_SENTENCES = (
    ("SQLITE_BUSY", "is in use by another program", "try again when that one is done; nothing was lost"),
    ("SQLITE_LOCKED", "is in use by another program", "try again when that one is done; nothing was lost"),
    ("SQLITE_FULL", "could not be written, the disk is full", "free some space and run the command again"),
    ("SQLITE_IOERR", "could not be written or read", "look for a full or failing disk and run the command again"),
    ("SQLITE_READONLY", "may not be written", "change its permissions, or name another book"),
    ("SQLITE_CANTOPEN", "cannot be opened", "check its name and its permissions"),
    ("SQLITE_NOTADB", "is not a database", "name the file of a book, or a new one"),
    ("SQLITE_CORRUPT", "is damaged", "take its last copy, and grade again what came after it; nothing doubles"),
    ("55P03", "is locked by another program", "try again when that one is done; nothing was lost"),
    ("53100", "could not be written, the server's disk is full", "free some space and run the command again"),
    ("28", "the server refused the user or the password", "check the address, PGUSER and PGPASSWORD"),
    ("3D000", "there is no such database on the server", "make it with: createdb"),
    ("42501", "the server refused for want of rights", "ask for the right to create tables and to write in them"),
)


class Book:
    """A book that was found or made. place: how it is called in messages, without a password."""

    def __init__(self, engine: Engine, place: str, wait: float) -> None:
        self.engine, self.place, self.wait = engine, place, wait

    @property
    def is_sqlite(self) -> bool:
        """Else it is in PostgreSQL."""
        return self.engine.dialect.name == "sqlite"

    def read(self, work: Callable[[Connection], T]) -> T:
        """What `work` finds, in one transaction. Raises BookError."""
        return self._tried(work, self.engine)

    def write(self, work: Callable[[Connection], T]) -> T:
        """What `work` changes, all or nothing. It is done again if the connection is lost, so it must not mind that
        it was done already. Raises BookError."""
        return self._tried(work, self.engine.execution_options(**{_WRITES: True}))

    def insert(self, table: Any) -> Any:
        """An insert into a table that leaves alone what is there already."""
        return (sqlite.insert if self.is_sqlite else postgresql.insert)(table).on_conflict_do_nothing()

    def _tried(self, work: Callable[[Connection], T], engine: Engine) -> T:
        deadline = time.monotonic() + self.wait
        while True:
            try:
                with engine.begin() as connection:
                    return work(connection)
            except DBAPIError as error:
                if not _will_pass(error) or time.monotonic() > deadline:
                    raise sentence(self.place, error) from error
            time.sleep(_PAUSE)


def open_book(address: str, create: bool = False, wait: float = WAIT) -> Book:
    """The book at an address, its tables brought to the newest version.

    address: a file (SQLite), ``sqlite:///FILE`` or ``postgresql://USER@HOST/NAME``. create: make it if there is none.
    wait: seconds to wait for a locked or restarting database. Raises BookError.
    """
    url = _url(address)
    if url.drivername == "sqlite":
        engine, place = _sqlite(url.database or "", create, wait)
    else:
        engine, place = _in_postgresql(url, wait)
    book = Book(engine, place, wait)
    found = book.read(migrations.version)
    if not found and not create:
        raise BookError(place, "holds no book yet", "write one with: quizgen grade RESPONSES --quiz OUT --book …")
    if found != migrations.NEWEST:
        book.write(lambda connection: migrations.upgrade(connection, place))
    return book


def setting(connection: Connection, name: str) -> str:
    """What the book says of itself under a name, "" if nothing."""
    return connection.execute(select(META.c.value).where(META.c.name == name)).scalar() or ""


def set_setting(connection: Connection, name: str, value: str) -> None:
    """Makes the book say so."""
    if not connection.execute(update(META).where(META.c.name == name).values(value=value)).rowcount:
        connection.execute(insert(META).values(name=name, value=value))


def turn(connection: Connection, alone: bool) -> None:
    """Waits for the turn in PostgreSQL: many may write at once, but nobody beside one who must be alone."""
    connection.execute(select(META.c.value).where(META.c.name == "version").with_for_update(read=not alone))


def path_of(address: str) -> Path | None:
    """The file of a book in SQLite, None for one in PostgreSQL. Raises BookError for neither."""
    url = _url(address)
    return Path(url.database or "") if url.drivername == "sqlite" else None


def sentence(place: str, error: DBAPIError) -> BookError:
    """What a person reads of an error of the database."""
    code = _code(error)
    for begins, message, remedy in _SENTENCES:
        if code.startswith(begins):
            return BookError(place, message, remedy)
    said = " ".join(str(error.orig).split()) or type(error.orig).__name__
    said = re.sub(r"^connection failed: ", "", said).replace("; ", ", ")[:200]
    return BookError(place, f"the database says: {said}", "check the address, and whether the server runs")


def _url(address: str) -> URL:
    if "://" not in address:
        return URL.create("sqlite", database=address)
    remedy = "name a file for SQLite, or postgresql://USER@HOST/NAME"
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise BookError("--book", "is no address of a database", remedy) from error
    if url.drivername in _POSTGRESQL:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite" or url.database in (None, "", ":memory:"):
        raise BookError("--book", f"a book cannot lie in {url.drivername}", remedy)
    return url


def _sqlite(database: str, create: bool, wait: float) -> tuple[Engine, str]:
    path = Path(database)
    if not path.exists():
        if not create:
            raise BookError(
                path, "there is no such book", "write one with: quizgen grade RESPONSES --quiz OUT --book FILE"
            )
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    elif not path.is_file():
        raise BookError(path, "is not an ordinary file", "name a file for the book")
    engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool, connect_args={"timeout": wait})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine, str(path)


def _on_connect(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say so, also those that make tables
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten, not only unlinked
    connection.execute("PRAGMA synchronous = FULL")


def _on_begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get(OUTSIDE):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(_WRITES) else "BEGIN")


def _in_postgresql(url: URL, wait: float) -> tuple[Engine, str]:
    place = url.set(drivername="postgresql").render_as_string(hide_password=True)
    options = f"-c lock_timeout={int(wait * 1000)} -c client_encoding=UTF8"
    try:
        engine = create_engine(
            url, poolclass=NullPool, connect_args={"connect_timeout": max(2, int(wait)), "options": options}
        )
        reached = _reached(engine)
    except (ImportError, NoSuchModuleError) as error:
        raise BookError(place, "needs the package psycopg", "pip install 'quizgen[postgresql]'") from error
    if isinstance(reached, DBAPIError):
        raise sentence(place, reached) from reached
    if reached != "UTF8":
        raise BookError(place, f"is in {reached} and cannot hold every script", "make it with: createdb -E UTF8")
    return engine, place


def _reached(engine: Engine) -> str | DBAPIError:
    """The encoding of the database, or why it was not reached. Of one that is just starting that is seen later."""
    try:
        with engine.connect() as connection:
            return str(connection.exec_driver_sql("SHOW server_encoding").scalar())
    except DBAPIError as error:
        return "UTF8" if "starting up" in str(error) or "shutting down" in str(error) else error


def _code(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None) or "")


def _will_pass(error: DBAPIError) -> bool:
    if hasattr(error.orig, "sqlite_errorname"):
        return False  # SQLite waited for itself
    lost = error.connection_invalidated or (not _code(error) and type(error.orig).__name__ == "OperationalError")
    return lost or _code(error).startswith(_PASSING)
