"""Matching and ordering."""

from __future__ import annotations

from collections.abc import Iterator

from grading.answersheet import PartKey
from grading.keys import MatchingKey, OrderingKey, Rival
from quizgen.content import Text
from quizgen.generator.draft import Built, Draft, Redraw, distinct_texts, option_texts
from quizgen.generator.kinds.chosen import in_order_of_numbers, some_wrong
from quizgen.generator.scene import Impossible
from quizgen.model import MatchingInteraction, Option, OrderingInteraction
from quizgen.sampling.comparisons import RankedModels
from quizgen.template import Matching, Ordering, PartTemplate


def build_matching(draft: Draft, part: PartTemplate, answer: Matching) -> Built:
    """Pairs, as many as are chosen, and the unused right sides."""
    chosen, spare = _chosen_pairs(draft, part, answer)
    wrong = some_wrong(draft, f"{part.id}: unused", answer.unused, None)
    left_ids = tuple(f"l{number + 1}" for number in range(len(chosen)))
    count = len(chosen) + len(spare) + len(wrong)
    right_ids = tuple(id.replace("o", "r") for id in draft.option_ids(count, f"{part.id}: option ids"))
    left = [Option(id, draft.inline(answer.pairs[number][0])) for id, number in zip(left_ids, chosen, strict=True)]
    texts = [*(answer.pairs[number][1] for number in (*chosen, *spare)), *(entry.text for entry in wrong)]
    right = [Option(id, draft.inline(text)) for id, text in zip(right_ids, texts, strict=True)]
    printed = sorted((*distinct_texts(left), *distinct_texts(right)))
    left_of, right_of = dict(zip(chosen, left_ids, strict=True)), dict(zip((*chosen, *spare), right_ids, strict=False))
    rivals = [
        draft.rival(f"{left_of[number]}={id}", entry.misconceptions, entry=entry)
        for id, entry in zip(right_ids[len(right_of) :], wrong, strict=True)
        if entry.misconceptions
        for number in chosen
        if number in entry.instead_of
    ]
    rivals += [
        draft.rival(f"{left_of[known.left]}={right_of[known.other]}", (known.misconception,))
        for known in answer.confused
        if known.left in left_of and known.other in right_of
    ]
    pairs = tuple((left_of[number], right_of[number]) for number in chosen)
    key = MatchingKey(pairs=pairs, choices=tuple(sorted(right_ids)), rivals=tuple(rivals))
    shown = in_order_of_numbers(right) or draft.shown_order(right, f"{part.id}: order")
    interaction = MatchingInteraction(in_order_of_numbers(left) or tuple(left), shown)
    return interaction, PartKey(part.id, key, options=tuple(printed))


def _chosen_pairs(draft: Draft, part: PartTemplate, answer: Matching) -> tuple[list[int], list[int]]:
    """Numbers of the pairs that are asked, and of those whose right sides are left over, each in the author's order."""
    conditions = dict(answer.conditions)
    there = [number for number in range(len(answer.pairs)) if draft.offered(conditions.get(number))]
    choose = draft.count("choose", answer.choose)
    if choose is None or choose >= len(there):
        return there, []
    chosen = [there[number] for number in draft.some(len(there), choose, f"{part.id}: pairs")]
    others = [number for number in there if number not in chosen]
    spare = draft.stream(f"{part.id}: left over").sample(others, min(answer.left_over, len(others)))
    return chosen, sorted(spare)


def build_ordering(draft: Draft, part: PartTemplate, answer: Ordering) -> Built:
    """Entries in an order that is never the right one."""
    if not answer.entries:
        return _build_ranking(draft, part, answer)
    numbers = tuple(range(len(answer.entries)))
    choose = draft.count("choose", answer.choose)
    if choose is not None and choose < len(numbers):
        numbers = tuple(draft.some(len(numbers), choose, f"{part.id}: entries"))
    entries = [answer.entries[number] for number in numbers]
    ids = draft.option_ids(len(entries), f"{part.id}: option ids")
    options = [Option(id, draft.inline(text)) for id, text in zip(ids, entries, strict=True)]
    texts = distinct_texts(options)
    shown = draft.shown_order(options, f"{part.id}: order")
    if shown == tuple(options) and len(options) > 1:
        shown = (*shown[1:], shown[0])
    rivals = tuple(_known_orders(draft, answer, numbers, ids))
    key = OrderingKey(order=ids, scoring=answer.scoring, rivals=rivals)
    return OrderingInteraction(shown), PartKey(part.id, key, options=texts)


def _known_orders(draft: Draft, answer: Ordering, numbers: tuple[int, ...], ids: tuple[str, ...]) -> Iterator[Rival]:
    """The known wrong orders of the entries that are shown; one that is right for these is none."""
    id_of = dict(zip(numbers, ids, strict=True))
    for known in answer.confused:
        order = [id_of[number] for number in known.order if number in id_of]
        if order != list(ids):
            yield draft.rival(" ".join(order), (known.misconception,))


def _build_ranking(draft: Draft, part: PartTemplate, answer: Ordering) -> Built:
    """The models of a ranking, shown by name; the orders of mistaken rules are known."""
    models = draft.scene.models
    if not isinstance(models, RankedModels):
        raise Impossible("this key needs models in an order; draw them: models: {ranking: 4}")
    options = [Option(f"m{number + 1}", (Text(draft.naming.model_name(number)),)) for number in range(len(models.rows))]
    if models.order == tuple(range(len(options))):
        raise Redraw("the models would stand in the right order already")
    orders = {name: " ".join(options[number].id for number in order) for name, order in models.wrong}
    for wrong in answer.wrong:
        if wrong.id not in orders:
            raise Impossible(f"'{wrong.id}' gives no order of models; those that do are {', '.join(orders)}")
    rivals = tuple(draft.rival(orders[wrong.id], (wrong.id,), wrong.credit) for wrong in answer.wrong)
    key = OrderingKey(order=tuple(options[number].id for number in models.order), scoring=answer.scoring, rivals=rivals)
    return OrderingInteraction(tuple(options)), PartKey(part.id, key, options=option_texts(options))
