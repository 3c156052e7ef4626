"""What an answer that is not the key can be to it: its negative, the key and a constant, a multiple, the same optimum.

Each relation is proven, refuted or left open, never guessed. The first three come down to one comparison: with A the
answer, K the key and P a rational point of the domain,

* ``opposite-sign``: A = −K;
* ``added-constant``: A = K + c, and then c can only be A(P) − K(P), a closed expression;
* ``positive-factor``: A = c·K, and then c can only be A(P)/K(P); c > 0 is proven by bounds.

``same-optimum`` promises: whatever family of models is compared, exactly the models that are best by K are best by A,
for maximising and for minimising. Two models are a family, so this says neither more nor less than that A orders any
two models as K does, or that A = f(K) with a strictly increasing f on the whole domain. `docs/decisions/0011` has the
proof of the following test.

*Keys.* K, or ln |K|, is a sum of strictly monotone functions of one atom each: K = h(Σ gᵢ(pᵢ)). Sums of logarithms,
products of powers, means, perplexities, sums of squares are. In the coordinates gᵢ(pᵢ) the domain is a box and the
level sets of K are hyperplane sections of it, hence connected.

*Proof.* A is defined and smooth on the whole domain, ∂A/∂pᵢ·∂K/∂pⱼ = ∂A/∂pⱼ·∂K/∂pᵢ for all atoms, and the one factor
r = (∂A/∂pⱼ)/(∂K/∂pⱼ) is positive, save at single points.

*Refutation.* Two rational points that A and K order differently, or one at which the gradients are not parallel or A
has no value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import islice

import msgspec

from grading.atoms import resolved
from grading.derivative import Atom, NotSmooth, at, derivative
from grading.equivalence import Different, Equal, Unknown, compare
from grading.expressions import Expression, Negation, Number, Product, Quotient, Sum, atoms, children, rational
from grading.keys import RELATIONS, Assumption, Relation, RelationKind
from grading.parsing.language import Language
from grading.polynomials import OutOfFuel
from grading.signs import Domain, defined_everywhere, mostly, sign_of, smooth
from grading.text import number_text, to_unicode
from grading.witness import Undecided, Undefined, enclose, round_half_away

Point = tuple[tuple[Atom, Fraction], ...]
Bounds = tuple[Fraction, Fraction]

_ZERO = Number(Fraction(0))
MAX_ATOMS = 12
MAX_LEVELS = 40  # of a tree: its derivative is several times as high
MAX_NODES = 400
DIGITS = (20, 60)


class Proven(msgspec.Struct, frozen=True):
    """The relation holds. by: the constant or the factor, for people; "" where there is nothing to say."""

    by: str = ""


class Refuted(msgspec.Struct, frozen=True):
    """The relation does not hold. witness: one or two points that show it, for people."""

    witness: str


Finding = Proven | Refuted | Unknown


def relate(
    kind: RelationKind,
    key: Expression,
    answer: Expression,
    language: Language | None = None,
    assumption: Assumption = "probability",
) -> Finding:
    """Whether an answer has this relation to the key.

    language: as in `compare`. The key itself counts as having the relations that equality implies.

    >>> from grading.expressions import Logarithm, Number, Symbol
    >>> p, q = Symbol("p"), Symbol("q")
    >>> key = Sum((Logarithm(p), Logarithm(q)))
    >>> relate("positive-factor", key, Quotient(key, Number(Fraction(2))))
    Proven(by='1/2')
    >>> relate("same-optimum", key, Product((p, q)))
    Proven(by='')
    >>> relate("same-optimum", key, Sum((p, q))).witness
    'the key puts p = 0.1, q = 0.9 below p = 0.5, q = 0.5, the answer does not'
    """
    domain = Domain(Language(any_name=True) if language is None else language, assumption)
    return _relate(kind, resolved(key, domain.language), resolved(answer, domain.language), domain)


def first_relation(
    accepted: Iterable[Relation], key: Expression, answer: Expression, language: Language
) -> tuple[Relation | None, tuple[Fraction, ...]]:
    """The most specific of these relations that an answer is proven to have, and the credits of more specific ones that
    stay open; of all that stay open if none is proven.

    answer: proven different from the key.
    """
    doubtful: list[Fraction] = []
    for relation in sorted(accepted, key=lambda relation: RELATIONS.index(relation.kind)):
        found = relate(relation.kind, key, answer, language)
        if isinstance(found, Proven):
            return relation, tuple(doubtful)
        if isinstance(found, Unknown):
            doubtful.append(relation.credit)
    return None, tuple(doubtful)


@lru_cache(maxsize=4096)
def _relate(kind: RelationKind, key: Expression, answer: Expression, domain: Domain) -> Finding:
    if kind == "opposite-sign":
        return _equal(Negation(key), answer, domain)
    if len(_leaves(key, answer)) > MAX_ATOMS:
        return Unknown("the formula has too many different names")
    if kind != "same-optimum":
        return _constant(kind, key, answer, domain)
    if not (_is_small(key) and _is_small(answer)):
        return Unknown("the formula is too large")
    return _same_optimum(key, answer, domain)


def _is_small(tree: Expression) -> bool:
    """Whether the tree is within the limits, before anything is derived from it."""
    level: tuple[Expression, ...] = (tree,)
    nodes = 0
    for _ in range(MAX_LEVELS):
        nodes += len(level)
        level = tuple(child for node in level for child in children(node))
        if not level or nodes > MAX_NODES:
            break
    return not level and nodes <= MAX_NODES


def _equal(left: Expression, right: Expression, domain: Domain) -> Finding:
    match compare(left, right, domain.language, domain.assumption):
        case Equal():
            return Proven()
        case Different(witness):
            return Refuted(str(witness))
        case unknown:
            return unknown


# --- a constant between answer and key


def _constant(kind: RelationKind, key: Expression, answer: Expression, domain: Domain) -> Finding:
    if refuted := _not_constant(kind, key, answer, domain):
        return refuted
    for point in _points(_leaves(key, answer), domain):
        values = dict(point)
        of_key, of_answer = _bounds(key, point), _bounds(answer, point)
        if of_key is None or of_answer is None or of_key[0] <= 0 <= of_key[1]:
            continue
        here, there = at(answer, values), at(key, values)
        if kind == "added-constant":
            constant: Expression = Sum((here, Negation(there)))
            return _with_constant(Sum((key, constant)), answer, constant, domain)
        constant = Quotient(here, there)
        sign = sign_of(constant, domain)
        if sign < 0 or not any(of_answer):
            return Refuted(f"at {_shown(point)} the factor is not positive")
        if sign > 0:
            return _with_constant(Product((constant, key)), answer, constant, domain)
    return Unknown("no point was found at which both formulas have a value")


def _not_constant(kind: RelationKind, key: Expression, answer: Expression, domain: Domain) -> Refuted | None:
    """Two of the first few points at which bounds show that the constant would not be the same."""
    measured: list[tuple[Point, Bounds]] = []
    for point in islice(_points(_leaves(key, answer), domain), _FIRST_POINTS):
        of_key, of_answer = _bounds(key, point), _bounds(answer, point)
        if of_key is None or of_answer is None or of_key[0] <= 0 <= of_key[1]:
            continue
        ends = [_combined(kind, a, k) for a in of_answer for k in of_key]
        here = min(ends), max(ends)
        for there, found in measured:
            if here[1] < found[0] or found[1] < here[0]:
                what = "difference" if kind == "added-constant" else "factor"
                return Refuted(f"the {what} at {_shown(there)} is not the one at {_shown(point)}")
        measured.append((point, here))
    return None


def _combined(kind: RelationKind, of_answer: Fraction, of_key: Fraction) -> Fraction:
    """What is added to a value of the key, or what it is multiplied by; of_key: not zero."""
    return of_answer - of_key if kind == "added-constant" else of_answer / of_key


def _with_constant(built: Expression, answer: Expression, constant: Expression, domain: Domain) -> Finding:
    """Whether the key with the constant is the answer; by: the constant."""
    found = _equal(built, answer, domain)
    return Proven(_shown_constant(constant)) if isinstance(found, Proven) else found


def _shown_constant(constant: Expression) -> str:
    """The constant as a fraction, or as a decimal if it is none."""
    bounds = _bounds(constant, ())
    if bounds is None:
        return ""
    if bounds[0] != bounds[1]:
        near = (bounds[0] + bounds[1]) / 2
        small = near.limit_denominator(10_000)
        if bounds[0] <= small <= bounds[1] and isinstance(compare(constant, rational(small)), Equal):
            return str(small)
        return f"{round_half_away(near, 4)}…"
    return str(bounds[0])


# --- the same optimum


class _Key(msgspec.Struct, frozen=True):
    """A key as h(Σ gᵢ(pᵢ)): its atoms and the derivative by each, none of which is ever zero."""

    derivatives: tuple[tuple[Atom, Expression], ...]


def provable(key: Expression, language: Language | None = None, assumption: Assumption = "probability") -> bool:
    """Whether ``same-optimum`` can be proven of any answer to this key: whether the key is h(Σ gᵢ(pᵢ)).

    >>> from grading.expressions import Extremum, Logarithm, Symbol
    >>> p, q = Symbol("p"), Symbol("q")
    >>> provable(Sum((Logarithm(p), Logarithm(q)))), provable(Product((p, q))), provable(Extremum("min", (p, q)))
    (True, True, False)
    """
    domain = Domain(Language(any_name=True) if language is None else language, assumption)
    return isinstance(_separated(resolved(key, domain.language), domain), _Key)


@lru_cache(maxsize=256)
def _separated(key: Expression, domain: Domain) -> _Key | Unknown:
    """The key as a sum of monotone functions of one atom each, directly or after taking the logarithm."""
    tree = smooth(key, domain)
    leaves = atoms(tree)
    if not leaves or len(leaves) > MAX_ATOMS or not defined_everywhere(tree, domain):
        return Unknown("the key is not proven to be defined for all values of its names")
    try:
        found = tuple((leaf, derivative(tree, leaf)) for leaf in leaves)
    except (NotSmooth, OutOfFuel) as problem:
        return Unknown(f"the key has no derivative that can be written: {problem}")
    found = tuple((leaf, slope) for leaf, slope in found if _equal(slope, _ZERO, domain) != Proven())
    if not found or not all(sign_of(slope, domain) for _, slope in found):
        return Unknown("the key is not proven to rise or fall in each of its names")
    alone = all(_depends_on(slope, leaf, domain) for leaf, slope in found)
    if not alone and sign_of(tree, domain):
        alone = all(_depends_on(Quotient(slope, tree), leaf, domain) for leaf, slope in found)
    return _Key(found) if alone else Unknown("the key is not a sum of functions of one name each")


def _depends_on(tree: Expression, leaf: Atom, domain: Domain) -> bool:
    """Whether the expression is proven to depend on this atom only: with numbers for the others it stays the same."""
    others = tuple(other for other in atoms(tree) if other != leaf)
    if not others:
        return True
    point = next(_points(others, domain))
    return isinstance(compare(tree, at(tree, dict(point)), domain.language, domain.assumption), Equal)


def _same_optimum(key: Expression, answer: Expression, domain: Domain) -> Finding:
    refuted = _ordered_differently(key, answer, domain)
    if refuted is not None:
        return refuted
    separated = _separated(key, domain)
    return _increasing(separated, smooth(answer, domain), domain) if isinstance(separated, _Key) else separated


def _increasing(key: _Key, answer: Expression, domain: Domain) -> Finding:
    """Whether the gradient of the answer is a positive multiple of the key's."""
    if not defined_everywhere(answer, domain):
        return Unknown("the answer is not proven to be defined for all values of its names")
    slopes = dict(key.derivatives)
    try:
        found = {leaf: derivative(answer, leaf) for leaf in dict.fromkeys((*slopes, *atoms(answer)))}
    except (NotSmooth, OutOfFuel) as problem:
        return Unknown(f"the answer has no derivative that can be written: {problem}")
    first, of_key = key.derivatives[0]
    for leaf, slope in found.items():
        if leaf == first:
            continue
        if leaf in slopes:
            mine, keys = Product((slope, of_key)), Product((found[first], slopes[leaf]))
            parallel = compare(mine, keys, domain.language, domain.assumption)
        else:
            parallel = compare(slope, _ZERO, domain.language, domain.assumption)
        if isinstance(parallel, Different) and not parallel.undefined_at:
            return Refuted(f"at {_shown(parallel.witness.values)} the answer and the key do not rise together")
        if not isinstance(parallel, Equal):
            return Unknown("whether the answer rises with the key is not decided")
    known = mostly(Quotient(found[first], of_key), domain)
    if known > 0:
        return Proven()
    if known < 0 or isinstance(_equal(found[first], _ZERO, domain), Proven):
        return Refuted("the answer falls or stays where the key rises")
    return Unknown("whether the answer rises with the key is not decided")


