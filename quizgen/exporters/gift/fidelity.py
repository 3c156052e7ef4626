"""What becomes of an item in GIFT: what Moodle does, and what the format has no writing for."""

from __future__ import annotations

from collections.abc import Iterator

from grading.answersheet import PartKey
from grading.keys import EssayKey, OrderingKey, TextKey
from quizgen.content import Formula
from quizgen.exporters.contract import Caveat, Fidelity, Level
from quizgen.exporters.gift.questions import has_arrow
from quizgen.exporters.moodle_xml.fidelity import FORMULA_AS_TEXT, LONG_ID, TWO_TEXTS, part_caveats
from quizgen.exporters.moodle_xml.xml import ID_LENGTH
from quizgen.exporters.rendering.text import inline_text
from quizgen.exporters.stand_in import judging_choices
from quizgen.model import (
    KINDS,
    ChoiceInteraction,
    Item,
    MultipleAnswerInteraction,
    OrderingInteraction,
    Part,
    WorkedKey,
)

KIND_LEVELS = dict.fromkeys(KINDS, Level.EXACT) | dict.fromkeys(
    ("numeric-tuple", "symbolic", "cloze", "parts"), Level.DEGRADED
)

HINTS = Caveat("hints:left-out", "GIFT has no hints", Level.EXACT)
RUBRIC = Caveat("essay:rubric", "GIFT has no rubric; a person who marks the answer finds it here only", Level.EXACT)
CASE = Caveat("short-answer:case", "GIFT cannot ask for capital letters: any case counts as right")
NO_ARROW = Caveat(
    "short-answer:arrow",
    "a wording with -> would make a matching of the question: the answer is a text that waits for its mark",
)
AS_MATCHING = Caveat(
    "ordering:as-matching", "GIFT has no ordering: the places 1, 2, … are matched with the entries", Level.EXACT
)
ALL_OR_NOTHING = Caveat("ordering:all-or-nothing", "Moodle gives part of the points for some entries at their place")
SHUFFLED = Caveat("choice:shuffled", "GIFT cannot ask for options in their order: Moodle shuffles them", Level.EXACT)
SPLIT = Caveat(
    "parts:separate-questions",
    "GIFT has no questions of several parts: each variant is a category of its own with one question a part, to be "
    "used together and weighted by hand",
)


@judging_choices
def fidelity(item: Item, key: WorkedKey | None) -> Fidelity:
    """The caveats of an item, each once."""
    if key is None:
        return Fidelity((Caveat("keys:missing", "GIFT needs the key of every question", Level.NONE),))
    part_keys = {part_key.id: part_key for part_key in key.parts}
    found = [entry for part in item.parts for entry in _of_part(part, part_keys[part.id], item)]
    if len(item.parts) > 1:
        found.append(SPLIT)
    if key.hints:
        found.append(HINTS)
    if len(item.id) > ID_LENGTH:
        found.append(LONG_ID)
    return Fidelity(tuple(dict.fromkeys(found)))


def _of_part(part: Part, part_key: PartKey, item: Item) -> Iterator[Caveat]:
    key, interaction = part_key.key, part.interaction
    yield from part_caveats(part, part_key, item)
    if isinstance(interaction, ChoiceInteraction | MultipleAnswerInteraction) and not interaction.shuffle:
        yield SHUFFLED
    match key:
        case TextKey():
            if has_arrow(key):
                yield NO_ARROW
            elif key.case_sensitive:
                yield CASE
        case EssayKey() if key.rubric:
            yield RUBRIC
        case OrderingKey():
            assert isinstance(interaction, OrderingInteraction)
            yield AS_MATCHING
            if key.scoring != "per-position":
                yield ALL_OR_NOTHING
            yield from _of_entries(interaction)


def _of_entries(interaction: OrderingInteraction) -> Iterator[Caveat]:
    texts = [" ".join(inline_text(entry.content).split()) for entry in interaction.entries]
    if len(set(texts)) < len(texts):
        yield TWO_TEXTS
    if any(isinstance(piece, Formula) for entry in interaction.entries for piece in entry.content):
        yield FORMULA_AS_TEXT
