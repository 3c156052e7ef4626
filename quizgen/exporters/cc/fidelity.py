"""What becomes of an item in a Common Cartridge, after the profile that its specification publishes."""

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
from quizgen.exporters.accepted_numbers import accepted_numbers
from quizgen.exporters.cc.questions import LEAST_OPTIONS, right_texts
from quizgen.exporters.contract import Caveat, Fidelity, Level
from quizgen.exporters.listed_numbers import is_exact
from quizgen.exporters.stand_in import judging_choices
from quizgen.model import KINDS, Item, Part, TrueFalseInteraction, WorkedKey

KIND_LEVELS = dict.fromkeys(KINDS, Level.EXACT) | dict.fromkeys(
    ("numeric-tuple", "symbolic", "matching", "cloze", "parts"), Level.DEGRADED
)

NO_KEY = Caveat("keys:missing", "a cartridge needs the key of every question", Level.NONE)
TOO_FEW = Caveat("choice:too-few-options", "the profile needs two options at least", Level.NONE)
NONE_RIGHT = Caveat("multiple-answer:none-right", "the profile needs an option that is right", Level.NONE)
PARTIAL = Caveat("choice:partial-credit", "the profile gives all points or none: partial credit for an option is lost")
TWO_OPTIONS = Caveat(
    "choice:two-options",
    "the profile makes a single choice of three options at least: two are ticked, and exactly the right one counts",
    Level.EXACT,
)
ALL_OR_NOTHING = Caveat(
    "scoring:all-or-nothing", "the profile gives all points or none: what is partly right earns none"
)
NUMBER_READING = Caveat(
    "numeric:reading",
    "what is typed is compared as a text: a fraction, a formula or a unit counts as wrong",
    Level.EXACT,
)
LISTED = Caveat(
    "numeric:listed",
    "the profile has no numbers: the right decimals are listed as texts up to a number of places, which learners are "
    "told; others count as wrong",
)
NEAR = Caveat("numeric:partial-credit", "the profile gives all points or none: credit for numbers near the key is lost")
TEXT_READING = Caveat(
    "short-answer:reading", "two spaces inside an answer may count as another answer than one", Level.EXACT
)
TEXT_CASE = Caveat(
    "short-answer:case",
    "capital letters count, which is marked in the file; not every platform looks at the mark",
    Level.EXACT,
)
TEXT_PARTIAL = Caveat(
    "short-answer:partial-credit", "the profile gives all points or none: credit for other wordings is lost"
)
LETTERS = Caveat(
    "letters:typed", "the profile has no matching and no ordering: the letters of the entries are typed", Level.EXACT
)
ON_RETURN = Caveat(
    "symbolic:marked-on-return",
    "the profile cannot compare formulas: the answer is a text that waits for its mark, which `quizgen grade` gives",
)
ANSWER_ON_RETURN = Caveat(
    "answers:marked-on-return",
    "no list holds the right answers: the answer is a text that waits for its mark, which `quizgen grade` gives",
)
RUBRIC = Caveat(
    "essay:rubric", "the profile has no rubric; a person who marks the answer finds it here only", Level.EXACT
)
SPLIT = Caveat(
    "parts:separate-questions",
    "the profile has one answer a question: each part is a question of its own, to be used together and weighted by "
    "hand",
)
FEEDBACK = Caveat(
    "feedback:general-only", "feedback for single wrong answers stands in the general feedback", Level.EXACT
)
MATH = Caveat(
    "formulas:latex", "formulas are LaTeX, which a platform shows where it has MathJax or the like", Level.EXACT
)


@judging_choices
def fidelity(item: Item, key: WorkedKey | None) -> Fidelity:
    """The caveats of an item, each once."""
    if key is None:
        return Fidelity((NO_KEY,))
    part_keys = {part_key.id: part_key for part_key in key.parts}
    found = [caveat for part in item.parts for caveat in _of_part(part, part_keys[part.id])]
    if len(item.parts) > 1:
        found.append(SPLIT)
    return Fidelity(tuple(dict.fromkeys((*found, MATH))))


def _of_part(part: Part, part_key: PartKey) -> Iterator[Caveat]:
    key = part_key.key
    match key:
        case ChoiceKey():
            yield from _of_choice(part, key)
            return
        case MultipleAnswerKey():
            yield from _of_multiple_answer(key)
            return
        case SymbolicKey():
            yield ON_RETURN
        case EssayKey():
            if key.rubric:
                yield RUBRIC
        case _ if not right_texts(part, key):
            yield ANSWER_ON_RETURN
        case NumericKey():
            yield NUMBER_READING if is_exact(key) else LISTED
            if any(0 < entry.credit < 1 for entry in accepted_numbers(key)):
                yield NEAR
        case TextKey():
            yield TEXT_CASE if key.case_sensitive else TEXT_READING
            if any(rival.credit for rival in key.rivals):
                yield TEXT_PARTIAL
        case MatchingKey() | OrderingKey():
            yield LETTERS
            if getattr(key, "scoring", "") != "all-or-nothing":
                yield ALL_OR_NOTHING
    if not isinstance(key, TextKey) and any(rival.feedback or rival.title for rival in getattr(key, "rivals", ())):
        yield FEEDBACK


def _of_choice(part: Part, key: ChoiceKey) -> Iterator[Caveat]:
    options = getattr(part.interaction, "options", ())
    if len(options) < LEAST_OPTIONS - 1:
        yield TOO_FEW
    elif len(options) < LEAST_OPTIONS and not isinstance(part.interaction, TrueFalseInteraction):
        yield TWO_OPTIONS
    if any(rival.credit for rival in key.rivals):
        yield PARTIAL


def _of_multiple_answer(key: MultipleAnswerKey) -> Iterator[Caveat]:
    if len(key.options) < LEAST_OPTIONS - 1:
        yield TOO_FEW
    if not key.correct:
        yield NONE_RIGHT
    if key.scoring != "all-or-nothing":
        yield ALL_OR_NOTHING
    if any(rival.value in key.correct and (rival.feedback or rival.title) for rival in key.rivals):
        yield FEEDBACK
