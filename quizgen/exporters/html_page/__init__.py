"""``html``: a page to read, print, practise on and answer; one self-contained file.

A practice page holds the keys, hidden, because it checks answers by itself; a page of an exam holds none. It shows
one form: a learner's own, or the first item of each slot's pool. If the quiz has forms for several learners, each
gets a page; the index of a practice quiz links them.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any

import msgspec

from grading.keys import MultipleAnswerKey, NumericKey
from quizgen.archive import Archive
from quizgen.exporters.contract import Caveat, Fidelity, Format, Level, Options
from quizgen.exporters.html_page.page import page
from quizgen.exporters.html_page.questions import Mode, question_data, render_question
from quizgen.exporters.rendering.decimals import decimal
from quizgen.exporters.rendering.html import escaped
from quizgen.exporters.rendering.wording import Wording, wording
from quizgen.exporters.slot_by_slot import WORTHWHILE
from quizgen.model import KINDS, Item, Quiz, Section, Sitting, Slot, WorkedKey
from quizgen.processes import in_processes

INDEX = "index.html"

NOT_HERE = Caveat(
    "symbolic:not-on-the-page",
    "the page does not check formulas; `quizgen grade` marks them when they are handed in",
    Level.EXACT,
)
NUMBERS = Caveat(
    "numeric:reading",
    "the page checks decimals and fractions; other forms of a number are marked by `quizgen grade`",
    Level.EXACT,
)
DIGITS = Caveat(
    "numeric:digits",
    "the page does not check numbers whose digits count; `quizgen grade` marks them when they are handed in",
    Level.EXACT,
)
NONE_RIGHT = Caveat(
    "multiple-answer:none-right",
    "no option is right, and a page takes a question where nothing is ticked for one that was not answered",
)


def fidelity(item: Item, key: WorkedKey | None) -> Fidelity:
    """Every kind can be shown and answered; the marks are `quizgen grade`'s, the page only checks what it can."""
    kinds = {str(part.interaction.__struct_config__.tag) for part in item.parts}
    caveats = [NOT_HERE] if "symbolic" in kinds and key else []
    caveats += [NUMBERS] if kinds & {"numeric", "numeric-tuple"} and key else []
    keys = [part.key for part in (key.parts if key else ())]
    caveats += [DIGITS] if any(isinstance(one, NumericKey) and one.digits for one in keys) else []
    caveats += [NONE_RIGHT] if any(isinstance(one, MultipleAnswerKey) and not one.correct for one in keys) else []
    return Fidelity(tuple(caveats))


def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """One page a learner, one page at a time."""
    quiz = archive.quiz
    forms = dict(quiz.forms)
    sittings = {name: Sitting(name, minutes=quiz.minutes) for name in forms}
    sittings.update({sitting.learner: sitting for sitting in quiz.sittings})
    if options.learner:
        yield INDEX, quiz_page(archive, forms[options.learner], sittings[options.learner])
    elif not forms:
        yield INDEX, quiz_page(archive, tuple(slot.pool[0] for slot in quiz.slots if slot.pool))
    else:
        paths = page_paths(tuple(forms))
        if quiz.purpose == "practice":
            yield INDEX, _index(quiz, paths)
        learners = list(paths)

        def write_one(number: int) -> bytes:
            return quiz_page(archive, forms[learners[number]], sittings[learners[number]])

        processes = options.processes if len(archive) >= WORTHWHILE else 1
        yield from zip(paths.values(), in_processes(write_one, len(learners), processes), strict=True)


def page_paths(learners: tuple[str, ...]) -> dict[str, str]:
    """A path for each learner, readable and never the same for two.

    >>> page_paths(("ada", "Ada", "b/ob"))
    {'ada': 'ada.html', 'Ada': 'ada-2.html', 'b/ob': 'b-ob.html'}
    """
    paths: dict[str, str] = {}
    taken = {"index"}
    for learner in learners:
        name = stem = (
            "".join(c if c.isalnum() or c in "._" else "-" for c in learner.lower()).strip("-.")[:80] or "learner"
        )
        count = 1
        while name in taken:
            count += 1
            name = f"{stem}-{count}"
        taken.add(name)
        paths[learner] = f"{name}.html"
    return paths


def quiz_page(archive: Archive, item_ids: tuple[str, ...], sitting: Sitting | None = None) -> bytes:
    """The page of one form. sitting: whose it is, and how; None for nobody's."""
    quiz = archive.quiz
    mode = Mode.EXAM if quiz.purpose == "exam" or not archive.has_keys else Mode.PRACTICE
    sitting = sitting or Sitting("", minutes=quiz.minutes)
    language = sitting.language or quiz.language
    words = wording(language)
    slots = {id_: slot for slot in quiz.slots for id_ in slot.item_ids}
    questions, data, section = [], [], ""
    for number, id_ in enumerate(item_ids, 1):
        slot = slots.get(id_)
        if slot is not None and slot.section != section:
            section = slot.section
            questions.append(section_heading(quiz, section, words))
        asked = question(archive, id_, slot, number, mode, words)
        questions.append(asked.html)
        data.append(asked.data)
    body = (
        page_header(quiz, len(item_ids), words, sitting)
        + "<main>\n"
        + "".join(questions)
        + "</main>\n"
        + page_finish(words, "" if sitting.learner == sitting.version else sitting.learner)
    )
    script = {"quiz": quiz.id, "words": script_words(words), "items": data}
    return page(quiz.title_in(language), body, language, script, large_print=sitting.large_print)


