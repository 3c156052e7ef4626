"""What the class report says, as data: ``report.json``.

Shares lie between 0 and 1, numbers are rounded to four decimals. Nobody is named, and what only 1 to 4 learners did
is null. `docs/report.md` says what each number means.
"""

from __future__ import annotations

from typing import Any

import msgspec

from grading.answersheet import Amendment, to_json
from grading.statistics.distribution import Distribution
from grading.statistics.intervals import Interval
from grading.statistics.papers import PaperComparison
from grading.statistics.reliability import Reliability
from grading.statistics.variants import Sensitivity

FORMAT_VERSION = 1
DECIMALS = 4


class OptionResult(msgspec.Struct, frozen=True):
    """A way to answer a part of a question.

    role: ``key``, ``known`` (a known wrong answer), ``other`` (another wrong one), ``blank``, ``unreadable``,
    ``waiting``. misconceptions, title: behind a known wrong answer; of a plain option the title is its text.
    seen: learners whose variant knows this answer; chosen: by so many of them; null for 1 to 4. rest: mean share of
    the points that they have on the other questions. correlation: of choosing it with the points elsewhere.
    functioning: chosen by 5 % or more, who have fewer points elsewhere. suspect: the better learners choose it;
    probability: that this is chance, corrected by Holm over all of the quiz.
    """

    part: str
    role: str
    misconceptions: tuple[str, ...]
    title: str
    seen: int | None
    chosen: int | None
    share: float | None
    interval: Interval | None
    rest: float | None
    correlation: float | None
    correlation_interval: Interval | None
    functioning: bool | None
    probability: float | None
    suspect: bool


class Variant(msgspec.Struct, frozen=True):
    """A variant of a question. effect: share of the points that it gave more (or less) than its fellows to learners
    who are equal on all other questions; shrunk: the part of this that chance does not explain."""

    item: str
    code: str
    learners: int
    facility: float
    effect: float
    interval: Interval
    shrunk: float


class Question(msgspec.Struct, frozen=True):
    """A slot of the quiz. answered: learners with an answer that counts; scored: of these with a final score;
    null for 1 to 4.

    facility, discrimination, upper_lower: see the page. tail: learners in each of the groups of `upper_lower`.
    variants: those that could be compared; left_out: those with fewer than five learners; probability, corrected: of
    such differences by chance. void: taken out by an amendment.
    """

    slot: str
    number: int
    title: str
    points: float
    answered: int | None
    scored: int | None
    facility: float | None
    facility_interval: Interval | None
    discrimination: float | None
    discrimination_interval: Interval | None
    upper_lower: float | None
    tail: int
    options: tuple[OptionResult, ...]
    variants: tuple[Variant, ...]
    left_out: int
    probability: float | None
    corrected: float | None
    void: bool


class Move(msgspec.Struct, frozen=True):
    """A misconception in the first and the last attempt of the learners who could show it in both.

    first, last: share of the answers that show it. lost: learners who showed it at first and not at last; gained:
    the other way round; null for 1 to 4. probability: of so uneven a division of the two by chance, corrected by
    Holm.
    """

    learners: int
    first: float
    last: float
    lost: int | None
    gained: int | None
    probability: float


class Misconception(msgspec.Struct, frozen=True):
    """One that the quiz can show. holders: learners who are said to hold it, null for 1 to 4; share: of those asked.

    doubt: how many of the holders are expected not to hold it. undecided: learners of whom it cannot be said.
    shown: of `answers` that could show it so many did. questions: numbers of those that can.
    """

    id: str
    title: str
    questions: tuple[int, ...]
    asked: int
    holders: int | None
    share: float | None
    interval: Interval | None
    doubt: float | None
    undecided: int | None
    shown: int
    answers: int
    move: Move | None


class LookAt(msgspec.Struct, frozen=True):
    """A question to look at first. reason: a stable word; words: the sentence in the language of the report."""

    question: int
    reason: str
    words: str


class ClassReport(msgspec.Struct, frozen=True):
    """The whole report. learners, responses, attempts (the highest number of one), policy: which attempt counts.

    without_score: answers that count and have no final score yet. not_matched: rows that belong to no question.
    warnings: stable words for what has to be kept in mind, such as ``small-class``. papers: versions A, B compared as a
    whole; null if there are not two that five learners each had.
    """

    format_version: int
    quiz: str
    title: str
    language: str
    learners: int
    responses: int
    attempts: int
    policy: str
    points: float
    without_score: int
    not_matched: int
    warnings: tuple[str, ...]
    look_at: tuple[LookAt, ...]
    distribution: Distribution
    reliability: Reliability | None
    questions: tuple[Question, ...]
    misconceptions: tuple[Misconception, ...]
    sensitivity: Sensitivity | None
    amendments: tuple[Amendment, ...]
    papers: PaperComparison | None


def report_json(report: ClassReport) -> bytes:
    """``report.json``: the same report gives the same bytes."""
    return msgspec.json.format(to_json(_rounded(msgspec.json.decode(to_json(report)))), indent=2) + b"\n"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DECIMALS) + 0.0
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, list) else value
