"""The list of answers that wait for a person, one entry for each different meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from grading.answersheet import PartKey
from grading.bulk import Results
from grading.decisions import Waiting
from grading.keys import EssayKey
from grading.policy import Policy
from grading.verdicts import Verdict
from quizgen.archive import Archive
from quizgen.marks import counted_points

if TYPE_CHECKING:
    import polars

ESSAY, UNREAD, UNDECIDED = "essay", "unread", "undecided"


class OpenAnswer(msgspec.Struct, frozen=True):
    """One meaning that somebody has to decide on.

    id: of the meaning. slot, title, item, code, part: the question. kind: ``essay``, ``unread`` (it could not be read)
    or ``undecided``. why: the reason in words, or "". answer: as the first learner wrote it. spellings: how many
    different ones there are. read_as: how it was read, "" if it was not. near: titles of the misconceptions behind it.
    learners: who answered this, as a number; nobody's name is in the list.
    """

    id: str
    slot: str
    title: str
    item: str
    code: str
    part: str
    kind: str
    why: str
    answer: str
    spellings: int
    read_as: str
    near: str
    learners: int


def open_answers(archive: Archive, results: Results, policy: Policy | None = None) -> tuple[OpenAnswer, ...]:
    """What waits for a person: question by question in the order of the quiz, what most learners wrote first.

    policy: the rules of the course, by which attempts that do not count are left out. Where the best or the average
    counts, that depends on what is decided, so all are listed; so are they without rules.
    """
    learners = _learners(_counting(archive, results, policy), results)
    groups: dict[str, list[Waiting]] = {}
    for one in results.waiting:
        if learners.get(one.grade):
            groups.setdefault(one.id, []).append(one)
    slots = {item: (number, slot) for number, slot in enumerate(archive.quiz.slots) for item in slot.item_ids}
    codes = {item.id: item.code for item in archive.items()}
    found = []
    for id_, group in groups.items():
        first = group[0]
        number, slot = slots[first.item]
        key = next(part for part in archive.key(first.item).parts if part.id == first.part)
        count = len(frozenset().union(*(learners[one.grade] for one in group)))
        answer = OpenAnswer(
            id=id_,
            slot=slot.id,
            title=slot.title,
            item=first.item,
            code=codes[first.item],
            part=first.part,
            kind=_kind(key, first),
            why=first.open.refusal.message if first.open.refusal is not None else "",
            answer=first.response,
            spellings=len({one.response for one in group}),
            read_as=first.open.reading if first.open.verdict is Verdict.UNDECIDED and not _is_essay(key) else "",
            near=" / ".join(dict.fromkeys(diagnosis.title for diagnosis in first.open.diagnoses if diagnosis.title)),
            learners=count,
        )
        found.append(((number, first.item, first.part, -count, id_), answer))
    return tuple(answer for _, answer in sorted(found, key=lambda pair: pair[0]))


def _counting(archive: Archive, results: Results, policy: Policy | None) -> polars.DataFrame:
    """The responses that may count: a table of learner and grade."""
    one = policy is not None and policy.attempts in ("first", "last")
    rows: polars.DataFrame = counted_points(archive, results, policy).counted if one else results.frame
    return rows


def _learners(rows: polars.DataFrame, results: Results) -> dict[int, frozenset[str | int]]:
    """By the place of a grade that waits who got it."""
    import polars as pl

    places = sorted({one.grade for one in results.waiting})
    rows = rows.filter(pl.col("grade").is_in(places)).group_by("grade").agg(pl.col("learner").unique())
    return {place: frozenset(names) for place, names in rows.iter_rows()}


def _is_essay(key: PartKey) -> bool:
    return isinstance(key.key, EssayKey)


def _kind(key: PartKey, one: Waiting) -> str:
    if one.open.verdict is Verdict.INVALID:
        return UNREAD
    return ESSAY if _is_essay(key) else UNDECIDED
