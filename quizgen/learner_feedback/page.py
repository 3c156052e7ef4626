"""What one learner is told, as a page of its own: one file, no network, no script."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from quizgen.exporters.html_page.dialect import DIALECT, phrase_html
from quizgen.exporters.html_page.page import page
from quizgen.exporters.rendering.html import block_html, escaped
from quizgen.exporters.rendering.wording import Wording, wording
from quizgen.learner_feedback.gathering import AnswerFeedback, LearnerFeedback, PartFeedback
from quizgen.marks import decimal_points


def feedback_page(told: LearnerFeedback) -> bytes:
    """The page of a learner."""
    words = wording(told.language)
    title = f"{told.title}: {words('told:title')}"
    answers = "".join(_answer(one, words) for one in told.answers)
    body = (
        f'<header class="top"><h1>{escaped(told.title)}</h1>\n'
        f'<p class="about"><span>{escaped(told.learner)}</span><span>{escaped(sum_line(told, words))}</span></p>'
        f"</header>\n<main>\n{answers}{_next(told, words)}</main>\n"
    )
    return page(title, body, words.language, style=_style())


def sum_line(told: LearnerFeedback, words: Wording) -> str:
    """The points in a sentence, with what is still open."""
    line = words("told:sum", points=decimal_points(told.points), of=decimal_points(told.of))
    return f"{line} {words('told:pending', number=told.pending)}" if told.pending else line


def marks_line(one: AnswerFeedback, words: Wording) -> str:
    """The points of an answer in words."""
    if one.state in ("void", "open"):
        return words(f"told:{one.state}")
    return words("told:points", points=decimal_points(one.points), of=decimal_points(one.of))


def _answer(one: AnswerFeedback, words: Wording) -> str:
    item, element = one.item, f"q{one.number}-{one.attempt}"
    solution = block_html(one.key.solution, DIALECT) if one.solution else ""
    shown = f'<h3>{escaped(words("told:solution"))}</h3><div class="solution">{solution}</div>' if solution else ""
    parts = "".join(_part(part, words) for part in one.parts)
    return (
        f'<section class="question" aria-labelledby="{element}">\n'
        f'<h2 id="{element}"><span class="number">{one.number}</span><span class="title">{escaped(item.title)}</span>'
        f'</h2>\n<p class="about"><span class="code">{escaped(item.code)}</span>'
        f'<span class="told" data-state="{one.state}">{escaped(marks_line(one, words))}</span></p>\n'
        f'<div class="stem">{block_html(item.stem, DIALECT)}</div>\n{parts}{shown}</section>\n'
    )


def _part(part: PartFeedback, words: Wording) -> str:
    named = f"{words('told:part', part=part.part)}: " if part.part else ""
    read = f'<span class="read" dir="auto">{escaped(part.read)}</span>' if part.read else escaped(words("told:nothing"))
    said = f'<p class="answer">{escaped(named + words("told:answer"))} {read}</p>\n'
    state = f'<p class="told" data-state="{part.state}">{escaped(words(f"told:{part.state}"))}</p>\n'
    helps = "".join(f"<p>{phrase_html(text, words.language)}</p>" for text in part.helps)
    helps += f"<p>{escaped(part.refusal)}</p>" if part.refusal else ""
    helps += f"<p>{escaped(words('told:comment', text=part.comment))}</p>" if part.comment else ""
    return f'<div class="part">{said}{state}' + (f'<div class="feedback">{helps}</div>' if helps else "") + "</div>\n"


def _next(told: LearnerFeedback, words: Wording) -> str:
    lines = [
        f"<li><strong>{escaped(one.concept)}</strong>"
        + (escaped(" – " + words("told:before", names=", ".join(one.before))) if one.before else "")
        + "</li>"
        for one in told.again
    ]
    title = "told:again" if lines else "told:further"
    lines = lines or [f"<li>{escaped(name)}</li>" for name in told.further]
    if not lines:
        return ""
    return f'<section class="section"><h2>{escaped(words(title))}</h2><ul>{"".join(lines)}</ul></section>\n'


@cache
def _style() -> str:
    return (Path(__file__).parent / "feedback.css").read_text("utf-8")
