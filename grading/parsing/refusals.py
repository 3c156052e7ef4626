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
        return Refused(msgspec.structs.replace(self.refusal, offset=self.refusal.offset + offset))


def refuse(code: str, message: str, offset: int = 0, length: int = 1, suggestion: str = "") -> Refused:
    """The exception, to be raised."""
    return Refused(Refusal(code, message, offset, max(1, length), suggestion))


def nearest(word: str, names: Iterable[str]) -> str:
    """The name most like the word, or ''."""
    found = difflib.get_close_matches(word[:40], list(names), n=1, cutoff=0.6)
    return found[0] if found else ""
