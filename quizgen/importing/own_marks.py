"""What our own exports write beside a question: taken off again, and understood.

A question that was exported here has a tag ``revision:…`` and, below its general feedback, code, id and revision. The
fixed words around it (the unit that is asked for, known wrong answers, the rubric) are those of the exporters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import unescape
from typing import Any, get_args

import msgspec

from grading.keys import Rival
from quizgen.content import text_of
from quizgen.exporters.moodle_xml.answers import rival_feedback
from quizgen.exporters.moodle_xml.cloze import PART, UNIT
from quizgen.exporters.rendering.wording import FOLDER, Wording, wording
from quizgen.generator.wording import wording as template_wording
from quizgen.importing.markdown import slug
from quizgen.markup.compiler import inline_of
from quizgen.model import Bloom

GAP_WORD = "zqgapq{}qz"
"""The word that stands for a gap while the text around it is converted."""

_ORIGIN = re.compile(
    r"\s*<p><small>(?P<code>[^<>·]{1,40}) · (?P<id>[^<>·]{1,300}) · (?P<revision>[0-9a-f]{4,64})</small></p>\s*\Z"
)
_LAST_NOTE = re.compile(r"\s*<p><em>(?P<text>[^<>]*)</em></p>\s*\Z")
_PART = re.compile(
    rf'<div class="{PART}">(?P<prompt>(?:(?!<div).)*?)'
    rf"<p>{GAP_WORD.format('(?P<gap>[0-9]+)')}(?P<unit>[^<]*)</p>\s*</div>",
    re.DOTALL,
)
_UNIT = re.compile(rf'{GAP_WORD.format("(?P<gap>[0-9]+)")}<span class="{UNIT}">(?P<unit>[^<]*)</span>')
_LAST_SMALL = re.compile(r"\s*<p><small>(?P<text>[^<>]*)</small></p>\s*\Z")


class Origin(msgspec.Struct, frozen=True):
    """Where a question of ours comes from. code: as printed; id: of the item, with ``#part`` for one part of it."""

    code: str
    id: str
    template: str
    bloom: str
    concepts: tuple[str, ...]


@lru_cache(maxsize=1)
def languages() -> tuple[Wording, ...]:
    """The languages that exports speak."""
    return tuple(wording(path.stem) for path in sorted(FOLDER.glob("*.yaml"), key=lambda path: path.stem != "en"))


def origin_of(general: str, idnumber: str, tags: list[str]) -> tuple[Origin | None, str]:
    """The origin of a question if it is ours, and its general feedback without the line about it."""
    found = _ORIGIN.search(general)
    if not found or not any(tag.startswith("revision:") for tag in tags):
        return None, general
    plain = [tag for tag in tags if not tag.startswith(("revision:", "bloom:"))]
    bloom = next((tag.removeprefix("bloom:") for tag in tags if tag.startswith("bloom:")), "")
    code = unescape(found["code"]).strip()
    template, *concepts = plain or [""]
    return Origin(code, idnumber or unescape(found["id"]), template, bloom, tuple(concepts)), general[: found.start()]


def identity(own: Origin) -> dict[str, Any]:
    """The concepts, the Bloom level and the name of a template for a question of ours."""
    part = own.id.partition("#")[2]
    concepts = tuple(dict.fromkeys(filter(None, map(slug, own.concepts))))
    bloom = own.bloom if own.bloom in get_args(Bloom) else ""
    return {"tags": concepts, "bloom": bloom, "id": slug(f"{own.template} {part}", 80)}


def title_of(name: str, code: str) -> str:
    """The name of a question of ours without its code and the number of its part."""
    return re.sub(rf"^{re.escape(code)}(?: \(\d+/\d+\))? ", "", name)


def language_of(text: str) -> str:
    """The language of the fixed words of a question that we wrote, "" if it has none of them."""
    for words in languages():
        if any(f"<p>{words(name)}</p>" in text for name in ("correct", "known-answers", "rubric", "graded-on-return")):
            return words.language
    return ""


