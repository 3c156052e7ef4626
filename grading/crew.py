"""Grading by several processes: the same grades in the same order, sooner.

The processes are new ones, not copies, so that nothing of this one (threads, locks, open files) is in them. Each gets
the keys once, when there is enough to do; they end with the process that started them, however that ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from grading.distinct import Found, Grader, Pair, Sheet, found
from grading.workers import WorkerLost, Workers

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
        self.workers: Workers | None = None

    def __call__(self, pairs: Sequence[Pair]) -> Iterator[Found]:
        if self.workers is None and len(pairs) > FEW:
            self.workers = Workers(partial(_graded, self._sheet), self._jobs, "spawn")
        if self.workers is None or not self.workers.ids:
            return iter(_graded(self._sheet, pairs))
        return self._shared(self.workers, pairs)

    def _shared(self, workers: Workers, pairs: Sequence[Pair]) -> Iterator[Found]:
        pieces = (pairs[start : start + PIECE] for start in range(0, len(pairs), PIECE))
        try:
            for piece in workers.results(pieces):
                yield from piece
        except WorkerLost as lost:
            raise GraderLost from lost

    def close(self) -> None:
        """End the processes."""
        if self.workers is not None:
            self.workers.end()


def _graded(sheet: Sheet, pairs: Sequence[Pair]) -> list[Found]:
    return [found(sheet, *pair) for pair in pairs]
