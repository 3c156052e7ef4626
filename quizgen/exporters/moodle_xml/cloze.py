"""Items of several parts as one embedded-answers ("cloze") question.

A gap is ``{weight:TYPE:=right#feedback~%50%half right~%0%wrong}``. Moodle decodes entities of each answer, then
``\\}`` and ``\\#``; what comes out is text for a typed answer and HTML for an option.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import lcm

from grading.answersheet import PartKey
from grading.keys import ChoiceKey, MultipleAnswerKey, NumericKey, TextKey
from quizgen.exporters.moodle_xml.answers import (
    numeric_answers,
    option_feedback,
    option_shares,
    text_answers,
)
from quizgen.exporters.moodle_xml.xml import (
    DIALECT,
    moodle_formula,
    moodle_text,
    moodle_tokens,
    percentage,
)
from quizgen.exporters.rendering.gaps import gaps
from quizgen.exporters.rendering.html import Dialect, block_html, escaped, inline_html
from quizgen.exporters.rendering.text import inline_text, printable
from quizgen.exporters.rendering.wording import Wording
from quizgen.model import Item, MultipleAnswerInteraction, Option, Part

PART = "quizgen-part"
"""The class of what belongs to a part that stands below the stem: its prompt, its gap, its unit."""

UNIT = "quizgen-unit"
"""The class of the unit behind a gap in the stem."""

GAP_KEYS = (NumericKey, ChoiceKey, MultipleAnswerKey, TextKey)

_INSIDE = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "\\": "&#92;",
        "~": "&#126;",
        "}": r"\}",
        "#": r"\#",
        "\n": " ",
    }
)


def inside_gap(text: str) -> str:
    r"""Text, or a fragment of HTML, as it is written inside the braces of a gap.

    Behind ``&amp;`` Moodle takes no sign for the end of the answer.

    >>> inside_gap(r"a~b #1 \frac{1}"), inside_gap("a & b &&")
    ('a&#126;b \\#1 &#92;frac{1\\}', 'a &amp; b &amp;&#38;')
    """
    written = printable(text).translate(_INSIDE)
    return written.removesuffix("&amp;") + "&#38;" if written.endswith("&amp;") else written


def cloze_html(item: Item, keys: dict[str, PartKey], words: Wording) -> str:
    """The text of the question, every part a gap: in its place in the stem, or after its prompt."""
    weights = gap_weights([part.weight for part in item.parts])
    in_text = frozenset(gaps(item.stem))
    written = {}
    for part, weight in zip(item.parts, weights, strict=True):
        unit = _unit(part)
        behind = f'<span class="{UNIT}">{unit}</span>' if unit and part.id in in_text else unit
        written[part.id] = gap(part, keys[part.id], weight, part.id in in_text, words) + behind
    dialect = Dialect(
        text=lambda text: moodle_text(text).replace("{", "&#123;"),
        formula=lambda formula: moodle_formula(formula).replace("{", "&#123;"),
        tokens=lambda tokens: moodle_tokens(tokens).replace("{", "&#123;"),
        gap=lambda part: written[part],
        table=DIALECT.table,
    )
    after = (
        f'<div class="{PART}">\n{block_html(part.prompt, dialect)}\n<p>{written[part.id]}</p>\n</div>'
        for part in item.parts
        if part.id not in in_text
    )
    return "\n".join((block_html(item.stem, dialect), *after))


def _unit(part: Part) -> str:
    unit = getattr(part.interaction, "unit", "")
    return " " + moodle_text(unit).replace("{", "&#123;") if unit else ""


def gap_weights(weights: list[Fraction]) -> list[int]:
    """The smallest whole numbers in the same proportion.

    >>> gap_weights([Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)])
    [3, 2, 1]
    """
    denominator = lcm(*(weight.denominator for weight in weights))
    return [int(weight * denominator) for weight in weights]


def gap(part: Part, part_key: PartKey, weight: int, in_text: bool, words: Wording) -> str:
    """One gap. in_text: it stands inside a sentence, so that a choice is a drop-down of texts."""
    key = part_key.key
    if isinstance(key, NumericKey):
        type_, answers = (
            "NUMERICAL",
            [
                (share, f"{number}:{tolerance}", feedback)
                for number, tolerance, share, feedback in numeric_answers(key, words)
            ],
        )
    elif isinstance(key, TextKey):
        type_ = "SHORTANSWER_C" if key.case_sensitive else "SHORTANSWER"
        answers = [(share, inside_gap(text), feedback) for text, share, feedback in text_answers(key)]
    elif isinstance(key, ChoiceKey | MultipleAnswerKey):
        options: tuple[Option, ...] = getattr(part.interaction, "options", ())
        type_, plain = _choice_type(part, in_text)
        shares, feedback_of = option_shares(key), option_feedback(key)
        answers = [
            (
                shares.get(option.id, Fraction(0)),
                inside_gap(_option_html(option, plain)),
                feedback_of.get(option.id, ""),
            )
            for option in options
        ]
    else:
        raise TypeError(f"no gap can hold a {type(key).__name__}")
    return "{" + f"{weight}:{type_}:" + "~".join(_answer(*answer) for answer in answers) + "}"


def _choice_type(part: Part, in_text: bool) -> tuple[str, bool]:
    shuffle = "S" if getattr(part.interaction, "shuffle", False) else ""
    if isinstance(part.interaction, MultipleAnswerInteraction):
        return "MULTIRESPONSE" + (f"_{shuffle}" if shuffle else ""), False
    if in_text:
        return "MULTICHOICE" + (f"_{shuffle}" if shuffle else ""), True
    return f"MULTICHOICE_V{shuffle}", False


def _option_html(option: Option, plain: bool) -> str:
    return escaped(inline_text(option.content)) if plain else inline_html(option.content, DIALECT)


def _answer(share: Fraction, answer: str, feedback: str) -> str:
    mark = "=" if share == 1 else f"%{percentage(share)}%"
    return mark + answer + (_said(feedback) if feedback else "")


@lru_cache(maxsize=4096)
def _said(feedback: str) -> str:
    return f"#{inside_gap(feedback)}"
