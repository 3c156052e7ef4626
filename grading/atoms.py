"""Which symbols and probabilities are the same thing.

An atom is a position, a token and the sequence that is visible while it is predicted; how the context is written, the
case of words and trailing ``[MASK]`` tokens (which show nothing) do not matter. Given one context the masked tokens are
predicted independently, so a joint probability is the product of its marginals.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from grading.expressions import (
    MASK,
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
    multiply,
)
from grading.keys import Sentence
from grading.labels import quote_token
from grading.parsing.language import Language


class SpellingNeeded(Exception):
    """What is asked for repeats words and contexts as a learner wrote them, which representatives do not tell."""


@lru_cache(maxsize=16384)
def identify(leaf: Symbol | Probability, language: Language) -> Expression:
    """What a leaf stands for: itself, the one representative of equal atoms, a number (``n``), or a product of atoms.

    >>> identify(Symbol("n"), Language())
    Symbol(name='n')
    """
    if isinstance(leaf, Symbol):
        return _symbol(leaf, language)
    given = None if leaf.given is None else _representative(leaf.given, language.sentence)
    events = tuple(dict.fromkeys(Event(e.position, e.token.casefold(), e.of) for e in leaf.events))
    events = tuple(sorted(events, key=lambda e: (e.of, e.position, e.token)))
    places = [(event.of, event.position) for event in events]
    if given is None or leaf.reverse or len(set(places)) < len(places):
        return Probability(events, given, leaf.reverse)
    return multiply(*(Probability((event,), given) for event in events))


def _symbol(symbol: Symbol, language: Language) -> Expression:
    sentence = language.sentence
    if sentence is None or symbol.name in language.assumptions:
        if sentence is None or language.assumptions[symbol.name] != "probability":
            return symbol
    elif symbol.name == "n":
        return Number(Fraction(len(sentence.selected)))
    elif symbol.name == "m":
        return Number(Fraction(len(sentence.tokens) - 1))
    stem, _, index = symbol.name.partition("_")
    if stem == "p" and index.isdigit() and int(index) < len(sentence.tokens):
        position = int(index)
        atom = Probability((Event(position, sentence.tokens[position]),), Context("xbar", sentence.seen_at(position)))
        return identify(atom, language)
    return symbol


def _representative(context: Context, sentence: Sentence | None) -> Context:
    """The context by what it shows, in one notation whatever the notation of the learner who came first was."""
    shown = _shown(context.tokens)
    named = sentence is not None and len(shown) <= len(sentence.corrupted) and context.tokens[:1] == sentence.tokens[:1]
    return Context(_notation(shown, sentence) if named and sentence is not None else context.notation, shown)


def _shown(tokens: Sequence[str]) -> tuple[str, ...]:
    end = len(tokens)
    while end and tokens[end - 1] == MASK:
        end -= 1
    return tuple(token.casefold() for token in tokens[:end])


def _notation(shown: tuple[str, ...], sentence: Sentence) -> str:
    """How a context is written that shows these tokens: the simplest notation that does, else all that is filled in."""
    tokens, corrupted = sentence.tokens, sentence.corrupted
    for notation, visible in (("xbar", corrupted), ("x", tokens)):
        if shown == _shown(visible):
            return notation
    for i in range(1, len(tokens)):
        masked = (*tokens[:i], MASK, *tokens[i + 1 :])
        for notation, visible in (
            (f"x_{{\\{i}}}", masked),
            (f"xbar_{{<{i}}}", corrupted[:i]),
            (f"x_{{<{i}}}", tokens[:i]),
        ):
            if shown == _shown(visible):
                return notation
    whole = (*shown, *[MASK.casefold()] * (len(corrupted) - len(shown)))
    pairs = enumerate(zip(whole, corrupted, strict=True))
    filled = [(i, there) for i, (there, given) in pairs if there != given.casefold()]
    return "".join(
        (
            "xbar",
            *(f", {there}" if there.startswith("xhat_") else f", x_{i}={quote_token(there)}" for i, there in filled),
        )
    )


@lru_cache(maxsize=16384)
def name_of(leaf: Symbol | Probability) -> str:
    """The text that says all that makes an identified leaf what it is.

    >>> name_of(Probability((Event(2, "early"),), Context("xbar", ("[CLS]", "the"))))
    'Pr(x_2=early | [CLS] the)'
    """
    if isinstance(leaf, Symbol):
        return leaf.name
    events = ", ".join(f"{e.name or 'x_-1'}={quote_token(e.token)}" for e in leaf.events)
    if leaf.given is None:
        return f"Pr({events})"
    given = " ".join(quote_token(token) for token in leaf.given.tokens)
    return f"Pr({given} | {events})" if leaf.reverse else f"Pr({events} | {given})"


def resolved(expression: Expression, language: Language) -> Expression:
    """The same tree over representatives: two leaves are the same atom if and only if they are equal."""
    match expression:
        case Symbol() | Probability():
            return identify(expression, language)
        case Number():
            return expression
        case Negation(operand):
            return Negation(resolved(operand, language))
        case Sum(terms):
            return Sum(tuple(resolved(term, language) for term in terms))
        case Product(factors):
            return Product(tuple(resolved(factor, language) for factor in factors))
        case Quotient(numerator, denominator):
            return Quotient(resolved(numerator, language), resolved(denominator, language))
        case Power(base, exponent):
            return Power(resolved(base, language), resolved(exponent, language))
        case Logarithm(argument, base):
            return Logarithm(resolved(argument, language), None if base is None else resolved(base, language))
        case Exponential(argument):
            return Exponential(resolved(argument, language))
        case AbsoluteValue(argument):
            return AbsoluteValue(resolved(argument, language))
        case Extremum(which, arguments):
            return Extremum(which, tuple(resolved(argument, language) for argument in arguments))
    raise TypeError(f"not an expression: {expression!r}")
