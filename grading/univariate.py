"""Irreducible factors of polynomials in one unknown with whole coefficients, as far as short proofs go.

Powers are taken apart by greatest common divisors, rational roots are found among the divisors of the outer
coefficients, and what is left is irreducible if it has degree 2 or 3, or if its factors modulo some primes have no
degrees in common. A polynomial is the list of its coefficients, the constant first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from grading.integers import TRIAL_LIMIT, price, prime_factors
from grading.unknowns import Fuel

MAX_CANDIDATES = 200
MAX_SPLIT = 24
_PRIMES = (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41)

Line = list[int]


class Undecided(Exception):
    """Whether a polynomial is irreducible is not found out here."""


def factors(polynomial: Line, fuel: Fuel) -> list[tuple[Line, int]]:
    """The irreducible factors with multiplicities, primitive; a number is left out. Raises Undecided, OutOfFuel.

    >>> factors([1, 0, 0, 0, -1], Fuel())  # 1 - x⁴
    [([-1, 1], 1), ([1, 1], 1), ([1, 0, 1], 1)]
    """
    found = []
    for part, times in _without_powers(_primitive(polynomial), fuel):
        found += [(factor, times) for factor in _split(part, fuel)]
    return found


def _without_powers(polynomial: Line, fuel: Fuel) -> Iterator[tuple[Line, int]]:
    """Yun's way: factors without multiple factors, each with its multiplicity."""
    slope = _derivative(polynomial)
    shared = _common(polynomial, slope, fuel)
    first, second = _quotient(polynomial, shared, fuel), _quotient(slope, shared, fuel)
    times = 1
    while len(first) > 1:
        rest = _minus(second, _derivative(first))
        part = _common(first, rest, fuel) if rest else _primitive(first)
        if len(part) > 1:
            yield part, times
        first, second = _quotient(first, part, fuel), _quotient(rest, part, fuel) if rest else []
        times += 1


def _split(polynomial: Line, fuel: Fuel) -> Iterator[Line]:
    """The irreducible factors of a primitive polynomial without multiple factors."""
    if len(polynomial) == 3:
        yield from _quadratic(polynomial)
        return
    rest = polynomial
    if len(rest) > 3:
        for above, below in _candidates(rest, fuel):
            fuel.spend(len(rest))
            if not _value(rest, above, below):
                yield [-above, below]
                rest = _quotient(rest, [-above, below], fuel)
                if len(rest) <= 3:
                    break
        if len(rest) == 3:
            yield from _quadratic(rest)
            return
    if len(rest) > 4 and not _irreducible_modulo(rest, fuel):
        raise Undecided
    if len(rest) > 1:
        yield rest


def _quadratic(polynomial: Line) -> Iterator[Line]:
    c, b, a = polynomial
    discriminant = b * b - 4 * a * c
    side = math.isqrt(max(discriminant, 0))
    if side * side != discriminant:
        yield polynomial
    else:
        yield _primitive([b + side, 2 * a])
        yield _primitive([b - side, 2 * a])


def _candidates(polynomial: Line, fuel: Fuel) -> Iterator[tuple[int, int]]:
    """(above, below) of every fraction that can be a root; raises Undecided where they are not known or too many."""
    above, below = _divisors(abs(polynomial[0]), fuel), _divisors(polynomial[-1], fuel)
    if len(above) * len(below) > MAX_CANDIDATES:
        raise Undecided
    for n in above:
        for d in below:
            if math.gcd(n, d) == 1:
                yield n, d
                yield -n, d


def _divisors(value: int, fuel: Fuel) -> list[int]:
    fuel.spend(price(value))
    found = [1]
    for prime, times in prime_factors(value):
        if prime >= TRIAL_LIMIT**2:
            raise Undecided  # perhaps not a prime
        found = [d * prime**k for d in found for k in range(times + 1)]
        if len(found) > MAX_CANDIDATES:
            raise Undecided
    return sorted(found)


def _value(polynomial: Line, above: int, below: int) -> int:
    """The value at above/below, times a power of the denominator."""
    total, power = 0, 1
    for coefficient in reversed(polynomial):
        total = total * above + coefficient * power
        power *= below
    return total


# --- modulo primes


def _irreducible_modulo(polynomial: Line, fuel: Fuel) -> bool:
    """Whether degrees of factors modulo primes prove that a polynomial without multiple factors is irreducible."""
    degree = len(polynomial) - 1
    if degree > MAX_SPLIT:
        return False
    possible = (1 << degree + 1) - 1  # the bits are degrees that a factor may have
    for prime in _PRIMES:
        if polynomial[-1] % prime:
            degrees = _degrees_modulo(polynomial, prime, fuel)
            if degrees is not None:
                sums = 1
                for d in degrees:
                    sums |= sums << d
                possible &= sums
                if possible == 1 << degree | 1:
                    return True
    return False


