"""``csv``: a table for people, one row for each item, or for each part of an item of several parts.

UTF-8 with a byte order mark and every cell in quotation marks, so that Excel, LibreOffice and Google Sheets read it
alike. No cell is ever calculated: what a spreadsheet would take for a formula begins with an apostrophe. An exam is
written without the columns of the key. ``forms.csv`` says who gets what, if the quiz has forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from grading.answersheet import PartKey
from quizgen.archive import Archive
from quizgen.content import Inline
from quizgen.exporters.contract import Caveat, Fidelity, Format, Level, Options
from quizgen.exporters.rendering.decimals import decimal
from quizgen.exporters.rendering.fields import field_instructions
from quizgen.exporters.rendering.phrases import phrase
from quizgen.exporters.rendering.text import block_text, inline_text, printable, remembering_short
from quizgen.exporters.rendering.wording import Wording, wording
from quizgen.exporters.slot_by_slot import read_by, slot_by_slot
from quizgen.exporters.told_answers import known_answers, offered, right_answers
from quizgen.model import KINDS, Item, Part, Slot, WorkedKey
from quizgen.spreadsheet import dead

PATH, FORMS_PATH = "quiz.csv", "forms.csv"
LONGEST = 32_767

QUESTION_COLUMNS = (
    "slot", "slot_title", "section", "points", "code", "part", "kind", "language", "title", "question", "options",
    "instructions",
)  # fmt: skip
KEY_COLUMNS = ("answer", "known_answers", "hints", "solution")
ORIGIN_COLUMNS = ("bloom", "concepts", "difficulty", "template", "variant", "item", "revision")
FORM_COLUMNS = ("learner", "number", "code", "item")

PLAIN = Caveat("text:plain", "formulas are Unicode text; bold print, tables and code are plain text", Level.EXACT)
LONG = Caveat("cell:long", f"spreadsheets show {LONGEST:,} characters of a cell at most", Level.EXACT)


def _cell(text: str) -> str:
    r"""A text as a cell that no spreadsheet calculates. Plain numbers stay numbers.

    >>> print(cell("=1+1"), cell("-0.5"), cell('so "it" is'), cell("- 3"))
    "'=1+1" "-0.5" "so ""it"" is" "'- 3"
    """
    return clean_cell(text if text.isprintable() else printable(text))


def clean_cell(text: str) -> str:
    """The same for a text that holds nothing that cannot be printed: long ones take long to be searched for it."""
    if text[:1].isalnum():  # nothing that is calculated begins so
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    else:
        text = dead(text.replace("\r\n", "\n").replace("\r", "\n"))
    return '"' + text.replace('"', '""') + '"'


cell = remembering_short(_cell)


def row(cells: Iterable[str]) -> bytes:
    """One line of the table."""
    return _line(map(cell, cells))


def _line(cells: Iterable[str]) -> bytes:
    return (",".join(cells) + "\r\n").encode()


def fidelity(item: Item, key: WorkedKey | None) -> Fidelity:
    """Every answer is there to be marked by a person; the looks are not."""
    longest = len(block_text(item.stem)) + max(len(block_text(part.prompt)) for part in item.parts)
    if key is not None:
        longest = max(longest, len(block_text(key.solution)))
    return Fidelity((PLAIN, LONG) if longest > LONGEST else (PLAIN,))


def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """The table, one item a chunk."""
    quiz = archive.quiz
    keyed = archive.has_keys and quiz.purpose != "exam"
    columns = (*QUESTION_COLUMNS, *(KEY_COLUMNS if keyed else ()), *ORIGIN_COLUMNS)
    yield PATH, b"\xef\xbb\xbf" + row(columns)

    def write_one(slot: Slot, id_: str) -> bytes:
        return b"".join(map(_line, _rows(slot, archive.item(id_), archive.key(id_) if keyed else None)))

    for _, written in slot_by_slot(read_by(options.learner, quiz), write_one, options):
        yield from ((PATH, rows) for rows in written)
    if quiz.forms:
        yield FORMS_PATH, b"\xef\xbb\xbf" + row(FORM_COLUMNS)
        for learner, ids in quiz.forms:
            if learner == options.learner or not options.learner:
                rows = ((learner, str(number), archive.label(id_).code, id_) for number, id_ in enumerate(ids, 1))
                yield FORMS_PATH, b"".join(map(row, rows))


def _rows(slot: Slot, item: Item, key: WorkedKey | None) -> Iterator[tuple[str, ...]]:
    """The cells of an item."""
    words = wording(item.language)
    part_keys = {part_key.id: part_key for part_key in key.parts} if key else {}
    stem, several = block_text(item.stem), len(item.parts) > 1
    origin = (item.bloom, " ".join(item.concepts), item.difficulty, item.template, str(item.variant))
    unique = (_cell(item.id), _cell(item.revision))
    for number, part in enumerate(item.parts, 1):
        question = "\n\n".join(filter(None, (stem, block_text(part.prompt))))
        yield (
            cell(slot.id),
            cell(slot.title),
            cell(slot.section),
            cell(decimal(slot.points if part.weight == 1 else slot.points * part.weight, 6)),
            _cell(item.code),
            cell(f"{number} of {len(item.parts)}" if several else ""),  # 2/3 would be a day in March
            cell(str(type(part.interaction).__struct_config__.tag)),
            cell(item.language),
            cell(item.title),
            clean_cell(question),
            clean_cell(_options(part)),
            cell(field_instructions(part.interaction, words)),
            *(map(clean_cell, _told(part, part_keys[part.id], key, words)) if key else ()),
            *map(cell, origin),
            *unique,
        )


def _options(part: Part) -> str:
    return "\n\n".join(_lines(one.named for one in entries) for entries in offered(part.interaction))


def _told(part: Part, part_key: PartKey, key: WorkedKey, words: Wording) -> tuple[str, ...]:
    """The columns of the key: the right answer, what else is known with what it earns, hints, solution."""
    known = (
        f"{_lines([one.answer])}{f' ({one.credit})' if one.credit else ''}: {_said(one.said)}".rstrip(": ")
        for one in known_answers(part, part_key, words)
    )
    hints = "\n".join([_said(phrase(hint, words.language)) for hint in key.hints])
    return _lines(right_answers(part, part_key, words)), "\n".join(known), hints, block_text(key.solution)


@lru_cache(maxsize=4096)
def _said(content: tuple[Inline, ...]) -> str:
    """What is said about a known wrong answer, or a hint: the same words for all variants of a template."""
    return _lines([content])


def _lines(lines: Iterable[tuple[Inline, ...]]) -> str:
    return "\n".join(" ".join(inline_text(line).split()) for line in lines)


FORMAT = Format(
    id="csv",
    title="CSV",
    audience="people, in a spreadsheet",
    keys="file",
    kinds=dict.fromkeys(KINDS, Level.EXACT),
    fidelity=fidelity,
    write=write,
    next_step="open it in a spreadsheet; the columns are explained in docs/exporting/csv.md",
)
