"""Exact values: closed expressions, nats and bits, and what cannot be known."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest

from grading.closed import decimal_value
from grading.equivalence import Equal, compare
from grading.expressions import CLS, MASK
from grading.text import to_text
from quizgen.objective.masked import masked_sentence
from quizgen.objective.record import WeightedTotal, objective_of
from quizgen.objective.values import Rates, UnknownProbabilityError, ValueQuantity, Values, exact, right_value, value_of

from .sentences import BIRD

HALF, TWO_FIFTHS = Fraction(1, 2), Fraction(2, 5)
TABLE = {BIRD.probability(2): HALF, BIRD.probability(6): TWO_FIFTHS}
RATES = Rates(Fraction(15, 100), Fraction(8, 10), Fraction(1, 10), Fraction(1, 10))


@pytest.mark.parametrize(
    ("quantity", "base", "text", "decimals"),
    [
        ("objective", None, "log(0.5) + log(0.4)", "-1.6094"),
        ("loss", None, "-log(0.5) - log(0.4)", "1.6094"),
        ("loss", 2, "-log_2(0.5) - log_2(0.4)", "2.3219"),
        ("mean-loss", None, "-1/2*(log(0.5) + log(0.4))", "0.8047"),
        ("perplexity", None, "exp(-1/2*(log(0.5) + log(0.4)))", "2.2361"),
        ("perplexity", 2, "exp(-1/2*(log(0.5) + log(0.4)))", "2.2361"),
    ],
)
def test_values_of_a_record(quantity: ValueQuantity, base: None, text: str, decimals: str) -> None:
    value = right_value(quantity, Values(p=(HALF, TWO_FIFTHS), base=base))
    assert to_text(value) == text
    assert decimal_value(value, 4) == decimals
    with_sentence = right_value(quantity, Values(p=(HALF, TWO_FIFTHS), base=base, masked=BIRD))
    assert with_sentence == value


@pytest.mark.parametrize(
    ("quantity", "values", "text"),
    [
        ("mask-rate", Values(rates=RATES), "0.15*0.8"),
        ("random-rate", Values(rates=RATES), "0.15*0.1"),
        ("keep-rate", Values(rates=RATES), "0.15*0.1"),
        ("improvement", Values(before=Fraction(1, 10), after=Fraction(1, 5)), "log(0.2/0.1)"),
        ("gradient", Values(entry=(Fraction(3, 10), True)), "0.3 - 1"),
        ("gradient", Values(entry=(Fraction(3, 10), False)), "0.3"),
        ("token-mean", Values(sequences=((HALF,), (HALF, TWO_FIFTHS))), "-1/3*(log(0.5) + log(0.5) + log(0.4))"),
        (
            "sequence-mean",
            Values(sequences=((HALF,), (HALF, TWO_FIFTHS))),
            "1/2*(-log(0.5) - 1/2*(log(0.5) + log(0.4)))",
        ),
    ],
)
def test_other_quantities(quantity: ValueQuantity, values: Values, text: str) -> None:
    assert to_text(right_value(quantity, values)) == text


@pytest.mark.parametrize(
    "quantity",
    ["loss", "mask-rate", "random-rate", "keep-rate", "improvement", "gradient", "token-mean", "sequence-mean"],
)
def test_missing_values_are_named(quantity: ValueQuantity) -> None:
    with pytest.raises(ValueError, match=f"the {quantity} needs the values"):
        right_value(quantity, Values())


def test_unknown_probability() -> None:
    with pytest.raises(UnknownProbabilityError, match="no probability for"):
        value_of(objective_of(BIRD), {BIRD.probability(2): HALF})


def test_joint_is_the_product_of_its_components() -> None:
    for inner in ("log", "identity", "linear", "squared"):
        joint = msgspec.structs.replace(objective_of(BIRD), combine="joint", inner=inner)
        one = masked_sentence((CLS, "both"), {1: MASK})
        single = msgspec.structs.replace(objective_of(one), inner=inner)
        expected = value_of(single, {one.probability(1): HALF * TWO_FIFTHS})
        assert isinstance(compare(value_of(joint, TABLE), expected), Equal)


def test_totals_and_quotients() -> None:
    total = WeightedTotal(((Fraction(1), objective_of(BIRD, "loss")), (Fraction(1, 3), objective_of(BIRD, "loss"))))
    assert to_text(value_of(total, TABLE)) == "(-log(0.5) - log(0.4)) + 1/3*(-log(0.5) - log(0.4))"
    assert to_text(exact(Fraction(-1, 20))) == "-0.05"
    assert to_text(exact(Fraction(1, 3))) == "1/3"
