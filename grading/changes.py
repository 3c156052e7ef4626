"""Which single change turns a key into a wrong answer: the generic beliefs about a sum of logarithms.

They act on the key's own tree, so they explain an answer to any key of that shape, without a bank. A change that leaves
the key what it is (one term only, say) explains nothing and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from grading.equivalence import Side, World
from grading.expressions import (
    ONE,
    TWO,
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
    atoms,
    children,
    multiply,
    rational,
    with_children,
)
from grading.keys import Assumption
from grading.parsing.language import Language
from grading.rivals import KnownFormulas


class LogSum(NamedTuple):
    """scale · (log a₁ + log a₂ + …), all to one base."""

    scale: Fraction
    arguments: tuple[Expression, ...]
    base: Expression | None


def log_sum(tree: Expression) -> LogSum | None:
    """The tree as a scaled sum of logarithms, if it is written as one.

    >>> from grading.expressions import Symbol
    >>> found = log_sum(Negation(Logarithm(Product((Symbol("p"), Symbol("q"))))))
    >>> found.scale, len(found.arguments)
    (Fraction(-1, 1), 2)
    """
    match tree:
        case Logarithm(Product(factors), base):
            return LogSum(Fraction(1), factors, base)
        case Logarithm(argument, base):
            return LogSum(Fraction(1), (argument,), base)
        case Negation(operand):
            return _scaled(log_sum(operand), Fraction(-1))
        case Quotient(numerator, denominator) if (value := constant_value(denominator)) is not None and value:
            return _scaled(log_sum(numerator), 1 / value)
        case Product(factors):
            values = [constant_value(factor) for factor in factors]
            if values.count(None) != 1:
                return None
            found = log_sum(factors[values.index(None)])
            for value in values:
                found = found if value is None else _scaled(found, value)
            return found
        case Sum(terms):
            return _joined([log_sum(term) for term in terms])
    return None


def _scaled(found: LogSum | None, factor: Fraction) -> LogSum | None:
    return None if found is None else found._replace(scale=found.scale * factor)


def _joined(parts: list[LogSum | None]) -> LogSum | None:
    known = [part for part in parts if part is not None]
    first = known[0] if known else None
    if first is None or len(known) < len(parts):
        return None
    if any((part.scale, part.base) != (first.scale, first.base) for part in known):
        return None
    return first._replace(arguments=tuple(argument for part in known for argument in part.arguments))


def constant_value(tree: Expression) -> Fraction | None:
    """The value of a number or quotient of numbers, else None."""
    match tree:
        case Number(value):
            return value
        case Negation(operand):
            value_ = constant_value(operand)
            return None if value_ is None else -value_
        case Quotient(numerator, denominator):
            above, below = constant_value(numerator), constant_value(denominator)
            return above / below if above is not None and below else None
    return None


def _scaled_tree(scale: Fraction, tree: Expression) -> Expression:
    if scale == 1:
        return tree
    if scale == -1:
        return Negation(tree)
    return Product((rational(scale), tree)) if scale > 0 else Negation(Product((rational(-scale), tree)))


def _changes(key: Expression) -> Iterator[tuple[str, Expression]]:
    """(misconception, wrong expression), the most telling first."""
    yield "flip-sign", Negation(key)
    found = log_sum(key)
    if found is None:
        return
    scale, arguments, base = found
    n = len(arguments)
    logs = [Logarithm(argument, base) for argument in arguments]
    sign = Fraction(1 if scale > 0 else -1)
    signed_logs = [_scaled_tree(sign, log) for log in logs]
    for factor in dict.fromkeys((scale, Fraction(1))):
        yield "sum-of-probs", _scaled_tree(factor, add(*arguments))
        yield "product-of-probs", _scaled_tree(factor, multiply(*arguments))
        yield "log-of-sum", _scaled_tree(factor, Logarithm(add(*arguments), base))
        yield "log-of-mean", _scaled_tree(factor, Logarithm(Quotient(add(*arguments), rational(n)), base))
    for factor in dict.fromkeys((abs(scale), Fraction(1))):
        yield "product-of-logs", _scaled_tree(factor, multiply(*signed_logs))
        yield "product-of-logs", _scaled_tree(sign * factor, multiply(*logs))
    if abs(scale) == 1:
        yield "mean-over-masks", Quotient(key, rational(n))
    else:
        yield "sum-when-mean-asked", _scaled_tree(sign, add(*logs))
    for other in (TWO, Number(Fraction(10)), None):
        yield "wrong-log-base", _scaled_tree(scale, add(*(Logarithm(argument, other) for argument in arguments)))
    yield "log-ratio", _scaled_tree(scale, Sum((logs[0], *(Negation(log) for log in logs[1:])))) if n > 1 else key
    yield "linear-loss", _scaled_tree(scale, add(*(Sum((argument, Negation(ONE))) for argument in arguments)))
    squares = [Power(Sum((ONE, Negation(argument))), TWO) for argument in arguments]
    yield "squared-error", _scaled_tree(-scale, add(*squares))
    if n > 1:
        yield "worst-token-only", _scaled_tree(scale, Extremum("min", tuple(logs)))
        yield "only-first-mask", _scaled_tree(scale, logs[0])
        yield "only-last-mask", _scaled_tree(scale, logs[-1])


def second_changes(tree: Expression, terms: int) -> Iterator[tuple[str, Expression]]:
    """(misconception, expression): what is often done on top of another mistake, to the whole of a formula.

    terms: how many terms the key has.

    >>> from grading.expressions import Symbol
    >>> [name for name, _ in second_changes(Logarithm(Symbol("p")), 2)]
    ['flip-sign', 'mean-over-masks', 'wrong-log-base', 'wrong-log-base']
    """
    yield "flip-sign", Negation(tree)
    if terms > 1:
        yield "mean-over-masks", Quotient(tree, rational(terms))
    for base in (TWO, Number(Fraction(10)), None):
        other = in_base(tree, base)
        if other != tree:
            yield "wrong-log-base", other


def in_base(tree: Expression, base: Expression | None) -> Expression:
    """The tree with every logarithm to this base.

    >>> from grading.expressions import Symbol
    >>> in_base(Negation(Logarithm(Symbol("p"))), TWO) == Negation(Logarithm(Symbol("p"), TWO))
    True
    """
    changed = with_children(tree, tuple(in_base(child, base) for child in children(tree)))
    return Logarithm(changed.argument, base) if isinstance(changed, Logarithm) else changed


@lru_cache(maxsize=512)
def known_changes(
    key: Expression, language: Language, assumption: Assumption = "probability"
) -> KnownFormulas[tuple[str, ...]]:
    """The changes that make a difference for this key, by name: single ones, then two on top of each other."""
    world = World.of(language, assumption)
    right = world.side(key)
    if not atoms(key):
        return KnownFormulas(world, [(Negation(key), ("flip-sign",))])
    found = log_sum(key)
    single = [(tree, (name,)) for name, tree in _changes(key) if not world.equal(right, world.side(tree))]
    double = [
        (second, (*names, name))
        for tree, names in single
        for name, second in second_changes(tree, len(found.arguments) if found else 1)
        if name not in names and not world.equal(right, world.side(second))
    ]
    return KnownFormulas(world, [*single, *double])


def explain(
    key: Expression, answer: Expression, language: Language, assumption: Assumption = "probability"
) -> tuple[tuple[str, ...], ...]:
    """What explains an answer: the ids of beliefs whose expression is proven to be it, of the fewest steps; all ties.

    >>> from grading.expressions import Symbol
    >>> p, q = Symbol("p"), Symbol("q")
    >>> explain(Sum((Logarithm(p), Logarithm(q))), Logarithm(Sum((p, q))), Language())
    (('log-of-sum',),)
    >>> explain(Sum((Logarithm(p), Logarithm(q))), Negation(Logarithm(Sum((p, q)))), Language())
    (('log-of-sum', 'flip-sign'),)
    """
    return fewest(known_changes(key, language, assumption), World.of(language, assumption).side(answer))


def fewest(known: KnownFormulas[tuple[str, ...]], answer: Side) -> tuple[tuple[str, ...], ...]:
    """Of the known formulas that an answer equals, the names of those of the fewest steps, each once, in order."""
    same = list(known.proven(answer))
    least = min(map(len, same), default=0)
    first: dict[frozenset[str], tuple[str, ...]] = {}
    for names in same:
        if len(names) == least:
            first.setdefault(frozenset(names), names)  # in which order two were made makes no difference
    return tuple(first.values())
