"""Single choice, true/false and drop-down gaps: the key earns 1, another option exactly what its rival declares."""

from __future__ import annotations

from fractions import Fraction

from grading.answersheet import PartKey
from grading.diagnosis import agreed_credit, diagnose
from grading.given import BLANK, OptionNames, Unreadable, invalid, is_blank, stray_name, text_of
from grading.keys import ChoiceKey
from grading.verdicts import ExpectedResponse, Grade, expected, malformed, scored


def option_names(part: PartKey) -> OptionNames:
    """The options of the part: those printed, and those that the key names."""
    key = part.key
    assert isinstance(key, ChoiceKey)
    return OptionNames([*(id_ for id_, _ in part.options), key.correct, *(r.value for r in key.rivals)], part.options)


def grade(part: PartKey, response: object) -> Grade:
    """Grade the id of an option, or its text as it was printed.

    A response that names no option, or two, is INVALID; a blank earns 0.

    >>> from grading.keys import Rival
    >>> key = ChoiceKey("sum", (Rival("product", ("product-of-logs",)),))
    >>> part = PartKey("answer", key, options=(("sum", "a + b"), ("product", "a · b")))
    >>> grade(part, "a + b").note, grade(part, "product").diagnoses[0].misconceptions, grade(part, "c").note
    ('choice:key', ('product-of-logs',), 'invalid:unknown-option')
    """
    key = part.key
    assert isinstance(key, ChoiceKey)
    if is_blank(response):
        return BLANK
    names = option_names(part)
    try:
        chosen = names.find(text_of(response, "option"))
    except Unreadable as unreadable:
        return invalid(unreadable.refusal, response)
    if chosen == key.correct:
        return scored(Fraction(1), "choice:key", names.text(chosen))
    rivals = [rival for rival in key.rivals if rival.value == chosen]
    note = "choice:rival" if rivals else "choice:other"
    return scored(agreed_credit(rivals), note, names.text(chosen), diagnose(rivals))


def canonical_responses(part: PartKey) -> tuple[ExpectedResponse, ...]:
    """Every option by its id, a blank, and a name that is no option."""
    key = part.key
    assert isinstance(key, ChoiceKey)
    credit = {rival.value: rival.credit for rival in key.rivals}
    others = [option for option in dict.fromkeys([*dict(part.options), *credit]) if option != key.correct]
    known = [key.correct, *others, *dict(part.options).values()]
    return (
        expected(key.correct, 1),
        *(expected(option, credit.get(option, Fraction(0))) for option in others),
        expected(None, 0),
        malformed(stray_name(known)),
    )
