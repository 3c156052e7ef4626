"""The page of a package: the one that `html` writes, with all variants of the pools and a connection to a platform.

The first variant of a pool stands in the page, the others in templates, which a browser does not show. The script takes
the ones that a learner has already, or draws them from who the learner is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from quizgen.archive import Archive
from quizgen.exporters.contract import Options
from quizgen.exporters.html_page import Asked, page_finish, page_header, question, script_words, section_heading
from quizgen.exporters.html_page.page import asset, json_inside, page_end, page_start
from quizgen.exporters.html_page.questions import Mode
from quizgen.exporters.packaged_page.manifests import activity_id
from quizgen.exporters.packaged_page.names import part_names, question_name, slug
from quizgen.exporters.rendering.html import escaped
from quizgen.exporters.rendering.text import inline_text, printable
from quizgen.exporters.rendering.wording import Wording, wording
from quizgen.exporters.slot_by_slot import slot_by_slot
from quizgen.model import Item, Option, Part, Quiz, Sitting, Slot

FOLDER = Path(__file__).parent
ANYWHERE = "http: https:"
"""What a page may connect to whose address is known only when it is opened."""


def document(archive: Archive, options: Options, platform: str) -> Iterator[str]:
    """The page in pieces, a slot each. platform: ``scorm12``, ``scorm2004`` or ``xapi``."""
    quiz = archive.quiz
    mode = Mode.EXAM if quiz.purpose == "exam" or not archive.has_keys else Mode.PRACTICE
    sitting = _sitting(quiz, options.learner)
    language = sitting.language or quiz.language
    words, script = wording(language), _script("xapi" if platform == "xapi" else "scorm")
    pools = _pools(quiz, options.learner)
    reachable = ANYWHERE if platform == "xapi" else ""
    large = sitting.large_print
    yield page_start(quiz.title_in(language), language, script, large_print=large, reachable=reachable)
    yield f'{page_header(quiz, len(pools), words, sitting)}<p class="note" role="status" id="platform"></p>\n<main>\n'

    def write_one(place: Place, id_: str) -> tuple[str, dict[str, Any]]:
        asked = question(archive, id_, place.slot, place.number, mode, words)
        return asked.html, _reported(asked, platform == "xapi")

    items, section = [], ""
    for (number, slot), written in slot_by_slot(pools, write_one, options):
        if slot is not None and slot.section != section:
            section = slot.section
            yield section_heading(quiz, section, words)
        for variant, (html, data) in enumerate(written):
            if variant:
                embedded = f'<script type="application/json">{json_inside(data)}</script>'
                yield f'<template data-slot="q{number}">{embedded}{html}</template>\n'
            else:
                items.append(data)
                yield html
    yield "</main>\n" + page_finish(words, "", *_below(words))
    about: dict[str, Any] = {"quiz": quiz.id, "title": _title(quiz, language), "language": language}
    about |= {"platform": platform, "exam": mode is Mode.EXAM, "said": words.group("platform:")}
    about |= {"activity": activity_id(quiz)} if platform == "xapi" else {}
    yield page_end({**about, "words": script_words(words), "items": items}, script)


def _sitting(quiz: Quiz, learner: str) -> Sitting:
    if not learner:
        return Sitting("", minutes=quiz.minutes)
    return next((each for each in quiz.sittings if each.learner == learner), Sitting(learner, minutes=quiz.minutes))


class Place(NamedTuple):
    """Where one of some items is shown: its number on the page, and the slot."""

    number: int
    slot: Slot | None


def _pools(quiz: Quiz, learner: str) -> list[tuple[Place, Sequence[str]]]:
    """What one item each is shown of: the pools of the slots, or the single items of a learner's form."""
    slots = {id_: slot for slot in quiz.slots for id_ in slot.item_ids}
    shown: list[tuple[str, ...]] = [slot.pool for slot in quiz.slots if slot.pool]
    if learner:
        shown = [(id_,) for id_ in dict(quiz.forms)[learner]]
    return [(Place(number, slots.get(ids[0])), ids) for number, ids in enumerate(shown, 1)]


def _below(words: Wording) -> tuple[str, str]:
    said = f'<p class="note">{escaped(words("platform:finish-help"))}</p>\n'
    return said, f'<button type="button" id="hand-in">{escaped(words("platform:hand-in"))}</button>'


def _title(quiz: Quiz, language: str) -> str:
    return " ".join(printable(quiz.title_in(language) or quiz.id).split())


def _reported(asked: Asked, with_options: bool) -> dict[str, Any]:
    """What the script knows of a question, and how it is reported."""
    item, names = asked.item, part_names(asked.item)
    parts = []
    for part, entry in zip(item.parts, asked.data["parts"], strict=True):
        points = _worth(asked.points, part.weight)
        parts.append(
            {**entry, "name": names[part.id], "points": points, **(_options(part, item) if with_options else {})}
        )
    title = " ".join(printable(f"{item.code} {item.title}").split())
    return {**asked.data, "name": question_name(item), "title": title, "revision": item.revision, "parts": parts}


@lru_cache(maxsize=256)
def _worth(points: Fraction, weight: Fraction) -> float:
    """What a part is worth, of the points of its question."""
    return round(float(points * weight), 10)


def _options(part: Part, item: Item) -> dict[str, Any]:
    """The options of a part by the names that its responses have, as a definition of xAPI lists them."""
    asked = part.interaction

    def listed(options: tuple[Option, ...]) -> list[dict[str, Any]]:
        return [
            {"id": slug(option.id), "description": {item.language: inline_text(option.content)}} for option in options
        ]

    found = {"choices": getattr(asked, "options", ()) or getattr(asked, "entries", ())}
    found |= {"source": getattr(asked, "left", ()), "target": getattr(asked, "right", ())}
    if asked.__struct_config__.tag == "true-false":
        return {}
    return {"lists": {name: listed(options) for name, options in found.items() if options}}


@lru_cache(maxsize=4)
def _script(connection: str) -> str:
    """One script: the connection, the choice of a version, the page, and what is reported."""
    own = {name: (FOLDER / f"{name}.js").read_text("utf-8") for name in (connection, "versions", "reporting")}
    return "\n".join((own[connection], own["versions"], asset("page.js"), own["reporting"]))
