"""The exception that carries a refusal: a text could not be read, which is never the same as wrong."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

import msgspec

from grading.verdicts import Refusal


class Refused(ValueError):
    """The text could not be read. refusal: code, place, one kind sentence, and where possible what to type instead."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.message)

    def moved(self, offset: int) -> Refused:
        """The same refusal of a piece of text that begins at this offset."""
        return self.placed(self.refusal.offset + offset, self.refusal.length)

    def placed(self, offset: int, length: int) -> Refused:
        """The same refusal at this place."""
        return Refused(msgspec.structs.replace(self.refusal, offset=offset, length=length))


def refuse(sentence: str, offset: int = 0, length: int = 1, suggestion: str = "", /, **values: str | int) -> Refused:
    """The exception, to be raised; arguments as for `Refusal.of`."""
    return Refused(Refusal.of(sentence, offset, length, suggestion, **values))


def kind_of_invisible(character: str) -> str:
    """What an invisible character is: the end of the name of the sentence that says so.

    >>> [kind_of_invisible(c) for c in "\u200b\u00ad\u2028\u202e\x07"]
    ['space', 'hyphen', 'line', 'direction', 'control']
    """
    if "\ud800" <= character <= "\udfff":
        return "half"
    return next((kind for kind, characters in _INVISIBLE.items() if character in characters), "control")


_INVISIBLE = {
    "space": "\u200b\u200c\u200d\u2060\ufeff",
    "hyphen": "\u00ad",
    "line": "\u2028\u2029",
    "direction": "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
}


def nearest(word: str, names: Iterable[str]) -> str:
    """The name most like the word, or ''."""
    found = difflib.get_close_matches(word[:40], list(names), n=1, cutoff=0.6)
    return found[0] if found else ""
