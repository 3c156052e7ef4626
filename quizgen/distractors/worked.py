"""The numbers of a training step, right and wrong ones, worked out once for all sentences of one form.

Which probabilities a record multiplies, adds or takes logarithms of depends on the form of its sentence alone (see
`quizgen.distractors.nameless`). So the tree of a record is made once a form, with a place for each probability, and is
only filled for each sentence. What several trees of a form have in common is one part of all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import count

from grading.expressions import MAKERS, Expression, Logarithm, Number, Symbol, atoms, children, with_children
from grading.text import to_text
from quizgen.distractors.nameless import Nameless, forms_of
from quizgen.misconceptions.operators import RECORD_QUANTITIES, RecordMisconception, Refused
from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Base, Objective, Quantity, objective_of
from quizgen.objective.values import UnknownProbabilityError, exact, logarithm_of, tree_of

REMEMBERED_FORMS, REMEMBERED_PARTS, REMEMBERED_SENTENCES = 4096, 20_000, 64

Cells = dict[int, Expression]
"""The parts of trees that are filled for a sentence, by the number of what fills them."""

_Fill = Callable[[tuple[Expression, ...], Cells], Expression]


class _Form:
    """The trees of the records of one nameless sentence."""

    def __init__(self, form: Nameless) -> None:
        self._masked = MaskedSentence(*form)
        self._written = {
            self._masked.probability(position): Symbol(str(place)) for place, position in enumerate(self._masked.scored)
        }
        self._trees: dict[tuple[str, Quantity, Base | None], _Tree | None] = {}

    def tree(self, entry: RecordMisconception | None, quantity: Quantity, base: Base | None) -> _Tree | None:
        """The tree of a quantity; None where a misconception has no number.

        entry: None for the right one. The trees of forms that are equal are one.
        """
        name = ("" if entry is None else entry.id, quantity, base)
        if name not in self._trees:
            made = self._made(entry, objective_of(self._masked, quantity, base))
            self._trees[name] = None if made is None else _shared(made)
        return self._trees[name]

    def _made(self, entry: RecordMisconception | None, right: Objective) -> Expression | None:
        record = right if entry is None else entry.apply(right, self._masked)
        if isinstance(record, Refused):
            return None
        try:
            return tree_of(record, self._written)
        except UnknownProbabilityError:
            return None


class _Parts:
    """What fills the parts of trees; parts that are equal are one, whatever trees they are in."""

    def __init__(self) -> None:
        self._fills: dict[Expression, _Fill] = {}
        self._numbers = count()

    def fill(self, node: Expression) -> _Fill:
        """What fills a tree."""
        if len(self._fills) >= REMEMBERED_PARTS:
            self._fills = {}
        return self._part(node)

    def _part(self, node: Expression) -> _Fill:
        fill = self._fills.get(node)
        if fill is None:
            fill = self._fills[node] = self._filler(node)
        return fill

    def _filler(self, node: Expression) -> _Fill:
        if not atoms(node):
            return lambda leaves, cells: node
        if isinstance(node, Symbol):
            place = int(node.name)
            return lambda leaves, cells: leaves[place]
        if isinstance(node, Logarithm) and isinstance(node.argument, Symbol):
            place, base = int(node.argument.name), node.base
            return lambda leaves, cells: logarithm_of(leaves[place], base)
        parts = [self._part(child) for child in children(node)]
        number, make = next(self._numbers), MAKERS[type(node)]

        def fill(leaves: tuple[Expression, ...], cells: Cells) -> Expression:
            found = cells.get(number)
            if found is None:
                found = cells[number] = make(node, tuple([part(leaves, cells) for part in parts]))
            return found

        return fill


_PARTS = _Parts()


class _Tree:
    """A tree with places for probabilities, what fills it, and its text with holes for them."""

    def __init__(self, tree: Expression) -> None:
        self.tree, self.fill = tree, _PARTS.fill(tree)

    @cached_property
    def _written(self) -> tuple[str, tuple[int, ...]]:
        """The text as a ``%``-pattern, and the places of its holes from left to right."""
        places = sorted({leaf.name for leaf in atoms(self.tree) if isinstance(leaf, Symbol)})
        marks = tuple(Number(Fraction(_MARK + int(place)) + _HALF) for place in places)
        text = to_text(_substituted(self.tree, dict(zip(places, marks, strict=True))))
        return _MARKED.sub("%s", text.replace("%", "%%")), tuple(int(found) for found in _MARKED.findall(text))

    def text(self, numerals: Sequence[str]) -> str:
        """The text with these numerals at its places."""
        pattern, places = self._written
        return pattern % tuple([numerals[place] for place in places])


_MARK, _HALF = 10**40, Fraction(1, 2)
_MARKED = re.compile(r"10{30}([0-9]{10})\.5")
"""A decimal that stands for the probability at a place: a decimal is written alike wherever it stands."""


def _substituted(node: Expression, numbers: Mapping[str, Expression]) -> Expression:
    if isinstance(node, Symbol):
        return numbers[node.name]
    return with_children(node, tuple([_substituted(child, numbers) for child in children(node)]))


@lru_cache(maxsize=REMEMBERED_PARTS)
def _shared(tree: Expression) -> _Tree:
    """One for all trees that are equal to this one."""
    return _Tree(tree)


class WorkedNumbers:
    """The numbers of one masked sentence whose probabilities are known: those of the scored words, ascending.

    by_place: the probabilities by what stands for them in a tree.
    """

    def __init__(self, masked: MaskedSentence, p: tuple[Fraction, ...]) -> None:
        self.made_of = masked, p
        self.by_place = {str(place): value for place, value in enumerate(p)}
        self._forms = forms_of(masked)
        self._leaves = tuple(map(exact, p))
        self._cells: Cells = {}
        self._made: dict[bool, _Form] = {}
        self._trees: dict[int, tuple[Expression, _Tree]] = {}
        self._numerals: tuple[str, ...] | None = None

    def is_of(self, masked: MaskedSentence | None, p: tuple[Fraction, ...]) -> bool:
        """Whether the numbers are those of just this sentence and these probabilities."""
        return self.made_of[0] is masked and self.made_of[1] is p

    def _form(self, whole: bool) -> _Form:
        """The form of the sentence. whole: with all of its words."""
        form = self._made.get(whole)
        if form is None:
            form = self._made[whole] = _form(self._forms.of(whole)[0])
        return form

    def tree(self, quantity: Quantity, base: Base | None) -> Expression:
        """The tree of a quantity, in which ``0``, ``1``, … stand for the probabilities."""
        return self._right(quantity, base).tree

    def _right(self, quantity: Quantity, base: Base | None) -> _Tree:
        found = self._form(False).tree(None, quantity, base)
        assert found is not None  # the probabilities of a right record are those of the scored words
        return found

    def right(self, quantity: Quantity, base: Base | None) -> Expression:
        """The value of a quantity, as `quizgen.objective.values.right_value` has it."""
        return self._filled(self._right(quantity, base))

    def wrong(self, entry: RecordMisconception, quantity: str, base: Base | None) -> Expression | None:
        """The number of somebody who holds a misconception, None where it has none here."""
        if quantity not in RECORD_QUANTITIES:
            return None
        form = self._form(entry.whole_sentence)
        found = form.tree(entry, quantity, base)  # type: ignore[arg-type]  # it is one of RECORD_QUANTITIES
        return None if found is None else self._filled(found)

    def _filled(self, tree: _Tree) -> Expression:
        value = tree.fill(self._leaves, self._cells)
        self._trees[id(value)] = value, tree
        return value

    def text(self, value: Expression) -> str:
        """What `to_text` gives; from the form, for a number that was worked out here."""
        found = self._trees.get(id(value))
        if found is None:
            return to_text(value)
        if self._numerals is None:
            self._numerals = _numerals(self._leaves)
        return found[1].text(self._numerals) if self._numerals else to_text(value)


def _numerals(leaves: Sequence[Expression]) -> tuple[str, ...]:
    """The probabilities as decimals; none where one of them is written as a fraction."""
    return tuple(map(to_text, leaves)) if all(type(leaf) is Number for leaf in leaves) else ()


@lru_cache(maxsize=REMEMBERED_FORMS)
def _form(form: Nameless) -> _Form:
    return _Form(form)


_WORKED: dict[tuple[int, int], WorkedNumbers] = {}


def worked_numbers(masked: MaskedSentence, p: tuple[Fraction, ...]) -> WorkedNumbers:
    """The numbers of a masked sentence with these probabilities of its scored words, kept for a few sentences.

    >>> from grading.text import to_text
    >>> from quizgen.objective.masked import masked_sentence
    >>> worm = masked_sentence(("[CLS]", "early", "worm"), {1: "[MASK]", 2: "[MASK]"})
    >>> to_text(worked_numbers(worm, (Fraction(1, 2), Fraction(1, 5))).right("loss", None))
    '-log(0.5) - log(0.2)'
    """
    place = id(masked), id(p)  # which hold as long as they are kept with the numbers
    found = _WORKED.get(place)
    if found is None:
        if len(_WORKED) >= REMEMBERED_SENTENCES:
            _WORKED.clear()
        found = _WORKED[place] = WorkedNumbers(masked, p)
    return found
