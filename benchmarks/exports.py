"""Exports of questions of the bank: how many a second are written, each number computed anew."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import msgspec

from benchmarks.measure import Measurement
from quizgen.archive import Archive, write_archive
from quizgen.exporters import Options, format_of

QUESTIONS, RUNS = 1_000, 3
SPARE = 2
"""Variants a template beyond its share, as some have fewer."""

TEXT_TARGET, PACKAGE_TARGET = 5_000.0, 2_000.0
FORMATS = (
    ("json", TEXT_TARGET),
    ("moodle-xml", TEXT_TARGET),
    ("gift", TEXT_TARGET),
    ("markdown", TEXT_TARGET),
    ("csv", TEXT_TARGET),
    ("blackboard", TEXT_TARGET),
    ("xlsx", PACKAGE_TARGET),
    ("typst", TEXT_TARGET),
    ("latex", TEXT_TARGET),
    ("anki", PACKAGE_TARGET),
    ("canvas", PACKAGE_TARGET),
    ("qti3", PACKAGE_TARGET),
    ("qti21", PACKAGE_TARGET),
    ("pdf", PACKAGE_TARGET),
    ("olx", PACKAGE_TARGET),
    ("scorm12", PACKAGE_TARGET),
    ("scorm2004", PACKAGE_TARGET),
    ("xapi", PACKAGE_TARGET),
    ("cc", PACKAGE_TARGET),
    ("h5p", PACKAGE_TARGET),
)
TYPED = (
    "loss-numeric-nats", "missing-probability", "mean-vs-sum", "optimum-frequency", "clm-loss", "rtd-loss",
    "softmax-to-loss", "perplexity-numeric", "obj-write-symbolic", "obj-write-up-to-optimum",
)  # fmt: skip
"""Templates with numbers and formulas only, for a format that takes no others."""


def measure() -> Iterator[Measurement]:
    """Questions a second of CPU time, the best of a few runs; reading the archive counts."""
    with tempfile.TemporaryDirectory() as folder:
        archive = built(Path(folder) / "quiz")
        for name, target in FORMATS:
            if format_of(name).lacking():
                continue
            rate = max(_rate(archive, name) for _ in range(RUNS))
            yield Measurement(f"{len(archive):,} questions as {name}", rate, "/s", "the target", target)
        typed = built(Path(folder) / "typed", TYPED)
        for name in ("moodle-stack", "gift"):
            rate = max(_rate(typed, name) for _ in range(RUNS))
            job = f"{len(typed):,} numbers and formulas as {name}"
            yield Measurement(job, rate, "/s", "the target", TEXT_TARGET)


def built(folder: Path, templates: tuple[str, ...] | None = None) -> Archive:
    """An archive of so many questions of the bank, all templates in turn. templates: of these only."""
    from quizgen.assembly import assemble
    from quizgen.bank import load_bank
    from quizgen.sampling.draws import Source

    bank = load_bank(None)
    chosen_templates = templates or tuple(template.id for template in bank.templates)
    variants = -(-QUESTIONS // len(chosen_templates)) + SPARE
    assembly = assemble(bank, chosen_templates, variants=variants, source=Source(seed=7))
    kept: list[list[str]] = [[] for _ in assembly.quiz.slots]
    for rank in range(max(len(slot.pool) for slot in assembly.quiz.slots)):
        for ids, slot in zip(kept, assembly.quiz.slots, strict=True):
            if sum(map(len, kept)) < QUESTIONS:
                ids.extend(islice(slot.pool, rank, rank + 1))
    slots = tuple(
        msgspec.structs.replace(slot, pool=tuple(ids)) for slot, ids in zip(assembly.quiz.slots, kept, strict=True)
    )
    chosen = {id_ for ids in kept for id_ in ids}
    quiz = msgspec.structs.replace(assembly.quiz, slots=slots)
    return write_archive(folder, quiz, (made for made in assembly.items() if made.item.id in chosen))


def forget() -> None:
    """Empties what exporters remember of questions; fixed words stay, as they do in a program that runs on."""
    for name, module in list(sys.modules.items()):
        if name.startswith("quizgen.exporters.") and not name.endswith(".wording"):
            for value in vars(module).values():
                remembering = getattr(value, "__self__", value)  # of a bound method its object
                if not isinstance(value, type) and callable(clear := getattr(remembering, "cache_clear", None)):
                    clear()


def _rate(archive: Archive, name: str) -> float:
    forget()
    started = time.process_time()
    written = sum(len(chunk) for _, chunk in format_of(name).write(archive, Options()))
    spent = time.process_time() - started
    if not written:
        raise AssertionError(f"{name} wrote nothing")
    return len(archive) / spent
