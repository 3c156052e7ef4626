"""Examples: responses and what grading must say, tried on many variants of the template."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from grading.answersheet import PartKey
from grading.graders.numeric_tuple import response_of
from grading.keys import (
    ChoiceKey,
    EssayKey,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    NumericTupleKey,
    OrderingKey,
    Rival,
    SymbolicKey,
    TextKey,
)
from grading.marking import grade
from grading.verdicts import Grade
from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding, FindingsError
from quizgen.model import GeneratedItem
from quizgen.template import Example
from quizgen.template.values import did_you_mean, shown

VARIANTS = 20
MOST_VARIANTS = 60
"""Where an example names a wrong answer that not every variant has, so many are looked through."""


class _NotThere(Exception):
    """The variant has no such wrong answer (another one was chosen, or it came too near the key)."""


def run(subject: Subject) -> Iterator[Finding]:
    """Variants can be generated in every language of the template, and each example is graded as it says."""
    template = subject.template
    try:
        variants = _Variants(subject)
        list(variants.first(VARIANTS))
        for language, _ in template.translations:
            subject.variant(0, language)
        for example in template.examples:
            yield from _try(subject, example, variants)
    except FindingsError as error:
        yield from error.findings


class _Variants:
    """The variants that examples are tried on, generated when they are first needed."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        count = subject.generator().count()
        self._there = count.number if count.exact else MOST_VARIANTS
        self.fixed = {entry.name: subject.generator().fixed(entry.name) for entry in subject.template.fixed}

    def first(self, count: int, start: int = 0) -> Iterator[GeneratedItem]:
        for variant in range(start, max(1, min(count, self._there))):
            yield self._subject.variant(variant)


def _try(subject: Subject, example: Example, variants: _Variants) -> Iterator[Finding]:
    """Tries an example on the fixed draws and some variants; on more of them while its wrong answer is not there."""
    document = subject.template.document
    if example.fixed and example.fixed not in variants.fixed:
        remedy = did_you_mean(example.fixed, variants.fixed) or "name one of `fixed`"
        yield document.finding("Q410", f'there is no fixed draw "{example.fixed}"', remedy, (*example.path, "fixed"))
        return
    items = [variants.fixed[example.fixed]] if example.fixed else [*variants.first(VARIANTS), *variants.fixed.values()]
    known = {reference.id for reference in subject.references}
    complaints = [complaint for item in items for complaint in _tried(item, example, known)]
    if not complaints and not example.fixed:
        more = (found for item in variants.first(MOST_VARIANTS, VARIANTS) for found in _tried(item, example, known))
        complaints = [found for found in [next(more, None)] if found is not None]
    if not complaints:
        message = f"no variant has the known wrong answer {_shown(example.answer)}"
        yield document.finding("Q410", message, "name a wrong answer, or check why it is left out", example.path)
    wrong = next((complaint for complaint in complaints if complaint), "")
    if wrong:
        yield document.finding("Q410", wrong, "mend the key or the example", example.path)


def _tried(item: GeneratedItem, example: Example, known: Collection[str]) -> Iterator[str]:
    """What is wrong with the grade in this variant, "" if nothing; nothing at all if it has no such answer."""
    part = next((part for part in item.key.parts if part.id == (example.part or "answer")), None)
    if part is None:
        return
    try:
        complaint = _complaint(example, grade(part, _response(part, example, known)))
    except _NotThere:
        return
    where = f"the fixed draw {item.item.fixed}" if item.item.fixed else f"variant {item.item.variant}"
    yield f"in {where} {complaint}" if complaint else ""


def _complaint(example: Example, graded: Grade) -> str:
    found = graded.verdict.value
    if found != example.expect:
        return f"the answer {_shown(example.answer)} is {found} ({graded.note}), not {example.expect}"
    if example.score is not None and graded.score != example.score:
        return f"the answer earns {graded.score}, not {example.score}"
    diagnosed = {name for diagnosis in graded.diagnoses for name in diagnosis.misconceptions}
    if example.diagnosis and not set(example.diagnosis) <= diagnosed:
        return f"the diagnosis is {', '.join(sorted(diagnosed)) or 'none'}, not {', '.join(example.diagnosis)}"
    return ""


def _shown(answer: Any) -> str:
    return shown(answer) if isinstance(answer, str) else ", ".join(map(str, answer))


def _response(part: PartKey, example: Example, known: Collection[str]) -> Any:
    """The canonical response that the example means in this variant. known: ids of wrong answers of the template."""
    key, answer = part.key, example.answer
    if answer == "key":
        return right_response(part)
    rivals: tuple[Rival, ...] = getattr(key, "rivals", ())
    if isinstance(answer, str):
        meant = [rival for rival in rivals if answer in rival.misconceptions]
        if meant:
            return response_of_rival(part, min(meant, key=lambda rival: len(rival.misconceptions)))
        if answer in known:
            raise _NotThere
    return _literal(part, answer)


def right_response(part: PartKey) -> Any:
    """The canonical response that is the key; some text for an essay."""
    match part.key:
        case ChoiceKey(correct):
            return correct
        case MultipleAnswerKey(correct):
            return list(correct)
        case NumericKey(value) | SymbolicKey(value):
            return value
        case NumericTupleKey(sample=sample) as key:
            return response_of(key, "; ".join(sample))
        case MatchingKey(pairs):
            return dict(pairs)
        case OrderingKey(order):
            return list(order)
        case TextKey(accepted):
            return accepted[0]
        case EssayKey():
            return "an answer"
    raise TypeError(type(part.key).__name__)


def response_of_rival(part: PartKey, rival: Rival) -> Any:
    """The canonical response in which nothing is wrong but what the rival is about."""
    match part.key:
        case MatchingKey(pairs):
            left, _, right = rival.value.partition("=")
            return {**dict(pairs), left: right}
        case NumericTupleKey() as key:
            return response_of(key, rival.value)
        case OrderingKey():
            return rival.value.split()
        case MultipleAnswerKey(correct):
            chosen = set(correct) ^ {rival.value}
            return sorted(chosen)
    return rival.value


def _literal(part: PartKey, answer: Any) -> Any:
    """A response as an author writes it: options by their text."""
    ids = {text: id for id, text in part.options}
    match part.key, answer:
        case (ChoiceKey(), str()):
            return ids.get(answer, answer)
        case (MultipleAnswerKey() | OrderingKey(), tuple()):
            return [ids.get(str(entry), str(entry)) for entry in answer]
        case (MatchingKey(), tuple()):
            return {ids.get(str(pair[0]), str(pair[0])): ids.get(str(pair[1]), str(pair[1])) for pair in answer}
        case (NumericTupleKey(), tuple()) if all(isinstance(pair, tuple) for pair in answer):
            return dict(answer)
    return answer if isinstance(answer, str) else list(answer)


CHECK = Check(("Q410",), "examples are graded as they say", run, on_sound_only=True)
