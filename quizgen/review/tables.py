"""The list as a table; with its scores filled in, in any spreadsheet, it is the file of decisions."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from grading.decisions import Decision
from quizgen.review.listing import OpenAnswer
from quizgen.spreadsheet import dead

COLUMNS = (
    "id", "question", "code", "part", "kind", "why", "answer", "read_as", "near", "learners", "score", "comment",
    "marker",
)  # fmt: skip


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
