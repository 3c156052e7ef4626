"""The file with the rules of a course: from YAML to `grading.policy.Policy`, with everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

from grading.policy import ATTEMPTS, DIRECTIONS, Attempts, Late, Policy, Rounding, moment_of
from quizgen.findings import FindingsError
from quizgen.source import DataPath, Document, read_source

MOST_POINTS = 1000
MOST_MINUTES = 100_000

_SHARE = "write a share such as 10 % or 1/3"
_MOMENT = "write it with its offset from UTC: 2026-11-20T23:59+01:00"


def read_policy(path: Path | str) -> Policy:
    """The rules of a file. Raises FindingsError with everything that is wrong with it.

    The keys: ``attempts``, ``late`` (``due``, ``grace``, ``each_day``, ``at_most``, ``closed``), ``penalty``,
    ``invalid``, ``rounding`` (``to``, ``direction``, ``of``); each may be left out.
    """
    reader = _Reader(read_source(Path(path)).documents[0])
    policy = reader.policy()
    if reader.findings:
        raise FindingsError(reader.findings)
    return policy


def policy_of(rules: str | None, attempts: Attempts | None) -> Policy:
    """The rules of a file, if there is one, with another choice of attempts, if somebody made it."""
    policy = Policy() if rules is None else read_policy(rules)
    return policy if attempts is None else msgspec.structs.replace(policy, attempts=attempts)


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.findings: list[Any] = []

    def policy(self) -> Policy:
        data = self._mapping(self.document.data, (), ("attempts", "late", "penalty", "invalid", "rounding"))
        rounding = late = None
        if "late" in data:
            late = self._late(data["late"])
        if "rounding" in data:
            rounding = self._rounding(data["rounding"])
        return Policy(
            attempts=self._word(data, "attempts", (), ATTEMPTS),
            late=late,
            penalty=self._share(data, "penalty", (), Fraction(0)),
            invalid=self._word(data, "invalid", (), ("review", "zero")),
            rounding=rounding,
        )

    def _late(self, found: Any) -> Late | None:
        path: DataPath = ("late",)
        data = self._mapping(found, path, ("due", "grace", "each_day", "at_most", "closed"))
        due, closed = self._moment(data, "due", path), self._moment(data, "closed", path)
        if "due" not in data:
            self._report("lateness begins at `due`, which is missing", _MOMENT, path)
        if due is not None and closed is not None and closed <= due:
            self._report("`closed` is not after `due`", "choose a later moment, or leave it out", (*path, "closed"))
        grace = self._minutes(data, path)
        each_day = self._share(data, "each_day", path, Fraction(0))
        at_most = self._share(data, "at_most", path, Fraction(1))
        if not each_day and closed is None and "due" in data:
            self._report("lateness costs nothing here", "say `each_day: 10 %`, or `closed: …`", path)
        return None if due is None else Late(due, grace, each_day, at_most, closed)

    def _rounding(self, found: Any) -> Rounding | None:
        path: DataPath = ("rounding",)
        data = self._mapping(found, path, ("to", "direction", "of"))
        direction = self._word(data, "direction", path, DIRECTIONS)
        of = self._word(data, "of", path, ("total", "question"))
        step = _fraction(data.get("to", ""))
        if step is None or not 0 < step <= MOST_POINTS:
            remedy = "write the step of the points: to: 1/2"
            self._report("`to` must be a number above 0", remedy, (*path, "to") if "to" in data else path)
            return None
        return Rounding(step, direction, of)

    # ------------------------------------------------------------ values

    def _report(self, message: str, remedy: str, path: DataPath) -> None:
        self.findings.append(self.document.finding("Q730", message, remedy, path))

    def _mapping(self, found: Any, path: DataPath, keys: Sequence[str]) -> Mapping[str, Any]:
        from quizgen.template.values import did_you_mean

        if not isinstance(found, dict):
            said = f"`{path[-1]}` is" if path else "the rules are"
            self._report(f"{said} a mapping with {', '.join(keys)}", f"write {keys[0]}: …", path)
            return {}
        for key in found:
            if key not in keys:
                message, remedy = f"there is no key '{key}' here", did_you_mean(key, keys)
                self.findings.append(self.document.finding("Q730", message, remedy, (*path, key), of="key"))
        return found

    def _word(self, data: Mapping[str, Any], key: str, path: DataPath, known: Sequence[Any]) -> Any:
        value = data.get(key, known[0])
        if value not in known:
            self._report(f"there is no {key} '{value}'", f"use one of: {', '.join(known)}", (*path, key))
            return known[0]
        return value

    def _share(self, data: Mapping[str, Any], key: str, path: DataPath, default: Fraction) -> Fraction:
        if key not in data:
            return default
        share = _fraction(data[key])
        if share is None or not 0 <= share <= 1:
            self._report(f"`{key}` must be a share from 0 to 1", _SHARE, (*path, key))
            return default
        return share

    def _minutes(self, data: Mapping[str, Any], path: DataPath) -> int:
        value = data.get("grace", "0")
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 9:
            minutes = int(value)
            if minutes <= MOST_MINUTES:
                return minutes
        self._report("`grace` must be a whole number of minutes", "write grace: 15", (*path, "grace"))
        return 0

    def _moment(self, data: Mapping[str, Any], key: str, path: DataPath) -> datetime | None:
        if key not in data:
            return None
        moment = moment_of(data[key]) if isinstance(data[key], str) else None
        if moment is None or moment.tzinfo is None:
            self._report(f"`{key}` must be a moment", _MOMENT, (*path, key))
            return None
        return moment


def _fraction(value: Any) -> Fraction | None:
    """The number of a text such as ``1/3``, ``0.5`` or ``10 %``; None if it is none."""
    if not isinstance(value, str) or len(value) > 20 or "e" in value.lower() or "_" in value:
        return None
    text = value.strip()
    try:
        return Fraction(text[:-1].strip()) / 100 if text.endswith("%") else Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
