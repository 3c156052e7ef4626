"""Work that is split over processes, with the results in the order of the work."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

R = TypeVar("R")

_work: Callable[[int], Any] | None = None
"""In a process that was forked for it: what it does."""


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_processes(work: Callable[[int], R], count: int, jobs: int) -> Iterator[R]:
    """``work(0)`` to ``work(count - 1)``, in this order, done by so many processes.

    The processes are forked, so that they see everything as it is here; where that is not possible, this one does the
    work. Results are pickled.

    >>> list(in_processes(lambda number: number * number, 4, 2))
    [0, 1, 4, 9]
    """
    if min(jobs, count) < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(work, range(count))
        return
    with multiprocessing.get_context("fork").Pool(min(jobs, count), _begin, (work,)) as pool:
        yield from pool.imap(_done, range(count))


def _begin(work: Callable[[int], Any]) -> None:
    global _work
    _work = work


def _done(number: int) -> Any:
    assert _work is not None
    return _work(number)
