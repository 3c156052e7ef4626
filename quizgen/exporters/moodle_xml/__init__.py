"""``moodle-xml``: a question bank for Moodle 4, a category for each slot with its pool in it.

Formulas are LaTeX between ``\\( … \\)``. The name of each question begins with its code; id number and tags carry id
and revision. Moodle's import always adds questions: importing a second time makes second copies.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from quizgen.archive import Archive
from quizgen.exporters.contract import Format, Options
from quizgen.exporters.moodle_xml.cloze import cloze_html
from quizgen.exporters.moodle_xml.fidelity import KIND_LEVELS, fidelity, is_split
from quizgen.exporters.moodle_xml.questions import Asked, instructions, left_out, part_question, question
from quizgen.exporters.moodle_xml.xml import (
    DIALECT,
    category_path,
    comment,
    element,
    html_element,
    moodle_text,
    text_element,
)
from quizgen.exporters.rendering.html import block_html
from quizgen.exporters.rendering.wording import Wording, wording
from quizgen.exporters.slot_by_slot import pools, slot_by_slot
from quizgen.exporters.stand_in import writing_choices
from quizgen.model import Item, Quiz, Slot, WorkedKey

PATH = "quiz.xml"


@writing_choices
def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """The file, one item a chunk."""
    quiz = archive.quiz

    def write_one(slot: Slot, id_: str) -> bytes:
        return _questions(quiz, slot, archive.item(id_), archive.key(id_), options).encode()

    yield PATH, b'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'
    for slot, questions in slot_by_slot(pools(quiz), write_one, options):
        yield PATH, _category(quiz, slot).encode()
        yield from ((PATH, question) for question in questions)
    yield PATH, b"</quiz>\n"


def _category(quiz: Quiz, slot: Slot, *below: str) -> str:
    path = category_path(quiz.title or quiz.id, slot_name(slot), *below)
    body = text_element("category", path) + html_element("info", moodle_text(f"{quiz.id} · {slot.id}"))
    return f'<question type="category">\n{body}{element("idnumber", "")}</question>\n'


def slot_name(slot: Slot) -> str:
    """The name of the slot's category: its id first, so that it is the only one."""
    return f"{slot.id} {slot.title}" if slot.title else slot.id


def _questions(quiz: Quiz, slot: Slot, item: Item, key: WorkedKey, options: Options) -> str:
    head = comment(f"question: {item.id} revision {item.revision}")
    words = wording(item.language)
    code = f"\n<p><small>{moodle_text(item.code)}</small></p>" if options.code_in_stem else ""
    keys = {part_key.id: part_key for part_key in key.parts}
    if len(item.parts) == 1:
        part = item.parts[0]
        html = block_html(item.stem + part.prompt, DIALECT) + instructions(part.interaction, words) + code
        return head + part_question(Asked(item, key, html, slot.points, words), part.interaction, keys[part.id])
    if not is_split(item, key):
        html = cloze_html(item, keys, words) + code
        explained = [pair for part_key in key.parts for pair in left_out(part_key)]
        return head + question("cloze", Asked(item, key, html, slot.points, words), "", explained)
    return head + _category(quiz, slot, item.code) + _separate(slot, item, key, words, code) + _category(quiz, slot)


def _separate(slot: Slot, item: Item, key: WorkedKey, words: Wording, code: str) -> str:
    """One question a part; the stem stands in front of each, so that each can be read alone."""
    keys = {part_key.id: part_key for part_key in key.parts}
    stem, written = block_html(item.stem, DIALECT), []
    for number, part in enumerate(item.parts, 1):
        heading = f"\n<p><strong>{moodle_text(words('part', number=number))}</strong></p>\n"
        html = stem + heading + block_html(part.prompt, DIALECT)
        asked = Asked(
            item,
            key,
            html + instructions(part.interaction, words) + code,
            slot.points * part.weight,
            words,
            suffix=f" ({number}/{len(item.parts)})",
            id_suffix=f"#{part.id}",
        )
        if number < len(item.parts):
            asked = msgspec.structs.replace(asked, key=msgspec.structs.replace(key, solution=()))
        written.append(part_question(asked, part.interaction, keys[part.id]))
    return "".join(written)


FORMAT = Format(
    id="moodle-xml",
    title="Moodle XML",
    audience="Moodle 4",
    keys="server",
    kinds=KIND_LEVELS,
    fidelity=fidelity,
    write=write,
    forms=False,
    next_step="in the question bank of the course choose Import, Moodle XML format and this file, then random "
    "questions from its categories in a quiz (docs/exporting/moodle-xml.md)",
)
