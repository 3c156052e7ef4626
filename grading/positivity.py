"""Signs of polynomials over generators by bounds on the whole domain, where their shape alone does not show them.

In the end every generator is a function of atoms, and the atoms lie in a box. Bounds of the polynomial, and of its
slopes, on parts of the box prove its sign: where every slope has a sign, the least value is at a corner.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from grading.multiplied import MOST_ATOMS, MOST_TERMS, sign_when_multiplied
from grading.polynomials import (
    ONE,
    Fuel,
    Generator,
    Monomial,
    OutOfFuel,
    Polynomial,
    Range,
    add,
    content,
    exact,
    multiply,
    scale,
    sign,
)
from grading.ranges import DIGITS, DOMAINS, INFINITY, Bound, Box, Interval, NoBound, Ranges, bounds, plus, times
from grading.unknowns import Share

MOST_BOXES = 40
STEPS = 1_000  # for one proof
STEPS_OF_SLOPES = 500
PRICE = 12  # steps for the bounds of a term

_UNKNOWN: Polynomial = {(): 1, ((Generator("?", "min", "real"), 1),): 1}


def atoms_of(polynomial: Polynomial) -> dict[Generator, Interval]:
    """The atoms that a polynomial is made of in the end, with their domains."""
    found: dict[Generator, Interval] = {}
    seen: set[Generator] = set()
    stack = [polynomial]
    while stack:
        for monomial in stack.pop():
            for generator, _ in monomial:
                if generator.kind == "atom":
                    found[generator] = DOMAINS[generator.range]
                elif isinstance(generator.content, dict) and generator not in seen:
                    seen.add(generator)
                    stack.append(generator.content)
    return dict(sorted(found.items()))


def proven_sign(polynomial: Polynomial, fuel: Fuel) -> int:
    """1 or -1 if the polynomial is proven to have that sign almost everywhere on the domain of its atoms, else 0.

    >>> from grading.polynomials import Generator, variable
    >>> p = Generator("p", "atom", "unit")
    >>> log = Generator("ln p", "log", "negative", variable(p))
    >>> proven_sign({((log, 1),): -1, ((p, 1),): 1, (): -1}, Fuel())  # −ln p > 1 − p
    1
    """
    if (found := sign(polynomial, fuel)) or not polynomial:
        return found
    fuel.spend(10 + len(polynomial))
    if (ends := _ends_of_plain_sum(polynomial)) is not None:
        return 1 if ends[0] >= 0 else -1 if ends[1] <= 0 else 0
    return sign_when_multiplied(polynomial, fuel) or _by_bounds(polynomial, fuel, strict=False)


def _ends_of_plain_sum(polynomial: Polynomial) -> Interval | None:
    """The exact range of a sum of multiples of atoms and of logarithms of atoms, each of which stands there once."""
    low: Bound = 0
    high: Bound = 0
    seen: set[Generator] = set()
    for monomial, coefficient in polynomial.items():
        if not monomial:
            low, high = plus(low, coefficient), plus(high, coefficient)
            continue
        ((generator, exponent), *others) = monomial
        atom = generator
        if generator.kind == "log" and len(generator.content) == 1:
            ((inner, factor),) = generator.content.items()
            atom = inner[0][0] if factor == 1 and len(inner) == 1 and inner[0][1] == 1 else generator
        if others or exponent != 1 or atom.kind != "atom" or atom in seen:
            return None
        seen.add(atom)
        ends = DOMAINS["real" if generator != atom and atom.range == "positive" else generator.range]
        first, second = times(coefficient, ends[0]), times(coefficient, ends[1])
        low, high = plus(low, first if coefficient > 0 else second), plus(high, second if coefficient > 0 else first)
    return low, high


def _by_bounds(polynomial: Polynomial, fuel: Fuel, strict: bool) -> int:
    """The sign as far as bounds show it with a share of the fuel."""
    weight = _weight(polynomial)
    if weight > MOST_TERMS:
        return 0
    fuel.spend(PRICE * weight)
    tank = Share(fuel, STEPS)
    try:
        domain = atoms_of(polynomial)
        if len(domain) > MOST_ATOMS:
            return 0
        return _sign_on(polynomial, domain, tank, strict) if domain else _of_constant(polynomial)
    except (NoBound, OutOfFuel):
        return 0


def _sign_on(polynomial: Polynomial, domain: Box, tank: Fuel, strict: bool) -> int:
    weight = _weight(polynomial)
    signs = set()
    for point in _samples(domain):
        tank.spend(PRICE * weight)
        signs.add(_sign_between(bounds(polynomial, Ranges(point))))
        if len(signs - {0}) > 1:
            return 0
    signs.discard(0)
    if not signs:
        return 0
    (found,) = signs
    return found if _never_below_zero(scale(polynomial, found), domain, tank, strict) else 0


def _of_constant(polynomial: Polynomial) -> int:
    for digits in DIGITS:
        if found := _sign_between(bounds(polynomial, Ranges({}, digits))):
            return found
    return 0


def _sign_between(found: Interval) -> int:
    return 1 if found[0] > 0 else -1 if found[1] < 0 else 0


def _samples(domain: Box) -> Iterator[Box]:
    """Some points of the domain: in the middle, and towards its corners."""
    shares = (Fraction(1, 2), Fraction(1, 64), Fraction(63, 64))
    for number in range(3 if len(domain) == 1 else 5):
        point: dict[Generator, Interval] = {}
        for index, (atom, (low, high)) in enumerate(domain.items()):
            share = shares[number if number < 3 else 1 + (number + index) % 2]
            share += Fraction(index, 1000) * (-1 if share > Fraction(1, 2) else 1)
            value = share if high == 1 else share / (1 - share) if low == 0 else (2 * share - 1) / share / (1 - share)
            point[atom] = (value, value)
        yield point


def _never_below_zero(polynomial: Polynomial, domain: Box, fuel: Fuel, strict: bool) -> bool:
    """Whether the polynomial is proven to be at least zero everywhere (strict: above zero, also at the ends)."""
    slopes = _slopes(polynomial, domain, fuel)
    price = PRICE * (2 * _weight(polynomial) + sum(_weight(part) for slope in slopes.values() for part in slope))
    waiting = [dict(domain)]
    for _ in range(MOST_BOXES):
        if not waiting:
            return True
        box = waiting.pop()
        fuel.spend(price)
        low, high = bounds(polynomial, Ranges(box))
        if low > 0 or (low == 0 and not strict):
            continue
        corner = {atom: _lowest(box[atom], slopes[atom], box) for atom in box}
        if corner != box:
            low, high = bounds(polynomial, Ranges(corner, limits=True))
            if low > 0 or (low == 0 and not strict):
                continue
        if high < 0:
            return False
        waiting += _halves(box, slopes, corner)
    return not waiting


def _lowest(side: Interval, slope: Sequence[Polynomial], box: Box) -> Interval:
    """The end of a side of the box at which a function with this slope is least; the side if that is not known."""
    direction = math.prod(_weak_sign(bounds(part, Ranges(box))) for part in slope)
    return side if not direction else (side[0], side[0]) if direction > 0 else (side[1], side[1])


def _weak_sign(found: Interval) -> int:
    return 1 if found[0] >= 0 else -1 if found[1] <= 0 else 0


def _halves(box: Box, slopes: Mapping[Generator, object], corner: Box) -> list[dict[Generator, Interval]]:
    """The box in two parts, across the longest of the sides along which the polynomial is not known to be monotone."""
    open_ = [atom for atom in box if corner[atom] == box[atom]] or list(box)
    widest = max(open_, key=lambda atom: _length(box[atom]))
    low, high = box[widest]
    middle: Bound
    if isinstance(low, float) and isinstance(high, float):
        middle = 0
    elif isinstance(high, float):
        middle = max(2 * low, 1)
    elif isinstance(low, float):
        middle = min(2 * high, -1)
    else:
        middle = Fraction(low + high) / 2
    return [{**box, widest: (middle, high)}, {**box, widest: (low, middle)}]


def _length(side: Interval) -> float:
    low, high = side
    if isinstance(low, float) or isinstance(high, float):
        return INFINITY
    return float(Fraction(high) - Fraction(low))


def _slopes(polynomial: Polynomial, domain: Iterable[Generator], tank: Fuel) -> dict[Generator, tuple[Polynomial, ...]]:
    """For each atom polynomials whose product has the sign of the derivative; one that is 0 where nothing is known."""
    found: dict[Generator, tuple[Polynomial, ...]] = {}
    for atom in domain:
        found[atom] = (_UNKNOWN,)
        fuel = Share(tank, STEPS_OF_SLOPES)
        try:
            above, below = _slope(polynomial, atom, fuel)
        except (OutOfFuel, NoBound):
            continue
        if above and _weight(above) + _weight(below) <= 2 * MOST_TERMS:
            coefficient, shared, rest = content(above)
            found[atom] = ({shared: coefficient}, rest, below)
    return found


def _weight(polynomial: Polynomial, most: int = 2 * MOST_TERMS + 1) -> int:
    """How many terms it has, with those inside other unknowns wherever they stand; counted up to a limit."""
    found = 0
    stack = [polynomial]
    while stack and found < most:
        inner = stack.pop()
        found += len(inner)
        stack += [g.content for monomial in inner for g, _ in monomial if isinstance(g.content, dict)]
    return found


def _slope(polynomial: Polynomial, atom: Generator, fuel: Fuel) -> tuple[Polynomial, Polynomial]:
    """The derivative as numerator and denominator."""
    above: Polynomial = {}
    below = ONE
    for generator in sorted({g for monomial in polynomial for g, _ in monomial}):
        inner, under = _inner_slope(generator, atom, fuel)
        if not inner:
            continue
        outer: Polynomial = {}
        for monomial, coefficient in polynomial.items():
            exponents = dict(monomial)
            if exponent := exponents.pop(generator, 0):
                if lowered := exact(exponent - 1) if generator.kind in ("atom", "log") else exponent:
                    exponents[generator] = lowered
                outer[tuple(sorted(exponents.items()))] = exact(coefficient * exponent)
        part = multiply(multiply(outer, inner, fuel), below, fuel)
        above = add(multiply(above, under, fuel), part, fuel)
        below = multiply(below, under, fuel)
    return above, below


def _inner_slope(generator: Generator, atom: Generator, fuel: Fuel) -> tuple[Polynomial, Polynomial]:
    """The derivative of an atom or a logarithm; of an exponential or a root, divided by itself (and the exponent)."""
    if generator.kind == "atom":
        return (ONE if generator == atom else {}), ONE
    if not isinstance(generator.content, dict):
        raise NoBound
    inner, under = _slope(generator.content, atom, fuel)
    return inner, under if generator.kind == "exp" else multiply(under, generator.content, fuel)


# --- at every point


def plainly_positive(polynomial: Polynomial) -> bool:
    """Whether it is a sum of products of what is never zero, all of one sign: true at every point of a declared domain.

    >>> from grading.polynomials import Generator, variable
    >>> [plainly_positive(variable(Generator("a", "atom", range_))) for range_ in ("unit", "real")]
    [True, False]
    """
    coefficients = iter(polynomial.values())
    positive = next(coefficients, 0) > 0
    return all((c > 0) == positive for c in coefficients) and all(
        _plain(generator) for monomial in polynomial for generator, _ in monomial
    )


def _plain(generator: Generator) -> bool:
    if generator.range not in ("unit", "positive"):
        return False
    if generator.kind == "log":
        return not atoms_of(generator.content)
    return generator.kind != "root" or plainly_positive(generator.content)


def range_of_log(factor: Polynomial, fuel: Fuel) -> Range:
    """The range of ln |factor| at every point of the open domain, as far as the terms of factor − 1 show it."""
    beyond = dict(factor)
    beyond[()] = exact(beyond.get((), 0) - 1)
    if not beyond[()]:
        del beyond[()]
    if not beyond or not plainly_positive(beyond):
        return "real"
    if next(iter(beyond.values())) > 0:
        return "positive"
    return "negative" if strict(factor) and sign(factor, fuel) > 0 else "real"


def strict(polynomial: Polynomial) -> bool:
    """Whether a sign that `grading.polynomials.sign` proves of it holds at every point of the open domain.

    Its terms have one sign; that their sum is never zero is certain if one of them cannot be zero.
    """
    if not polynomial:
        return False
    _, monomial, rest = content(polynomial)
    return _never_zero(monomial) and any(_never_zero(other) for other in rest)


def _never_zero(monomial: Monomial) -> bool:
    return all(_nonzero(generator) for generator, _ in monomial)


def _nonzero(generator: Generator) -> bool:
    if generator.kind == "root":
        inner: Polynomial = generator.content
        return sign(inner) != 0 and strict(inner)
    return generator.range != "real"


# --- nowhere zero


def may_vanish(polynomial: Polynomial, fuel: Fuel) -> bool:
    """Whether it is not proven that the polynomial is different from zero at every point of the declared domain.

    There a probability may be 1 as well: the logarithm of a probability may vanish, and 1 − p may.

    >>> from grading.polynomials import Generator
    >>> p, z = Generator("p", "atom", "unit"), Generator("z", "atom", "real")
    >>> [may_vanish(each, Fuel()) for each in ({((p, 1),): -1, (): 1}, {((p, 1),): 1, (): 1}, {((z, 2),): 1, (): 1})]
    [True, False, False]
    """
    if not polynomial:
        return True
    _, monomial, rest = content(polynomial)
    if not all(_nowhere_zero(generator, fuel) for generator, _ in monomial):
        return True
    proofs = (_of_one_sign, _on_closed_box, _of_one_sign_multiplied, _proven_apart)
    return rest != ONE and not any(proof(rest, fuel) for proof in proofs)


def _nowhere_zero(generator: Generator, fuel: Fuel) -> bool:
    if generator.kind == "log":
        return not may_vanish(add(generator.content, {(): -1}, fuel), fuel)
    if generator.reduces:
        return not may_vanish(generator.content, fuel)
    return generator.range in ("unit", "positive")


def _of_one_sign(polynomial: Polynomial, fuel: Fuel) -> bool:
    """Whether all terms are at least zero and one of them is never zero."""
    if len({c > 0 for c in polynomial.values()}) > 1:
        return False
    if any(e % 2 and g.range not in ("unit", "positive") for m in polynomial for g, e in m):
        return False
    return any(all(_nowhere_zero(generator, fuel) for generator, _ in monomial) for monomial in polynomial)


def _on_closed_box(polynomial: Polynomial, _: Fuel) -> bool:
    """Whether a polynomial of probabilities has a sign on the open box and at the corner where all of them are 1.

    The Bernstein polynomial of that corner is positive wherever no probability is 0, and the others are not negative.
    """
    if any(g.kind != "atom" or g.range != "unit" for m in polynomial for g, _ in m):
        return False
    return sign(polynomial) * sum(polynomial.values()) > 0


def _of_one_sign_multiplied(polynomial: Polynomial, fuel: Fuel) -> bool:
    positive = all(_nowhere_zero(generator, fuel) for monomial in polynomial for generator, _ in monomial)
    return positive and sign_when_multiplied(polynomial, fuel) != 0


def _proven_apart(polynomial: Polynomial, fuel: Fuel) -> bool:
    return _by_bounds(polynomial, fuel, strict=True) != 0
