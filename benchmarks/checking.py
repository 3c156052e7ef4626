"""The bank checked with every rule and fifty variants of each template, as `quizgen check` does it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator

from benchmarks.measure import Measurement

SECONDS = 30.0
CORES = 2


def measure(variants: int | None = None) -> Iterator[Measurement]:
    """Seconds on two cores, and of CPU time. variants: of each template in each language; as many as usual if None."""
    from quizgen.checks import check_variants
    from quizgen.cli.commands.check import USUAL

    count = USUAL if variants is None else variants
    started, before = time.perf_counter(), _processor_time()
    findings, tallies = check_variants(None, count, CORES)
    seconds, spent = time.perf_counter() - started, _processor_time() - before
    if findings:
        raise AssertionError(f"the bank has findings: {findings[0]}")
    drawn = sum(tally.drawn for tally in tallies)
    job = f"the bank checked: {drawn:,} variants"
    yield Measurement(job, seconds, "s", f"{CORES} cores for {SECONDS:.0f} s", SECONDS, more_is_better=False)
    yield Measurement(job, spent, "s CPU", "the same", CORES * SECONDS, more_is_better=False)


def _processor_time() -> float:
    """Of this process and those that it waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


if __name__ == "__main__":
    for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else None):
        print(f"{line.job:<40}{line.value:>10,.1f} {line.unit:<6}{line.ratio:>8.2f} times {line.against}")
