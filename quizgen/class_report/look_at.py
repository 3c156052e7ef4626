"""Which questions a person should look at first, and why, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quizgen.class_report.record import LookAt, OptionResult, Question
from quizgen.class_report.words import Words

REASONS = (
    "key-doubtful", "option-doubtful", "variants-differ", "unreadable", "unknown-belief", "waiting", "too-hard",
    "tells-nothing", "too-easy",
)  # fmt: skip
"""In the order in which they matter: first what may have cost somebody marks."""
HARD, EASY, WEAK = 0.3, 0.95, 0.15
SHARE = 0.2
ENOUGH = 30
"""Learners from whom it is worth saying that a question tells little."""


def look_at(questions: Sequence[Question], words: Words) -> tuple[LookAt, ...]:
    """The questions to look at, the most urgent first; a question may have several reasons."""
    found = {
        (REASONS.index(reason), question.number, place): LookAt(question.number, reason, sentence)
        for question in questions
        if not question.void
        for place, (reason, sentence) in enumerate(_reasons(question, words))
    }
    return tuple(found[place] for place in sorted(found))


def _reasons(question: Question, words: Words) -> Iterator[tuple[str, str]]:
    facility, r = question.facility_interval, question.discrimination_interval
    if r is not None and r.high < 0:
        yield "key-doubtful", words("look-key-doubtful", r=words.number(question.discrimination))
    for option in question.options:
        if option.suspect:
            yield (
                "option-doubtful",
                words("look-option-doubtful", option=option.title, share=words.percent(option.share)),
            )
    if question.corrected is not None and question.corrected < 0.05:
        yield "variants-differ", _varying(question, words)
    if (most := _most(question, "unreadable")) and (most.share or 0) >= SHARE / 2:
        yield "unreadable", words("look-unreadable", share=words.percent(most.share))
    if (most := _most(question, "waiting")) and (most.share or 0) >= SHARE / 2:
        yield "waiting", words("look-waiting", count=most.chosen)
    if (most := _most(question, "other")) and (most.share or 0) >= SHARE:
        yield "unknown-belief", words("look-unknown-belief", share=words.percent(most.share))
    if facility is not None and facility.high < HARD:
        yield "too-hard", words("look-too-hard", share=words.percent(question.facility))
    elif facility is not None and facility.low > EASY:
        yield "too-easy", words("look-too-easy", share=words.percent(question.facility))
    elif r is not None and 0 <= r.high < WEAK and (question.scored or 0) >= ENOUGH:
        yield "tells-nothing", words("look-tells-nothing", r=words.number(question.discrimination))


def _most(question: Question, role: str) -> OptionResult | None:
    """Of all parts the answer of this role that most gave; of other wrong ones only where known ones are beliefs."""
    beliefs = {option.part for option in question.options if option.misconceptions}
    found = [o for o in question.options if o.role == role and o.chosen and (role != "other" or o.part in beliefs)]
    return max(found, key=lambda option: option.chosen or 0, default=None)


def _varying(question: Question, words: Words) -> str:
    lowest = min(question.variants, key=lambda v: (v.effect, v.item))
    highest = max(question.variants, key=lambda v: (v.effect, v.item))
    return words(
        "look-variants-differ",
        hard=lowest.code,
        easy=highest.code,
        less=words.percent(lowest.facility),
        more=words.percent(highest.facility),
        p=words.probability(question.corrected),
    )
