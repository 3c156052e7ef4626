"""The answer fields of a part, kind by kind, as HTML that works with a keyboard and a screen reader."""

from __future__ import annotations

from quizgen.content import Formula
from quizgen.exporters.html_page.dialect import DIALECT
from quizgen.exporters.rendering.html import escaped, inline_html
from quizgen.exporters.rendering.text import inline_text
from quizgen.exporters.rendering.wording import Wording
from quizgen.model import (
    ChoiceInteraction,
    EssayInteraction,
    MatchingInteraction,
    MultipleAnswerInteraction,
    NumericInteraction,
    NumericTupleInteraction,
    Option,
    OrderingInteraction,
    Part,
    SymbolicInteraction,
    TextInteraction,
    TrueFalseInteraction,
)

TYPING = 'autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"'
"""Of every field for one line. None names a keyboard of digits: on a phone it may have no minus sign and no slash."""


def control(part: Part, element: str, words: Wording, shown_right: frozenset[str] = frozenset()) -> str:
    """The answer field of a part. element: id for the page. shown_right: options to mark as right (for teachers)."""
    interaction = part.interaction
    match interaction:
        case ChoiceInteraction(options) | TrueFalseInteraction(options):
            return _options(options, element, "radio", words("page:choose-one"), words, shown_right)
        case MultipleAnswerInteraction(options):
            return _options(options, element, "checkbox", words("page:choose-several"), words, shown_right)
        case NumericInteraction(unit):
            suffix = f' <span class="unit">{escaped(unit)}</span>' if unit else ""
            return _field(element, words("page:number"), f'<input type="text" {TYPING}', suffix)
        case NumericTupleInteraction(numbers):
            return _numbers(numbers, element, words)
        case SymbolicInteraction(_, hint):
            help_ = f'<p class="help">{escaped(words("symbolic-hint", hint=hint))}</p>' if hint else ""
            return _field(element, words("page:formula"), f'<input type="text" class="wide mono" {TYPING}', "") + help_
        case TextInteraction(tokens):
            label, style = (words("page:tokens"), "wide mono") if tokens else (words("page:text"), "wide")
            return _field(element, label, f'<input type="text" class="{style}" {TYPING}', "")
        case EssayInteraction():
            return _essay(interaction, element, words)
        case MatchingInteraction():
            return _matching(interaction, element, words)
        case OrderingInteraction():
            return _ordering(interaction, element, words)
    raise TypeError(f"not an interaction: {interaction!r}")


def gap_control(part: Part, element: str, number: int, words: Wording) -> str:
    """A field inside a sentence."""
    label = f'aria-label="{escaped(words("page:gap", number=number))}"'
    options: tuple[Option, ...] = getattr(part.interaction, "options", ())
    if options and not isinstance(part.interaction, MultipleAnswerInteraction):
        texts = [(option.id, escaped(inline_text(option.content))) for option in options]
        paper = " / ".join(text for _, text in texts)
        return _select(f'id="{element}" class="gap" {label}', texts, words) + f'<span class="paper"> ({paper})</span>'
    unit = getattr(part.interaction, "unit", "")
    suffix = f' <span class="unit">{escaped(unit)}</span>' if unit else ""
    return f'<input type="text" id="{element}" class="gap" {label} {TYPING}>{suffix}'


def is_gap(part: Part) -> bool:
    """Whether a part can be answered inside a sentence."""
    return isinstance(
        part.interaction,
        NumericInteraction | TextInteraction | ChoiceInteraction | TrueFalseInteraction | SymbolicInteraction,
    )


def _field(element: str, label: str, opening: str, suffix: str) -> str:
    return f'<p class="field"><label for="{element}">{escaped(label)}</label> {opening} id="{element}">{suffix}</p>'


def _numbers(numbers: tuple[Option, ...], element: str, words: Wording) -> str:
    """A field for each of several numbers."""
    fields = "".join(
        f'<span class="number-field"><label for="{element}-{place}">{inline_html(number.content, DIALECT)} =</label> '
        f'<input type="text" {TYPING} id="{element}-{place}" '
        f'data-name="{escaped(number.id)}"></span>'
        for place, number in enumerate(numbers)
    )
    legend = escaped(words("page:numbers"))
    return f'<fieldset id="{element}"><legend>{legend}</legend><div class="field">{fields}</div></fieldset>'


