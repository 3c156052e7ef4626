"""Finds what a printed text stands for: an option by any of the ways in which a platform may have printed it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from html import unescape
from typing import TypeVar

from grading.given import LONGEST_NAME, fold
from grading.responses.identifiers import identifiers
from grading.responses.rows import RowFault

T = TypeVar("T")

MOST_PIECES = 200
"""Separators in one answer; a longer one is no list of options."""

_BEFORE = ("", "left-", "right-")
"""What QTI puts in front of the ids of a matching."""

_UNSEEN = re.compile("[\\s\u00ad\u200b-\u200f\u2060-\u2064\ufeff]+")
_TAG = re.compile(r"<[^<>]{0,500}>")
_ALIKE = str.maketrans("＜＞＆＂", '<>&"')
"""Signs that stand for those of HTML where a platform drops these."""


def loose(text: str) -> str:
    """A text without what platforms change: white space, signs without width, capital letters, signs of HTML.

    >>> loose("  The\\u00a0First step "), loose("＜s>")
    ('thefirststep', '<s>')
    """
    return _UNSEEN.sub("", unicodedata.normalize("NFC", text)).casefold().translate(_ALIKE)


def short(text: str, most: int = 40) -> str:
    """A text for a message.

    >>> short("a" * 50)[-3:]
    'aa…'
    """
    text = fold(text[: most * 10])
    return text if len(text) <= most else text[: most - 1] + "…"


class Names:
    """Finds options by their printed texts or their ids.

    entries: (id, the texts that it may be printed as). ids: whether ids are meant first, and texts only if there is no
    such id; otherwise the other way round. cut: whether a text that ends with dots stands for a longer one that begins
    like it.

    >>> names = Names([("a", ("A sum", "$a+b$")), ("b", ("A product",))])
    >>> names.find("a  SUM"), names.find("b"), names.find("c")
    ('a', 'b', None)
    """

    def __init__(self, entries: Iterable[tuple[str, Iterable[str]]], ids: bool = False, cut: bool = False) -> None:
        self._exact: dict[str, set[str]] = {}
        self._loose: dict[str, set[str]] = {}
        self._ids: dict[str, set[str]] = {}
        self.ids: list[str] = []
        for id_, texts in entries:
            self.ids.append(id_)
            self._ids.setdefault(id_, set()).add(id_)
            for name in {name for before in _BEFORE for name in identifiers(id_, before)}:
                self._ids.setdefault(name, set()).add(id_)
            for text in texts:
                self._exact.setdefault(fold(text), set()).add(id_)
                self._loose.setdefault(loose(text), set()).add(id_)
        if set(self.ids) == {"true", "false"}:
            for id_, words in TRUTH.items():
                for word in words:
                    self._ids.setdefault(word, set()).add(id_)
        self._ids_first, self._cut = ids, cut

    def find(self, text: object) -> str | None:
        """The id of the option that a text names, None if it names none. Raises RowFault if it names two."""
        if not isinstance(text, str) or len(text) > LONGEST_NAME:
            return None
        for found in self._levels(text):
            if len(found) == 1:
                return next(iter(found))
            if found:
                raise RowFault(f"“{short(text)}” names several options", "give the options texts that differ")
        return None

    def _levels(self, text: str) -> Iterable[set[str]]:
        nothing: set[str] = set()
        stripped = text.strip()
        ids = self._ids.get(stripped) or self._ids.get(stripped.lower(), nothing)
        if self._ids_first:
            yield ids
        yield self._exact.get(fold(text), nothing)
        yield self._loose.get(loose(text), nothing)
        if "<" in text or "&" in text:
            yield self._loose.get(loose(unescape(_TAG.sub("", text))), nothing)
        if self._cut and stripped.endswith(("...", "…")):
            start, length = loose(stripped.rstrip(".…")), len(fold(text))
            longer = ((known, ids_) for known, ids_ in self._exact.items() if len(known) > length)
            yield {id_ for known, ids_ in longer if loose(known).startswith(start) for id_ in ids_}
        if not self._ids_first:
            yield ids


TRUTH = {
    "true": ("true", "wahr", "richtig", "vrai", "verdadero", "vero", "waar"),
    "false": ("false", "falsch", "faux", "falso", "onwaar"),
}
"""The words that platforms have of their own for the two answers of a true/false question."""


def pieces(text: str, separator: str, read: Callable[[str], T | None]) -> list[T] | None:
    """The text as readable pieces with a separator between them; None if there is no such way to take it apart.

    A separator inside a piece does no harm as long as only one way remains. Raises RowFault if there are two.

    >>> known = {"a": 1, "b": 2, "a; c": 3}
    >>> pieces("a; c; b", "; ", known.get), pieces("a; c", "; ", {"b": 1}.get)
    ([3, 2], None)
    """
    tokens = text.split(separator)
    if len(tokens) > MOST_PIECES or len(text) > LONGEST_NAME * 10:
        return None
    count = len(tokens)
    ways: list[tuple[int, int, T | None]] = [(0, 0, None) for _ in range(count)]
    ways.append((1, 0, None))
    for start in reversed(range(count)):
        for end in range(start + 1, count + 1):
            if ways[end][0] and (value := read(separator.join(tokens[start:end]))) is not None:
                ways[start] = (min(2, ways[start][0] + ways[end][0]), end, value)
    if not ways[0][0]:
        return None
    if ways[0][0] > 1:
        raise RowFault(f"“{short(text)}” can be taken apart in two ways", "give the options texts that differ more")
    found, at = [], 0
    while at < count:
        _, at, value = ways[at]
        assert value is not None
        found.append(value)
    return found
