"""Matching and ordering."""

from __future__ import annotations

from grading.answersheet import PartKey
from grading.keys import MatchingKey, OrderingKey
from quizgen.generator.draft import Built, Draft, option_texts, require_distinct
from quizgen.model import MatchingInteraction, Option, OrderingInteraction
from quizgen.template import Matching, Ordering, PartTemplate


def build_matching(draft: Draft, part: PartTemplate, answer: Matching) -> Built:
    """Pairs, as many as are chosen, and the unused right sides."""
    chosen = list(range(len(answer.pairs)))
    choose = draft.count("choose", answer.choose)
    if choose is not None and choose < len(chosen):
        chosen = sorted(draft.stream(f"{part.id}: pairs").sample(chosen, choose))
    pairs = tuple(answer.pairs[number] for number in chosen)
    left_ids = tuple(f"l{number + 1}" for number in range(len(pairs)))
    right_ids = tuple(
        id.replace("o", "r") for id in draft.option_ids(len(pairs) + len(answer.unused), f"{part.id}: option ids")
    )
    left = [Option(id, draft.inline(text)) for id, (text, _) in zip(left_ids, pairs, strict=True)]
    right = [Option(id, draft.inline(text)) for id, (_, text) in zip(right_ids, pairs, strict=False)]
    unused = [
        Option(id, draft.inline(entry.text)) for id, entry in zip(right_ids[len(pairs) :], answer.unused, strict=True)
    ]
    require_distinct(left)
    require_distinct([*right, *unused])
    rivals = tuple(
        draft.rival(f"{id}={option.id}", entry.misconceptions, entry=entry)
        for option, entry in zip(unused, answer.unused, strict=True)
        if entry.misconceptions
        for id, number in zip(left_ids, chosen, strict=True)
        if number in entry.instead_of
    )
    key = MatchingKey(
        pairs=tuple(zip(left_ids, (option.id for option in right), strict=True)),
        choices=tuple(sorted(right_ids)),
        rivals=rivals,
    )
    shown = draft.shown_order([*right, *unused], f"{part.id}: order")
    interaction = MatchingInteraction(tuple(left), shown)
    return interaction, PartKey(part.id, key, options=option_texts([*left, *right, *unused]))


def build_ordering(draft: Draft, part: PartTemplate, answer: Ordering) -> Built:
    """Entries in an order that is never the right one."""
    entries = answer.entries
    choose = draft.count("choose", answer.choose)
    if choose is not None and choose < len(entries):
        chosen = sorted(draft.stream(f"{part.id}: entries").sample(range(len(entries)), choose))
        entries = tuple(entries[number] for number in chosen)
    ids = draft.option_ids(len(entries), f"{part.id}: option ids")
    options = [Option(id, draft.inline(text)) for id, text in zip(ids, entries, strict=True)]
    require_distinct(options)
    shown = draft.shown_order(options, f"{part.id}: order")
    if shown == tuple(options) and len(options) > 1:
        shown = (*shown[1:], shown[0])
    key = OrderingKey(order=ids, scoring=answer.scoring)
    return OrderingInteraction(shown), PartKey(part.id, key, options=option_texts(options))
