"""How an answer is put together, seen from the key: its terms as the key would have them, and what was done otherwise.

A key is a sum of logarithms, a sum of probabilities or a product. An answer of another shape is read as terms of the
key's shape together with the flaws that turned them into what was written: log(p₂ + p₆) is the terms for 2 and 6, added
under one logarithm.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Literal, NamedTuple

from grading.polynomials import exact

from .coefficients import ONE, Coefficient, base_of, log_of, times
from .places import Leaf
from .reading import Part
from .records import Kind

Shape = Literal["log-sum", "sum", "product"]


class Flaw(NamedTuple):
    """What was done otherwise to these terms of the answer, by their numbers."""

    kind: Kind
    items: tuple[int, ...]


class Reading(NamedTuple):
    """items: (probability, coefficient, or exponent in a product). front: of a product. constant: beside a sum."""

    items: tuple[tuple[Leaf, Coefficient], ...]
    flaws: tuple[Flaw, ...] = ()
    front: Coefficient = ONE
    constant: Coefficient | None = None


class KeyReading(NamedTuple):
    """The key as terms of one shape. common: the coefficient that most terms have, the first of several."""

    shape: Shape
    terms: dict[Leaf, Coefficient]
    front: Coefficient
    constant: Coefficient | None
    common: Coefficient


def key_readings(parts: tuple[Part, ...]) -> tuple[KeyReading, ...]:
    """The shapes that a key has: a single probability is a sum and a product."""
    found: list[KeyReading] = []
    summands = [part for part in parts if part.what != "constant"]
    constant = next((part.coefficient for part in parts if part.what == "constant"), None)
    kinds = {part.what for part in summands}
    if kinds == {"log"} or kinds == {"probability"}:
        terms = {part.leaves[0]: part.coefficient for part in summands}
        shape: Shape = "log-sum" if kinds == {"log"} else "sum"
        found.append(KeyReading(shape, terms, ONE, constant, _common(list(terms.values()))))
    if len(parts) == 1 and kinds <= {"probability", "power"} and kinds:
        exponents = [Coefficient(e) for e in parts[0].exponents]
        terms = dict(zip(parts[0].leaves, exponents, strict=True))
        found.append(KeyReading("product", terms, parts[0].coefficient, None, _common(exponents)))
    return tuple(found)


def _common(coefficients: list[Coefficient]) -> Coefficient:
    return Counter(coefficients).most_common(1)[0][0]


def read_as(key: KeyReading, parts: tuple[Part, ...]) -> Reading | None:
    """The answer as terms of the key's shape; None where it has no such reading."""
    return _READERS[key.shape](key, parts)


class _Collector:
    """Gathers the terms of an answer with their flaws."""

    def __init__(self) -> None:
        self.items: list[tuple[Leaf, Coefficient]] = []
        self.flaws: dict[Kind, list[tuple[int, ...]]] = {}
        self.constant: Coefficient | None = None

    def add(self, leaves: tuple[Leaf, ...], coefficients: list[Coefficient], kind: Kind | None = None) -> None:
        start = len(self.items)
        self.items.extend(zip(leaves, coefficients, strict=True))
        if kind is not None:
            self.flaws.setdefault(kind, []).append(tuple(range(start, len(self.items))))

    def reading(self, front: Coefficient = ONE) -> Reading:
        """Flaws of single terms are one flaw of all of them; those of groups stay apart."""
        flaws: list[Flaw] = []
        for kind, groups in self.flaws.items():
            if kind in ("probability-instead-of-log", "weighted-by-probability", "extra-log"):
                flaws.append(Flaw(kind, tuple([number for group in groups for number in group])))
            else:
                flaws += [Flaw(kind, group) for group in groups]
        return Reading(tuple(self.items), tuple(flaws), front, self.constant)


