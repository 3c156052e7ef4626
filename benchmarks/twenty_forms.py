"""Typed answers in twenty forms, equal to the key and not: what is mostly typed; `typed_answers` looks for trouble.

The forms are those of the comparison with other tools in which each of them was tried, for two to six masked positions
instead of two. As there, every text is different, and what must come out is known from how it was made.
"""

from __future__ import annotations

import random
from fractions import Fraction

from benchmarks.common_world import WORLDS, World, p, scaled_logs, times
from benchmarks.hands import Hand
from benchmarks.typed_answers import LONGEST, SHORTEST, Typed, wrong
from grading.expressions import HALF, TWO, Expression, Logarithm, Number, Power, Quotient, Sum, add, multiply
from grading.verdicts import Verdict


class Forms:
    """The forms of one answer for one world. order: of the positions."""

    def __init__(self, world: World, draw: random.Random) -> None:
        self.world, self.draw = world, draw
        self.order = list(world.masks)
        draw.shuffle(self.order)
        self.product = multiply(*map(p, self.order))
        self.logs = tuple(Logarithm(p(k)) for k in self.order)

    def scaled(self, *more: tuple[int, Fraction]) -> Expression:
        """The terms of the key, and more."""
        return scaled_logs((*((k, self.world.scale) for k in self.order), *more))

    def whole(self, factor: Fraction | int, tree: Expression) -> Expression:
        """So many times the scale of the key in front of a tree."""
        return times(self.world.scale * factor, tree)

    def right(self) -> tuple[Expression, ...]:
        """Nine that are equal to the key."""
        scale, other = self.world.scale, self.draw.randrange(1, len(self.world.sentence.tokens))
        cut = self.draw.randrange(1, len(self.order))
        halves = [Logarithm(multiply(*map(p, part))) for part in (self.order[:cut], self.order[cut:])]
        return (
            self.scaled(),
            self.whole(1, add(*self.logs)),
            self.whole(1, Logarithm(self.product)),
            self.whole(1, add(*halves)),
            self.whole(-1, Logarithm(Quotient(Number(Fraction(1)), self.product))),
            self.whole(2, Logarithm(Power(self.product, HALF))),
            self.whole(Fraction(1, 2), Logarithm(Power(self.product, TWO))),
            self.scaled((other, scale), (other, -scale)),
            Sum((self.scaled(), times(Fraction(0), Logarithm(p(other))))),
        )

    def believed(self) -> tuple[tuple[tuple[str, ...], Expression], ...]:
        """Seven that the key knows, each with what is believed by those who give it."""
        world = self.world
        trees = dict(world.believed)
        scaled = {
            ids: scaled_logs(tuple((k, terms[0][1]) for k in self.order), base)
            for ids, terms, base in world.scaled
            if {k for k, _ in terms} == set(self.order)
        }
        mean = "mean-over-masks" if abs(world.scale) == 1 else "sum-when-mean-asked"
        ids = [(name,) for name in ("sum-of-probs", "log-of-sum", "product-of-logs", "product-of-probs")]
        return (
            *((name, trees[name]) for name in ids),
            *((name, scaled[name]) for name in (("flip-sign",), ("wrong-log-base",), (mean,))),
        )

    def near(self) -> tuple[Expression, ...]:
        """Four that nobody knows."""
        draw, scale = self.draw, self.world.scale
        others = [k for k in range(len(self.world.sentence.tokens)) if k not in self.order]
        other = draw.choice(others)
        part = scale * Fraction(draw.randrange(1, 10), 10)
        rest = tuple((k, scale) for k in self.order[1:])
        return (
            self.scaled((other, scale)),
            scaled_logs(((other, scale), *rest)),
            scaled_logs(((self.order[0], part), *rest)),
            Sum((self.scaled(), Number(Fraction(draw.randrange(1, 1000), 10_000)))),
        )


def plain_answers(count: int, seed: int = 1) -> list[Typed]:
    """So many different answers: of twenty, nine are right, seven are known to be wrong, four are near misses."""
    draw = random.Random(seed)
    found: dict[str, Typed] = {}
    while len(found) < count:
        typed = _one(draw)
        if SHORTEST <= len(typed.text) <= LONGEST:
            found.setdefault(typed.text, typed)
    return list(found.values())


def _one(draw: random.Random) -> Typed:
    world = draw.choice(WORLDS)
    forms, hand = Forms(world, draw), Hand(draw, world)
    chance = draw.randrange(20)
    if chance < 9:
        tree = draw.choice(forms.right())
        return Typed(world.key, hand.text(tree), "right", tree, Verdict.CORRECT, Fraction(1))
    if chance < 16:
        ids, tree = draw.choice(forms.believed())
        return wrong(world, hand, "belief", tree, ids)
    return wrong(world, hand, "near miss", draw.choice(forms.near()), ())
