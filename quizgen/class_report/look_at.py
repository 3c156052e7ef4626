"""Which questions a person should look at first, and why, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grading.statistics.items import LEAST
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
    found = [
        (REASONS.index(reason), question.number, LookAt(question.number, reason, sentence))
        for question in questions
        if not question.void
        for reason, sentence in _reasons(question, words)
    ]
    return tuple(entry for *_, entry in sorted(found, key=lambda one: one[:2]))


def _reasons(question: Question, words: Words) -> Iterator[tuple[str, str]]:
    facility, r = question.facility_interval, question.discrimination_interval
    if r is not None and r.high < 0:
        yield "key-doubtful", words("look-key-doubtful", r=words.number(question.discrimination))
    for option in question.options:
        if option.suspect:
            yield (
                "option-doubtful",
                words("look-option-doubtful", option=_shown(option), share=words.percent(option.share)),
            )
    if question.corrected is not None and question.corrected < 0.05:
        yield "variants-differ", _varying(question, words)
    for option in question.options:
        if option.chosen and option.share is not None and option.share >= SHARE / 2:
            if option.role == "unreadable":
                yield "unreadable", words("look-unreadable", share=words.percent(option.share))
            if option.role == "waiting":
                yield "waiting", words("look-waiting", count=option.chosen)
            if option.role == "other" and option.share >= SHARE and _typed(question, option.part):
                yield "unknown-belief", words("look-unknown-belief", share=words.percent(option.share))
    if facility is not None and facility.high < HARD:
        yield "too-hard", words("look-too-hard", share=words.percent(question.facility))
    elif facility is not None and facility.low > EASY:
        yield "too-easy", words("look-too-easy", share=words.percent(question.facility))
    elif r is not None and 0 <= r.high < WEAK and question.scored >= ENOUGH:
        yield "tells-nothing", words("look-tells-nothing", r=words.number(question.discrimination))


def _typed(question: Question, part: str) -> bool:
    """Whether known wrong answers of a part are beliefs, so that another wrong one is news."""
    return any(option.part == part and option.role == "known" and option.misconceptions for option in question.options)


def _shown(option: OptionResult) -> str:
    return option.title


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


__all__ = ["LEAST", "REASONS", "look_at"]
