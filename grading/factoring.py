"""Irreducible factors of small polynomials with whole coefficients, by exact arithmetic alone.

Decided are powers, polynomials in one unknown (or in one product of powers of unknowns, as p² - q² is) with few factors
without rational roots, and those in which some unknown has degree 1 or 2. Each result is multiplied out again before it
is given; what is not decided here is left to somebody else.
"""

from __future__ import annotations

import math

from grading import univariate
from grading.univariate import Undecided
from grading.unknowns import Fuel, OutOfFuel

Place = tuple[int, ...]
Whole = dict[Place, int]
"""{exponents: coefficient}, no coefficient zero."""
Factors = list[tuple[Whole, int]]

MAX_TERMS = 60
MAX_DEGREE = 40
MAX_BITS = 512
STEPS = 3_000
_EXPONENTS = (2, 3, 5, 7, 11)


def factors_of(polynomial: Whole) -> tuple[Factors | None, int]:
    """(irreducible factors with multiplicities, up to a number; None if that is not decided; the steps that it took).

    >>> sorted(sorted(part.items()) for part, _ in factors_of({(2, 0): 1, (0, 2): -1})[0])  # p² - q²
    [[((0, 1), -1), ((1, 0), 1)], [((0, 1), 1), ((1, 0), 1)]]
    >>> factors_of({(0,): 1, (1,): -2, (2,): 1})[0]
    [({(0,): -1, (1,): 1}, 2)]
    """
    if (
        len(polynomial) > MAX_TERMS
        or max(map(max, polynomial)) > MAX_DEGREE
        or any(c.bit_length() > MAX_BITS for c in polynomial.values())
    ):
        return None, 1
    fuel = Fuel(STEPS)
    try:
        found = _factors(_primitive(polynomial), fuel)
        _check(polynomial, found, fuel)
    except (OutOfFuel, Undecided):
        return None, min(STEPS, STEPS - fuel.steps)
    return found, STEPS - fuel.steps


def _check(polynomial: Whole, found: Factors, fuel: Fuel) -> None:
    """The factors make the polynomial, up to a number; raises Undecided."""
    product: Whole = {(0,) * len(next(iter(polynomial))): 1}
    for factor, times in found:
        for _ in range(times):
            product = _times(product, factor, fuel)
    if _primitive(product) != _primitive(polynomial):
        raise Undecided


def _factors(polynomial: Whole, fuel: Fuel) -> Factors:
    fuel.spend(10 + 2 * len(polynomial))
    polynomial, found = without_unknowns(polynomial)
    if len(polynomial) == 1:
        return found
    if (line := on_a_line(polynomial)) is not None:
        direction, coefficients = line
        return found + [(laid_out(factor, direction), k) for factor, k in univariate.factors(coefficients, fuel)]
    if (root := _root(polynomial, fuel)) is not None:
        base, exponent = root
        return found + [(factor, k * exponent) for factor, k in _factors(base, fuel)]
    return found + _by_one_unknown(polynomial, fuel)


def without_unknowns(polynomial: Whole) -> tuple[Whole, Factors]:
    """The polynomial without the unknowns that divide it, and these."""
    lowest = tuple(map(min, zip(*polynomial, strict=True)))
    if not any(lowest):
        return polynomial, []
    found: Factors = [
        ({tuple(int(n == number) for n in range(len(lowest))): 1}, k) for number, k in enumerate(lowest) if k
    ]
    return {tuple(map(int.__sub__, place, lowest)): c for place, c in polynomial.items()}, found


