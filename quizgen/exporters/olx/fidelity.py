"""What becomes of an item in Open edX: exact, or with which losses."""

from __future__ import annotations

from collections.abc import Iterator

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
from quizgen.exporters.accepted_texts import accepted_texts
from quizgen.exporters.contract import Caveat, Fidelity, Level
from quizgen.exporters.olx.formulas import sampled
from quizgen.exporters.olx.markup import REPLACED, line
from quizgen.exporters.olx.numbers import comparison, nearest_half
from quizgen.exporters.olx.problems import entries, fields_of, scheme
from quizgen.exporters.rendering.decimals import decimal
from quizgen.exporters.stand_in import judging_choices
from quizgen.model import KINDS, Item, MatchingInteraction, Part, WorkedKey

KIND_LEVELS = dict.fromkeys(KINDS, Level.EXACT) | {"numeric-tuple": Level.DEGRADED}

NO_KEY = Caveat("keys:missing", "Open edX needs the key of every question", Level.NONE)
NUMBER_READING = Caveat(
    "numeric:reading",
    "Open edX reads decimals with a point and formulas such as 8/5 or ln(5); 1,5, log, the minus sign − (not -) and "
    "units behind the number are refused, which costs no try",
    Level.EXACT,
)
PER_CENT = Caveat("numeric:percent", "Open edX counts 50% as 0.5, so that it is wrong where 50 is right", Level.EXACT)
NUMBER_FEEDBACK = Caveat(
    "numeric:feedback-in-solution",
    "Open edX says nothing about a wrong number; what there is to say stands below the solution",
    Level.EXACT,
)
DIGITS = Caveat("numeric:digits", "Open edX compares values and does not see how many digits were written")
QUARTER = Caveat(
    "numeric:quarter",
    "near a wrong value that earns half of the points, Open edX gives a quarter for numbers that earn nothing",
    Level.EXACT,
)
BOUNDARY = Caveat(
    "numeric:boundary",
    "Open edX always includes the boundary of a tolerance; where it is excluded, so are the numbers nearer to it than "
    "a billionth of the tolerance",
    Level.EXACT,
)
TEXT_READING = Caveat(
    "short-answer:reading", "Open edX takes two spaces inside an answer for another answer than one", Level.EXACT
)
TOKEN_READING = Caveat(
    "short-answer:mixed-masks", "Open edX knows one spelling of [MASK] at a time, not several mixed", Level.EXACT
)
TEXT_PARTIAL = Caveat(
    "short-answer:partial-credit", "Open edX gives all points or none: credit for other wordings is lost"
)
EMPTY_TEXT = Caveat("short-answer:no-text", "the right answer has no letter that a course can hold", Level.NONE)
SPLIT_TEXT = Caveat("short-answer:or", "Open edX takes “_or_” in an answer for a list of answers", Level.NONE)
REPLACED_TEXT = Caveat("short-answer:value", "Open edX puts a value in the place of “$seed” and the like in an answer")
FORMULA_READING = Caveat(
    "symbolic:reading",
    "Open edX compares formulas by their values at one point; it wants ln for the natural logarithm and * between "
    "factors, which the question says, and does not read Pr(…), Σ and LaTeX",
    Level.EXACT,
)
NOT_APART = Caveat(
    "symbolic:not-told-apart", "a known wrong formula could not be proven to differ from the key at any point tried"
)
FORMULA_PARTIAL = Caveat("symbolic:partial-credit", "Open edX gives a formula all points or none: part credit is lost")
FORMS = Caveat("symbolic:form", "Open edX does not see in which form a formula is written: each form is right")
ON_RETURN = Caveat(
    "symbolic:marked-by-hand",
    "Open edX cannot compare these formulas: the answer is an open response that the staff marks, or `quizgen grade`",
)
BY_HAND = Caveat(
    "essay:marked-by-hand",
    "the text is an open response that the staff marks by the rubric, whose points it is worth; it shows no hints and "
    "no solution",
    Level.EXACT,
)
PARTS_BY_HAND = Caveat(
    "parts:marked-by-hand",
    "a part has to be marked by a person: the whole question is an open response, with a field and a line of the "
    "rubric for each part",
)
UNEQUAL_PARTS = Caveat("parts:equal-weights", "Open edX counts every field alike, whatever its share of the points")
HALVES = Caveat(
    "multiple-answer:halves",
    "Open edX gives half of the points for one wrong decision, a quarter for two (if there are more than four options) "
    "and none for more",
)
PER_OPTION = Caveat(
    "multiple-answer:rounded", "Open edX rounds the share of right decisions to hundredths, and gives nothing for none"
)
NONE_RIGHT = Caveat("multiple-answer:none-right", "no option is right, and Open edX cannot be told that by an answer")
AS_PLACES = Caveat("ordering:as-places", "Open edX asks for the place of each entry, in a list beside it", Level.EXACT)
ALL_OR_NOTHING = Caveat("ordering:all-or-nothing", "Open edX gives part of the points for entries at their place")
LETTERS = Caveat(
    "drop-down:letters", "a list to choose from holds letters; what they stand for is above it", Level.EXACT
)


