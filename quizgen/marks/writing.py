"""Puts everything that comes of a file of responses into a folder, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

import msgspec

from grading.answersheet import to_json
from grading.bulk import Results
from quizgen.archive import Archive
from quizgen.class_report import class_report, report_html, report_json
from quizgen.folders import written_as_a_whole
from quizgen.marks.counting import Marks
from quizgen.marks.details import DETAILS, DETAILS_TABLE, DetailsForm, details_lines, write_details_table
from quizgen.marks.tables import learner_lines, marks_csv

MARKS, SUMMARY = "marks.csv", "summary.json"
REPORT, REPORT_DATA = "report.html", "report.json"
FURTHER_FILES = ("regrade.csv", "regrade.md")
"""Those that are written where there is something to say in them."""
NOTHING_MORE: Mapping[str, str] = MappingProxyType({})
OLDER = ("report.md",)
"""Files of earlier versions, which may be replaced as well."""
OURS = frozenset((MARKS, DETAILS, DETAILS_TABLE, SUMMARY, REPORT, REPORT_DATA, *FURTHER_FILES, *OLDER))


def write_marks(
    folder: Path | str,
    archive: Archive,
    results: Results,
    marks: Marks,
    further: Mapping[str, str] = NOTHING_MORE,
    details: DetailsForm = "jsonl",
) -> tuple[Path, ...]:
    """Writes the five files into a folder, all or none, and returns their paths.

    further: texts of some of `FURTHER_FILES`, by their names. details: the form of the file of each response.

    An existing folder is replaced if it holds earlier marks and nothing else, refused otherwise (FolderError).
    """
    folder = Path(folder)
    detailed = DETAILS if details == "jsonl" else DETAILS_TABLE
    with written_as_a_whole(folder, _objection) as beside:
        with (beside / MARKS).open("w", encoding="utf-8", newline="") as text:
            text.writelines(marks_csv(marks))
        if details == "jsonl":
            with (beside / detailed).open("wb") as file:
                file.writelines(details_lines(archive, results))
        else:
            write_details_table(beside / detailed, archive, results)
        with (beside / SUMMARY).open("w", encoding="utf-8", newline="") as text:
            text.writelines(_summary(marks))
        report = class_report(archive, results, marks.attempts, _shares_of_points(marks), held=marks.beliefs)
        (beside / REPORT).write_text(report_html(report), encoding="utf-8")
        (beside / REPORT_DATA).write_bytes(report_json(report))
        for name, words in further.items():
            (beside / name).write_text(words, encoding="utf-8")
    return tuple(folder / name for name in (MARKS, detailed, SUMMARY, REPORT, REPORT_DATA, *further))


def _shares_of_points(marks: Marks) -> dict[str, Fraction]:
    """By learner the share of all points that was reached; who could reach none is left out."""
    counted = marks.counted
    return {
        learner: Fraction(int(reached), int(of))
        for learner, reached, of in zip(counted.learners, counted.totals, counted.of, strict=True)
        if of
    }


def _objection(folder: Path) -> str:
    strange = sorted(path.name for path in folder.iterdir() if path.name not in OURS)
    return f"holds {strange[0]}, which is not a file of marks" if strange else ""


def _summary(marks: Marks) -> Iterator[str]:
    """``summary.json``: what is known of the class, and at the end each learner on a line."""
    known = {
        "learners": len(marks.counted.learners),
        "responses": marks.result.responses,
        "not_matched": [str(problem) for problem in marks.problems],
        "amendments": marks.amendments,
        "verdicts": {verdict.value: count for verdict, count in marks.result.verdicts},
        "misconceptions": dict(marks.held),
        "slots": marks.result.items,
    }
    yield msgspec.json.format(to_json(known), indent=2).decode().removesuffix("\n}") + ',\n  "marks": ['
    between = "\n    "
    for lines in learner_lines(marks):
        yield between + ",\n    ".join(lines)
        between = ",\n    "
    yield "\n  ]\n}\n"
