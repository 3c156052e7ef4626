"""Grading by several processes: the same grades in the same order, sooner.

The processes are new ones, not copies, so that nothing of this one (threads, locks, open files) is in them. Each gets
the keys once, when there is enough to do; they end with the process that started them, however that ends.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from grading.distinct import Found, Grader, Pair, Sheet, found

FEW = 5_000
"""So many new responses of a block are graded here: starting processes would take longer."""
PIECE = 100
"""Responses that a process takes at once."""


class GraderLost(Exception):
    """A process that graded was ended from outside, or ran out of memory; nothing is known of what it had in hand."""

    def __init__(self) -> None:
        super().__init__(
            "a process that was grading was ended from outside (out of memory?); nothing was written, start again, "
            "if need be with fewer --jobs"
        )


_sheet: Sheet | None = None
"""In a process that grades: the keys."""


@contextmanager
def grading_in(jobs: int, sheet: Sheet) -> Iterator[Grader | None]:
    """What grades in so many processes; None for one, which is this.

    The grader raises GraderLost if one of the processes was ended.
    """
    if jobs < 2:
        yield None
        return
    crew = _Crew(jobs, sheet)
    try:
        yield crew
    finally:
        crew.close()


class _Crew:
    """Processes that are started when there is enough to do."""

    def __init__(self, jobs: int, sheet: Sheet) -> None:
        self._jobs, self._sheet = jobs, sheet
        self._pool: ProcessPoolExecutor | None = None

    def __call__(self, pairs: Sequence[Pair]) -> Iterator[Found]:
        if self._pool is None:
            if len(pairs) <= FEW:
                return iter([found(self._sheet, *pair) for pair in pairs])
            new = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._jobs, new, _begin, (self._sheet,))
        return self._graded(self._pool, pairs)

    def _graded(self, pool: ProcessPoolExecutor, pairs: Sequence[Pair]) -> Iterator[Found]:
        pieces = [pairs[start : start + PIECE] for start in range(0, len(pairs), PIECE)]
        try:
            for piece in pool.map(_grade, pieces):
                yield from piece
        except BrokenProcessPool as broken:
            raise GraderLost from broken

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def _begin(sheet: Sheet) -> None:
    global _sheet
    _sheet = sheet
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _grade(pairs: Sequence[Pair]) -> list[Found]:
    assert _sheet is not None
    return [found(_sheet, *pair) for pair in pairs]
