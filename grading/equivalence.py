"""Are two expressions the same? `Equal` with a normal form, `Different` with a point, or `Unknown` with a reason.

Equal: the same value wherever both are defined in the open domain of the symbols, and each defined almost everywhere
where the other is. Different: at a point that anyone can check, both are defined and provably differ, or only one is.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

from grading.canonical import Builder
from grading.cases import equal_in_every_case
from grading.comparisons import Comparison, Different, Equal, Unknown, Witness
from grading.enclosures import Enclosures, assumed
from grading.expressions import Expression
from grading.fixedpoint import UNIT
from grading.forms import Form, agree
from grading.gaps import same_gaps
from grading.keys import Assumption, SymbolicKey
from grading.parsing.formulas import parse_expression
from grading.parsing.language import Language
from grading.points import PLAIN, Leaf, ordered, plain_point, signed_points
from grading.polynomials import ONE, OutOfFuel, UndefinedEverywhere
from grading.searching import DIGITS, UNDECIDED, Found, Search, bounds_at, with_atoms
from grading.text import to_unicode

__all__ = [
    "Comparison",
    "Different",
    "Equal",
    "Side",
    "Unknown",
    "Witness",
    "World",
    "compare",
    "compare_texts",
    "key_side",
    "proven_equal",
    "vanishes",
]


_ANY = Language(any_name=True)
NOWHERE = "nowhere defined"
_NO_VALUE = "no point was found at which both formulas have a value"
TRIALS = 3
"""Points at which bounds are computed quickly before `grading.witness` is asked."""


class Side:
    """One side of a comparison: a tree; its normal form and its bounds at points are worked out when needed.

    form: the normal form, where it is known already.
    """

    __slots__ = ("_bounds", "_enclosed", "_form", "_world", "compared", "tree")

    def __init__(self, tree: Expression, world: World, form: Form | None = None) -> None:
        self.tree = tree
        self._world = world
        self._form: Form | str | None = form
        self._bounds: dict[int, tuple[int, int] | None] = {}
        self._enclosed: dict[tuple[int, int], Found] = {}
        self.compared: tuple[Side, Comparison] | None = None  # the last comparison with another side

    @property
    def form(self) -> Form | str:
        """The normal form, or why there is none."""
        if self._form is None:
            self._form = self._world.form(self.tree)
        return self._form

    def bounds(self, trial: int) -> tuple[int, int] | None:
        """Bounds of the value at a point, in units of `grading.fixedpoint`; None where there are none."""
        if trial not in self._bounds:
            self._bounds[trial] = self._world.bounds(self.tree, trial)
        return self._bounds[trial]

    @property
    def placed(self) -> bool:
        """Whether there are bounds at one of the points at which they are computed quickly."""
        return any(self.bounds(trial) is not None for trial in range(TRIALS))

    def enclosed(self, trial: int, digits: int) -> Found:
        """What `grading.witness` says of the value at a plain point."""
        if (trial, digits) not in self._enclosed:
            closed, leaves = with_atoms(self.tree, self._world.language)
            point = plain_point([(leaf, self._world.assumed(leaf)) for leaf in leaves], trial)
            self._enclosed[trial, digits] = bounds_at(closed, point, digits)
        return self._enclosed[trial, digits]

    def careful_bounds(self, trial: int) -> tuple[int, int] | None:
        """Bounds of `grading.witness` at a plain point, in the units of `bounds`; None where there are none."""
        for digits in DIGITS:
            found = self.enclosed(trial, digits)
            if isinstance(found, tuple):
                return math.floor(found[0] * UNIT), math.ceil(found[1] * UNIT)
            if found != UNDECIDED:
                break
        return None

    def rational_bounds(self, trial: int) -> tuple[Fraction, Fraction] | None:
        """The same bounds as fractions."""
        found = self.bounds(trial)
        return None if found is None else (Fraction(found[0], UNIT), Fraction(found[1], UNIT))


class World:
    """One language with its assumptions, and what was worked out in it: forms and bounds of pieces met before.

    Nothing that is kept here changes a verdict: forms cost the same fuel again, and bounds hold for ever.
    """

    def __init__(self, language: Language, assumption: Assumption = "probability") -> None:
        self.language, self.assumption = language, assumption
        self._known: dict[Expression, tuple[Form, int]] = {}
        self._trials = tuple(Enclosures(language, assumption, trial) for trial in range(TRIALS))
        self._last: Side | None = None

    @staticmethod
    def of(language: Language, assumption: Assumption = "probability") -> World:
        """The world of a language."""
        return _world(language, assumption)

    def side(self, tree: Expression) -> Side:
        """The tree as one side of a comparison; the last one is kept, as an answer is asked for by several."""
        last = self._last
        if last is None or last.tree is not tree:
            last = self._last = Side(tree, self)
        return last

    def assumed(self, leaf: Leaf) -> Assumption:
        """What is assumed of an atom."""
        return assumed(leaf, self.language, self.assumption)

    def form(self, tree: Expression) -> Form | str:
        """The normal form of a tree, or why there is none."""
        try:
            return Builder(self.language, self.assumption, known=self._known).form(tree)
        except OutOfFuel as limit:
            return str(limit)
        except UndefinedEverywhere as problem:
            return f"{NOWHERE}: {problem}"
        except RecursionError:
            return "the formula is nested too deeply"

    def bounds(self, tree: Expression, trial: int) -> tuple[int, int] | None:
        """Bounds of a tree at a point, in units of `grading.fixedpoint`; None where there are none."""
        return self._trials[trial].bounds(tree)

    def apart(self, first: Side, second: Side) -> int | None:
        """The number of the first point at which bounds prove that the two differ; None if there is none."""
        for trial in range(TRIALS):
            a, b = first.bounds(trial), second.bounds(trial)
            if a is not None and b is not None and (a[1] < b[0] or b[1] < a[0]):
                return trial
        return None

    def equal(self, first: Side, second: Side) -> bool:
        """Whether the normal forms prove that two sides are equal."""
        a, b = first.bounds(0), second.bounds(0)
        if a is not None and b is not None and (a[1] < b[0] or b[1] < a[0]):
            return False
        return self._plainly_different(first, second) is None and self._same_form(first, second)

    def _plainly_different(self, first: Side, second: Side) -> Different | None:
        """A plain point at which two sides differ, where one has no quick bounds: no form is needed for that."""
        if first.placed and second.placed:
            return None
        return Search(first, second, self, (False, False)).at_plain_points(TRIALS)

    def _same_form(self, first: Side, second: Side) -> bool:
        b = second.form
        if isinstance(b, str):
            return False  # without a form of the answer none of the key's is needed
        a = first.form
        if isinstance(a, str) or not agree(a, b):
            return False
        return self._somewhere(first, a) and self._somewhere(second, b)

    def _somewhere(self, side: Side, form: Form) -> bool:
        """Whether what the expression divides by is proven to be different from zero at some point.

        The unknowns of the normal form are not always independent (ln 21 and ln 3 are taken apart, logarithms of very
        large composite numbers are not), so that a denominator may be zero everywhere though its form is not: 0/0 is no
        value.
        """
        if form.denominator == ONE and not form.nonzero:
            return True
        if side.placed:
            return True
        closed, leaves = with_atoms(side.tree, self.language)
        if any(side.careful_bounds(trial) is not None for trial in range(PLAIN if leaves else 1)):
            return True
        points = signed_points([(leaf, self.assumed(leaf)) for leaf in ordered(leaves)])
        return any(isinstance(bounds_at(closed, point, digits), tuple) for point in points for digits in DIGITS)

    def note(self, first: Side, second: Side) -> str:
        """What is to be said of two equal sides: "" or ``removable``."""
        a, b = first.form, second.form
        if isinstance(a, str) or isinstance(b, str) or a.nonzero == b.nonzero:
            return ""
        return "" if same_gaps(a, b, Builder(self.language, self.assumption)) else "removable"

    def compare(self, first: Side, second: Side) -> Comparison:
        """Whether two sides are the same; symmetric up to the names of the sides in the result."""
        met = second.compared
        if met is None or met[0] is not first:
            met = second.compared = first, self._comparison(first, second)
        return met[1]

    def _comparison(self, first: Side, second: Side) -> Comparison:
        if (trial := self.apart(first, second)) is not None:
            return self._different_at(first, second, trial)
        if (plainly := self._plainly_different(first, second)) is not None:
            return plainly
        a, b = first.form, second.form
        if first.tree == second.tree:
            if isinstance(a, str):
                return Unknown(a) if a.startswith(NOWHERE) else Equal(to_unicode(first.tree))
            return Equal(_shown_form(a))
        if self.equal(first, second):
            assert isinstance(a, Form)
            assert isinstance(b, Form)
            return Equal(_shown_form(a), self.note(first, second))
        search = self.search(first, second)
        if (found := search.at_plain_points()) is not None:
            return found
        if isinstance(a, Form) and isinstance(b, Form):
            if agree(a, b):
                return Unknown(_NO_VALUE)
            if self.equal_otherwise(first, second):
                return Equal(_shown_form(a), self.note(first, second))
        if (found := search.at_further_points()) is not None:
            return found
        if isinstance(a, str) or isinstance(b, str):
            return Unknown(a if isinstance(a, str) else str(b))
        return search.closely() or Unknown("no proof and no point of difference was found")

    def equal_otherwise(self, first: Side, second: Side) -> bool:
        """Whether two sides with different normal forms are equal all the same: over roots, or in every case."""
        a, b = first.form, second.form
        if isinstance(a, str) or isinstance(b, str):
            return False
        roots = _roots(a) | _roots(b)
        if roots and _refined_equal(first.tree, second.tree, self.language, self.assumption, roots):
            return True
        trees = sorted((first.tree, second.tree), key=to_unicode)
        return (
            equal_in_every_case(trees[0], trees[1], self.language, self.assumption)
            and self._somewhere(first, a)
            and self._somewhere(second, b)
        )

    def search(self, first: Side, second: Side) -> Search:
        """The search for a point of difference that quick bounds do not show."""
        nowhere = tuple(isinstance(s.form, str) and s.form.startswith(NOWHERE) for s in (first, second))
        return Search(first, second, self, nowhere)

    def _different_at(self, first: Side, second: Side, trial: int) -> Different:
        """The witness at a point that the quick bounds found, as the evaluator that knows nothing of them sees it."""
        search = Search(first, second, self, (False, False))
        return search.at_plain_point(trial) or Different(
            Witness(plain_point(search.assumed, trial), first.rational_bounds(trial), second.rational_bounds(trial))
        )


@lru_cache(maxsize=256)
def _world(language: Language, assumption: Assumption) -> World:
    return World(language, assumption)


def compare(
    left: Expression,
    right: Expression,
    language: Language | None = None,
    assumptions: Assumption = "probability",
) -> Comparison:
    """Whether two expressions are the same.

    language: declares the symbols and knows the sentence; None: nothing is declared. assumptions: of every symbol
    that is not declared. Symmetric up to the sides named in the result.

    >>> from grading.expressions import Logarithm, Product, Sum, Symbol
    >>> p, q = Symbol("p"), Symbol("q")
    >>> compare(Logarithm(Product((p, q))), Sum((Logarithm(p), Logarithm(q))))
    Equal(proof='ln p + ln q', note='')
    """
    world = World.of(_ANY if language is None else language, assumptions)
    return world.compare(world.side(left), world.side(right))


def proven_equal(
    left: Expression, right: Expression, language: Language, assumption: Assumption = "probability"
) -> bool:
    """Whether the normal forms prove that two expressions are equal; no point of difference is sought."""
    world = World.of(language, assumption)
    return world.equal(world.side(left), world.side(right))


def _shown_form(form: Form) -> str:
    shown = form.shown()
    return shown if len(shown) <= 2_000 else shown[:2_000] + " …"


def _roots(form: Form) -> frozenset[tuple[str, int]]:
    """Atoms that stand under a root, here or inside another unknown, with the degree of the root."""
    found: set[tuple[str, int]] = set()
    seen: set[str] = set()  # in a tower of powers every floor stands twice in the next one
    stack = [form.numerator, form.denominator]
    while stack:
        for monomial in stack.pop():
            for generator, exponent in monomial:
                if exponent.denominator != 1 and generator.kind in ("atom", "exp"):
                    found.add((generator, exponent.denominator))
                if isinstance(generator.content, dict) and generator not in seen:
                    seen.add(generator)
                    stack.append(generator.content)
    return frozenset(found)


def _refined_equal(
    left: Expression, right: Expression, language: Language, assumption: Assumption, roots: frozenset[tuple[str, int]]
) -> bool:
    """The comparison once more, with factors sought over the roots that occur on either side."""
    degrees: dict[str, int] = {}
    for name, degree in sorted(roots):
        degrees[name] = degrees.get(name, 1) * degree
    try:
        first = Builder(language, assumption, refinement=degrees).form(left)
        second = Builder(language, assumption, refinement=degrees).form(right)
    except (OutOfFuel, UndefinedEverywhere):
        return False
    return agree(first, second)


def vanishes(closed: Expression) -> bool:
    """Whether the normal form of a closed expression proves that it is zero."""
    form = World.of(_ANY, "real").side(closed).form
    return isinstance(form, Form) and not form.positive and not form.numerator


# --- answers


@lru_cache(maxsize=1024)
def key_side(key: SymbolicKey, assumption: Assumption) -> Side:
    """What a key asks for. assumption: of symbols that are not declared. Raises Refused if the key cannot be read."""
    language = Language.of(key)
    return World.of(language, assumption).side(parse_expression(key.value, language))


def compare_texts(key: SymbolicKey, answer: str) -> Comparison:
    """Whether a typed answer is the key; raises Refused if it cannot be read.

    >>> from grading.keys import SymbolDeclaration
    >>> key = SymbolicKey("log p_2 + log p_6", (SymbolDeclaration("p_2"), SymbolDeclaration("p_6")))
    >>> compare_texts(key, "ln(p2·p6)").proof
    'ln p_2 + ln p_6'
    """
    world = World.of(Language.of(key))
    return world.compare(key_side(key, "probability"), world.side(parse_expression(answer, world.language)))
