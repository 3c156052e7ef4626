r"""``gift``: the text format of Moodle, which many other programs read; a category for each slot with its pool in it.

    // question Q-7K3F: loss-nats-0001 revision 5c01…
    // [id:loss-nats-0001] [tag:loss-nats] [tag:revision:5c01…]
    ::Q-7K3F Loss in nats::[html]<p>What is the loss \\( L \\)?</p>{
        #
        =1.609\:0.005
        =%50%2.322\:0.005#<p>That is in bits.</p>
        ####<p>The sum of …</p>
    }

Texts are HTML, formulas LaTeX between ``\( … \)``. What GIFT has no writing for (several parts, orders, formulas to
type) becomes what it has, and the caveats say so.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from grading.answersheet import PartKey
from quizgen.archive import Archive
from quizgen.exporters.contract import Format, Options
from quizgen.exporters.gift.fidelity import KIND_LEVELS, fidelity
from quizgen.exporters.gift.questions import part_question
from quizgen.exporters.gift.text import category, comment
from quizgen.exporters.moodle_xml.questions import Asked, instructions
from quizgen.exporters.moodle_xml.xml import DIALECT, moodle_dialect, moodle_text
from quizgen.exporters.rendering.html import block_html
from quizgen.exporters.rendering.wording import Wording, wording
from quizgen.exporters.slot_by_slot import pools, slot_by_slot
from quizgen.exporters.stand_in import writing_choices
from quizgen.model import Item, Quiz, Slot, WorkedKey

PATH = "quiz.gift"


@writing_choices
def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """The file, one item a chunk."""
    quiz = archive.quiz
    yield PATH, comment(f"{quiz.title} · {quiz.id}").encode() + b"\n"

    def write_one(slot: Slot, id_: str) -> bytes:
        return _questions(quiz, slot, archive.item(id_), archive.key(id_), options).encode()

    for slot, questions in slot_by_slot(pools(quiz), write_one, options):
        yield PATH, _category(quiz, slot).encode()
        yield from ((PATH, question) for question in questions)


def _category(quiz: Quiz, slot: Slot, *below: str) -> str:
    return category(quiz.title or quiz.id, f"{slot.id} {slot.title}".strip(), *below)


def _questions(quiz: Quiz, slot: Slot, item: Item, key: WorkedKey, options: Options) -> str:
    words = wording(item.language)
    code = f"\n<p><small>{moodle_text(item.code)}</small></p>" if options.code_in_stem else ""
    keys = {part_key.id: part_key for part_key in key.parts}
    if len(item.parts) > 1:
        several = "".join(_separate(slot, item, key, keys, words, code))
        return _category(quiz, slot, item.code) + several + _category(quiz, slot)
    part = item.parts[0]
    html = block_html(item.stem + part.prompt, DIALECT) + instructions(part.interaction, words) + code
    return part_question(Asked(item, key, html, slot.points, words), part.interaction, keys[part.id])


def _separate(
    slot: Slot, item: Item, key: WorkedKey, keys: dict[str, PartKey], words: Wording, code: str
) -> Iterator[str]:
    """One question a part; the stem stands in front of each, its gaps numbered like the parts."""
    numbers = {part.id: number for number, part in enumerate(item.parts, 1)}
    dialect = moodle_dialect(lambda part: f"____ ({numbers[part]})")
    stem = block_html(item.stem, dialect)
    for number, part in enumerate(item.parts, 1):
        heading = f"\n<p><strong>{moodle_text(words('part', number=number))}</strong></p>\n"
        html = stem + heading + block_html(part.prompt, dialect) + instructions(part.interaction, words) + code
        last = number == len(item.parts)
        asked = Asked(
            item,
            key if last else msgspec.structs.replace(key, solution=()),
            html,
            slot.points,  # GIFT has no writing for them
            words,
            suffix=f" ({number}/{len(item.parts)})",
            id_suffix=f"#{part.id}",
        )
        yield part_question(asked, part.interaction, keys[part.id])


FORMAT = Format(
    id="gift",
    title="GIFT",
    audience="Moodle and other platforms, as text",
    keys="server",
    kinds=KIND_LEVELS,
    fidelity=fidelity,
    write=write,
    forms=False,
    next_step="in the question bank of the course choose Import, GIFT format and this file, then random "
    "questions from its categories in a quiz (docs/exporting/gift.md)",
)
