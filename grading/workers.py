"""Processes that do pieces of work, with the results in the order of the pieces.

Each has a way of its own to the process that it works for, so that one that is killed, even while it sends a result,
is missed at once, and nothing but a pipe is needed from the system.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.reduction import ForkingPickler
from queue import SimpleQueue
from threading import Thread
from traceback import format_exc
from typing import Any, Literal

AHEAD = 3
"""Pieces that each process may be ahead of what was taken, so that results never pile up."""

IN_HAND = 2
"""Pieces that a process has: one that it does, and the next, so that it need not wait for it."""


class WorkerLost(Exception):
    """A process ended before its work did."""


class Workers:
    """Processes that all do the same work.

    They are killed when they are no longer wanted, so that the work must leave nothing that it has to tidy up, and end
    with the process that began them, however that ends. Where the system has no more processes, files or memory to
    give, there are fewer than were asked for, even none.

    work: what is done with a piece. start: ``fork`` for copies of this process, which see everything as it is here;
    ``spawn`` for new ones, to which the work is pickled.
    """

    def __init__(self, work: Callable[[Any], Any], jobs: int, start: Literal["fork", "spawn"]) -> None:
        self._workers = list[_Worker]()
        self._given = 0
        with suppress(OSError):
            if start == "spawn" and os.name == "posix":
                resource_tracker.ensure_running()  # beginning with the first of them, it would let Ctrl-C through again
            with _ctrl_c_waits():
                while len(self._workers) < jobs:
                    self._workers.append(_Worker(work, start))

    @property
    def ids(self) -> list[int]:
        """The number of each process in the system."""
        return [worker.id for worker in self._workers]

    def results(self, pieces: Iterable[Any]) -> Iterator[Any]:
        """What comes of each piece, in their order; a piece goes to the process that has the least to do.

        Pieces and results are pickled. What the work raises is raised here; WorkerLost if a process was killed.
        """
        to_do, done = iter(pieces), dict[int, _Outcome]()
        taken, more = self._given, True
        while more or taken < self._given:
            for worker in self._with_room(AHEAD * len(self._workers) - (self._given - taken)):
                if (piece := next(to_do, _NONE)) is _NONE:
                    more = False
                    break
                worker.give(self._given, piece)
                self._given += 1
            if taken in done:
                result, error = done.pop(taken)
                taken += 1
                if error is not None:
                    raise error
                yield result
            elif more or taken < self._given:
                ready = wait([worker.way for worker in self._workers])
                done.update(worker.take() for worker in self._workers if worker.way in ready)

    def _with_room(self, most: int) -> Iterator[_Worker]:
        """Whoever has the least to do, so many times at most, as long as somebody has room for more."""
        for _ in range(most):
            idlest = min(self._workers, key=lambda worker: worker.in_hand)
            if idlest.in_hand == IN_HAND:
                return
            yield idlest

    def end(self) -> None:
        """They stop, whatever they do."""
        with _ctrl_c_waits():
            for worker in self._workers:
                worker.end()


_NONE = object()
_Outcome = tuple[Any, Exception | None]
"""What came of a piece of work: its result, or what was raised."""


@contextmanager
def _ctrl_c_waits() -> Iterator[None]:
    """Until the block ends, here and in the processes that are begun in it, which leave it to this one."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Worker:
    """A process that does pieces of work.

    No other process holds its end of the way, so that the way ends when the process does: whoever waits for the rest
    of a result that a killed process had half sent learns of it.
    """

    def __init__(self, work: Callable[[Any], Any], start: Literal["fork", "spawn"]) -> None:
        self.in_hand = 0
        self.way, other_end = multiprocessing.Pipe()
        context: Any = multiprocessing.get_context(start)
        self._process = context.Process(target=_serve, args=(work, other_end), daemon=True)
        try:
            self._process.start()
        except OSError:
            self.way.close()
            raise
        finally:
            other_end.close()

    @property
    def id(self) -> int:
        return int(self._process.pid)

    def give(self, number: int, piece: Any) -> None:
        """A piece of work to do."""
        self.in_hand += 1
        try:
            self.way.send((number, piece))
        except OSError as error:
            raise WorkerLost from error

    def take(self) -> tuple[int, _Outcome]:
        """What came of a piece of work; waits for it."""
        try:
            number, outcome = self.way.recv()
        except (EOFError, OSError) as error:
            raise WorkerLost from error
        self.in_hand -= 1
        return number, outcome

    def end(self) -> None:
        """It stops, whatever it does."""
        self._process.kill()
        self._process.join()
        self.way.close()


def _serve(work: Callable[[Any], Any], way: Connection) -> None:
    """What a new process does; it ends with the one that it works for."""
    gc.freeze()  # looking for cycles among what was there before would copy the memory that is shared
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    given = SimpleQueue[tuple[int, Any]]()
    Thread(target=_receive, args=(way, given), daemon=True).start()
    with suppress(OSError):  # nobody is at the other end any more
        while True:
            way.send_bytes(_outcome(work, *given.get()))


def _receive(way: Connection, given: SimpleQueue[tuple[int, Any]]) -> None:
    """Takes what is given at once, so that nobody waits to give while this process waits for its result to be taken."""
    with suppress(EOFError, OSError):
        while True:
            given.put(way.recv())
    os._exit(1)


def _outcome(work: Callable[[Any], Any], number: int, piece: Any) -> memoryview:
    """The number, and the result or what was raised, pickled."""
    try:
        return ForkingPickler.dumps((number, (work(piece), None)))
    except Exception as error:
        error.add_note(format_exc())  # where it was raised, which is not known over there
        return ForkingPickler.dumps((number, (None, error)))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
