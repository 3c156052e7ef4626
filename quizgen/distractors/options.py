"""The formula of somebody who holds a misconception or two, made once for a form of sentence and filled with words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import msgspec

from grading.expressions import Context, Event, Expression, Probability
from grading.labels import quote_token
from quizgen.content import Formula
from quizgen.distractors.nameless import Nameless
from quizgen.misconceptions.catalogue import misconception
from quizgen.misconceptions.operators import Composition, RecordMisconception, Refused
from quizgen.objective.masked import MaskedSentence
from quizgen.objective.notation import Setting
from quizgen.objective.record import Base, Objective, Quantity, objective_of, to_tree
from quizgen.objective.shapes import FormulaShape, Leaf, compile_shape, fill, shape_of


class Asked(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """The quantity that the key states, and the base of its logarithms (None natural)."""

    quantity: Quantity
    base: Base | None = None


class OptionShape(msgspec.Struct, frozen=True, gc=False, eq=False):
    """A formula about a sentence without words, ready to be filled in.

    tree: over the nameless sentence; what is proven of it holds for every sentence that it was made from.
    """

    misconceptions: tuple[str, ...]
    tree: Expression
    shape: FormulaShape
    leaves: tuple[Leaf, ...]

    def with_words(self, words: Mapping[str, str]) -> Formula:
        """The formula about the sentence whose words stand for the nameless ones."""
        return fill(self.shape, [_with_words(leaf, words) for leaf in self.leaves])


@lru_cache(maxsize=100_000)
def option_shape(asked: Asked, sentence: Nameless, ids: tuple[str, ...], setting: Setting) -> OptionShape | str:
    """The formula of somebody who holds these misconceptions (none: the key), or why there is none."""
    masked = MaskedSentence(*sentence)
    record = objective_of(masked, asked.quantity, asked.base)
    entries = [misconception(name) for name in ids]
    patches = [entry for entry in entries if isinstance(entry, RecordMisconception) and entry.use != "never"]
    if len(patches) < len(ids):
        return "no wrong formula belongs to it"
    patched: Objective | Refused = record
    if len(patches) == 1:
        patched = patches[0].apply(record, masked)
    elif patches:
        patched = Composition(patches[0], patches[1]).apply(record, masked)
    if isinstance(patched, Refused):
        return patched.reason
    if len(patches) > 1 and any(entry.group == "position" for entry in patches) and _names_positions(patched):
        # Whoever counts wrongly would count wrongly in the condition as well: nobody writes such a formula.
        return "a shifted position beside a condition that names one"
    tree = to_tree(patched)
    key, leaves = shape_of(tree)
    return OptionShape(ids, tree, compile_shape(key, setting), tuple(leaves))


def _names_positions(record: Objective) -> bool:
    return any(term.given is not None and "_" in term.given.notation for term in record.terms)


def _with_words(leaf: Leaf, words: Mapping[str, str]) -> Leaf:
    if not isinstance(leaf, Probability) or not words:
        return leaf
    events = tuple([Event(event.position, words.get(event.token, event.token), event.of) for event in leaf.events])
    given = leaf.given
    if given is not None and ", x_" in given.notation:
        parts = (part.partition("=") for part in given.notation.split(", "))
        named = (
            f"{name}={quote_token(words[word])}" if word in words else f"{name}{sign}{word}"
            for name, sign, word in parts
        )
        given = Context(", ".join(named), given.tokens)
    return Probability(events, given, leaf.reverse)
