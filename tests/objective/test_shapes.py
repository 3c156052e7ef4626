"""Shapes: the fast way writes the same bytes. Patterns: the same pattern has the same verdict."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.equivalence import compare
from grading.expressions import Expression, Logarithm, Negation, Sum, Symbol
from grading.keys import Assumption, SymbolDeclaration
from grading.parsing import Language
from quizgen.misconceptions.catalogue import CATALOGUE
from quizgen.misconceptions.operators import RecordMisconception, Refused
from quizgen.objective.masked import MaskedSentence
from quizgen.objective.notation import Setting
from quizgen.objective.patterns import pattern
from quizgen.objective.record import objective_of, to_tree
from quizgen.objective.rendering import render
from quizgen.objective.shapes import compile_shape, fill, render_fast, shape_of

from .sentences import BIRD, instances, masked_sentences, sentence_of
from .shapes_at_random import TREES, probabilities

SETTINGS = st.sampled_from((Setting(), Setting("de", "ln", True), Setting("de"), Setting(natural="ln")))
KINDS: tuple[Assumption, ...] = ("positive", "real")
PATCHES = tuple(entry for entry in CATALOGUE if isinstance(entry, RecordMisconception))


@given(TREES, SETTINGS, st.booleans())
@settings(derandomize=True, max_examples=200, deadline=None)
def test_fast_is_the_same_bytes(tree: Expression, setting: Setting, display: bool) -> None:
    assert render_fast(tree, setting=setting, display=display) == render(tree, setting=setting, display=display)


@given(masked_sentences(), SETTINGS)
@settings(derandomize=True, max_examples=60, deadline=None)
def test_fast_is_the_same_bytes_for_any_words(masked: MaskedSentence, setting: Setting) -> None:
    key = objective_of(masked)
    records = [key, *(patch.apply(key, masked) for patch in PATCHES)]
    for record in records:
        if not isinstance(record, Refused):
            tree = to_tree(record)
            assert render_fast(tree, setting=setting) == render(tree, setting=setting)


@given(probabilities(), SETTINGS)
@settings(derandomize=True, max_examples=60, deadline=None)
def test_fast_is_the_same_bytes_for_any_atom(atom: Expression, setting: Setting) -> None:
    tree = Sum((Logarithm(atom), Negation(atom)))
    assert render_fast(tree, setting=setting) == render(tree, setting=setting)


def test_a_shape_is_shared_by_words_and_positions() -> None:
    compile_shape.cache_clear()
    for masked in instances(50, mixed=False):
        if masked.n == 2:
            render_fast(to_tree(objective_of(masked)))
    assert compile_shape.cache_info().misses == 1


def test_leaves_must_fit_the_shape() -> None:
    key, leaves = shape_of(to_tree(objective_of(BIRD)))
    with pytest.raises(ValueError, match="2 holes, but there are 1"):
        fill(compile_shape(key), leaves[:1])
    with pytest.raises(ValueError, match="at most 6400 leaves"):
        compile_shape(("sum", *("S" for _ in range(6401))))


def test_pattern_renames_and_tells_apart() -> None:
    a, b, c = (Logarithm(Symbol(f"p_{k}")) for k in (2, 6, 7))
    assert pattern(Sum((a, b)), a) == pattern(Sum((b, c)), b)
    assert pattern(Sum((a, b)), a) != pattern(Sum((a, b)), b)
    assert pattern(Symbol("a")) != pattern(Symbol("b"))
    declared = Language(symbols=(SymbolDeclaration("p_2", "positive"),))
    assert pattern(a, language=declared) != pattern(b, language=declared)
    positive, real = (Language(symbols=(SymbolDeclaration("a", kind),)) for kind in KINDS)
    assert pattern(Symbol("a"), language=positive) != pattern(Symbol("a"), language=real)
    sentence = Language(sentence=sentence_of(BIRD))
    atom = Logarithm(BIRD.probability(2))
    assert pattern(a, atom, language=sentence) == pattern(a, a, language=sentence)
    assert pattern(a, atom) != pattern(a, a)


def test_same_pattern_same_verdict() -> None:
    """Over sentences with equal words, kept words and trailing masks a pattern has one verdict and shares it."""
    rng = random.Random(3)
    verdicts: dict[object, str] = {}
    compared = 0
    for masked in instances(150, mixed=True, seed=7):
        key = objective_of(masked)
        records = [key, *(patch.patch(key, masked) for patch in PATCHES)]
        usable = [record for record in records if not isinstance(record, Refused) and record.terms]
        first, second = (to_tree(rng.choice(usable)) for _ in range(2))
        for pair in ((to_tree(key), second), (first, second)):
            verdict = type(compare(*pair)).__name__
            compared += 1
            assert verdicts.setdefault(pattern(*pair), verdict) == verdict, pair
    assert len(verdicts) < compared * 3 / 4
    assert {"Equal", "Different"} <= set(verdicts.values())
