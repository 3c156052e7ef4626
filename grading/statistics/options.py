"""What was answered instead of the key, how often, and by whom: option pull and distractor functioning.

A distractor functions if at least 5 % choose it and those who do have fewer points elsewhere (Haladyna, T. M. &
Downing, S. M. (1993), Educ. Psychol. Meas. 53, 999-1010). One that the better learners choose may be right as well.
Options are told apart by the misconception behind them, because in each variant they have other words; plain ones by
their text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal

import msgspec

from grading.answersheet import ItemKey, PartKey
from grading.keys import ChoiceKey, EssayKey
from grading.statistics.answers import Answers, by_number, item_of_grades
from grading.statistics.intervals import Interval, correlation_interval, f_tail, holm, wilson
from grading.statistics.items import LEAST, correlation
from grading.statistics.scores import Scores
from grading.verdicts import Grade, Verdict

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEWEST, ENOUGH = 0.05, 20
"""A distractor that a smaller share chooses does no work; it is said if so many learners could choose it."""
Role = Literal["key", "known", "other", "blank", "unreadable", "waiting"]
ROLES: tuple[Role, ...] = ("key", "known", "other", "blank", "unreadable", "waiting")


class Answered(msgspec.Struct, frozen=True, order=True):
    """A way to answer a part. role: the ``key``, a ``known`` wrong answer, an ``other`` one, ``blank``,
    ``unreadable``, ``waiting`` for a person. misconceptions: behind a known one. text: of a plain option, else ""."""

    part: str
    role: Role
    misconceptions: tuple[str, ...] = ()
    text: str = ""


class Pull(msgspec.Struct, frozen=True):
    """How a way to answer drew learners.

    seen: learners whose variant knows this answer; shares are of these. chosen: by so many; 1 to 4 are told as None,
    with everything that says more.
    rest: mean share of the points that they have elsewhere. correlation: of choosing it with the points elsewhere.
    functioning: of a known wrong answer, see above. suspect: the better learners choose it; probability: that this
    is chance, corrected by Holm over all known wrong answers of the quiz.
    """

    answered: Answered
    seen: int
    chosen: int | None
    share: float | None = None
    interval: Interval | None = None
    rest: float | None = None
    correlation: float | None = None
    correlation_interval: Interval | None = None
    functioning: bool | None = None
    probability: float | None = None
    suspect: bool = False


class SlotPull(msgspec.Struct, frozen=True):
    """One slot. learners: whose answer counts. pulls: part by part, the key first."""

    slot: str
    learners: int
    pulls: tuple[Pull, ...]


def option_pull(
    answers: Answers, keys: Mapping[str, ItemKey], scores: Scores, least: int = LEAST
) -> tuple[SlotPull, ...]:
    """Of each slot, in their order. keys: of the items, by id."""
    import numpy as np

    totals, found = scores.totals, []
    order = by_number(answers.slot, len(answers.places))
    order = order[answers.counts[order]]
    item_of = item_of_grades(answers)
    starts = np.searchsorted(answers.slot[order], np.arange(len(answers.places) + 1))
    for column, place in enumerate(answers.places):
        rows = order[starts[column] : starts[column + 1]]
        who, grade = answers.learner[rows], answers.grade[rows]
        rest = totals[who] - scores.points[who, column]
        elsewhere = sum(scores.worth) - scores.worth[column]
        pulls = []
        for answered, chose, seen in _ways(answers, keys, place.items, item_of, grade):
            pulls.append(_pull(answered, chose[seen], rest[seen], elsewhere, least))
        found.append(SlotPull(place.slot, len(rows), tuple(pulls)))
    return _corrected(found)


def _ways(
    answers: Answers,
    keys: Mapping[str, ItemKey],
    items: tuple[str, ...],
    item_of: NDArray[np.int32],
    grade: NDArray[np.int32],
) -> Iterator[tuple[Answered, NDArray[np.bool_], NDArray[np.bool_]]]:
    """Every way to answer a slot that was met or that a key knows, which of the rows answered so, and which could."""
    import numpy as np

    used = np.flatnonzero(np.bincount(grade, minlength=1))
    local = np.searchsorted(used, grade)
    common = _common_texts([keys[item] for item in items])
    ways: dict[Answered, NDArray[np.bool_]] = {}
    seen: dict[Answered, NDArray[np.bool_]] = {}
    knows = {item: tuple(dict.fromkeys(_known(keys[item], common))) for item in items}
    for known in knows.values():
        for answered in known:
            ways[answered], seen[answered] = np.zeros(len(used), bool), np.zeros(len(used), bool)
    for number, place in enumerate(used.tolist()):
        item = answers.items[item_of[place]]
        met = answered_of(keys[item], answers.grades[place], common)
        for answered in met:
            ways.setdefault(answered, np.zeros(len(used), bool))[number] = True
        for answered in (*knows[item], *met):
            seen.setdefault(answered, np.zeros(len(used), bool))[number] = True
    everybody = np.ones(len(grade), bool)
    parts = {part.id: n for item in items for n, part in enumerate(keys[item].parts)}
    for answered in sorted(
        ways, key=lambda way: (parts[way.part], ROLES.index(way.role), way.misconceptions, way.text)
    ):
        yield answered, ways[answered][local], seen[answered][local] if answered.role == "known" else everybody


def _common_texts(keys: list[ItemKey]) -> frozenset[tuple[str, str]]:
    """(part, text) of the options that every variant has."""
    sets = [{(part.id, text) for part in key.parts for _, text in part.options} for key in keys]
    return frozenset(set.intersection(*sets)) if sets else frozenset()


def _known(key: ItemKey, common: frozenset[tuple[str, str]]) -> Iterator[Answered]:
    for part in key.parts:
        if isinstance(part.key, EssayKey):
            continue
        yield Answered(part.id, "key")
        texts = dict(part.options)
        for rival in part.key.rivals:
            if rival.misconceptions:
                yield Answered(part.id, "known", rival.misconceptions)
            elif isinstance(part.key, ChoiceKey):
                yield _plain(part, texts.get(rival.value, rival.value), common)


def _plain(part: PartKey, text: str, common: frozenset[tuple[str, str]]) -> Answered:
    return Answered(part.id, "known", (), text) if (part.id, text) in common else Answered(part.id, "other")


def answered_of(key: ItemKey, grade: Grade, common: frozenset[tuple[str, str]] = frozenset()) -> list[Answered]:
    """How an item was answered: one way for each part, or several where one answer shows several beliefs."""
    parts = dict(grade.parts) if len(key.parts) > 1 else {key.parts[0].id: grade}
    found: list[Answered] = []
    for part in key.parts:
        if (graded := parts.get(part.id)) is not None:
            found.extend(_answered(part, graded, common))
    return found


def _answered(part: PartKey, grade: Grade, common: frozenset[tuple[str, str]]) -> list[Answered]:
    match grade.verdict:
        case Verdict.INVALID:
            return [Answered(part.id, "unreadable")]
        case Verdict.UNDECIDED | Verdict.PARTIALLY_GRADED:
            return [Answered(part.id, "waiting")]
        case Verdict.CORRECT:
            return [Answered(part.id, "key")]
    if grade.note == "blank":
        return [Answered(part.id, "blank")]
    named = [Answered(part.id, "known", d.misconceptions) for d in grade.diagnoses if d.misconceptions]
    if named:
        return list(dict.fromkeys(named))
    if isinstance(part.key, ChoiceKey):
        return [_plain(part, grade.reading, common)]
    return [Answered(part.id, "other")]


def _pull(answered: Answered, chose: NDArray[np.bool_], rest: NDArray[np.int64], elsewhere: int, least: int) -> Pull:
    import numpy as np

    learners, chosen = len(chose), int(chose.sum())
    distractor = answered.role == "known"
    useless = False if distractor and learners >= ENOUGH and chosen < FEWEST * learners else None
    if 0 < learners < least or 0 < chosen < least:
        return Pull(answered, learners, None, functioning=useless)
    if not chosen:
        interval = wilson(0.0, learners) if learners else None
        return Pull(answered, learners, 0, 0.0 if learners else None, interval, functioning=useless)
    share = chosen / learners
    r = correlation(chose.astype(np.int64), rest)
    mean = int(rest[chose].sum()) / (chosen * elsewhere) if elsewhere else None
    return Pull(
        answered,
        learners,
        chosen,
        share,
        wilson(share, learners),
        mean,
        r,
        None if r is None else correlation_interval(r, learners),
        (share >= FEWEST and r is not None and r < 0) if distractor else None,
        _chance_of(r, learners) if distractor and r is not None else None,
    )


def _chance_of(r: float, learners: int) -> float | None:
    """The one-sided probability of so high a correlation by chance (Student's t)."""
    if learners < 4 or abs(r) >= 1:
        return None
    both = f_tail(r * r / (1 - r * r) * (learners - 2), 1, learners - 2)
    return both / 2 if r > 0 else 1 - both / 2


def _corrected(found: list[SlotPull]) -> tuple[SlotPull, ...]:
    """With Holm's correction over all distractors of the quiz."""
    raw = [pull.probability for slot in found for pull in slot.pulls if pull.probability is not None]
    corrected = iter(holm(raw))
    done = []
    for slot in found:
        pulls = []
        for pull in slot.pulls:
            if pull.probability is not None:
                probability = next(corrected)
                pull = msgspec.structs.replace(pull, probability=probability, suspect=probability < 0.05)
            pulls.append(pull)
        done.append(msgspec.structs.replace(slot, pulls=tuple(pulls)))
    return tuple(done)
