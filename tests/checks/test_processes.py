"""Work that is split over processes: in order, never far ahead, and nothing stays behind."""

from __future__ import annotations

import errno
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.synchronize import SemLock
from pathlib import Path

import pytest

from grading.workers import AHEAD
from quizgen.archive import ArchiveError
from quizgen.folders import PlacedError
from quizgen.processes import in_processes

PATIENCE = 30.0
"""Seconds until something that must happen soon counts as not happened."""


def test_results_come_in_the_order_of_the_work() -> None:
    def late(number: int) -> tuple[int, int]:
        time.sleep(0.02 * (number % 3 == 0))
        return number, os.getpid()

    found = list(in_processes(late, 20, 3))
    assert [number for number, _ in found] == list(range(20))
    assert os.getpid() not in {pid for _, pid in found}
    assert list(in_processes(str, 5, 2)) == ["0", "1", "2", "3", "4"]
    assert list(in_processes(lambda number: os.getpid(), 3, 1)) == [os.getpid()] * 3


def test_the_work_is_never_far_ahead_of_what_is_taken(tmp_path: Path) -> None:
    def begun(number: int) -> int:
        (tmp_path / str(number)).touch()
        return number

    results = in_processes(begun, 500, 2)
    assert [next(results) for _ in range(5)] == list(range(5))
    time.sleep(0.3)
    assert len(list(tmp_path.iterdir())) <= 5 + AHEAD * 2
    results.close()
    done = len(list(tmp_path.iterdir()))
    time.sleep(0.3)
    assert len(list(tmp_path.iterdir())) == done < 50


def test_an_error_in_a_process_is_an_error_here() -> None:
    with pytest.raises(ZeroDivisionError):
        list(in_processes(lambda number: 1 // number, 2, 2))


def test_an_error_for_a_person_arrives_whole() -> None:
    sent = ArchiveError("quiz/items.jsonl", "cannot be read", "use the quizgen that wrote it")

    def fails(number: int) -> int:
        raise sent

    with pytest.raises(ArchiveError, match=f"^{re.escape(str(sent))}$") as raised:
        list(in_processes(fails, 2, 2))
    arrived = raised.value
    assert arrived is not sent
    assert (arrived.place, arrived.message, arrived.remedy) == (sent.place, sent.message, sent.remedy)


def test_a_process_that_is_killed_is_said_in_a_sentence() -> None:
    def killed(number: int) -> int:
        if number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    with pytest.raises(PlacedError, match=r"^one of 2 processes: was killed while it did its part, .*--jobs 1$"):
        list(in_processes(killed, 10, 2))


def test_a_process_that_is_killed_while_it_sends_a_result_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    parent = os.getpid()
    whole = Connection._send  # type: ignore[attr-defined]

    def half(way: Connection, sent: bytes) -> None:
        if os.getpid() == parent or len(sent) < 1_000:
            whole(way, sent)
        else:
            os.write(way.fileno(), bytes(sent)[:500])
            os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(Connection, "_send", half)
    with pytest.raises(PlacedError, match="was killed while it did its part"):
        list(in_processes(lambda number: "long" * 500 * (number == 3), 10, 2))


@pytest.mark.parametrize("most", [0, 1])
def test_those_processes_do_the_work_that_the_system_gives(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    fork, forked = os.fork, list[int]()

    def few() -> int:
        if len(forked) == most:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        forked.append(1)
        return fork()

    monkeypatch.setattr(os, "fork", few)
    workers = list(in_processes(lambda number: os.getpid(), 9, 3))
    assert len(workers) == 9
    assert len(set(workers)) == 1
    assert (os.getpid() in workers) == (most == 0)


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_is_left_to_the_process_that_wants_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    fork = os.fork

    def interrupted_at_once() -> int:
        if not (pid := fork()):
            os.kill(os.getpid(), signal.SIGINT)
        return pid

    monkeypatch.setattr(os, "fork", interrupted_at_once)
    assert list(in_processes(str, 3, 2)) == ["0", "1", "2"]
    results = in_processes(str, 50, 2)
    assert next(results) == "0"
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
    results.close()


def test_no_semaphores_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(SemLock, "__init__", none)  # as where the folder /dev/shm cannot be written to
    assert list(in_processes(str, 3, 2)) == ["0", "1", "2"]


def test_nothing_stays_behind_when_the_program_is_killed(tmp_path: Path) -> None:
    script = (
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from quizgen.processes import in_processes\n"
        "def work(number):\n"
        "    (Path(sys.argv[1]) / str(os.getpid())).touch()\n"
        "    time.sleep(0.05)\n"
        "for _ in in_processes(work, 10**6, 2): pass\n"
    )
    held_by_none, held_by_all = os.pipe()
    program = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], pass_fds=[held_by_all])
    os.close(held_by_all)
    try:
        _wait(lambda: len(list(tmp_path.iterdir())) == 2)
        assert program.pid not in {int(path.name) for path in tmp_path.iterdir()}
        assert not _is_ended(held_by_none, 0)
    finally:
        program.kill()
        program.wait()
    assert _is_ended(held_by_none, PATIENCE)
    os.close(held_by_none)


def _is_ended(pipe: int, patience: float) -> bool:
    """Whether nobody holds the other end any more: neither the program nor a process that it began."""
    return bool(select.select([pipe], [], [], patience)[0])


def _wait(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