def _degrees_modulo(polynomial: Line, prime: int, fuel: Fuel) -> list[int] | None:
    """The degrees of the irreducible factors modulo a prime; None if there are multiple ones."""
    rest = _monic([c % prime for c in polynomial], prime)
    slope = _trimmed([c % prime for c in _derivative(rest)])
    if not slope or len(_common_modulo(rest, slope, prime, fuel)) > 1:
        return None
    found: list[int] = []
    power = [0, 1]
    degree = 0
    while len(rest) - 1 >= 2 * (degree + 1):
        degree += 1
        power = _power_modulo(power, prime, rest, prime, fuel)
        difference = _trimmed([c % prime for c in _minus(power, [0, 1])])
        shared = _common_modulo(rest, difference, prime, fuel) if difference else rest
        if len(shared) > 1:
            found += [degree] * ((len(shared) - 1) // degree)
            rest = _divided_modulo(rest, shared, prime, fuel)[0]
            power = _divided_modulo(power, rest, prime, fuel)[1] if len(rest) > 1 else []
    if len(rest) > 1:
        found.append(len(rest) - 1)
    return found


def _monic(polynomial: Line, prime: int) -> Line:
    inverse = pow(polynomial[-1], -1, prime)
    return [c * inverse % prime for c in polynomial]


def _divided_modulo(dividend: Line, divisor: Line, prime: int, fuel: Fuel) -> tuple[Line, Line]:
    """(quotient, remainder) modulo a prime."""
    rest = list(dividend)
    count = len(rest) - len(divisor) + 1
    inverse = pow(divisor[-1], -1, prime)
    quotient = [0] * max(count, 0)
    fuel.spend(1 + max(count, 0) * len(divisor) // 4)
    for place in reversed(range(count)):
        factor = rest[place + len(divisor) - 1] * inverse % prime
        quotient[place] = factor
        if factor:
            for n, c in enumerate(divisor):
                rest[place + n] = (rest[place + n] - factor * c) % prime
    return quotient, _trimmed(rest[: len(divisor) - 1])


def _common_modulo(left: Line, right: Line, prime: int, fuel: Fuel) -> Line:
    while right:
        left, right = right, _divided_modulo(left, right, prime, fuel)[1]
    return _monic(left, prime)


def _power_modulo(base: Line, exponent: int, divisor: Line, prime: int, fuel: Fuel) -> Line:
    result = [1]
    for bit in bin(exponent)[2:]:
        result = _divided_modulo(_product(result, result, fuel), divisor, prime, fuel)[1]
        if bit == "1":
            result = _divided_modulo(_product(result, base, fuel), divisor, prime, fuel)[1]
    return result


# --- arithmetic


def _trimmed(polynomial: Line) -> Line:
    while polynomial and not polynomial[-1]:
        polynomial = polynomial[:-1]
    return polynomial


def _primitive(polynomial: Line) -> Line:
    common = math.gcd(*polynomial) * (1 if polynomial[-1] > 0 else -1)
    return polynomial if common == 1 else [c // common for c in polynomial]


def _derivative(polynomial: Line) -> Line:
    return [k * c for k, c in enumerate(polynomial)][1:]


def _minus(left: Line, right: Line) -> Line:
    size = max(len(left), len(right))
    return _trimmed(
        [(left[k] if k < len(left) else 0) - (right[k] if k < len(right) else 0) for k in range(size)],
    )


def _product(left: Line, right: Line, fuel: Fuel) -> Line:
    fuel.spend(1 + len(left) * len(right) // 4)
    found = [0] * (len(left) + len(right) - 1) if left and right else []
    for n, c in enumerate(left):
        if c:
            for k, d in enumerate(right):
                found[n + k] += c * d
    return found


def _common(left: Line, right: Line, fuel: Fuel) -> Line:
    """The primitive greatest common divisor, by remainders that are made primitive."""
    left, right = _primitive(left), _primitive(right)
    while len(right) > 1:
        rest = left
        while len(rest) >= len(right):
            fuel.spend(1 + len(rest) // 2 + sum(c.bit_length() for c in rest) // 512)
            shift = [0] * (len(rest) - len(right))
            above = rest[-1]
            rest = _minus([c * right[-1] for c in rest], [*shift, *(c * above for c in right)])
        if not rest:
            return right
        left, right = right, _primitive(rest)
    return [1]


def _quotient(dividend: Line, divisor: Line, fuel: Fuel) -> Line:
    """The quotient of a division that leaves nothing."""
    rest = list(dividend)
    found = [0] * (len(rest) - len(divisor) + 1)
    fuel.spend(1 + len(found) * len(divisor) // 4)
    for place in reversed(range(len(found))):
        factor = rest[place + len(divisor) - 1] // divisor[-1]
        found[place] = factor
        for n, c in enumerate(divisor):
            rest[place + n] -= factor * c
    return found
