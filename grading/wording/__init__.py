"""What the judge says to learners about notation, by language: one module of words each, English where one has none."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from grading.wording.de import WORDS as _GERMAN
from grading.wording.en import WORDS as _ENGLISH

LANGUAGES: Mapping[str, Mapping[str, str]] = {"en": _ENGLISH, "de": _GERMAN}


class Wording:
    """The words of one language.

    >>> Wording("de-AT")("name:size", count=2)
    'die Zahl der ausgewählten Positionen, 2'
    """

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else language.partition("-")[0]
        self._words = {**_ENGLISH, **LANGUAGES.get(self.language, {})}
        if self.language not in LANGUAGES:
            self.language = "en"

    def __call__(self, name: str, /, **holes: object) -> str:
        """The words of this name, its holes filled. Raises KeyError if no language has them."""
        return self._words[name].format_map(holes) if holes else self._words[name]


@lru_cache(maxsize=16)
def wording(language: str) -> Wording:
    """The words of a language."""
    return Wording(language)
