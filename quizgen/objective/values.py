"""Exact values of objectives: closed expressions over probabilities that are known as fractions.

Nothing here is a float. A value such as ``-log(0.5) - log(0.4)`` stays an expression; the judge compares it
exactly and the exporters print its correctly rounded decimals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Literal, Protocol

import msgspec

from grading.expressions import (
    CLS,
    MASK,
    Expression,
    Logarithm,
    Negation,
    Number,
    Probability,
    Product,
    Quotient,
    Sum,
    add,
    multiply,
    rational,
)

from .masked import MaskedSentence, masked_sentence
from .record import Base, Objective, Quantity, WeightedTotal, objective_of, to_tree

ValueQuantity = (
    Quantity
    | Literal[
        "total", "token-mean", "sequence-mean", "mask-rate", "random-rate", "keep-rate", "improvement", "gradient"
    ]
)


class Rates(msgspec.Struct, frozen=True):
    """selection: share of all tokens that is selected; mask, random, keep: shares of the selected ones, sum 1."""

    selection: Fraction
    mask: Fraction
    random: Fraction
    keep: Fraction


class Worked(Protocol):
    """The quantities of a record for one sentence and the probabilities of its scored words."""

    def is_of(self, masked: MaskedSentence | None, p: tuple[Fraction, ...]) -> bool: ...
    def right(self, quantity: Quantity, base: Base | None) -> Expression: ...


class Values(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, dict=True):
    """What is known of one item in numbers. All probabilities are exact.

    p: of the true token at each selected position (of the decision "original" at each word), ascending. u: of the
    true token at each other word, in order.
    top: the largest at each selected position. wrong: those of all wrong words at each. logits: the raw score
    of the true word at each. m: number of words; 0 takes as many as `p` and `u` have. base: of every logarithm.
    losses: (weight, value) of the parts of a total. sequences: the list `p` of each sequence of a batch.
    rates: of the corruption.
    before, after: probabilities of an improvement. entry: the predicted probability of the word whose logit is
    differentiated, and whether it is the true word. masked: the sentence, if the item has one. worked: what works out
    the quantities of a record for a sentence and probabilities; it is asked if they are these.
    """

    p: tuple[Fraction, ...] = ()
    u: tuple[Fraction, ...] = ()
    top: tuple[Fraction, ...] = ()
    wrong: tuple[tuple[Fraction, ...], ...] = ()
    logits: tuple[Fraction, ...] = ()
    m: int = 0
    base: Base | None = None
    sequences: tuple[tuple[Fraction, ...], ...] = ()
    rates: Rates | None = None
    before: Fraction | None = None
    after: Fraction | None = None
    entry: tuple[Fraction, bool] | None = None
    losses: tuple[tuple[Fraction, Expression], ...] = ()
    masked: MaskedSentence | None = None
    worked: Worked | None = None

    @cached_property
    def sentence(self) -> MaskedSentence:
        """The sentence of the item, or a nameless one whose first words are masked."""
        if self.masked is not None:
            return self.masked
        n = len(self.p)
        words = tuple(f"word{k}" for k in range(1, max(self.m, n + len(self.u)) + 1))
        return masked_sentence((CLS, *words), dict.fromkeys(range(1, n + 1), MASK))

    @cached_property
    def table(self) -> Mapping[Probability, Fraction]:
        """The probabilities by atom, as far as they are known."""
        sentence = self.sentence
        known = dict(zip(map(sentence.probability, sentence.scored), self.p, strict=True))
        if not sentence.decides:
            known.update(zip(map(sentence.probability, sentence.unselected), self.u, strict=False))
        return known


class UnknownProbabilityError(ValueError):
    """A record speaks of a probability that the item does not give; `atom` is the first."""

    def __init__(self, atom: Probability) -> None:
        self.atom = atom
        super().__init__(f"the item gives no probability for {atom.events} under this condition")


def value_of(record: Objective | WeightedTotal, table: Mapping[Probability, Fraction]) -> Expression:
    """The closed expression of a record whose probabilities are all known.

    A joint probability is the product of its components, as a masked language model defines it.
    Raises UnknownProbabilityError where `table` lacks one.

    >>> sentence = masked_sentence(("[CLS]", "worm"), {1: "[MASK]"})
    >>> value_of(objective_of(sentence, "loss"), {sentence.probability(1): Fraction(1, 2)})
    Negation(operand=Logarithm(argument=Number(value=Fraction(1, 2)), base=None))
    """
    return tree_of(record, {atom: exact(value) for atom, value in table.items()})


def tree_of(record: Objective | WeightedTotal, written: Mapping[Probability, Expression]) -> Expression:
    """The expression of a record with what is written for each probability; joint ones and errors as in `value_of`."""
    parts = [part for _, part in record.summands] if isinstance(record, WeightedTotal) else [record]
    joint: dict[Probability, Expression] = {}
    for part in parts:
        for term in part.terms:
            if term.atom() not in written:
                raise UnknownProbabilityError(term.atom())
        if part.combine == "joint" and len(part.terms) > 1:
            joint[part.atoms()[0]] = multiply(*(written[term.atom()] for term in part.terms))
    return to_tree(record, {**written, **joint})


def exact(value: Fraction) -> Expression:
    """A rational number as a literal where it has a finite decimal, else as a quotient.

    >>> exact(Fraction(1, 20)), exact(Fraction(1, 3))  # doctest: +ELLIPSIS
    (Number(value=Fraction(1, 20)), Quotient(...))
    """
    return _exact(*value.as_integer_ratio())


@lru_cache(maxsize=4096)
def _exact(above: int, below: int) -> Expression:
    value, rest = Fraction(above, below), below
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return rational(value)
    return Number(value) if value >= 0 else Negation(Number(-value))


def logarithm(value: Fraction, base: Base | None) -> Expression:
    """``log`` of a known number, to a base or natural."""
    return _logarithm(*value.as_integer_ratio(), base)


def logarithm_of(number: Expression, base: Expression | None) -> Expression:
    """The logarithm of a number that `exact` wrote: the same node each time, because what is known of a tree is
    remembered by its nodes.

    >>> logarithm_of(exact(Fraction(1, 2)), None) is logarithm(Fraction(1, 2), None)
    True
    """
    if type(number) is Number and (base is None or (type(base) is Number and base.value.denominator == 1)):
        return _logarithm(*number.value.as_integer_ratio(), None if base is None else base.value.numerator)
    return Logarithm(number, base)


@lru_cache(maxsize=4096)
def _logarithm(above: int, below: int, base: int | None) -> Expression:
    return Logarithm(_exact(above, below), None if base is None else Number(Fraction(base)))


def log_loss(values: tuple[Fraction, ...], base: Base | None) -> Expression:
    """``-log(p₁) - log(p₂) …``, 0 for no value."""
    return add(*(Negation(logarithm(value, base)) for value in values))


def mean_log_loss(values: tuple[Fraction, ...], base: Base | None) -> Expression:
    """The mean of ``-log p`` over one or more values."""
    logs = add(*(logarithm(value, base) for value in values))
    return Negation(logs if len(values) == 1 else Product((rational(Fraction(1, len(values))), logs)))


def right_value(quantity: ValueQuantity, values: Values) -> Expression:
    """The exact right answer to a numeric question about these values.

    quantity: one of those of a record, or

    - ``total``: the weighted sum of `losses`;
    - ``token-mean``: mean loss over all masked tokens of a batch; ``sequence-mean``: mean of the sequences' means;
    - ``mask-rate``, ``random-rate``, ``keep-rate``: share of all tokens that is so treated;
    - ``improvement``: by how much the loss falls from `before` to `after`;
    - ``gradient``: of the loss with respect to the logit of `entry`.

    Raises ValueError where the values that the quantity needs are missing.

    >>> right_value("gradient", Values(entry=(Fraction(3, 10), True)))
    Sum(terms=(Number(value=Fraction(3, 10)), Negation(operand=Number(value=Fraction(1, 1)))))
    """
    formula = _FORMULAS.get(quantity)
    if formula is not None:
        return formula(values)
    if not values.p and values.masked is None:
        raise _missing(quantity, "p")
    if values.worked is not None and values.worked.is_of(values.masked, values.p):
        return values.worked.right(quantity, values.base)  # type: ignore[arg-type]  # it is one of a record
    return value_of(objective_of(values.sentence, quantity, values.base), values.table)  # type: ignore[arg-type]


def _missing(quantity: str, field: str) -> ValueError:
    return ValueError(f"the {quantity} needs the values `{field}`")


def weighted_total(losses: tuple[tuple[Fraction, Expression], ...]) -> Expression:
    """The sum of losses times their weights, as a person writes it; ValueError for none."""
    if not losses:
        raise _missing("total", "losses")
    return add(*(value if weight == 1 else multiply(exact(weight), value) for weight, value in losses))


def _token_mean(values: Values) -> Expression:
    if not any(values.sequences):
        raise _missing("token-mean", "sequences")
    return mean_log_loss(tuple(p for sequence in values.sequences for p in sequence), values.base)


def _sequence_mean(values: Values) -> Expression:
    if not values.sequences or not all(values.sequences):
        raise _missing("sequence-mean", "sequences")
    means = add(*(mean_log_loss(sequence, values.base) for sequence in values.sequences))
    return multiply(rational(Fraction(1, len(values.sequences))), means)


def _rate(share: Literal["mask", "random", "keep"]) -> Callable[[Values], Expression]:
    def rate(values: Values) -> Expression:
        if values.rates is None:
            raise _missing(f"{share}-rate", "rates")
        return Product((exact(values.rates.selection), exact(getattr(values.rates, share))))

    return rate


def _improvement(values: Values) -> Expression:
    if values.before is None or values.after is None:
        raise _missing("improvement", "before` and `after")
    base = None if values.base is None else Number(Fraction(values.base))
    return Logarithm(Quotient(exact(values.after), exact(values.before)), base)


def _gradient(values: Values) -> Expression:
    if values.entry is None:
        raise _missing("gradient", "entry")
    probability, is_true = values.entry
    return Sum((exact(probability), Negation(exact(Fraction(1))))) if is_true else exact(probability)


_FORMULAS: Mapping[str, Callable[[Values], Expression]] = {
    "total": lambda values: weighted_total(values.losses),
    "token-mean": _token_mean,
    "sequence-mean": _sequence_mean,
    "mask-rate": _rate("mask"),
    "random-rate": _rate("random"),
    "keep-rate": _rate("keep"),
    "improvement": _improvement,
    "gradient": _gradient,
}
