"""Variants of the template that reconstructs the book's example, complete: stem, key, three proven distractors,
LaTeX and MathML, feedback. One core, warm, streamed."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from benchmarks.measure import PRAIRIELEARN, R_EXAMS, Measurement

if TYPE_CHECKING:
    from quizgen.generator import Generator

TEMPLATE = "obj-expression-choice"
SHORT, LONG = 2_000, 8_000
PROMISED = 3_000.0


def measure() -> Iterator[Measurement]:
    """Rates for a short and a long run, and what memory does in between."""
    from quizgen.bank import load_bank
    from quizgen.generator import Generator
    from quizgen.sampling.draws import Source

    bank = load_bank(None)
    generator = Generator(bank.template(TEMPLATE), bank, Source(seed="benchmark"))
    rate(generator, 0, SHORT)  # every shape is rendered and proven once: that is what warm means here
    short = rate(generator, SHORT, SHORT)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    long = rate(generator, 2 * SHORT, LONG)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    yield Measurement(f"{SHORT:,} variants", short, "/s", "our promise", PROMISED)
    yield Measurement(f"{SHORT:,} variants", short, "/s", "R/exams", R_EXAMS)
    yield Measurement(f"{SHORT:,} variants", short, "/s", "PrairieLearn, no algebra", PRAIRIELEARN)
    yield Measurement(f"{LONG:,} variants (linear?)", long, "/s", f"{SHORT:,} variants", short)
    yield Measurement(f"memory for {LONG:,} more", max(grown, 0.1), "MB", "constant", 8.0, more_is_better=False)


def rate(generator: Generator, first: int, count: int) -> float:
    """Items a second of CPU time, which other programs on the machine do not disturb."""
    started = time.process_time()
    for variant in range(first, first + count):
        generator.item(variant)
    return count / (time.process_time() - started)