def _as_log_sum(key: KeyReading, parts: tuple[Part, ...]) -> Reading | None:
    found = _Collector()
    for what, leaves, exponents, factor in parts:
        if what == "log":
            found.items.append((leaves[0], factor))
        elif what == "constant":
            found.constant = factor
        elif what == "probability":
            found.add(leaves, [_to_base(factor, key.common)], "probability-instead-of-log")
        elif what == "weighted":
            found.add(leaves, [factor], "weighted-by-probability")
        elif what == "log-of-sum":
            found.add(leaves, [factor] * len(leaves), "log-of-sum")
        elif what == "logs":
            found.add(leaves, [_each(factor, len(leaves), key.common)] * len(leaves), "multiplied-instead-of-added")
        elif set(exponents) == {1} or abs(factor.value) == 1:
            front = _to_base(factor, key.common)
            found.add(leaves, [times(front, Coefficient(e)) for e in exponents], "missing-log")
        else:
            return None  # 4·p²: whether the 4 stands before or under the missing logarithm is anybody's guess
    return _averaged(found.reading()) if "log-of-sum" in found.flaws else found.reading()


def _averaged(reading: Reading) -> Reading:
    """log((p₂ + p₆)/2): the logarithm of a mean, where the constant beside the logarithm is that of the division."""
    if len(reading.flaws) != 1 or reading.constant is None:
        return reading
    flaw = reading.flaws[0]
    factor = reading.items[flaw.items[0]][1]
    divided = times(times(Coefficient(-1), factor), log_of(len(flaw.items)))
    if reading.constant != divided:
        return reading
    return reading._replace(flaws=(Flaw("log-of-mean", flaw.items),), constant=None)


def _as_sum(key: KeyReading, parts: tuple[Part, ...]) -> Reading | None:
    found = _Collector()
    for what, leaves, exponents, factor in parts:
        if what == "probability":
            found.items.append((leaves[0], factor))
        elif what == "constant":
            found.constant = factor
        elif what == "log":
            found.add(leaves, [factor], "extra-log")
        elif what == "power" and len(leaves) > 1 and set(exponents) == {1}:
            found.add(leaves, [_each(factor, len(leaves), key.common)] * len(leaves), "multiplied-instead-of-added")
        else:
            return None
    return found.reading()


def _as_product(_: KeyReading, parts: tuple[Part, ...]) -> Reading | None:
    found = _Collector()
    kinds = {part.what for part in parts}
    first = parts[0].coefficient
    if len(parts) == 1 and kinds <= {"probability", "power"}:
        found.add(parts[0].leaves, [Coefficient(e) for e in parts[0].exponents])
        return found.reading(first)
    if kinds == {"log"}:
        for part in parts:
            found.items.append((part.leaves[0], part.coefficient))
        found.flaws["extra-log"] = [tuple(range(len(parts)))]
        return found.reading()
    if kinds <= {"probability", "power"} and all(len(p.leaves) == 1 and p.coefficient == first for p in parts):
        for part in parts:
            found.items.append((part.leaves[0], Coefficient(part.exponents[0])))
        found.flaws["added-instead-of-multiplied"] = [tuple(range(len(parts)))]
        return found.reading(first)
    return None


_READERS: dict[Shape, Callable[[KeyReading, tuple[Part, ...]], Reading | None]] = {
    "log-sum": _as_log_sum,
    "sum": _as_sum,
    "product": _as_product,
}


def _to_base(factor: Coefficient, common: Coefficient) -> Coefficient:
    """What will stand in front of a logarithm that is missing: it is to the base that the key has."""
    if factor.unit or not common.unit or base_of(common) is None:
        return factor
    return Coefficient(factor.value, common.unit)


def _each(product: Coefficient, count: int, common: Coefficient) -> Coefficient:
    """What stands in front of each of several multiplied terms, if `product` stands in front of all.

    (−log a)(−log b) are two terms of a loss, and so are they in −(log a)(log b), where the sign stands in front.
    """
    if any(exponent % count for _, exponent in product.unit):
        return product
    unit = tuple([(constant, exact(Fraction(exponent) / count)) for constant, exponent in product.unit])
    small = common.value.numerator.bit_length() * count < 256
    same = small and common.unit == unit and common.value**count == product.value
    return common if same else Coefficient(product.value, unit)
