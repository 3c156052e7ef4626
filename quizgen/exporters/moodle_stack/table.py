"""The question variables: the items of a pool as the rows of one table, and the names of what a row holds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quizgen.exporters.moodle_stack.maxima import PREFIX, listed, strings

ROW, TABLE, ITEM = f"{PREFIX}row", f"{PREFIX}table", f"{PREFIX}item"

SHORT = 80
"""The longest value that stands where it is used; STACK keeps 255 characters there."""


class Table:
    """What differs between the items of a pool, a column each; columns that are the same are one.

    notes: one for each item, to find it by.
    """

    def __init__(self, notes: Sequence[str]) -> None:
        self._notes = tuple(notes)
        self._columns: dict[tuple[str, ...], str] = {}
        self._same: dict[str, str] = {}

    @property
    def varies(self) -> bool:
        """Whether anything differs between the items."""
        return bool(self._columns)

    def cell(self, name: str, values: Sequence[str]) -> str:
        """What stands for these values, one for each item: the value if it is one and short, else a variable.

        name: of the variable, if there is none yet for such a column.

        >>> table = Table(["Q-1", "Q-2"])
        >>> table.cell("quizkey1", ["2", "3"]), table.cell("quizother", ["2", "3"]), table.cell("quizsame", ["4", "4"])
        ('quizkey1', 'quizkey1', '4')
        """
        column = tuple(values)
        if column[0] == column[-1] and column.count(column[0]) == len(column):
            return column[0] if len(column[0]) <= SHORT else self._same.setdefault(column[0], name)
        return self._columns.setdefault(column, name)

    def hole(self, texts: tuple[str, ...]) -> str:
        """CASText that shows one of these texts of HTML, one for each item."""
        return "{@" + self.cell(f"{PREFIX}text{len(self._columns) + 1}", strings(texts)) + "@}"

    def variables(self) -> str:
        """The question variables; "" if there is nothing to name.

        >>> table = Table(["Q-1 the first", "Q-2 the second"])
        >>> _ = table.cell("quizkey1", ["2", "log(p2)"])
        >>> print(table.variables(), end="")
        /* The deployed seed is the row of the table:
        1: Q-1 the first
        2: Q-2 the second */
        quizrow: ev(mod(stack_seed-1,2)+1,simp);
        quiztable: [
        [2],
        [log(p2)]
        ];
        quizitem: quiztable[quizrow];
        quizkey1: quizitem[1];
        """
        same = "".join(f"{name}: {value};\n" for value, name in self._same.items())
        if not self._columns:
            return same
        count = len(self._notes)
        notes = "\n".join(f"{number}: {_plain(note)}" for number, note in enumerate(self._notes, 1))
        rows = ",\n".join(map(listed, zip(*self._columns, strict=True)))
        names = "".join(f"{name}: {ITEM}[{place}];\n" for place, name in enumerate(self._columns.values(), 1))
        return (
            f"/* The deployed seed is the row of the table:\n{notes} */\n"
            f"{ROW}: ev(mod(stack_seed-1,{count})+1,simp);\n"
            f"{TABLE}: [\n{rows}\n];\n{ITEM}: {TABLE}[{ROW}];\n{names}{same}"
        )


def _plain(note: str) -> str:
    """A note that cannot end the comment it stands in."""
    return re.sub("[^A-Za-z0-9 ._:-]", "", note)
