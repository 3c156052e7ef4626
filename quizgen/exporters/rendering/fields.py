"""What is said beside a field, and of known wrong answers, where a format has no place of its own for it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from grading.answersheet import PartKey
from grading.keys import EssayKey, MatchingKey, MultipleAnswerKey, NumericKey, OrderingKey, Rival, SymbolicKey
from quizgen.exporters.rendering.decimals import as_read, decimal, value_of
from quizgen.exporters.rendering.wording import Wording
from quizgen.model import EssayInteraction, NumericInteraction, NumericTupleInteraction, SymbolicInteraction

DIGITS = 6
"""Of a known wrong number, as learners read it."""


def field_instructions(interaction: object, words: Wording) -> str:
    """What the field itself would say: the unit, the decimal mark, how to type a formula, how many words."""
    match interaction:
        case NumericInteraction(unit):
            asked = (words("numeric-unit", unit=unit) if unit else "", words("numeric-point"))
            return " ".join(filter(None, asked))
        case NumericTupleInteraction(numbers):
            asked = (words("tuple-fields", names=", ".join(number.id for number in numbers)), words("numeric-point"))
            return " ".join(filter(None, asked))
        case SymbolicInteraction(_, hint) if hint:
            return words("symbolic-hint", hint=hint)
        case EssayInteraction((least, most)) if least or most:
            name = "words-range" if least and most else "words-least" if least else "words-most"
            return words(name, least=least, most=most)
    return ""


def named_answer(rival: Rival, part_key: PartKey, words: Wording) -> str:
    """When a known wrong answer applies, in words: "If you paired … with …:"."""
    texts = dict(part_key.options)
    key = part_key.key
    if isinstance(key, MatchingKey):
        left, _, right = rival.value.partition("=")
        return words("if-paired", left=texts.get(left, left), right=texts.get(right, right))
    if isinstance(key, MultipleAnswerKey):
        return words("if-left-out", option=texts.get(rival.value, rival.value))
    if isinstance(key, OrderingKey):
        return words("if-answered", answer=" → ".join(texts.get(id_, id_) for id_ in rival.value.split()))
    if isinstance(key, NumericKey):
        return words("if-answered", answer=as_read(decimal(value_of(rival.value), DIGITS), key.decimal_comma))
    return words("if-answered", answer=texts.get(rival.value, rival.value))


def marking_notes(
    key: EssayKey | SymbolicKey, words: Wording, text: Callable[[str], str], phrase: Callable[[str], str]
) -> str:
    """What a person who marks the answer reads, as HTML: the rubric, or the key of a formula.

    text: how plain text is written. phrase: how the words of authors are, with their formulas.
    """
    if isinstance(key, SymbolicKey):
        asked = "".join(
            f"<p>{text(words(f'form-{form.form}'))} ({text(words('else-credit', share=_percent(form.credit)))})</p>\n"
            for form in key.forms
        )
        accepted = "".join(
            f"<p>{text(words(f'relation-{relation.kind}'))}: {_percent(relation.credit)}</p>\n"
            for relation in key.accept
        )
        value = f"<p>{text(words('key'))}: <code>{text(key.value)}</code></p>\n"
        return f"{value}{asked}{accepted}<p>{text(words('graded-on-return'))}</p>"
    lines = "".join(
        f"<li>{text(words('point' if line.points == 1 else 'points', points=decimal(line.points, 6)))}: "
        f"{phrase(line.text)}</li>"
        for line in key.rubric
    )
    return f"<p>{text(words('rubric'))}</p>\n<ul>{lines}</ul>"


def _percent(share: Fraction) -> str:
    return f"{decimal(share * 100, 2)} %"
