"""Sentences that a template draws or fixes."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding
from quizgen.source import DataPath
from quizgen.template import MaskDraw, SentenceDraw
from quizgen.template.values import did_you_mean


def run(subject: Subject) -> Iterator[Finding]:
    """Every sentence and topic is in the corpus of the bank, and fixed masks lie inside their sentence."""
    template = subject.template
    corpus, _ = subject.bank.examine_corpus()
    topics = sorted({sentence.topic for sentence in corpus.select()})

    def unknown(name: str, path: DataPath) -> Iterator[Finding]:
        if corpus.get(name) is None:
            remedy = did_you_mean(name, corpus.ids) or "see the file sentences.yaml"
            yield template.document.finding("Q403", f'there is no sentence "{name}"', remedy, path)

    for name, draw in template.draws:
        if isinstance(draw, SentenceDraw):
            for index, sentence in enumerate(draw.ids):
                yield from unknown(sentence, ("draw", name, index) if len(draw.ids) > 1 else ("draw", name))
            if draw.topic and draw.topic not in topics:
                message = f'no sentence is about "{draw.topic}"'
                path: DataPath = ("draw", name, "topic")
                yield template.document.finding("Q403", message, did_you_mean(draw.topic, topics), path)
    for fixed in template.fixed:
        chosen = fixed.get("sentence")
        if isinstance(chosen, str):
            yield from unknown(chosen, (*fixed.path, "sentence"))
        sentence_there = corpus.get(chosen) if isinstance(chosen, str) else None
        positions = [place for place in _positions(fixed.get("masks")) if sentence_there is not None]
        for place in positions:
            if sentence_there is not None and place > len(sentence_there.words):
                message = f"the sentence has {len(sentence_there.words)} words, there is no position {place}"
                yield template.document.finding("Q113", message, "name other positions", (*fixed.path, "masks"))
        masks = next((draw for _, draw in template.draws if isinstance(draw, MaskDraw)), None)
        counts = _mask_counts(subject, masks)
        if positions and counts and len(positions) not in counts:
            message = f"the number of fixed masks is {len(positions)}, but {' or '.join(map(str, counts))} are drawn"
            yield template.document.finding("Q113", message, "fix as many as are drawn", (*fixed.path, "masks"))


def _positions(value: object) -> list[int]:
    return [place for place in value if isinstance(place, int)] if isinstance(value, tuple) else []


def _mask_counts(subject: Subject, masks: MaskDraw | None) -> list[int]:
    """How many masks there may be: what the draw says, or the values of its radical."""
    if masks is None or masks.rate is not None or masks.spans or masks.after is not None:
        return []  # as many as it comes
    for radical in subject.template.radicals:
        if radical.path[-1:] == ("count",) and isinstance(subject.template.draw(radical.path[0]), MaskDraw):
            return [int(value) for value in radical.values if not isinstance(value, str)]
    return [masks.count]


CHECK = Check(("Q403", "Q113"), "sentences are in the corpus", run)
