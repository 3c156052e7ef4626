"""Typed answers, made from trees, so that what must come out is known before anything is judged.

A tree says what is meant: the right answer in one of its equal forms, a wrong one that the key knows, a near miss.
A `Hand` writes it as one learner would; slips are texts that cannot be read. The same seed gives the same answers.
No two answers of a set are the same text.
"""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Literal, NamedTuple

from benchmarks.common_world import WORLDS, World, p, times
from benchmarks.hands import Hand, is_constant
from grading.expressions import (
    HALF,
    TWO,
    Exponential,
    Expression,
    Extremum,
    Logarithm,
    Negation,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    add,
    multiply,
    rational,
)
from grading.keys import SymbolicKey
from grading.verdicts import Verdict

SHORTEST, LONGEST = 60, 140
"""Characters of an answer."""

Kind = Literal["right", "belief", "near miss", "slip"]


class Typed(NamedTuple):
    """One answer and what must come out.

    tree: what is written, None for a slip. credit: the score, None for a slip. misconceptions: of the known wrong
    answer that it is, () if it is none.
    """

    key: SymbolicKey
    text: str
    kind: Kind
    tree: Expression | None
    verdict: Verdict
    credit: Fraction | None
    misconceptions: tuple[str, ...] = ()


# --- what is meant

Terms = tuple[tuple[int, Fraction], ...]
"""Coefficients of the logarithms by position."""


class Writer:
    """Chooses among the equal forms of a sum of logarithms. decimals: coefficients are split into random decimals."""

    def __init__(self, draw: random.Random, decimals: bool) -> None:
        self.draw, self.decimals = draw, decimals

    def logs(self, terms: Terms, base: Expression | None) -> Expression:
        """A form of Σ c·log p."""
        draw = self.draw
        shuffled = list(terms)
        draw.shuffle(shuffled)
        coefficients = {c for _, c in shuffled}
        if len(coefficients) == 1 and not self.decimals and draw.random() < 0.45:
            common = coefficients.pop()
            inner = self.logs(tuple((k, Fraction(1)) for k, _ in shuffled), base)
            return inner if common == 1 else self.scaled(common, inner)
        groups: list[list[tuple[int, Fraction]]] = []
        for term in shuffled:
            joined = groups and groups[-1][0][1] == term[1] and draw.random() < 0.35
            if joined and not self.decimals:
                groups[-1].append(term)
            else:
                groups.append([term])
        parts = [self.group(tuple(k for k, _ in group), group[0][1], base) for group in groups]
        if draw.random() < 0.05:
            parts.insert(
                draw.randrange(len(parts) + 1), draw.choice((Number(Fraction(0)), Logarithm(Number(Fraction(1)))))
            )
        flat = [term for part in parts for term in (part.terms if isinstance(part, Sum) else (part,))]
        if self.decimals:
            draw.shuffle(flat)
        return add(*flat)

    def scaled(self, scale: Fraction, tree: Expression) -> Expression:
        """scale · tree, in front or below."""
        if scale < 0:
            return Negation(self.scaled(-scale, tree))
        if scale == 1:
            return tree
        if scale.numerator == 1 and self.draw.random() < 0.4:
            return Quotient(tree, Number(Fraction(scale.denominator)))
        decimal = scale.denominator in (2, 4) and self.draw.random() < 0.3
        return Product((Number(scale) if decimal else rational(scale), tree))

    def group(self, positions: tuple[int, ...], scale: Fraction, base: Expression | None) -> Expression:
        """A form of scale · log of the product of the probabilities at these positions."""
        draw = self.draw
        names = tuple(map(p, positions))
        if self.decimals:
            part = Fraction(draw.randrange(1, 10_000), 10_000)
            (name,) = names
            return Sum((self.signed(part, Logarithm(name, base)), self.signed(scale - part, Logarithm(name, base))))
        inner = multiply(*names)
        match draw.randrange(12):
            case 0:
                return self.scaled(-scale, Logarithm(Quotient(Number(Fraction(1)), inner), base))
            case 1:
                return self.scaled(scale / 2, Logarithm(Power(inner, TWO), base))
            case 2 if base is None:
                return self.scaled(
                    scale, Quotient(Logarithm(inner, TWO), Logarithm(Exponential(Number(Fraction(1))), TWO))
                )
            case 3:
                return self.scaled(2 * scale, Logarithm(Power(inner, HALF), base))
            case 4 if base is None:
                return self.scaled(scale, Logarithm(Exponential(add(*(Logarithm(name) for name in names)))))
            case 5 if base is TWO:
                return self.scaled(scale, Quotient(Logarithm(inner), Logarithm(TWO)))
            case 6 if scale == 1:
                return Sum(
                    (times(Fraction(3), Logarithm(inner, base)), Negation(times(Fraction(2), Logarithm(inner, base))))
                )
        return self.scaled(scale, Logarithm(inner, base))

    def signed(self, scale: Fraction, tree: Expression) -> Expression:
        """scale · tree with the scale as a decimal, or as a fraction if it is none."""
        if scale < 0:
            return Negation(self.signed(-scale, tree))
        plain = scale.denominator
        for prime in (2, 5):
            while plain % prime == 0:
                plain //= prime
        return Product((Number(scale) if plain == 1 else rational(scale), tree))

    def shuffled(self, tree: Expression) -> Expression:
        """The tree with terms and factors in another order, and perhaps a factor or a term that changes nothing."""
        draw = self.draw
        match tree:
            case Sum(terms) | Product(terms) | Extremum(_, terms):
                parts = [self.shuffled(term) for term in terms]
                draw.shuffle(parts)
                parts.sort(key=lambda part: isinstance(tree, Product) and not is_constant(part))  # numbers in front
                if isinstance(tree, Extremum):
                    return Extremum(tree.which, tuple(parts))
                return Sum(tuple(parts)) if isinstance(tree, Sum) else Product(tuple(parts))
            case Negation(operand):
                return Negation(self.shuffled(operand))
            case Logarithm(argument, base):
                return Logarithm(self.shuffled(argument), base)
            case Power(below, exponent):
                return Power(self.shuffled(below), exponent)
            case Quotient(above, below):
                return Quotient(self.shuffled(above), below)
        return tree