def _ordered_differently(key: Expression, answer: Expression, domain: Domain) -> Refuted | None:
    """Two points that the key and the answer order differently, or one where the answer has certainly no value."""
    measured: list[tuple[Point, Bounds, Bounds]] = []
    for point in _points(_leaves(key, answer), domain):
        of_key = _bounds(key, point)
        if of_key is None:
            continue
        try:
            of_answer = enclose(answer, dict(point), DIGITS[0])
        except Undefined as gap:
            if not gap.isolated:
                return Refuted(f"at {_shown(point)} the answer has no value")
            continue
        except (Undecided, RecursionError):
            continue
        for before in measured:
            found = _contradiction(before, (point, of_key, of_answer))
            if found is not None:
                return found
        measured.append((point, of_key, of_answer))
    return None


def _contradiction(one: tuple[Point, Bounds, Bounds], other: tuple[Point, Bounds, Bounds]) -> Refuted | None:
    """Whether the key puts one of two points certainly below the other, and the answer certainly does not."""
    low, high = (one, other) if one[1][1] < other[1][0] else (other, one)
    if low[1][1] >= high[1][0]:
        return None
    same = low[2] == high[2] and low[2][0] == low[2][1]
    if same or low[2][0] > high[2][1]:
        return Refuted(f"the key puts {_shown(low[0])} below {_shown(high[0])}, the answer does not")
    return None


