"""The list as a table; with its scores filled in, in any spreadsheet, it is the file of decisions."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from grading.decisions import Decision
from quizgen.review.listing import OpenAnswer

COLUMNS = (
    "id", "question", "code", "part", "kind", "why", "answer", "read_as", "near", "learners", "score", "comment",
    "marker",
)  # fmt: skip
_LIVE = "=+-@\t\r"


def review_table(answers: Iterable[OpenAnswer], marker: str = "", decided: Mapping[str, Decision] | None = None) -> str:
    """The list as CSV with empty scores. marker: who will fill them in. decided: scores that are known already."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in answers:
        known = (decided or {}).get(one.id)
        score, comment, by = (str(known.score), known.comment, known.marker) if known else ("", "", marker)
        cells = [one.id, one.title, one.code, one.part, one.kind, one.why, one.answer, one.read_as, one.near,
                 one.learners, score, comment, by]  # fmt: skip
        writer.writerow([dead(str(cell)) for cell in cells])
    return out.getvalue()


def dead(text: str) -> str:
    """A cell that no spreadsheet takes for a formula, whatever a learner wrote.

    >>> dead("=HYPERLINK(1)"), dead("-log p_2"), dead("log p_2")
    ("'=HYPERLINK(1)", "'-log p_2", 'log p_2')
    """
    return "'" + text if text[:1] and text[0] in _LIVE else text
