"""Draws for other objectives: spans of so many words, the beginning of a sentence, words that a generator put there."""

from __future__ import annotations

import pytest

from quizgen.generator.places import behind_prefixes
from quizgen.generator.sentence_words import given_corruption
from quizgen.sampling.draws import Source
from quizgen.sampling.masks import Spans, mask_space, runs
from quizgen.sampling.replaced import replaced_tokens
from quizgen.sampling.sentences import CorpusSentence, Maskable
from quizgen.sampling.spaces import CannotDraw

CAT = CorpusSentence(
    "cat-dog",
    ("The", "cat", "saw", "the", "dog", "run"),
    maskable=(
        Maskable(2, "cat", "NOUN", ("owl", "hen", "cow")),
        Maskable(5, "dog", "NOUN", ("pig", "fox", "ape")),
        Maskable(6, "run", "VERB", ("eat", "hide", "sing")),
    ),
)


@pytest.mark.parametrize(("words", "sizes"), [(3, {(1, 2), (2, 1)}), (4, {(2, 2)})])
def test_spans_of_so_many_words_together(words: int, sizes: set[tuple[int, ...]]) -> None:
    space = mask_space(CAT, Spans(2, (1, 1), words=words))
    assert space is not None
    assert {tuple(last - first + 1 for first, last in runs(places)) for places in space.outcomes} == sizes
    # Six words with two gaps apart: choose(6 − words + 1, 2) ways for each order of the lengths.
    assert len(space) == len(sizes) * {3: 6, 4: 3}[words]


def test_spans_that_do_not_fit() -> None:
    space = mask_space(CAT, Spans(2, (1,), words=3))
    assert space is not None
    with pytest.raises(CannotDraw):
        space.draw(Source(1).stream("t", 0, 0, "masks"))


def test_the_beginning_of_a_sentence() -> None:
    start = CAT.beginning(5)
    assert start.text == "The cat saw the dog"
    assert start.content_positions == (2, 5)
    assert start.id == CAT.id
    assert start != CAT


def test_positions_behind_prefixes() -> None:
    assert behind_prefixes(4, (2, 9)) == ((3, 4), (4,))
    assert behind_prefixes(1, (0, 0)) == ((1,),)
    assert behind_prefixes(2, (2, 3)) == ()


@pytest.mark.parametrize("restored", [0, 1, 2])
def test_a_generator_restores_some_words_and_replaces_the_others(restored: int) -> None:
    seen = set()
    for number in range(60):
        masked = replaced_tokens(CAT, (2, 5), Source(3).stream("t", number, 0, "generator"), restored)
        differ = [k for k in range(len(CAT.tokens)) if masked.corrupted[k] != CAT.tokens[k]]
        assert len(differ) == 2 - restored
        assert masked.decides
        assert set(differ) <= {2, 5}
        assert all(masked.corrupted[k] in CAT.at(k).fillers for k in differ)
        seen.add(masked.corrupted)
    assert len(seen) == {0: 9, 1: 6, 2: 1}[restored]


def test_what_a_generator_cannot_do() -> None:
    stream = Source(3).stream("t", 0, 0, "generator")
    with pytest.raises(ValueError, match="cannot be restored"):
        replaced_tokens(CAT, (2,), stream, 2)
    with pytest.raises(ValueError, match="declares no maskable word"):
        replaced_tokens(CAT, (1, 3), stream)
    with pytest.raises(ValueError, match="at no other place"):
        given_corruption(CAT, (2, 5), {"corruption": (("2", "owl"),)}, decides=True)
    shown = given_corruption(CAT, (2, 5), {"corruption": (("2", "owl"), ("5", "dog"))}, decides=True)
    assert shown is not None
    assert shown.branches == ("random", "keep")
    assert shown.decides
