"""What becomes of an item in H5P, after its published content types: exact, or with which losses."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

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
from quizgen.content import Formula, Table
from quizgen.exporters.accepted_numbers import accepted_numbers
from quizgen.exporters.contract import Caveat, Fidelity, Level
from quizgen.exporters.h5p.answers import right_texts, solutions
from quizgen.exporters.h5p.markup import dragged
from quizgen.exporters.h5p.questions import shape_of
from quizgen.exporters.listed_numbers import is_exact
from quizgen.exporters.stand_in import judging_choices
from quizgen.model import KINDS, Item, Part, WorkedKey

KIND_LEVELS = dict.fromkeys(KINDS, Level.EXACT) | dict.fromkeys(("numeric-tuple", "symbolic", "essay"), Level.DEGRADED)

NO_KEY = Caveat(
    "keys:missing",
    "H5P marks on the learner's machine: an exam, or an archive without keys, cannot become one",
    Level.NONE,
)
PARTIAL = Caveat("choice:partial-credit", "an option is right or wrong: partial credit for an option is lost")
PER_OPTION = Caveat(
    "multiple-answer:per-option",
    "H5P cannot count each decision alike: a right option earns a point and a wrong one takes one away",
)
NONE_RIGHT = Caveat(
    "multiple-answer:none-right", "no option is right, so that a question that nobody answered counts as right"
)
NUMBER_READING = Caveat(
    "numeric:reading",
    "H5P compares what is typed as a text: a fraction, a formula or a unit counts as wrong",
    Level.EXACT,
)
LISTED = Caveat(
    "numeric:listed",
    "H5P compares what is typed as a text: the right decimals are listed up to a number of places, which learners are "
    "told; others count as wrong",
)
NEAR = Caveat("numeric:partial-credit", "an answer is right or wrong: credit for numbers near the key is lost")
TEXT_READING = Caveat(
    "short-answer:reading",
    "H5P compares sign by sign: two spaces, or a quote or hyphen that a phone puts in, make another answer",
    Level.EXACT,
)
TOKEN_READING = Caveat(
    "short-answer:mixed-masks", "H5P knows one spelling of [MASK] at a time, not several mixed", Level.EXACT
)
TEXT_PARTIAL = Caveat("short-answer:partial-credit", "an answer is right or wrong: credit for other wordings is lost")
TEXT_SIGNS = Caveat(
    "short-answer:signs", "H5P cannot hold an answer with * / or : in it: such wordings are left out and count as wrong"
)
MIXED_CASE = Caveat("short-answer:mixed-case", "capital letters matter in all gaps of a question there, or in none")
ON_RETURN = Caveat(
    "symbolic:marked-on-return",
    "H5P cannot compare formulas: the answer is a text that earns all points there, whatever it says, and "
    "`quizgen grade` gives the mark",
)
ANSWER_ON_RETURN = Caveat(
    "answers:marked-on-return",
    "H5P can list no text that is right: the answer is a text that earns all points there, whatever it says, and "
    "`quizgen grade` gives the mark",
)
PARTS_ON_RETURN = Caveat(
    "parts:marked-on-return",
    "H5P cannot keep such parts together in one question: the answer is one text for all of them, which earns all "
    "points there, whatever it says",
)
ALL_POINTS = Caveat(
    "essay:all-points", "H5P gives all points for a text that a person marks, whatever it says, and shows none for it"
)
UNEQUAL_PARTS = Caveat("parts:equal-weights", "H5P counts every gap alike, whatever its share of the points")
LETTERS = Caveat("choice:letter", "in a gap the letter of an option is typed", Level.EXACT)
TWO_TEXTS = Caveat("drag:equal-texts", "two entries read the same; H5P treats them as one")
ALL_OR_NOTHING = Caveat("scoring:all-or-nothing", "H5P gives a point for every entry at its place")
FORMULA_AS_TEXT = Caveat("drag:formula-as-text", "formulas in what is dragged are shown in Unicode", Level.EXACT)
FEEDBACK = Caveat(
    "feedback:general-only", "feedback for single wrong answers is shown together after the answer", Level.EXACT
)
HINTS = Caveat("hints:lost", "hints have a place in H5P only beside a typed answer", Level.EXACT)
SOLUTION = Caveat("solution:one-line", "the worked solution is shown as one paragraph after the answer", Level.EXACT)
LINES = Caveat("tables:lines", "H5P drops tables: the rows are lines, cells with a bar between them", Level.EXACT)
MATH = Caveat("formulas:mathdisplay", "formulas are shown where H5P has its add-on MathDisplay", Level.EXACT)
POINTS = Caveat("points:own", "H5P counts points of its own; what a slot is worth is set in the platform", Level.EXACT)


@judging_choices
def fidelity(item: Item, key: WorkedKey | None) -> Fidelity:
    """The caveats of an item, each once."""
    if key is None:
        return Fidelity((NO_KEY,))
    return Fidelity(tuple(dict.fromkeys((*_of_item(item, key), *_of_texts(item, key)))))


def _of_item(item: Item, key: WorkedKey) -> Iterator[Caveat]:
    several, shape = len(item.parts) > 1, shape_of(item, key)
    if shape == "Essay":
        yield from _of_text_to_mark(key)
        return
    for part, part_key in zip(item.parts, key.parts, strict=True):
        yield from _of_part(part, part_key, several)
    if len({part.weight for part in item.parts}) > 1:
        yield UNEQUAL_PARTS
    texts = [part_key.key for part_key in key.parts if isinstance(part_key.key, TextKey)]
    if len({text.case_sensitive for text in texts}) > 1:
        yield MIXED_CASE
    told = any(rival.feedback or rival.title for one in key.parts for rival in getattr(one.key, "rivals", ()))
    if told and shape in ("Blanks", "DragText"):
        yield FEEDBACK


def _of_text_to_mark(key: WorkedKey) -> Iterator[Caveat]:
    if len(key.parts) > 1:
        yield PARTS_ON_RETURN
        return
    match key.parts[0].key:
        case EssayKey():
            yield ALL_POINTS
        case SymbolicKey():
            yield ON_RETURN
        case _:
            yield ANSWER_ON_RETURN


def _of_part(part: Part, part_key: PartKey, in_gap: bool) -> Iterator[Caveat]:
    match part_key.key:
        case ChoiceKey() as choice:
            if in_gap:
                yield LETTERS
            if any(rival.credit for rival in choice.rivals):
                yield PARTIAL
        case MultipleAnswerKey() as multiple:
            if not multiple.correct:
                yield NONE_RIGHT
            if multiple.scoring == "per-option":
                yield PER_OPTION
        case NumericKey() as number:
            yield NUMBER_READING if is_exact(number) else LISTED
            if any(0 < entry.credit < 1 for entry in accepted_numbers(number)):
                yield NEAR
        case TextKey() as text:
            yield from _of_typed(part, text)
        case MatchingKey() | OrderingKey() as pairs:
            yield from _of_dragged(part, pairs)


def _of_typed(part: Part, key: TextKey) -> Iterator[Caveat]:
    yield TOKEN_READING if key.comparison == "tokens" else TEXT_READING
    if len(solutions(part, key)) < len(right_texts(key)):
        yield TEXT_SIGNS
    if any(rival.credit for rival in key.rivals):
        yield TEXT_PARTIAL


def _of_dragged(part: Part, key: MatchingKey | OrderingKey) -> Iterator[Caveat]:
    entries = getattr(part.interaction, "right", ()) or getattr(part.interaction, "entries", ())
    texts = [dragged(entry.content) for entry in entries]
    if len(set(texts)) < len(texts):
        yield TWO_TEXTS
    if isinstance(key, OrderingKey) and key.scoring == "all-or-nothing":
        yield ALL_OR_NOTHING
    if any(isinstance(node, Formula) for entry in entries for node in _nodes(entry.content)):
        yield FORMULA_AS_TEXT


def _of_texts(item: Item, key: WorkedKey) -> Iterator[Caveat]:
    shape = shape_of(item, key)
    if key.hints and (shape != "Blanks" or len(item.parts) > 1):
        yield HINTS
    if key.solution and shape != "Essay":
        yield SOLUTION
    shown = (*item.stem, *item.parts, *key.solution)
    if any(isinstance(node, Table) for node in _nodes(shown)):
        yield LINES
    if any(isinstance(node, Formula) for node in _nodes(shown)):
        yield MATH
    yield POINTS


def _nodes(tree: object) -> Iterator[object]:
    """Every record in a tree of records and tuples."""
    if isinstance(tree, tuple):
        for entry in tree:
            yield from _nodes(entry)
    elif isinstance(tree, msgspec.Struct):
        yield tree
        for name in tree.__struct_fields__:
            value = getattr(tree, name)
            if isinstance(value, tuple | msgspec.Struct):
                yield from _nodes(value)
