"""Papers: which items of the pools stand on the paper of each learner, or of each version.

A paper shows no sentence twice and no two questions that answer each other. Papers are made in the order of the
roster, each beginning a little further down the shuffled pools, so that neighbours see different variants and all
variants are used about equally often.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

import msgspec

from quizgen.assembly.matching import Candidate, Unmatched, matched
from quizgen.assembly.pools import Mark
from quizgen.model import Sitting, Slot
from quizgen.roster import Learner

if TYPE_CHECKING:
    from quizgen.sampling.draws import Source

Form = tuple[str, tuple[str, ...]]


class Trouble(msgspec.Struct, frozen=True):
    """Why a paper shows something twice. slots: the numbers of those that have too little between them."""

    why: str
    slots: tuple[int, ...]


class Papers(msgspec.Struct, frozen=True):
    """The papers of a quiz. troubles: of papers that show something twice, because no others can be made."""

    forms: tuple[Form, ...]
    sittings: tuple[Sitting, ...]
    troubles: tuple[Trouble, ...] = ()


class PaperMaker:
    """Makes papers from the pools of one quiz. marks: what each item shows, by id."""

    def __init__(self, slots: Sequence[Slot], marks: Mapping[str, tuple[Mark, ...]], source: Source) -> None:
        self._slots, self._marks, self._source = slots, marks, source
        self._pools: dict[str, tuple[tuple[Candidate[str], ...], ...]] = {}
        self.troubles: dict[Trouble, None] = {}

    def paper(self, language: str, number: int) -> tuple[str, ...]:
        """The paper number `number` (from 0) in a language, one item for each slot."""
        pools = self._shuffled(language)
        rows = [_rotated(pool, number) for pool in pools]
        found = matched(rows)
        if isinstance(found, Unmatched) and (again := _hardest_first(rows)) is not None:
            return again
        if isinstance(found, Unmatched):
            self.troubles[Trouble(self._why(found), tuple(found.places))] = None
            return tuple(row[0].value for row in rows)
        return found

    def _shuffled(self, language: str) -> tuple[tuple[Candidate[str], ...], ...]:
        if language not in self._pools:
            self._pools[language] = tuple(
                tuple(
                    Candidate(id_, self._marks[id_])
                    for id_ in self._source.stream("papers", 0, 0, f"{language}/{slot.id}").shuffle(
                        dict(slot.translations).get(language, slot.pool)
                    )
                )
                for slot in self._slots
            )
        return self._pools[language]

    def _why(self, found: Unmatched) -> str:
        slots = ", ".join(self._slots[place].id for place in found.places)
        marks = [mark for mark in found.marks if isinstance(mark, tuple)]
        names = sorted(str(name) for _, name in marks)
        what = "sentences" if all(kind == "sentence" for kind, _ in marks) else "things to show"
        shown = ", ".join(names[:6]) + (", …" if len(names) > 6 else "")
        only = "only " if len(names) < len(found.places) else ""  # else some question shows several of them
        return (
            f"the {len(found.places)} questions {slots} have {only}{len(names)} {what} between them ({shown}), "
            "so that a paper would show one twice"
        )


def _hardest_first(rows: Sequence[Sequence[Candidate[str]]]) -> tuple[str, ...] | None:
    """A choice where the questions that show most are chosen first, None if there is none that way.

    One that shows several sentences is hard to place once all the others have theirs.
    """
    most = [max(len(candidate.marks) for candidate in row) for row in rows]
    places = sorted(range(len(rows)), key=lambda place: -most[place])
    found = matched([rows[place] for place in places])
    if isinstance(found, Unmatched):
        return None
    return tuple(value for _, value in sorted(zip(places, found, strict=True)))


def make_papers(
    slots: Sequence[Slot],
    marks: Mapping[str, tuple[Mark, ...]],
    source: Source,
    language: str,
    *,
    roster: Sequence[Learner] = (),
    versions: Sequence[str] = (),
    minutes: int = 0,
) -> Papers:
    """The forms of a quiz: one for each learner, or one for each version if nobody is on the roster.

    versions: names such as A and B; learners get them in turn within their group, and all who have a version (and
    language) have the same paper. language: of learners who have none of their own. minutes: for the whole quiz.
    """
    maker = PaperMaker(slots, marks, source)
    pairs: list[tuple[Form, Sitting]] = []
    if not roster:
        for number, version in enumerate(versions):
            sitting = Sitting(version, version=version, language=language, minutes=minutes)
            pairs.append(((version, maker.paper(language, number)), sitting))
    else:
        for learner, version, number in _seated(roster, versions):
            own = learner.language or language
            sitting = Sitting(
                learner=learner.id,
                name=learner.name,
                group=learner.group,
                version=version,
                language=own,
                minutes=with_extra_time(minutes, learner.extra_time),
                large_print=learner.large_print,
                lms_id=learner.lms_id,
            )
            pairs.append(((learner.id, maker.paper(own, number)), sitting))
    forms, sittings = tuple(form for form, _ in pairs), tuple(sitting for _, sitting in pairs)
    said = any(sitting != Sitting(sitting.learner, language=language) for sitting in sittings)
    return Papers(forms, sittings if said else (), tuple(maker.troubles))


def _seated(roster: Sequence[Learner], versions: Sequence[str]) -> Iterator[tuple[Learner, str, int]]:
    """(learner, version or "", number of the paper)."""
    in_group: dict[str, int] = {}
    for number, learner in enumerate(roster):
        if versions:
            turn = in_group.get(learner.group, 0)
            in_group[learner.group] = turn + 1
            yield learner, versions[turn % len(versions)], turn % len(versions)
        else:
            yield learner, "", number


def with_extra_time(minutes: int, extra: Fraction) -> int:
    """Whole minutes with a share of extra time, rounded up; 0 if no time is set.

    >>> with_extra_time(90, Fraction(1, 4))
    113
    """
    return ceil(minutes * (1 + extra))


def _rotated(pool: Sequence[Candidate[str]], number: int) -> Sequence[Candidate[str]]:
    start = number % len(pool)
    return (*pool[start:], *pool[:start])
