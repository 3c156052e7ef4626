"""Random trees over random sentences: every node, every leaf, every context."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from grading.expressions import (
    AbsoluteValue,
    Event,
    Exponential,
    Expression,
    Extremum,
    Logarithm,
    Negation,
    Number,
    Power,
    Probability,
    Product,
    Quotient,
    Sum,
    Symbol,
)

from .sentences import BIRD, ODD_WORDS

TOKENS = ("early", "worm", "[MASK]", "[CLS]", "über")
SYMBOLS = ("p_2", "p_6", "p_0")


@st.composite
def probabilities(draw: st.DrawFn, words: tuple[str, ...] = TOKENS + ODD_WORDS) -> Probability:
    event = st.builds(Event, st.integers(0, 6), st.sampled_from(words))
    events = tuple(draw(st.lists(event, min_size=1, max_size=2)))
    given = draw(
        st.sampled_from(
            (
                None,
                BIRD.xbar_context(),
                BIRD.original_context(),
                BIRD.left_context(6),
                BIRD.single_mask_context(2),
                BIRD.filled_context([2]),
                BIRD.filled_context([2, 6]),
                BIRD.guessed_context([2]),
            )
        )
    )
    return Probability(events, given, given is not None and draw(st.booleans()))


LEAVES = st.one_of(
    probabilities(TOKENS),
    st.sampled_from(SYMBOLS).map(Symbol),
    st.sampled_from(("0", "1", "2", "12", "0.5", "0.05", "0.125")).map(lambda text: Number(Fraction(text))),
)


def _nodes(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        inner.map(Negation),
        several.map(Sum),
        several.map(Product),
        st.builds(Quotient, inner, inner),
        st.builds(Power, inner, inner),
        inner.map(Logarithm),
        st.builds(Logarithm, inner, st.sampled_from((2, 10)).map(lambda base: Number(Fraction(base)))),
        inner.map(Exponential),
        st.builds(Extremum, st.sampled_from(("min", "max")), several),
        inner.map(AbsoluteValue),
    )


TREES = st.recursive(LEAVES, _nodes, max_leaves=8)
