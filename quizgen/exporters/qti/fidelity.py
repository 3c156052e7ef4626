"""What becomes of an item in QTI: exact, or with which losses."""

from __future__ import annotations

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
from quizgen.content import Formula
from quizgen.exporters.contract import Caveat, Fidelity, Level
from quizgen.exporters.qti.content import BRACES
from quizgen.exporters.qti.scoring import xml_line
from quizgen.exporters.rendering.decimals import decimal, value_of
from quizgen.exporters.rendering.gaps import gaps
from quizgen.exporters.rendering.text import some_read_alike
from quizgen.exporters.stand_in import judging_choices
from quizgen.model import KINDS, Item, Part, WorkedKey

KIND_LEVELS = dict.fromkeys(KINDS, Level.EXACT) | dict.fromkeys(("numeric-tuple", "symbolic"), Level.DEGRADED)

NUMBER_READING = Caveat(
    "numeric:reading",
    "players read decimals with a point only: 8/5, 1,5, formulas and units behind the number count as wrong, or as the "
    "number before them",
    Level.EXACT,
)
DIGITS = Caveat(
    "numeric:digits",
    "players compare values and do not see how many digits were written: 1.6 counts as 1.60, and other digits than "
    "asked for earn what their value earns",
)
NO_DECIMAL = Caveat(
    "numeric:no-decimal", "the key is no finite decimal and no tolerance is given, so that no decimal is exactly right"
)
TEXT_READING = Caveat(
    "short-answer:reading",
    "players compare letter by letter: with a space before or behind it, or with two inside, an answer is another one",
    Level.EXACT,
)
TOKEN_READING = Caveat(
    "short-answer:mixed-masks", "players know one spelling of [MASK] at a time, not several mixed", Level.EXACT
)
BRACES_TOGETHER = Caveat(
    "short-answer:two-braces",
    "some players run what stands between two braces: such an answer is marked, but it is not shown as the right one, "
    "and nothing is said about it",
    Level.EXACT,
)
EMPTY_TEXT = Caveat("short-answer:no-text", "the right answer has no letter that a package can hold", Level.NONE)
ON_RETURN = Caveat(
    "symbolic:marked-on-return",
    "no player compares formulas: the answer is a text that waits for its mark, which `quizgen grade` gives",
)
BY_HAND = Caveat("essay:marked-by-hand", "the text waits for a person's mark; the rubric is in the item", Level.EXACT)
SOME_BY_HAND = Caveat(
    "parts:marked-by-hand",
    "TAO marks nothing by itself of a question in QTI 3.0 of which one part waits for a person; others mark the rest",
    Level.EXACT,
)
NONE_RIGHT = Caveat(
    "multiple-answer:none-right", "no option is right, so that a question that nobody answered counts as right"
)
FORMULA_AS_TEXT = Caveat("drop-down:formula-as-text", "formulas in a drop-down are shown in Unicode", Level.EXACT)
EQUAL_TEXTS = Caveat("drop-down:equal-texts", "two entries of a drop-down read the same as plain text")
PAIRS_TOLD_LATER = Caveat(
    "matching:feedback-in-solution",
    "players cannot say something about one wrong pair; what there is to say stands below the solution",
    Level.EXACT,
)
SHOWN_ORDER = Caveat(
    "ordering:shown-order", "some players count the order that is shown at first as an answer", Level.EXACT
)
NO_KEY = Caveat("keys:missing", "the key of every question is needed", Level.NONE)


@judging_choices
def fidelity(item: Item, key: WorkedKey | None) -> Fidelity:
    """The caveats of an item, each once."""
    if key is None:
        return Fidelity((NO_KEY,))
    part_keys = {part_key.id: part_key for part_key in key.parts}
    found = [caveat for part in item.parts for caveat in _of_part(part, part_keys[part.id], item)]
    by_hand = [isinstance(part_key.key, EssayKey | SymbolicKey) for part_key in key.parts]
    if any(by_hand) and not all(by_hand):
        found.append(SOME_BY_HAND)
    return Fidelity(tuple(dict.fromkeys(found)))


def _of_part(part: Part, part_key: PartKey, item: Item) -> Iterator[Caveat]:
    key = part_key.key
    match key:
        case ChoiceKey():
            options = getattr(part.interaction, "options", ())
            in_text = part.id in set(gaps(item.stem))
            drawn = any(isinstance(piece, Formula) for option in options for piece in option.content)
            if drawn and in_text:
                yield FORMULA_AS_TEXT
            if in_text and some_read_alike(option.content for option in options):
                yield EQUAL_TEXTS
        case MultipleAnswerKey() if not key.correct:
            yield NONE_RIGHT
        case NumericKey():
            yield from _of_number(key)
        case TextKey():
            yield TOKEN_READING if key.comparison == "tokens" else TEXT_READING
            if not any(xml_line(text) for text in key.accepted):
                yield EMPTY_TEXT
            if any(BRACES in text for text in (*key.accepted, *(rival.value for rival in key.rivals))):
                yield BRACES_TOGETHER
        case SymbolicKey():
            yield ON_RETURN
        case EssayKey():
            yield BY_HAND
        case MatchingKey() if any(rival.feedback or rival.title for rival in key.rivals):
            yield PAIRS_TOLD_LATER
        case OrderingKey():
            yield SHOWN_ORDER
        case MatchingKey() | MultipleAnswerKey():
            pass


def _of_number(key: NumericKey) -> Iterator[Caveat]:
    yield NUMBER_READING
    if key.digits:
        yield DIGITS
    value = value_of(key.value)
    if key.tolerance.kind == "exact" and not key.digits and Fraction(decimal(value)) != value:
        yield NO_DECIMAL
