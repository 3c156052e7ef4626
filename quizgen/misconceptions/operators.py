"""What a misconception is to the engine: a patch of the objective record, a formula over values, or a belief.

Its words (title, hint, feedback) are data of the bank, see `quizgen.misconceptions.words`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from grading.expressions import MASK, Context, Expression
from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective, Quantity, Term, objective_of, reduced
from quizgen.objective.spans import Sequence
from quizgen.objective.values import UnknownProbabilityError, ValueQuantity, Values, value_of

Kind = Literal["expression", "numeric", "procedural", "belief"]
Use = Literal["ok", "conditional", "never"]
Reason = Literal[
    "identical",  # the same as the key for this sentence
    "same-information",  # other notation, but nothing else is visible to the model
    "not-applicable",  # there is nothing here that it could change
    "nothing-left",  # it would leave no term
    "no-value",  # the item does not give the probabilities that it needs
    "undone",  # the second of two steps takes back the first, or is lost
]
RECORD_QUANTITIES = ("objective", "loss", "mean-objective", "mean-loss", "perplexity")


class Refused(msgspec.Struct, frozen=True):
    """Why a misconception is no wrong answer for this instance."""

    reason: Reason


Patch = Callable[[Objective, MaskedSentence], Objective | Refused]
Formula = Callable[[ValueQuantity, Values], Expression | Refused]
Tokens = Callable[[MaskedSentence, Sequence], tuple[str, ...] | Refused]


class Misconception(msgspec.Struct, frozen=True, kw_only=True):
    """What every misconception has.

    id: stable, in kebab case. kind: what kind of answer shows it. group: the file of its words.
    concept: the concept that is not understood. use: as a wrong option: ``ok``, ``conditional`` (the docstring of
    its module says when) or ``never``. redundant_with: ids that can coincide with it, never both in one item.
    """

    id: str
    kind: Kind
    group: str
    concept: str
    use: Use = "ok"
    redundant_with: tuple[str, ...] = ()


class Belief(Misconception, frozen=True, kw_only=True):
    """Words without an operator: it appears only where an author writes it."""


class RecordMisconception(Misconception, frozen=True, kw_only=True):
    """A patch of the objective record.

    patch: the bare change, also where it happens to change nothing. whole_sentence: whether it looks at words that are
    not selected, or at how many there are. about: what it changes, where that is not its group; two that are about
    different things can be made at once.
    """

    patch: Patch
    about: str = ""
    whole_sentence: bool = False

    def apply(self, objective: Objective, masked: MaskedSentence) -> Objective | Refused:
        """The record of somebody who holds this, or why that is no wrong answer for this sentence.

        What is not refused may still equal the key in ways that only the judge sees.
        """
        patched = self.patch(objective, masked)
        if isinstance(patched, Refused):
            return patched
        if not patched.terms:
            return Refused("nothing-left")
        if reduced(patched) == reduced(objective):
            return Refused("identical")
        if _same_information(patched, objective):
            return Refused("same-information")
        return patched

    def value(self, quantity: ValueQuantity, values: Values) -> Expression | Refused:
        """What somebody who holds this gets for a quantity, exactly, from the numbers of an item."""
        return record_value(self, quantity, values)


class ValueMisconception(Misconception, frozen=True, kw_only=True):
    """A formula over the values of an item."""

    formula: Formula

    def value(self, quantity: ValueQuantity, values: Values) -> Expression | Refused:
        """What somebody who holds this gets for a quantity, exactly, from the numbers of an item."""
        return self.formula(quantity, values)


class TokensMisconception(Misconception, frozen=True, kw_only=True):
    """A rule that writes a wrong token sequence: the corrupted input, or the source or target of span corruption."""

    rule: Tokens

    def tokens(self, masked: MaskedSentence, sequence: Sequence = "corrupted") -> tuple[str, ...] | Refused:
        """The sequence that somebody who holds this writes."""
        return self.rule(masked, sequence)


class Composition(msgspec.Struct, frozen=True):
    """Two misconceptions one after the other: an answer two steps away from the key.

    >>> from .catalogue import misconception
    >>> compose(misconception("sum-of-probs"), misconception("only-first-mask")).ids
    ('sum-of-probs', 'only-first-mask')
    """

    first: RecordMisconception
    second: RecordMisconception

    @property
    def ids(self) -> tuple[str, str]:
        return (self.first.id, self.second.id)

    def apply(self, objective: Objective, masked: MaskedSentence) -> Objective | Refused:
        """The record after both steps; refused where a step is, or where it is one step or none in the end."""
        halfway = self.first.apply(objective, masked)
        if isinstance(halfway, Refused):
            return halfway
        final = self.second.apply(halfway, masked)
        if isinstance(final, Refused):
            return Refused("undone") if final.reason == "identical" else final
        alone = self.second.patch(objective, masked)
        others = [objective] if isinstance(alone, Refused) else [objective, alone]
        if any(reduced(final) == reduced(other) or _same_information(final, other) for other in others):
            return Refused("undone")
        return final

    def value(self, quantity: ValueQuantity, values: Values) -> Expression | Refused:
        """As `RecordMisconception.value`."""
        return record_value(self, quantity, values)


def compose(first: Misconception, second: Misconception) -> Composition:
    """The two-step misconception; ValueError unless both are patches of the record."""
    if not isinstance(first, RecordMisconception) or not isinstance(second, RecordMisconception):
        raise ValueError(f"only patches of the record compose, not {first.id} and {second.id}")
    return Composition(first, second)


def record_value(
    operator: RecordMisconception | Composition, quantity: ValueQuantity, values: Values
) -> Expression | Refused:
    """The value of the key's record after an operator, refused where a probability is not given."""
    if quantity not in RECORD_QUANTITIES or not values.p:
        return Refused("not-applicable")
    sentence = values.sentence
    asked: Quantity = quantity  # type: ignore[assignment]  # it is one of RECORD_QUANTITIES
    patched = operator.apply(objective_of(sentence, asked, values.base), sentence)
    if isinstance(patched, Refused):
        return patched
    try:
        return value_of(patched, values.table)
    except UnknownProbabilityError:
        return Refused("no-value")


