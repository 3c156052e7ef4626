"""Asks a warm process of its own to factor polynomials: sympy never runs where answers are graded.

The process is started when it is first needed, answers one job after the other, and ends with the process that started
it. After a fork and after a crash there is a new one. Only exponents and coefficients go over the pipe.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

Terms = Sequence[tuple[tuple[int, ...], int]]
Factors = tuple[tuple[tuple[tuple[tuple[int, ...], int], ...], int], ...]
Stopped = Literal["steps", "clock", "failed"]

COMMAND = (sys.executable, "-P", str(Path(__file__).with_name("algebra_worker.py")))
START_SECONDS = 60.0
ANSWER_SECONDS = 10.0
"""More than the process gives itself for a job: what is later than this hangs."""
MOST_FAILURES = 3
"""Starts that may fail one after the other before no more are tried."""


class Worker:
    """One process, started when it is first asked. Safe to use from several threads and after a fork.

    command: what is run. start, answer: seconds that it may take to start and to answer.
    """

    def __init__(
        self, command: Sequence[str] = COMMAND, start: float = START_SECONDS, answer: float = ANSWER_SECONDS
    ) -> None:
        self.command, self.start_seconds, self.answer_seconds = tuple(command), start, answer
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._failures = 0
        atexit.register(self.close)
        os.register_at_fork(after_in_child=self._forked)

    def ask(self, terms: Terms) -> Factors | Stopped:
        """The irreducible factors with multiplicities, up to a number, or what stopped it.

        Of these only ``steps`` is the same every time; the others depend on the machine.
        """
        with self._lock:
            process = self._running()
            if process is None:
                return "failed"
            line = _exchange(process, json.dumps([[place, c] for place, c in terms]).encode(), self.answer_seconds)
            if isinstance(line, str):
                self._end(kill=True)
                return "clock" if line == "late" else "failed"
            return _read(line)

    def close(self) -> None:
        """Ends the process; the next job starts another."""
        with self._lock:
            self._end(kill=False)

    @property
    def pid(self) -> int | None:
        """The number of the process, if there is one."""
        return None if self._process is None else self._process.pid

    def _running(self) -> subprocess.Popen[bytes] | None:
        if self._process is not None:
            if self._process.poll() is None:
                return self._process
            self._end(kill=True)
        if self._failures >= MOST_FAILURES:
            return None
        try:
            self._process = subprocess.Popen(  # noqa: S603 - a fixed command
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                env={**os.environ, "PYTHONHASHSEED": "0", "SYMPY_GROUND_TYPES": "python"},
                start_new_session=True,
            )
        except OSError:
            self._failures += 1
            return None
        line = _exchange(self._process, b"", self.start_seconds)
        if line != b'{"ready": true}':
            self._failures += 1
            self._end(kill=True)
            return None
        self._failures = 0
        return self._process

    def _end(self, kill: bool) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        if kill:
            process.kill()
        process.stdout.close()
        try:
            process.wait(self.answer_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _forked(self) -> None:
        """In a child: the process belongs to the parent; its pipes are closed here, so that it ends with the parent."""
        self._lock = threading.Lock()
        process, self._process = self._process, None
        if process is not None:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
            process.returncode = 0  # not ours to wait for


def _exchange(process: subprocess.Popen[bytes], line: bytes, seconds: float) -> bytes | Literal["late", "broken"]:
    """Writes a line, if it is not empty, and reads one."""
    assert process.stdin is not None
    assert process.stdout is not None
    until = time.monotonic() + seconds
    try:
        if line:
            _write(process.stdin.fileno(), line + b"\n")
        found = b""
        while not found.endswith(b"\n"):
            ready, _, _ = select.select([process.stdout], [], [], max(until - time.monotonic(), 0))
            if not ready:
                return "late"
            piece = os.read(process.stdout.fileno(), 65_536)
            if not piece:
                return "broken"
            found += piece
    except (OSError, ValueError):
        return "broken"
    return found[:-1]


def _write(pipe: int, data: bytes) -> None:
    while data:
        data = data[os.write(pipe, data) :]


def _read(line: bytes) -> Factors | Stopped:
    try:
        found: Any = json.loads(line)
        if "factors" in found:
            return tuple(
                (tuple((tuple(map(int, place)), int(c)) for place, c in factor), int(times))
                for factor, times in found["factors"]
            )
        return "steps" if found["stopped"] == "steps" else "clock" if found["stopped"] == "clock" else "failed"
    except (ValueError, TypeError, KeyError):
        return "failed"


WORKER = Worker()
"""The one of this process."""
