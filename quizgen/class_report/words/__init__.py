"""The fixed words of the class report by language, one YAML file each, and numbers as that language writes them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "de")
_MINUS = "\N{MINUS SIGN}"


class Words:
    """The words of one language; English where it has none. folder: of the catalogues, those of the report if none.

    >>> Words("de").percent(0.254), Words("en").number(-0.254), Words("de").number(None)
    ('25\xa0%', '−0.25', '–')
    """

    def __init__(self, language: str, folder: Path = FOLDER) -> None:
        short = language.partition("-")[0]
        self.language = short if short in LANGUAGES else "en"
        self._words = {**_catalogue(folder, "en"), **_catalogue(folder, self.language)}

    def __contains__(self, name: str) -> bool:
        return name in self._words

    def __call__(self, name: str, **holes: object) -> str:
        """The words of this name, its holes filled. Raises KeyError if no language has them."""
        return self._words[name].format_map(holes)

    def count(self, name: str, number: int) -> str:
        """A number with its noun: the words `name` and `name`-one.

        >>> Words("en").count("learners", 1), Words("de").count("learners", 1200)
        ('1 learner', '1.200 Lernende')
        """
        return self(f"{name}-one" if number == 1 else name, count=self.whole(number))

    def whole(self, number: int) -> str:
        """A whole number with its thousands apart."""
        return f"{number:,}".replace(",", "." if self.language == "de" else ",")

    def number(self, value: float | None, places: int = 2) -> str:
        """A number with so many decimals, – if there is none."""
        if value is None:
            return "–"
        text = f"{round(value, places) + 0.0:.{places}f}".replace("-", _MINUS)
        return text.replace(".", ",") if self.language == "de" else text

    def percent(self, share: float | None) -> str:
        """A share in whole per cent, – if there is none; a little more than nothing is not nothing."""
        if share is None:
            return "–"
        if 0 < share < 0.005:
            return "< 1\N{NO-BREAK SPACE}%"
        return f"{round(share * 100)}\N{NO-BREAK SPACE}%".replace("-", _MINUS)

    def signed(self, share: float) -> str:
        """A difference of shares in points of a hundred, with its sign."""
        rounded = round(share * 100)
        return f"{'+' if rounded > 0 else _MINUS if rounded < 0 else '±'}{abs(rounded)}"

    def difference(self, points: float) -> str:
        """A difference of points with one decimal and its sign.

        >>> Words("de").difference(1.26), Words("en").difference(-0.04)
        ('+1,3', '0.0')
        """
        text = self.number(points, 1)
        return f"+{text}" if round(points, 1) > 0 else text

    def probability(self, value: float | None) -> str:
        """A probability with three decimals, or that it is smaller."""
        if value is None:
            return "–"
        return f"< {self.number(0.001, 3)}" if value < 0.001 else f"= {self.number(value, 3)}"

    def few(self, count: int | None) -> str:
        """A number of learners; None stands for 1 to 4."""
        return "< 5" if count is None else self.whole(count)


@lru_cache(maxsize=8)
def words_of(language: str) -> Words:
    """The words of a language, read once."""
    return Words(language)


@lru_cache(maxsize=8)
def _catalogue(folder: Path, language: str) -> dict[str, str]:
    import yaml

    loaded: dict[str, str] = yaml.safe_load((folder / f"{language}.yaml").read_text(encoding="utf-8"))
    return loaded
