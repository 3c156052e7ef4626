"""One part of an item as one GIFT question, kind by kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from quizgen.exporters.gift import text as gift
from quizgen.exporters.moodle_xml.answers import numeric_answers, option_feedback, option_shares, text_answers
from quizgen.exporters.moodle_xml.questions import (
    Asked,
    Explained,
    all_rivals,
    general_feedback,
    is_true_false,
    left_out,
)
from quizgen.exporters.moodle_xml.xml import DIALECT, NAME_LENGTH, id_number, menu_text
from quizgen.exporters.rendering.html import inline_html
from quizgen.exporters.rendering.text import inline_text
from quizgen.model import Item, MatchingInteraction, Option, OrderingInteraction

ARROW = "->"


def part_question(asked: Asked, interaction: object, part_key: PartKey) -> str:
    """The question of one part, with the comments before it and the blank line after it."""
    key = part_key.key
    match key:
        case ChoiceKey() if is_true_false(interaction, key):
            return _question(asked, [_true_false(key)])
        case ChoiceKey() | MultipleAnswerKey():
            return _question(asked, _options(interaction, key), left_out(part_key))
        case NumericKey():
            numbers = numeric_answers(key, asked.words)
            return _question(
                asked, ["#", *[gift.number(share, middle, reach, said) for middle, reach, share, said in numbers]]
            )
        case TextKey() if not has_arrow(key):
            return _question(asked, [gift.answer(share, text, said) for text, share, said in text_answers(key)])
        case MatchingKey():
            return _question(asked, _matching(interaction, key), all_rivals(part_key))
        case OrderingKey():
            return _question(asked, _ordering(interaction, key), all_rivals(part_key))
        case EssayKey() | SymbolicKey() | TextKey():
            return _question(asked, [])
    raise TypeError(f"not a key: {key!r}")


def has_arrow(key: TextKey) -> bool:
    """Whether one of the wordings holds ``->``, which makes a matching of the question and cannot be escaped.

    >>> has_arrow(TextKey(("a -> b",))), has_arrow(TextKey(("a",)))
    (True, False)
    """
    return any(ARROW in text for text in (*key.accepted, *(rival.value for rival in key.rivals)))


def tags_of(item: Item) -> tuple[str, ...]:
    """The tags of a question: what it is made from, what it is about, and its revision."""
    tags = [
        item.template,
        *item.concepts,
        f"bloom:{item.bloom}" if item.bloom else "",
        f"revision:{item.revision[:16]}",
    ]
    return tuple(filter(None, tags))


def _question(asked: Asked, lines: Sequence[str], explained: Explained = ()) -> str:
    item = asked.item
    before = gift.comment(
        f"question {item.code}{asked.suffix}: {item.id} revision {item.revision}",
        id_number(item.id + asked.id_suffix),
        tags_of(item),
    )
    name = f"{item.code}{asked.suffix} {item.title}".replace("\n", " ")[:NAME_LENGTH]
    answers = "".join(f"\n\t{line}" for line in lines)
    general = gift.html(general_feedback(asked, explained))
    return f"{before}{gift.name(name)}[html]{gift.escaped_html(asked.html)}{{{answers}\n\t####{general}\n}}\n\n"


def _true_false(key: ChoiceKey) -> str:
    wrong = "false" if key.correct == "true" else "true"
    said = option_feedback(key).get(wrong, "")
    return key.correct.upper() + (f"#{gift.html(said)}" if said else "")


def _options(interaction: object, key: ChoiceKey | MultipleAnswerKey) -> list[str]:
    options: tuple[Option, ...] = getattr(interaction, "options", ())
    shares, said, single = option_shares(key), option_feedback(key), isinstance(key, ChoiceKey)
    return [
        gift.option(
            shares.get(option.id, Fraction(0)), inline_html(option.content, DIALECT), said.get(option.id, ""), single
        )
        for option in options
    ]


def _matching(interaction: object, key: MatchingKey) -> list[str]:
    assert isinstance(interaction, MatchingInteraction)
    texts = {option.id: _line(option) for option in interaction.right}
    right_of = dict(key.pairs)
    used = set(right_of.values())
    pairs = [(inline_html(left.content, DIALECT), texts[right_of[left.id]]) for left in interaction.left]
    pairs += [("", texts[right.id]) for right in interaction.right if right.id not in used]
    return list(_pairs(pairs))


def _ordering(interaction: object, key: OrderingKey) -> list[str]:
    """Each place is matched with its entry, which gives the same mark as the order does."""
    assert isinstance(interaction, OrderingInteraction)
    texts = {entry.id: _line(entry) for entry in interaction.entries}
    return list(_pairs((f"{place}.", texts[id_]) for place, id_ in enumerate(key.order, 1)))


def _pairs(pairs: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> Iterator[str]:
    for left, right in pairs:
        yield f"={gift.html(left)} {ARROW} {gift.escaped(menu_text(right))}"


def _line(option: Option) -> str:
    return " ".join(inline_text(option.content).split())