def replaced(objective: Objective, **changes: object) -> Objective:
    """A record with some decisions changed."""
    return msgspec.structs.replace(objective, **changes)


def each_term(objective: Objective, change: Callable[[Term], Term]) -> Objective:
    """A record with every term changed."""
    return replaced(objective, terms=tuple(change(term) for term in objective.terms))


def term_beside(objective: Objective, masked: MaskedSentence, position: int) -> Term | Refused:
    """A further term for the true token at a position, conditioned as the others are.

    Where tokens are predicted in an order, on what stands before it. Refused if the others are conditioned differently
    in another way, so that there is no telling how.
    """
    if masked.order:
        return Term(position, masked.tokens[position], masked.left_context(position))
    ways = {(term.given, term.reverse) for term in objective.terms}
    if len(ways) != 1:
        return Refused("not-applicable")
    given, reverse = ways.pop()
    return Term(position, masked.tokens[position], given, reverse)


def terms_at(objective: Objective, masked: MaskedSentence, positions: tuple[int, ...]) -> Objective | Refused:
    """A record with exactly these positions scored: terms that it has are kept, others are added."""
    present = {term.position: term for term in objective.terms}
    terms: list[Term] = []
    for position in positions:
        term = present.get(position) or term_beside(objective, masked, position)
        if isinstance(term, Refused):
            return term
        terms.append(term)
    return replaced(objective, terms=tuple(terms))


def _same_information(patched: Objective, objective: Objective) -> bool:
    """Whether two records differ in how much of one context they write down, but not in what is visible."""
    # The contexts first: they differ in most cases, and comparing them is cheap.
    return (
        len(patched.terms) == len(objective.terms)
        and all(
            ours.position == theirs.position
            and ours.target == theirs.target
            and (ours.reverse, ours.of, ours.complement) == (theirs.reverse, theirs.of, theirs.complement)
            and _as_informative(ours.given, theirs.given)
            for ours, theirs in zip(patched.terms, objective.terms, strict=True)
        )
        and reduced(replaced(patched, terms=objective.terms)) == reduced(objective)
    )


def _as_informative(one: Context | None, other: Context | None) -> bool:
    """Whether two contexts show the same: trailing masks show nothing, as the judge has it too."""
    if one is None or other is None:
        return one is other
    return _trimmed(one) == _trimmed(other)


def _trimmed(context: Context) -> tuple[str, ...]:
    end = len(context.tokens)
    while end and context.tokens[end - 1] == MASK:
        end -= 1
    return tuple(token.casefold() for token in context.tokens[:end])