def without_instructions(html: str, code: str) -> tuple[str, str, str]:
    """The text of a question without the line about its field, the unit that line asks for, and its language."""
    small = _LAST_SMALL.search(html)
    if small and unescape(small["text"]).strip() == code:
        html = html[: small.start()]
    note = _LAST_NOTE.search(html)
    if note:
        text = unescape(note["text"].replace("<span></span>", ""))
        for words in languages():
            unit = unit_asked(text, words)
            if unit is not None:
                return html[: note.start()], unit_named(unit, words.language), words.language
            if _asks_for_words(text, words):
                return html[: note.start()], "", words.language
    return html, "", ""


def unit_named(shown: str, language: str) -> str:
    """The unit as templates name it, from how it is shown. language: "" if it is not known."""
    spoken = [language] if language else [words.language for words in languages()]
    known = {word: name for each in spoken for name, word in template_wording(each).units.items()}
    return known.get(shown, shown)


def parts_of(html: str, count: int) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """(stem, (prompt, unit) of each part) of a text of ours whose parts stand below it; None if it is no such text.

    html: with a word in the place of each gap. count: how many gaps it has.
    """
    sections = list(_PART.finditer(html))
    if not count or [int(found["gap"]) for found in sections] != list(range(1, count + 1)):
        return None
    parts = tuple((found["prompt"], unescape(found["unit"]).strip()) for found in sections)
    return html[: sections[0].start()], parts


def units_behind_gaps(html: str) -> tuple[str, dict[int, str]]:
    """A text of ours without the units behind its gaps, and the unit of each gap that has one, by its number.

    html: with a word in the place of each gap.
    """
    units = {int(found["gap"]): unescape(found["unit"]).strip() for found in _UNIT.finditer(html)}
    return _UNIT.sub(lambda found: GAP_WORD.format(found["gap"]), html), units


def unit_asked(text: str, words: Wording) -> str | None:
    point = words("numeric-point")
    if point and text == point:
        return ""
    before, _, after = words("numeric-unit", unit="\0").partition("\0")
    after = " ".join(filter(None, (after, point)))
    if text.startswith(before) and text.endswith(after) and len(text) > len(before) + len(after):
        return text[len(before) : len(text) - len(after)]
    return None


def _asks_for_words(text: str, words: Wording) -> bool:
    return words_asked(text, words) is not None


def words_asked(text: str, words: Wording) -> tuple[int, int] | None:
    """The least and the most words that a line asks for (0 if it does not say), None if it asks for something else."""
    holes = {"\0": r"(?P<least>\d+)", "\1": r"(?P<most>\d+)"}
    for name in ("words-range", "words-least", "words-most"):
        pieces = re.split("([\0\1])", words(name, least="\0", most="\1"))
        if found := re.fullmatch("".join(holes.get(piece) or re.escape(piece) for piece in pieces), text):
            asked = found.groupdict()
            return int(asked.get("least") or 0), int(asked.get("most") or 0)
    return None


def without_known_answers(general: str) -> tuple[str, tuple[str, ...]]:
    """The worked solution without the list of known wrong answers, and the entries of that list as HTML."""
    for words in languages():
        head = f"<p>{words('known-answers')}</p>\n<ul>"
        start = general.rfind(head)
        if start >= 0 and general.rstrip().endswith("</ul>"):
            listed = general[start + len(head) :].rstrip().removesuffix("</ul>")
            entries = tuple(entry.removesuffix("</li>") for entry in listed.split("<li>") if entry)
            return general[:start], entries
    return general, ()


def paired(entry: str) -> tuple[str, ...]:
    """(left, right, feedback as HTML) of a known wrong answer to a matching, () if it is none."""
    return _named(entry, "if-paired", left="\0", right="\0")


def omitted(entry: str) -> tuple[str, ...]:
    """(right option, feedback as HTML) of what is said about leaving it out, () if nothing is."""
    return _named(entry, "if-left-out", option="\0")


