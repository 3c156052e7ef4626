"""Questions as learners read them, and where their answers go: below them, or on a sheet at the end."""

from __future__ import annotations

from quizgen.exporters.contract import Options
from quizgen.exporters.html_page import points_text
from quizgen.exporters.paper.booklets import Entry
from quizgen.exporters.paper.extent import surely_fits, width
from quizgen.exporters.paper.notation import Notation
from quizgen.exporters.rendering.fields import field_instructions
from quizgen.exporters.rendering.wording import Wording, wording
from quizgen.exporters.told_answers import Offered, offered
from quizgen.model import (
    ChoiceInteraction,
    EssayInteraction,
    Item,
    MatchingInteraction,
    MultipleAnswerInteraction,
    NumericInteraction,
    NumericTupleInteraction,
    OrderingInteraction,
    Part,
    SymbolicInteraction,
    TrueFalseInteraction,
)

CHOSEN = (ChoiceInteraction, MultipleAnswerInteraction, TrueFalseInteraction)
LINES, MOST_LINES, WORDS_A_LINE = 10, 24, 9
"""Lines of a free text, at most, and words that a line holds in handwriting."""
BESIDE = 160
"""Characters of the longest entry of a matching whose sides stand side by side."""
MOST_BOXES = 8
"""The most right sides of a matching that have a box each on the answer sheet."""


def question(
    entry: Entry, item: Item, notation: Notation, with_fields: bool, options: Options, large: bool = False
) -> str:
    """A question. with_fields: it is answered where it stands, not on a sheet. large: in large print."""
    words = wording(item.language)
    several = len(item.parts) > 1
    numbers = {part.id: number for number, part in enumerate(item.parts, 1)}
    met: set[str] = set()

    def gap(part: str) -> str:
        met.add(part)
        label = f"{entry.number}.{numbers[part]}" if several else ""
        return notation.short("gap", notation.text(label))

    pieces = [notation.blocks(item.stem, gap)]
    in_text = frozenset(met)
    for part in item.parts:
        asked = part.prompt or offered(part.interaction) or instructions(part.interaction, words)
        if several and (asked or part.id not in in_text):
            name = "page:gap" if part.id in in_text else "part"
            label = words(name, number=f"{entry.number}.{numbers[part.id]}")
            pieces.append(notation.call("part", notation.text(label)))
        pieces += [notation.blocks(part.prompt), _field(part, notation, words, with_fields, part.id in in_text)]
    points = points_text(entry.slot.points, words) if entry.slot else ""
    body = "\n" + "".join(pieces)
    return notation.call(
        "question" if surely_fits(item, with_fields, large) else "longquestion",
        notation.text(str(entry.number)),
        notation.code(item.code) if options.code_in_stem else "",
        notation.text(item.title),
        notation.text(points),
        body,
    )


def _field(part: Part, notation: Notation, words: Wording, answered: bool, in_text: bool) -> str:
    """The lists of a part with what to do, and room for the answer if it is given here."""
    interaction = part.interaction
    lists = offered(interaction)
    asked = instructions(interaction, words)
    pieces = [notation.call("help", notation.text(asked))] if asked else []
    if isinstance(interaction, MatchingInteraction):
        left = _entries(lists[0], "blankentry" if answered else "option", notation)
        right = _entries(lists[1], "option", notation)
        beside = max(width(one.content) for entries in lists for one in entries) <= BESIDE
        pieces.append(notation.call("pairs", "\n" + left, "\n" + right) if beside else left + right)
    elif isinstance(interaction, OrderingInteraction):
        pieces.append(_entries(lists[0], "blankentry" if answered else "option", notation))
    elif lists:
        pieces.append(_entries(lists[0], "boxed" if answered else "option", notation))
    elif answered and not in_text:
        pieces.append(room(part, notation))
    return "".join(pieces)


def _entries(entries: tuple[Offered, ...], command: str, notation: Notation) -> str:
    return "".join(
        [notation.call(command, notation.text(f"{one.label}."), notation.inline(one.content)) for one in entries]
    )


def instructions(interaction: object, words: Wording) -> str:
    """What to do, as far as it concerns paper: nothing of how a formula or a number is typed."""
    match interaction:
        case MultipleAnswerInteraction():
            return words("paper:choose-several")
        case ChoiceInteraction() | TrueFalseInteraction():
            return words("paper:choose-one")
        case MatchingInteraction():
            return words("paper:match")
        case OrderingInteraction():
            return words("paper:order")
        case NumericInteraction(unit):
            return words("numeric-unit", unit=unit) if unit else ""
        case EssayInteraction():
            return field_instructions(interaction, words)
    return ""


def room(part: Part, notation: Notation) -> str:
    """Lines to write an answer on."""
    interaction = part.interaction
    if isinstance(interaction, EssayInteraction):
        most = interaction.words[1] or interaction.words[0]
        return notation.space(min(MOST_LINES, max(4, -(-most // WORDS_A_LINE))) if most else LINES)
    if isinstance(interaction, SymbolicInteraction):
        return notation.space(2)
    if isinstance(interaction, NumericTupleInteraction):
        blank = notation.text(" = ") + notation.short("gap", notation.text(""))
        return "".join([notation.paragraph(notation.inline(number.content) + blank) for number in interaction.numbers])
    return notation.call("line", notation.text(getattr(interaction, "unit", "")))


def sheet_rows(entry: Entry, item: Item, notation: Notation) -> str:
    """What the answer sheet has for a question: a row for each part, with number and code."""
    several = len(item.parts) > 1
    rows = []
    for place, part in enumerate(item.parts, 1):
        label = f"{entry.number}.{place}" if several else str(entry.number)
        code = notation.code(item.code) if place == 1 else ""
        name = "longrow" if isinstance(part.interaction, EssayInteraction) else "row"
        rows.append(notation.call(name, notation.text(label), code, _answer(part, notation)))
    return "".join(rows)


def _answer(part: Part, notation: Notation) -> str:
    interaction = part.interaction
    lists = offered(interaction)

    def each(command: str, labels: list[str]) -> str:
        return "".join(notation.short(command, notation.text(label)) for label in labels)

    if isinstance(interaction, MatchingInteraction):
        left, right = ([one.label for one in entries] for entries in lists)
        if len(right) > MOST_BOXES:
            return each("blank", left)
        return "".join(notation.call("of", notation.text(f"{label}."), each("box", right)) for label in left)
    if isinstance(interaction, OrderingInteraction):
        return each("blank", [f"{place}." for place in range(1, len(lists[0]) + 1)])
    if isinstance(interaction, CHOSEN):
        return each("box", [one.label for one in lists[0]])
    return room(part, notation)
