"""One run of the fuzzer: examines texts, counts, and writes down what does not hold, once for each kind."""

from __future__ import annotations

import argparse
import json
import random
import signal
import time
import traceback
import zlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from grading.keys import Assumption
from grading.verdicts import Verdict
from tests.fuzzing import oracle
from tests.fuzzing.mutations import equal_form, fitted, formula, mutate
from tests.fuzzing.texts import beginnings, packed

CAREFUL = 0.65
"""Share of the changes that keep a text readable."""

ALONE = 2_000
"""One text in so many is also graded as if it were the first of a process."""

ASSUMPTIONS: tuple[Assumption, ...] = ("probability", "positive", "real")


class Run:
    """Counts, and what was found so far."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.started = time.monotonic()
        self.count = 0
        self.new = 0
        self._met: set[int] = set()
        self.verdicts: Counter[str] = Counter()
        self.kinds: dict[str, str] = {}
        self.slowest = (0.0, "")
        self.last = "p_2"
        signal.signal(signal.SIGVTALRM, _too_late)
        options.findings.mkdir(parents=True, exist_ok=True)

    def known(self, texts: Iterable[tuple[str, str]]) -> None:
        """These are not counted as new when they are examined."""
        self._met.update(map(hash, texts))

    def one(self, key_name: str, text: str) -> bool:
        """Examine one text; whether it could be read."""
        self.count += 1
        met = hash((key_name, text))
        self.new += met not in self._met
        self._met.add(met)
        before = time.process_time()
        read = True
        signal.setitimer(signal.ITIMER_VIRTUAL, 20 * self.options.patience)
        try:
            thorough = zlib.crc32(packed(key_name, text)) % self.options.thorough == 0
            found = oracle.examine(key_name, text, thorough, self.options.patience)
            self.verdicts[found.verdict.value] += 1
            read = found.verdict is not Verdict.INVALID
            if read and self.count % self.options.thorough == 0:
                self.pair(text)
            if self.count % ALONE == 0:
                oracle.as_if_first(key_name, text, found)
        except Exception as problem:  # everything that is raised is a finding
            self.note(key_name, text, problem)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        self.slowest = max(self.slowest, (time.process_time() - before, text[:100]))
        if self.count % 5_000 == 0:
            print(self.summary(), flush=True)
        return read

    def pair(self, text: str) -> None:
        """Compare the text with one that is mostly equal, and with one that mostly is not."""
        draw = random.Random(text.encode("utf-8", "surrogatepass"))
        for other in (equal_form(draw, text), mutate(draw, text, self.last, careful=True)):
            oracle.examine_pair(text, other, draw.choice(ASSUMPTIONS))
        self.last = text

    def note(self, key_name: str, text: str, problem: Exception) -> None:
        """Write a finding down: every one in a line, and the shortest of its kind with where it was raised."""
        kind = f"{type(problem).__name__}: {str(problem).split(':')[0][:60]}"
        if not isinstance(problem, oracle.Finding):
            last = traceback.extract_tb(problem.__traceback__)[-1]
            kind = f"{type(problem).__name__} in {Path(last.filename).name}:{last.name}"
        self.verdicts["FOUND"] += 1
        with (self.options.findings / "all.jsonl").open("a", encoding="ascii") as lines:
            lines.write(json.dumps([kind, key_name, text, str(problem)[:300]]) + "\n")
        if len(self.kinds.setdefault(kind, text)) > len(text):
            self.kinds[kind] = text
        elif self.kinds[kind] is not text:
            return
        path = self.options.findings / f"{zlib.crc32(kind.encode()):08x}.txt"
        shown = "".join(traceback.format_exception(problem, limit=-8))
        path.write_text(f"{kind}\n{json.dumps([key_name, text])}\n\n{shown}", "utf-8", errors="backslashreplace")
        print(f"FOUND {kind}: {key_name}: {text[:300]!r}: {str(problem)[:300]}", flush=True)

    def summary(self) -> str:
        rate = self.count / max(time.monotonic() - self.started, 0.001)
        of_cpu = self.count / max(time.process_time(), 0.001)
        shown = ", ".join(f"{name} {n}" for name, n in sorted(self.verdicts.items()))
        return (
            f"{self.count:,} texts, {self.new:,} of them new, {rate:,.0f}/s, {of_cpu:,.0f} per second of CPU time; "
            f"{shown}; {len(self.kinds)} kinds of findings; "
            f"slowest {self.slowest[0] * 1000:.0f} ms {self.slowest[1]!r}"
        )

    @property
    def over(self) -> bool:
        options = self.options
        late = options.seconds and time.monotonic() - self.started > options.seconds
        return bool(late or (options.runs and self.count >= options.runs))


def _too_late(*_: object) -> None:
    raise oracle.Finding("hangs: stopped, because it would have gone on")


def changed(draw: random.Random, name: str, text: str, other: str) -> tuple[str, str]:
    """Another text for the same key or for another; most can be read if the given one can."""
    if draw.random() < 0.05:
        name = draw.choice(oracle.NAMES)
    kind = draw.random()
    if kind < 0.1:
        return name, equal_form(draw, oracle.KEYS[name].value)
    start = formula(draw) if kind < 0.15 else text
    return name, fitted(draw, name, mutate(draw, start, other, careful=draw.random() < CAREFUL))


def blind(run: Run) -> None:
    """Changes texts without looking at what they reach."""
    draw = random.Random(run.options.seed)
    pool = beginnings()
    while not run.over:
        name, text = changed(draw, *draw.choice(pool), draw.choice(pool)[1])
        read = run.one(name, text)
        if len(pool) < 20_000 and draw.random() < (0.05 if read else 0.01):
            pool.append((name, text))
