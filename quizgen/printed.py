"""What learners saw of an item, in the notations of all formats: by this, reports of platforms are read.

Platforms print questions and options as text in their own ways: a formula as LaTeX, as its text for screen readers or
not at all, emphasis between underscores, positions of tokens with or without parentheses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape

from grading.responses.answers import PrintedItem, PrintedPart
from quizgen.archive import Archive
from quizgen.content import Block, Formula, Inline, Tokens, text_of
from quizgen.exporters.rendering.gaps import gaps
from quizgen.exporters.rendering.html import Dialect, block_html, escaped, inline_html
from quizgen.exporters.rendering.text import inline_text
from quizgen.model import Item, Option, Part

_TAG = re.compile(r"<[^>]*>")
_GAP = "\ue000"
_ENTITY = re.compile(r"&\w+;")
_EMPHASIS = re.compile(r"</?em>")


class Printed(Mapping[str, PrintedItem]):
    """The printed items of an archive by id, each made when it is asked for."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._ids = frozenset(item for slot in archive.quiz.slots for item in slot.item_ids)

    def __getitem__(self, id_: str) -> PrintedItem:
        if id_ not in self._ids:
            raise KeyError(id_)
        return printed(self._archive.item(id_))

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


def printed(item: Item) -> PrintedItem:
    """What a learner saw of an item."""
    single = item.parts[0].prompt if len(item.parts) == 1 else ()
    in_text = list(dict.fromkeys(gaps(item.stem)))
    order = [*in_text, *(part.id for part in item.parts if part.id not in in_text)]
    parts = tuple(_part(part, several=len(item.parts) > 1) for part in item.parts)
    return PrintedItem(item.id, block_forms(item.stem + single), parts, tuple(order))


def _part(part: Part, several: bool) -> PrintedPart:
    options = tuple((option.id, inline_forms(option.content)) for option in _options(part.interaction))
    return PrintedPart(part.id, options, block_forms(part.prompt) if several else ())


def _options(interaction: object) -> tuple[Option, ...]:
    found: tuple[Option, ...] = ()
    for name in ("options", "choice", "entries", "left", "right"):
        found += getattr(interaction, name, ())
    return found


def inline_forms(content: tuple[Inline, ...]) -> tuple[str, ...]:
    r"""Inline content as text in each of the ways.

    >>> from quizgen.content import Text
    >>> inline_forms((Text("see "), Tokens(("[CLS]", "the"), numbered=True)))
    ('see [CLS]₀ the₁', 'see [CLS](0) the(1)', 'see [CLS]0 the1')
    """
    forms = [inline_text(content), text_of(content)]
    for dialect in _DIALECTS:
        forms += _texts(inline_html(content, dialect))
    return tuple(dict.fromkeys(forms))


def block_forms(blocks: tuple[Block, ...]) -> tuple[str, ...]:
    """Blocks as text in each of the ways, up to the first gap: what stands for a gap is different everywhere."""
    found: list[str] = []
    for dialect in _DIALECTS if blocks else ():
        found += (text.partition(_GAP)[0] for text in _texts(block_html(blocks, dialect)))
    return tuple(text for text in dict.fromkeys(found) if text.strip())


def _texts(html: str) -> Iterator[str]:
    bare = _TAG.sub("", html)
    yield unescape(bare)
    if "<em>" in html:
        yield unescape(_TAG.sub("", _EMPHASIS.sub("_", html)))
    if "&" in bare:
        yield unescape(_ENTITY.sub("", bare))  # Canvas drops signs that are written by their names


def _mathml_text(formula: Formula) -> str:
    return unescape(_TAG.sub("", formula.mathml))


_FORMULAS: tuple[Callable[[Formula], str], ...] = (
    lambda formula: formula.unicode,
    lambda formula: rf"\[{formula.latex}\]" if formula.display else rf"\({formula.latex}\)",
    lambda formula: rf"\({formula.latex}\)",
    lambda formula: f"$${formula.latex}$$",
    lambda formula: f"${formula.latex}$",
    lambda formula: formula.latex,
    lambda formula: f"[{formula.spoken}]",
    lambda formula: formula.spoken,
    lambda formula: formula.plain,
    _mathml_text,
    lambda formula: "",
)
"""How a formula is printed."""


def _tokens(tokens: Tokens) -> str:
    places = (f"{token}{tokens.first + k if tokens.numbered else ''}" for k, token in enumerate(tokens.tokens))
    return escaped(" ".join(places))


def _dialect(formula: Callable[[Formula], str]) -> Dialect:
    return Dialect(escaped, lambda entry: escaped(formula(entry)), _tokens, lambda part: _GAP, line_break=" ")


_DIALECTS = tuple(map(_dialect, _FORMULAS))
