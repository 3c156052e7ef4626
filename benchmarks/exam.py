"""An exam for many learners, as a teacher builds it: 30 questions, pools, papers, the archive."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from benchmarks.measure import Measurement

QUESTIONS = 30
LEARNERS = 1_000
SECONDS = 30.0


def measure(learners: int = LEARNERS) -> Iterator[Measurement]:
    """Seconds for an exam with an item of each question for every learner, and what memory it needs."""
    from quizgen.assembly import SlotPlan, assemble
    from quizgen.bank import load_bank
    from quizgen.generator import variant_count
    from quizgen.generator.radicals import radical_choices
    from quizgen.roster import Learner
    from quizgen.sampling.draws import Source

    bank = load_bank()
    large = [t for t in bank.templates if variant_count(t, bank).number >= 20 * learners]
    plans = [
        SlotPlan(f"s{number}", template.title, (template.id,), learners, radicals=radical_choices(template)[0])
        for number, template in enumerate(islice(cycle(large), QUESTIONS))
    ]
    roster = [Learner(f"l{number}") for number in range(learners)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    drawn = assemble(bank, source=Source(secret=b"benchmark" * 4), slots=plans, roster=roster, purpose="exam")
    with tempfile.TemporaryDirectory() as folder:
        drawn.freeze(Path(folder) / "exam")
    seconds = time.process_time() - started
    items = len(drawn.generated)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    share = SECONDS * items / (QUESTIONS * LEARNERS)
    yield Measurement(
        f"an exam: {items:,} items with keys", seconds, "s CPU", "our promise", share, more_is_better=False
    )
    yield Measurement("memory that it takes", grown, "MB", "constant", 200.0, more_is_better=False)


if __name__ == "__main__":
    for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else LEARNERS):
        print(f"{line.job:<40}{line.value:>10,.1f} {line.unit:<6}{line.ratio:>8.2f} times {line.against}")
