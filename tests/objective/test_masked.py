"""Masked sentences: what fits together and what does not, and the contexts of a prediction."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from grading.expressions import CLS, MASK, Context, Probability
from grading.parsing import Language, parse_expression
from quizgen.objective.masked import MaskedSentence, masked_sentence

from .sentences import BIRD, masked_sentences, sentence_of


def test_bird() -> None:
    assert (BIRD.n, BIRD.m, BIRD.selected, BIRD.unselected) == (2, 6, (2, 6), (1, 3, 4, 5))
    assert BIRD.corrupted == (CLS, "the", MASK, "bird", "catches", "the", MASK)
    assert BIRD.branches == ("mask", "mask")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((("the", "worm"), ("the", "worm"), (), ()), "starts with"),
        (((CLS,), (CLS,), (), ()), "at least one word"),
        (((CLS, "worm"), (CLS,), (), ()), "has 1 tokens, the original 2"),
        (((CLS, "worm"), (CLS, MASK), (1,), ()), "1 selected positions but 0 branches"),
        (((CLS, "worm"), (CLS, MASK), (0,), ("mask",)), "not ascending within 1..1"),
        (((CLS, "a", "b"), (CLS, MASK, MASK), (2, 1), ("mask", "mask")), "not ascending"),
        (((CLS, "worm"), (CLS, MASK), (2,), ("mask",)), "not ascending within"),
        (((CLS, "worm"), (CLS, "worm"), (1,), ("mask",)), "not the branch 'mask'"),
        (((CLS, "worm"), (CLS, "bird"), (1,), ("keep",)), "not the branch 'keep'"),
        (((CLS, "worm"), (CLS, MASK), (1,), ("random",)), "not the branch 'random'"),
        (((CLS, "a", "b"), (CLS, "a", MASK), (1,), ("keep",)), "position 2 was changed"),
    ],
)
def test_what_does_not_fit_is_refused(arguments: tuple[object, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        MaskedSentence(*arguments)  # type: ignore[arg-type]  # some are wrong on purpose


def test_a_random_word_may_be_the_original_one() -> None:
    lucky = MaskedSentence((CLS, "worm"), (CLS, "worm"), (1,), ("random",))
    assert lucky.xbar_context() == lucky.original_context()


def test_contexts_are_compared_by_what_they_resolve_to() -> None:
    kept = masked_sentence((CLS, "the", "worm"), {2: "worm"})
    assert kept.xbar_context() == kept.original_context()
    assert BIRD.xbar_context() != BIRD.original_context()
    assert BIRD.single_mask_context(6).tokens == (CLS, "the", "early", "bird", "catches", "the", MASK)
    assert BIRD.left_context(2) == Context("anything", (CLS, "the"))
    assert BIRD.filled_context([]) == BIRD.xbar_context()
    assert BIRD.filled_context([2, 6]) == BIRD.original_context()
    assert BIRD.filled_context([2, 6]).notation == "xbar, x_2=early, x_6=worm"
    assert BIRD.guessed_context([2]).tokens[2] == "xhat_2"


@given(masked_sentences())
@settings(derandomize=True, max_examples=60, deadline=None)
def test_every_notation_reads_back_to_the_same_tokens(masked: MaskedSentence) -> None:
    language = Language(sentence=sentence_of(masked))
    first = masked.selected[0]
    for context in (
        masked.xbar_context(),
        masked.original_context(),
        masked.left_context(first),
        masked.single_mask_context(first),
        masked.filled_context(masked.selected),
        masked.guessed_context(masked.selected),
    ):
        read = parse_expression(f"Pr(x_1=zzz | {context.notation})", language)
        assert isinstance(read, Probability)
        assert read.given is not None
        assert (read.given.tokens, read.given.notation) == (context.tokens, context.notation)
