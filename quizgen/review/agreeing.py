"""What several markers decided, each without seeing the others: where they agree, and where they do not."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import msgspec

from grading.decisions import Decision, DecisionProblem, read_decisions, table_of
from quizgen.review.tables import COLUMNS
from quizgen.spreadsheet import dead


class Disagreement(msgspec.Struct, frozen=True):
    """An answer that was not decided alike. row: of the list, by column; decisions: of those who decided."""

    id: str
    row: dict[str, str]
    decisions: tuple[Decision, ...]


class Agreement(msgspec.Struct, frozen=True):
    """What came of several lists. agreed: decided alike by at least two, or by the only one who decided.

    single: how many of these only one marker decided. open: nobody decided. rows: of the lists, by id.
    """

    agreed: tuple[Decision, ...]
    disagreements: tuple[Disagreement, ...]
    single: int
    open: int
    rows: dict[str, dict[str, str]]


def agree(paths: Iterable[Path | str]) -> Agreement:
    """Compare files of decisions. Raises DecisionProblem with everything that is wrong with them."""
    problems: list[str] = []
    rows: dict[str, dict[str, str]] = {}
    given: dict[str, list[Decision]] = {}
    for path in map(Path, paths):
        try:
            found = read_decisions([path])
            for _, row in table_of(path):
                if row["id"].strip():
                    rows.setdefault(row["id"].strip(), row)
        except DecisionProblem as problem:
            problems.extend(problem.problems)
            continue
        for id_, decision in found.items():
            given.setdefault(id_, []).append(decision)
    if problems:
        raise DecisionProblem(problems)
    agreed, disagreements, single = [], [], 0
    for id_ in rows:
        decisions = given.get(id_, [])
        if len({decision.score for decision in decisions}) > 1:
            disagreements.append(Disagreement(id_, rows[id_], tuple(decisions)))
        elif decisions:
            agreed.append(_together(decisions))
            single += len(decisions) == 1
    return Agreement(tuple(agreed), tuple(disagreements), single, len(rows) - len(agreed) - len(disagreements), rows)


def _together(decisions: list[Decision]) -> Decision:
    """One decision of all who decided alike."""
    markers = " and ".join(dict.fromkeys(decision.marker for decision in decisions))
    comments = " ".join(dict.fromkeys(decision.comment for decision in decisions if decision.comment))
    return msgspec.structs.replace(decisions[0], marker=markers, comment=comments)


def agreed_table(found: Agreement) -> str:
    """A file of decisions: what was agreed with its score, the rest with what each marker said instead."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*COLUMNS, "decided"])
    agreed = {decision.id: decision for decision in found.agreed}
    differing = {one.id: one.decisions for one in found.disagreements}
    for id_, row in found.rows.items():
        cells = {column: row.get(column, "") for column in COLUMNS}
        said = "; ".join(f"{one.marker}: {one.score}" for one in differing.get(id_, ()))
        if (decision := agreed.get(id_)) is not None:
            cells.update(score=str(decision.score), comment=decision.comment, marker=decision.marker)
        else:
            cells.update(score="", comment="", marker="")
        writer.writerow([*(dead(cells[column]) for column in COLUMNS), said])
    return out.getvalue()
