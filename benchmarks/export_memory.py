"""Memory that an export of very many questions takes, each format in a process of its own."""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import msgspec

from benchmarks.measure import Measurement

QUESTIONS, TARGET = 100_000, 300.0
"""MB at the peak, with Python itself and everything that it has loaded."""

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
    """MB at the peak of this process after an export."""
    from quizgen.exporters import export

    export(folder / "many", format_, folder / "out")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
