"""The objective of one training step as a small record of decisions, and the expression tree that it stands for.

A key and each wrong answer about it are records that differ in a decision or two. What a record means is its
tree (`to_tree`); whether two records mean the same for one sentence is decided by `reduced` where that is a matter
of bookkeeping (one term, equal words, equal contexts) and by the judge in general.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Literal

import msgspec

from grading.expressions import (
    ONE,
    TWO,
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
    Variable,
    add,
    multiply,
    rational,
)

from .masked import ORIGINAL, MaskedSentence

Quantity = Literal["objective", "loss", "mean-objective", "mean-loss", "perplexity"]
Inner = Literal["log", "identity", "linear", "squared"]
Combine = Literal["sum", "product", "mean", "min", "alternating", "joint"]
Outer = Literal["identity", "log", "exp", "reciprocal"]
Base = Literal[2, 10]


class Term(msgspec.Struct, frozen=True, gc=False):
    """One prediction that is scored.

    position: where, 0 is [CLS]. target: the token whose probability is taken. given: what is conditioned on, None
    for nothing. reverse: the wrong way round, the context given the token.
    of: what the target is a value of: a token of the sequence, a word of a decoder's target, a decision about a token,
    or the class of the whole input. complement: what happened is that it is *not* so: one minus the probability.
    """

    position: int
    target: str
    given: Context | None
    reverse: bool = False
    of: Variable = "x"
    complement: bool = False

    def atom(self) -> Probability:
        """The probability that the term is about."""
        return Probability((Event(self.position, self.target, self.of),), self.given, self.reverse)

    def value(self, probability: Expression) -> Expression:
        """What is scored, made of the probability (or of what is written for it)."""
        return Sum((ONE, Negation(probability))) if self.complement else probability


class Objective(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """``outer(divided(combine(sign · inner(probability) for each term)))``.

    terms: in the order in which they are written.
    inner: what is done to each probability: ``log``, nothing, ``linear`` p − 1, ``squared`` −(1 − p)². Each of these
        grows with p, so that an objective has the sign +1 and a loss −1.
    combine: ``alternating`` subtracts all later terms from the first; ``joint`` takes one probability of all events;
        ``min`` is the worst term: with the sign −1 it is the largest loss.
    outer: what is done to the result. ``exp`` acts on the signed and divided result (perplexity). Under ``log``
        sign and divisor stand in front of the logarithm, because there is none of a negative number.
        ``reciprocal`` is one over the result: the perplexity of an averaged probability.
    divisor: None, ``masks`` (as many as there are terms), ``length`` (the number of words) or a number.
    length: the number of words of the sentence. base: of every logarithm, None is natural.
    """

    terms: tuple[Term, ...]
    inner: Inner = "log"
    combine: Combine = "sum"
    outer: Outer = "identity"
    divisor: Literal["masks", "length"] | int | None = None
    sign: Literal[1, -1] = 1
    base: Base | None = None
    length: int = 0

    def atoms(self) -> tuple[Probability, ...]:
        """The probabilities in the order in which they are written: one for each term, or one joint of all.

        Raises ValueError for a joint of terms that are conditioned differently.
        """
        atoms = tuple([term.atom() for term in self.terms])
        if self.combine != "joint" or len(atoms) < 2:
            return atoms
        if len({(term.given, term.reverse) for term in self.terms}) > 1:
            raise ValueError("a joint probability has one context, but the terms have several")
        if any(term.complement for term in self.terms):
            raise ValueError("a joint probability is of events that happen, but a term is about one that does not")
        events = tuple([event for atom in atoms for event in atom.events])
        return (Probability(events, atoms[0].given, atoms[0].reverse),)

    def divided_by(self) -> int:
        """The divisor as a number; 1 where nothing is divided."""
        if self.divisor is None:
            return 1
        if isinstance(self.divisor, int):
            return self.divisor
        return len(self.terms) if self.divisor == "masks" else self.length


class WeightedTotal(msgspec.Struct, frozen=True, gc=False):
    """A total of several losses: (weight, record) in the order in which it is written."""

    summands: tuple[tuple[Fraction, Objective], ...]


_QUANTITIES: Mapping[Quantity, Mapping[str, object]] = {
    "objective": {},
    "loss": {"sign": -1},
    "mean-objective": {"divisor": "masks"},
    "mean-loss": {"sign": -1, "divisor": "masks"},
    "perplexity": {"sign": -1, "divisor": "masks", "outer": "exp"},
}


def objective_of(masked: MaskedSentence, quantity: Quantity = "objective", base: Base | None = None) -> Objective:
    """The right answer: one log-probability of the true token for each selected position, given what the model sees.

    That is x̄ for a masked language model; what was predicted before, where there is an order; and where a model decides
    about tokens, each word has a term for the decision that is right.

    quantity: ``objective`` (to maximise), ``loss`` (its negative), their means over the masks, or ``perplexity``.
    base: of the logarithm, None for nats, 2 for bits. A perplexity has no unit: it is written with natural logarithms.

    Raises ValueError for a mean over no selected position, which does not exist.

    >>> from .masked import masked_sentence
    >>> objective_of(masked_sentence(("[CLS]", "worm"), {1: "[MASK]"}), "loss").sign
    -1
    """
    if quantity not in _QUANTITIES:
        raise ValueError(f"unknown quantity {quantity!r}; use one of {', '.join(_QUANTITIES)}")
    if "divisor" in _QUANTITIES[quantity] and not masked.scored:
        raise ValueError(f"no position is selected: there is no {quantity}")
    terms = tuple(_right_term(masked, k) for k in masked.order or masked.scored)
    record = Objective(terms, length=masked.m, base=None if quantity == "perplexity" else base)
    return msgspec.structs.replace(record, **_QUANTITIES[quantity])


def _right_term(masked: MaskedSentence, position: int) -> Term:
    if masked.decides:
        replaced = masked.is_replaced(position)
        return Term(position, ORIGINAL, masked.seen_at(position), of="d", complement=replaced)
    return Term(position, masked.tokens[position], masked.seen_at(position))


def next_sentence(is_next: bool, quantity: Quantity = "objective", base: Base | None = None) -> Objective:
    """The record of next sentence prediction: one decision about two sentences, taken from the vector of [CLS].

    >>> from grading.text import to_text
    >>> to_text(to_tree(next_sentence(False, "loss")))
    '-log(1 - Pr(c=IsNext | hcls))'
    """
    term = Term(-1, "IsNext", Context("hcls", ("hcls",)), of="c", complement=not is_next)
    return msgspec.structs.replace(Objective((term,), base=base), **_QUANTITIES[quantity])


def span_corruption(
    source: tuple[str, ...], target: tuple[str, ...], quantity: Quantity = "objective", base: Base | None = None
) -> Objective:
    """The record of an encoder and a decoder: every token of the target, given the source and the target before it.

    >>> from grading.text import to_text
    >>> to_text(to_tree(span_corruption(("red", "[X]"), ("[X]", "sky"))))
    'log Pr(y_1=[X] | xbar) + log Pr(y_2=sky | xbar, y_{<2})'
    """
    terms = []
    for k, token in enumerate(target, 1):
        given = Context("xbar" if k == 1 else f"xbar, y_{{<{k}}}", (*source, *target[: k - 1]))
        terms.append(Term(k, token, given, of="y"))
    return msgspec.structs.replace(Objective(tuple(terms), base=base, length=len(target)), **_QUANTITIES[quantity])


def to_tree(record: Objective | WeightedTotal, symbols: Mapping[Probability, Expression] | None = None) -> Expression:
    """The expression that a record stands for, written as a person would write it.

    symbols: what to write for an atom, such as ``p_2`` (`MaskedSentence.symbols`) or a number; an atom that
        is not among them stays ``Pr(x_2 = early | x̄)``.

    Raises ValueError for a record without terms that has no value (a product of nothing is 1, a sum 0; a mean,
    a minimum, a log or a joint of nothing does not exist) and for a joint over different contexts.
    """
    if isinstance(record, WeightedTotal):
        return add(*(_weighted(weight, to_tree(part, symbols)) for weight, part in record.summands))
    written = symbols or {}
    atoms = record.atoms()
    values: list[Expression] = [written.get(atom, atom) for atom in atoms]
    if len(atoms) == len(record.terms):
        values = [term.value(value) for term, value in zip(record.terms, values, strict=True)]
    if not values and (record.combine not in ("sum", "product") or record.divisor == "masks" or record.outer == "log"):
        raise ValueError(f"there is no {record.combine} of no terms")
    before = _sign_before(record)
    sign = 1 if before else record.sign
    whole = _combined(record, [_inner(record.inner, sign, p, record.base) for p in values], sign)
    if record.outer == "log":
        whole = Logarithm(whole, _base(record.base))
    whole = _scaled(whole, record.divided_by(), record.sign if before else 1)
    if record.outer == "reciprocal":
        return Quotient(ONE, whole)
    return Exponential(whole) if record.outer == "exp" else whole


@lru_cache(maxsize=512)
def reduced(record: Objective) -> tuple[object, ...]:
    """What a record means, up to what is plain bookkeeping: records that are equal here are the same number.

    A combination of one term is that term; sums and products have no order; a joint log-probability under one
    context is the sum of logs; dividing by one is nothing; contexts are the same that resolve to the same tokens;
    words are compared without case. Records that differ here may still be equal for the judge.
    """
    inner, combine, outer, sign, base = record.inner, record.combine, record.outer, record.sign, record.base
    divisor = record.divided_by()
    one = len(record.terms) == 1
    if combine == "joint" and inner in ("log", "identity"):
        combine = "sum" if inner == "log" else "product"
    if outer == "log" and inner == "identity" and (one or combine == "product"):
        inner, outer, combine = "log", "identity", "sum"
    if one:
        combine = "sum"
    if combine == "product" and inner == "log" and len(record.terms) % 2 == 0:
        sign = 1
    if "log" not in (inner, outer):
        base = None
    if outer == "reciprocal" and one and inner == "identity" and sign == divisor == 1:
        inner, outer, sign = "log", "exp", -1
    atoms = [_folded(term) for term in record.terms]
    return (
        inner,
        combine,
        outer,
        sign,
        base,
        divisor,
        *(atoms[:1] if combine == "alternating" else ()),
        *sorted(atoms),
    )


def _folded(term: Term) -> tuple[object, ...]:
    # None and tuples have no common order; the entry before keeps them apart.
    given = () if term.given is None else _without_case(term.given.tokens)
    decided = (term.of, term.complement)
    return (term.position, term.target.casefold(), term.reverse, *decided, term.given is None, given)


@lru_cache(maxsize=4096)
def _without_case(tokens: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([token.casefold() for token in tokens])


def _sign_before(record: Objective) -> bool:
    """Whether the sign stands before the whole and not in each term: −log(a + b), −ab, −½(log a + log b)."""
    if record.outer == "log" or (record.combine == "product" and record.inner == "identity"):
        return True
    return record.divided_by() != 1 and record.inner == "log" and record.combine in ("sum", "joint")


def _inner(inner: Inner, sign: int, p: Expression, base: Base | None) -> Expression:
    if inner == "linear":
        return Sum((p, Negation(ONE))) if sign > 0 else Sum((ONE, Negation(p)))
    if inner == "squared":
        square = Power(Sum((ONE, Negation(p))), TWO)
        return Negation(square) if sign > 0 else square
    value = Logarithm(p, _base(base)) if inner == "log" else p
    return value if sign > 0 else Negation(value)


def _combined(record: Objective, values: list[Expression], sign: int) -> Expression:
    match record.combine:
        case "sum" | "joint":
            return add(*values)
        case "product":
            return multiply(*values)
        case "mean":
            return multiply(rational(Fraction(1, len(values))), add(*values)) if len(values) > 1 else values[0]
        case "min":
            return Extremum("min" if sign > 0 else "max", tuple(values)) if len(values) > 1 else values[0]
        case "alternating":
            return add(values[0], *(_negated(value) for value in values[1:]))


def _scaled(value: Expression, divisor: int, sign: int) -> Expression:
    if divisor != 1:
        factor = _part_of(divisor)
        value = Product((factor, *value.factors)) if isinstance(value, Product) else Product((factor, value))
    return value if sign > 0 else _negated(value)


def _negated(value: Expression) -> Expression:
    return value.operand if isinstance(value, Negation) else Negation(value)


@lru_cache(maxsize=256)
def _part_of(divisor: int) -> Expression:
    return rational(Fraction(1, divisor))


@lru_cache(maxsize=16)
def _base(base: Base | None) -> Expression | None:
    return None if base is None else Number(Fraction(base))


def _weighted(weight: Fraction, value: Expression) -> Expression:
    return value if weight == 1 else multiply(rational(weight), value)
