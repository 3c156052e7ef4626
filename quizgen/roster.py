"""The roster: who sits the quiz, from a CSV file."""

from __future__ import annotations

import csv
from pathlib import Path

import msgspec

from quizgen.findings import Finding, FindingsError, Place

LONGEST_ID = 1000
LARGEST = 50_000_000
"""Bytes of a roster."""


class Learner(msgspec.Struct, frozen=True):
    """One person. id: as it will stand in the response files."""

    id: str


def read_roster(path: Path) -> tuple[Learner, ...]:
    """The learners of a CSV file with a header that has the column ``learner``, in the order of the file.

    Other columns are for people; nothing is drawn from them.

    Raises FindingsError with every fault at once: a missing column, an empty or repeated id, a NUL byte.
    """
    try:
        with Path(path).open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        reason = f"the roster cannot be read ({error.strerror})"
        raise FindingsError([_finding(path, 0, reason, "name a CSV file")]) from error
    if len(raw) > LARGEST:
        raise FindingsError([_finding(path, 0, f"the roster has more than {LARGEST:,} bytes", "name a CSV file")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise FindingsError([_finding(path, line, "a byte that is not UTF-8", "save the roster as UTF-8")]) from error
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise FindingsError([_finding(path, line, "a NUL byte", "save the roster as plain CSV text")])
    return _learners(path, text)


def _learners(path: Path, text: str) -> tuple[Learner, ...]:
    reader = csv.DictReader(text.splitlines(keepends=True), restkey="", restval="")
    header = [name.strip() for name in reader.fieldnames or ()]
    if "learner" not in header:
        shown = ", ".join(header[:8]) or "nothing"
        raise FindingsError(
            [_finding(path, 1, f"no column 'learner' (found: {shown})", "write a header line with 'learner'")]
        )
    reader.fieldnames = header
    learners: list[Learner] = []
    findings: list[Finding] = []
    first_line: dict[str, int] = {}
    try:
        for row in reader:
            if not any(field and field.strip() for field in row.values() if isinstance(field, str)):
                continue
            identity, line = (row.get("learner") or "").strip()[:LONGEST_ID], reader.line_num
            if not identity:
                findings.append(_finding(path, line, "a row without a learner id", "fill the column 'learner'"))
            elif identity in first_line:
                findings.append(
                    _finding(
                        path,
                        line,
                        f"the learner id '{identity}' was used in line {first_line[identity]} already",
                        "give every learner one row and an id of their own",
                    )
                )
            else:
                first_line[identity] = line
                learners.append(Learner(identity))
    except csv.Error as error:
        findings.append(_finding(path, reader.line_num, f"not CSV ({error})", "check the quotes in this line"))
    if not learners and not findings:
        findings.append(_finding(path, 1, "no learners", "write one row for each learner below the header"))
    if findings:
        raise FindingsError(findings)
    return tuple(learners)


def _finding(path: Path, line: int, message: str, remedy: str) -> Finding:
    return Finding(Place(str(path), line), "Q701", message, remedy)
