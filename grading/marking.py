"""Marks a response with the grader that fits the key: one part, an item of several parts, with amendments.

An item of one part takes the response of that part, an item of several parts an object {part id: response}.
Its score is the weighted sum of its parts:

* all parts graded: the verdict that the sum implies;
* some parts undecided or unreadable: PARTIALLY_GRADED, with the score *so far*, which is not final;
* none graded: INVALID if all were unreadable, otherwise UNDECIDED, without a score.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from grading.amending import amended_key, applying, outcome_of, wordings_accepted
from grading.answersheet import Amendment, ItemKey, PartKey
from grading.given import invalid, is_blank
from grading.keys import (
    ChoiceKey,
    EssayKey,
    Key,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    NumericTupleKey,
    OrderingKey,
    SymbolicKey,
    TextKey,
)
from grading.verdicts import Diagnosis, ExpectedResponse, Grade, Refusal, Verdict, malformed, scored

GRADERS: tuple[tuple[type, str], ...] = (
    (ChoiceKey, "choice"),
    (MultipleAnswerKey, "multiple_answer"),
    (NumericKey, "numeric"),
    (NumericTupleKey, "numeric_tuple"),
    (SymbolicKey, "symbolic"),
    (MatchingKey, "matching"),
    (OrderingKey, "ordering"),
    (TextKey, "text"),
    (EssayKey, "essay"),
)
"""The kind of key and the module of `grading.graders` that grades it, loaded when the first such key is met; each has
``grade`` and ``canonical_responses``."""

_NAMES = dict(GRADERS)
_NO_SCORE = (Verdict.INVALID, Verdict.UNDECIDED)


def grade(key: Key | PartKey | ItemKey, response: object, amendments: Iterable[Amendment] = ()) -> Grade:
    """Grade a response against a key, a part or an item. It never raises because of the response.

    response: canonical, see `grading.answersheet.Response`; any other value is INVALID, never an error.
    amendments: corrections after the event; they concern items only and are applied in order.
    Raises KeyUnusable if the key itself is broken.

    >>> grade(ChoiceKey("a"), "a").verdict
    <Verdict.CORRECT: 'correct'>
    """
    if isinstance(key, ItemKey):
        return grade_item(key, response, amendments)
    part = key if isinstance(key, PartKey) else PartKey("answer", key)
    graded: Grade = grader_of(type(part.key)).grade(part, response)
    return graded


@cache
def grader_of(kind: type) -> ModuleType:
    """The module that grades keys of a kind.

    >>> grader_of(ChoiceKey).__name__
    'grading.graders.choice'
    """
    return import_module(f"grading.graders.{_NAMES[kind]}")


def grade_part(part: PartKey, response: object) -> Grade:
    """Grade the response to one part, a score being a share of that part."""
    graded: Grade = grader_of(type(part.key)).grade(part, response)
    return graded


def grade_item(key: ItemKey, response: object, amendments: Iterable[Amendment] = ()) -> Grade:
    """Grade the response to an item.

    Amendments are applied in order: ``tolerance`` changes the key; ``accept`` makes further responses right, each
    judged as if it were the key (a number within the tolerance, an equal formula), and never takes marks away;
    of ``void`` and ``full-marks`` the last one wins. A void item keeps its verdict and diagnosis, so that a person
    can see what was answered, but its score is None and its note ``void``: it counts for nobody.

    >>> key = ItemKey("q1", "r", "Q-1", (PartKey("answer", ChoiceKey("a"), options=(("a", "A"), ("b", "B"))),))
    >>> grade_item(key, "b", [Amendment("q1", "accept", "also right", "2025-01-31", responses=("b",))]).note
    'amended:accepted'
    """
    mine = applying(amendments, key)
    graded = _graded_parts(key, response, mine)
    if key.language != "en":
        graded = graded.told_in(key.language)
    outcome = outcome_of(mine)
    if outcome == "full-marks":
        return Grade(Verdict.CORRECT, Fraction(1), "amended:full-marks", graded.reading, parts=graded.parts)
    if outcome == "void":
        return Grade(graded.verdict, None, "void", graded.reading, graded.diagnoses, graded.refusal, graded.parts)
    return graded


def _graded_parts(key: ItemKey, response: object, amendments: Sequence[Amendment]) -> Grade:
    if len(key.parts) == 1:
        return _amended_part(key.parts[0], response, amendments)
    if is_blank(response):
        response = {}
    if not isinstance(response, Mapping):
        return invalid(Refusal.of("not-parts"), response)
    strange = [name for name in response if name not in {part.id for part in key.parts}]
    if strange:
        names = ", ".join(part.id for part in key.parts)
        return invalid(Refusal.of("unknown-part", name=str(strange[0])[:40], names=names))
    graded = [(part, _amended_part(part, response.get(part.id), amendments)) for part in key.parts]
    return together(graded)


def together(graded: Sequence[tuple[PartKey, Grade]]) -> Grade:
    """The grade of an item of several parts."""
    parts = tuple((part.id, grade) for part, grade in graded)
    settled = [(part.weight, grade.score) for part, grade in graded if grade.score is not None]
    score = sum((weight * share for weight, share in settled), Fraction(0))
    diagnoses: tuple[Diagnosis, ...] = tuple(dict.fromkeys(d for _, grade in graded for d in grade.diagnoses))
    if len(settled) == len(graded):
        whole = scored(score, "parts:graded", "", diagnoses)
        return Grade(whole.verdict, score, whole.note, "", diagnoses, None, parts)
    note = f"parts:{len(settled)}-of-{len(graded)}-graded"
    if settled:
        return Grade(Verdict.PARTIALLY_GRADED, score, note, "", diagnoses, None, parts)
    all_invalid = all(grade.verdict is Verdict.INVALID for _, grade in graded)
    refusal = graded[0][1].refusal if all_invalid else None
    return Grade(Verdict.INVALID if all_invalid else Verdict.UNDECIDED, None, note, "", diagnoses, refusal, parts)


def _amended_part(part: PartKey, response: object, amendments: Sequence[Amendment]) -> Grade:
    part = amended_key(part, amendments)
    graded = grade_part(part, response)
    if graded.score == 1 or is_blank(response):
        return graded
    undecided = False
    for accepting in wordings_accepted(part, amendments):
        second = grade_part(accepting, response)
        if second.score == 1:
            return scored(Fraction(1), "amended:accepted", second.reading)
        undecided = undecided or second.verdict is Verdict.UNDECIDED
    if undecided and graded.verdict not in _NO_SCORE:
        return Grade(Verdict.UNDECIDED, None, "amended:undecided", graded.reading)
    return graded


def canonical_responses(key: Key | PartKey | ItemKey) -> tuple[ExpectedResponse, ...]:
    """Responses of a key with the verdict and score that every grader of it must give; exporters are tested with them.

    For an item of several parts: each part's responses while the others are answered rightly, then a response
    that has no parts.

    >>> [(e.response, e.verdict.value) for e in canonical_responses(ChoiceKey("true"))]
    [('true', 'correct'), (None, 'incorrect'), ('no-such-option', 'invalid')]
    """
    if not isinstance(key, ItemKey):
        part = key if isinstance(key, PartKey) else PartKey("answer", key)
        found: tuple[ExpectedResponse, ...] = grader_of(type(part.key)).canonical_responses(part)
        return found
    if len(key.parts) == 1:
        return canonical_responses(key.parts[0])
    by_part = [canonical_responses(part) for part in key.parts]
    first = {part.id: answers[0] for part, answers in zip(key.parts, by_part, strict=True)}
    combined = [_expectedtogether(key, first)]
    for part, answers in zip(key.parts, by_part, strict=True):
        combined += [_expectedtogether(key, {**first, part.id: answer}) for answer in answers[1:]]
    return (*combined, malformed("no parts"))


def _expectedtogether(key: ItemKey, answers: Mapping[str, ExpectedResponse]) -> ExpectedResponse:
    graded = [(part, Grade(answers[part.id].verdict, answers[part.id].score, "")) for part in key.parts]
    whole = together(graded)
    responses: dict[str, Any] = {name: answer.response for name, answer in answers.items()}
    return ExpectedResponse(responses, whole.verdict, whole.score)
