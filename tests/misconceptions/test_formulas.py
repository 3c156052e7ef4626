"""Exact values of misconceptions against plain formulas over floats, and against the decimals that would be printed."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from math import exp, isclose, log, log2

import pytest

from grading.closed import decimal_value
from grading.expressions import Expression
from grading.text import to_text
from quizgen.misconceptions.catalogue import CATALOGUE, misconception
from quizgen.misconceptions.operators import (
    RecordMisconception,
    Refused,
    TokensMisconception,
    ValueMisconception,
    compose,
)
from quizgen.objective.masked import masked_sentence
from quizgen.objective.record import Base
from quizgen.objective.values import Rates, ValueQuantity, Values, right_value

from .formulas import KEY, TYPED, Facts

MASKS = "[MASK]"


def draws(count: int) -> list[tuple[Values, Facts]]:
    """Values on the grid of items, with the same as floats; u in the order in which a neighbour comes first."""
    rng = random.Random(2)
    drawn = []
    for index in range(count):
        n = index % 4 + 1
        p = [Fraction(rng.randint(1, 13), 20) for _ in range(n)]
        wrong = [[(1 - t) * Fraction(k, 8) for k in (4, 3, 1)] for t in p]
        u = [Fraction(rng.randint(1, 19), 20) for _ in range(rng.randint(1, 3))]
        z = [Fraction(rng.randint(-30, 30), 10) for _ in p]
        top = [max(t, *others) for t, others in zip(p, wrong, strict=True)]
        base: Base | None = 2 if index % 2 else None
        values = Values(
            p=tuple(p), u=tuple(u), top=tuple(top), wrong=tuple(map(tuple, wrong)), logits=tuple(z), base=base
        )
        lists = [[float(x) for x in row] for row in (p, u, top, z)]
        facts = Facts(
            lists[0],
            lists[1],
            lists[2],
            [[float(w) for w in d] for d in wrong],
            lists[3],
            n + len(u),
            log2 if base else log,
        )
        drawn.append((values, facts))
    return drawn


def close(value: Expression, expected: float) -> bool:
    return isclose(float(Fraction(decimal_value(value, 12))), expected, rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize("quantity", KEY)
def test_the_key(quantity: ValueQuantity) -> None:
    for values, facts in draws(24):
        assert close(right_value(quantity, values), KEY[quantity](facts))


@pytest.mark.parametrize(("name", "quantity"), [(name, quantity) for name in TYPED for quantity in TYPED[name]])
def test_what_would_be_typed(name: str, quantity: ValueQuantity) -> None:
    entry = misconception(name)
    assert isinstance(entry, RecordMisconception | ValueMisconception)
    compared = 0
    for values, facts in draws(24):
        value = entry.value(quantity, values)
        expected = TYPED[name][quantity](facts)
        if isinstance(value, Refused):
            assert value.reason == "identical", value
            assert isclose(expected, KEY[quantity](facts))
        else:
            compared += 1
            assert close(value, expected), (to_text(value), expected)
    assert compared > 10 or name == "joint-instead-of-marginals"


def test_other_base() -> None:
    entry = misconception("wrong-log-base")
    assert isinstance(entry, RecordMisconception)
    for values, facts in draws(8):
        other = facts._replace(lg=log if values.base else log2)
        for quantity in ("objective", "loss", "mean-loss"):
            value = entry.value(quantity, values)
            assert not isinstance(value, Refused)
            assert close(value, KEY[quantity](other))
        assert entry.value("perplexity", values) == Refused("not-applicable")


RATES = Rates(Fraction(15, 100), Fraction(8, 10), Fraction(1, 10), Fraction(1, 10))
ALL_MASKED = Rates(Fraction(1), Fraction(1), Fraction(0), Fraction(0))
NO_MASK = Rates(Fraction(1, 4), Fraction(0), Fraction(1, 2), Fraction(1, 2))
BATCH = ((Fraction(1, 2),), (Fraction(1, 4), Fraction(1, 5)))


@pytest.mark.parametrize(
    ("name", "quantity", "values", "expected"),
    [
        ("selected-equals-masked", "mask-rate", Values(rates=RATES), 0.15),
        ("selected-equals-masked", "mask-rate", Values(rates=ALL_MASKED), "identical"),
        ("eighty-percent-of-all", "mask-rate", Values(rates=RATES), 0.8),
        ("eighty-percent-of-all", "mask-rate", Values(rates=ALL_MASKED), "identical"),
        ("ten-percent-of-remainder", "random-rate", Values(rates=RATES), 0.003),
        ("ten-percent-of-remainder", "random-rate", Values(rates=NO_MASK), "identical"),
        ("half-of-selected-random", "random-rate", Values(rates=RATES), 0.075),
        ("half-of-selected-random", "random-rate", Values(rates=NO_MASK), "identical"),
        ("half-of-selected-random", "mask-rate", Values(rates=RATES), "not-applicable"),
        ("gradient-true-word-only", "gradient", Values(entry=(Fraction(3, 10), False)), 0.0),
        ("gradient-true-word-only", "gradient", Values(entry=(Fraction(3, 10), True)), "identical"),
        ("linear-improvement", "improvement", Values(before=Fraction(1, 10), after=Fraction(2, 5)), 0.3),
        ("minus-log-zero-is-zero", "loss", Values(p=(Fraction(0), Fraction(1, 2))), log(2)),
        ("minus-log-zero-is-zero", "loss", Values(p=(Fraction(0),)), 0.0),
        ("minus-log-zero-is-zero", "loss", Values(p=(Fraction(1, 2),)), "not-applicable"),
        ("log-one-not-zero", "loss", Values(p=(Fraction(1), Fraction(1, 2)), base=2), 2.0),
        ("log-one-not-zero", "loss", Values(p=(Fraction(1, 2),)), "not-applicable"),
        ("sequence-mean-for-token-mean", "token-mean", Values(sequences=BATCH), (log(2) + (log(4) + log(5)) / 2) / 2),
        ("sequence-mean-for-token-mean", "sequence-mean", Values(sequences=BATCH), (log(2) + log(4) + log(5)) / 3),
        ("sequence-mean-for-token-mean", "token-mean", Values(sequences=BATCH[:1] * 2), "identical"),
        ("target-top-prediction", "loss", Values(p=(Fraction(1, 2),), top=(Fraction(1, 2),)), "identical"),
        ("perplexity-arithmetic", "perplexity", Values(p=(Fraction(1, 2), Fraction(1, 2))), "identical"),
        ("swap-targets", "loss", Values(p=(Fraction(1, 2), Fraction(1, 4))), "no-value"),
        ("condition-on-original", "loss", Values(p=(Fraction(1, 2), Fraction(1, 4))), "no-value"),
        ("all-tokens", "loss", Values(p=(Fraction(1, 2),), m=2), "no-value"),
        ("flip-sign", "mask-rate", Values(p=(Fraction(1, 2),)), "not-applicable"),
        ("flip-sign", "loss", Values(), "not-applicable"),
    ],
)
def test_special_values(name: str, quantity: ValueQuantity, values: Values, expected: float | str) -> None:
    entry = misconception(name)
    assert isinstance(entry, RecordMisconception | ValueMisconception)
    value = entry.value(quantity, values)
    if isinstance(expected, str):
        assert isinstance(value, Refused)
        assert value.reason == expected
    else:
        assert not isinstance(value, Refused)
        assert close(value, expected)


def test_without_values_nothing_breaks() -> None:
    """Every misconception answers for every quantity, whatever is missing: a value or a reason."""
    quantities = (*KEY, "mean-objective", "token-mean", "sequence-mean", "mask-rate", "random-rate", "improvement")
    for entry, quantity in itertools.product(CATALOGUE, quantities):
        if isinstance(entry, RecordMisconception | ValueMisconception):
            for values in (Values(), Values(p=(Fraction(1, 2), Fraction(1, 4)))):
                entry.value(quantity, values)  # type: ignore[arg-type]  # of the literal


def test_two_steps_with_numbers() -> None:
    values = Values(p=(Fraction(1, 2), Fraction(1, 4)))
    value = compose(misconception("only-first-mask"), misconception("flip-sign")).value("loss", values)
    assert not isinstance(value, Refused)
    assert close(value, log(0.5))
    reciprocal = misconception("log-of-mean")
    assert isinstance(reciprocal, RecordMisconception)
    mean = reciprocal.value("perplexity", values)
    assert not isinstance(mean, Refused)
    assert close(mean, 8 / 3)
    assert not close(mean, exp(1))


def test_a_span_behind_one_mask() -> None:
    entry = misconception("span-single-mask")
    assert isinstance(entry, TokensMisconception)
    span = masked_sentence(("[CLS]", "a", "b", "c", "d"), {1: MASKS, 2: MASKS, 4: MASKS})
    assert entry.tokens(span) == ("[CLS]", MASKS, "c", MASKS)
    single = masked_sentence(("[CLS]", "a", "b"), {1: MASKS})
    assert entry.tokens(single) == Refused("identical")
