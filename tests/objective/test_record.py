"""The record and its tree: what is written for each decision, and when two records are the same."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest

from grading.equivalence import Equal, compare
from grading.expressions import CLS, MASK, Context
from grading.text import to_text
from quizgen.objective.masked import masked_sentence
from quizgen.objective.record import Objective, Quantity, Term, WeightedTotal, objective_of, reduced, to_tree

from .sentences import BIRD

ONE_MASK = masked_sentence((CLS, "the", "worm"), {2: MASK})


def text(quantity: Quantity = "objective", **changes: object) -> str:
    return to_text(to_tree(msgspec.structs.replace(objective_of(BIRD, quantity), **changes), BIRD.symbols()))


@pytest.mark.parametrize(
    ("quantity", "written"),
    [
        ("objective", "log p_2 + log p_6"),
        ("loss", "-log p_2 - log p_6"),
        ("mean-objective", "1/2*(log p_2 + log p_6)"),
        ("mean-loss", "-1/2*(log p_2 + log p_6)"),
        ("perplexity", "exp(-1/2*(log p_2 + log p_6))"),
    ],
)
def test_keys(quantity: Quantity, written: str) -> None:
    assert text(quantity) == written


@pytest.mark.parametrize(
    ("changes", "objective", "loss"),
    [
        ({"inner": "identity"}, "p_2 + p_6", "-p_2 - p_6"),
        ({"inner": "linear"}, "(p_2 - 1) + (p_6 - 1)", "(1 - p_2) + (1 - p_6)"),
        ({"inner": "squared"}, "-(1 - p_2)^2 - (1 - p_6)^2", "(1 - p_2)^2 + (1 - p_6)^2"),
        ({"combine": "product"}, "log(p_2)*log(p_6)", "(-log(p_2))*(-log(p_6))"),
        ({"inner": "identity", "combine": "product"}, "p_2*p_6", "-p_2*p_6"),
        ({"combine": "min"}, "min(log p_2, log p_6)", "max(-log p_2, -log p_6)"),
        ({"combine": "alternating"}, "log p_2 - log p_6", "-log p_2 + log p_6"),
        ({"inner": "identity", "outer": "log"}, "log(p_2 + p_6)", "-log(p_2 + p_6)"),
        (
            {"inner": "identity", "outer": "log", "combine": "mean"},
            "log(1/2*(p_2 + p_6))",
            "-log(1/2*(p_2 + p_6))",
        ),
        ({"divisor": "length"}, "1/6*(log p_2 + log p_6)", "-1/6*(log p_2 + log p_6)"),
        ({"divisor": 3, "combine": "product"}, "1/3*log(p_2)*log(p_6)", "1/3*(-log(p_2))*(-log(p_6))"),
        ({"base": 2}, "log_2 p_2 + log_2 p_6", "-log_2 p_2 - log_2 p_6"),
        ({"base": 10, "inner": "identity", "outer": "log"}, "log_10(p_2 + p_6)", "-log_10(p_2 + p_6)"),
    ],
)
def test_every_decision_shows_in_the_tree(changes: dict[str, object], objective: str, loss: str) -> None:
    assert (text("objective", **changes), text("loss", **changes)) == (objective, loss)


def test_atoms_and_joint() -> None:
    assert to_text(to_tree(objective_of(BIRD))) == "log Pr(x_2=early | xbar) + log Pr(x_6=worm | xbar)"
    joint = msgspec.structs.replace(objective_of(BIRD), combine="joint")
    assert to_text(to_tree(joint)) == "log Pr(x_2=early, x_6=worm | xbar)"
    assert isinstance(compare(to_tree(joint), to_tree(objective_of(BIRD))), Equal)
    mixed = msgspec.structs.replace(
        joint, terms=(joint.terms[0], msgspec.structs.replace(joint.terms[1], given=Context("x", BIRD.tokens)))
    )
    with pytest.raises(ValueError, match="one context"):
        to_tree(mixed)


def test_no_selected_position() -> None:
    nothing = masked_sentence((CLS, "worm"), {})
    assert to_text(to_tree(objective_of(nothing))) == "0"
    for quantity in ("mean-loss", "perplexity", "mean-objective"):
        with pytest.raises(ValueError, match="no position is selected"):
            objective_of(nothing, quantity)
    for changes in ({"combine": "min"}, {"outer": "log"}, {"combine": "joint"}, {"divisor": "masks"}):
        with pytest.raises(ValueError, match="no terms"):
            to_tree(msgspec.structs.replace(objective_of(nothing), **changes))
    with pytest.raises(ValueError, match="unknown quantity 'ppl'"):
        objective_of(BIRD, "ppl")  # type: ignore[arg-type]  # wrong on purpose


def test_weighted_total() -> None:
    loss = objective_of(BIRD, "loss")
    total = WeightedTotal(((Fraction(1), objective_of(ONE_MASK, "loss")), (Fraction(50), loss)))
    symbols = {**BIRD.symbols(), **ONE_MASK.symbols()}
    assert to_text(to_tree(total, symbols)) == "-log p_2 + 50*(-log p_2 - log p_6)"


@pytest.mark.parametrize("combine", ["sum", "product", "mean", "min", "alternating", "joint"])
def test_combinations_of_one_term_are_the_term(combine: str) -> None:
    key = objective_of(ONE_MASK, "loss")
    other = msgspec.structs.replace(key, combine=combine)
    assert reduced(other) == reduced(key)
    assert isinstance(compare(to_tree(other), to_tree(key)), Equal)


def test_reduced_is_sound() -> None:
    """Whatever is the same record to us is equal to the judge: all pairs of a grid of records."""
    xbar, original = BIRD.xbar_context(), BIRD.original_context()
    early, worm = Term(2, "early", xbar), Term(6, "worm", xbar)
    term_lists = (
        (early,),
        (early, worm),
        (worm, early),
        (early, Term(6, "worm", original)),
        (early, Term(6, "WORM", xbar)),
    )
    records = [
        Objective(terms, inner=inner, combine=combine, outer=outer, sign=sign, divisor=divisor, base=base, length=6)
        for terms in term_lists
        for inner in ("log", "identity", "linear")
        for combine in ("sum", "product", "mean", "alternating", "joint")
        for outer in ("identity", "log", "exp", "reciprocal")
        for sign in (1, -1)
        for divisor in (None, "masks")
        for base in (None, 2)
        if not (outer == "log" and inner != "identity")
        if not (combine == "joint" and len({term.given for term in terms}) > 1)
    ]
    by_meaning: dict[object, Objective] = {}
    same = 0
    for record in records:
        first = by_meaning.setdefault(reduced(record), record)
        if first is not record and to_tree(first) != to_tree(record):
            same += 1
            assert isinstance(compare(to_tree(first), to_tree(record)), Equal), (first, record)
    assert same > 100
