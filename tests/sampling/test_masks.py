"""Spaces, masks and corruption: exact distributions, constraints, precise refusals."""

from collections import Counter
from fractions import Fraction
from importlib.resources import files
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizgen.objective.masked import MaskedSentence
from quizgen.sampling.corruption import (
    ALL_MASKED,
    BERT,
    Scheme,
    branch_of,
    corrupt,
    corrupt_as,
    corrupt_mixed,
    unit_draws,
    vocabulary,
)
from quizgen.sampling.draws import Source, Stream
from quizgen.sampling.masks import (
    CONSTRAINTS,
    DIFFERENT_WORDS,
    EQUAL_WORDS,
    NO_VISIBLE_DUPLICATE,
    NOT_ADJACENT,
    NOT_ALL,
    NOT_FROM_THE_SECOND_WORD,
    NOT_THE_FIRST_WORDS,
    ONE_COPY_BEFORE,
    ROOM_TO_SHIFT_LEFT,
    THE_LAST_WORD,
    VISIBLE_TO_THE_LEFT,
    VISIBLE_TO_THE_RIGHT,
    Bernoulli,
    Count,
    MaskRule,
    Spans,
    admits,
    count_mask_sets,
    draw_masks,
    geometric_lengths,
    mask_space,
    runs,
)
from quizgen.sampling.sentences import CorpusSentence, Maskable, read_corpus
from quizgen.sampling.spaces import CannotDraw, Constraint, Space, count_outcomes, try_to_draw
from quizgen.source import examine_text

TEXT = files("question_bank").joinpath("sentences.yaml").read_text(encoding="utf-8")
CORPUS = read_corpus([examine_text(TEXT)])[0]
CAT, BIRD, FOX, FRIEND = (CORPUS.select(ids=[id])[0] for id in ("cat-mat", "early-bird", "quick-fox", "friend-need"))
LONG = CorpusSentence("long", tuple(f"w{k}" for k in range(1, 41)))


def stream(variant: int = 0, purpose: str = "masks") -> Stream:
    return Source(5).stream("t", variant, 0, purpose)


def frequencies(sentence: CorpusSentence, rule: MaskRule, n: int = 6000) -> Counter[tuple[int, ...]]:
    drawn = stream()
    return Counter(draw_masks(sentence, rule, drawn) for _ in range(n))


def test_a_count_draws_every_set_of_content_words_alike() -> None:
    counts = frequencies(FOX, Count(2))
    assert set(counts) == set(combinations((2, 3, 4, 5, 8, 9), 2))
    assert max(abs(count - 400) for count in counts.values()) < 90  # 15 sets, standard deviation 19


def test_bernoulli_has_its_probabilities_and_may_select_nothing() -> None:
    short = CorpusSentence("short", ("a", "b", "c"))
    rate = Fraction(3, 20)
    counts = frequencies(short, Bernoulli(rate, none="allow"), 20_000)
    for n in range(4):
        for positions in combinations((1, 2, 3), n):
            mean = 20_000 * rate**n * (1 - rate) ** (3 - n)
            assert abs(counts[positions] - mean) < 5 * float(mean) ** 0.5 + 3


def test_bernoulli_redrawn_keeps_the_proportions_of_the_rest() -> None:
    short = CorpusSentence("short", ("a", "b", "c"))
    space = mask_space(short, Bernoulli(Fraction(1, 4), none="redraw"))
    assert space is not None
    assert () not in space.outcomes
    assert len(space) == 7
    counts = frequencies(short, Bernoulli(Fraction(1, 4), none="redraw"), 20_000)
    one = sum(counts[(k,)] for k in (1, 2, 3))
    assert abs(one - 20_000 * Fraction(27, 37)) < 300  # 3·p·q² of 1 − q³


@pytest.mark.parametrize("none", ["allow", "redraw"])
def test_long_sentences_are_drawn_without_listing(none: str) -> None:
    rule = Bernoulli(Fraction(1, 20), none="redraw" if none == "redraw" else "allow", constraints=(NOT_ADJACENT,))
    assert mask_space(LONG, rule) is None
    drawn = stream()
    sets = [draw_masks(LONG, rule, drawn) for _ in range(400)]
    assert (() in sets) == (none == "allow")
    assert all(NOT_ADJACENT.holds(LONG, positions) for positions in sets)
    assert 1 < sum(map(len, sets)) / 400 < 3


