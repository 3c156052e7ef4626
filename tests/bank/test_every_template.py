"""Every template of the bank, over several variants in both languages: it generates, and it grades as it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import islice

import pytest

from grading import Verdict, grade
from grading.answersheet import PartKey
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
from quizgen.generator import Generator
from quizgen.model import GeneratedItem
from quizgen.sampling.draws import Source
from tests.bank.templates import BANK, TEMPLATES, fixed, variant

VARIANTS = {"en": 10, "de": 2}

every_variant = pytest.mark.parametrize(
    ("template", "number", "language"),
    [(name, number, language) for name in TEMPLATES for language, count in VARIANTS.items() for number in range(count)],
)


def _key_response(part: PartKey) -> object:
    """The right answer, made from the key alone."""
    match part.key:
        case ChoiceKey(correct):
            return correct
        case MultipleAnswerKey(correct):
            return list(correct)
        case NumericKey(value) | SymbolicKey(value):
            return value
        case NumericTupleKey(sample=sample) as key:
            return _tuple(key, sample)
        case MatchingKey(pairs):
            return dict(pairs)
        case OrderingKey(order):
            return list(order)
        case TextKey(accepted):
            return accepted[0]
        case EssayKey():
            return "The product and the sum of logarithms have the same maximiser."
    raise AssertionError(part.key)


def _tuple(key: NumericTupleKey, numbers: Iterable[str]) -> dict[str, str]:
    """Numbers as they are typed where the comma may be the decimal mark."""
    mark = "," if key.decimal_comma else "."
    return {name: text.replace(".", mark) for name, text in zip(key.names, numbers, strict=True)}


def _rivals(part: PartKey) -> Iterator[tuple[Rival, object]]:
    """Known wrong answers of kinds where a rival is a whole response, and the response."""
    if isinstance(part.key, ChoiceKey | NumericKey | SymbolicKey | TextKey):
        yield from ((rival, rival.value) for rival in part.key.rivals)
    elif isinstance(part.key, NumericTupleKey):
        yield from ((rival, _tuple(part.key, rival.value.split("; "))) for rival in part.key.rivals)


def _mistakes(part: PartKey) -> Iterator[tuple[Rival, object]]:
    """Known mistakes of kinds where a rival is part of a response or an order, and a response with just this one."""
    for rival in getattr(part.key, "rivals", ()):
        match part.key:
            case MultipleAnswerKey(correct):
                yield rival, sorted({*correct} ^ {rival.value})
            case MatchingKey(pairs):
                left, right = rival.value.split("=")
                yield rival, {**dict(pairs), left: right}
            case OrderingKey():
                yield rival, rival.value.split()


@every_variant
def test_the_key_is_right(template: str, number: int, language: str) -> None:
    for part in variant(template, number, language).key.parts:
        expected = Verdict.UNDECIDED if isinstance(part.key, EssayKey) else Verdict.CORRECT
        assert grade(part, _key_response(part)).verdict is expected


@every_variant
def test_a_known_wrong_answer_earns_what_it_declares_and_is_diagnosed_as_itself(
    template: str, number: int, language: str
) -> None:
    for part in variant(template, number, language).key.parts:
        for rival, response in _rivals(part):
            graded = grade(part, response)
            assert graded.score == rival.credit < 1
            found = [diagnosis.misconceptions for diagnosis in graded.diagnoses]
            if rival.misconceptions:
                assert rival.misconceptions in found
            else:  # words of its own, or nothing at all
                assert found == ([()] if rival.feedback else [])
        for rival, response in _mistakes(part):
            graded = grade(part, response)
            assert graded.score < 1
            assert rival.misconceptions in [diagnosis.misconceptions for diagnosis in graded.diagnoses]


@every_variant
def test_every_misconception_brings_its_words(template: str, number: int, language: str) -> None:
    for part in variant(template, number, language).key.parts:
        for rival in getattr(part.key, "rivals", ()):
            if rival.misconceptions:
                assert rival.title
                assert rival.hint
                assert rival.feedback


@every_variant
def test_wrong_parts_of_arrangements_cost_what_the_scoring_says(template: str, number: int, language: str) -> None:
    for part in variant(template, number, language).key.parts:
        match part.key:
            case OrderingKey(order):
                swapped = [order[1], order[0], *order[2:]]
                assert grade(part, swapped).score == Fraction(len(order) - 2, len(order))
            case MatchingKey(pairs, choices):
                unused = next(choice for choice in choices if choice not in dict(pairs).values())
                assert grade(part, {**dict(pairs), pairs[0][0]: unused}).score == Fraction(len(pairs) - 1, len(pairs))
            case MultipleAnswerKey(correct, options):
                wrong = [option for option in options if option not in correct]
                assert grade(part, [*correct, wrong[0]]).score == 1 - Fraction(1, len(correct))
                assert grade(part, list(options)).score == 0
                assert len(wrong) >= len(correct)


def _partial_credits(part: PartKey) -> dict[tuple[str, ...], Fraction]:
    return {rival.misconceptions: rival.credit for rival in getattr(part.key, "rivals", ()) if rival.credit}


@every_variant
def test_only_the_declared_answers_earn_partial_credit(template: str, number: int, language: str) -> None:
    half = {("wrong-log-base",): Fraction(1, 2)}
    same = ("product-of-probs", "mean-over-masks", "mean-over-length", "wrong-log-base")
    declared = {
        ("loss-numeric-nats", "answer"): half,
        ("objective-value-numeric", "answer"): half,
        ("mean-vs-sum", "sum"): half,
        ("mean-vs-sum", "mean"): half,
        ("improve-one-token", "answer"): half,
        ("uniform-baseline", "answer"): half,
        ("case-two-steps", "j1"): half,
        ("case-two-steps", "j2"): half,
        ("clm-loss", "loss"): half,
        ("nsp-loss", "nsp"): half,
        ("obj-write-up-to-optimum", "answer"): {(name,): Fraction(1, 2) for name in same},
        ("softmax-to-loss", "answer"): half,
        ("subword-terms", "loss"): half,
        ("underflow", "loglik"): half,
        ("optimum-frequency", "loss"): half,
    }
    rounded_too_early = [(Fraction(1, 50), Fraction(3, 4))]
    nearby = {
        ("loss-numeric-nats", "answer"): rounded_too_early,
        ("clm-loss", "loss"): rounded_too_early,
        ("rtd-loss", "answer"): rounded_too_early,
        ("objective-value-numeric", "answer"): rounded_too_early,
        ("nats-bits", "answer"): rounded_too_early,
        ("mean-vs-sum", "sum"): rounded_too_early,
        ("mean-vs-sum", "mean"): rounded_too_early,
        ("improve-one-token", "answer"): rounded_too_early,
        ("softmax-to-loss", "answer"): rounded_too_early,
        ("subword-terms", "loss"): rounded_too_early,
        ("optimum-frequency", "loss"): rounded_too_early,
        ("underflow", "factors"): [(Fraction(1), Fraction(3, 4))],
    }
    for part in variant(template, number, language).key.parts:
        assert _partial_credits(part) == declared.get((template, part.id), {})
        bands = part.key.bands if isinstance(part.key, NumericKey) else ()
        assert [(band.within, band.credit) for band in bands] == nearby.get((template, part.id), [])


FEW = {
    "nsp-tf": 4,
    "match-objectives": 3,
    "obj-cloze-general": 1,
    "sum-vs-product-essay": 1,
    "masking-variants-match": 3,
}
"""Templates with fewer than six variants for each choice of their radicals."""


@pytest.mark.parametrize("template", TEMPLATES)
def test_variants_differ(template: str) -> None:
    generator = Generator(TEMPLATES[template], BANK, Source(seed=5))
    wanted = FEW.get(template, 6)
    items = list(islice(generator.items(), wanted))
    assert len({Generator.signature(item) for item in items}) == wanted


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_radical_generates(template: str) -> None:
    for radical in TEMPLATES[template].radicals:
        for value in radical.values:
            generator = Generator(TEMPLATES[template], BANK, Source(seed=5), radicals={radical.name: str(value)})
            assert dict(generator.item(0).item.radicals)[radical.name] == str(value)


# ---------------------------------------------------------------- the examples of the templates


MOST_VARIANTS = 60
"""Where few variants show a wrong answer, so many are looked through."""


def _items_for(template: str, name: str) -> Iterator[GeneratedItem]:
    if name:
        yield fixed(template, name)
    else:
        yield from (variant(template, number) for number in range(MOST_VARIANTS))


def _responses(item: GeneratedItem, part: PartKey, answer: object) -> Iterator[object]:
    """What an example stands for in this item: a literal response is itself, an absent wrong answer is nothing."""
    if answer == "key":
        yield _key_response(part)
    elif isinstance(answer, str) and answer in BANK.words("en"):
        meant = [pair for pair in (*_rivals(part), *_mistakes(part)) if answer in pair[0].misconceptions]
        least = min((len(rival.misconceptions) for rival, _ in meant), default=0)
        yield from (response for rival, response in meant if len(rival.misconceptions) == least)
    elif isinstance(answer, tuple) and answer and isinstance(answer[0], tuple):
        yield dict(answer)
    else:
        yield list(answer) if isinstance(answer, tuple) else answer


EXAMPLES = [
    pytest.param(name, example, id=f"{name}-{number}")
    for name, template in TEMPLATES.items()
    for number, example in enumerate(template.examples)
]


@pytest.mark.parametrize(("template", "example"), EXAMPLES)
def test_the_examples_hold(template: str, example: object) -> None:
    from quizgen.template import Example

    assert isinstance(example, Example)
    tried = 0
    for number, item in enumerate(_items_for(template, example.fixed)):
        if number >= VARIANTS["en"] and tried:
            break
        part = next(part for part in item.key.parts if part.id == (example.part or "answer"))
        for response in _responses(item, part, example.answer):
            tried += 1
            graded = grade(part, response)
            assert graded.verdict.value == example.expect, (response, graded)
            assert example.score is None or graded.score == example.score
            if example.diagnosis:
                assert example.diagnosis in [diagnosis.misconceptions for diagnosis in graded.diagnoses]
    assert tried
