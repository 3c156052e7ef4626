"""Work that is split over processes, with the results in the order of the work."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from typing import TypeVar

from grading.workers import WorkerLost, Workers
from quizgen.folders import PlacedError

R = TypeVar("R")


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_processes(work: Callable[[int], R], count: int, jobs: int) -> Iterator[R]:
    """``work(0)`` to ``work(count - 1)``, in this order, done by so many processes.

    The processes are forked, so that they see everything as it is here; where that is not possible, this one does the
    work. Results are pickled. What ``work`` raises is raised here; PlacedError if a process was killed. A process that
    is no longer wanted is killed, so that ``work`` must leave nothing that it has to tidy up.

    >>> list(in_processes(lambda number: number * number, 4, 2))
    [0, 1, 4, 9]
    """
    jobs = min(jobs, count)
    if jobs < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(work, range(count))
        return
    workers = Workers(work, jobs, "fork")
    try:
        yield from workers.results(range(count)) if workers.ids else map(work, range(count))
    except WorkerLost as error:
        what = "was killed while it did its part, perhaps for want of memory"
        raise PlacedError(f"one of {len(workers.ids)} processes", what, "do the work in one: --jobs 1") from error
    finally:
        workers.end()
