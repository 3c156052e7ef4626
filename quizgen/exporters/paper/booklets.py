"""Which files a quiz becomes on paper, and which questions stand in each.

With forms every learner gets a booklet with an answer sheet. Without, the whole pool of each slot is printed below
its heading, to choose from or to practise with. Keys stand in files of their own, in another folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Literal, TypeVar

import msgspec

from quizgen.archive import Archive
from quizgen.exporters.contract import Options
from quizgen.exporters.html_page import page_paths
from quizgen.model import Quiz, Sitting, Slot

T = TypeVar("T")
VOLUME = 200
"""The most questions, or forms, of a file that is not a learner's: a longer one takes long to set and to open."""


class Entry(msgspec.Struct, frozen=True):
    """A question in a file: its number there, the id of the item and the slot that it stands in."""

    number: int
    item: str
    slot: Slot | None


class Booklet(msgspec.Struct, frozen=True):
    """One file. path: without suffix. language: of its fixed words. sitting: whose it is, None for nobody's.

    entries: its questions; in a list of answers by learner there are none, but `forms`.
    """

    what: Literal["form", "pool", "key", "answers"]
    path: str
    language: str
    entries: tuple[Entry, ...] = ()
    sitting: Sitting | None = None
    forms: tuple[tuple[str, tuple[str, ...]], ...] = ()


def booklets(archive: Archive, options: Options) -> Iterator[Booklet]:
    """Every file of an export, those of learners first."""
    quiz = archive.quiz
    slots = {id_: slot for slot in quiz.slots for id_ in slot.item_ids}
    forms = tuple(form for form in quiz.forms if options.learner in ("", form[0]))
    chosen = {id_ for _, ids in forms for id_ in ids}
    every = [
        Entry(number, id_, slot)
        for number, (id_, slot) in enumerate(
            ((id_, slot) for id_, slot in slots.items() if not forms or id_ in chosen), 1
        )
    ]
    yield from _of_learners(quiz, forms, slots, tuple(id_ for id_, _ in quiz.forms))
    if not forms:
        for name, volume in _volumes("questions", every):
            yield Booklet("pool", name, quiz.language, volume)
    if archive.has_keys:
        for name, shared in _volumes("key/answers", forms):
            yield Booklet("answers", name, quiz.language, forms=shared)
        for name, volume in _volumes("key/key", every):
            yield Booklet("key", name, quiz.language, volume)


def _of_learners(
    quiz: Quiz, forms: Iterable[tuple[str, tuple[str, ...]]], slots: dict[str, Slot], learners: tuple[str, ...]
) -> Iterator[Booklet]:
    sittings = {sitting.learner: sitting for sitting in quiz.sittings}
    paths = page_paths(learners)
    for learner, ids in forms:
        sitting = sittings.get(learner) or Sitting(learner, minutes=quiz.minutes)
        entries = tuple(Entry(number, id_, slots.get(id_)) for number, id_ in enumerate(ids, 1))
        path = f"learners/{paths[learner].removesuffix('.html')}"
        yield Booklet("form", path, sitting.language or quiz.language, entries, sitting)


def _volumes(name: str, entries: Iterable[T]) -> Iterator[tuple[str, tuple[T, ...]]]:
    """(name, entries) of each file; the first has no number if it is the only one."""
    rest = list(entries)
    several = len(rest) > VOLUME
    left = iter(rest)
    number = 0
    while volume := tuple(islice(left, VOLUME)):
        number += 1
        yield (f"{name}-{number:03d}" if several else name), volume
