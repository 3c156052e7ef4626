"""The process that factors: warm, alone, and never a reason to hang or to be wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from grading import SymbolDeclaration, SymbolicKey, grade, slow
from grading.algebra_worker import factored
from grading.polynomials import Fuel, Generator, OutOfFuel, Polynomial
from grading.verdicts import Verdict
from grading.worker import COMMAND, MOST_FAILURES, Worker

JOB = (((0, 0), 1), ((0, 4), 1), ((1, 1), 1), ((3, 0), 1))
PRODUCT = (((0, 0), 6), ((0, 3), 1), ((0, 6), -1), ((3, 0), 5), ((6, 0), 1))  # (p³ + q³ + 2)(p³ - q³ + 3)
P, Q = (Generator(name, "atom", "unit") for name in "pq")
ASKED: Polynomial = {(): 1, ((P, 3),): 1, ((P, 1), (Q, 1)): 1, ((Q, 4),): 1}
KEY = SymbolicKey("log(p^3 + q^4 + p q + 1)", (SymbolDeclaration("p"), SymbolDeclaration("q")))


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    made = Worker()
    yield made
    made.close()


Use = Callable[[Worker], Worker]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Iterator[Use]:
    """Puts in the worker that the judge asks, and forgets what others answered."""
    used: list[Worker] = []

    def put(made: Worker) -> Worker:
        monkeypatch.setattr(slow, "WORKER", made)
        slow.factors_of_shape.cache_clear()
        used.append(made)
        return made

    yield put
    slow.factors_of_shape.cache_clear()
    for made in used:
        made.close()


def talking(program: str, answer: float = 0.3) -> Worker:
    """A worker that runs a program of the test."""
    return Worker((sys.executable, "-c", program), start=10.0, answer=answer)


READY = "import sys, time; print('{\"ready\": true}', flush=True)\n"


def test_it_factors(worker: Worker) -> None:
    found = worker.ask(PRODUCT)
    assert not isinstance(found, str)
    assert sorted(len(factor) for factor, _ in found) == [3, 3]
    assert {times for _, times in found} == {1}
    assert worker.ask(JOB) == ((tuple(sorted(JOB, key=lambda term: [-e for e in term[0]])), 1),)


def test_it_stays_warm_and_answers_the_same(worker: Worker) -> None:
    first, pid = worker.ask(PRODUCT), worker.pid
    assert [worker.ask(PRODUCT) for _ in range(3)] == [first] * 3
    assert worker.pid == pid


def test_too_many_steps_are_the_same_every_time(worker: Worker) -> None:
    hard = (((0,) * 6, 7), *((tuple(5 * int(k == n) for k in range(6)), 1) for n in range(6)), ((1,) * 6, -5))
    pid = worker.pid
    assert {worker.ask(hard) for _ in range(2)} == {"steps"}
    assert worker.ask(PRODUCT) != "steps"
    assert worker.pid == pid


def test_a_killed_worker_is_replaced(worker: Worker) -> None:
    first = worker.ask(PRODUCT)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    assert worker.ask(PRODUCT) in (first, "failed")  # the signal may come late
    assert worker.ask(PRODUCT) == first


def test_threads_share_it(worker: Worker) -> None:
    first = worker.ask(PRODUCT)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(worker.ask, [PRODUCT] * 16)) == [first] * 16


def test_a_fork_has_its_own(worker: Worker) -> None:
    first, pid = worker.ask(PRODUCT), worker.pid
    holding = threading.Lock()
    with holding:
        child = os.fork()
        if not child:
            try:
                fresh = worker.pid is None and worker.ask(PRODUCT) == first and worker.pid != pid
                worker.close()
                os._exit(0 if fresh else 1)
            finally:
                os._exit(2)
    _, status = os.waitpid(child, 0)
    assert status == 0
    assert worker.ask(PRODUCT) == first
    assert worker.pid == pid


def test_it_dies_with_its_parent() -> None:
    program = (
        "import os, sys\n"
        "from grading.worker import Worker\n"
        "worker = Worker()\n"
        f"worker.ask({PRODUCT!r})\n"
        "print(worker.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    pid = int(done.stdout)
    for _ in range(100):
        try:
            os.kill(pid, 0)
            with open(f"/proc/{pid}/stat") as about:
                if about.read().rpartition(")")[2].split()[0] == "Z":
                    return
        except (ProcessLookupError, FileNotFoundError):
            return
        time.sleep(0.1)
    pytest.fail("the worker outlives its parent")


@pytest.mark.parametrize(
    ("program", "stopped"),
    [
        (READY + "time.sleep(60)", "clock"),
        (READY + "sys.stdin.readline(); sys.exit(1)", "failed"),
        (READY + "sys.stdin.readline(); print('no JSON', flush=True); time.sleep(9)", "failed"),
        (READY + "sys.stdin.readline(); print('{\"factors\": [[1]]}', flush=True); time.sleep(9)", "failed"),
        ("raise SystemExit(1)", "failed"),
        ("print('something else')", "failed"),
    ],
)
def test_what_goes_wrong_is_undecided_and_not_kept(use: Use, program: str, stopped: str) -> None:
    broken = use(talking(program))
    assert broken.ask(JOB) == stopped
    with pytest.raises(OutOfFuel):
        slow.factor(ASKED, {})
    use(Worker())
    assert slow.factor(ASKED, {}) == (1, [(ASKED, 1)])


def test_a_worker_that_cannot_start_is_not_tried_for_ever() -> None:
    missing = Worker(("/nowhere/at/all",))
    assert [missing.ask(JOB) for _ in range(MOST_FAILURES + 2)] == ["failed"] * (MOST_FAILURES + 2)
    assert missing._failures == MOST_FAILURES


def test_without_a_worker_nothing_is_wrong(use: Use) -> None:
    use(Worker(("/nowhere/at/all",)))
    right = "log(2 (p^3 + q^4 + p q + 1)) - log 2"
    assert grade(KEY, right).verdict in (Verdict.UNDECIDED, Verdict.CORRECT)
    assert grade(KEY, "log(p^3 + q^4 + p q + 2)").verdict is Verdict.INCORRECT


def test_the_price_is_paid_every_time(use: Use) -> None:
    use(Worker())
    paid = []
    for _ in range(2):
        fuel = Fuel()
        slow.factor(ASKED, {}, fuel)
        paid.append(fuel.steps)
    assert paid[0] == paid[1] < Fuel().steps - slow.PRICE


def test_the_program_in_this_process() -> None:
    assert factored([([2], 1), ([0], -1)]) == {"factors": [[[[[1], 1], [[0], -1]], 1], [[[[1], 1], [[0], 1]], 1]]}
    assert COMMAND[0] == sys.executable
