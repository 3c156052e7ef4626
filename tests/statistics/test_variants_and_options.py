"""Variants of a slot, options, and who chose them: against independent computations, and on planted faults."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.answersheet import ItemKey, PartKey
from grading.bulk import grade_all
from grading.keys import ChoiceKey, NumericKey, Rival, Tolerance
from grading.responses import ResponseRow
from grading.statistics.answers import Place, answers_of, score_matrix
from grading.statistics.intervals import f_tail
from grading.statistics.options import Answered, option_pull
from grading.statistics.scores import scores_of
from grading.statistics.variants import compare_variants


def residuals(columns, y):
    """Sum of squares that a least-squares fit leaves, by numpy."""
    matrix = np.column_stack(columns)
    fit, *_ = np.linalg.lstsq(matrix, y, rcond=None)
    return float(((y - matrix @ fit) ** 2).sum())


@given(st.integers(0, 2**32 - 1), st.integers(2, 4))
@settings(max_examples=40, deadline=None)
def test_the_comparison_is_an_analysis_of_covariance(seed, groups):
    draw = np.random.default_rng(seed)
    n = 12 * groups
    table = draw.integers(0, 2, size=(n, 6))
    which = np.repeat(np.arange(groups), 12)
    scores = scores_of(table.tolist())
    variants = np.zeros((n, 6), np.int32)
    variants[:, 0] = which
    (first, *_), _ = compare_variants(scores, variants)
    y, rest = table[:, 0].astype(float), table[:, 1:].sum(axis=1).astype(float)
    dummies = [(which == g).astype(float) for g in range(groups)]
    full, reduced = residuals([*dummies, rest], y), residuals([np.ones(n), rest], y)
    if full < 1e-9:
        return
    freedom = n - groups - 1
    statistic = (reduced - full) / (groups - 1) / (full / freedom)
    assert first.probability == pytest.approx(f_tail(statistic, groups - 1, freedom), abs=1e-7)
    assert sum(v.effect for v in first.variants) == pytest.approx(0, abs=1e-9)
    assert [v.facility for v in first.variants] == pytest.approx([y[which == g].mean() for g in range(groups)])


def drawn_class(seed, learners, slots, variants, harder=()):
    """Shares of a Rasch class. harder: (slot, variant, by how much)."""
    draw = np.random.default_rng(seed)
    ability, difficulty = draw.normal(size=(learners, 1)), draw.normal(size=(1, slots))
    which = draw.integers(0, variants, size=(learners, slots)).astype(np.int32)
    for slot, _, _ in harder:
        difficulty[:, slot] = 0
    logit = ability - difficulty
    for slot, variant, by in harder:
        logit[:, slot] -= by * (which[:, slot] == variant)
    right = draw.random(size=logit.shape) < 1 / (1 + np.exp(-logit))
    return scores_of(right.astype(int).tolist()), which


def test_equal_variants_rarely_seem_to_differ():
    alarms, raw = 0, []
    for seed in range(60):
        found, luck = compare_variants(*drawn_class(seed, 80, 10, 4))
        raw += [slot.probability for slot in found]
        alarms += any(slot.corrected < 0.05 for slot in found)
        assert luck.deviation < 0.5
    assert 0.03 < sum(p < 0.05 for p in raw) / len(raw) < 0.07
    assert alarms <= 8, "in 5 % of 60 classes; more than 8 has a chance below 0.5 %"


def test_a_variant_that_is_harder_is_found_and_its_weight_told():
    found, luck = compare_variants(*drawn_class(3, 400, 12, 4, harder=[(5, 2, 2.0)]))
    assert [n for n, slot in enumerate(found) if slot.corrected < 0.05] == [5]
    effects = {v.variant: v for v in found[5].variants}
    assert min(effects, key=lambda v: effects[v].effect) == 2
    assert effects[2].interval.high < 0
    assert -0.45 < effects[2].shrunk < -0.15
    assert 0.05 < luck.deviation < 0.25
    assert luck.largest > 0.15
    assert luck.moved > 50


def test_variants_that_few_had_are_left_out():
    scores = scores_of([[k % 2, (k // 2) % 2] for k in range(13)])
    variants = np.array([[min(2, k // 5), 0] for k in range(13)], np.int32)
    (first, second), _ = compare_variants(scores, variants)
    assert [(v.variant, v.learners) for v in first.variants] == [(0, 5), (1, 5)]
    assert first.left_out == 1
    assert second.variants == ()
    assert second.probability is None


def sheet():
    rivals = (Rival("b", ("flip-sign",)), Rival("c"), Rival("d", ("sum-of-probs",)))
    letters = tuple((letter, letter.upper()) for letter in "abcd")
    choice = [
        ItemKey(f"q{n}", "r", f"Q-{n}", (PartKey("answer", ChoiceKey("a", rivals), options=letters),)) for n in range(8)
    ]
    number = ItemKey(
        "n", "r", "Q-N", (PartKey("answer", NumericKey("2", Tolerance(), rivals=(Rival("-2", ("flip-sign",)),))),)
    )
    return [*choice, number]


def pulled(responses, policy="last"):
    keys = {key.item: key for key in sheet()}
    results = grade_all([ResponseRow(*row) for row in responses], keys.values())
    answers = answers_of(results, [Place(item, (item,)) for item in keys], policy)
    scores = score_matrix(answers)
    return (
        answers,
        scores,
        {slot.slot: {p.answered: p for p in slot.pulls} for slot in option_pull(answers, keys, scores)},
    )


def test_every_answer_is_counted_as_what_it_is():
    given = {"n": ["2"] * 6 + ["-2"] * 6 + ["7"] * 6 + ["log("] * 6 + [""] * 2}
    rows = [(f"l{k:02}", "n", response) for k, response in enumerate(given["n"])]
    _, _, found = pulled(rows)
    told = {(a.role, a.misconceptions): p.chosen for a, p in found["n"].items()}
    assert told == {
        ("key", ()): 6,
        ("known", ("flip-sign",)): 6,
        ("other", ()): 6,
        ("unreadable", ()): 6,
        ("blank", ()): None,
    }


def test_an_option_that_the_better_ones_choose_is_suspected_and_no_other():
    draw = np.random.default_rng(1)
    rows = []
    for k in range(120):
        good = k % 2 == 0
        for n in range(8):
            if n == 3:
                answer = draw.choice(list("ab")) if good else draw.choice(list("acd"))
            else:
                answer = "a" if draw.random() < (0.85 if good else 0.35) else draw.choice(list("bcd"))
            rows.append((f"l{k:03}", f"q{n}", str(answer)))
    _, scores, found = pulled(rows)
    suspects = [(slot, a) for slot, pulls in found.items() for a, p in pulls.items() if p.suspect]
    assert suspects == [("q3", Answered("answer", "known", ("flip-sign",)))]
    option = found["q3"][Answered("answer", "known", ("flip-sign",))]
    assert option.functioning is False
    assert option.rest > 0.6
    works = found["q0"][Answered("answer", "known", (), "C")]
    assert works.functioning is True
    column = np.array([row[2] == "c" for row in rows if row[1] == "q0"], float)
    rest = scores.totals - scores.points[:, 0]
    assert works.correlation == pytest.approx(float(np.corrcoef(column, rest)[0, 1]))


def test_of_several_attempts_the_right_one_counts():
    tries = {"ana": "bba", "ben": "abb", "cem": "bab"}
    rows = [(name, "q0", letter, n) for name, letters in tries.items() for n, letter in enumerate(letters, 1)]
    for policy, points in (("last", [1, 0, 0]), ("first", [0, 1, 0]), ("best", [1, 1, 1])):
        answers, scores, _ = pulled(rows, policy)
        assert scores.totals.tolist() == points
        assert int(answers.counts.sum()) == 3
