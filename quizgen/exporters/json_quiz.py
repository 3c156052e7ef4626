"""``json``: the whole quiz in one documented JSON file, for other programs.

    {"format": "quizgen-quiz", "version": 1, "quiz": {…}, "items": [{"item": {…}, "key": {…}}, …]}

``quiz``, ``item`` and ``key`` are the records of the published schemas ``quiz``, ``item`` and ``worked-key``. An exam
is written without ``key``.
"""

from __future__ import annotations

from collections.abc import Iterator

from grading.answersheet import to_json
from quizgen.archive import Archive
from quizgen.exporters.contract import Fidelity, Format, Level, Options
from quizgen.model import KINDS, Item, WorkedKey

VERSION = 1
PATH = "quiz.json"


def fidelity(item: Item, key: WorkedKey | None) -> Fidelity:
    """Nothing is lost."""
    return Fidelity()


def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """The file, one item a chunk."""
    quiz = to_json(archive.quiz)
    yield PATH, b'{"format":"quizgen-quiz","version":%d,\n"quiz":%s,\n"items":[' % (VERSION, quiz)
    keyed = archive.has_keys and archive.quiz.purpose != "exam"
    records = archive.generated() if keyed else ({"item": item} for item in archive.items())
    for number, record in enumerate(records):
        yield PATH, (b",\n" if number else b"\n") + to_json(record)
    yield PATH, b"\n]}\n"


FORMAT = Format(
    id="json",
    title="JSON",
    audience="other programs",
    keys="file",
    kinds=dict.fromkeys(KINDS, Level.EXACT),
    fidelity=fidelity,
    write=write,
    next_step="read it with a program; `quizgen schema` prints the schemas of its parts (docs/exporting/json.md)",
)
