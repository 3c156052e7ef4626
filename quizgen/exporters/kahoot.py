"""``kahoot``: spreadsheets that Kahoot imports, each a game of its own.

Kahoot draws nothing: the n-th file holds the n-th question of each pool. A question has at most 120 characters, four
answers of at most 75, and a time limit out of a list. The sheet is built like Kahoot's own template.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from grading.keys import ChoiceKey, MultipleAnswerKey
from quizgen.archive import Archive
from quizgen.exporters.aiken import has_layout, line
from quizgen.exporters.contract import Caveat, Fidelity, Format, Level, Options
from quizgen.exporters.rendering.text import block_text, inline_text
from quizgen.exporters.stand_in import judging_choices, writing_choices
from quizgen.exporters.workbook import Cell, Sheet, units, workbook
from quizgen.model import (
    KINDS,
    ChoiceInteraction,
    Item,
    MultipleAnswerInteraction,
    Option,
    Slot,
    TrueFalseInteraction,
    WorkedKey,
)

QUESTION_LENGTH, ANSWER_LENGTH, FEWEST, MOST = 120, 75, 2, 4
TIME_LIMITS, USUAL_TIME = (5, 10, 20, 30, 60, 90, 120, 240), 60
"""Seconds."""

HEADING = (
    "",
    f"Question - max {QUESTION_LENGTH} characters",
    *(f"Answer {number} - max {ANSWER_LENGTH} characters" for number in range(1, MOST + 1)),
    "Time limit (sec) – 5, 10, 20, 30, 60, 90, 120, or 240 secs",
    "Correct answer(s) - choose at least one",
)
HEADING_ROW = 8
WIDTHS = (5, 60, 30, 30, 30, 30, 16, 16)
CHOSEN = (ChoiceInteraction, TrueFalseInteraction, MultipleAnswerInteraction)

KIND_LEVELS = dict.fromkeys(KINDS, Level.NONE) | {
    "single-choice": Level.EXACT,
    "true-false": Level.EXACT,
    "multiple-answer": Level.DEGRADED,
    "numeric-tuple": Level.DEGRADED,
}

NO_KEY = Caveat("keys:missing", "Kahoot needs the key of every question", Level.NONE)
NO_KIND = Caveat("kind:no-writing", "Kahoot's sheet has choices only", Level.NONE)
NO_PARTS = Caveat("parts:no-writing", "Kahoot has no questions of several parts", Level.NONE)
COUNT = Caveat("choice:count", f"Kahoot takes {FEWEST} to {MOST} answers", Level.NONE)
NONE_RIGHT = Caveat("multiple-answer:none-right", "Kahoot needs an answer that is right", Level.NONE)
LONG_QUESTION = Caveat("question:long", f"Kahoot takes {QUESTION_LENGTH} characters of a question", Level.NONE)
LONG_ANSWER = Caveat("answer:long", f"Kahoot takes 1 to {ANSWER_LENGTH} characters of an answer", Level.NONE)
ANY_RIGHT = Caveat(
    "multiple-answer:any-right", "one of the right answers is enough, unless the question is made a multi-select"
)
PARTIAL = Caveat("choice:partial-credit", "an answer is right or wrong: partial credit for an option is lost")
EQUAL = Caveat(
    "choice:equal-texts", "two options read the same as plain text, and only one of them is the one that is meant"
)
LAYOUT = Caveat("layout:one-line", "a question is one line: its lists, tables and code are written in a row")
PLAIN = Caveat("text:plain", "a question is one line of plain text, formulas are Unicode", Level.EXACT)
POINTS = Caveat("points:speed", "Kahoot gives points for speed, not those of the quiz", Level.EXACT)
LEFT_OUT = Caveat("feedback:left-out", "the sheet has no feedback, hints and solutions", Level.EXACT)
NO_ROOM = Caveat("code:left-out", "there is no room for the code of the question", Level.EXACT)


def question_text(item: Item) -> str:
    """The question on one line."""
    return line(block_text(item.stem + item.parts[0].prompt))


def with_code(item: Item) -> str:
    """The question with its code, if there is room for it."""
    bare = question_text(item)
    text = f"{bare} ({item.code})"
    return text if units(text) <= QUESTION_LENGTH else bare


def answers(item: Item) -> list[str]:
    """The answers, a line each."""
    options: tuple[Option, ...] = getattr(item.parts[0].interaction, "options", ())
    return [line(inline_text(option.content)) for option in options]


def time_limit(minutes: Fraction) -> int:
    """The shortest limit in seconds that leaves so much time; a usual one if nobody said.

    >>> time_limit(Fraction(1, 4)), time_limit(Fraction(9)), time_limit(Fraction(0))
    (20, 240, 60)
    """
    if not minutes:
        return USUAL_TIME
    return next((limit for limit in TIME_LIMITS if limit >= 60 * minutes), TIME_LIMITS[-1])


@judging_choices
def fidelity(item: Item, key: WorkedKey | None) -> Fidelity:
    """What does not fit is refused; the caveats of an item, each once."""
    return Fidelity(tuple(_caveats(item, key)))


def _caveats(item: Item, key: WorkedKey | None) -> Iterator[Caveat]:
    if key is None:
        yield NO_KEY
        return
    if len(item.parts) > 1:
        yield NO_PARTS
        return
    part_key = key.parts[0].key
    if not isinstance(item.parts[0].interaction, CHOSEN):
        yield NO_KIND
        return
    offered, rivals = answers(item), getattr(part_key, "rivals", ())
    if not FEWEST <= len(offered) <= MOST:
        yield COUNT
    if units(question_text(item)) > QUESTION_LENGTH:
        yield LONG_QUESTION
    elif with_code(item) == question_text(item):
        yield NO_ROOM
    if not all(1 <= units(answer) <= ANSWER_LENGTH for answer in offered):
        yield LONG_ANSWER
    if isinstance(part_key, MultipleAnswerKey):
        yield ANY_RIGHT if part_key.correct else NONE_RIGHT
    if any(rival.credit for rival in rivals):
        yield PARTIAL
    if len(set(offered)) < len(offered):
        yield EQUAL
    yield LAYOUT if has_layout(item.stem + item.parts[0].prompt) else PLAIN
    yield POINTS
    if key.hints or key.solution or any(rival.feedback or rival.title for rival in rivals):
        yield LEFT_OUT


@writing_choices
def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """The files: the first question of each pool, the second of each, and so on."""
    slots = archive.quiz.slots
    games = max((len(slot.pool) for slot in slots), default=0)
    for game in range(games):
        path = f"game-{game + 1:0{len(str(games))}d}.xlsx"
        chosen = [slot for slot in slots if len(slot.pool) > game]
        yield from workbook(path, [Sheet("Sheet1", WIDTHS, _rows(archive, chosen, game, options), HEADING_ROW)])


def _rows(archive: Archive, slots: list[Slot], game: int, options: Options) -> Iterator[tuple[Cell, ...]]:
    yield ()
    yield "", line(archive.quiz.title or archive.quiz.id)
    yield from [()] * (HEADING_ROW - 3)
    yield HEADING
    for number, slot in enumerate(slots, 1):
        item, key = archive.item(slot.pool[game]), archive.key(slot.pool[game])
        offered = answers(item)
        text = with_code(item) if options.code_in_stem else question_text(item)
        filled = (*offered, *[""] * (MOST - len(offered)))
        yield number, text, *filled, time_limit(slot.minutes), _correct(item, key)


def _correct(item: Item, key: WorkedKey) -> Cell:
    """The numbers of the right answers, from 1: one as a number, several as a text."""
    part_key, offered = key.parts[0].key, getattr(item.parts[0].interaction, "options", ())
    assert isinstance(part_key, ChoiceKey | MultipleAnswerKey)
    right = (part_key.correct,) if isinstance(part_key, ChoiceKey) else part_key.correct
    places = [number for number, option in enumerate(offered, 1) if option.id in right]
    return places[0] if len(places) == 1 else ",".join(map(str, places))


FORMAT = Format(
    id="kahoot",
    title="Kahoot",
    audience="Kahoot, as a spreadsheet to import",
    keys="server",
    kinds=KIND_LEVELS,
    fidelity=fidelity,
    write=write,
    forms=False,
    next_step="create a kahoot, choose Add question, Import spreadsheet and one of the files "
    "(docs/exporting/kahoot.md)",
    best_effort=True,
)
