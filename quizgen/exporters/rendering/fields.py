"""What is said beside a field, and of known wrong answers, where a format has no place of its own for it."""

from __future__ import annotations

from grading.answersheet import PartKey
from grading.keys import MatchingKey, MultipleAnswerKey, OrderingKey, Rival
from quizgen.exporters.rendering.wording import Wording
from quizgen.model import EssayInteraction, NumericInteraction, SymbolicInteraction


def field_instructions(interaction: object, words: Wording) -> str:
    """What the field itself would say: the unit, the decimal mark, how to type a formula, how many words."""
    match interaction:
        case NumericInteraction(unit):
            asked = (words("numeric-unit", unit=unit) if unit else "", words("numeric-point"))
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
    return words("if-answered", answer=texts.get(rival.value, rival.value))
