"""The numbers of a training step, right and wrong ones, worked out once for all sentences of one form.

Which probabilities a record multiplies, adds or takes logarithms of depends on the form of its sentence alone (see
`quizgen.distractors.nameless`). So the tree of a record is made once a form, with a place for each probability, and is
only filled for each sentence. What several trees of a form have in common is one part of all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from itertools import count

from grading.expressions import Expression, Logarithm, Symbol, atoms, children, with_children
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
        self._trees: dict[tuple[str, Quantity, Base | None], tuple[Expression, _Fill] | None] = {}

    def tree(
        self, entry: RecordMisconception | None, quantity: Quantity, base: Base | None
    ) -> tuple[Expression, _Fill] | None:
        """The tree of a quantity and what fills it; None where a misconception has no number.

        entry: None for the right one. The trees of forms that are equal are one.
        """
        name = ("" if entry is None else entry.id, quantity, base)
        if name not in self._trees:
            made = self._made(entry, objective_of(self._masked, quantity, base))
            self._trees[name] = None if made is None else (_shared(made), _PARTS.fill(made))
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
        number = next(self._numbers)

        def fill(leaves: tuple[Expression, ...], cells: Cells) -> Expression:
            found = cells.get(number)
            if found is None:
                found = cells[number] = with_children(node, tuple([part(leaves, cells) for part in parts]))
            return found

        return fill


_PARTS = _Parts()


@lru_cache(maxsize=REMEMBERED_PARTS)
def _shared(tree: Expression) -> Expression:
    """The first of the trees that are equal to this one."""
    return tree


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

    def tree(self, quantity: Quantity, base: Base | None) -> Expression:
        """The tree of a quantity, in which ``0``, ``1``, … stand for the probabilities."""
        return self._right(quantity, base)[0]

    def _right(self, quantity: Quantity, base: Base | None) -> tuple[Expression, _Fill]:
        found = _form(self._forms.of(False)[0]).tree(None, quantity, base)
        assert found is not None  # the probabilities of a right record are those of the scored words
        return found

    def right(self, quantity: Quantity, base: Base | None) -> Expression:
        """The value of a quantity, as `quizgen.objective.values.right_value` has it."""
        return self._right(quantity, base)[1](self._leaves, self._cells)

    def wrong(self, entry: RecordMisconception, quantity: str, base: Base | None) -> Expression | None:
        """The number of somebody who holds a misconception, None where it has none here."""
        if quantity not in RECORD_QUANTITIES:
            return None
        form = _form(self._forms.of(entry.whole_sentence)[0])
        found = form.tree(entry, quantity, base)  # type: ignore[arg-type]  # it is one of RECORD_QUANTITIES
        return None if found is None else found[1](self._leaves, self._cells)


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
