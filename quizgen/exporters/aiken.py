"""``aiken``: single choices as the plainest text that platforms import; a file for each slot with its pool.

    Which expression does the model aim to maximise? (Q-7K3F)
    A. log Pr(x_2 = quick | x̄)
    B. log Pr(x_8 = lazy | x̄)
    ANSWER: B

Each text is one line, formulas are Unicode text, and what Moodle's MathJax would take for one holds a sign that is not
seen. Aiken has nothing else: no other kinds, no feedback, no points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grading.keys import ChoiceKey
from quizgen.archive import Archive
from quizgen.content import Block, Inline, Paragraph
from quizgen.exporters.contract import Caveat, Fidelity, Format, Level, Options
from quizgen.exporters.pool_files import pool_path
from quizgen.exporters.rendering.text import block_text, inline_text, some_read_alike
from quizgen.exporters.rendering.typesetting import joined_apart
from quizgen.exporters.slot_by_slot import pools, slot_by_slot
from quizgen.exporters.stand_in import judging_choices, writing_choices
from quizgen.exporters.told_answers import letter
from quizgen.model import KINDS, ChoiceInteraction, Item, Option, Slot, TrueFalseInteraction, WorkedKey

FEWEST, MOST = 2, 26
KIND_LEVELS = dict.fromkeys(KINDS, Level.NONE) | {
    "single-choice": Level.EXACT,
    "true-false": Level.EXACT,
    "numeric-tuple": Level.DEGRADED,
}

NO_KEY = Caveat("keys:missing", "Aiken needs the key of every question", Level.NONE)
NO_KIND = Caveat("kind:no-writing", "Aiken has single choices only", Level.NONE)
NO_PARTS = Caveat("parts:no-writing", "Aiken has no questions of several parts", Level.NONE)
COUNT = Caveat("choice:count", f"Aiken has {FEWEST} to {MOST} options, a letter each", Level.NONE)
PARTIAL = Caveat("choice:partial-credit", "Aiken gives all points or none: partial credit for an option is lost")
EQUAL = Caveat(
    "choice:equal-texts", "two options read the same as plain text, and only one of them is the one that is meant"
)
LAYOUT = Caveat("layout:one-line", "a question is one line: its lists, tables and code are written in a row")
PLAIN = Caveat("text:plain", "a question is one line of plain text, formulas are Unicode", Level.EXACT)
LEFT_OUT = Caveat("feedback:left-out", "Aiken has no feedback, hints and solutions", Level.EXACT)
SHUFFLED = Caveat("choice:shuffled", "Aiken cannot ask for options in their order", Level.EXACT)
AS_CHOICE = Caveat("true-false:as-choice", "true or false is a choice of two options", Level.EXACT)

_MEANS_SOMETHING = re.compile(r"[A-Z][).]|ANSWER\s*:", re.IGNORECASE)


def line(text: str) -> str:
    """Text on one line.

    >>> line(" a\\n\\n b")
    'a b'
    """
    return " ".join(text.split())


def asked(text: str) -> str:
    """The line of a question: never taken for an option or for the answer, and never too short to be seen.

    >>> asked("What?"), asked("A. Turing"), asked("ANSWER: what?")
    ('What?', '– A. Turing', '– ANSWER: what?')
    """
    text = joined_apart(line(text))
    return f"– {text}" if len(text) < FEWEST or _MEANS_SOMETHING.match(text) else text


def option(place: int, content: tuple[Inline, ...]) -> str:
    """The line of an option. place: from 0."""
    return f"{letter(place)}. {joined_apart(line(inline_text(content)))}"


@judging_choices
def fidelity(item: Item, key: WorkedKey | None) -> Fidelity:
    """What Aiken has no writing for is refused; the caveats of an item, each once."""
    return Fidelity(tuple(_caveats(item, key)))


def _caveats(item: Item, key: WorkedKey | None) -> Iterator[Caveat]:
    if key is None:
        yield NO_KEY
        return
    if len(item.parts) > 1:
        yield NO_PARTS
        return
    interaction, part_key = item.parts[0].interaction, key.parts[0].key
    if not isinstance(interaction, ChoiceInteraction | TrueFalseInteraction) or not isinstance(part_key, ChoiceKey):
        yield NO_KIND
        return
    if not FEWEST <= len(interaction.options) <= MOST:
        yield COUNT
    if any(rival.credit for rival in part_key.rivals):
        yield PARTIAL
    if some_read_alike(option.content for option in interaction.options):
        yield EQUAL
    yield LAYOUT if has_layout(item.stem + item.parts[0].prompt) else PLAIN
    if key.hints or key.solution or any(rival.feedback or rival.title for rival in part_key.rivals):
        yield LEFT_OUT
    if isinstance(interaction, TrueFalseInteraction):
        yield AS_CHOICE
    elif not interaction.shuffle:
        yield SHUFFLED


def has_layout(blocks: tuple[Block, ...]) -> bool:
    """Whether more than paragraphs is lost on one line."""
    return any(not isinstance(block, Paragraph) for block in blocks)


@writing_choices
def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """The files, one item a chunk."""

    def write_one(slot: Slot, id_: str) -> bytes:
        return _question(archive.item(id_), archive.key(id_), options).encode()

    slots = pools(archive.quiz)
    for number, (slot, questions) in enumerate(slot_by_slot(slots, write_one, options), 1):
        path = pool_path(number, slot, len(slots))
        yield from ((path, question) for question in questions)


def _question(item: Item, key: WorkedKey, options: Options) -> str:
    part, part_key = item.parts[0], key.parts[0].key
    assert isinstance(part_key, ChoiceKey)
    offered: tuple[Option, ...] = getattr(part.interaction, "options", ())
    code = f" ({item.code})" if options.code_in_stem else ""
    right = next(place for place, one in enumerate(offered) if one.id == part_key.correct)
    lines = [
        asked(block_text(item.stem + part.prompt) + code),
        *(option(place, one.content) for place, one in enumerate(offered)),
        f"ANSWER: {letter(right)}",
    ]
    return "\n".join(lines) + "\n\n"


FORMAT = Format(
    id="aiken",
    title="Aiken",
    audience="Moodle and other platforms, single choices as plain text",
    keys="server",
    kinds=KIND_LEVELS,
    fidelity=fidelity,
    write=write,
    forms=False,
    next_step="import each file into a category of its own in the question bank, as Aiken format "
    "(docs/exporting/aiken.md)",
    best_effort=True,
)
