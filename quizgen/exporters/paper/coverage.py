"""Which characters the fonts of the PDF have a sign for: those that come with Typst, and the one for emoji here."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import msgspec

from grading.answersheet import to_json

FONTS = Path(__file__).parent / "fonts"
"""The folder of fonts that are given to Typst beside its own."""


def without_sign(*records: msgspec.Struct | str | None) -> str:
    """The characters of texts or records that no font has, each once, in the order in which they come.

    >>> without_sign("x̄ ≤ 🦊 שלום"), without_sign("中文中")
    ('', '中文')
    """
    return "".join(dict.fromkeys(_uncovered().findall(shown_text(*records))))


def shown_text(*records: msgspec.Struct | str | None) -> str:
    """Everything that texts and records say, one after the other."""
    return "".join(record if isinstance(record, str) else to_json(record).decode() for record in records if record)


@lru_cache(maxsize=1)
def _uncovered() -> re.Pattern[str]:
    ranges = [part.partition("-") for part in (FONTS / "coverage.txt").read_text("ascii").split()]
    pieces = [f"\\U{int(first, 16):08x}-\\U{int(last or first, 16):08x}" for first, _, last in ranges]
    return re.compile(f"[^{''.join(pieces)}]")
