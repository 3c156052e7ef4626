"""Fuzzes the judge of typed answers: ``make fuzz``, or ``python -m tests.fuzzing.fuzz [options]``.

Where atheris is installed it chooses what to change next by the code that a text reaches; without it texts are changed
blindly. Every text goes through `tests.fuzzing.oracle`; what does not hold is written down once for each kind, and the
run goes on. Ends with 1 if anything was found.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
import traceback
import zlib
from collections import Counter
from pathlib import Path

try:
    import atheris
except ImportError:  # there is no wheel for every machine
    atheris = None

if atheris is None:
    from tests.fuzzing import oracle
else:
    with atheris.instrument_imports(include=["grading"]):
        from tests.fuzzing import oracle

from tests.fuzzing.mutations import DICTIONARY, SEEDS, equal_form, fitted, formula, mutate

CORPUS = Path(__file__).with_name("corpus")
THOROUGH = 6
"""One text in so many is compared both ways and by its values; all are graded."""


class Run:
    """Counts, and what was found so far."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.started = time.monotonic()
        self.count = 0
        self.verdicts: Counter[str] = Counter()
        self.kinds: dict[str, str] = {}
        self.slowest = (0.0, "")
        options.findings.mkdir(parents=True, exist_ok=True)

    def one(self, key_name: str, text: str) -> None:
        """Examine one text."""
        self.count += 1
        before = time.process_time()
        try:
            found = oracle.examine(key_name, text, zlib.crc32(text.encode("utf-8", "surrogatepass")) % THOROUGH == 0)
            self.verdicts[found.verdict.value] += 1
        except Exception as problem:
            self.note(key_name, text, problem)
        self.slowest = max(self.slowest, (time.process_time() - before, text[:100]))
        if self.count % 20_000 == 0:
            print(self.summary(), flush=True)

    def note(self, key_name: str, text: str, problem: Exception) -> None:
        """Write a finding down, the first of its kind."""
        kind = f"{type(problem).__name__}: {str(problem).split(':')[0][:60]}"
        if not isinstance(problem, oracle.Finding):
            last = traceback.extract_tb(problem.__traceback__)[-1]
            kind = f"{type(problem).__name__} in {Path(last.filename).name}:{last.name}"
        self.verdicts["FOUND"] += 1
        if len(self.kinds.setdefault(kind, text)) > len(text):
            self.kinds[kind] = text
        elif self.kinds[kind] is not text:
            return
        path = self.options.findings / f"{zlib.crc32(kind.encode()):08x}.txt"
        lines = "".join(traceback.format_exception(problem, limit=-8))
        path.write_text(f"{kind}\n{json.dumps([key_name, text])}\n\n{lines}", "utf-8", errors="backslashreplace")
        print(f"FOUND {kind}: {key_name}: {text[:300]!r}: {str(problem)[:300]}", flush=True)

    def summary(self) -> str:
        rate = self.count / max(time.monotonic() - self.started, 0.001)
        shown = ", ".join(f"{name} {n}" for name, n in sorted(self.verdicts.items()))
        return (
            f"{self.count:,} texts, {rate:,.0f}/s; {shown}; {len(self.kinds)} kinds of findings; "
            f"slowest {self.slowest[0] * 1000:.0f} ms {self.slowest[1]!r}"
        )

    @property
    def over(self) -> bool:
        options = self.options
        late = options.seconds and time.monotonic() - self.started > options.seconds
        return bool(late or (options.runs and self.count >= options.runs))


# --- texts as bytes: the first byte names the key


def packed(key_name: str, text: str) -> bytes:
    return bytes((48 + oracle.NAMES.index(key_name),)) + text.encode("utf-8", "surrogatepass")


def unpacked(data: bytes) -> tuple[str, str]:
    first = data[0] if data else 0
    try:
        text = data[1:].decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        text = data[1:].decode("utf-8", "replace")
    return oracle.NAMES[(first - 48) % len(oracle.NAMES)], text


