"""What whoever marks reads: the key of each question with its solution, and the right answers of each learner."""

from __future__ import annotations

from collections.abc import Iterator

from grading.answersheet import PartKey
from grading.keys import ChoiceKey, EssayKey, MatchingKey, MultipleAnswerKey, OrderingKey, SymbolicKey, TextKey
from quizgen.archive import Archive
from quizgen.content import Code, Inline, Text
from quizgen.exporters.html_page.questions import key_text
from quizgen.exporters.paper.notation import Notation
from quizgen.exporters.rendering.phrases import phrase
from quizgen.exporters.rendering.text import block_text
from quizgen.exporters.rendering.wording import Wording, wording
from quizgen.exporters.told_answers import NOTHING, known_answers, offered, right_answers
from quizgen.model import Item, Part, Sitting, WorkedKey

STEM = 300
"""Characters of the text of a question that stand above its key, so that it is recognised."""


def key_entry(item: Item, key: WorkedKey, notation: Notation) -> str:
    """The key of a question with known wrong answers, hints and worked solution."""
    words = wording(item.language)
    part_keys = {part_key.id: part_key for part_key in key.parts}
    pieces = [notation.paragraph(notation.text(_beginning(item)))]
    for number, part in enumerate(item.parts, 1):
        if len(item.parts) > 1:
            label = f"{words('part', number=number)} ({part.weight})"
            pieces.append(notation.call("head", notation.text(label)))
        pieces += _told(part, part_keys[part.id], words, notation)
    if key.hints:
        hints = [notation.phrase(phrase(hint, words.language)) for hint in key.hints]
        pieces += [notation.call("head", notation.text(words("page:hint"))), notation.listing(hints, ordered=False)]
    if key.solution:
        pieces += [notation.call("head", notation.text(words("solution"))), notation.blocks(key.solution)]
    code, title = notation.code(item.code), notation.text(item.title)
    return notation.call("key", code, title, "\n" + "".join(pieces))


def _beginning(item: Item) -> str:
    text = " ".join(block_text(item.stem).split())
    return text if len(text) <= STEM else text[: STEM - 1] + "…"


def _told(part: Part, part_key: PartKey, words: Wording, notation: Notation) -> Iterator[str]:
    for right in right_answers(part, part_key, words):
        yield notation.call("right", notation.inline(right))
    known = [
        notation.call(
            "known",
            notation.inline(one.answer),
            notation.text(str(one.credit)) if one.credit else "",
            notation.phrase(one.said),
        )
        for one in known_answers(part, part_key, words)
    ]
    if known:
        yield notation.call("head", notation.text(words("known-answers")))
        yield from known


def form_entry(
    archive: Archive, learner: str, ids: tuple[str, ...], sitting: Sitting | None, notation: Notation
) -> str:
    """The right answers of one learner in the order of the booklet, in short."""
    answers = []
    for number, id_ in enumerate(ids, 1):
        item, key = archive.item(id_), archive.key(id_)
        part_keys = {part_key.id: part_key for part_key in key.parts}
        shown: tuple[Inline, ...] = ()
        for part in item.parts:
            shown += (Text("; "),) if shown else ()
            shown += short_answer(part, part_keys[part.id], wording(item.language))
        answers.append(
            notation.short("answer", notation.text(str(number)), notation.code(item.code), notation.inline(shown))
        )
    about = " · ".join(filter(None, (sitting.name, sitting.version, sitting.group))) if sitting else ""
    return notation.call("form", notation.text(learner), notation.text(about), "".join(answers))


def short_answer(part: Part, part_key: PartKey, words: Wording) -> tuple[Inline, ...]:
    """The right answer as it stands on the answer sheet: letters, or what is written."""
    labels = {one.id: one.label for entries in offered(part.interaction) for one in entries}
    match key := part_key.key:
        case ChoiceKey(correct):
            return (Text(labels[correct]),)
        case MultipleAnswerKey(correct):
            return (Text(", ".join(label for id_, label in labels.items() if id_ in correct)),) if correct else NOTHING
        case MatchingKey(pairs):
            left, right = ({one.id: one.label for one in entries} for entries in offered(part.interaction))
            return (Text(", ".join(f"{left[one]}–{right[other]}" for one, other in pairs)),)
        case OrderingKey(order):
            return (Text(" ".join(labels[id_] for id_ in order)),)
        case TextKey(accepted):
            return (Code(accepted[0]),)
        case SymbolicKey():
            return (Code(key.value),)
        case EssayKey():
            return (Text("…"),)
    return (Text(key_text(part_key, words, getattr(part.interaction, "unit", ""))),)
