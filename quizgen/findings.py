"""Findings: what is wrong with a bank, a template or an input file, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

import msgspec


class Severity(Enum):
    ERROR = "error"
    WARNING = "warning"


class Place(msgspec.Struct, frozen=True, order=True):
    """A place in a file; line and column count from 1, 0 if unknown."""

    file: str
    line: int = 0
    column: int = 0
    length: int = 1

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}" if self.column else f"{self.file}:{self.line}"


class Finding(msgspec.Struct, frozen=True):
    """One thing for an author to mend.

    code: stable, such as ``Q104``. message: what is wrong with which value. remedy: what to do, imperative.
    source_line: the text of the line, for the caret.
    """

    place: Place
    code: str
    message: str
    remedy: str
    severity: Severity = Severity.ERROR
    source_line: str = ""

    def __str__(self) -> str:
        head = f"{self.place}: {self.code} {self.message}; {self.remedy}"
        if not (self.source_line and self.place.column):
            return head
        line = self.source_line.replace("\t", " ")
        start = max(0, self.place.column - 1 - 60)
        caret = " " * (self.place.column - 1 - start) + "^" * max(1, min(self.place.length, 40))
        return f"{head}\n    {line[start : start + 120]}\n    {caret}"


class FindingsError(Exception):
    """Raised where work cannot go on; carries all findings of the phase, in the order of their places."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))
