"""Work that is split over processes, with the results in the order of the work."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

from quizgen.folders import PlacedError

if TYPE_CHECKING:
    from concurrent.futures import Future

R = TypeVar("R")

AHEAD = 3
"""Pieces of work that each process may be ahead of what was taken, so that results never pile up."""

_work: Callable[[int], Any] | None = None
"""In a process that was forked for it: what it does."""


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_processes(work: Callable[[int], R], count: int, jobs: int) -> Iterator[R]:
    """``work(0)`` to ``work(count - 1)``, in this order, done by so many processes.

    The processes are forked, so that they see everything as it is here; where that is not possible, this one does the
    work. Results are pickled. What ``work`` raises is raised here; PlacedError if a process was killed.

    >>> list(in_processes(lambda number: number * number, 4, 2))
    [0, 1, 4, 9]
    """
    jobs = min(jobs, count)
    if jobs < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(work, range(count))
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    begun: deque[Future[R]] = deque()
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("fork"), _begin, (work,))
    try:
        for number in range(count):
            begun.append(pool.submit(_done, number))
            if len(begun) == AHEAD * jobs:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
    except BrokenProcessPool as error:
        what = "was killed while it did its part, perhaps for want of memory"
        raise PlacedError(f"one of {jobs} processes", what, "do the work in one: --jobs 1") from error
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(work: Callable[[int], Any]) -> None:
    """What a new process does first: it leaves Ctrl-C to the one that it works for, and ends with it."""
    global _work
    _work = work
    gc.freeze()  # looking for cycles among what was there before would copy the memory that is shared
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _done(number: int) -> Any:
    assert _work is not None
    return _work(number)
