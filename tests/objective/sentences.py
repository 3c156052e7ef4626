"""Random masked sentences for the tests of the objective and of misconceptions."""

from __future__ import annotations

import random
from collections.abc import Iterator

from hypothesis import strategies as st

from grading.expressions import CLS, MASK
from grading.keys import Sentence
from quizgen.objective.masked import Branch, MaskedSentence, masked_sentence

WORDS = ("the", "early", "bird", "catches", "worm", "a", "friend", "in", "need", "is", "The", "Friend", "Vögel", "früh")
ODD_WORDS = (
    "AT&T",
    "<b>",
    "50%",
    "snake_case",
    'say "hi"',
    "Straße",
    "{x}",
    "a\\b",
    "c^2",
    "#1",
    "$5",
    "it's",
    "a b",
)

BIRD = masked_sentence(
    (CLS, "the", "early", "bird", "catches", "the", "worm"),
    {2: MASK, 6: MASK},
)

MIXED = MaskedSentence(
    (CLS, "a", "friend", "in", "need", "is", "a", "friend"),
    (CLS, "a", MASK, "zebra", "need", "is", "a", "friend"),
    (2, 3, 7),
    ("mask", "random", "keep"),
)


def instance(rng: random.Random, mixed: bool) -> MaskedSentence:
    """One corrupted sentence; often with prefix, full or last-word masks and repeated words."""
    m = rng.randint(1, 7)
    pool = rng.choice((WORDS, WORDS[:3], ("same", "Same")))
    tokens = (CLS, *(rng.choice(pool) for _ in range(m)))
    n = rng.randint(1, m)
    scheme = rng.choice(("any", "prefix", "full", "last", "second"))
    if scheme == "prefix":
        selected = tuple(range(1, n + 1))
    elif scheme == "full":
        selected = tuple(range(1, m + 1))
    elif scheme == "last":
        selected = (m,)
    elif scheme == "second":
        selected = tuple(range(2, min(n + 1, m) + 1)) or (1,)
    else:
        selected = tuple(sorted(rng.sample(range(1, m + 1), n)))
    branches: list[Branch] = [rng.choice(("mask", "random", "keep")) if mixed else "mask" for _ in selected]
    corrupted = list(tokens)
    for k, branch in zip(selected, branches, strict=True):
        if branch == "mask":
            corrupted[k] = MASK
        elif branch == "random":
            corrupted[k] = rng.choice(WORDS[:6])
    return MaskedSentence(tokens, tuple(corrupted), selected, tuple(branches))


def instances(count: int, mixed: bool, seed: int = 1) -> Iterator[MaskedSentence]:
    rng = random.Random(seed)
    return (instance(rng, mixed) for _ in range(count))


def sentence_of(masked: MaskedSentence) -> Sentence:
    return Sentence(masked.tokens, masked.corrupted, masked.selected)


@st.composite
def masked_sentences(draw: st.DrawFn, words: tuple[str, ...] = WORDS + ODD_WORDS) -> MaskedSentence:
    tokens = (CLS, *draw(st.lists(st.sampled_from(words), min_size=1, max_size=8)))
    positions = range(1, len(tokens))
    selected = draw(st.lists(st.sampled_from(positions), min_size=1, max_size=3, unique=True))
    return masked_sentence(tokens, {k: draw(st.sampled_from((MASK, MASK, tokens[k], "zebra"))) for k in selected})
