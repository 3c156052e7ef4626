"""What becomes of an item in Canvas: exact, or with which losses."""

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
from quizgen.exporters.accepted_numbers import accepted_numbers
from quizgen.exporters.contract import Caveat, Fidelity, Level
from quizgen.exporters.rendering.decimals import decimal, value_of
from quizgen.exporters.rendering.text import inline_text
from quizgen.exporters.stand_in import judging_choices
from quizgen.model import KINDS, Item, MatchingInteraction, Part, WorkedKey

LEAST_OPTIONS = 2

KIND_LEVELS = dict.fromkeys(KINDS, Level.EXACT) | dict.fromkeys(("numeric-tuple", "symbolic", "parts"), Level.DEGRADED)

PARTIAL = Caveat("choice:partial-credit", "Canvas gives all points or none: partial credit for an option is lost")
NEAR = Caveat("numeric:partial-credit", "Canvas gives all points or none: credit for numbers near the key is lost")
NUMBER_READING = Caveat(
    "numeric:reading",
    "Canvas reads decimals with a point and drops what follows a number: 8/5 counts as 8, and formulas as wrong",
    Level.EXACT,
)
DIGITS = Caveat("numeric:digits", "Canvas compares values and does not see how many digits were written")
BOUNDARY = Caveat(
    "numeric:boundary",
    "Canvas always includes the boundary of a tolerance; where it is excluded, so are the numbers nearer to it than a "
    "billionth of the tolerance",
    Level.EXACT,
)
ZERO = Caveat("numeric:zero", "0 lies inside the tolerance, and Canvas Classic counts any text that is no number as 0")
NO_DECIMAL = Caveat(
    "numeric:no-decimal", "the key is no finite decimal and no tolerance is given, so that no decimal is exactly right"
)
TEXT_CASE = Caveat("short-answer:case", "Canvas does not see capital letters")
TEXT_READING = Caveat(
    "short-answer:reading", "Canvas takes two spaces inside an answer for another answer than one", Level.EXACT
)
TOKEN_READING = Caveat(
    "short-answer:mixed-masks", "Canvas knows one spelling of [MASK] at a time, not several mixed", Level.EXACT
)
TEXT_PARTIAL = Caveat(
    "short-answer:partial-credit", "Canvas gives all points or none: credit for other wordings is lost"
)
ON_RETURN = Caveat(
    "symbolic:marked-on-return",
    "Canvas cannot compare formulas: the answer is a text that waits for its mark, which `quizgen grade` gives",
)
PARTS_ON_RETURN = Caveat(
    "parts:marked-on-return",
    "Canvas cannot keep such parts together in one question: the answer is one text for all that waits for its mark",
)
UNEQUAL_PARTS = Caveat("parts:equal-weights", "Canvas counts every gap alike, whatever its share of the points")
TWO_TEXTS = Caveat("matching:equal-texts", "two entries of the right side read the same; Canvas treats them as one")
ALL_OR_NOTHING = Caveat("scoring:all-or-nothing", "Canvas Classic gives part of the points for a part that is right")
PER_OPTION = Caveat(
    "multiple-answer:per-option",
    "Canvas cannot count each decision alike: right options add 1/K and wrong ones take 1/K away",
)
AS_MATCHING = Caveat(
    "ordering:as-matching", "Canvas asks for the place of each entry, in a list beside it", Level.EXACT
)
FORMULA_AS_TEXT = Caveat("drop-down:formula-as-text", "formulas in a drop-down are shown in Unicode", Level.EXACT)
FEEDBACK = Caveat(
    "feedback:general-only", "feedback for single wrong answers stands in the general feedback", Level.EXACT
)
HINTS = Caveat("hints:lost", "Canvas shows no hints", Level.EXACT)
NONE_RIGHT = Caveat("multiple-answer:none-right", "Canvas needs an option that is right", Level.NONE)
TOO_FEW = Caveat("choice:too-few-options", "Canvas needs two options or pairs at least", Level.NONE)

GAPS_OF_TEXT, GAPS_OF_CHOICE, WHOLE_TEXT = "fill_in_multiple_blanks_question", "multiple_dropdowns_question", ""