def test_selecting_nothing_for_ever_is_refused() -> None:
    for sentence in (CAT, LONG):
        with pytest.raises(CannotDraw, match="rate 0") as refusal:
            draw_masks(sentence, Bernoulli(Fraction(0), none="redraw"), stream())
        assert refusal.value.counts["something-selected"] == refusal.value.considered


@pytest.mark.parametrize(
    ("constraint", "yes", "no"),
    [
        (NO_VISIBLE_DUPLICATE, (2, 7), (2,)),
        (NO_VISIBLE_DUPLICATE, (1, 2, 6, 7), (1, 4)),
        (DIFFERENT_WORDS, (2, 4), (2, 7)),
        (EQUAL_WORDS, (2, 7), (2, 4)),
        (NOT_ADJACENT, (2, 4, 8), (2, 3, 8)),
        (VISIBLE_TO_THE_RIGHT, (2, 7), (2, 8)),
        (NOT_THE_FIRST_WORDS, (1, 3), (1, 2)),
        (NOT_FROM_THE_SECOND_WORD, (2, 4), (2, 3)),
        (ROOM_TO_SHIFT_LEFT, (2, 3), (1, 3)),
        (NOT_ALL, (1, 2), tuple(range(1, 9))),
    ],
)
def test_constraints_say_yes_and_no(constraint: object, yes: tuple[int, ...], no: tuple[int, ...]) -> None:
    holds = CONSTRAINTS[getattr(constraint, "name", "")].holds
    assert FRIEND.text == "A friend in need is a friend indeed"
    assert holds(FRIEND, yes)
    assert not holds(FRIEND, no)


def test_a_visible_copy_never_gives_the_answer_away() -> None:
    drawn = stream()
    for sentence in CORPUS.sentences:
        for _ in range(10):
            masked = corrupt(sentence, draw_masks(sentence, Count(2), drawn), drawn)
            visible = {word.casefold() for word in masked.corrupted}
            assert not visible & {masked.tokens[k].casefold() for k in masked.selected}


def test_an_impossible_rule_says_which_constraint_excludes_how_many() -> None:
    rule = Count(2, constraints=(NOT_ADJACENT, EQUAL_WORDS))
    with pytest.raises(CannotDraw) as refusal:
        draw_masks(CAT, rule, stream())
    assert refusal.value.reason == (
        "cannot draw 2 masks among content words of 'cat-mat': of 3 considered, not-adjacent excludes 1, "
        "equal-words excludes 3"
    )
    assert refusal.value.counts == {"not-adjacent": 1, "equal-words": 3}
    assert not admits(CAT, rule)
    with pytest.raises(CannotDraw, match="nothing to choose from"):
        draw_masks(CAT, Count(4), stream())


def test_sets_are_counted() -> None:
    assert count_mask_sets([FOX], Count(2)) == 15
    assert count_mask_sets([FOX, CAT], Count(2)) == 18
    assert count_mask_sets([LONG], Bernoulli(Fraction(1, 2), none="allow")) == 2**40
    assert count_outcomes(3, (1, 2), Space("", [("a", 1), ("b", 0), ("c", 5)])) == 12


@pytest.mark.parametrize(
    "rule",
    [
        lambda: Count(0),
        lambda: Bernoulli(Fraction(3, 2), none="allow"),
        lambda: Spans(9),
        lambda: Spans(0),
        lambda: Spans(1, (0, 0)),
        lambda: Spans(1, ()),
        lambda: geometric_lengths(Fraction(0)),
        lambda: Scheme(Fraction(1, 2), Fraction(1, 2), Fraction(1, 2)),
        lambda: Scheme(Fraction(3, 2), Fraction(-1, 2), Fraction(0)),
    ],
)
def test_rules_without_meaning_are_refused(rule: object) -> None:
    assert callable(rule)
    with pytest.raises(ValueError, match=r".+"):
        rule()


def test_span_lengths_are_spanberts() -> None:
    weights = geometric_lengths()
    shares = [Fraction(weight, sum(weights)) for weight in weights]
    assert len(shares) == 10
    assert all(later / earlier == Fraction(4, 5) for earlier, later in pairwise(shares))
    assert round(sum(length * share for length, share in enumerate(shares, 1)), 3) == Fraction("3.797")


