"""Bernstein coefficients: a polynomial whose coefficients in that basis have one sign has that sign on the unit box."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product

from grading.unknowns import MAX_BITS, Fuel, Generator, Monomial, Polynomial, Rational

MAX_SIZE = 1_024
MAX_WORK = 20_000


def sign_of_primitive(polynomial: Polynomial, fuel: Fuel | None) -> int:
    """The sign that a primitive polynomial with a positive first term is proven to have almost everywhere; else 0.

    Terms without unknowns in (0, 1) have the sign of their coefficient, or none that is known; what stands in front of
    each of them must have one sign on the box. fuel: pays for it, if there is some.
    """
    if all(c > 0 for c in polynomial.values()) and all(
        g.range in ("unit", "positive") for monomial in polynomial for g, _ in monomial
    ):
        return 1
    units = sorted({g for m in polynomial for g, _ in m if g.range == "unit"})
    scales, degrees = _degrees(units, polynomial)
    if _too_large(degrees):
        return 0
    below = math.lcm(*(c.denominator for c in polynomial.values()))
    if below.bit_length() > MAX_BITS:
        return 0
    groups: dict[Monomial, dict[tuple[int, ...], int]] = {}
    for monomial, coefficient in polynomial.items():
        split = _without_units(monomial)
        if split is None:
            return 0
        flipped, others = split
        exponents = dict(monomial)
        place = tuple([int(exponents.get(g, 0) * k) for g, k in zip(units, scales, strict=True)])
        whole = coefficient.numerator * (below // coefficient.denominator)
        groups.setdefault(others, {})[place] = -whole if flipped else whole
    if fuel is not None:
        fuel.spend(len(groups) * (5 + _steps(degrees) // 4))
    found: set[int] = set()
    for group in groups.values():
        found.add(box_sign(group, degrees))
        if found not in ({1}, {-1}):
            return 0
    return found.pop()


def _degrees(units: list[Generator], polynomial: Polynomial) -> tuple[list[int], list[int]]:
    """For each generator the number by which its exponents become whole, and the largest of them then."""
    exponents: dict[Generator, list[Rational]] = {g: [] for g in units}
    for monomial in polynomial:
        for generator, e in monomial:
            if generator in exponents:
                exponents[generator].append(e)
    scales = [math.lcm(*(e.denominator for e in found)) for found in exponents.values()]
    return scales, [int(max(found) * k) for found, k in zip(exponents.values(), scales, strict=True)]


def _without_units(monomial: Monomial) -> tuple[bool, Monomial] | None:
    """(whether what is left is negative, what is left without generators in (0, 1)); None: its sign is not known."""
    flipped = False
    others = []
    for generator, e in monomial:
        if generator.range == "unit":
            continue
        if generator.range != "positive":
            if not isinstance(e, int) or (generator.range == "real" and e % 2):
                return None
            flipped ^= bool(e % 2)
        others.append((generator, e))
    return flipped, tuple(others)


def _steps(degrees: Sequence[int]) -> int:
    """The additions that `box_sign` takes."""
    return math.prod(degree + 1 for degree in degrees) * (2 + sum(degree + 1 for degree in degrees)) // 2


def _too_large(degrees: Sequence[int]) -> bool:
    """Whether there are more coefficients than are looked at."""
    return math.prod(degree + 1 for degree in degrees) > MAX_SIZE or _steps(degrees) > MAX_WORK


def box_sign(terms: Mapping[tuple[int, ...], int], degrees: Sequence[int]) -> int:
    """1 or -1 if all Bernstein coefficients on the unit box have this sign or are zero, not all of them; else 0.

    terms: {exponents: coefficient}. degrees: the largest exponent of each unknown.

    >>> box_sign({(0,): 1, (1,): -1}, [1]), box_sign({(0,): -1, (1,): 2}, [1])  # 1 - x, 2x - 1
    (1, 0)
    """
    values = [terms.get(place, 0) for place in product(*(range(degree + 1) for degree in degrees))]
    for degree in reversed(degrees):  # each turn changes the last unknown and brings it to the front
        count = degree + 1
        lines = [_changed(values[start : start + count]) for start in range(0, len(values), count)]
        values = [line[k] for k in range(count) for line in lines]
    low, high = min(values), max(values)
    return 1 if low >= 0 < high else -1 if high <= 0 > low else 0


def _changed(line: list[int]) -> list[int]:
    """Coefficients of Σ aₚ xᵖ to those of Σ aₚ xᵖ (1 + x)^(d - p): Bernstein coefficients times (d over p).

    The scheme of Horner, with additions only.
    """
    done = line[:1]
    for value in line[1:]:
        done = [done[0], *map(int.__add__, done, done[1:]), done[-1] + value]
    return done
