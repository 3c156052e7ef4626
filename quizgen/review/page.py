"""The list as a page of its own: a teacher reads, decides, and saves the file of decisions. Nothing is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import groupby
from pathlib import Path

import msgspec

from grading.decisions import Decision
from quizgen.archive import Archive
from quizgen.exporters.html_page.page import page
from quizgen.exporters.html_page.questions import Mode, render_question
from quizgen.exporters.rendering.html import escaped
from quizgen.exporters.rendering.wording import Wording, wording
from quizgen.review.listing import ESSAY, OpenAnswer
from quizgen.review.tables import COLUMNS

_SHARES = ("0", "1/4", "1/2", "3/4", "1")


def review_page(
    archive: Archive,
    answers: Iterable[OpenAnswer],
    marker: str = "",
    decided: Mapping[str, Decision] | None = None,
) -> bytes:
    """A self-contained page. marker: who will decide. decided: scores that are known already."""
    answers = tuple(answers)
    words = wording(archive.quiz.language)
    known = decided or {}
    body = [_head(archive, answers, marker, words), '<main id="answers">\n']
    for number, (item, group) in enumerate(groupby(answers, key=lambda one: one.item), 1):
        body.append(_question(archive, item, list(group), number, known, words))
    if not answers:
        body.append(f"<p>{escaped(words('review:none'))}</p>\n")
    body.append("</main>\n")
    data = {
        "list": hashlib.sha256("".join(one.id for one in answers).encode()).hexdigest()[:16] + marker,
        "columns": COLUMNS,
        "words": {"progress": words.group("review:")["progress"]},
        "answers": [
            {**msgspec.to_builtins(one), "question": one.title} for one in answers
        ],
    }  # fmt: skip
    title = f"{archive.quiz.title_in(words.language)}: {words('review:title')}"
    return page(title, "".join(body), words.language, data, script=_asset("review.js"), style=_asset("review.css"))


def _head(archive: Archive, answers: tuple[OpenAnswer, ...], marker: str, words: Wording) -> str:
    return (
        f'<header class="top"><h1>{escaped(words("review:title"))}</h1>\n'
        f'<p class="about">{escaped(archive.quiz.title_in(words.language))}</p>\n'
        f'<p class="about">{escaped(words("review:help"))}</p></header>\n'
        f'<div class="decide"><label for="marker">{escaped(words("review:marker"))}</label>'
        f'<input type="text" id="marker" value="{escaped(marker)}" autocomplete="off">'
        f'<span id="decided" role="status"></span>'
        f'<button type="button" id="save">{escaped(words("review:save"))}</button></div>\n'
    )


def _question(
    archive: Archive,
    item: str,
    answers: list[OpenAnswer],
    number: int,
    known: Mapping[str, Decision],
    words: Wording,
) -> str:
    shown = render_question(archive.item(item), archive.key(item), Mode.TEACHER, number)
    first = answers[0]
    parts = {one.part for one in answers}
    listed = "".join(_answer(one, f"a{number}-{place}", len(parts) > 1, known.get(one.id), words)
                     for place, one in enumerate(answers, 1))  # fmt: skip
    title = f'{escaped(first.title)} <span class="code">{escaped(first.code)}</span>'
    return (
        f'<section class="of-question"><h2>{title}</h2>\n'
        f"<details><summary>{escaped(words('review:question'))}</summary>{shown}</details>\n{listed}</section>\n"
    )


def _answer(one: OpenAnswer, element: str, name_part: bool, decision: Decision | None, words: Wording) -> str:
    facts = [words("review:learner" if one.learners == 1 else "review:learners", number=one.learners)]
    facts += [words("review:part", part=one.part)] if name_part else []
    facts += [words("review:spellings", number=one.spellings)] if one.spellings > 1 else []
    facts += [one.why] if one.why else []
    facts += [words("review:read-as", text=one.read_as)] if one.read_as else []
    facts += [words("review:near", text=one.near)] if one.near else []
    listed = "".join(f"<li>{escaped(fact)}</li>" for fact in facts)
    score, comment = (str(decision.score), decision.comment) if decision else ("", "")
    buttons = "".join(f'<button type="button" value="{share}">{share}</button>' for share in _SHARES)
    kind = "text" if one.kind == ESSAY else "text mono"
    return (
        f'<article class="open-answer" data-answer="{escaped(one.id)}"><p class="{kind}" dir="auto">'
        f'{escaped(one.answer)}</p><ul class="facts">{listed}</ul>\n'
        f'<div class="marking">{buttons}'
        f'<label class="unseen" for="{element}-s">{escaped(words("review:score"))}</label>'
        f'<input type="text" class="score" id="{element}-s" value="{escaped(score)}" autocomplete="off" '
        f'placeholder="{escaped(words("review:score"))}">'
        f'<label class="unseen" for="{element}-c">{escaped(words("review:comment"))}</label>'
        f'<input type="text" class="comment" id="{element}-c" value="{escaped(comment)}" autocomplete="off" '
        f'placeholder="{escaped(words("review:comment"))}"></div></article>\n'
    )


@cache
def _asset(name: str) -> str:
    return (Path(__file__).parent / name).read_text("utf-8")
