"""A normal form read as terms: how they are combined, what each is about, and what stands in front of it.

This is the only module that looks inside a normal form.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

from grading.forms import Form
from grading.polynomials import ONE, Generator, Monomial, Polynomial, Rational

from .coefficients import ONE as ONE_COEFFICIENT
from .coefficients import Coefficient, coefficient, scaled
from .places import Leaf

_LARGEST = 400_000_000  # up to here the primes of a number are known, so that its logarithm is taken apart

What = Literal["constant", "log", "probability", "power", "logs", "log-of-sum", "weighted"]


class Part(NamedTuple):
    """One summand: a coefficient times something about some probabilities.

    what: ``constant``; ``log`` of one probability; a ``probability``; ``power``: a product of powers of
        probabilities; ``logs``: a product of logarithms; ``log-of-sum``: one logarithm of a plain sum;
        ``weighted``: p·log p. exponents: of the probabilities, in their order.
    """

    what: What
    leaves: tuple[Leaf, ...]
    exponents: tuple[Rational, ...]
    coefficient: Coefficient


def parts_of(form: Form) -> tuple[Part, ...] | None:
    """The summands; None where there is one of another shape."""
    if form.positive or form.nonzero:
        return None
    if form.denominator != ONE and not all(_is_constant(g) for monomial in form.denominator for g, _ in monomial):
        return None
    terms = sorted(form.numerator.items())  # in which order terms were written changes no word
    if form.denominator is ONE and (plain := _plain_parts(terms)):
        return plain
    groups: dict[Monomial, Polynomial] = {}
    for monomial, number in terms:
        split = _split(monomial)
        if split is None:
            return None
        constants, rest = split
        group = groups.get(rest)
        if group is None:
            groups[rest] = {constants: number}
        else:
            group[constants] = number
    one = ONE_COEFFICIENT if form.denominator is ONE else coefficient(ONE, form.denominator)
    if one is None:
        return None
    found: list[Part] = []
    for monomial, front in groups.items():
        alone = front.get(()) if len(front) == 1 else None
        factor = coefficient(front, form.denominator) if alone is None else scaled(one, alone)
        part = None if factor is None else _part(monomial, factor)
        if part is None:
            return None
        found.append(part)
    return tuple(found)


def _plain_parts(terms: list[tuple[Monomial, Rational]]) -> tuple[Part, ...]:
    """The summands where each is a rational number times one unknown, or alone; none otherwise."""
    found: list[Part] = []
    for monomial, number in terms:
        factor = ONE_COEFFICIENT if number == 1 else Coefficient(number)
        if not monomial:
            found.append(Part("constant", (), (), factor))
            continue
        generator, exponent = monomial[0]
        what, leaves = _meaning(generator)
        if len(monomial) > 1 or exponent != 1 or not what or what == "constant":
            return ()
        found.append(Part(what, leaves, (1,), factor))
    return tuple(found)


def _split(monomial: Monomial) -> tuple[Monomial, Monomial] | None:
    """The constants and the rest of a monomial."""
    if len(monomial) == 1 and _meaning(monomial[0][0])[0] != "constant":
        return (), monomial
    meanings = [_meaning(generator)[0] for generator, _ in monomial]
    if "" in meanings:
        return None
    constants = tuple([power for power, what in zip(monomial, meanings, strict=True) if what == "constant"])
    return constants, tuple([power for power, what in zip(monomial, meanings, strict=True) if what != "constant"])


def _part(monomial: Monomial, factor: Coefficient) -> Part | None:
    if not monomial:
        return Part("constant", (), (), factor)
    if len(monomial) == 1:
        ((generator, exponent),) = monomial
        what, leaves = _meaning(generator)
        if exponent == 1:
            return Part(what, leaves, (1,), factor) if what else None
        return Part("power", leaves, (exponent,), factor) if what == "probability" else None
    meanings = [_meaning(generator) for generator, _ in monomial]
    kinds = {what for what, _ in meanings}
    leaves = tuple([leaf for _, found in meanings for leaf in found])
    exponents = tuple([exponent for _, exponent in monomial])
    if kinds == {"probability"}:
        return Part("power", leaves, exponents, factor)
    if set(exponents) != {1}:
        return None
    if kinds == {"log"}:
        return Part("logs", leaves, exponents, factor)
    if kinds == {"log", "probability"} and len(leaves) == 2 and leaves[0] == leaves[1]:
        return Part("weighted", leaves[:1], (1,), factor)
    return None


@lru_cache(maxsize=16384)
def _meaning(generator: Generator) -> tuple[What | Literal[""], tuple[Leaf, ...]]:
    """What an unknown of the normal form is, and the probabilities in it; ``""`` for any other."""
    if generator.kind == "atom":
        return "probability", (generator.content,)
    if _is_constant(generator):
        return "constant", ()
    inside = generator.content
    if generator.kind != "log" or not isinstance(inside, dict):
        return "", ()
    leaves: list[Leaf] = []
    for monomial, number in inside.items():
        if number != 1 or len(monomial) != 1 or monomial[0][1] != 1 or monomial[0][0].kind != "atom":
            return "", ()
        leaves.append(monomial[0][0].content)
    return ("log" if len(leaves) == 1 else "log-of-sum"), tuple(leaves)


def _is_constant(generator: Generator) -> bool:
    if generator.kind not in ("log", "prime", "exp") or set(generator.content) != {()}:
        return False
    number = generator.content[()]
    return bool(-_LARGEST <= number <= _LARGEST)