def _options(
    options: tuple[Option, ...], element: str, type_: str, legend: str, words: Wording, shown_right: frozenset[str]
) -> str:
    rows = []
    for place, option in enumerate(options):
        right = (
            f' <span class="right-one">✓ {escaped(words("page:right-one"))}</span>' if option.id in shown_right else ""
        )
        rows.append(
            f'<label class="option"><input type="{type_}" name="{element}" id="{element}-{place}" '
            f'value="{escaped(option.id)}"><span class="option-text">{inline_html(option.content, DIALECT)}{right}'
            "</span></label>"
        )
    return f'<fieldset id="{element}"><legend>{escaped(legend)}</legend>{"".join(rows)}</fieldset>'


def _essay(interaction: EssayInteraction, element: str, words: Wording) -> str:
    least, most = interaction.words
    name = "words-range" if least and most else "words-least" if least else "words-most"
    help_ = escaped(words(name, least=least, most=most)) if least or most else ""
    rows = min(12, max(4, -(-most // 16))) if most else 8
    return (
        f'<p class="field block"><label for="{element}">{escaped(words("page:essay"))}</label>'
        f'<textarea id="{element}" rows="{rows}" aria-describedby="{element}-help"></textarea></p>'
        f'<p class="help" id="{element}-help">{help_} <span class="count" id="{element}-count"></span></p>'
    )


def _select(attributes: str, texts: list[tuple[str, str]], words: Wording) -> str:
    """texts: (value, text as HTML)."""
    entries = "".join(f'<option value="{escaped(id_)}">{text}</option>' for id_, text in texts)
    return f'<select {attributes}><option value="">{escaped(words("page:choose"))}</option>{entries}</select>'


SYMBOL, FITS = 20, 32
"""The most characters of a left side that needs little room, and of a right side that a field on a phone shows."""


def _matching(interaction: MatchingInteraction, element: str, words: Wording) -> str:
    letters = [_letter(place) for place in range(len(interaction.right))]
    texts = [
        (right.id, f"{letter} · {escaped(inline_text(right.content))}")
        for letter, right in zip(letters, interaction.right, strict=True)
    ]
    narrow = " narrow" if max(len(inline_text(left.content)) for left in interaction.left) <= SYMBOL else ""
    rows = []
    for place, left in enumerate(interaction.left):
        label = escaped(words("page:partner", left=inline_text(left.content)))
        select = _select(f'id="{element}-{place}" data-left="{escaped(left.id)}" aria-label="{label}"', texts, words)
        rows.append(f'<li><span class="left">{inline_html(left.content, DIALECT)}</span>{select}</li>')
    drawn = any(isinstance(piece, Formula) for right in interaction.right for piece in right.content)
    partners = "".join(
        f'<li><span class="letter">{letter}</span> {inline_html(right.content, DIALECT)}</li>'
        for letter, right in zip(letters, interaction.right, strict=True)
    )
    cut = max(len(text) for _, text in texts) > FITS
    style = "partners" if drawn else "partners small-only" if cut else "partners paper-only"
    return (
        f'<fieldset id="{element}"><legend>{escaped(words("page:match"))}</legend>'
        f'<ul class="pairs{narrow}">{"".join(rows)}</ul>'
        f'<ul class="{style}" aria-label="{escaped(words("page:partners"))}">{partners}</ul></fieldset>'
    )


def _letter(place: int) -> str:
    """A, B … Z, AA …"""
    return ("" if place < 26 else _letter(place // 26 - 1)) + chr(ord("A") + place % 26)


def _ordering(interaction: OrderingInteraction, element: str, words: Wording) -> str:
    rows = []
    for entry in interaction.entries:
        text = inline_text(entry.content)
        up, down = (escaped(words(f"page:{way}", entry=text)) for way in ("up", "down"))
        rows.append(
            f'<li data-id="{escaped(entry.id)}" data-text="{escaped(text)}">'
            f'<span class="entry">{inline_html(entry.content, DIALECT)}</span><span class="moves">'
            f'<button type="button" class="move" data-way="-1" aria-label="{up}">↑</button>'
            f'<button type="button" class="move" data-way="1" aria-label="{down}">↓</button></span></li>'
        )
    return (
        f'<fieldset id="{element}"><legend>{escaped(words("page:order"))}</legend>'
        f'<ol class="order">{"".join(rows)}</ol></fieldset>'
    )
