"""How much CPU time it takes to start: ``quizgen --help`` and ``quizgen list``."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.measure import HELP_TARGET, LIST_TARGET, Measurement

REPETITIONS = 7


def measure() -> Iterator[Measurement]:
    """The best of some runs, as a fresh process each."""
    for arguments, target in ((["--help"], HELP_TARGET), (["list"], LIST_TARGET)):
        seconds = min(cpu_seconds(arguments) for _ in range(REPETITIONS))
        yield Measurement(f"quizgen {arguments[0]}", seconds, "s CPU", "our promise", target, more_is_better=False)


def cpu_seconds(arguments: list[str]) -> float:
    """User and system time of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "quizgen.cli", *arguments], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)
