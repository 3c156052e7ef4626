"""Fuzzes the judge of typed answers: ``make fuzz``, or ``python -m tests.fuzzing.fuzz [options]``.

Where atheris is installed it chooses what to change next by the code that a text reaches; without it texts are changed
blindly. Every text goes through `tests.fuzzing.oracle`; what does not hold is written down once for each kind, and the
run goes on. Ends with 1 if anything was found.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sys
import tempfile
import zlib
from pathlib import Path

try:
    import atheris
except ImportError:  # there is no wheel for every machine
    atheris = None

import grading
from tests.fuzzing import oracle
from tests.fuzzing.mutations import DICTIONARY
from tests.fuzzing.running import Run, blind, changed
from tests.fuzzing.texts import beginnings, packed, unpacked

LONGEST = 400
"""Bytes of a text that atheris makes; longer ones are left to the blind run and to the benchmark of hostile answers."""

MEMORY = 2 << 30
"""Bytes that the process may have; a text that asks for more is found by its MemoryError."""


def guided(run: Run) -> None:
    """Lets atheris choose; does not return."""
    from tests.fuzzing.coverage import Coverage

    folder = run.options.corpus or Path(tempfile.mkdtemp(prefix="fuzz-"))
    folder.mkdir(parents=True, exist_ok=True)
    first = beginnings()
    for name, text in first:
        data = packed(name, text)
        (folder / f"seed-{zlib.crc32(data):08x}").write_bytes(data)
    run.known(unpacked(path.read_bytes()) for path in folder.iterdir())
    words = folder.with_name(folder.name + ".dict")
    lines = ("".join(f"\\x{byte:02x}" for byte in word.encode("utf-8", "surrogatepass")) for word in DICTIONARY)
    words.write_text("".join(f'"{line}"\n' for line in lines), "ascii")

    coverage = Coverage(grading)
    legible: list[tuple[str, str]] = [first[0]]  # of the texts that reach something new
    illegible: set[tuple[str, str]] = set()

    def one(data: bytes) -> None:
        coverage.begin()
        text = unpacked(data)
        read = run.one(*text)
        if coverage.end():
            legible.append(text) if read else illegible.add(text)
        if run.over:
            finish(run)

    def change(data: bytes, most: int, seed: int) -> bytes:
        draw = random.Random(seed)
        if draw.random() < 0.04:
            return bytes(atheris.Mutate(data, most))
        text = unpacked(data)
        if text in illegible and draw.random() < 0.7:  # they reach much, and would crowd out what can be judged
            text = draw.choice(legible)
        return fitting(draw, *text, draw.choice(legible)[1], most)

    def cross(one: bytes, another: bytes, most: int, seed: int) -> bytes:
        (name, text), (_, other) = unpacked(one), unpacked(another)
        return fitting(random.Random(seed), name, text, other, most)

    settings = [f"-dict={words}", f"-max_len={LONGEST}", "-len_control=0", "-timeout=300", "-rss_limit_mb=2500"]
    # among texts that reach as much the quick ones are changed more often
    settings += [f"-seed={run.options.seed}", "-mutate_depth=2", "-entropic_scale_per_exec_time=1"]
    artefacts = f"-artifact_prefix={run.options.findings}/"
    quiet = ["-print_final_stats=0", "-verbosity=0", "-use_value_profile=0"]
    arguments = [sys.argv[0], *settings, *quiet, artefacts, str(folder)]
    atheris.Setup(arguments, one, custom_mutator=change, custom_crossover=cross)
    atheris.Fuzz()


def fitting(draw: random.Random, name: str, text: str, other: str, most: int) -> bytes:
    """A change of the text that is not too long: what is cut can rarely be read."""
    for _ in range(3):
        found = packed(*changed(draw, name, text, other))
        if len(found) <= most:
            break
    return found[:most]


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
    parser.add_argument(
        "--thorough", type=int, default=10, help="one text in so many is also compared both ways and by its values"
    )
    parser.add_argument(
        "--patience", type=float, default=oracle.SECONDS, help="seconds of CPU time that a text may take"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, help="folder for texts that reach something new (default: a new one)")
    parser.add_argument("--findings", type=Path, default=Path("fuzz-findings"), help="folder for what is found")
    parser.add_argument("--blind", action="store_true", help="without atheris")
    options = parser.parse_args()
    if not (options.runs or options.seconds):
        options.runs = 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    run = Run(options)
    if options.blind or atheris is None:
        print("changing texts blindly: " + ("as asked" if atheris else "atheris is not installed"))
        blind(run)
        finish(run)
    guided(run)


if __name__ == "__main__":
    main()
