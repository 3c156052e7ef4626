"""What becomes of an item in Moodle: exact, or with which losses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from quizgen.exporters.moodle_xml.answers import option_shares
from quizgen.exporters.moodle_xml.cloze import GAP_KEYS
from quizgen.exporters.moodle_xml.xml import ID_LENGTH, is_kept, percentage
from quizgen.exporters.rendering.decimals import decimal, value_of
from quizgen.exporters.rendering.gaps import gaps
from quizgen.exporters.rendering.text import inline_text
from quizgen.exporters.stand_in import judging_choices
from quizgen.model import KINDS, Item, MatchingInteraction, Part, TrueFalseInteraction, WorkedKey

LEAST_OPTIONS = 2
NEARLY = Fraction(1, 2)
"""Per cent by which the shares of the right options may miss the whole."""

KIND_LEVELS = dict.fromkeys(KINDS, Level.EXACT) | dict.fromkeys(("numeric-tuple", "symbolic"), Level.DEGRADED)

NUMBER_READING = Caveat(
    "numeric:reading",
    "Moodle reads decimals with a point only: 8/5, 1,5, formulas and the minus sign − (not -) count as wrong, and it "
    "drops what follows a number (1.609 bits counts as 1.609)",
    Level.EXACT,
)
DIGITS = Caveat(
    "numeric:digits",
    "Moodle compares values and does not see how many digits were written: 1.6 counts as 1.60, and other digits than "
    "asked for earn what their value earns",
)
BOUNDARY = Caveat(
    "numeric:boundary",
    "Moodle always includes the boundary of a tolerance; where it is excluded, so are the numbers nearer to it than a "
    "billionth of the tolerance",
    Level.EXACT,
)
TEXT_READING = Caveat(
    "short-answer:reading", "Moodle takes two spaces inside an answer for another answer than one", Level.EXACT
)
TOKEN_READING = Caveat(
    "short-answer:mixed-masks", "Moodle knows one spelling of [MASK] at a time, not several mixed", Level.EXACT
)
TRUE_FALSE_WORDS = Caveat("true-false:words", "Moodle prints its own words for true and false", Level.EXACT)
ON_RETURN = Caveat(
    "symbolic:marked-on-return",
    "Moodle cannot compare formulas: the answer is a text that waits for its mark, which `quizgen grade` gives",
)
SPLIT = Caveat(
    "parts:separate-questions",
    "not every part fits into one Moodle question: each variant is a category of its own with one question a part, to "
    "be used together",
)
TWO_TEXTS = Caveat("matching:equal-texts", "two entries of the right side read the same; Moodle treats them as one")
ALL_OR_NOTHING = Caveat(
    "multiple-answer:all-or-nothing", "Moodle gives part of the points for some of the right options"
)
PER_OPTION = Caveat(
    "multiple-answer:per-option",
    "Moodle cannot count each decision alike: right options add 1/K and wrong ones take 1/K away",
)
NO_DECIMAL = Caveat(
    "numeric:no-decimal", "the key is no finite decimal and no tolerance is given, so that no decimal is exactly right"
)
FORMULA_AS_TEXT = Caveat("drop-down:formula-as-text", "formulas in a drop-down are shown in Unicode", Level.EXACT)
LONG_ID = Caveat("id:cut", f"the id is longer than the {ID_LENGTH} characters that Moodle keeps")
NOT_WHOLE = Caveat(
    "multiple-answer:sum",
    "Moodle refuses a question of several answers whose right options do not add up to 100 %: it takes 1 to 10 of "
    "them, or 20",
    Level.NONE,
)
TOO_FEW = Caveat("choice:too-few-options", "Moodle refuses a question with fewer than two options or pairs", Level.NONE)


@judging_choices
def fidelity(item: Item, key: WorkedKey | None) -> Fidelity:
    """The caveats of an item, each once."""
    if key is None:
        return Fidelity((Caveat("keys:missing", "Moodle needs the key of every question", Level.NONE),))
    part_keys = {part_key.id: part_key for part_key in key.parts}
    found = [entry for part in item.parts for entry in part_caveats(part, part_keys[part.id], item)]
    if is_split(item, key):
        found.append(SPLIT)
    if len(item.id) > ID_LENGTH:
        found.append(LONG_ID)
    return Fidelity(tuple(dict.fromkeys(found)))


def is_split(item: Item, key: WorkedKey) -> bool:
    """Whether an item of several parts has to become several questions."""
    return len(item.parts) > 1 and not all(isinstance(part_key.key, GAP_KEYS) for part_key in key.parts)


def part_caveats(part: Part, part_key: PartKey, item: Item) -> Iterator[Caveat]:
    """What Moodle does otherwise with one part."""
    key = part_key.key
    match key:
        case ChoiceKey() | MultipleAnswerKey():
            yield from _of_options(part, key)
            in_text = len(item.parts) > 1 and isinstance(key, ChoiceKey) and part.id in set(gaps(item.stem))
            options = getattr(part.interaction, "options", ())
            if in_text and any(isinstance(piece, Formula) for option in options for piece in option.content):
                yield FORMULA_AS_TEXT
        case NumericKey():
            yield NUMBER_READING
            yield from _of_credits(key.bands, key.rivals)
            if key.digits:
                yield DIGITS
            if key.tolerance.boundary == "outside":
                yield BOUNDARY
            value = value_of(key.value)
            if key.tolerance.kind == "exact" and not key.digits and Fraction(decimal(value)) != value:
                yield NO_DECIMAL
        case TextKey():
            yield TOKEN_READING if key.comparison == "tokens" else TEXT_READING
            yield from _of_credits(key.rivals)
        case SymbolicKey():
            yield ON_RETURN
        case MatchingKey():
            yield from _of_matching(part, key)
        case OrderingKey() if len(key.order) < LEAST_OPTIONS:
            yield TOO_FEW
        case OrderingKey() | EssayKey():
            pass


def _of_options(part: Part, key: ChoiceKey | MultipleAnswerKey) -> Iterator[Caveat]:
    shares = option_shares(key)
    if len(shares) < LEAST_OPTIONS:
        yield TOO_FEW
    for share in shares.values():
        yield from _of_share(share)
    if isinstance(part.interaction, TrueFalseInteraction) and not any(rival.credit for rival in key.rivals):
        yield TRUE_FALSE_WORDS
    if isinstance(key, MultipleAnswerKey):
        if not _is_whole(shares.values()):
            yield NOT_WHOLE
        if key.scoring == "all-or-nothing" and len(key.correct) > 1:
            yield ALL_OR_NOTHING
        if key.scoring == "per-option":
            yield PER_OPTION


def _is_whole(shares: Iterable[Fraction]) -> bool:
    """Whether what Moodle keeps of the positive shares is all of the points, to hundredths."""
    kept = sum((Fraction(percentage(share)) for share in shares if share > 0), Fraction(0))
    return abs(kept - 100) < NEARLY


def _of_credits(*lists: tuple[object, ...]) -> Iterator[Caveat]:
    for entry in (entry for entries in lists for entry in entries):
        yield from _of_share(getattr(entry, "credit", Fraction(0)))


def _of_share(share: Fraction) -> Iterator[Caveat]:
    if not is_kept(share):
        message = f"Moodle knows no answer worth {share} of the points; the nearest is {percentage(share)} %"
        yield Caveat("fraction:not-in-list", message)


def _of_matching(part: Part, key: MatchingKey) -> Iterator[Caveat]:
    assert isinstance(part.interaction, MatchingInteraction)
    right = part.interaction.right
    texts = [" ".join(inline_text(option.content).split()) for option in right]
    if len(key.pairs) < LEAST_OPTIONS:
        yield TOO_FEW
    if len(set(texts)) < len(texts):
        yield TWO_TEXTS
    if any(isinstance(piece, Formula) for option in right for piece in option.content):
        yield FORMULA_AS_TEXT
