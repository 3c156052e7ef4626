"""The rules of a course by which graded responses become marks: attempts, lateness, penalties, rounding.

They are applied after grading and never change a verdict. All shares are exact.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from typing import Literal

import msgspec

from grading.verdicts import Grade, Verdict

Attempts = Literal["last", "first", "best", "average"]
Direction = Literal["nearest", "up", "down"]
ATTEMPTS: tuple[Attempts, ...] = ("last", "first", "best", "average")
DIRECTIONS: tuple[Direction, ...] = ("nearest", "up", "down")

NOT_LATE, CLOSED = 0, -1
"""Of `Late.days`: in time, and after the last moment at which anything counts."""

_DAY = timedelta(days=1)
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(Z|UTC|[+-]\d{2}:?\d{2})?", re.ASCII
)


class Late(msgspec.Struct, frozen=True):
    """What lateness costs.

    due: the last moment in time, with its offset from UTC. grace: minutes after it that cost nothing. each_day: share
    of the earned mark that each day or part of a day takes off. at_most: share that lateness takes off at the most.
    closed: from this moment on nothing is earned; None if there is no such moment.
    """

    due: datetime
    grace: int = 0
    each_day: Fraction = msgspec.field(default_factory=Fraction)
    at_most: Fraction = msgspec.field(default_factory=lambda: Fraction(1))
    closed: datetime | None = None

    def days(self, moment: datetime) -> int:
        """Days late, a part of one being one; `NOT_LATE` in time, `CLOSED` when nothing counts any more.

        moment: without an offset from UTC it is taken to be one of the zone in which `due` is written.

        >>> from datetime import timezone
        >>> late = Late(datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc), grace=10)
        >>> [late.days(datetime(2026, 11, day, 12, minute)) for day, minute in ((20, 10), (20, 11), (21, 10), (22, 0))]
        [0, 1, 1, 2]
        """
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self.due.tzinfo)
        if self.closed is not None and moment >= self.closed:
            return CLOSED
        over = moment - self.due
        if over <= timedelta(minutes=self.grace):
            return NOT_LATE
        return -(-(over - timedelta(minutes=self.grace)) // _DAY)


class Rounding(msgspec.Struct, frozen=True):
    """How points are rounded. to: their step, such as 1/2. of: each question's points, or the sum of all.

    direction: ``nearest`` goes up from the middle between two steps.
    """

    to: Fraction
    direction: Direction = "nearest"
    of: Literal["question", "total"] = "total"

    def rounded(self, points: Fraction) -> Fraction:
        """
        >>> half = Fraction(1, 2)
        >>> [str(Rounding(half, way).rounded(Fraction(7, 4))) for way in DIRECTIONS]
        ['2', '2', '3/2']
        """
        steps = points / self.to
        match self.direction:
            case "up":
                return math.ceil(steps) * self.to
            case "down":
                return math.floor(steps) * self.to
        return math.floor(steps + Fraction(1, 2)) * self.to


class Policy(msgspec.Struct, frozen=True):
    """The rules of a course.

    attempts: which attempt at a question counts; ``average`` is the mean of all. late: None if nobody is ever late.
    penalty: share of the question that each earlier attempt takes off, such as 1/3; an attempt that could not be read
    costs nothing. invalid: what a response earns that could not be read: ``review`` leaves it to a person, ``zero``
    says that it was wrong. rounding: None for exact marks.
    """

    attempts: Attempts = "last"
    late: Late | None = None
    penalty: Fraction = msgspec.field(default_factory=Fraction)
    invalid: Literal["review", "zero"] = "review"
    rounding: Rounding | None = None

    def earned(self, grade: Grade, days: int = NOT_LATE, earlier: int = 0) -> Fraction | None:
        """The share of the question that counts, in [0, 1]; None where there is none yet.

        days: as of `Late.days`. earlier: attempts before this one that could be read.

        >>> from grading.verdicts import scored
        >>> Policy(penalty=Fraction(1, 3)).earned(scored(Fraction(1), ""), earlier=2)
        Fraction(1, 3)
        """
        score = grade.score
        if score is None:
            return Fraction(0) if grade.verdict is Verdict.INVALID and self.invalid == "zero" else None
        score = max(Fraction(0), score - earlier * self.penalty)
        if days == CLOSED:
            return Fraction(0)
        if self.late is not None and days:
            score *= 1 - min(self.late.at_most, days * self.late.each_day)
        return score


def moment_of(text: str) -> datetime | None:
    """The moment that a response file names, ISO 8601 with or without an offset; None if it is none.

    >>> moment_of("2026-11-20 23:59:30 UTC").isoformat(), moment_of("2026-11-20T23:59").isoformat(), moment_of("soon")
    ('2026-11-20T23:59:30+00:00', '2026-11-20T23:59:00', None)
    """
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        return None
    day, time, zone = found.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{time[:15]}")
        return moment if zone is None else moment.replace(tzinfo=_zone(zone))
    except ValueError:
        return None


def _zone(text: str) -> timezone:
    if text in ("Z", "UTC"):
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
