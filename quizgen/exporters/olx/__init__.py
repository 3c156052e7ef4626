r"""``olx``: a course for Open edX, a unit for each slot with an item bank that holds its pool.

Formulas are LaTeX between ``\( … \)``. The name of each question begins with its code; the name of its block is its id.
Nothing in it needs Python on the platform: every answer is compared by Open edX itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.archive import Archive
from quizgen.exporters.contract import Format, Options
from quizgen.exporters.olx.course import bank_name, bank_opening, course_files
from quizgen.exporters.olx.essays import open_response_xml
from quizgen.exporters.olx.fidelity import KIND_LEVELS, fidelity, is_open_response
from quizgen.exporters.olx.markup import element, url_name
from quizgen.exporters.olx.problems import Written, problem_xml
from quizgen.exporters.packaging import tarred
from quizgen.exporters.rendering.wording import wording
from quizgen.exporters.slot_by_slot import pools, slot_by_slot
from quizgen.exporters.stand_in import writing_choices
from quizgen.model import Slot

PATH = "course.tar.gz"
TOP = "course/"


@writing_choices
def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """The course, in constant memory."""
    yield from tarred(PATH, ((TOP + name, content) for name, content in _files(archive, options)))


def _files(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    def write_one(slot: Slot, id_: str) -> tuple[str, tuple[str, bytes] | None]:
        """What stands in the bank, and the file that it names, if it does."""
        written = _written(archive, slot, id_, options)
        name = url_name(id_)
        if is_open_response(written.item, written.key):
            return open_response_xml(written, name), None
        return element("problem", "", url_name=name), (f"problem/{name}.xml", problem_xml(written).encode())

    yield from course_files(archive.quiz)
    for slot, blocks in slot_by_slot(pools(archive.quiz), write_one, options):
        inside = [bank_opening(slot)]
        for block, file in blocks:
            inside.append(block)
            if file is not None:
                yield file
        yield f"itembank/{bank_name(slot)}.xml", "".join((*inside, "</itembank>\n")).encode()


def _written(archive: Archive, slot: Slot, id_: str, options: Options) -> Written:
    item = archive.item(id_)
    practice = archive.quiz.purpose == "practice"
    return Written(item, archive.key(id_), slot.points, wording(item.language), practice, options.code_in_stem)


FORMAT = Format(
    id="olx",
    title="Open edX",
    audience="Open edX, Sumac (2024) and later",
    keys="server",
    kinds=KIND_LEVELS,
    fidelity=fidelity,
    write=write,
    forms=False,
    next_step="in Studio make a new course, choose Tools, Import and this file: importing replaces all that a course "
    "holds; copy its units into your own course from there (docs/exporting/olx.md)",
)