@given(st.integers(1, 4), st.integers(4, 12), st.integers(0, 99))
@settings(derandomize=True, max_examples=80)
def test_spans_are_apart_and_leave_a_word(count: int, m: int, variant: int) -> None:
    sentence = CorpusSentence("s", tuple("abcdefghijkl"[:m]))
    rule = Spans(count)
    if not admits(sentence, rule):
        assert m < 2 * count - 1 or m == 1
        return
    positions = draw_masks(sentence, rule, stream(variant))
    assert len(runs(positions)) == count
    assert 0 < len(positions) < m
    assert set(positions) <= set(range(1, m + 1))


def test_spans_keep_the_distribution_of_lengths_and_place_them_uniformly() -> None:
    sentence = CorpusSentence("s", tuple("abcd"))
    counts = frequencies(sentence, Spans(1, (4, 2, 1)), 14_000)
    expected = {(1,): 2000, (2,): 2000, (3,): 2000, (4,): 2000, (1, 2): 4000 / 3, (2, 3): 4000 / 3, (3, 4): 4000 / 3}
    expected |= {(1, 2, 3): 1000, (2, 3, 4): 1000}
    assert set(counts) == set(expected)
    assert all(abs(counts[positions] - mean) < 5 * mean**0.5 for positions, mean in expected.items())


def test_spans_in_long_sentences_follow_the_same_lengths() -> None:
    rule = Spans(3)
    assert mask_space(LONG, rule) is None
    lengths = Counter(last - first + 1 for v in range(1500) for first, last in runs(draw_masks(LONG, rule, stream(v))))
    mean = sum(length * n for length, n in lengths.items()) / sum(lengths.values())
    assert 3.6 < mean < 4.0
    assert lengths[1] > lengths[2] > lengths[4] > lengths[8]


def test_the_seed_question_is_reproduced_word_for_word() -> None:
    masked = corrupt(FOX, (2, 8), stream())
    assert " ".join(masked.corrupted) == "[CLS] A [MASK] brown fox jumps over the [MASK] dog"
    assert masked == MaskedSentence(FOX.tokens, masked.corrupted, (2, 8), ("mask", "mask"))


def test_branches_have_their_probabilities() -> None:
    words, drawn = vocabulary(CORPUS.sentences), stream()
    branches = Counter(b for _ in range(4000) for b in corrupt(FOX, (2, 4, 8), drawn, BERT, words).branches)
    assert abs(branches["mask"] - 9600) < 220
    assert abs(branches["random"] - 1200) < 165
    assert abs(branches["keep"] - 1200) < 165


def test_each_branch_shows_what_it_says() -> None:
    masked = corrupt_as(FOX, {2: "mask", 5: "random", 9: "keep"}, stream(), ("river",))
    assert masked.corrupted[2] == "[MASK]"
    assert masked.corrupted[5] == "river"
    assert masked.corrupted[9] == "dog"
    assert masked.branches == ("mask", "random", "keep")


def test_a_random_word_may_hit_the_original_unless_told_otherwise() -> None:
    words, drawn = ("fox", "Fox", "hen"), stream()
    hits = {corrupt_as(FOX, {4: "random"}, drawn, words).corrupted[4] for _ in range(40)}
    assert hits == {"fox", "Fox", "hen"}
    others = {corrupt_as(FOX, {4: "random"}, drawn, words, may_hit_original=False).corrupted[4] for _ in range(40)}
    assert others == {"hen"}
    with pytest.raises(ValueError, match="vocabulary"):
        corrupt_as(FOX, {4: "random"}, drawn, ("fox",), may_hit_original=False)
    with pytest.raises(ValueError, match="vocabulary"):
        corrupt(FOX, (4,), drawn, Scheme(Fraction(0), Fraction(1), Fraction(0)))


def test_the_vocabulary_has_each_word_once_and_no_capital_of_a_beginning() -> None:
    words = vocabulary(CORPUS.sentences)
    assert len(words) == len(set(words)) > 1000
    assert {"fox", "sleepy", "the"} <= set(words)
    assert "Children" not in words


