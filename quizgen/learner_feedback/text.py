"""What one learner is told, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.exporters.rendering.markdown import blocks, code, entry, escaped, one_line
from quizgen.exporters.rendering.phrases import phrase
from quizgen.exporters.rendering.wording import Wording, wording
from quizgen.learner_feedback.gathering import AnswerFeedback, LearnerFeedback, PartFeedback
from quizgen.learner_feedback.page import marks_line, sum_line


def feedback_text(told: LearnerFeedback) -> str:
    """The text of a learner."""
    words = wording(told.language)
    pieces = [f"# {_line(told.title)}", f"{_line(told.learner)}: {_line(sum_line(told, words))}"]
    for one in told.answers:
        pieces += _answer(one, words)
    pieces += _next(told, words)
    return "\n\n".join(filter(None, pieces)) + "\n"


def _answer(one: AnswerFeedback, words: Wording) -> Iterator[str]:
    yield f"## {one.number}. {_line(one.item.title)}"
    yield f"{code(one.item.code)} · {_line(marks_line(one, words))}"
    yield blocks(one.item.stem)
    for part in one.parts:
        yield from _part(part, words)
    if one.solution and one.key.solution:
        yield f"**{_line(words('told:solution'))}**"
        yield blocks(one.key.solution)


def _part(part: PartFeedback, words: Wording) -> Iterator[str]:
    named = f"{words('told:part', part=part.part)}: " if part.part else ""
    read = code(part.read) if part.read else _line(words("told:nothing"))
    yield f"{_line(named + words('told:answer'))} {read} – **{_line(words(f'told:{part.state}'))}**"
    for text in part.helps:
        yield entry("> ", one_line(phrase(text, words.language)))
    if part.refusal:
        yield entry("> ", _line(part.refusal))
    if part.comment:
        yield entry("> ", _line(words("told:comment", text=part.comment)))


def _next(told: LearnerFeedback, words: Wording) -> Iterator[str]:
    lines = [
        f"- **{_line(one.concept)}**"
        + (f" – {_line(words('told:before', names=', '.join(one.before)))}" if one.before else "")
        for one in told.again
    ]  # fmt: skip
    title = "told:again" if lines else "told:further"
    lines = lines or [f"- {_line(name)}" for name in told.further]
    if lines:
        yield f"## {_line(words(title))}"
        yield "\n".join(lines)


def _line(text: str) -> str:
    return escaped(" ".join(text.split()))
