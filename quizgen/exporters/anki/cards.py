"""An item as the fields of a note: what the front shows, and what the back tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from grading.answersheet import PartKey
from quizgen.content import Formula, Inline, Tokens
from quizgen.exporters.rendering.fields import field_instructions
from quizgen.exporters.rendering.gaps import gaps
from quizgen.exporters.rendering.html import Dialect, block_html, escaped, inline_html
from quizgen.exporters.rendering.phrases import phrase
from quizgen.exporters.rendering.text import remembering_short
from quizgen.exporters.rendering.wording import Wording, wording
from quizgen.exporters.told_answers import known_answers, offered, right_answers
from quizgen.model import Item, MatchingInteraction, NumericInteraction, Part, WorkedKey

FIELDS = ("Code", "Question", "Options", "Hint", "Answer", "Mistakes", "Solution", "Source", "Language")

_TYPESET = re.compile(r"\\(?=[(\[])")
_COMMAND = re.compile(r"\[(?=sound:|anki:|/?latex\]|/?\$\$?\])", re.IGNORECASE)


class Note(msgspec.Struct, frozen=True):
    """The fields in the order of `FIELDS`, as HTML, and the tags."""

    fields: tuple[str, ...]
    tags: tuple[str, ...]


def _anki_text(text: str) -> str:
    r"""Text as HTML in which Anki finds no formula, sound or LaTeX.

    >>> anki_text(r"\(x\) [sound:a.mp3] <b>")
    '\\<span></span>(x\\) &#91;sound:a.mp3] &lt;b&gt;'
    """
    text = _COMMAND.sub("&#91;", escaped(text.replace("\x1f", "")))
    return _TYPESET.sub(lambda found: found[0] + "<span></span>", text)


anki_text = remembering_short(_anki_text)


def anki_formula(formula: Formula) -> str:
    r"""A formula for Anki's MathJax, between ``\(`` and ``\)`` or ``\[`` and ``\]``."""
    opening, closing = (r"\[", r"\]") if formula.display else (r"\(", r"\)")
    return f"{opening} {escaped(formula.latex)} {closing}"


@lru_cache(maxsize=1024)
def anki_tokens(tokens: Tokens) -> str:
    """A token sequence as code, positions as subscripts."""
    shown = (
        anki_text(token) + (f"<sub>{tokens.first + place}</sub>" if tokens.numbered else "")
        for place, token in enumerate(tokens.tokens)
    )
    return f"<code>{' '.join(shown)}</code>"


def note_of(item: Item, key: WorkedKey, quiz_id: str) -> Note:
    """The note of an item. The back tells the right answer, known mistakes and the worked solution."""
    words = wording(item.language)
    several = len(item.parts) > 1
    numbers = {part.id: f"<sub>{number}</sub>" if several else "" for number, part in enumerate(item.parts, 1)}
    dialect = Dialect(anki_text, anki_formula, anki_tokens, lambda part: f"____{numbers[part]}")
    part_keys = {part_key.id: part_key for part_key in key.parts}
    in_text = frozenset(gaps(item.stem))
    asked, told, known = [], [], []
    for number, part in enumerate(item.parts, 1):
        heading = f"<h2>{anki_text(words('part', number=number))}</h2>" if several else ""
        asked.append(heading + "".join(_asked(part, words, dialect, part.id in in_text)))
        told.append(heading + _right(part, part_keys[part.id], words, dialect))
        mistakes = _known(part, part_keys[part.id], words, dialect)
        known.append(heading + mistakes if mistakes else "")
    hints = "".join([f"<li>{_phrase(hint, words.language)}</li>" for hint in key.hints])
    mistakes = "".join(known)
    solution = block_html(key.solution, dialect)
    fields = (
        escaped(item.code),
        block_html(item.stem, dialect),
        "".join(asked),
        f"<ul>{hints}</ul>" if hints else "",
        "".join(told),
        f"<h2>{anki_text(words('known-answers'))}</h2>{mistakes}" if mistakes else "",
        f"<h2>{anki_text(words('solution'))}</h2>{solution}" if solution else "",
        anki_text(f"{item.id} · {item.revision[:16]}"),
        escaped(item.language),
    )
    bloom = f"bloom::{item.bloom}" if item.bloom else ""
    tags = (f"quizgen::{quiz_id}", item.template, *item.concepts, bloom, item.kind)
    return Note(fields, tuple(dict.fromkeys(filter(None, map(_tag, tags)))))


@lru_cache(maxsize=4096)
def _phrase(text: str, language: str) -> str:
    return inline_html(phrase(text, language), Dialect(anki_text, anki_formula, anki_tokens, lambda part: "____"))


@lru_cache(maxsize=4096)
def _tag(text: str) -> str:
    return re.sub(r'[\s"\x00-\x1f]+', "-", text)


def _asked(part: Part, words: Wording, dialect: Dialect, in_text: bool) -> Iterator[str]:
    """The prompt of a part, its options, and what is said beside its field."""
    yield block_html(part.prompt, dialect)
    interaction = part.interaction
    for place, entries in enumerate(offered(interaction)):
        numbered = isinstance(interaction, MatchingInteraction) and place == 0
        shown = "".join(f"<li>{inline_html(one.content, dialect)}</li>" for one in entries)
        yield f"<ol>{shown}</ol>" if numbered else f'<ol type="A">{shown}</ol>'
    if isinstance(interaction, NumericInteraction) and interaction.unit and not in_text:
        yield f"<p>____ {anki_text(interaction.unit)}</p>"
    if said := field_instructions(interaction, words):
        yield f"<p><em>{anki_text(said)}</em></p>"


def _right(part: Part, part_key: PartKey, words: Wording, dialect: Dialect) -> str:
    lines = (f"<div>{_line(line, dialect)}</div>" for line in right_answers(part, part_key, words))
    return f'<div class="right">{"".join(lines)}</div>'


def _known(part: Part, part_key: PartKey, words: Wording, dialect: Dialect) -> str:
    entries = ""
    for one in known_answers(part, part_key, words):
        credit = f" <strong>({one.credit})</strong>" if one.credit else ""
        said = f": {_line(one.said, dialect)}" if one.said else ""
        entries += f"<li>{_line(one.answer, dialect)}{credit}{said}</li>"
    return f'<ul class="known">{entries}</ul>' if entries else ""


def _line(content: tuple[Inline, ...], dialect: Dialect) -> str:
    return inline_html(content, dialect)