def answered(entry: str) -> tuple[str, ...]:
    """(answer, feedback as HTML) of a known wrong answer that is named as it would be given, () if it is none."""
    return _named(entry, "if-answered", answer="\0")


def _named(entry: str, name: str, **holes: str) -> tuple[str, ...]:
    named, mark, feedback = entry.partition(" <p>")
    named = unescape(named.replace("<span></span>", ""))
    for words in languages():
        shape = "(.*)".join(map(re.escape, words(name, **holes).split("\0")))
        if mark and (found := re.fullmatch(shape, named, re.DOTALL)):
            return (*found.groups(), mark.strip() + feedback)
    return ()


def shown_text(markdown: str) -> str:
    """A line of Markdown as plain text, in which our exports name options."""
    return " ".join(text_of(inline_of(markdown)).split())


def rubric_of(grader_info: Any) -> list[tuple[str, Any]]:
    """(points, element with their text) for each line of a rubric of ours, given the element that holds it."""
    lines = []
    for entry in grader_info.iter("{*}li"):
        for words in languages():
            for name in ("point", "points"):
                shape = re.escape(words(name, points="\0")).replace("\\\0", "\0").replace("\0", r"([\d.]+)")
                if found := re.match(shape + ": ", entry.text or ""):
                    entry.text = (entry.text or "")[found.end() :]
                    lines.append((found[1], entry))
                    break
            else:
                continue
            break
    return lines


def belief_of(html: str, language: str, several: bool = False) -> str:
    """The misconception whose words these are, in any language if it is "" (true/false has no fixed words).

    several: they may be those of several that lead to one number, in paragraphs; their ids are joined by a space.
    """
    spoken = [language] if language else [words.language for words in languages()]
    for known in map(beliefs, spoken):
        if found := known.get(html.strip(), ""):
            return found
        all_of_them = [known.get(f"{paragraph}</p>", "") for paragraph in html.strip().split("</p>")[:-1]]
        if several and all_of_them and all(all_of_them):
            return " ".join(dict.fromkeys(all_of_them))
    return ""


@lru_cache(maxsize=8)
def beliefs(language: str) -> Mapping[str, str]:
    """The misconceptions that quizgen has words for, by their feedback as our exports write it."""
    from quizgen.bank import load_bank

    found: dict[str, str] = {}
    for name, words in load_bank().words(language).items():
        found.setdefault(rival_feedback([Rival("", title=words.title, feedback=words.feedback)]), name)
    found.pop("", None)
    return found


def belief_of_line(line: str, language: str) -> str:
    """As `belief_of`, for words that were read as a line of Markdown."""
    spoken = [language] if language else [words.language for words in languages()]
    return next((found for each in spoken if (found := _beliefs_by_line(each).get(line.strip(), ""))), "")


@lru_cache(maxsize=8)
def _beliefs_by_line(language: str) -> Mapping[str, str]:
    from quizgen.importing.html_text import line_of_html

    found: dict[str, str] = {}
    for html, name in beliefs(language).items():
        found.setdefault(line_of_html(html, _unheard).strip(), name)
    return found


def _unheard(reason: str) -> None:
    """For words of our own, about which nobody needs to hear anything."""


@lru_cache(maxsize=1)
def band_words() -> frozenset[str]:
    """What our exports say of a number near the key; it need not be carried."""
    return frozenset(text for words in languages() for text in words.group("band:").values())


def fillers() -> Iterator[str]:
    """Hints that are only there because Moodle wants some."""
    for words in languages():
        yield f"<p>{words('incorrect')}</p>"


def usual_feedback(html: str) -> bool:
    """Whether words for right, partly right or wrong say nothing of the question itself."""
    usual = {words(name) for words in languages() for name in ("correct", "partly", "incorrect")}
    usual |= {"Your answer is correct.", "Your answer is partially correct.", "Your answer is incorrect.", ""}
    usual |= {"Die Antwort ist richtig.", "Die Antwort ist teilweise richtig.", "Die Antwort ist falsch."}
    return " ".join(re.sub(r"<[^>]*>", " ", html).split()) in usual
