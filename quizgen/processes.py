"""Work that is split over processes, with the results in the order of the work."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.reduction import ForkingPickler
from threading import Thread
from traceback import format_exc
from typing import Any, TypeVar

from quizgen.folders import PlacedError

R = TypeVar("R")

AHEAD = 3
"""Pieces of work that each process may be ahead of what was taken, so that results never pile up."""

IN_HAND = 2
"""Pieces of work that a process has: one that it does, and the next, so that it need not wait for it."""


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
    workers = list[_Worker]()
    try:
        # Where the system has no more processes, files or memory to give, those that there are do the work.
        with _ctrl_c_waits(), suppress(OSError):
            while len(workers) < jobs:
                workers.append(_Worker(work))
        yield from _shared(workers, count) if workers else map(work, range(count))
    except _Lost as error:
        what = "was killed while it did its part, perhaps for want of memory"
        raise PlacedError(f"one of {len(workers)} processes", what, "do the work in one: --jobs 1") from error
    finally:
        with _ctrl_c_waits():
            for worker in workers:
                worker.end()


@contextmanager
def _ctrl_c_waits() -> Iterator[None]:
    """Until the block ends, here and in the processes that are forked in it, which leave it to this one."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _shared(workers: list[_Worker], count: int) -> Iterator[Any]:
    """What the workers make of the numbers, each of which goes to the one that has least to do."""
    done, given = dict[int, _Outcome](), 0
    for number in range(count):
        while True:
            while given < min(count, number + AHEAD * len(workers)):
                idlest = min(workers, key=lambda worker: worker.in_hand)
                if idlest.in_hand == IN_HAND:
                    break
                idlest.give(given)
                given += 1
            if number in done:
                break
            ready = wait([worker.way for worker in workers])
            done.update(worker.take() for worker in workers if worker.way in ready)
        result, error = done.pop(number)
        if error is not None:
            raise error
        yield result


_Outcome = tuple[Any, Exception | None]
"""What came of a piece of work: its result, or what was raised."""


class _Lost(Exception):
    """A process ended before its work did."""


class _Worker:
    """A forked process that does pieces of work.

    No other process holds its end of the way, so that the way ends when the process does: whoever waits for the rest
    of a result that a killed process had half sent learns of it.
    """

    def __init__(self, work: Callable[[int], Any]) -> None:
        self.in_hand = 0
        self.way, other_end = multiprocessing.Pipe()
        context = multiprocessing.get_context("fork")
        self._process = context.Process(target=_serve, args=(work, other_end), daemon=True)
        try:
            self._process.start()
        except OSError:
            self.way.close()
            raise
        finally:
            other_end.close()

    def give(self, number: int) -> None:
        """A piece of work to do."""
        self.in_hand += 1
        try:
            self.way.send(number)
        except OSError as error:
            raise _Lost from error

    def take(self) -> tuple[int, _Outcome]:
        """What came of a piece of work; waits for it."""
        try:
            number, outcome = self.way.recv()
        except (EOFError, OSError) as error:
            raise _Lost from error
        self.in_hand -= 1
        return number, outcome

    def end(self) -> None:
        """It stops, whatever it does."""
        self._process.kill()
        self._process.join()
        self.way.close()


def _serve(work: Callable[[int], Any], way: Connection) -> None:
    """What a new process does; it ends with the one that it works for."""
    gc.freeze()  # looking for cycles among what was there before would copy the memory that is shared
    Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):  # nobody is at the other end any more
        while True:
            number = way.recv()
            way.send_bytes(_outcome(work, number))


def _outcome(work: Callable[[int], Any], number: int) -> memoryview:
    """The number, and the result or what was raised, pickled."""
    try:
        return ForkingPickler.dumps((number, (work(number), None)))
    except Exception as error:
        error.add_note(format_exc())  # where it was raised, which is not known over there
        return ForkingPickler.dumps((number, (None, error)))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
