"""The list of answers that wait for a person, one entry for each different meaning."""

from __future__ import annotations

import msgspec

from grading.answersheet import PartKey
from grading.bulk import Results
from grading.decisions import Waiting
from grading.keys import EssayKey
from grading.verdicts import Verdict
from quizgen.archive import Archive

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


def open_answers(archive: Archive, results: Results) -> tuple[OpenAnswer, ...]:
    """What waits for a person: question by question in the order of the quiz, what most learners wrote first."""
    learners = _learners(results)
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


def _learners(results: Results) -> dict[int, frozenset[str]]:
    """By the place of a grade that waits who got it."""
    import polars as pl

    places = sorted({one.grade for one in results.waiting})
    rows = results.frame.filter(pl.col("grade").is_in(places)).group_by("grade").agg(pl.col("learner").unique())
    return {place: frozenset(names) for place, names in rows.iter_rows()}


def _is_essay(key: PartKey) -> bool:
    return isinstance(key.key, EssayKey)


def _kind(key: PartKey, one: Waiting) -> str:
    if one.open.verdict is Verdict.INVALID:
        return UNREAD
    return ESSAY if _is_essay(key) else UNDECIDED