# --- sets of answers


def answers(count: int, seed: int = 1, decimals: bool = False) -> list[Typed]:
    """So many different answers: of eight, about three right, three that the key knows to be wrong, two near misses,
    and a few slips.

    decimals: every coefficient of a logarithm is a sum of random decimals, so that nothing is met twice.
    """
    draw = random.Random(seed)
    found: dict[str, Typed] = {}
    while len(found) < count:
        world = draw.choice(WORLDS)
        typed = _one(draw, world, Writer(draw, decimals))
        if SHORTEST <= len(typed.text) <= LONGEST:
            found.setdefault(typed.text, typed)
    return list(found.values())


def _one(draw: random.Random, world: World, writer: Writer) -> Typed:
    hand = Hand(draw, world)
    right = tuple((k, world.scale) for k in world.masks)
    chance = draw.random()
    if chance < 0.38:
        tree = writer.logs(right, None)
        return Typed(world.key, hand.text(tree), "right", tree, Verdict.CORRECT, Fraction(1))
    if chance < 0.58:
        ids, terms, base = draw.choice(world.scaled)
        return wrong(world, hand, "belief", writer.logs(terms, base), ids)
    if chance < 0.74 and not writer.decimals:
        ids, tree = draw.choice(world.believed)
        return wrong(world, hand, "belief", writer.shuffled(tree), ids)
    if chance < 0.97:
        return wrong(world, hand, "near miss", _near_miss(draw, world, writer, right), ())
    text = _slip(draw, hand.text(writer.logs(right, None)))
    return Typed(world.key, text, "slip", None, Verdict.INVALID, None)


def wrong(world: World, hand: Hand, kind: Kind, tree: Expression, ids: tuple[str, ...]) -> Typed:
    credit = next((rival.credit for rival in world.key.rivals if rival.misconceptions == ids), Fraction(0))
    verdict = Verdict.PARTIAL if credit else Verdict.INCORRECT
    return Typed(world.key, hand.text(tree), kind, tree, verdict, credit, ids)


def _near_miss(draw: random.Random, world: World, writer: Writer, right: Terms) -> Expression:
    """Coefficients that are neither those of the key nor of any answer that it knows, or a small number besides."""
    known = {tuple(sorted(terms)) for _, terms, base in world.scaled if base is None} | {tuple(sorted(right))}
    if draw.random() < 0.25:
        small = Number(Fraction(1, 10 ** draw.randrange(1, 13)))
        return Sum((writer.logs(right, None), draw.choice((small, Negation(small)))))
    while True:
        terms = list(right)
        place = draw.randrange(len(terms))
        k, c = terms[place]
        match draw.randrange(5):
            case 0:
                terms[place] = (draw.randrange(len(world.sentence.tokens)), c)
            case 1:
                terms.pop(place)
            case 2:
                terms.append((draw.randrange(len(world.sentence.tokens)), c))
            case 3:
                terms[place] = (k, -c)
            case 4:
                terms[place] = (k, c * draw.choice((Fraction(2), Fraction(3), Fraction(999, 1000), Fraction(1, 2))))
        distinct = len({k for k, _ in terms}) == len(terms)
        if terms and distinct and tuple(sorted(terms)) not in known:
            return writer.logs(tuple(terms), None)


def _slip(draw: random.Random, text: str) -> str:
    """The text with something that cannot be read."""
    match draw.randrange(5):
        case 0:
            return text + draw.choice((" +", "(", "*", " = 0"))
        case 1:
            return "(" + text
        case 2:
            return text + draw.choice((" + q_2", " + log y", " + log z_1", " + log p_77"))
        case 3:
            return text + draw.choice((r" + \foo", " + log p_2!", " + 2 3"))
    return text.replace("p", "р", 1) if "p" in text else text + ")"  # a Cyrillic letter
