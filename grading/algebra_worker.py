"""A process that factors polynomials with sympy: only numbers go in and come out. `grading.worker` runs it.

One line of JSON is one job: ``[[exponents, coefficient], …]``. The answer is one line: ``{"factors": [[[[exponents,
coefficient], …], multiplicity], …]}`` or ``{"stopped": why}``, where why is ``steps``, ``clock`` or ``failed``.

Every job is done by a child that is forked from the same warm process, so that none depends on those before it: what it
costs is counted in calls of functions, which are the same every time. Behind that stand a limit on memory and a clock.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from typing import Any

MAX_CALLS = 30_000
MAX_SECONDS = 4
MAX_MEMORY = 256 * 1024 * 1024
"""Bytes of address space beyond what the warm process has."""

Terms = list[tuple[list[int], int]]


class _TooManyCalls(BaseException):
    """The job takes more steps than one may."""


@contextlib.contextmanager
def _counted(most: int) -> Iterator[None]:
    """Raises _TooManyCalls in the middle of whatever calls more functions."""
    left = most

    def seen(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal left
        if event in ("call", "c_call"):
            left -= 1
            if left < 0:
                raise _TooManyCalls

    sys.setprofile(seen)
    try:
        yield
    finally:
        sys.setprofile(None)


def factored(terms: Terms) -> dict[str, Any]:
    """The answer to a job."""
    import sympy
    from sympy.core.random import seed

    seed(0)
    names = sympy.symbols(f"g0:{len(terms[0][0])}")
    polynomial = sympy.Poly.from_dict({tuple(place): c for place, c in terms}, *names, domain="ZZ")
    try:
        with _counted(MAX_CALLS):
            _, found = polynomial.factor_list()
    except _TooManyCalls:
        return {"stopped": "steps"}
    except (MemoryError, RecursionError):
        return {"stopped": "failed"}
    return {
        "factors": [
            [[[list(map(int, place)), int(c)] for place, c in factor.terms()], int(times)] for factor, times in found
        ]
    }


def _in_a_child(line: str) -> bytes:
    """Does one job in a process of its own and gives its answer."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(reading)
            signal.alarm(MAX_SECONDS)
            answer = json.dumps(factored(json.loads(line))).encode()
            with os.fdopen(writing, "wb") as out:
                out.write(answer)
            os._exit(0)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as answers:
        answer = answers.read()
    _, status = os.waitpid(child, 0)
    if status == 0:
        return answer
    late = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM
    return json.dumps({"stopped": "clock" if late else "failed"}).encode()


def _limit_memory() -> None:
    """No child takes more than a fixed amount beyond what this process has."""
    try:
        with open("/proc/self/statm") as sizes:
            own = int(sizes.read().split()[0]) * resource.getpagesize()
    except OSError:
        own = 512 * 1024 * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = own + MAX_MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def main() -> None:
    """Answers lines until there are no more: when whoever asks is gone, so is this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _warm_up()
    gc.collect()
    gc.freeze()  # what children do not touch is not copied
    gc.disable()
    _limit_memory()
    out = sys.stdout.buffer
    out.write(b'{"ready": true}\n')
    out.flush()
    for line in sys.stdin:
        out.write(_in_a_child(line) + b"\n")
        out.flush()


def _warm_up() -> None:
    """Loads what factoring needs, so that no child has to."""
    factored([([4, 0], 1), ([0, 3], 1), ([1, 1], 1), ([0, 0], 1)])
    factored([([4, 0, 1], 1), ([0, 4, 0], -1), ([1, 1, 1], 1), ([2, 0, 0], 5)])
    factored([([6], 1), ([3], 2), ([0], 9)])


if __name__ == "__main__":
    main()
