"""Memory that an export of very many questions takes, each format in a process of its own."""

from __future__ import annotations

import os
import re
import resource
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from threading import Event, Thread
from typing import TypeVar

import msgspec

from benchmarks.measure import Measurement
from quizgen.cli.commands.export import MOST

QUESTIONS, TARGET = 100_000, 300.0
"""MB at the peak, with Python itself and everything that it has loaded."""

EVERY = 0.05
"""Seconds between two looks at the memory."""

FORMATS = ("json", "csv", "gift", "moodle-xml", "qti3", "canvas", "anki")

T = TypeVar("T")


def measure() -> Iterator[Measurement]:
    """MB at the peak, the plan included."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        count = _apart(_build, folder)
        for format_ in FORMATS:
            peak = _apart(_peak, folder, format_)
            yield Measurement(f"{count:,} questions as {format_}", peak, "MB", "the target", TARGET, False)


def _apart(work: Callable[..., T], *given: object) -> T:
    """What a function gives in a new process, so that no other memory counts."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(work, *given).result()


def _build(folder: Path) -> int:
    """A quiz of questions of all templates, each many times under another name; gives their number."""
    from benchmarks.exports import built
    from quizgen.archive import Lines, lines_of, write_archive
    from quizgen.model import GeneratedItem

    few = built(folder / "few")
    times = QUESTIONS // len(few)

    def again() -> Iterator[Lines]:
        for made in few.generated():
            for time in range(times):
                id_, code = f"{made.item.id}-{time}", f"{made.item.code}-{time}"
                item = msgspec.structs.replace(made.item, id=id_, code=code)
                yield lines_of(GeneratedItem(item, msgspec.structs.replace(made.key, item=id_, code=code)))

    slots = tuple(
        msgspec.structs.replace(slot, pool=tuple(f"{id_}-{time}" for id_ in slot.pool for time in range(times)))
        for slot in few.quiz.slots
    )
    return len(write_archive(folder / "many", msgspec.structs.replace(few.quiz, slots=slots), again()))


def _peak(folder: Path, format_: str) -> float:
    """MB at the peak of an export: of this process and of those that help it, memory that they share counted once."""
    from quizgen.exporters import Options, export

    done, peak = Event(), 0.0

    def watch() -> None:
        nonlocal peak
        while not done.wait(EVERY):
            peak = max(peak, _held(os.getpid()))

    watching = Thread(target=watch)
    watching.start()
    try:
        export(folder / "many", format_, folder / "out", options=Options(processes=MOST))
    finally:
        done.set()
        watching.join()
    return max(peak, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _held(process: int) -> float:
    """MB of a process and of those that it began (Linux: proportional set sizes); 0 of one that just ended."""
    here = Path("/proc") / str(process)
    try:
        begun = [int(pid) for task in here.glob("task/*/children") for pid in task.read_text().split()]
        held = re.search(r"^Pss: +(\d+) kB", (here / "smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0.0
    return (int(held[1]) / 1024 if held else 0.0) + sum(map(_held, begun))
