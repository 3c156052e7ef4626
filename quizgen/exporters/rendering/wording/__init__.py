"""The fixed words of exports by language, one YAML file each; English where a language has none."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent


class Wording:
    """The fixed words of one language.

    >>> Wording("de")("part", number=2)
    'Teil 2'
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._words = {**_catalogue("en"), **_catalogue(language.partition("-")[0])}
        self._groups: dict[str, dict[str, str]] = {}

    def __call__(self, name: str, **holes: object) -> str:
        """The words of this name, its holes filled. Raises KeyError if no language has them."""
        words = self._words[name]
        return words.format_map(holes) if "{" in words or "}" in words else words

    def group(self, prefix: str) -> dict[str, str]:
        """All words whose name begins so, by the rest of the name."""
        if prefix not in self._groups:
            found = {name[len(prefix) :]: words for name, words in self._words.items() if name.startswith(prefix)}
            self._groups[prefix] = found
        return self._groups[prefix]


@lru_cache(maxsize=64)
def wording(language: str) -> Wording:
    """The fixed words of a language, read once."""
    return Wording(language)


@lru_cache(maxsize=64)
def _catalogue(language: str) -> dict[str, str]:
    import yaml

    path = FOLDER / f"{language}.yaml"
    if not language.isalpha() or not path.is_file():
        return {}
    words: dict[str, str] = yaml.safe_load(path.read_text("utf-8"))
    return words
