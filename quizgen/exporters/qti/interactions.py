"""The fields of a question: one interaction of QTI for each part."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import msgspec

from quizgen.exporters.qti.content import JOINED, braces_apart, phrase_xhtml, xhtml_text
from quizgen.exporters.qti.names import Version, identifier
from quizgen.exporters.qti.scoring import LEFT, RIGHT
from quizgen.exporters.rendering.fields import field_instructions
from quizgen.exporters.rendering.html import Dialect, escaped, inline_html
from quizgen.exporters.rendering.text import inline_text
from quizgen.exporters.rendering.wording import Wording
from quizgen.model import (
    ChoiceInteraction,
    EssayInteraction,
    MatchingInteraction,
    MultipleAnswerInteraction,
    NumericInteraction,
    Option,
    OrderingInteraction,
    Part,
    SymbolicInteraction,
    TextInteraction,
    TrueFalseInteraction,
)

NUMBER_LENGTH, TEXT_LENGTH, FORMULA_LENGTH, LINES = 12, 30, 60, 10
BEFORE_WORDS = " — "
"""Between an option and what is said when it was chosen."""

INLINE = (NumericInteraction, TextInteraction, SymbolicInteraction, ChoiceInteraction, TrueFalseInteraction)


class Field(msgspec.Struct, frozen=True):
    """What the field of a part is written with.

    response, said: the names of its variables. option_words: what is said when an option is chosen, by its id.
    """

    version: Version
    part: Part
    response: str
    said: str
    words: Wording
    dialect: Dialect
    option_words: Mapping[str, str]


def in_text(field: Field) -> str:
    """The field of a gap, which stands inside a sentence; a choice becomes a drop-down of texts."""
    interaction = field.part.interaction
    if not isinstance(interaction, ChoiceInteraction | TrueFalseInteraction):
        return _entry(field, interaction) + _unit(interaction)
    v = field.version
    options = "".join(
        v.element(
            "inlineChoice",
            escaped(braces_apart(inline_text(option.content), JOINED)) or "—",
            identifier=identifier(option.id),
        )
        for option in interaction.options
    )
    return v.element(
        "inlineChoiceInteraction", options, responseIdentifier=field.response, shuffle=_shuffled(interaction)
    )


def on_its_own(field: Field) -> str:
    """The field of a part below its text, with what it says itself."""
    interaction = field.part.interaction
    match interaction:
        case ChoiceInteraction() | TrueFalseInteraction() | MultipleAnswerInteraction():
            return _choices(field, interaction)
        case MatchingInteraction():
            return _matching(field, interaction)
        case OrderingInteraction(entries):
            options = "".join(_option(field, "simpleChoice", entry) for entry in entries)
            return field.version.element(
                "orderInteraction", options, responseIdentifier=field.response, shuffle=False, orientation="vertical"
            )
        case EssayInteraction():
            text = field.version.element(
                "extendedTextInteraction", responseIdentifier=field.response, expectedLines=LINES
            )
            return _asked(field) + text
    return f"{_asked(field)}<p>{_entry(field, interaction)}{_unit(interaction)}</p>"


def _asked(field: Field) -> str:
    text = field_instructions(field.part.interaction, field.words)
    return f"<p><em>{xhtml_text(text)}</em></p>" if text else ""


def _unit(interaction: object) -> str:
    unit = getattr(interaction, "unit", "")
    return " " + xhtml_text(unit) if unit else ""


def _entry(field: Field, interaction: object) -> str:
    match interaction:
        case NumericInteraction():
            length = NUMBER_LENGTH
        case SymbolicInteraction():
            length = FORMULA_LENGTH
        case _:
            length = TEXT_LENGTH
    return _text_entry(field.version, field.response, length)


@lru_cache(maxsize=1024)
def _text_entry(version: Version, response: str, length: int) -> str:
    return version.element("textEntryInteraction", responseIdentifier=response, expectedLength=length)


def _shuffled(interaction: object) -> bool:
    return bool(getattr(interaction, "shuffle", False))


def _choices(field: Field, interaction: ChoiceInteraction | TrueFalseInteraction | MultipleAnswerInteraction) -> str:
    several = isinstance(interaction, MultipleAnswerInteraction)
    before, behind = field.version.around(
        "choiceInteraction",
        responseIdentifier=field.response,
        shuffle=_shuffled(interaction),
        maxChoices=0 if several else 1,
    )
    told = field.option_words
    options = [_option(field, "simpleChoice", option, told.get(option.id, "")) for option in interaction.options]
    return f"{before}\n{''.join(options)}{behind}"


def _option(field: Field, name: str, option: Option, words: str = "") -> str:
    inner = inline_html(option.content, field.dialect)
    before, behind, empty = _option_tags(field.version, name, option.id)
    if words:
        return f"{before}{inner}{_said(field.version, field.said, option.id, words)}{behind}"
    return f"{before}{inner}{behind}" if inner else empty


@lru_cache(maxsize=1024)
def _option_tags(
    version: Version, name: str, id_: str, side: str = "", most: int | None = None
) -> tuple[str, str, str]:
    """What stands around an option, a line of its own, and the option without content.

    side: before the ids of one of two sides. most: how often it may be matched.
    """
    about = {"identifier": identifier(id_, side), "matchMax": most}
    before, behind = version.around(name, **about)
    return before, behind + "\n", version.element(name, **about) + "\n"


@lru_cache(maxsize=4096)
def _said(version: Version, name: str, option: str, words: str) -> str:
    """Words that variants of a template share, behind their option. name: of the variable. option: its id."""
    said, which = BEFORE_WORDS + phrase_xhtml(words, version), identifier(option)
    return version.element("feedbackInline", said, outcomeIdentifier=name, identifier=which, showHide="show")


def _matching(field: Field, interaction: MatchingInteraction) -> str:
    v = field.version

    def side(options: tuple[Option, ...], before: str, most: int) -> str:
        choices = []
        for option in options:
            opening, closing, empty = _option_tags(v, "simpleAssociableChoice", option.id, before, most)
            inner = inline_html(option.content, field.dialect)
            choices.append(f"{opening}{inner}{closing}" if inner else empty)
        return v.element("simpleMatchSet", "".join(choices))

    count = len(interaction.left)
    return v.element(
        "matchInteraction",
        "\n" + side(interaction.left, LEFT, 1) + side(interaction.right, RIGHT, count),
        class_="qti-match-tabular" if v.dashed else None,
        responseIdentifier=field.response,
        shuffle=False,
        maxAssociations=count,
    )
