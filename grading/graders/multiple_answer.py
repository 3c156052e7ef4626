"""Several right options. Ticking everything or nothing earns nothing under the bank's own rule, plus-minus."""

from __future__ import annotations

from fractions import Fraction

from grading.answersheet import PartKey
from grading.diagnosis import diagnose
from grading.given import BLANK, OptionNames, Unreadable, invalid, is_blank, names_in, stray_name
from grading.keys import MultipleAnswerKey
from grading.verdicts import ExpectedResponse, Grade, expected, malformed, scored


def grade(part: PartKey, response: object) -> Grade:
    """Grade the set of options that were chosen, by id or printed text; a text may list them with ``;``.

    The mark is always the formula's (`mark`); rivals only explain: first the wrong options that were chosen, then
    the right ones that were left out. A blank earns 0, unless no option at all is right.

    >>> part = PartKey("answer", MultipleAnswerKey(("a", "b"), ("a", "b", "c", "d")))
    >>> grade(part, ["b", "a"]).score, grade(part, "a;c").score, grade(part, ["a"]).note
    (Fraction(1, 1), Fraction(0, 1), 'multiple-answer:1-of-2-0-wrong')
    """
    key = part.key
    assert isinstance(key, MultipleAnswerKey)
    if is_blank(response) and (key.correct or response is None):
        return BLANK
    names = OptionNames(key.options, part.options)
    try:
        chosen = _chosen(names, response)
    except Unreadable as unreadable:
        return invalid(unreadable.refusal, response)
    right = frozenset(key.correct)
    explained = [*(o for o in names.ids if o in chosen - right), *(o for o in names.ids if o in right - chosen)]
    rivals = [rival for option in explained for rival in key.rivals if rival.value == option]
    note = f"multiple-answer:{len(chosen & right)}-of-{len(right)}-{len(chosen - right)}-wrong"
    reading = "; ".join(names.text(option) for option in names.ids if option in chosen)
    return scored(mark(key, chosen), note, reading, diagnose(rivals))


def _chosen(names: OptionNames, response: object) -> frozenset[str]:
    if isinstance(response, str) and names.knows(response):  # a printed text may hold a semicolon itself
        return frozenset([names.find(response)])
    return frozenset(names.find(name) for name in names_in(response, "options"))


def mark(key: MultipleAnswerKey, chosen: frozenset[str]) -> Fraction:
    """The score of a set of option ids under the key's scoring, in [0, 1].

    >>> mark(MultipleAnswerKey(("a", "b"), ("a", "b", "c", "d"), "per-option"), frozenset("ac"))
    Fraction(1, 2)
    """
    right = frozenset(key.correct)
    hits, false_alarms = len(chosen & right), len(chosen - right)
    if key.scoring == "all-or-nothing" or not right:
        return Fraction(int(chosen == right))
    if key.scoring == "per-option":
        wrong_decisions = false_alarms + len(right) - hits
        return 1 - Fraction(wrong_decisions, len(key.options))
    return max(Fraction(0), Fraction(hits - false_alarms, len(right)))


def canonical_responses(part: PartKey) -> tuple[ExpectedResponse, ...]:
    """The right set, one option left out, one too many, everything, nothing, and an option that is none."""
    key = part.key
    assert isinstance(key, MultipleAnswerKey)
    right = sorted(key.correct)
    wrong = sorted(set(key.options) - set(right))
    found = [expected(right, 1)]
    if len(right) > 1:
        found.append(expected(right[1:], _least_loss(key, missed=1, added=0)))
    if right and wrong:
        found.append(expected(sorted([*right, wrong[0]]), _least_loss(key, missed=0, added=1)))
        found.append(expected(sorted([*right, *wrong]), _least_loss(key, missed=0, added=len(wrong))))
        found.append(expected(wrong, _least_loss(key, missed=len(right), added=len(wrong))))
    if right:
        found.append(expected([], 0))
    return (*found, malformed([*right, stray_name([*key.options, *dict(part.options).values()])]))


def _least_loss(key: MultipleAnswerKey, missed: int, added: int) -> Fraction:
    """The score after so many mistakes, counted down from 1 (the grader counts up from 0)."""
    if key.scoring == "all-or-nothing":
        return Fraction(0)
    each = Fraction(1, len(key.options) if key.scoring == "per-option" else len(key.correct))
    return max(Fraction(0), 1 - (missed + added) * each)