def kept() -> list[tuple[str, str]]:
    """(key, text) of the corpus that is kept with the tests."""
    lines = [line for path in sorted(CORPUS.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    return [tuple(json.loads(line)) for line in lines]


def beginnings() -> list[tuple[str, str]]:
    """What a run begins with."""
    own = [(name, text) for text in SEEDS for name in oracle.NAMES]
    return own + [(name, key.value) for name, key in oracle.KEYS.items()] + kept()


def changed(draw: random.Random, name: str, text: str, other: str) -> tuple[str, str]:
    """Another text for the same key or for another, preferably one that can be read."""
    if draw.random() < 0.05:
        name = draw.choice(oracle.NAMES)
    kind = draw.random()
    if kind < 0.1:
        return name, equal_form(draw, oracle.KEYS[name].value)
    start = formula(draw) if kind < 0.15 else text
    for _ in range(4):
        found = fitted(draw, name, mutate(draw, start, other))
        if oracle.readable(name, found) or draw.random() < 0.05:
            break
    return name, found


# --- the two engines


def blind(run: Run) -> None:
    """Changes texts without looking at what they reach."""
    draw = random.Random(run.options.seed)
    pool = beginnings()
    while not run.over:
        name, text = changed(draw, *draw.choice(pool), draw.choice(pool)[1])
        run.one(name, text)
        if len(pool) < 20_000 and draw.random() < 0.05:
            pool.append((name, text))


def guided(run: Run) -> None:
    """Lets atheris choose; does not return."""
    folder = run.options.corpus or Path(tempfile.mkdtemp(prefix="fuzz-"))
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in beginnings():
        data = packed(name, text)
        (folder / f"seed-{zlib.crc32(data):08x}").write_bytes(data)
    words = folder.with_name(folder.name + ".dict")
    lines = ("".join(f"\\x{byte:02x}" for byte in word.encode("utf-8", "surrogatepass")) for word in DICTIONARY)
    words.write_text("".join(f'"{line}"\n' for line in lines), "ascii")

    def one(data: bytes) -> None:
        run.one(*unpacked(data))
        if run.over:
            finish(run)

    def change(data: bytes, most: int, seed: int) -> bytes:
        draw = random.Random(seed)
        if draw.random() < 0.04:
            return bytes(atheris.Mutate(data, most))
        return packed(*changed(draw, *unpacked(data), draw.choice(SEEDS)))[:most]

    def cross(first: bytes, second: bytes, most: int, seed: int) -> bytes:
        (name, text), (_, other) = unpacked(first), unpacked(second)
        return packed(*changed(random.Random(seed), name, text, other))[:most]

    settings = [f"-dict={words}", "-max_len=4200", "-timeout=30", "-rss_limit_mb=2500", f"-seed={run.options.seed}"]
    artefacts = f"-artifact_prefix={run.options.findings}/"
    quiet = ["-print_final_stats=0", "-verbosity=0", "-use_value_profile=0", "-len_control=20"]
    arguments = [sys.argv[0], *settings, *quiet, artefacts, str(folder)]
    atheris.Setup(arguments, one, custom_mutator=change, custom_crossover=cross)
    atheris.Fuzz()


def finish(run: Run) -> None:
    """Says what was found and ends the process, which the engine below would not."""
    print(run.summary())
    for kind, text in sorted(run.kinds.items()):
        print(f"  {kind}: {text[:200]!r}")
    sys.stdout.flush()
    os._exit(1 if run.kinds else 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=0, help="texts to examine; 0 for no limit")
    parser.add_argument("--seconds", type=float, default=0, help="how long; 0 for no limit")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, help="folder for texts that reach something new (default: a new one)")
    parser.add_argument("--findings", type=Path, default=Path("fuzz-findings"), help="folder for what is found")
    parser.add_argument("--blind", action="store_true", help="without atheris")
    options = parser.parse_args()
    if not (options.runs or options.seconds):
        options.runs = 1_000_000
    run = Run(options)
    if options.blind or atheris is None:
        print("changing texts blindly: " + ("as asked" if atheris else "atheris is not installed"))
        blind(run)
        finish(run)
    guided(run)


if __name__ == "__main__":
    main()
