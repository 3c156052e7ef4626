"""``python -m tests.tables [file …]``: the rows that come out otherwise than they stand there, for who writes rows."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from grading import grade
from tests.tables.reading import read, share_of_unknown, tables, what_came_out


def main(names: list[str]) -> int:
    """Prints every row that differs; how many there are is the exit code (at most 1)."""
    chosen = [read(Path(name)) for name in names] if names else list(tables())
    wrong = 0
    for table in chosen:
        for row in table.rows:
            graded = grade(row.key, row.answer)
            found = what_came_out(graded, row.key)
            if found != (row.outcome, row.score, row.note, row.believed):
                wrong += 1
                print(f"{row.place} {row.answer[:80]!r}: {row.note} {row.believed or ''}")
                print(f"    found {found[2]} {found[3] or ''} score {found[1]}; read as {graded.reading[:100]!r}")
    rows = [row for table in chosen for row in table.rows]
    print(dict(Counter(row.outcome for row in rows)), f"{wrong} of {len(rows)} rows come out otherwise")
    print(f"{float(share_of_unknown(rows)):.2%} of the formulas are not decided")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
