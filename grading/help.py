"""The help page for learners, "How to type a formula", made of the tables of notations and conventions.

As a fragment of HTML for a page with a question, and as Markdown for the documentation; the words by language.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Literal, NamedTuple

from grading.parsing.conventions import (
    CONVENTIONS,
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_SET,
    MAX_TOKENS,
    NOT_READ,
)
from grading.parsing.notation import NOTATIONS, Notation
from grading.wording import Wording, wording
from grading.writing.mathml import escaped

Codes = tuple[str, ...]
"""Things as they are typed."""
Cell = Codes | str


class Section(NamedTuple):
    """A part of the page. level: 1 for its title. header, rows: a table, or ()."""

    level: int
    title: str
    text: str = ""
    header: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()


_LEFT_OUT = frozenset(("open", "close", "comma", "label", "space", "sizes", "spacing", "index", "juxtaposed"))
"""Rows that nobody needs to be told: brackets, spaces."""
_MOST = 3


def help_sections(
    words: str = "en", decimal_comma: bool = False, log_base: Literal[0, 2, 10] = 0
) -> tuple[Section, ...]:
    """The page in a language, for questions with this decimal mark and this meaning of log."""
    say = wording(words)
    mark = say("help:comma" if decimal_comma else "help:point")
    return (
        Section(1, say("help:title"), " ".join((say("help:intro"), say(f"help:log-{log_base}"), mark))),
        *_notations(say, decimal_comma),
        _conventions(say, decimal_comma, log_base),
        _not_read(say, decimal_comma),
        Section(2, say("help:limits"), say("help:limits-text", **_LIMITS)),
    )


_LIMITS = {
    "characters": MAX_CHARACTERS,
    "tokens": MAX_TOKENS,
    "depth": MAX_DEPTH,
    "digits": MAX_DIGITS,
    "members": MAX_SET,
}


def _notations(say: Wording, decimal_comma: bool) -> Iterator[Section]:
    header = (say("help:written"), say("help:plain"), say("help:unicode"), say("help:latex"), say("help:example"))
    for group in dict.fromkeys(row.group for row in NOTATIONS if row.group != "greek"):
        shown = [row for row in NOTATIONS if row.group == group and row.what not in _LEFT_OUT]
        rows = [_notation(row, say) for row in shown if decimal_comma or row.needs != "comma"]
        if group == "forms":
            rows.append(_greek(say))
        yield Section(2, say(f"group:{group}"), "", header, tuple(rows))


def _notation(row: Notation, say: Wording) -> tuple[Cell, ...]:
    most = 1 if row.group == "functions" and row.what in row.plain else _MOST
    signs = tuple(s for s in row.unicode if len(s) > 1 or unicodedata.east_asian_width(s) != "F")
    return say(f"notation:{row.what}"), row.plain[:most], signs[:most], row.latex[:most], (next(row.examples()),)


def _greek(say: Wording) -> tuple[Cell, ...]:
    """One row for all Greek letters."""
    some = [row for row in NOTATIONS if row.group == "greek"][:_MOST]
    plain, unicode, latex = zip(*((row.plain[0], row.unicode[0], row.latex[0]) for row in some), strict=True)
    return say("notation:greek"), plain, unicode, latex, (next(some[0].examples()),)


def _conventions(say: Wording, decimal_comma: bool, log_base: int) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for row in CONVENTIONS:
        if row.log_base not in (0, log_base) or (row.decimal_comma and not decimal_comma):
            continue
        if row.rule == "list-doubt" and decimal_comma:
            continue
        doubt = f"{say('help:refused')}: {say('help:or').join(row.instead)}?"
        rows.append(((row.written,), (row.read_as,) if row.read_as else doubt, say(f"rule:{row.rule}")))
    header = (say("help:typed"), say("help:read"), say("help:why"))
    return Section(2, say("help:conventions"), say("help:conventions-intro"), header, tuple(rows))


def _not_read(say: Wording, decimal_comma: bool) -> Section:
    rows = tuple(
        ((visible_text(row.typed),), say(f"refused:{row.why}"))
        for row in NOT_READ
        if row.code != "ambiguous-comma" or not decimal_comma
    )
    header = (say("help:typed"), say("help:why"))
    return Section(2, say("help:not-read"), say("help:not-read-intro"), header, rows)


def visible_text(text: str) -> str:
    """The text with a sign for each character that cannot be seen.

    >>> visible_text("log\\u200bx")
    'log⍽x'
    """
    return text.replace("\u200b", "⍽")


def help_page(words: str = "en", decimal_comma: bool = False, log_base: Literal[0, 2, 10] = 0) -> str:
    """The help page as a fragment of HTML that needs nothing beside it.

    >>> help_page("de").split(chr(10))[1]
    '<h1>So gibst du eine Formel ein</h1>'
    """
    lines = [f'<section class="notation" lang="{wording(words).language}">']
    for section in help_sections(words, decimal_comma, log_base):
        lines.append(f"<h{section.level}>{escaped(section.title)}</h{section.level}>")
        if section.text:
            lines.append(f"<p>{escaped(section.text)}</p>")
        if section.rows:
            head = "".join(f'<th scope="col">{escaped(title)}</th>' for title in section.header)
            lines.append(f"<table><thead><tr>{head}</tr></thead><tbody>")
            for row in section.rows:
                lines.append(f"<tr>{''.join(f'<td>{_html(cell)}</td>' for cell in row)}</tr>")
            lines.append("</tbody></table>")
    return "\n".join((*lines, "</section>"))


def _html(cell: Cell) -> str:
    if isinstance(cell, str):
        return escaped(cell)
    return "<br/>".join(f"<code>{escaped(text)}</code>" for text in cell)


def help_markdown(words: str = "en", note: str = "") -> str:
    """The help page as Markdown. note: a line below the title."""
    lines: list[str] = []
    for section in help_sections(words):
        lines += [f"{'#' * section.level} {section.title}", ""]
        if section.level == 1 and note:
            lines += [note]
        if section.text:
            lines += [_escaped_markdown(section.text), ""]
        if section.rows:
            lines += [f"| {' | '.join(section.header)} |", "|---" * len(section.header) + "|"]
            lines += [f"| {' | '.join(map(_markdown, row))} |" for row in section.rows]
            lines.append("")
    return "\n".join(lines)


def _markdown(cell: Cell) -> str:
    if isinstance(cell, str):
        return _escaped_markdown(cell)
    return " ".join(f"`{text}`".replace("|", "\\|") for text in cell)


def _escaped_markdown(text: str) -> str:
    for sign in "\\*_|":
        text = text.replace(sign, f"\\{sign}")
    return text
