"""``moodle``: the CSV that Moodle's gradebook imports: who, and the grade.

Moodle refuses the whole file if it does not know one person in it, and reads an empty grade as none; so the file has
those alone whom it can name and whose mark is final. UTF-8 without a byte order mark, every cell in quotation marks.
"""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.book.gradebooks.contract import Gradebook, GradeRow, GradeTable, LeftOut, identity, is_exact
from quizgen.exporters.csv_table import row as csv_row
from quizgen.marks import decimal_points

IDENTITIES = {"username": "Username", "idnumber": "ID number", "email": "Email address", "id": "User ID"}
NOT_EXACT = "a spreadsheet would calculate the id, so it is not in the file; enter this grade by hand"


def write(table: GradeTable, left_out: list[LeftOut]) -> Iterator[bytes]:
    """The header, and one row for each learner."""
    names = [name for name in IDENTITIES if all(identity(table, row, name) for row in table.rows)]
    names.sort(key=lambda name: name != table.learner_is)
    yield csv_row([*(IDENTITIES[name] for name in names), table.column])
    for row in table.rows:
        cells = [identity(table, row, name) for name in names]
        if not all(map(is_exact, cells)):
            left_out.append(LeftOut(row.learner, NOT_EXACT))
        else:
            yield csv_row([*cells, _grade(row)])


def _grade(row: GradeRow) -> str:
    return decimal_points(row.points)


GRADEBOOK = Gradebook(
    id="moodle",
    title="Moodle",
    identities=tuple(IDENTITIES),
    takes_pending=False,
    write=write,
    next_step="in Moodle: Grades, Import, CSV file; map “{identity}” from the file to the same field of the user, and "
    "“{column}” to a grade item with the maximum grade {maximum}",
)
