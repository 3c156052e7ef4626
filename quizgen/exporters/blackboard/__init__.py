"""``blackboard``: tab-separated text files that Blackboard uploads into a pool; one for each slot.

    MC<tab>What is the loss?<tab>a sum<tab>correct<tab>a product<tab>incorrect
    NUM<tab>What is the total loss?<tab>1.609<tab>0.005

A question a line, no header, no blank line. Texts are HTML with formulas in Unicode. After 500 questions, which is
what Blackboard recommends at most, the pool goes on in another file.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from quizgen.archive import Archive
from quizgen.exporters.blackboard import text as field
from quizgen.exporters.blackboard.fidelity import KIND_LEVELS, fidelity
from quizgen.exporters.blackboard.questions import part_row
from quizgen.exporters.contract import Format, Options
from quizgen.exporters.pool_files import pool_path
from quizgen.exporters.rendering.fields import field_instructions
from quizgen.exporters.rendering.wording import wording
from quizgen.exporters.slot_by_slot import pools, slot_by_slot
from quizgen.exporters.stand_in import writing_choices
from quizgen.model import Item, Slot, WorkedKey

LONGEST_FILE = 500


@writing_choices
def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """The files, one question a chunk."""

    def write_one(slot: Slot, id_: str) -> list[bytes]:
        return list(_rows(archive.item(id_), archive.key(id_), options))

    slots = pools(archive.quiz)
    for number, (slot, written) in enumerate(slot_by_slot(slots, write_one, options), 1):
        for count, row in enumerate(chain.from_iterable(written)):
            yield pool_path(number, slot, len(slots), 1 + count // LONGEST_FILE), row


def _rows(item: Item, key: WorkedKey, options: Options) -> Iterator[bytes]:
    """A line for each part; of several each has the stem in front, whose gaps are numbered like the parts."""
    words, several = wording(item.language), len(item.parts) > 1
    part_keys = {part_key.id: part_key for part_key in key.parts}
    numbers = {part.id: number for number, part in enumerate(item.parts, 1)}
    code = f"<p><small>{field.text(item.code)}</small></p>" if options.code_in_stem else ""

    def gap(part: str) -> str:
        return f"____ ({numbers[part]})" if several else "____"

    stem = field.blocks(item.stem, gap)
    for number, part in enumerate(item.parts, 1):
        heading = f"<p><strong>{field.text(words('part', number=number))}</strong></p>" if several else ""
        instructions = field_instructions(part.interaction, words)
        asked = (
            stem,
            heading,
            field.blocks(part.prompt, gap),
            f"<p>{field.text(instructions)}</p>" if instructions else "",
            code,
        )
        yield part_row("".join(asked), part.interaction, part_keys[part.id], key)


FORMAT = Format(
    id="blackboard",
    title="Blackboard",
    audience="Blackboard Learn, as a file to upload",
    keys="server",
    kinds=KIND_LEVELS,
    fidelity=fidelity,
    write=write,
    forms=False,
    next_step="upload each file into a pool of its own, then draw random questions from the pools in a test "
    "(docs/exporting/blackboard.md)",
    best_effort=True,
)
