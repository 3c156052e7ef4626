"""Short answers and essays."""

from __future__ import annotations

from grading.answersheet import PartKey
from grading.keys import Criterion, EssayKey, TextKey
from quizgen.content import text_of
from quizgen.generator.draft import Built, Draft
from quizgen.generator.scene import Impossible
from quizgen.misconceptions.catalogue import misconception
from quizgen.misconceptions.operators import RecordMisconception, Refused, TokensMisconception
from quizgen.model import EssayInteraction, TextInteraction
from quizgen.template import Essay, PartTemplate, ShortAnswer


def build_short_answer(draft: Draft, part: PartTemplate, answer: ShortAnswer) -> Built:
    """A short text, or the corrupted sequence of the scene."""
    if answer.asks_for_corrupted:
        accepted: tuple[str, ...] = (" ".join(draft.masked().corrupted),)
    else:
        accepted = (text_of(draft.inline(answer.key)),)
    accepted += tuple(text_of(draft.inline(text)) for text in answer.accept)
    rivals = []
    taken = set(accepted)
    for wrong in answer.wrong:
        if wrong.value is not None:
            text: str | None = text_of(draft.inline(wrong.value))
        elif answer.asks_for_corrupted:
            text = _wrong_sequence(draft, wrong.id)
        else:
            raise Impossible(f"'{wrong.id}' has no text here of its own; write one: {wrong.id}: text")
        if text is not None and text not in taken:
            taken.add(text)
            rivals.append(draft.rival(text, (wrong.id,), wrong.credit, wrong))
    tokens = answer.comparison == "tokens" or answer.asks_for_corrupted
    key = TextKey(accepted, "tokens" if tokens else "words", answer.case_sensitive, tuple(rivals))
    return TextInteraction(tokens=tokens), PartKey(part.id, key)


def _wrong_sequence(draft: Draft, name: str) -> str | None:
    """The token sequence of a misconception: by its own rule, or with [MASK] at the positions that it names."""
    masked = draft.masked()
    entry = misconception(name)
    if isinstance(entry, TokensMisconception):
        tokens = entry.tokens(masked)
        return None if isinstance(tokens, Refused) else " ".join(tokens)
    if not isinstance(entry, RecordMisconception):
        return None
    record = entry.apply(draft.record("objective"), masked)
    if isinstance(record, Refused) or any(term.position < 1 for term in record.terms):
        return None
    shown = list(masked.tokens)
    for term in record.terms:
        shown[term.position] = "[MASK]"
    return " ".join(shown)


def build_essay(draft: Draft, part: PartTemplate, answer: Essay) -> Built:
    """A text for a person to mark by the rubric."""
    rubric = tuple(Criterion(line.points, text_of(draft.inline(line.text))) for line in answer.rubric)
    return EssayInteraction(answer.words), PartKey(part.id, EssayKey(rubric, answer.words))
