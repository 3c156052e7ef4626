"""Comparison tables: every rule prefers a model of its own, exactly; many different tables; honest refusals."""

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise, product
from math import factorial, prod

import pytest

from quizgen.sampling.comparisons import (
    COMPARISON_RULES,
    MARGIN,
    ModelTable,
    RankedModels,
    _less_the_margin,
    _with_the_margin,
    compare_models,
    rank_models,
)
from quizgen.sampling.draws import Source, Stream
from quizgen.sampling.probabilities import GRID
from quizgen.sampling.single_mask import (
    DistributionTable,
    TrueWordOutputs,
    compare_distributions,
    draw_true_word_outputs,
)
from quizgen.sampling.spaces import CannotDraw

# The rules once more, over the printed fractions and not over the engine's whole numbers.
RULES: dict[str, Callable[[tuple[Fraction, ...]], Fraction]] = {
    "key": prod,
    "sum-of-probs": lambda row: sum(row, Fraction(0)),
    "linear-loss": lambda row: sum((p - 1 for p in row), Fraction(0)),
    "only-first-mask": lambda row: row[0],
    "only-last-mask": lambda row: row[-1],
    "worst-token-only": min,
    "lowest-prob-lowest-loss": lambda row: -Fraction(prod(row)),
}
BALANCED = ["sum-of-probs", "only-first-mask", "only-last-mask"]


def stream(variant: int = 0, purpose: str = "models") -> Stream:
    return Source(17).stream("t", variant, 0, purpose)


def favourite(rows: tuple[tuple[Fraction, ...], ...], rule: str) -> int:
    """The model that a rule prefers; fails on any tie."""
    values = [RULES[rule](row) for row in rows]
    assert len(set(values)) == len(values), f"{rule} sees a tie in {rows}"
    return values.index(max(values))


def check(table: ModelTable, against: list[str]) -> None:
    assert all(p in GRID for row in table.rows for p in row)
    assert favourite(table.rows, "key") == table.key
    assert dict(table.favourites) == {rule: favourite(table.rows, rule) for rule in against}
    assert len({table.key, *dict(table.favourites).values()}) == len(against) + 1
    best, second = sorted((prod(row) for row in table.rows), reverse=True)[:2]
    assert best >= second * MARGIN


def test_the_margin_is_more_than_008_nats() -> None:
    x = Fraction(8, 100)
    series = sum(x**k / factorial(k) for k in range(8))
    assert series + 2 * x**8 / factorial(8) < MARGIN < series + Fraction(1, 1000)  # an upper bound of e^0.08


@pytest.mark.parametrize(
    ("masks", "against", "models"),
    [
        (2, BALANCED, 4),
        (3, BALANCED, 4),
        (3, ["sum-of-probs", "only-first-mask", "worst-token-only"], 4),
        (2, ["sum-of-probs"], 2),
        (2, ["sum-of-probs"], 4),
        (1, ["lowest-prob-lowest-loss"], 4),
        (2, ["linear-loss", "lowest-prob-lowest-loss"], 3),
        (3, [*BALANCED, "worst-token-only"], 6),
    ],
)
def test_every_rule_prefers_a_model_of_its_own(masks: int, against: list[str], models: int) -> None:
    for variant in range(120):
        table = compare_models(stream(variant), masks, against, models)
        assert len(table.rows) == models
        assert all(len(row) == masks for row in table.rows)
        check(table, against)


def test_thousands_of_draws_are_thousands_of_tables_with_the_key_anywhere() -> None:
    tables = [compare_models(stream(variant), 2, BALANCED) for variant in range(3000)]
    assert len({table.rows for table in tables}) > 2900
    assert len({frozenset(table.rows) for table in tables}) > 2500
    places = Counter(table.key for table in tables)
    assert max(abs(count - 750) for count in places.values()) < 95  # four standard deviations
    for role in range(3):
        places = Counter(table.favourites[role][1] for table in tables)
        assert max(abs(count - 750) for count in places.values()) < 95


def test_two_steps_reach_every_table_that_there_is() -> None:
    """The drawn pairs are among those found by trying all, and most of them come."""
    rows = list(product(range(1, 20), repeat=2))
    all_pairs = {
        (key, other)
        for key in rows
        for other in rows
        if prod(key) * 1000 >= prod(other) * 1084 and sum(other) > sum(key)
    }
    assert len(all_pairs) == 3126
    drawn = set()
    for variant in range(3000):
        table = compare_models(stream(variant), 2, ["sum-of-probs"])
        key, other = (tuple(int(p * 20) for p in table.rows[k]) for k in (table.key, 1 - table.key))
        drawn.add((key, other))
    assert drawn <= all_pairs
    assert len(drawn) > 1400


def test_the_examples_of_the_families_pass_the_same_check() -> None:
    def rows(*models: tuple[int, ...]) -> tuple[tuple[Fraction, ...], ...]:
        return tuple(tuple(Fraction(p, 100) for p in row) for row in models)

    favourites = (("sum-of-probs", 1), ("only-first-mask", 3), ("only-last-mask", 0))
    check(ModelTable(rows((35, 70), (85, 35), (55, 60), (90, 20)), 2, favourites), BALANCED)
    check(ModelTable(rows((60, 50), (90, 30)), 0, (("sum-of-probs", 1),)), ["sum-of-probs"])


@pytest.mark.parametrize(
    ("masks", "against", "models"),
    [(2, ["sum-of-probs", "linear-loss"], 3), (1, ["sum-of-probs"], 2), (1, ["only-first-mask"], 2)],
)
def test_rules_that_agree_cannot_be_told_apart(masks: int, against: list[str], models: int) -> None:
    with pytest.raises(CannotDraw, match=f"cannot tell {', '.join(against)} and the key apart") as refusal:
        compare_models(stream(), masks, against, models)
    assert sum(refusal.value.counts.values()) == refusal.value.considered


