"""``moodle-stack``: typed numbers and formulas for Moodle with the question type STACK.

A template is one question; its pool is a table in the question variables, and each deployed seed is one of its rows.
Every known wrong answer has a node of the response tree with its feedback and credit, and a question test of every
variant. Other kinds of questions are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from quizgen.archive import Archive
from quizgen.exporters import slot_by_slot
from quizgen.exporters.contract import Format, Options
from quizgen.exporters.moodle_stack.fidelity import KIND_LEVELS, fidelity
from quizgen.exporters.moodle_stack.questions import Asked, Row, question, row
from quizgen.exporters.moodle_xml import slot_name
from quizgen.exporters.moodle_xml.xml import category_path, comment, element, html_element, moodle_text, text_element
from quizgen.model import GeneratedItem, Quiz, Slot
from quizgen.processes import in_processes

PATH = "stack.xml"

MOST_ROWS = 100
"""Maxima goes through the whole table whenever a question is shown; a larger pool becomes several questions."""


MOST_AT_ONCE = 1_000
"""Items of a slot that one process writes; a larger slot is in several pieces, each with questions of its own."""


def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """The file, one question a chunk."""
    yield PATH, b'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'
    for chunks in _written(archive, options):
        yield from ((PATH, chunk) for chunk in chunks)
    yield PATH, b"</quiz>\n"


def _written(archive: Archive, options: Options) -> Iterator[list[bytes]]:
    """What is written of each piece, by as many processes as may be."""
    pieces = [
        (slot, number)
        for slot in archive.quiz.slots
        for number in range(1, max(1, -(-len(slot.pool) // MOST_AT_ONCE)) + 1)
    ]

    def write_one(place: int) -> list[bytes]:
        return list(_piece(archive, *pieces[place], options))

    items = sum(len(slot.pool) for slot in archive.quiz.slots)
    processes = options.processes if items >= slot_by_slot.WORTHWHILE else 1
    return in_processes(write_one, len(pieces), processes)


def _piece(archive: Archive, slot: Slot, number: int, options: Options) -> Iterator[bytes]:
    """The questions of a piece of a slot; first the slot's category."""
    if number == 1:
        yield _category(archive.quiz, slot).encode()
    ids = slot.pool[(number - 1) * MOST_AT_ONCE : number * MOST_AT_ONCE]
    for place, rows in enumerate(_pools(archive, ids), 1):
        item = rows[0].made.item
        which = f"{place}" if number == 1 else f"{number}.{place}"
        asked = Asked(f"{archive.quiz.id}/{slot.id}/{item.template}/{which}", slot.points, options.code_in_stem)
        head = comment(f"question: {item.template}, variants from {item.id}: {len(rows)}")
        yield (head + question(rows, asked)).encode()


def _category(quiz: Quiz, slot: Slot) -> str:
    path = category_path(quiz.title or quiz.id, slot_name(slot))
    body = text_element("category", path) + html_element("info", moodle_text(f"{quiz.id} · {slot.id}"))
    return f'<question type="category">\n{body}{element("idnumber", "")}</question>\n'


def _pools(archive: Archive, ids: Iterable[str]) -> Iterator[list[Row]]:
    """These items, those of one shape together."""
    open_: dict[tuple[object, ...], list[Row]] = {}
    for id_ in ids:
        made = row(GeneratedItem(archive.item(id_), archive.key(id_)))
        rows = open_.setdefault(made.shape, [])
        rows.append(made)
        if len(rows) == MOST_ROWS:
            yield open_.pop(made.shape)
    yield from open_.values()


FORMAT = Format(
    id="moodle-stack",
    title="Moodle STACK",
    audience="Moodle with the question type STACK, for typed numbers and formulas",
    keys="server",
    kinds=KIND_LEVELS,
    fidelity=fidelity,
    write=write,
    forms=False,
    next_step="in the question bank of the course choose Import, Moodle XML format and this file, run the question "
    "tests of the STACK dashboard, then add the questions to a quiz (docs/exporting/moodle-stack.md)",
)
