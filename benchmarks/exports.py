"""Exports of questions of the bank: how many a second are written, each number computed anew.

Each format in a Python of its own: once the items are built, by one process, in CPU time; and from the archive, by as
many as there are cores, as a person waits for it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import msgspec

from benchmarks.measure import Measurement
from quizgen.archive import Archive, read_archive, write_archive
from quizgen.exporters import Options, format_of
from quizgen.model import Item, WorkedKey
from quizgen.processes import cores

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
    """Questions a second, the best of a few runs."""
    with tempfile.TemporaryDirectory() as folder:
        archive = built(Path(folder) / "quiz")
        for name, target in FORMATS:
            if not format_of(name).lacking():
                yield from _measured(archive, "questions", name, target)
        typed = built(Path(folder) / "typed", TYPED)
        for name in ("moodle-stack", "gift"):
            yield from _measured(typed, "numbers and formulas", name, TEXT_TARGET)
        if not format_of("pdf").lacking():
            yield _printed(archive)


def _measured(archive: Archive, what: str, name: str, target: float) -> Iterator[Measurement]:
    """Of items that are built, by one process; from the archive, by as many as there are cores."""
    with ProcessPoolExecutor(1, get_context("spawn")) as python:
        built_rate, read_rate = python.submit(_rates, archive.folder, name).result()
    for how, rate in (("", built_rate), (f", read by {cores()} processes", read_rate)):
        yield Measurement(f"{len(archive):,} {what} as {name}{how}", rate, "/s", "the target", target)


def _rates(folder: Path, name: str) -> tuple[float, float]:
    """Questions a second of built items, and of items that are read."""
    archive = read_archive(folder)
    built_items = Built(archive)
    return (
        max(_rate(built_items, name, 1) for _ in range(RUNS)),
        max(_rate(archive, name, cores()) for _ in range(RUNS)),
    )


class Built(Archive):
    """An archive whose items are in memory, as they are when they have just been made."""

    def __init__(self, archive: Archive) -> None:
        vars(self).update(vars(archive))
        self._made = {made.item.id: made for made in archive.generated()}

    def item(self, id_: str) -> Item:
        return self._made[id_].item

    def items(self) -> Iterator[Item]:
        return (made.item for made in self._made.values())

    def key(self, id_: str) -> WorkedKey:
        return self._made[id_].key

    def keys(self) -> Iterator[WorkedKey]:
        return (made.key for made in self._made.values())


def _printed(archive: Archive) -> Measurement:
    """Booklets and key as PDF, beside the time that Typst alone takes for their source: nearly all of it is Typst's."""
    import typst

    from quizgen.exporters.paper.coverage import FONTS

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])
    sources: dict[str, bytes] = {}
    for path, chunk in format_of("typst").write(archive, Options()):
        sources[path] = sources.get(path, b"") + chunk
    started = time.process_time()
    for source in sources.values():
        typst.Compiler(font_paths=fonts).compile(source, format="pdf")
    alone = len(archive) / (time.process_time() - started)
    return Measurement(f"{len(archive):,} questions as pdf", _rate(archive, "pdf", 1), "/s", "Typst alone", alone)


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


def _rate(archive: Archive, name: str, processes: int) -> float:
    """Questions a second: of CPU time of one process, of time that goes by of several."""
    clock = time.process_time if processes == 1 else time.perf_counter
    forget()
    started = clock()
    written = sum(len(chunk) for _, chunk in format_of(name).write(archive, Options(processes=processes)))
    spent = clock() - started
    if not written:
        raise AssertionError(f"{name} wrote nothing")
    return len(archive) / spent
