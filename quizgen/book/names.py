"""Lists of people, into the key file: what they are called, and what a platform calls them.

A CSV such as the roster of a quiz, the gradebook that Canvas exports, or the participants of Moodle. A row is about the
person whose learner id stands in it, in the column ``learner`` or, without one, in any of those that name people. Of
people who are not in the book nothing is kept.
"""

from __future__ import annotations

import csv
from pathlib import Path

import msgspec

from quizgen.book.errors import BookError
from quizgen.book.keyfile import KeyFile, Person

LARGEST = 100_000_000
"""Bytes of a list of people."""

COLUMNS = {
    "learner": "learner",
    "student": "name", "name": "name", "full name": "name", "display name": "name",
    "first name": "first_name", "last name": "last_name", "surname": "last_name",
    "id": "id", "user id": "id",
    "sis user id": "sis_user_id", "sis id": "sis_user_id", "sis login id": "sis_login_id",
    "section": "section", "group": "section",
    "username": "username", "id number": "idnumber", "idnumber": "idnumber",
    "email address": "email", "email": "email",
    "lms id": "lms_id",
}  # fmt: skip
"""What is kept, by the heading of the column."""

IDENTITIES = ("id", "sis_user_id", "sis_login_id", "username", "idnumber", "email", "lms_id")
"""What names one person on a platform."""


class Named(msgspec.Struct, frozen=True):
    """people: whom the list is about and the book knows. strangers: rows about nobody in it. doubtful: sentences about
    rows that were passed over."""

    people: int
    strangers: int
    doubtful: tuple[str, ...]


def add_names(key: KeyFile, path: Path) -> Named:
    """Puts what a list says of the people of a key file into it. Raises BookError if it is no such list."""
    text = _text(path)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(text))
    found: dict[str, Person] = {}
    strangers, doubtful = 0, []
    try:
        fields = [COLUMNS.get(_plain(title)) for title in next(reader, [])]
        if not set(fields) & {"learner", *IDENTITIES}:
            raise BookError(path, "has no column that names people", "head one of them “learner”")
        for cells in reader:
            row = _row(fields, cells)
            names = {row["learner"]} if row.get("learner") else {row[name] for name in IDENTITIES if row.get(name)}
            people = {name for name in map(key.pseudonym, names) if name in key.people}
            if len(people) == 1 and people.isdisjoint(found):
                found[people.pop()] = row
            elif people:
                fault = f"the row names {len(people)} people" if len(people) > 1 else "somebody is named a second time"
                doubtful.append(f"{path}:{reader.line_num}: {fault}; give everybody a row and a column “learner”")
            elif names:
                strangers += 1
    except csv.Error as error:
        raise BookError(
            f"{path}:{reader.line_num}", f"is not CSV ({error})", "check the quotes in this line"
        ) from error
    for row in found.values():
        row.pop("learner", None)
    key.change(add=found)
    return Named(len(found), strangers, tuple(doubtful))


def _row(fields: list[str | None], cells: list[str]) -> Person:
    row: Person = {}
    for field, cell in zip(fields, cells, strict=False):
        if field and cell.strip() and field not in row:
            row[field] = " ".join(cell.replace("\x00", "").split())
    first, last = row.pop("first_name", ""), row.pop("last_name", "")
    if "name" not in row and (first or last):
        row["name"] = f"{first} {last}".strip()
    return row


def _text(path: Path) -> str:
    with path.open("rb") as file:
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise BookError(path, f"has more than {LARGEST:,} bytes", "name a list of people")
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BookError(f"{path}:{line}", "a byte that is not UTF-8", "save the list as UTF-8") from error


def _delimiter(text: str) -> str:
    head = text.split("\n", 1)[0]
    return max(",;\t", key=head.count)


def _plain(title: str) -> str:
    return " ".join(title.replace("_", " ").replace("-", " ").lower().split())
