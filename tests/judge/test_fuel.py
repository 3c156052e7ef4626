"""Hostile answers end within the limits: of fuel, of work and of memory; and the process goes on.

Work is counted in calls of functions, which are the same on every machine; nothing here looks at a clock.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks.hostile_inputs import HOSTILE, KEYS, Hostile
from grading import grade
from grading.polynomials import Fuel, OutOfFuel
from grading.verdicts import Verdict

NORMAL = {
    "common": (KEYS["common"].value, "p_2 + p_6"),
    "forms": (KEYS["common"].value, "p_2 + p_6"),
    "declared": ("b + ln a", "a*b"),
    "rational": ("q*a/(q - 1)^2", "a*q"),
    "number": ("ln 5", "1.6"),
}
MEMORY = 400_000_000  # bytes of address space beyond what a process has that is ready to grade
CALLS = 150_000
TANKS = 40
EQUAL = {"large quotient", "not cancelled"}
"""Hostile answers that are the key all the same."""


def ids(hostile: Hostile) -> str:
    return f"{hostile.key}-{hostile.name}".replace(" ", "-")


@contextmanager
def tanks() -> Iterator[list[int]]:
    """How much each tank of fuel that is filled meanwhile holds at first."""
    filled: list[int] = []
    plain = Fuel.__init__

    def noted(self: Fuel, *arguments: Any, **named: Any) -> None:
        plain(self, *arguments, **named)
        filled.append(self.steps)

    Fuel.__init__ = noted  # type: ignore[method-assign]
    try:
        yield filled
    finally:
        Fuel.__init__ = plain  # type: ignore[method-assign]


def calls_of(hostile: Hostile) -> int:
    """How many functions are called while the answer is graded, those of sympy and of loading modules left out."""
    count = 0

    def seen(frame: Any, event: str, _: Any) -> None:
        nonlocal count
        if event == "c_call" or (event == "call" and "importlib" not in frame.f_code.co_filename):
            count += 1

    sys.setprofile(seen)
    try:
        grade(KEYS[hostile.key], hostile.text)
    finally:
        sys.setprofile(None)
    return count


def test_fuel_runs_out() -> None:
    fuel = Fuel(10)
    fuel.spend(10)
    with pytest.raises(OutOfFuel):
        fuel.spend(1)


@pytest.mark.parametrize("hostile", HOSTILE, ids=ids)
def test_a_hostile_answer_ends_within_the_fuel(hostile: Hostile) -> None:
    key = KEYS[hostile.key]
    before = [grade(key, text) for text in NORMAL[hostile.key]]
    grade(KEYS["common"], "log(p_2^4 + p_6^3 + p_2*p_6 + 1)")  # whatever is loaded late is loaded now
    with tanks() as filled:
        work = calls_of(hostile)
    assert work <= CALLS
    assert len(filled) <= TANKS
    assert sum(filled) <= TANKS * Fuel().steps
    found = grade(key, hostile.text)
    assert (found.score is None) == (found.verdict in (Verdict.INVALID, Verdict.UNDECIDED))
    assert [grade(key, text) for text in NORMAL[hostile.key]] == before


_CHILD = """
import json, resource, sys
from tests.judge.test_fuel import HOSTILE, KEYS, MEMORY, NORMAL, grade
import grading.slow
grade(KEYS["common"], "log(p_2^4 + p_6^3 + p_2*p_6 + 1)")
with open("/proc/self/statm") as sizes:
    own = int(sizes.read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (own + MEMORY, own + MEMORY))
chosen = [h for h in HOSTILE if h.key == sys.argv[1]]
hostile = [grade(KEYS[h.key], h.text).verdict.value for h in chosen]
print(json.dumps([hostile, [grade(KEYS[sys.argv[1]], text).verdict.value for text in NORMAL[sys.argv[1]]]]))
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the size of a process is read from /proc")
@pytest.mark.parametrize("kind", sorted(KEYS))
def test_all_hostile_answers_fit_into_a_small_process(kind: str) -> None:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", _CHILD, kind], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    hostile, normal = json.loads(done.stdout)
    assert len(hostile) == sum(h.key == kind for h in HOSTILE)
    names = [h.name for h in HOSTILE if h.key == kind]
    assert {name for name, found in zip(names, hostile, strict=True) if found == "correct"} <= EQUAL
    assert normal == ["correct", "incorrect"]