@pytest.mark.parametrize(
    ("masks", "against", "models", "message"),
    [
        (0, BALANCED, 4, "1 to 3 masks, not 0"),
        (4, BALANCED, 4, "1 to 3 masks, not 4"),
        (2, ["flip-sign"], 2, "'flip-sign' does not prefer a model"),
        (2, BALANCED, 3, "need 4 models, not 3"),
        (2, ["sum-of-probs", "sum-of-probs"], 3, "twice"),
    ],
)
def test_meaningless_comparisons_are_refused(masks: int, against: list[str], models: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        compare_models(stream(), masks, against, models)


def test_the_rules_are_those_of_this_test() -> None:
    assert set(COMPARISON_RULES) == set(RULES) - {"key"}


def order(rows: tuple[tuple[Fraction, ...], ...], rule: str) -> tuple[int, ...]:
    favourite(rows, rule)  # no ties
    return tuple(sorted(range(len(rows)), key=lambda model: -RULES[rule](rows[model])))


def check_ranking(ranked: RankedModels) -> None:
    assert ranked.order == order(ranked.rows, "key")
    products = [prod(ranked.rows[model]) for model in ranked.order]
    assert all(better >= worse * MARGIN for better, worse in pairwise(products))
    assert dict(ranked.wrong) == {
        "sum-of-probs": order(ranked.rows, "sum-of-probs"),
        "worst-token-only": order(ranked.rows, "worst-token-only"),
        "lowest-prob-lowest-loss": ranked.order[::-1],
    }
    assert len({ranked.order, *dict(ranked.wrong).values()}) == 4


def test_rankings_have_four_different_orders() -> None:
    rankings = [rank_models(stream(variant)) for variant in range(500)]
    for ranked in rankings:
        check_ranking(ranked)
    assert len({ranked.rows for ranked in rankings}) == 500
    places = Counter(ranked.order[0] for ranked in rankings)
    assert max(abs(count - 125) for count in places.values()) < 40


def test_models_that_cannot_be_ranked_differently_are_refused() -> None:
    with pytest.raises(CannotDraw, match="cannot rank 4 models by 1 masks"):
        rank_models(stream(), masks=1)


def check_distributions(table: DistributionTable) -> None:
    favourites = dict(table.favourites)
    trues = [model.true for model in table.models]
    assert trues.index(max(trues)) == table.key
    assert len(set(trues)) == len(trues)
    assert sorted(trues)[-1] >= sorted(trues)[-2] * MARGIN
    tops = [model.top for model in table.models]
    assert favourites["target-top-prediction"] == tops.index(max(tops)) != table.key
    assert tops.count(max(tops)) == 1
    assert favourites["entropy-as-cross-entropy"] != table.key
    assert favourites["lowest-prob-lowest-loss"] == trues.index(min(trues))
    assert all(sum(model.shares) == 1 for model in table.models)


@pytest.mark.parametrize(("models", "other", "different"), [(2, True, False), (2, False, False), (3, True, False)])
def test_the_confident_model_and_the_peaked_model_lose(models: int, other: bool, different: bool) -> None:
    tables = [compare_distributions(stream(v), models, other=other, different=different) for v in range(200)]
    for table in tables:
        check_distributions(table)
    assert len({table.models for table in tables}) == 200
    assert set(Counter(table.key for table in tables)) == set(range(models))


def test_three_models_can_be_preferred_by_three_rules() -> None:
    for variant in range(15):
        table = compare_distributions(stream(variant), 3, different=True)
        check_distributions(table)
        favourites = dict(table.favourites)
        assert favourites["target-top-prediction"] != favourites["entropy-as-cross-entropy"]
    with pytest.raises(ValueError, match="at least 3"):
        compare_distributions(stream(), 2, different=True)
    with pytest.raises(ValueError, match="at least 2"):
        compare_distributions(stream(), 1)


def check_outputs(drawn: TrueWordOutputs) -> None:
    ranked = sorted(drawn.probabilities)
    assert len(set(ranked)) == len(ranked)
    assert drawn.probabilities[drawn.key] == ranked[-1] >= ranked[-2] * MARGIN
    assert drawn.probabilities[drawn.lowest] == ranked[0]


def test_outputs_for_the_true_word() -> None:
    outputs = [draw_true_word_outputs(stream(variant)) for variant in range(400)]
    for drawn in outputs:
        check_outputs(drawn)
        assert drawn.confident is None
        assert drawn.top is None
    places = Counter(drawn.key for drawn in outputs)
    assert max(abs(count - 100) for count in places.values()) < 36


def test_a_confident_wrong_word_beats_every_true_one_and_fits() -> None:
    for variant in range(300):
        drawn = draw_true_word_outputs(stream(variant), confident=True)
        check_outputs(drawn)
        assert drawn.confident not in (None, drawn.key, drawn.lowest)
        assert drawn.top is not None
        assert drawn.confident is not None
        assert drawn.top > max(drawn.probabilities)
        assert drawn.top + drawn.probabilities[drawn.confident] <= Fraction(95, 100)


def test_too_few_outputs_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        draw_true_word_outputs(stream(), 1)
    with pytest.raises(CannotDraw):
        draw_true_word_outputs(stream(), 2, confident=True)


def test_the_margin_in_whole_numbers_is_the_margin() -> None:
    for value in range(1, 20**3):
        assert _less_the_margin(value) * MARGIN <= value < (_less_the_margin(value) + 1) * MARGIN
        assert _with_the_margin(value) >= value * MARGIN > _with_the_margin(value) - 1
