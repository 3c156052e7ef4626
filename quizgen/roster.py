"""The roster: who sits the quiz, from a CSV file."""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from pathlib import Path

import msgspec

from quizgen.findings import Finding, FindingsError, Place

LONGEST_ID = 1000
LARGEST = 50_000_000
"""Bytes of a roster."""

MOST_EXTRA_TIME = 3
"""Times the time that is set."""

_SHARE = re.compile(r"([0-9]{1,4}(?:[.,][0-9]{1,4})?)\s*(%?)")
_YES = ("yes", "y", "true", "1", "x", "ja", "j")
_NO = ("", "no", "n", "false", "0", "nein")


class Learner(msgspec.Struct, frozen=True):
    """One person. id: as it will stand in the response files.

    language: of the paper, "" for that of the quiz. extra_time: a share, 1/4 for a quarter more. lms_id: the name
    on the platform, if it is another one.
    """

    id: str
    name: str = ""
    group: str = ""
    language: str = ""
    extra_time: Fraction = msgspec.field(default_factory=Fraction)
    large_print: bool = False
    lms_id: str = ""


def read_roster(path: Path) -> tuple[Learner, ...]:
    """The learners of a CSV file with a header that has the column ``learner``, in the order of the file.

    Further columns, each as it is wanted: ``name``, ``group``, ``language`` (of the paper), ``extra_time`` (25 %),
    ``large_print`` (yes or no), ``lms_id``. All others are for people; nothing is drawn from them.

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
    header = [re.sub(r"[\s-]+", "_", name.strip().lower()) for name in reader.fieldnames or ()]
    if "learner" not in header:
        shown = ", ".join(header[:8]) or "nothing"
        raise FindingsError(
            [_finding(path, 1, f"no column 'learner' (found: {shown})", "write a header line with 'learner'")]
        )
    reader.fieldnames = header
    rows = _Rows(path)
    try:
        for row in reader:
            fields = {name: field.strip() for name, field in row.items() if isinstance(field, str)}
            if any(fields.values()):
                rows.read(fields, reader.line_num)
    except csv.Error as error:
        rows.report(reader.line_num, f"not CSV ({error})", "check the quotes in this line")
    if not rows.learners and not rows.findings:
        rows.report(1, "no learners", "write one row for each learner below the header")
    if rows.findings:
        raise FindingsError(rows.findings)
    return tuple(rows.learners)


class _Rows:
    """The rows read so far, and everything that is wrong with them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._first_line: dict[str, int] = {}
        self.learners: list[Learner] = []
        self.findings: list[Finding] = []

    def report(self, line: int, message: str, remedy: str) -> None:
        self.findings.append(_finding(self._path, line, message, remedy))

    def read(self, fields: dict[str, str], line: int) -> None:
        """One row. fields: by column, without the spaces around them."""
        identity = fields.get("learner", "")[:LONGEST_ID]
        if not identity:
            self.report(line, "a row without a learner id", "fill the column 'learner'")
            return
        if identity in self._first_line:
            self.report(
                line,
                f"the learner id '{identity}' was used in line {self._first_line[identity]} already",
                "give every learner one row and an id of their own",
            )
            return
        self._first_line[identity] = line
        self.learners.append(
            Learner(
                id=identity,
                name=fields.get("name", ""),
                group=fields.get("group", ""),
                language=fields.get("language", ""),
                extra_time=self._extra_time(fields.get("extra_time", ""), line),
                large_print=self._yes(fields.get("large_print", ""), line),
                lms_id=fields.get("lms_id", ""),
            )
        )

    def _extra_time(self, written: str, line: int) -> Fraction:
        found = _SHARE.fullmatch(written)
        if written and found is None:
            self.report(line, f"extra time '{written}'", "write a share of the time, such as 25 %")
        share = Fraction(found[1].replace(",", ".")) / (100 if found[2] else 1) if found else Fraction(0)
        if share > MOST_EXTRA_TIME:
            remedy = f"write a share such as 25 %, at most {MOST_EXTRA_TIME * 100} %"
            self.report(line, f"extra time '{written}' is too much", remedy)
        return share

    def _yes(self, written: str, line: int) -> bool:
        if written.lower() not in (*_YES, *_NO):
            self.report(line, f"large print '{written}'", "write yes or no")
        return written.lower() in _YES


def _finding(path: Path, line: int, message: str, remedy: str) -> Finding:
    return Finding(Place(str(path), line), "Q701", message, remedy)
