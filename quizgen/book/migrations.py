"""The versions of a book's tables: numbered steps, each applied once, in order, all or nothing.

A step is never edited once it has been released; what has to change is a further step. The words are SQL that SQLite
and PostgreSQL both understand, and both take back a change of tables when a transaction ends early.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from quizgen.book.errors import BookError

_KEY = "quiz INTEGER NOT NULL, person TEXT NOT NULL, item TEXT NOT NULL, number INTEGER NOT NULL"

STEPS: tuple[tuple[str, ...], ...] = (
    (  # 1: attempts and their grades
        "CREATE TABLE book_meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)",
        "CREATE TABLE book_quiz (id INTEGER NOT NULL PRIMARY KEY, digest TEXT NOT NULL UNIQUE, title TEXT NOT NULL)",
        f"CREATE TABLE book_attempt ({_KEY}, slot TEXT NOT NULL, submitted_at TEXT NOT NULL, "
        "recorded_at TEXT NOT NULL, PRIMARY KEY (quiz, person, item, number), "
        "FOREIGN KEY (quiz) REFERENCES book_quiz (id))",
        f"CREATE TABLE book_grade ({_KEY}, seq INTEGER NOT NULL, verdict TEXT NOT NULL, score TEXT, "
        "note TEXT NOT NULL, reading TEXT NOT NULL, misconceptions TEXT NOT NULL, parts TEXT NOT NULL, "
        "reason TEXT NOT NULL, graded_at TEXT NOT NULL, PRIMARY KEY (quiz, person, item, number, seq), "
        "FOREIGN KEY (quiz, person, item, number) REFERENCES book_attempt (quiz, person, item, number))",
        "INSERT INTO book_meta (name, value) VALUES ('version', '0')",
    ),
    (  # 2: people can be forgotten, old attempts leave, and a grade says which version of quizgen gave it
        "CREATE TABLE book_forgotten (person TEXT NOT NULL PRIMARY KEY, forgotten_at TEXT NOT NULL)",
        "CREATE INDEX book_attempt_person ON book_attempt (person)",
        "CREATE INDEX book_attempt_recorded_at ON book_attempt (recorded_at)",
        "ALTER TABLE book_grade ADD COLUMN engine TEXT NOT NULL DEFAULT ''",
    ),
)

NEWEST = len(STEPS)

_LOCK = 7_140_211_523
"""Names the lock that makes two programs take turns in PostgreSQL; any number that nobody else uses."""


def version(connection: Connection) -> int:
    """The version of the tables, 0 if there is no book."""
    if not inspect(connection).has_table("book_meta"):
        return 0
    return int(connection.execute(text("SELECT value FROM book_meta WHERE name = 'version'")).scalar_one())


def upgrade(connection: Connection, place: str, newest: int = NEWEST) -> int:
    """Takes the steps that a book lacks, inside the caller's transaction, and returns the version it had.

    place: for messages. newest: to stop earlier. Raises BookError for the book of a later quizgen and for a file that
    is another database.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
    before = version(connection)
    if before > NEWEST:
        raise BookError(place, f"is the book of a later quizgen (version {before}, this one knows {NEWEST})", "update")
    if not before and connection.dialect.name == "sqlite" and (others := inspect(connection).get_table_names()):
        raise BookError(place, f"is another database (it has a table {others[0]!r})", "name another file for the book")
    for number in range(before, newest):
        for statement in STEPS[number]:
            connection.execute(text(statement + _suffix(connection, statement)))
        connection.execute(text("UPDATE book_meta SET value = :n WHERE name = 'version'"), {"n": str(number + 1)})
    return before


def _suffix(connection: Connection, statement: str) -> str:
    """Tables with a key of several columns are their own index in SQLite."""
    keyed = connection.dialect.name == "sqlite" and ", PRIMARY KEY (quiz" in statement
    return " WITHOUT ROWID" if keyed else ""