def gaps_type(key: WorkedKey) -> str:
    """Canvas's question with several gaps that can hold these parts, or ``WHOLE_TEXT`` if none can."""
    kinds = {type(part_key.key) for part_key in key.parts}
    return {frozenset({TextKey}): GAPS_OF_TEXT, frozenset({ChoiceKey}): GAPS_OF_CHOICE}.get(
        frozenset(kinds), WHOLE_TEXT
    )


@judging_choices
def fidelity(item: Item, key: WorkedKey | None) -> Fidelity:
    """The caveats of an item, each once."""
    if key is None:
        return Fidelity((Caveat("keys:missing", "Canvas needs the key of every question", Level.NONE),))
    found = [HINTS] if key.hints else []
    if len(item.parts) > 1 and gaps_type(key) == WHOLE_TEXT:
        return Fidelity((*found, PARTS_ON_RETURN))
    for part, part_key in zip(item.parts, key.parts, strict=True):
        found += _of_part(part, part_key, len(item.parts) > 1)
    if len({part.weight for part in item.parts}) > 1:
        found.append(UNEQUAL_PARTS)
    return Fidelity(tuple(dict.fromkeys(found)))


def _of_part(part: Part, part_key: PartKey, in_gap: bool) -> Iterator[Caveat]:
    key = part_key.key
    match key:
        case ChoiceKey():
            options = getattr(part.interaction, "options", ())
            if len(options) < LEAST_OPTIONS:
                yield TOO_FEW
            if any(rival.credit for rival in key.rivals):
                yield PARTIAL
            if in_gap and any(isinstance(piece, Formula) for option in options for piece in option.content):
                yield FORMULA_AS_TEXT
        case MultipleAnswerKey():
            yield from _of_multiple_answer(key)
        case NumericKey():
            yield from _of_number(key)
        case TextKey():
            yield from _of_text(key)
        case SymbolicKey():
            yield ON_RETURN
        case MatchingKey():
            yield from _of_matching(part, key)
        case OrderingKey():
            yield TOO_FEW if len(key.order) < LEAST_OPTIONS else AS_MATCHING
            if key.scoring == "all-or-nothing":
                yield ALL_OR_NOTHING
        case EssayKey():
            pass
    if in_gap or isinstance(key, NumericKey | TextKey | MatchingKey | OrderingKey):
        yield from [FEEDBACK] if any(rival.feedback or rival.title for rival in getattr(key, "rivals", ())) else []


def _of_multiple_answer(key: MultipleAnswerKey) -> Iterator[Caveat]:
    if len(key.options) < LEAST_OPTIONS:
        yield TOO_FEW
    if not key.correct:
        yield NONE_RIGHT
    if key.scoring == "all-or-nothing" and len(key.correct) > 1:
        yield ALL_OR_NOTHING
    if key.scoring == "per-option":
        yield PER_OPTION


def _of_number(key: NumericKey) -> Iterator[Caveat]:
    yield NUMBER_READING
    entries = accepted_numbers(key)
    if any(0 < entry.credit < 1 for entry in entries):
        yield NEAR
    if key.digits:
        yield DIGITS
    if key.tolerance.boundary == "outside":
        yield BOUNDARY
    value = value_of(key.value)
    if any(entry.credit == 1 and abs(entry.middle) <= entry.radius for entry in entries):
        yield ZERO
    if key.tolerance.kind == "exact" and not key.digits and Fraction(decimal(value)) != value:
        yield NO_DECIMAL


def _of_text(key: TextKey) -> Iterator[Caveat]:
    yield TOKEN_READING if key.comparison == "tokens" else TEXT_READING
    if key.case_sensitive:
        yield TEXT_CASE
    if any(rival.credit for rival in key.rivals):
        yield TEXT_PARTIAL


def _of_matching(part: Part, key: MatchingKey) -> Iterator[Caveat]:
    assert isinstance(part.interaction, MatchingInteraction)
    right = part.interaction.right
    texts = [" ".join(inline_text(option.content).split()) for option in right]
    if len(key.pairs) < LEAST_OPTIONS:
        yield TOO_FEW
    if len(set(texts)) < len(texts):
        yield TWO_TEXTS
    both = (*part.interaction.left, *right)
    if any(isinstance(piece, Formula) for option in both for piece in option.content):
        yield FORMULA_AS_TEXT
