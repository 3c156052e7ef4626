"""What becomes of an item in Blackboard's upload file, after its documentation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from grading.answersheet import PartKey
from grading.keys import (
    ChoiceKey,
    EssayKey,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    OrderingKey,
    SymbolicKey,
    TextKey,
)
from quizgen.exporters.accepted_numbers import accepted_numbers
from quizgen.exporters.blackboard.questions import all_right, right_numbers, right_texts
from quizgen.exporters.contract import Caveat, Fidelity, Level
from quizgen.exporters.rendering.decimals import decimal, value_of
from quizgen.exporters.rendering.text import some_read_alike
from quizgen.exporters.stand_in import judging_choices
from quizgen.model import KINDS, Item, MatchingInteraction, Option, Part, TrueFalseInteraction, WorkedKey

FEWEST, MOST = 2, 100

KIND_LEVELS = dict.fromkeys(KINDS, Level.EXACT) | dict.fromkeys(
    ("numeric-tuple", "symbolic", "matching", "cloze", "parts"), Level.DEGRADED
)

NO_KEY = Caveat("keys:missing", "Blackboard needs the key of every question", Level.NONE)
COUNT = Caveat("options:count", f"Blackboard takes {FEWEST} to {MOST} options, entries or pairs", Level.NONE)
TOO_MANY = Caveat("short-answer:too-many", f"Blackboard takes {MOST} wordings of an answer at most", Level.NONE)
NONE_RIGHT = Caveat("multiple-answer:none-right", "Blackboard needs an option that is right", Level.NONE)
NOT_ONE_TO_ONE = Caveat(
    "matching:not-one-to-one",
    "Blackboard's file needs a right side of its own for each left side: other answers may be marked as wrong",
    Level.NONE,
)
PARTIAL = Caveat("choice:partial-credit", "the file says right or wrong: partial credit for an option is lost")
MULTIPLE_PARTIAL = Caveat(
    "multiple-answer:partial-credit", "all or nothing, unless partial credit is allowed in the uploaded question"
)
IN_PARTS = Caveat(
    "scoring:in-parts", "whether a part that is right earns a part of the points is set in the uploaded question"
)
UNUSED = Caveat("matching:unused-left-out", "right sides that belong to nothing are left out")
EQUAL = Caveat("ordering:equal-texts", "entries read the same, and only one order of them counts")
NUMBER_READING = Caveat("numeric:reading", "Blackboard reads decimals with a point", Level.EXACT)
NEAR = Caveat("numeric:partial-credit", "one number and a tolerance: credit for other numbers is lost")
INTERVAL = Caveat(
    "numeric:interval", "one number and a tolerance: everything between two numbers that are right counts as right"
)
DIGITS = Caveat("numeric:digits", "Blackboard compares values and does not see how many digits were written")
NO_DECIMAL = Caveat(
    "numeric:no-decimal", "the key is no finite decimal and no tolerance is given, so that no decimal is exactly right"
)
TEXT_CASE = Caveat("short-answer:case", "the file cannot ask for capital letters")
TEXT_QUOTES = Caveat("short-answer:quotes", "a quotation mark in an answer may not survive the upload")
TEXT_TAGS = Caveat("short-answer:tags", "what looks like a tag of HTML in an answer may not survive the upload")
TEXT_PARTIAL = Caveat("short-answer:partial-credit", "the file has right wordings only: credit for others is lost")
ON_RETURN = Caveat(
    "symbolic:marked-on-return",
    "Blackboard cannot compare formulas: the answer is a text that waits for its mark, which `quizgen grade` gives",
)
RUBRIC = Caveat("essay:rubric", "the file has no rubric; a person who marks the answer finds it here only", Level.EXACT)
WORDS = Caveat("true-false:words", "Blackboard prints its own words for true and false", Level.EXACT)
PLAIN = Caveat("formulas:text", "formulas are Unicode text", Level.EXACT)
LEFT_OUT = Caveat("feedback:left-out", "the file has no feedback, hints and solutions", Level.EXACT)
SPLIT = Caveat(
    "parts:separate-questions",
    "the file has no questions of several parts: each part is a question of its own, to be used together and weighted "
    "by hand",
)


_TAG = re.compile(r"<[A-Za-z/!]|&#?\w+;")


@judging_choices
def fidelity(item: Item, key: WorkedKey | None) -> Fidelity:
    """The caveats of an item, each once."""
    if key is None:
        return Fidelity((NO_KEY,))
    part_keys = {part_key.id: part_key for part_key in key.parts}
    found = [caveat for part in item.parts for caveat in _of_part(part, part_keys[part.id])]
    if len(item.parts) > 1:
        found.append(SPLIT)
    said = any(rival.feedback or rival.title for one in key.parts for rival in getattr(one.key, "rivals", ()))
    if said or key.hints or key.solution:
        found.append(LEFT_OUT)
    return Fidelity(tuple(dict.fromkeys((*found, PLAIN))))


def _of_part(part: Part, part_key: PartKey) -> Iterator[Caveat]:
    match part_key.key:
        case ChoiceKey() as key:
            yield from _count(getattr(part.interaction, "options", ()))
            if any(rival.credit for rival in key.rivals):
                yield PARTIAL
            if isinstance(part.interaction, TrueFalseInteraction):
                yield WORDS
        case MultipleAnswerKey() as multiple:
            yield from _count(multiple.options)
            if not multiple.correct:
                yield NONE_RIGHT
            if multiple.scoring != "all-or-nothing":
                yield MULTIPLE_PARTIAL
        case NumericKey() as number:
            yield from _of_number(number)
        case TextKey() as text:
            yield from _of_text(text)
        case MatchingKey() as matching:
            yield from _of_matching(part, matching)
        case OrderingKey() as ordering:
            entries: tuple[Option, ...] = getattr(part.interaction, "entries", ())
            yield from _count(entries)
            if some_read_alike(entry.content for entry in entries):
                yield EQUAL
            if ordering.scoring != "all-or-nothing":
                yield IN_PARTS
        case SymbolicKey():
            yield ON_RETURN
        case EssayKey() as essay:
            if essay.rubric:
                yield RUBRIC


def _count(entries: tuple[object, ...]) -> Iterator[Caveat]:
    if not FEWEST <= len(entries) <= MOST:
        yield COUNT


def _of_number(key: NumericKey) -> Iterator[Caveat]:
    yield NUMBER_READING
    if any(0 < entry.credit < 1 for entry in accepted_numbers(key)):
        yield NEAR
    whole = right_numbers(key)
    if all((entry.middle, entry.radius) != (whole.middle, whole.radius) for entry in all_right(key)):
        yield INTERVAL
    if key.digits:
        yield DIGITS
    value = value_of(key.value)
    if key.tolerance.kind == "exact" and not key.digits and Fraction(decimal(value)) != value:
        yield NO_DECIMAL


def _of_text(key: TextKey) -> Iterator[Caveat]:
    texts = right_texts(key)
    if len(texts) > MOST:
        yield TOO_MANY
    if key.case_sensitive:
        yield TEXT_CASE
    if any('"' in text for text in texts):
        yield TEXT_QUOTES
    if any(_TAG.search(text) for text in key.accepted):
        yield TEXT_TAGS
    if any(rival.credit for rival in key.rivals):
        yield TEXT_PARTIAL


def _of_matching(part: Part, key: MatchingKey) -> Iterator[Caveat]:
    assert isinstance(part.interaction, MatchingInteraction)
    yield from _count(key.pairs)
    used = [right for _, right in key.pairs]
    if len(set(used)) < len(used) or some_read_alike(one.content for one in part.interaction.right if one.id in used):
        yield NOT_ONE_TO_ONE
    if len(used) < len(part.interaction.right):
        yield UNUSED
    yield IN_PARTS
