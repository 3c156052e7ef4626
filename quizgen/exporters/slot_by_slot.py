"""The items of a quiz, slot by slot, written by several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import TypeVar

from quizgen.exporters.contract import Options
from quizgen.garbage import seldom_collected
from quizgen.model import Quiz, Slot
from quizgen.processes import in_processes

R = TypeVar("R")
S = TypeVar("S")
T = TypeVar("T")

AT_ONCE = 50
"""Items that are written in one go."""

WORTHWHILE = 200
"""Items for which it pays to begin processes."""


def slot_by_slot(
    slots: Sequence[tuple[S, Sequence[str]]], write_one: Callable[[S, str], R], options: Options
) -> Iterator[tuple[S, Iterator[R]]]:
    """Each slot with what is written of its items; all of a slot is taken before the next one.

    slots: or what is known of them, each with the ids of the items that are wanted. write_one: called with a slot and
    such an id, maybe in another process, so that it changes nothing here, and what it gives can be pickled.

    >>> slots = [(Slot("s01", "Losses", (), ()), ("a", "b")), (Slot("s02", "", (), ()), ("c",))]
    >>> [(slot.title, list(texts)) for slot, texts in slot_by_slot(slots, lambda slot, id_: slot.id + id_, Options())]
    [('Losses', ['s01a', 's01b']), ('', ['s02c'])]
    """
    places = [(slot, id_) for slot, ids in slots for id_ in ids]

    def write_some(some: Sequence[tuple[S, str]]) -> list[R]:
        return [write_one(slot, id_) for slot, id_ in some]

    written = chain.from_iterable(some_at_once(places, write_some, options))
    for slot, ids in slots:
        yield slot, islice(written, len(ids))


def some_at_once(things: Sequence[T], work: Callable[[Sequence[T]], R], options: Options) -> Iterator[R]:
    """What is made of some items after the other, in their order, by as many processes as may be if there are many.

    >>> list(some_at_once(range(120), len, Options()))
    [50, 50, 20]
    """

    def work_on(number: int) -> R:
        with seldom_collected():
            return work(things[number * AT_ONCE : (number + 1) * AT_ONCE])

    processes = options.processes if len(things) >= WORTHWHILE else 1
    return in_processes(work_on, -(-len(things) // AT_ONCE), processes)


def pools(quiz: Quiz) -> list[tuple[Slot, Sequence[str]]]:
    """Every slot with its pool."""
    return [(slot, slot.pool) for slot in quiz.slots]


def read_by(learner: str, quiz: Quiz) -> list[tuple[Slot, Sequence[str]]]:
    """Every slot with those of its items that stand in a learner's form; for "" with all, in every language."""
    if not learner:
        return [(slot, slot.item_ids) for slot in quiz.slots]
    form = frozenset(dict(quiz.forms).get(learner, ()))
    return [(slot, [id_ for id_ in slot.item_ids if id_ in form]) for slot in quiz.slots]
