"""``canvas``: the CSV that the gradebook of Canvas imports.

Canvas looks for a person by its own ID, then by SIS ID, then by login, and in the end *by name*; a name that several
people have is therefore followed by the learner id, so that nobody gets the grade of a namesake. The column ID holds
what Canvas exported as its ID and nothing else: Canvas reads any text there as a number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from quizgen.book.gradebooks.contract import Gradebook, GradeRow, GradeTable, LeftOut, identity, is_exact
from quizgen.exporters.csv_table import row as csv_row
from quizgen.marks import decimal_points

COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
IDENTITIES = {"sis_login_id": "SIS Login ID", "sis_user_id": "SIS User ID", "id": "ID"}
MAXIMUM = "Points Possible"
NOT_EXACT = "a spreadsheet would calculate the id, so it is not in the file; enter this grade by hand"
NO_NUMBER = "the ID is not a number, which Canvas would misread; say what the ids are with --learner-is"


def write(table: GradeTable, left_out: list[LeftOut]) -> Iterator[bytes]:
    """The header, the row of the maximum, and one row for each learner."""
    yield csv_row([*COLUMNS, table.column])
    yield csv_row([f"    {MAXIMUM}", "", "", "", "", decimal_points(table.maximum)])
    shared = {name for name, count in Counter(map(_name, table.rows)).items() if count > 1}
    for row in table.rows:
        id_, user, login = (identity(table, row, name) for name in ("id", "sis_user_id", "sis_login_id"))
        if not all(map(is_exact, (id_, user, login))):
            left_out.append(LeftOut(row.learner, NOT_EXACT))
            continue
        if id_ and not (id_.isascii() and id_.isdigit()):
            left_out.append(LeftOut(row.learner, NO_NUMBER))
            continue
        name = _name(row)
        if name in shared and name != row.learner:
            name = f"{name} ({row.learner})"
        name = name.replace(MAXIMUM, MAXIMUM.replace(" ", "\u00a0"))  # a person, not the row above
        yield csv_row([name, id_, user, login, row.known.get("section", ""), decimal_points(row.points)])


def _name(row: GradeRow) -> str:
    return row.known.get("name") or row.learner


GRADEBOOK = Gradebook(
    id="canvas",
    title="Canvas",
    identities=tuple(IDENTITIES),
    takes_pending=False,
    write=write,
    next_step="in Canvas: Grades, Import; “{column}” becomes a new assignment of {maximum} points, unless --column "
    "says the name and the number of one that is there, as Canvas exports it: “Midterm (4711)”",
)
