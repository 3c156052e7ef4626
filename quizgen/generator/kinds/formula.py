"""Typed formulas: the key as text of the one grammar, and the formulas that known mistakes lead to."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from grading.answersheet import PartKey
from grading.expressions import Expression
from grading.keys import Relation, Requirement, Sentence, SymbolicKey
from grading.text import to_text
from quizgen.distractors import PROOFS, symbol_rival
from quizgen.generator.draft import Built, Draft
from quizgen.generator.scene import Impossible
from quizgen.generator.wording import Wording, wording
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
    words = wording(draft.language)
    known = {wrong.id: wrong for wrong in answer.wrong}
    symbolic = SymbolicKey(
        value=to_text(key),
        symbols=answer.symbols,
        sentence=Sentence(masked.tokens, masked.corrupted, masked.selected, masked.order)
        if masked is not None
        else None,
        rivals=tuple(draft.rival(to_text(tree), (name,), known[name].credit, known[name]) for name, tree in kept),
        decimal_comma=draft.decimal_comma,
        forms=tuple(_worded_form(asked, words) for asked in answer.forms),
        accept=tuple(_worded_relation(draft, relation, words) for relation in answer.accept),
        lang=draft.language,
    )
    return SymbolicInteraction(answer.symbols, words.syntax_hint), PartKey(part.id, symbolic)


def _worded_form(asked: Requirement, words: Wording) -> Requirement:
    """With the words of a language that the judge does not speak."""
    return msgspec.structs.replace(asked, feedback=words.forms.get(asked.form, ""))


def _worded_relation(draft: Draft, relation: Relation, words: Wording) -> Relation:
    """With the words of its misconceptions, else with what it is; right answers need none."""
    if relation.misconceptions:
        known = draft.rival("", relation.misconceptions)
        return msgspec.structs.replace(relation, title=known.title, hint=known.hint, feedback=known.feedback)
    if relation.credit == 1:
        return relation
    title, feedback = words.relations[relation.kind]
    return msgspec.structs.replace(relation, title=title, feedback=feedback)


def _rivals(draft: Draft, answer: Symbolic) -> Iterator[tuple[str, Expression]]:
    for wrong in answer.wrong:
        if not draft.offered(wrong.when):
            continue
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