# --- points


_SHARES = tuple(Fraction(k, 10) for k in (5, 9, 1, 6, 3))
_MOST_POINTS = 20
_FIRST_POINTS = 4  # that are looked at before a constant is written out


def _leaves(key: Expression, answer: Expression) -> tuple[Atom, ...]:
    return tuple(dict.fromkeys((*atoms(key), *atoms(answer))))


def _points(leaves: tuple[Atom, ...], domain: Domain) -> Iterator[Point]:
    """Points of the domain in a fixed order: each atom takes each share, in combinations that soon differ."""
    kinds = tuple(domain.of(leaf) for leaf in leaves)
    count = len(_SHARES)
    for trial in range(min(count ** len(leaves), _MOST_POINTS)):
        places = [trial // count ** min(index, 2) + trial * (index // 2) for index in range(len(leaves))]
        yield tuple(
            (leaf, _placed(_SHARES[place % count], kind))
            for leaf, kind, place in zip(leaves, kinds, places, strict=True)
        )


def _placed(share: Fraction, kind: Assumption) -> Fraction:
    """A number of the domain for a share in (0, 1)."""
    if kind == "probability":
        return share
    return share / (1 - share) if kind == "positive" else (share - Fraction(2, 5)) * 10


@lru_cache(maxsize=8192)
def _bounds(tree: Expression, point: Point) -> Bounds | None:
    for digits in DIGITS:
        try:
            return enclose(tree, dict(point), digits)
        except Undefined:
            return None
        except (Undecided, RecursionError):
            continue
    return None


def _shown(point: Point) -> str:
    return ", ".join(f"{to_unicode(leaf)} = {_written(value)}" for leaf, value in point)


def _written(value: Fraction) -> str:
    """A decimal where it ends, else the fraction."""
    try:
        return number_text(value)
    except ValueError:
        return str(value)