def on_a_line(polynomial: Whole) -> tuple[Place, list[int]] | None:
    """(direction, coefficients) if it is a polynomial in one product of powers of unknowns, up to such a product.

    A change of unknowns makes that product one of them, so that factors in it are irreducible in all. None as well
    where the degree is more than MAX_DEGREE: there is a coefficient for every power below it.
    """
    places = sorted(polynomial)
    start = places[0]
    steps = [tuple(map(int.__sub__, place, start)) for place in places]
    direction = tuple(e // math.gcd(*steps[1]) for e in steps[1])
    lead = next(n for n, e in enumerate(direction) if e)
    numbers = [step[lead] // direction[lead] for step in steps]
    if any(step != tuple(number * e for e in direction) for step, number in zip(steps, numbers, strict=True)):
        return None
    if max(numbers) > MAX_DEGREE:
        return None
    coefficients = [0] * (max(numbers) + 1)
    for number, place in zip(numbers, places, strict=True):
        coefficients[number] = polynomial[place]
    return direction, coefficients


def laid_out(coefficients: list[int], direction: Place) -> Whole:
    """A polynomial in the product of powers, without negative exponents."""
    found = {tuple(number * e for e in direction): c for number, c in enumerate(coefficients) if c}
    lowest = tuple(map(min, zip(*found, strict=True)))
    return {tuple(map(int.__sub__, place, lowest)): c for place, c in found.items()}


def _root(polynomial: Whole, fuel: Fuel) -> tuple[Whole, int] | None:
    """(base, exponent) of a polynomial that is a power, up to its sign."""
    lead = max(polynomial)
    if polynomial[lead] < 0:
        polynomial = _scaled(polynomial, -1)
    common = math.gcd(*lead, *min(polynomial))
    for exponent in _EXPONENTS:
        if common % exponent == 0 and (base := root_of(polynomial, exponent, fuel)) is not None:
            return base, exponent
    return None


def root_of(polynomial: Whole, exponent: int, fuel: Fuel) -> Whole | None:
    """The polynomial whose power this is, or None. Found term by term, the largest first.

    >>> root_of({(2, 0): 1, (1, 1): 2, (0, 2): 1}, 2, Fuel())
    {(1, 0): 1, (0, 1): 1}
    """
    lead = max(polynomial)
    number = _whole_root(polynomial[lead], exponent)
    if number is None or any(e % exponent for e in lead):
        return None
    first = tuple(e // exponent for e in lead)
    result: Whole = {first: number}
    divisor = exponent * number ** (exponent - 1)
    below = tuple(e * (exponent - 1) for e in first)
    last = first
    for _ in range(MAX_TERMS):
        rest = _plus(polynomial, _scaled(_power(result, exponent, fuel), -1), fuel)
        if not rest:
            return result
        top = max(rest)
        place = tuple(map(int.__sub__, top, below))
        value, left = divmod(rest[top], divisor)
        if left or min(place) < 0 or place >= last:
            return None
        result[place] = value
        last = place
    return None


def _whole_root(value: int, exponent: int) -> int | None:
    if value < 0:
        return None
    if exponent == 2:
        found = math.isqrt(value)
        return found if found * found == value else None
    low, high = 0, 1 << -(-value.bit_length() // exponent)
    while low < high:
        middle = (low + high + 1) // 2
        if middle**exponent <= value:
            low = middle
        else:
            high = middle - 1
    return low if low**exponent == value else None


def _by_one_unknown(polynomial: Whole, fuel: Fuel) -> Factors:
    """By an unknown of degree 1 or 2; raises Undecided if there is none, or its first coefficient is not decided."""
    degrees = [max(exponents) for exponents in zip(*polynomial, strict=True)]
    for number in sorted(range(len(degrees)), key=lambda n: (degrees[n], n)):
        if degrees[number] not in (1, 2):
            continue
        try:
            return _by(polynomial, number, fuel)
        except Undecided:
            continue
    raise Undecided


def _by(polynomial: Whole, number: int, fuel: Fuel) -> Factors:
    """By the unknown of this number: what divides all its coefficients, and the factors of what is left.

    Of degree 1 that is irreducible; of degree 2 it is exactly if its discriminant is no square.
    """
    above = _factors(_primitive(_coefficients(polynomial, number)[-1]), fuel)
    found: Factors = []
    for factor, _ in above:
        times = 0
        while (quotient := _quotient(polynomial, factor, fuel)) is not None:
            polynomial, times = quotient, times + 1
        if times:
            found.append((factor, times))
    parts = _coefficients(polynomial, number)
    if len(parts) == 2:
        return [*found, (polynomial, 1)]
    c, b, a = parts
    discriminant = _plus(_times(b, b, fuel), _scaled(_times(a, c, fuel), -4), fuel)
    if not discriminant:
        raise Undecided  # a square, which is found before this
    side = root_of(discriminant, 2, fuel)
    if side is None:
        return [*found, (polynomial, 1)]
    unknown = tuple(int(n == number) for n in range(len(next(iter(polynomial)))))
    for sign in (-1, 1):
        half = _plus(_times(_scaled(a, 2), {unknown: 1}, fuel), _plus(b, _scaled(side, sign), fuel), fuel)
        for factor, _ in above:
            while (quotient := _quotient(half, factor, fuel)) is not None:
                half = quotient
        found.append((_primitive(half), 1))
    return found


def _coefficients(polynomial: Whole, number: int) -> list[Whole]:
    """The coefficients of the powers of one unknown, from the zeroth on; each in all unknowns."""
    found: list[Whole] = [{} for _ in range(max(place[number] for place in polynomial) + 1)]
    for place, c in polynomial.items():
        found[place[number]][(*place[:number], 0, *place[number + 1 :])] = c
    return found


# --- arithmetic


def _primitive(polynomial: Whole) -> Whole:
    """Without a common factor of the coefficients; the largest term positive."""
    common = math.gcd(*polynomial.values())
    if polynomial[max(polynomial)] < 0:
        common = -common
    return polynomial if common == 1 else {place: c // common for place, c in polynomial.items()}


def _scaled(polynomial: Whole, factor: int) -> Whole:
    return {place: c * factor for place, c in polynomial.items()}


def _plus(left: Whole, right: Whole, fuel: Fuel) -> Whole:
    fuel.spend(len(right))
    found = dict(left)
    for place, c in right.items():
        total = found.get(place, 0) + c
        if total:
            found[place] = total
        else:
            found.pop(place, None)
    return found


def _times(left: Whole, right: Whole, fuel: Fuel) -> Whole:
    fuel.spend(len(left) * len(right))
    found: Whole = {}
    for p, c in left.items():
        for q, d in right.items():
            place = tuple(map(int.__add__, p, q))
            found[place] = found.get(place, 0) + c * d
    return {place: c for place, c in found.items() if c}


def _power(polynomial: Whole, exponent: int, fuel: Fuel) -> Whole:
    found = polynomial
    for _ in range(exponent - 1):
        found = _times(found, polynomial, fuel)
    return found


def _quotient(dividend: Whole, divisor: Whole, fuel: Fuel) -> Whole | None:
    """The quotient of primitive polynomials if the division leaves nothing, else None."""
    lead = max(divisor)
    rest, found = dividend, dict[Place, int]()
    while rest:
        top = max(rest)
        place = tuple(map(int.__sub__, top, lead))
        value, left = divmod(rest[top], divisor[lead])
        if left or min(place) < 0:
            return None
        found[place] = value
        rest = _plus(rest, {tuple(map(int.__add__, place, q)): -value * d for q, d in divisor.items()}, fuel)
    return found
