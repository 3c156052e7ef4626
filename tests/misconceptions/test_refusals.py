"""An operator is refused exactly where its result is the key, on thousands of instances."""

from __future__ import annotations

import itertools

import pytest

from grading.equivalence import Different, Equal, compare
from grading.expressions import MASK
from quizgen.misconceptions.catalogue import CATALOGUE, misconception
from quizgen.misconceptions.operators import Composition, RecordMisconception, Refused, compose
from quizgen.objective.masked import MaskedSentence
from quizgen.objective.patterns import pattern
from quizgen.objective.record import objective_of, reduced, to_tree
from tests.objective.sentences import BIRD, instances

from .formulas import EQUAL_WHEN

ALL_PATCHES = tuple(entry for entry in CATALOGUE if isinstance(entry, RecordMisconception))
# About objectives of other kinds: nothing to change in one of masked language modelling.
OTHERS = {
    "clm-predict-self",
    "clm-bidirectional",
    "prefix-loss-on-prefix",
    "rtd-only-masked",
    "rtd-label-by-mask",
    "rtd-label-ignored",
    "nsp-wrong-class",
}
PATCHES = tuple(entry for entry in ALL_PATCHES if entry.id not in OTHERS)
MANY = (*instances(1500, mixed=False, seed=11), *instances(1500, mixed=True, seed=12))
# These change something only where the sentence has it: several pieces of a word, another occurrence of a word.
NEEDS_MORE = {"sum-when-mean-asked", "word-as-single-term", "wrong-duplicate-position"}


def never(masked: MaskedSentence) -> bool:
    return False


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.id)
def test_identical_exactly_when(patch: RecordMisconception) -> None:
    equal_when = EQUAL_WHEN.get(patch.id, never)
    outcomes: dict[str, int] = {}
    for masked in MANY:
        result = patch.apply(objective_of(masked), masked)
        outcome = result.reason if isinstance(result, Refused) else "kept"
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        if patch.id not in NEEDS_MORE:
            assert (outcome == "identical") == equal_when(masked), masked
    if patch.id not in ("joint-instead-of-marginals", "sum-when-mean-asked", "word-as-single-term"):
        assert outcomes["kept"] > 100, outcomes
    if patch.id in EQUAL_WHEN:
        assert outcomes["identical"] > 100, outcomes


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.id)
def test_the_judge_agrees(patch: RecordMisconception) -> None:
    """What is refused as identical is Equal; what is kept is proven Different. Once for each pattern."""
    seen: set[object] = set()
    for masked in MANY:
        key = objective_of(masked)
        bare = patch.patch(key, masked)
        if isinstance(bare, Refused) or not bare.terms or masked.n > 3:
            continue
        trees = to_tree(key), to_tree(bare)
        shape = pattern(*trees)
        if shape in seen or len(seen) > 25:
            continue
        seen.add(shape)
        refused = isinstance(patch.apply(key, masked), Refused)
        assert isinstance(compare(*trees), Equal if refused else Different), (masked, patch.id)


def test_left_context_of_a_last_mask_is_the_same_information() -> None:
    left = misconception("left-context-only")
    assert isinstance(left, RecordMisconception)
    refused = 0
    for masked in MANY:
        result = left.apply(objective_of(masked), masked)
        if masked.selected == (masked.m,) and masked.corrupted[-1] == MASK:
            assert result == Refused("same-information")
        if isinstance(result, Refused):
            refused += 1
            assert result.reason == "same-information"
            # All that the left contexts leave out is masks at the end.
            assert all(token == MASK for token in masked.corrupted[masked.selected[0] :])
    assert refused > 100


def test_nothing_left_and_not_applicable() -> None:
    kept = MaskedSentence(("[CLS]", "a", "worm"), ("[CLS]", "a", "worm"), (2,), ("keep",))
    everything = MaskedSentence(("[CLS]", "worm"), ("[CLS]", MASK), (1,), ("mask",))
    for name, masked, reason in (
        ("exclude-random-or-kept", kept, "nothing-left"),
        ("unmasked-only", everything, "nothing-left"),
        ("extra-unmasked-token", everything, "not-applicable"),
        ("wrong-duplicate-position", BIRD, "not-applicable"),
        ("sum-when-mean-asked", BIRD, "not-applicable"),
        ("word-as-single-term", BIRD, "identical"),
    ):
        entry = misconception(name)
        assert isinstance(entry, RecordMisconception)
        assert entry.apply(objective_of(masked), masked) == Refused(reason), name  # type: ignore[arg-type]  # of words


def test_pieces_of_a_word_and_another_occurrence() -> None:
    pieces = MaskedSentence(
        ("[CLS]", "she", "un", "##believ", "##ably", "won"),
        ("[CLS]", "she", MASK, MASK, MASK, MASK),
        (2, 3, 4, 5),
        ("mask",) * 4,
    )
    entry = misconception("word-as-single-term")
    assert isinstance(entry, RecordMisconception)
    patched = entry.apply(objective_of(pieces), pieces)
    assert not isinstance(patched, Refused)
    assert [(term.position, term.target) for term in patched.terms] == [(2, "unbelievably"), (5, "won")]

    twice = MaskedSentence(
        ("[CLS]", "The", "end", "of", "the", "end"), ("[CLS]", MASK, "end", "of", "the", MASK), (1, 5), ("mask", "mask")
    )
    entry = misconception("wrong-duplicate-position")
    assert isinstance(entry, RecordMisconception)
    patched = entry.apply(objective_of(twice), twice)
    assert not isinstance(patched, Refused)
    assert [term.position for term in patched.terms] == [4, 5]


@pytest.mark.parametrize("quantity", ["objective", "loss", "mean-loss", "perplexity"])
def test_two_steps_are_never_fewer(quantity: str) -> None:
    """What compose keeps differs as a record from the key and from either single step."""
    kept = 0
    for masked in (BIRD, *itertools.islice(instances(100, mixed=True, seed=5), 12)):
        key = objective_of(masked, quantity)  # type: ignore[arg-type]  # of the literal
        for first, second in itertools.permutations(PATCHES, 2):
            result = compose(first, second).apply(key, masked)
            if isinstance(result, Refused):
                continue
            kept += 1
            singles = [step.patch(key, masked) for step in (first, second)]
            assert reduced(result) not in [reduced(s) for s in (key, *singles) if not isinstance(s, Refused)]
            to_tree(result)
    assert kept > 1000


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("flip-sign", "sum-of-probs"),  # a sum of probabilities has no sign of its own
        ("mean-over-masks", "mean-over-length"),
        ("condition-on-original", "left-context-only"),
        ("only-first-mask", "only-last-mask"),
        ("only-first-mask", "mean-over-masks"),
        ("predict-mask-token", "drop-conditioning"),
    ],
)
def test_which_steps_are_undone(first: str, second: str) -> None:
    result = compose(misconception(first), misconception(second)).apply(objective_of(BIRD, "loss"), BIRD)
    assert (result == Refused("undone")) == ((first, second) != ("predict-mask-token", "drop-conditioning"))


def test_what_composes() -> None:
    two = compose(misconception("sum-of-probs"), misconception("condition-on-original"))
    assert isinstance(two, Composition)
    assert two.ids == ("sum-of-probs", "condition-on-original")
    for name in ("perplexity-as-loss", "log-for-speed", "span-single-mask"):
        with pytest.raises(ValueError, match=f"not {name} and flip-sign"):
            compose(misconception(name), misconception("flip-sign"))
