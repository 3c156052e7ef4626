"""Short answers and essays."""

from __future__ import annotations

from grading.answersheet import PartKey
from grading.expressions import MASK
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
            texts = [text_of(draft.inline(wrong.value))]
        elif answer.asks_for_corrupted:
            texts = _wrong_sequences(draft, wrong.id)
        else:
            raise Impossible(f"'{wrong.id}' has no text here of its own; write one: {wrong.id}: text")
        for text in texts:
            if text not in taken:
                taken.add(text)
                rivals.append(draft.rival(text, (wrong.id,), wrong.credit, wrong))
    tokens = answer.comparison == "tokens" or answer.asks_for_corrupted
    key = TextKey(accepted, "tokens" if tokens else "words", answer.case_sensitive, tuple(rivals))
    return TextInteraction(tokens=tokens), PartKey(part.id, key)


def _wrong_sequences(draft: Draft, name: str) -> list[str]:
    """The token sequences of a misconception: by its own rule, or with [MASK] at the positions that it names.

    There the other words stand where they were, or, for whoever has only the visible words and the positions of the
    masks, the visible words fill the other places in their order.
    """
    masked = draft.masked()
    entry = misconception(name)
    if isinstance(entry, TokensMisconception):
        tokens = entry.tokens(masked)
        return [] if isinstance(tokens, Refused) else [" ".join(tokens)]
    if not isinstance(entry, RecordMisconception):
        return []
    record = entry.apply(draft.record("objective"), masked)
    if isinstance(record, Refused) or any(term.position < 1 for term in record.terms):
        return []
    places = {term.position for term in record.terms}
    shown = [MASK if place in places else token for place, token in enumerate(masked.tokens)]
    sequences = [" ".join(shown)]
    if len(places) == masked.n:
        visible = iter([masked.tokens[0], *(masked.tokens[place] for place in masked.unselected)])
        sequences.append(" ".join([MASK if place in places else next(visible) for place in range(len(masked.tokens))]))
    return sequences


def build_essay(draft: Draft, part: PartTemplate, answer: Essay) -> Built:
    """A text for a person to mark by the rubric."""
    rubric = tuple(Criterion(line.points, text_of(draft.inline(line.text))) for line in answer.rubric)
    return EssayInteraction(answer.words), PartKey(part.id, EssayKey(rubric, answer.words))
