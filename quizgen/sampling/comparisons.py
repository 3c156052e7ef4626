"""Model comparisons that diagnose: each mistaken rule prefers a model of its own, and none of them the right one.

Of random tables of four models and two masks only one in eight thousand is like that, so tables are built: the key
model first, then one model for each rule, taken from all rows that keep every earlier promise. Sets of rows are
the bits of one whole number, which makes "all rows with a larger sum and a product below that" one operation.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import cache
from itertools import product
from math import prod
from typing import Any

import msgspec

from quizgen.sampling.draws import Stream
from quizgen.sampling.probabilities import GRID
from quizgen.sampling.spaces import ATTEMPTS, CannotDraw

MARGIN = Fraction(1084, 1000)
"""How many times more likely the key model makes the true words than the next: at least 0.08 nats, e^0.08 = 1.08329…"""

KEY = "key"
MOST_MASKS = 3

_Row = tuple[int, ...]
"""The probabilities of one model in twentieths."""

_FAVOUR: dict[str, Callable[[Sequence[Any]], Any]] = {
    KEY: prod,
    "sum-of-probs": sum,
    "linear-loss": sum,
    "only-first-mask": lambda row: row[0],
    "only-last-mask": lambda row: row[-1],
    "worst-token-only": min,
    "lowest-prob-lowest-loss": lambda row: -prod(row),
}
"""What each rule wants to be as large as possible."""

COMPARISON_RULES = tuple(rule for rule in _FAVOUR if rule != KEY)
"""The misconceptions that a table can tell apart from the key and from each other."""


class ModelTable(msgspec.Struct, frozen=True):
    """Probabilities of the true words by model and mask.

    key: the model with the largest product. favourites: (misconception, the model that it prefers).
    """

    rows: tuple[tuple[Fraction, ...], ...]
    key: int
    favourites: tuple[tuple[str, int], ...]


class RankedModels(msgspec.Struct, frozen=True):
    """Models to be ordered. order: from the lowest to the highest loss; wrong: (misconception, its order)."""

    rows: tuple[tuple[Fraction, ...], ...]
    order: tuple[int, ...]
    wrong: tuple[tuple[str, tuple[int, ...]], ...]


def compare_models(stream: Stream, masks: int, against: Sequence[str], models: int = 0) -> ModelTable:
    """A table in which the key and every rule of `against` prefer different models.

    masks: 1 to 3. against: ids from `COMPARISON_RULES`. models: at least one more than rules, which is also the
    default; further models are preferred by nobody. No rule sees a tie; the key wins by at least 0.08 nats; every
    place in the table is equally likely for the key. Raises `CannotDraw` if the rules cannot be told apart so.

    >>> from quizgen.sampling.draws import Source
    >>> table = compare_models(Source(1).stream("t", 0, 0, "models"), 2, ["sum-of-probs"])
    >>> [[float(p) for p in row] for row in table.rows], table.key, table.favourites
    ([[0.9, 0.2], [0.35, 0.7]], 1, (('sum-of-probs', 0),))
    """
    _check(masks, against)
    roles = (KEY, *against)
    models = models or len(roles)
    if models < len(roles):
        raise ValueError(f"{len(against)} rules and the key need {len(roles)} models, not {models}")
    index = _row_index(masks)
    stuck = dict.fromkeys(roles[1:], 0)
    for _ in range(ATTEMPTS):
        placed: list[tuple[str, _Row]] = []
        for role in (*roles, *[""] * (models - len(roles))):
            fitting = index.fitting(role, placed, roles)
            if not fitting:
                stuck[role] = stuck.get(role, 0) + 1
                break
            placed.append((role, index.pick(fitting, stream)))
        else:
            return _table(placed, roles, stream)
    what = f"cannot tell {', '.join(against)} and the key apart by {models} models and {masks} masks"
    raise CannotDraw(what, ATTEMPTS, {f"a model for {role or 'nobody'}": count for role, count in stuck.items()})


def model_table(rows: Sequence[Sequence[Fraction]], against: Sequence[str]) -> ModelTable:
    """The table of given probabilities, one row for each model.

    Raises ValueError where the key or a rule of `against` does not prefer exactly one model.

    >>> model_table([[Fraction(3, 5), Fraction(1, 2)], [Fraction(9, 10), Fraction(3, 10)]], ["sum-of-probs"]).key
    0
    """

    def preferred(rule: str) -> int:
        values = [_FAVOUR[rule](tuple(row)) for row in rows]
        if values.count(max(values)) > 1:
            raise ValueError(f"two models are equal by the rule '{rule}'")
        return values.index(max(values))

    return ModelTable(tuple(map(tuple, rows)), preferred(KEY), tuple((rule, preferred(rule)) for rule in against))


def rank_models(stream: Stream, masks: int = 2, models: int = 4) -> RankedModels:
    """Models whose orders by loss, by sum, by minimum and by reversed loss are all different, without ties.

    Neighbouring losses differ by at least 0.08 nats.
    """
    _check(masks, ())
    index = _row_index(masks)
    rules = ("sum-of-probs", "worst-token-only")
    for _ in range(ATTEMPTS):
        rows: list[_Row] = []
        fitting = index.all
        while fitting and len(rows) < models:
            rows.append(index.pick(fitting, stream))
            fitting &= index.apart(rows[-1], rules)
        if len(rows) == models:
            orders = _orders(rows)
            if len(set(orders.values())) == len(orders):
                return RankedModels(tuple(map(_fractions, rows)), orders.pop(KEY), tuple(orders.items()))
    raise CannotDraw(f"cannot rank {models} models by {masks} masks", ATTEMPTS, {"different-orders": ATTEMPTS})


def ranking_of(rows: Sequence[Sequence[Fraction]]) -> RankedModels:
    """The ranking of given probabilities, one row for each model.

    Raises ValueError where two orders are equal, or two models by the same rule.

    >>> table = [[90, 15], [50, 35], [65, 30], [70, 60]]
    >>> ranking_of([[Fraction(a, 100), Fraction(b, 100)] for a, b in table]).order
    (3, 2, 1, 0)
    """
    orders = _orders(rows)
    tied = any(len({favour(tuple(row)) for row in rows}) < len(rows) for favour in map(_FAVOUR.__getitem__, _RANKED_BY))
    if tied or len(set(orders.values())) < len(orders):
        raise ValueError("by loss, by sum, by minimum and reversed the models stand in four different orders")
    order = orders.pop(KEY)
    return RankedModels(tuple(map(tuple, rows)), order, tuple(orders.items()))


_RANKED_BY = (KEY, "sum-of-probs", "worst-token-only")


def _orders(rows: Sequence[Sequence[Any]]) -> dict[str, tuple[int, ...]]:
    """By rule, the models from the best to the worst."""
    orders = {rule: _order(rows, _FAVOUR[rule]) for rule in _RANKED_BY}
    return {**orders, "lowest-prob-lowest-loss": orders[KEY][::-1]}


def _check(masks: int, against: Sequence[str]) -> None:
    if not 1 <= masks <= MOST_MASKS:
        raise ValueError(f"models are compared by 1 to {MOST_MASKS} masks, not {masks}")
    unknown = [rule for rule in against if rule not in COMPARISON_RULES]
    if unknown:
        raise ValueError(f"{unknown[0]!r} does not prefer a model; use some of {', '.join(COMPARISON_RULES)}")
    if len(set(against)) < len(against):
        raise ValueError(f"a rule stands twice in {', '.join(against)}; name each once")


def _fractions(row: _Row) -> tuple[Fraction, ...]:
    return tuple(GRID[value - 1] for value in row)


def _order(rows: Sequence[Sequence[Any]], favour: Callable[[Sequence[Any]], Any]) -> tuple[int, ...]:
    return tuple(sorted(range(len(rows)), key=lambda model: -favour(rows[model])))


def _table(placed: Sequence[tuple[str, _Row]], roles: Sequence[str], stream: Stream) -> ModelTable:
    """The models in an order drawn uniformly."""
    shown = stream.shuffle(placed)
    at = {role: place for place, (role, _) in enumerate(shown)}
    rows = tuple(_fractions(row) for _, row in shown)
    return ModelTable(rows, at[KEY], tuple((role, at[role]) for role in roles[1:]))


class _Order:
    """Rows by what one rule looks at; a set of rows is a whole number with one bit for each."""

    def __init__(self, values: Sequence[int]) -> None:
        sets: dict[int, int] = {}
        for bit, value in enumerate(values):
            sets[value] = sets.get(value, 0) | 1 << bit
        self._sets, self._values = sets, sorted(sets)
        self._up_to = [0]
        for value in self._values:
            self._up_to.append(self._up_to[-1] | sets[value])

    def below(self, value: int) -> int:
        return self._up_to[bisect_left(self._values, value)]

    def above(self, value: int) -> int:
        return self._up_to[-1] ^ self._up_to[bisect_right(self._values, value)]

    def up_to(self, value: int) -> int:
        return self._up_to[bisect_right(self._values, value)]

    def unlike(self, value: int) -> int:
        return self._up_to[-1] ^ self._sets.get(value, 0)

    def not_the_largest(self) -> int:
        return self._up_to[-2]


def _less_the_margin(value: int) -> int:
    """The largest whole number that is less than a value by the margin."""
    return value * MARGIN.denominator // MARGIN.numerator


def _with_the_margin(value: int) -> int:
    """The smallest whole number that is more than a value by the margin."""
    return -(-value * MARGIN.numerator // MARGIN.denominator)


MOST_APART = 1000


class _RowIndex:
    """All rows of one width, and for every rule the rows in its order."""

    def __init__(self, masks: int) -> None:
        self.rows: tuple[_Row, ...] = tuple(product(range(1, len(GRID) + 1), repeat=masks))
        self.all = (1 << len(self.rows)) - 1
        self._apart: dict[tuple[_Row, tuple[str, ...]], int] = {}
        self._orders = {rule: _Order([favour(row) for row in self.rows]) for rule, favour in _FAVOUR.items()}

    def fitting(self, role: str, placed: Sequence[tuple[str, _Row]], rules: Iterable[str]) -> int:
        """The rows that can play this role beside those placed already; role "" is preferred by no rule."""
        fitting = self.all
        for rule in rules:
            order, favour = self._orders[rule], _FAVOUR[rule]
            values = [favour(row) for _, row in placed]
            holder = next((favour(row) for owner, row in placed if owner == rule), None)
            if rule == role:
                fitting &= order.above(max(values, default=-(10**9)))
            elif holder is None:
                fitting &= order.not_the_largest()
            else:
                fitting &= order.up_to(_less_the_margin(holder)) if rule == KEY else order.below(holder)
            for value in values:
                fitting &= order.unlike(value)
        return fitting

    def apart(self, row: _Row, rules: tuple[str, ...]) -> int:
        """The rows with another loss by the margin, and with another value by every rule."""
        found = self._apart.get((row, rules))
        if found is None:
            if len(self._apart) >= MOST_APART:
                self._apart.clear()
            found = self._apart[row, rules] = self._rows_apart(row, rules)
        return found

    def _rows_apart(self, row: _Row, rules: tuple[str, ...]) -> int:
        order, value = self._orders[KEY], prod(row)
        apart = order.up_to(_less_the_margin(value)) | self.all ^ order.below(_with_the_margin(value))
        for rule in rules:
            order, value = self._orders[rule], _FAVOUR[rule](row)
            apart &= order.unlike(value)
        return apart

    def pick(self, rows: int, stream: Stream) -> _Row:
        """One row of a set that is not empty, each equally likely: the k-th bit, found by halving."""
        k = stream.below(rows.bit_count())
        start, width = 0, len(self.rows)
        while width > 1:
            half = width // 2
            low = rows & (1 << half) - 1
            before = low.bit_count()
            if k < before:
                rows, width = low, half
            else:
                k -= before
                rows, start, width = rows >> half, start + half, width - half
        return self.rows[start]


@cache
def _row_index(masks: int) -> _RowIndex:
    return _RowIndex(masks)