class Asked(msgspec.Struct, frozen=True):
    """A question on a page: as HTML, what the script knows of it, the item and what it is worth."""

    html: str
    data: dict[str, Any]
    item: Item
    points: Fraction


def question(archive: Archive, id_: str, slot: Slot | None, number: int, mode: Mode, words: Wording) -> Asked:
    """The question of this id. slot: where it stands. number: its place on the page."""
    item, key = archive.item(id_), archive.key(id_) if mode is Mode.PRACTICE else None
    points = slot.points if slot is not None else Fraction(1)
    html = render_question(item, key, mode, number, points_text(points, words))
    return Asked(html, question_data(item, key, mode, number), item, points)


def script_words(words: Wording) -> dict[str, str]:
    """The words that the script of a page says."""
    return {name: text for name, text in words.group("page:").items() if name in SCRIPT_WORDS}


def section_heading(quiz: Quiz, title: str, words: Wording) -> str:
    """The heading of a section with what is said below it; nothing for questions that stand in none."""
    if not title:
        return ""
    found = next((section for section in quiz.sections if section.title == title), Section(title))
    said = found.in_language(words.language)
    time = f" ({words('page:minutes', minutes=found.minutes)})" if found.minutes else ""
    text = f"<p>{escaped(said.instructions)}</p>" if said.instructions else ""
    return f'<header class="section"><h2>{escaped(said.title + time)}</h2>{text}</header>\n'


SCRIPT_WORDS = frozenset(
    [
        "answered",
        "downloaded",
        "unanswered",
        "another-hint",
        "no-more-hints",
        "solution",
        "hide-solution",
        "right",
        "partly",
        "wrong",
        "blank",
        "not-here",
        "part-not-here",
        "comma",
        "no-point",
        "no-number",
        "moved",
        "words",
    ]
)


@lru_cache(maxsize=256)
def points_text(points: Fraction, words: Wording) -> str:
    """What a question is worth, in words."""
    return words("page:point") if points == 1 else words("page:points", points=decimal(points, 6))


def page_header(quiz: Quiz, count: int, words: Wording, sitting: Sitting) -> str:
    """What stands above the questions. count: how many there are."""
    about = [words("page:exam" if quiz.purpose == "exam" else "page:practice")]
    if sitting.version:
        about.append(words("page:version", version=sitting.version))
    if sitting.minutes:
        about.append(words("page:minutes", minutes=sitting.minutes))
    if sitting.group:
        about.append(sitting.group)
    named = "" if sitting.learner == sitting.version else sitting.name or sitting.learner
    answered = escaped(words("page:answered", done=0, all=count))
    return (
        f'<a class="skip" href="#q1">{escaped(words("page:skip"))}</a>\n'
        f'<header class="top"><h1>{escaped(quiz.title_in(words.language))}</h1>'
        f'<button type="button" id="theme">{escaped(words("page:theme"))}</button>'
        f'<p class="about"><span>{escaped(" · ".join(about))}</span><span id="answered">{answered}</span></p>'
        f'<p class="paper-only">{escaped(words("page:name"))}: {escaped(named or "_" * 40)}</p>'
        f'<noscript><p class="note">{escaped(words("page:no-script"))}</p></noscript></header>\n'
        '<p class="unseen" role="status" id="status"></p>\n'
    )


def page_finish(words: Wording, learner: str, said: str = "", button: str = "") -> str:
    """What stands below the questions. learner: filled in as the name. said, button: HTML in the place of what a page
    says that sends nothing, and before the button that saves the answers.
    """
    said = said or f'<p class="note">{escaped(words("page:finish-help"))}</p>\n'
    return (
        f'<section class="finish" aria-labelledby="finish"><h2 id="finish">{escaped(words("page:finish"))}</h2>\n'
        f'<p class="field"><label for="learner">{escaped(words("page:name"))}</label>'
        f'<input type="text" id="learner" value="{escaped(learner)}" autocomplete="name" '
        'aria-describedby="name-help"></p>\n'
        f'<p class="help note" id="name-help">{escaped(words("page:name-help"))}</p>\n{said}'
        f'<p class="actions">{button}'
        f'<button type="button" id="download">{escaped(words("page:download"))}</button></p>\n'
        '<p class="note" role="status" id="saved"></p></section>\n'
    )


def _index(quiz: Quiz, paths: dict[str, str]) -> bytes:
    words = wording(quiz.language)
    entries = "".join(f'<li><a href="{escaped(path)}">{escaped(learner)}</a></li>' for learner, path in paths.items())
    body = (
        f'<header class="top"><h1>{escaped(quiz.title)}</h1></header>\n'
        f'<main><section class="question"><h2>{escaped(words("page:forms"))}</h2><ul>{entries}</ul></section></main>\n'
    )
    return page(quiz.title, body, quiz.language)


FORMAT = Format(
    id="html",
    title="Web page",
    audience="learners, on screen and on paper",
    keys="learner",
    kinds=dict.fromkeys(KINDS, Level.EXACT),
    fidelity=fidelity,
    write=write,
    pools=False,
    next_step="give each learner their page: it opens in any browser and needs no network; the answers that they save "
    "there are what `quizgen grade` reads (docs/exporting/html.md)",
)
