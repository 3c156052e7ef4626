"""Distractors with proof: balanced sets, numbers that keep their distance, shapes that hold for every sentence."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.equivalence import Different, compare
from grading.expressions import Logarithm, Negation, Number
from quizgen import Source, load_bank
from quizgen.bank import Bank
from quizgen.distractors import (
    PROOFS,
    Asked,
    TooFewError,
    balanced_formulas,
    free_formulas,
    guard_numbers,
    option_shape,
    without_words,
)
from quizgen.misconceptions.catalogue import OPERATORS, misconception
from quizgen.misconceptions.operators import RecordMisconception, Refused
from quizgen.objective.masked import MaskedSentence, masked_sentence
from quizgen.objective.notation import Setting
from quizgen.objective.record import objective_of, to_tree
from quizgen.objective.shapes import render_fast
from quizgen.sampling.draws import Stream
from quizgen.template import FormulaChoice

FOX = masked_sentence(
    ("[CLS]", "A", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "dog"), {2: "[MASK]", 8: "[MASK]"}
)
EN = Setting()
NO_WORDS = frozenset(("word", "Word", "other", "[MASK]"))


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank()


def stream(number: int) -> Stream:
    return Source(seed=number).stream("test", number, 0, "distractors")


def candidates(bank: Bank) -> tuple[str, ...]:
    answer = bank.template("obj-expression-choice").answer
    assert isinstance(answer, FormulaChoice)
    return tuple(candidate.id for candidate in answer.candidates)


def test_a_balanced_set_is_one_mistake_another_and_both(bank: Bank) -> None:
    for number in range(40):
        _, wrong = balanced_formulas(Asked("objective"), FOX, candidates(bank), stream(number), EN)
        first, second, both = (option.misconceptions for option in wrong)
        assert both == (*first, *second)
        # So the four options agree in as many features with the others, whichever is the key.
        features = [(0, 0), (1, 0), (0, 1), (1, 1)]
        agreements = [sum(a == b for o in features if o != f for a, b in zip(f, o, strict=True)) for f in features]
        assert len(set(agreements)) == 1


def test_all_options_are_proven_different_on_the_sentence_itself(bank: Bank) -> None:
    """The proof is remembered for sentences without words; here it is made again with them."""
    from grading.keys import Sentence
    from grading.parsing import Language, parse_expression

    language = Language(sentence=Sentence(FOX.tokens, FOX.corrupted, FOX.selected))
    for number in range(25):
        key, wrong = balanced_formulas(Asked("objective"), FOX, candidates(bank), stream(number), EN)
        trees = [parse_expression(f.plain, language) for f in (key, *(option.formula for option in wrong))]
        for place, tree in enumerate(trees):
            for other in trees[place + 1 :]:
                assert isinstance(compare(tree, other, language), Different)


def test_one_mask_leaves_too_few_and_counts_why() -> None:
    one = masked_sentence(("[CLS]", "the", "early", "bird"), {2: "[MASK]"})
    with pytest.raises(TooFewError) as caught:
        free_formulas(Asked("objective"), one, ["product-of-logs", "log-of-sum", "swap-targets"], 2, stream(1), EN)
    assert caught.value.reasons == {"identical": 3}


def test_what_is_always_right_is_never_a_distractor() -> None:
    with pytest.raises(TooFewError):
        free_formulas(Asked("objective"), FOX, ["joint-instead-of-marginals"], 1, stream(1), EN)


def test_no_option_is_much_longer_than_the_others(bank: Bank) -> None:
    for number in range(60):
        key, wrong = balanced_formulas(Asked("objective"), FOX, candidates(bank), stream(number), EN)
        lengths = [len(formula.unicode) for formula in (key, *(option.formula for option in wrong))]
        assert max(lengths) <= 1.3 * sum(lengths) / 4


def test_a_shifted_position_does_not_stand_beside_a_condition_that_names_one() -> None:
    ids = ("autoregressive-factorisation", "off-by-one-positions")
    assert isinstance(option_shape(Asked("objective"), without_words(FOX, whole=True)[0], ids, EN), str)


PATCHES = tuple(entry.id for entry in OPERATORS if isinstance(entry, RecordMisconception) and entry.use != "never")
words = st.sampled_from(["the", "The", "THE", "early", "bird", "a&b", "<b>", "worm", "Wörm"])


@st.composite
def sentences(draw: st.DrawFn) -> MaskedSentence:
    tokens = ("[CLS]", *draw(st.lists(words, min_size=2, max_size=7)))
    places = draw(st.sets(st.integers(1, len(tokens) - 1), min_size=1, max_size=3))
    shown = {k: draw(st.sampled_from(["[MASK]", tokens[k], "zebra"])) for k in places}
    return masked_sentence(tokens, shown)


@settings(max_examples=600, derandomize=True, deadline=None)
@given(sentences(), st.sampled_from(PATCHES), st.booleans())
def test_a_shape_with_its_words_is_the_formula_itself(masked: MaskedSentence, name: str, whole: bool) -> None:
    """Also where the end of the sentence was left out, for misconceptions that do not look at it."""
    entry = misconception(name)
    assert isinstance(entry, RecordMisconception)
    nameless, words_of = without_words(masked, whole=whole or entry.whole_sentence)
    shape = option_shape(Asked("loss"), nameless, (name,), EN)
    record = entry.apply(objective_of(masked, "loss"), masked)
    if isinstance(record, Refused):
        assert shape == record.reason
    else:
        assert not isinstance(shape, str)
        assert shape.with_words(words_of) == render_fast(to_tree(record), setting=EN)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(sentences(), st.sampled_from(PATCHES), st.sampled_from(PATCHES))
def test_what_is_proven_without_words_holds_with_them(masked: MaskedSentence, one: str, other: str) -> None:
    entries = [misconception(name) for name in (one, other)]
    patches = [entry for entry in entries if isinstance(entry, RecordMisconception)]
    key = objective_of(masked)
    records = [entry.apply(key, masked) for entry in patches]
    nameless, _ = without_words(masked, whole=any(entry.whole_sentence for entry in patches))
    shapes = [option_shape(Asked("objective"), nameless, (name,), EN) for name in (one, other)]
    trees = [to_tree(record) for record in records if not isinstance(record, Refused)]
    if len(trees) == 2:
        left, right = shapes
        assert not isinstance(left, str)
        assert not isinstance(right, str)
        assert PROOFS.all_different([left.tree, right.tree]) == isinstance(compare(*trees), Different)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(sentences())
def test_a_nameless_sentence_gives_its_words_back(masked: MaskedSentence) -> None:
    nameless, words_of = without_words(masked, whole=True)
    assert tuple(words_of.get(token, token) for token in nameless.tokens) == masked.tokens
    assert tuple(words_of.get(token, token) for token in nameless.corrupted) == masked.corrupted
    short, _ = without_words(masked, whole=False)
    assert short.tokens == nameless.tokens[: len(short.tokens)]
    assert len(short.tokens) == min(masked.selected[-1] + 2, len(masked.tokens))


def minus_log(value: str) -> Negation:
    return Negation(Logarithm(Number(Fraction(value))))


def test_the_guard_drops_equal_numbers_and_refuses_close_ones() -> None:
    key = minus_log("0.5")
    far, same = minus_log("0.2"), Logarithm(Number(Fraction(2)))
    assert guard_numbers(key, [("far", far), ("same", same), ("again", minus_log("0.2"))], Fraction(1, 40)) == (
        ("far", far),
    )
    with pytest.raises(TooFewError, match="too close"):
        guard_numbers(key, [("close", minus_log("0.49"))], Fraction(1, 40))


def test_the_guard_is_exact_at_its_distance() -> None:
    key, rival = Number(Fraction(1)), Number(Fraction(41, 40))
    assert guard_numbers(key, [("at", rival)], Fraction(1, 40)) == (("at", rival),)
    with pytest.raises(TooFewError):
        guard_numbers(key, [("inside", rival)], Fraction(1, 40) + Fraction(1, 10**30))


def test_the_guard_keeps_wrong_numbers_apart_so_that_each_is_told_from_the_other() -> None:
    key, hundredth = Number(Fraction(9)), Fraction(1, 100)
    near = [("one", minus_log("0.50")), ("other", minus_log("0.498"))]
    assert len(guard_numbers(key, near, hundredth)) == 2
    assert len(guard_numbers(key, near, hundredth, lambda value: Fraction(1, 1000))) == 2
    with pytest.raises(TooFewError, match="too close to each other"):
        guard_numbers(key, near, hundredth, lambda value: hundredth)
    at = [("one", Number(Fraction(1))), ("other", Number(Fraction(101, 100)))]
    with pytest.raises(TooFewError):  # the boundary of a tolerance is inside
        guard_numbers(key, at, hundredth, lambda value: hundredth)


def test_nothing_is_in_reach_of_two_wrong_numbers_with_different_credits() -> None:
    key, reach = minus_log("0.1"), Fraction(1, 200)
    near = [("one", Number(Fraction(9))), ("other", Number(Fraction(9) + reach + Fraction(1, 10_000)))]
    assert len(guard_numbers(key, near, reach, lambda value: reach)) == 2
    assert (
        len(guard_numbers(key, near, reach, lambda value: reach, {"one": Fraction(1, 2), "other": Fraction(1, 2)})) == 2
    )
    with pytest.raises(TooFewError, match="too close to each other"):
        guard_numbers(key, near, reach, lambda value: reach, {"one": Fraction(1, 2)})
    apart = [near[0], ("other", Number(Fraction(9) + 2 * reach + Fraction(1, 10_000)))]
    assert len(guard_numbers(key, apart, reach, lambda value: reach, {"one": Fraction(1, 2)})) == 2


def test_unknown_is_no_distractor() -> None:
    key = to_tree(objective_of(FOX))
    assert not PROOFS.all_different([key, key])
