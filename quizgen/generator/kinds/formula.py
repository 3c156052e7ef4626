"""Typed formulas: the key as text of the one grammar, and the formulas that known mistakes lead to."""

from __future__ import annotations

from collections.abc import Iterator

from grading.answersheet import PartKey
from grading.expressions import Expression
from grading.keys import Sentence, SymbolicKey
from grading.text import to_text
from quizgen.distractors import PROOFS, symbol_rival
from quizgen.generator.draft import Built, Draft
from quizgen.generator.scene import Impossible
from quizgen.generator.wording import wording
from quizgen.misconceptions.catalogue import misconception
from quizgen.misconceptions.operators import RecordMisconception, Refused
from quizgen.model import SymbolicInteraction
from quizgen.objective.record import to_tree
from quizgen.template import QUANTITIES, PartTemplate, Symbolic


def build_formula(draft: Draft, part: PartTemplate, answer: Symbolic) -> Built:
    """A formula to type. Rivals are kept when they are proven different from the key and from each other."""
    masked = draft.scene.masked
    if answer.key.text in QUANTITIES and masked is not None:
        record = draft.record(answer.key.text)
        key = to_tree(record, dict(masked.symbols()) if answer.in_symbols else None)
    else:
        key = draft.symbolic(answer.key, answer.symbols)
    kept: list[tuple[str, Expression]] = []
    for name, tree in _rivals(draft, answer):
        if PROOFS.all_different([key, *(earlier for _, earlier in kept), tree]):
            kept.append((name, tree))
    credits = {wrong.id: wrong.credit for wrong in answer.wrong}
    symbolic = SymbolicKey(
        value=to_text(key),
        symbols=answer.symbols,
        sentence=Sentence(masked.tokens, masked.corrupted, masked.selected) if masked is not None else None,
        rivals=tuple(draft.rival(to_text(tree), (name,), credits[name]) for name, tree in kept),
        decimal_comma=draft.decimal_comma,
    )
    interaction = SymbolicInteraction(answer.symbols, wording(draft.language).syntax_hint)
    return interaction, PartKey(part.id, symbolic)


def _rivals(draft: Draft, answer: Symbolic) -> Iterator[tuple[str, Expression]]:
    for wrong in answer.wrong:
        if wrong.value is not None:
            yield wrong.id, draft.symbolic(wrong.value, answer.symbols)
            continue
        if answer.key.text not in QUANTITIES:
            raise Impossible(f"'{wrong.id}' has no formula here of its own; write one: {wrong.id}: formula")
        entry, record = misconception(wrong.id), draft.record(answer.key.text)
        if answer.in_symbols:
            tree = symbol_rival(entry, record, draft.masked())
            if tree is not None:
                yield wrong.id, tree
        elif isinstance(entry, RecordMisconception):
            patched = entry.apply(record, draft.masked())
            if not isinstance(patched, Refused):
                yield wrong.id, to_tree(patched)