def is_open_response(item: Item, key: WorkedKey) -> bool:
    """Whether a person has to mark the question, or a part of it."""
    return any(
        isinstance(part_key.key, EssayKey) or (isinstance(part_key.key, SymbolicKey) and not sampled(part_key.key))
        for part_key in key.parts
    )


@judging_choices
def fidelity(item: Item, key: WorkedKey | None) -> Fidelity:
    """The caveats of an item, each once."""
    if key is None:
        return Fidelity((NO_KEY,))
    if is_open_response(item, key):
        if len(item.parts) > 1:
            return Fidelity((PARTS_BY_HAND,))
        return Fidelity((BY_HAND if isinstance(key.parts[0].key, EssayKey) else ON_RETURN,))
    pairs = list(zip(item.parts, key.parts, strict=True))
    found = [caveat for part, part_key in pairs for caveat in _of_part(part, part_key)]
    if len({part.weight / fields_of(part, part_key) for part, part_key in pairs}) > 1:
        found.append(UNEQUAL_PARTS)
    return Fidelity(tuple(dict.fromkeys(found)))


def _of_part(part: Part, part_key: PartKey) -> Iterator[Caveat]:
    key = part_key.key
    match key:
        case MultipleAnswerKey():
            yield from _of_multiple_answer(key)
        case NumericKey():
            yield from _of_number(key)
        case TextKey():
            yield from _of_text(key)
        case SymbolicKey():
            yield from _of_formula(key)
        case MatchingKey():
            assert isinstance(part.interaction, MatchingInteraction)
            if not entries(part.interaction.right)[1]:
                yield LETTERS
        case OrderingKey():
            yield AS_PLACES
            if key.scoring == "all-or-nothing" and len(key.order) > 1:
                yield ALL_OR_NOTHING
        case ChoiceKey() | EssayKey():
            pass


def _of_multiple_answer(key: MultipleAnswerKey) -> Iterator[Caveat]:
    style, exact = scheme(key)
    if not key.correct:
        yield NONE_RIGHT
    elif not exact:
        yield PER_OPTION if style == "EDC" else HALVES


def _of_number(key: NumericKey) -> Iterator[Caveat]:
    yield NUMBER_READING
    if key.unit == "%":
        yield PER_CENT
    if any(rival.feedback or rival.title for rival in key.rivals):
        yield NUMBER_FEEDBACK
    if key.digits:
        yield DIGITS
    if key.tolerance.boundary == "outside":
        yield BOUNDARY
    asked = comparison(key)
    if asked.meets:
        yield QUARTER
    for share in asked.lost:
        given = "half of" if nearest_half(share) else "none of"
        message = f"Open edX gives {given} the points instead of {decimal(share * 100, 4)} % for numbers near the key"
        yield Caveat("numeric:partial-credit", message + " and known wrong values")


def _of_text(key: TextKey) -> Iterator[Caveat]:
    yield TOKEN_READING if key.comparison == "tokens" else TEXT_READING
    texts = [line(text) for text, _, _ in accepted_texts(key)]
    if not any(line(text) for text in key.accepted):
        yield EMPTY_TEXT
    if any("_or_" in text.lower() for text in texts):
        yield SPLIT_TEXT
    if any(REPLACED.search(text) for text in texts):
        yield REPLACED_TEXT
    if any(rival.credit for rival in key.rivals):
        yield TEXT_PARTIAL


def _of_formula(key: SymbolicKey) -> Iterator[Caveat]:
    yield FORMULA_READING
    asked = sampled(key)
    if asked is not None and not asked.apart:
        yield NOT_APART
    if key.forms:
        yield FORMS
    if any(rival.credit for rival in key.rivals) or any(relation.credit for relation in key.accept):
        yield FORMULA_PARTIAL
