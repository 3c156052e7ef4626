"""Relations of an answer to the key: what SPEC calls the levels value, argmax and ranking, for one to four masks."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.equivalence import Unknown
from grading.expressions import Expression
from grading.keys import RELATIONS, Relation, SymbolDeclaration
from grading.parsing import Language, parse_expression
from grading.relations import Proven, Refuted, first_relation, provable, relate
from grading.witness import Undecided, Undefined, enclose

ANY = Language(any_name=True)
NAMES = ("p_2", "p_4", "p_6", "p_8")


def read(text: str, language: Language = ANY) -> Expression:
    return parse_expression(text, language)


def objective(n: int) -> str:
    return " + ".join(f"log({name})" for name in NAMES[:n])


def answers(n: int) -> dict[str, str]:
    """What somebody may write for the sum of n logarithms."""
    names, key = NAMES[:n], objective(n)
    return {
        "product-of-probs": "*".join(names),
        "mean-over-masks": f"({key})/{n}",
        "mean-over-length": f"({key})/9",
        "wrong-log-base": " + ".join(f"log_2({name})" for name in names),
        "perplexity": f"-exp(-({key})/{n})",
        "logit of the likelihood": f"log({'*'.join(names)}/(1 - {'*'.join(names)}))",
        "sum-of-probs": " + ".join(names),
        "log-of-sum": f"log({' + '.join(names)})",
        "log-of-mean": f"log(({' + '.join(names)})/{n})",
        "product-of-logs": "*".join(f"log({name})" for name in names),
        "worst-token-only": f"min({', '.join(f'log({name})' for name in names)})" if n > 1 else f"log({names[0]})",
        "only-first-mask": f"log({names[0]})",
        "only-last-mask": f"log({names[-1]})",
        "linear-loss": " + ".join(f"({name} - 1)" for name in names),
        "squared-error": " - ".join(["0", *(f"(1 - {name})^2" for name in names)]),
        "flip-sign": f"-({key})",
        "all-tokens": f"{key} + log(p_1)",
        "pole": f"-1/({key} + 1)",
        "square": f"({key})^2",
    }


ALWAYS = (
    "product-of-probs",
    "mean-over-masks",
    "mean-over-length",
    "wrong-log-base",
    "perplexity",
    "logit of the likelihood",
)
ONE_MASK = (
    "sum-of-probs",
    "log-of-sum",
    "log-of-mean",
    "product-of-logs",
    "worst-token-only",
    "only-first-mask",
    "only-last-mask",
    "linear-loss",
    "squared-error",
)
NEVER = ("flip-sign", "all-tokens", "pole", "square")


@pytest.mark.parametrize("n", [1, 2, 3, 4])
@pytest.mark.parametrize("name", [*ALWAYS, *ONE_MASK, *NEVER])
def test_same_optimum_is_decided_for_every_misconception(n: int, name: str) -> None:
    found = relate("same-optimum", read(objective(n)), read(answers(n)[name]))
    holds = name in ALWAYS or (name in ONE_MASK and n == 1)
    assert isinstance(found, Proven if holds else Refuted), found


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_the_minimum_of_a_loss_is_the_same_promise(n: int) -> None:
    loss = read(f"-({objective(n)})")
    assert isinstance(relate("same-optimum", loss, read(f"exp(-({objective(n)})/{n})")), Proven)
    assert isinstance(relate("same-optimum", loss, read(objective(n))), Refuted)
    assert isinstance(relate("same-optimum", loss, read("*".join(NAMES[:n]))), Refuted)


@pytest.mark.parametrize(
    ("key", "answer", "holds"),
    [
        ("p_2*p_6", "log p_2 + log p_6", True),  # any quantity of the step may be the key
        ("exp(-(log p_2 + log p_6)/2)", "-log p_2 - log p_6", True),
        ("(1 - p_2)^2 + (1 - p_6)^2", "sqrt((1 - p_2)^2 + (1 - p_6)^2)", True),
        ("p_2 + p_6", "3*p_2 + 3*p_6 - 7", True),
        ("p_2 + p_6", "log(p_2 + p_6)", True),
        ("p_2 + p_6", "2*p_2 + p_6", False),
        ("log p_2 - log p_6", "p_2/p_6", True),
        ("2*log p_2 + log p_6", "p_2^2*p_6", True),
        ("2*log p_2 + log p_6", "p_2*p_6", False),
        ("log p_2 + log p_6", "-|log p_2 + log p_6|", True),
        ("log p_2 + log p_6", "log p_2 + log p_6 + 10^-12*p_2", False),
        ("log p_2 + log p_6", "(log p_2 + log p_6)^3", True),
        ("log p_2 + log p_6", "-(log p_2 + log p_6)^2", True),
        ("log p_2 + log p_6", "max(log p_2 + log p_6, -1)", False),
        ("log p_2 + log p_6", "log(p_2*p_6 - 1/4)", False),  # no value for small probabilities
        ("log p_2 + log p_6", "log_{1/2}(p_2*p_6)", False),
        ("log p_2 + log p_6", "-log_{2/3}(p_2*p_6)", True),
        ("log p_2 + log p_6", "5", False),
        ("log p_2", "p_2^p_2", False),
    ],
)
def test_same_optimum_for_other_keys(key: str, answer: str, holds: bool) -> None:
    assert isinstance(relate("same-optimum", read(key), read(answer)), Proven if holds else Refuted)


def test_assumptions_matter() -> None:
    """x² rises with x for a positive x, not for a real one."""
    positive = Language((SymbolDeclaration("x", "positive"),))
    real = Language((SymbolDeclaration("x", "real"),))
    assert isinstance(relate("same-optimum", read("x", positive), read("x^2", positive), positive), Proven)
    assert isinstance(relate("same-optimum", read("x", real), read("x^2", real), real), Refuted)
    assert isinstance(relate("same-optimum", read("x", real), read("x^3", real), real), Proven)


def test_what_is_not_proven_stays_open() -> None:
    key = read("log p_2 + log p_6")
    removable = read("(log p_2 + log p_6)*(p_2 - 1/2)/(p_2 - 1/2) + 1")
    assert isinstance(relate("same-optimum", key, removable), Unknown)
    assert not provable(read("min(p_2, p_6)"))
    assert isinstance(relate("same-optimum", read("min(p_2, p_6)"), read("2*min(p_2, p_6)")), Unknown)


@pytest.mark.parametrize(
    ("kind", "answer", "by"),
    [
        ("positive-factor", "(log p_2 + log p_6)/2", "1/2"),
        ("positive-factor", "log_2(p_2*p_6)", "1.4427…"),
        ("positive-factor", "ln 2 * log(p_2*p_6)", "0.6931…"),
        ("positive-factor", "-(log p_2 + log p_6)", None),
        ("positive-factor", "log p_2 + 2*log p_6", None),
        ("positive-factor", "0", None),
        ("positive-factor", "p_2*p_6", None),
        ("positive-factor", "p_3*(log p_2 + log p_6)", None),
        ("added-constant", "log(2*p_2*p_6)", "0.6931…"),
        ("added-constant", "log p_2 + log p_6 - 1/3", "-1/3"),
        ("added-constant", "2*(log p_2 + log p_6)", None),
        ("opposite-sign", "log(1/(p_2*p_6))", ""),
        ("opposite-sign", "-log p_2 - log p_6 + 1", None),
    ],
)
def test_relations_by_a_constant(kind: str, answer: str, by: str | None) -> None:
    found = relate(kind, read("log p_2 + log p_6"), read(answer))  # type: ignore[arg-type]
    assert isinstance(found, Refuted) if by is None else found == Proven(by)


def test_the_most_specific_relation_decides() -> None:
    key, half = read("log p_2 + log p_6"), Fraction(1, 2)
    accepted = (Relation("same-optimum", half), Relation("positive-factor", Fraction(3, 4)))
    found = {
        answer: first_relation(accepted, key, read(answer), ANY) for answer in ("p_2*p_6", "log_2(p_2*p_6)", "p_2")
    }
    assert found == {"p_2*p_6": (accepted[0], ()), "log_2(p_2*p_6)": (accepted[1], ()), "p_2": (None, ())}


def test_a_chain_of_relations_is_consistent() -> None:
    """A multiple and a shifted key have the same optimum; the witness of a refutation is stated for people."""
    key = read("log p_2 + log p_6")
    for answer in ("3*log(p_2*p_6)", "log(p_2*p_6) - 4"):
        assert isinstance(relate("same-optimum", key, read(answer)), Proven)
    found = relate("same-optimum", key, read("p_2 + p_6"))
    assert found == Refuted("the key puts p₂ = 0.1, p₆ = 0.9 below p₂ = 0.5, p₆ = 0.5, the answer does not")


def formulas() -> st.SearchStrategy[str]:
    names = st.sampled_from(["p_2", "p_6", "log(p_2)", "log(p_6)", "log(p_2*p_6)", "p_2*p_6", "2", "1/3"])

    def extend(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.tuples(parts, parts).map(lambda two: f"({two[0]} + {two[1]})"),
            st.tuples(parts, parts).map(lambda two: f"({two[0]})*({two[1]})"),
            parts.map(lambda one: f"-({one})"),
            parts.map(lambda one: f"exp({one})"),
            parts.map(lambda one: f"abs({one})"),
            parts.map(lambda one: f"1/({one})"),
            st.tuples(parts, parts).map(lambda two: f"min({two[0]}, {two[1]})"),
        )

    return st.recursive(names, extend, max_leaves=5)


@settings(max_examples=200, deadline=None)
@given(
    formulas(), st.lists(st.fractions(Fraction(1, 50), Fraction(49, 50), max_denominator=60), min_size=4, max_size=4)
)
def test_no_two_points_contradict_a_proof(answer: str, values: list[Fraction]) -> None:
    """Whatever is proven holds at points that the proof has never seen, by the independent evaluator."""
    key, tree = read("log p_2 + log p_6"), read(answer)
    found = {kind: relate(kind, key, tree) for kind in RELATIONS}
    assert not (isinstance(found["positive-factor"], Proven) and isinstance(found["same-optimum"], Refuted))
    assert not (isinstance(found["added-constant"], Proven) and isinstance(found["same-optimum"], Refuted))
    if not isinstance(found["same-optimum"], Proven):
        return
    names = (read("p_2"), read("p_6"))
    points = [dict(zip(names, values[:2], strict=True)), dict(zip(names, values[2:], strict=True))]
    try:
        bounds = [[enclose(side, point, 40) for point in points] for side in (key, tree)]  # type: ignore[arg-type]
    except (Undefined, Undecided):
        pytest.fail(f"{answer} has no value at {points}")
    (one, other), (mine, yours) = bounds
    if one[1] < other[0]:
        assert mine[0] <= yours[1]
    if other[1] < one[0]:
        assert yours[0] <= mine[1]
