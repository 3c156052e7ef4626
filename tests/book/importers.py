"""What the gradebooks of Moodle and Canvas do with a CSV that they import, after their own importers."""

from __future__ import annotations

import csv
import io
from typing import NamedTuple


class Refused(Exception):
    """The whole file is not imported."""


class User(NamedTuple):
    """A user of a platform."""

    id: int
    name: str
    login: str = ""
    sis: str = ""
    idnumber: str = ""
    email: str = ""


def table(data: bytes) -> list[list[str]]:
    """The cells, or `Refused`: a byte order mark before a quotation mark is an error for Ruby's reader."""
    if data.startswith(b"\xef\xbb\xbf"):
        raise Refused("a byte order mark")
    rows = list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))
    for row in rows:
        for cell in row:
            if cell[:1] in tuple("=+-@\t\r") and not cell.lstrip("+-").replace(".", "", 1).isdigit():
                raise Refused(f"a spreadsheet would calculate {cell}")
    return rows


def moodle(data: bytes, users: list[User], column: str, field: str, maximum: float) -> dict[int, float]:
    """Grades by user. column: which one of the file is mapped to which field of the users."""
    heads = {"Username": "login", "ID number": "idnumber", "Email address": "email", "User ID": "id"}
    header, *rows = table(data)
    place, grade = header.index(field), header.index(column)
    found: dict[int, float] = {}
    for row in rows:
        matching = [user for user in users if str(getattr(user, heads[field])) == row[place]]
        if len(matching) != 1:
            raise Refused(f"the user {row[place]} is not known")
        if not 0 <= float(row[grade]) <= maximum:
            raise Refused(f"the grade {row[grade]}")
        found[matching[0].id] = float(row[grade])
    return found


def _number(text: str) -> int:
    """As Ruby's to_i: the digits that a text begins with."""
    digits = ""
    for sign in text.strip():
        if not sign.isdigit():
            break
        digits += sign
    return int(digits or 0)


def canvas(data: bytes, users: list[User]) -> tuple[str, float, dict[int, float]]:
    """Title and maximum of the assignment, and scores by user; a row that matches nobody is Refused."""
    header, *rows = table(data)
    if "Student" not in header[0] or "ID" not in header[1] or header[2:5] != ["SIS User ID", "SIS Login ID", "Section"]:
        raise Refused("the header")
    by_id = {user.id: user for user in users}
    by_sis, by_login = {user.sis: user for user in users}, {user.login: user for user in users}
    by_name: dict[str, User] = {}
    for user in users:
        by_name.setdefault(user.name, user)
    maximum, found = 0.0, dict[int, float]()
    for row in rows:
        if "Points Possible" in row[0]:
            maximum = float(row[5])
            continue
        user = by_id.get(_number(row[1])) if row[1] else None
        user = user or (by_sis.get(row[2]) if row[2] else None) or (by_login.get(row[3]) if row[3] else None)
        user = user or by_name.get(row[0])
        if user is None:
            raise Refused(f"nobody is {row}")
        if user.id in found:
            raise Refused(f"two rows for {user}")
        found[user.id] = float(row[5])
    return header[5], maximum, found
