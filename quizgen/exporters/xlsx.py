"""``xlsx``: a workbook for people, with a sheet each for the questions, their options, the keys, and who gets what.

The rows of a question share its code and the number of the part. Points and credits are numbers, everything else is
text that no spreadsheet calculates. An exam is written without the sheet of the keys.
"""

from __future__ import annotations

from collections.abc import Iterator

from grading.answersheet import PartKey
from quizgen.archive import Archive
from quizgen.content import Inline
from quizgen.exporters.contract import Caveat, Fidelity, Format, Level, Options
from quizgen.exporters.csv_table import FORM_COLUMNS, PLAIN
from quizgen.exporters.rendering.fields import field_instructions
from quizgen.exporters.rendering.phrases import phrase
from quizgen.exporters.rendering.text import block_text, inline_text
from quizgen.exporters.rendering.wording import Wording, wording
from quizgen.exporters.slot_by_slot import read_by, slot_by_slot
from quizgen.exporters.told_answers import known_answers, offered, right_answers
from quizgen.exporters.workbook import LONGEST, Cell, Sheet, WaitingRows, units, waiting_rows, workbook
from quizgen.model import KINDS, Item, Part, Slot, WorkedKey

PATH = "quiz.xlsx"

ITEM_COLUMNS = {
    "code": 10, "part": 6, "slot": 16, "slot_title": 24, "section": 16, "points": 8, "kind": 15, "language": 10,
    "title": 30, "question": 70, "instructions": 30, "bloom": 12, "concepts": 24, "difficulty": 12, "template": 24,
    "variant": 8, "item": 28, "revision": 20,
}  # fmt: skip
OPTION_COLUMNS = {"code": 10, "part": 6, "label": 8, "option": 70}
KEY_COLUMNS = {"code": 10, "part": 6, "what": 14, "text": 60, "credit": 8, "said": 60}
FORM_WIDTHS = (20, 8, 10, 28)
ANSWER, KNOWN, HINT, SOLUTION = "answer", "known answer", "hint", "solution"

CUT = Caveat("cell:cut", f"a cell holds {LONGEST:,} characters at most: the text is cut there")

Row = tuple[Cell, ...]


def fidelity(item: Item, key: WorkedKey | None) -> Fidelity:
    """Every answer is there to be marked by a person; the looks are not, and a cell has an end."""
    texts = [_question(item, part) for part in item.parts]
    texts += [_line(one.content) for part in item.parts for entries in offered(part.interaction) for one in entries]
    if key is not None:
        texts.append(block_text(key.solution))
    return Fidelity((PLAIN, CUT) if any(units(text) > LONGEST for text in texts) else (PLAIN,))


def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """The workbook; a question is read once for all sheets."""
    quiz = archive.quiz
    widths = [tuple(columns.values()) for columns in (ITEM_COLUMNS, OPTION_COLUMNS, KEY_COLUMNS)]
    with waiting_rows(widths[1]) as listed, waiting_rows(widths[2]) as keys:
        with_keys = archive.has_keys and quiz.purpose != "exam"
        rows = _rows(archive, options, listed, keys if with_keys else None)
        sheets = [Sheet("Items", widths[0], rows), Sheet("Options", widths[1], listed)]
        if with_keys:
            sheets.append(Sheet("Keys", widths[2], keys))
        if quiz.forms:
            sheets.append(Sheet("Forms", FORM_WIDTHS, _forms(archive, options)))
        yield from workbook(PATH, sheets)


def _rows(archive: Archive, options: Options, listed: WaitingRows, keys: WaitingRows | None) -> Iterator[Row]:
    """The rows of the questions; those of their options and keys are added to the sheets where they wait."""

    def write_one(slot: Slot, id_: str) -> tuple[list[Row], list[Row], list[Row]]:
        item = archive.item(id_)
        of_key = [] if keys is None else list(_keys(item, archive.key(id_)))
        return list(_items(slot, item)), list(_options(item)), of_key

    yield tuple(ITEM_COLUMNS)
    listed.add(tuple(OPTION_COLUMNS))
    if keys is not None:
        keys.add(tuple(KEY_COLUMNS))
    for _, written in slot_by_slot(read_by(options.learner, archive.quiz), write_one, options):
        for of_item, of_options, of_key in written:
            yield from of_item
            listed.add(*of_options)
            if keys is not None:
                keys.add(*of_key)


def _parts(item: Item) -> Iterator[tuple[str, Part]]:
    """Each part with what stands in the column: ``2/3``, or nothing for the only one."""
    several = len(item.parts)
    for number, part in enumerate(item.parts, 1):
        yield f"{number}/{several}" if several > 1 else "", part


def _items(slot: Slot, item: Item) -> Iterator[Row]:
    for name, part in _parts(item):
        yield (
            item.code,
            name,
            slot.id,
            slot.title,
            slot.section,
            slot.points * part.weight,
            str(type(part.interaction).__struct_config__.tag),
            item.language,
            item.title,
            _question(item, part),
            field_instructions(part.interaction, wording(item.language)),
            item.bloom,
            " ".join(item.concepts),
            item.difficulty,
            item.template,
            item.variant,
            item.id,
            item.revision,
        )


def _options(item: Item) -> Iterator[Row]:
    for name, part in _parts(item):
        for entries in offered(part.interaction):
            for one in entries:
                yield item.code, name, one.label, _line(one.content)


def _keys(item: Item, key: WorkedKey) -> Iterator[Row]:
    words = wording(item.language)
    part_keys = {part_key.id: part_key for part_key in key.parts}
    for name, part in _parts(item):
        for cells in _of_part(part, part_keys[part.id], words):
            yield item.code, name, *cells
    for hint in key.hints:
        yield item.code, "", HINT, _line(phrase(hint, words.language))
    if key.solution:
        yield item.code, "", SOLUTION, block_text(key.solution)


def _of_part(part: Part, part_key: PartKey, words: Wording) -> Iterator[Row]:
    for right in right_answers(part, part_key, words):
        yield ANSWER, _line(right), 1
    for known in known_answers(part, part_key, words):
        yield KNOWN, _line(known.answer), known.credit, _line(known.said)


def _forms(archive: Archive, options: Options) -> Iterator[Row]:
    yield FORM_COLUMNS
    for learner, ids in archive.quiz.forms:
        if learner == options.learner or not options.learner:
            for number, id_ in enumerate(ids, 1):
                yield learner, number, archive.label(id_).code, id_


def _question(item: Item, part: Part) -> str:
    return "\n\n".join(filter(None, (block_text(item.stem), block_text(part.prompt))))


def _line(content: tuple[Inline, ...]) -> str:
    return " ".join(inline_text(content).split())


FORMAT = Format(
    id="xlsx",
    title="Excel workbook",
    audience="people, in a spreadsheet with a sheet for items, options and keys",
    keys="file",
    kinds=dict.fromkeys(KINDS, Level.EXACT),
    fidelity=fidelity,
    write=write,
    next_step="open it in Excel, LibreOffice or Google Sheets; the columns are explained in docs/exporting/xlsx.md",
    best_effort=True,
)
