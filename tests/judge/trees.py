"""Random expression trees in normal writing, and the language that they are written in."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from grading.expressions import (
    HALF,
    AbsoluteValue,
    Context,
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
from grading.keys import Sentence
from grading.parsing import Language

DASH = "–"
"""Read as the minus that it looks like, except where the sentence has it."""
_WORDS = """[CLS] the don't well-known Müller says a_"b x_2 [MASK] 3|4 (no) end, – AT&T שלום"""
TOKENS = tuple(word.replace('a_"b', 'a "b') for word in _WORDS.split())
SIGNS = ("50%", "a_b", "a^b", "{x}", "$5", "#1", "~", '"', "<b>", "\\text{a}", "''", "a;b", "&amp;")
CORRUPTED = tuple("[MASK]" if k in (2, 4, 10) else token for k, token in enumerate(TOKENS))
LANGUAGE = Language(sentence=Sentence(TOKENS, CORRUPTED, (2, 4, 10)))


def contexts() -> st.SearchStrategy[Context]:
    places = st.integers(1, len(TOKENS) - 1)
    masked = st.sampled_from((2, 4, 10))

    def masked_at(i: int) -> Context:
        return Context(f"x_{{\\{i}}}", tuple("[MASK]" if k == i else t for k, t in enumerate(TOKENS)))

    def guessed(i: int) -> Context:
        return Context(f"xbar, xhat_{i}", tuple(f"xhat_{i}" if k == i else t for k, t in enumerate(CORRUPTED)))

    def filled(i: int) -> Context:
        from grading.labels import quote_token

        tokens = tuple(TOKENS[i] if k == i else t for k, t in enumerate(CORRUPTED))
        return Context(f"xbar, x_{i}={quote_token(TOKENS[i])}", tokens)

    return st.one_of(
        st.just(Context("xbar", CORRUPTED)),
        st.just(Context("x", TOKENS)),
        places.map(lambda i: Context(f"xbar_{{<{i}}}", CORRUPTED[:i])),
        places.map(lambda i: Context(f"x_{{<{i}}}", TOKENS[:i])),
        masked.map(masked_at),
        masked.map(guessed),
        masked.map(filled),
    )


def events() -> st.SearchStrategy[Event]:
    own_words = (token for token in TOKENS if token != DASH)
    others = ("lion", "ß", "日本", "[SEP]", "##ing", "a\\b", "x̄", "xbar", "½", "x2")
    words = st.sampled_from((*own_words, *others, *SIGNS))

    def spelled(position: int, word: str) -> Event:
        own = TOKENS[position]
        return Event(position, own if own.casefold() == word.casefold() else word)

    return st.builds(spelled, st.integers(0, len(TOKENS) - 1), words)


def probabilities() -> st.SearchStrategy[Probability]:
    several = st.lists(events(), min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Probability, several, st.none()),
        st.builds(Probability, several, contexts()),
        st.builds(Probability, several, contexts(), st.just(True)),
    )


def leaves() -> st.SearchStrategy[Expression]:
    decimals = st.builds(lambda n, k: Number(Fraction(n, 10**k)), st.integers(0, 10**6), st.integers(0, 8))
    symbols = st.sampled_from([Symbol(f"p_{k}") for k in range(len(TOKENS))] + [Symbol("n"), Symbol("m")])
    return st.one_of(decimals, symbols, symbols, probabilities())


def _extend(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    many = st.lists(parts, min_size=2, max_size=3).map(tuple)
    bases = st.sampled_from((None, Number(Fraction(2)), Number(Fraction(10)), Number(Fraction(5, 2)), Symbol("p_2")))
    return st.one_of(
        st.builds(Negation, parts),
        st.builds(Sum, many),
        st.builds(Product, many),
        st.builds(Quotient, parts, parts),
        st.builds(Power, parts, parts),
        st.builds(Power, parts, st.sampled_from((HALF, Number(Fraction(2)), Negation(Number(Fraction(1)))))),
        st.builds(Logarithm, parts, bases),
        st.builds(Exponential, parts),
        st.builds(Extremum, st.sampled_from(("min", "max")), many),
        st.builds(AbsoluteValue, parts),
    )


def expressions(size: int = 12) -> st.SearchStrategy[Expression]:
    return st.recursive(leaves(), _extend, max_leaves=size)
