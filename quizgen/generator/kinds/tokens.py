"""Multiple answer over the tokens of a sequence: which of them have a loss, or were replaced."""

from __future__ import annotations

from grading.answersheet import PartKey
from grading.keys import MultipleAnswerKey
from quizgen.content import Text
from quizgen.generator.draft import Built, Draft, Redraw, option_texts
from quizgen.misconceptions.catalogue import misconception
from quizgen.misconceptions.operators import RecordMisconception, Refused
from quizgen.model import MultipleAnswerInteraction, Option
from quizgen.objective.record import Objective
from quizgen.template import MultipleAnswer, PartTemplate


def build_token_choice(draft: Draft, part: PartTemplate, answer: MultipleAnswer) -> Built:
    """Every token of the sequence is an option, in order, each named with its position.

    Right are the positions of the terms of the objective, or of those terms that say "replaced"; a misconception ticks
    those of its own record. Drawn again where more options are right than wrong: ticking all would earn something.
    """
    masked, replaced = draft.masked(), answer.tokens == "replaced tokens"
    key = draft.record("objective")
    right = _ticked(key, replaced)
    first = 1 if replaced else 0
    positions = range(first, len(masked.tokens))
    if not right or 2 * len(right) > len(positions):
        raise Redraw("more tokens would be right than wrong")
    shown = masked.corrupted if replaced else masked.tokens
    pattern = draft.naming.wording.position
    ids = dict(zip(positions, draft.option_ids(len(positions), f"{part.id}: option ids"), strict=True))
    options = [Option(ids[k], (Text(f"{shown[k]} ({pattern.format(k)})"),)) for k in positions]
    rivals = []
    taken: set[int] = set()
    for candidate in answer.candidates:
        entry = misconception(candidate.id)
        patched = entry.apply(key, masked) if isinstance(entry, RecordMisconception) else Refused("not-applicable")
        if isinstance(patched, Refused):
            continue
        for k in sorted(_ticked(patched, replaced) - right - taken):
            taken.add(k)
            rivals.append(draft.rival(ids[k], (candidate.id,)))
    whole = MultipleAnswerKey(
        correct=tuple(sorted(ids[k] for k in right)),
        options=tuple(sorted(ids.values())),
        scoring=answer.scoring,
        rivals=tuple(rivals),
    )
    return MultipleAnswerInteraction(tuple(options), shuffle=False), PartKey(
        part.id, whole, options=option_texts(options)
    )


def _ticked(record: Objective, replaced: bool) -> set[int]:
    return {term.position for term in record.terms if term.complement or not replaced}