@given(st.integers(0, 200))
@settings(derandomize=True, max_examples=60)
def test_unit_draws_lead_to_the_corruption_that_they_explain(variant: int) -> None:
    drawn = stream(variant)
    positions = draw_masks(BIRD, Count(3, among="all", constraints=()), drawn)
    branches = dict(zip(positions, drawn.shuffle(("mask", "random", "keep")), strict=True))
    masked = corrupt_as(BIRD, branches, drawn, ("river", "stone"))
    draws = unit_draws(masked, drawn)
    assert len(draws) == masked.m
    selected = [k for k, draw in enumerate(draws, 1) if draw.u < Fraction(15, 100)]
    assert tuple(selected) == masked.selected
    for position, branch in branches.items():
        v = draws[position - 1].v
        assert branch == ("mask" if v < Fraction(8, 10) else "random" if v < Fraction(9, 10) else "keep")
    for draw in draws:
        assert (draw.u * 100).denominator == (draw.v * 100).denominator == 1
        assert draw.u not in (0, Fraction(15, 100))
        assert draw.v not in (0, Fraction(8, 10), Fraction(9, 10))
    bait = [draws[k - 1].v for k in masked.unselected]
    assert any(v < Fraction(8, 10) for v in bait)
    assert any(v > Fraction(9, 10) for v in bait)


def test_unit_draws_without_room_are_refused() -> None:
    with pytest.raises(ValueError, match="two decimals"):
        unit_draws(corrupt(CAT, (2,), stream()), stream(), rate=Fraction(1, 100))
    assert ALL_MASKED.weights == (1, 0, 0)
    assert len(unit_draws(corrupt(CAT, (2,), stream()), stream(), scheme=ALL_MASKED)) == 6


def test_a_bounded_search_reports_what_it_tried() -> None:
    even = Constraint[int]("even", lambda value: value % 2 == 0)
    drawn = stream()
    assert try_to_draw("no number", lambda: drawn.below(9), [even]) % 2 == 0
    with pytest.raises(CannotDraw, match="no number: of 25 considered, even excludes 25"):
        try_to_draw("no number", lambda: 3, [even], attempts=25)


def test_maskable_words_need_not_be_the_only_candidates() -> None:
    sentence = CorpusSentence("s", ("a", "b", "c"), maskable=(Maskable(2, "b", "NOUN", ("x", "y", "z")),))
    assert draw_masks(sentence, Count(1), stream()) == (2,)
    assert {draw_masks(sentence, Count(1, among="all"), stream(v))[0] for v in range(30)} == {1, 2, 3}


# ---------------------------------------------------------------- copies, function words, mixtures


def test_one_copy_before_is_the_second_of_two_equal_words() -> None:
    space = mask_space(BIRD, Count(2, "all", (ONE_COPY_BEFORE,)))
    assert space is not None
    assert set(space.outcomes) == {(2, 5), (3, 5), (4, 5), (5, 6)}
    many = CorpusSentence("many", ("the", "cat", "the", "dog", "the", "hen"))
    assert not admits(many, Count(2, "all", (ONE_COPY_BEFORE,)))


def test_equal_words_among_function_words() -> None:
    space = mask_space(FRIEND, Count(2, "function", (EQUAL_WORDS,)))
    content = mask_space(FRIEND, Count(2, "content", (EQUAL_WORDS,)))
    assert space is not None
    assert content is not None
    assert (space.outcomes, content.outcomes) == (((1, 6),), ((2, 7),))


def test_the_ends_of_a_sentence_can_be_masked_or_kept() -> None:
    last = mask_space(CAT, Count(1, "all", (THE_LAST_WORD,)))
    left = mask_space(CAT, Count(1, "all", (VISIBLE_TO_THE_LEFT,)))
    assert last is not None
    assert left is not None
    assert last.outcomes == ((6,),)
    assert left.outcomes == ((2,), (3,), (4,), (5,), (6,))


@given(variant=st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_a_mixture_takes_each_branch_as_often_as_it_says(variant: int) -> None:
    words = vocabulary(CORPUS.sentences)
    masked = corrupt_mixed(FOX, (2, 4, 5, 9), (1, 2, 1), stream(variant), words)
    assert Counter(masked.branches) == {"mask": 1, "random": 2, "keep": 1}
    there = {word.casefold() for word in FOX.words}
    for position, branch in zip(masked.selected, masked.branches, strict=True):
        assert branch != "random" or masked.corrupted[position].casefold() not in there
    for draw, position in zip(unit_draws(masked, stream(variant, "units")), range(1, 10), strict=True):
        if position in masked.selected:
            assert branch_of(draw) == masked.branches[masked.selected.index(position)]


def test_a_mixture_for_another_number_of_words_is_refused() -> None:
    with pytest.raises(ValueError, match="for 3 selected words, but 2 are selected"):
        corrupt_mixed(FOX, (2, 4), (1, 1, 1), stream(), ("river",))
