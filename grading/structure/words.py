"""One kind sentence for a difference, and a hint that gives less away; the words are data in `texts`."""

from __future__ import annotations

from functools import lru_cache

from grading.expressions import MASK
from grading.labels import notation_text

from .records import Difference
from .texts import HINT_OF, HINTS, SENTENCES

LANGUAGES: tuple[str, ...] = tuple(SENTENCES)
"""The languages that there are words for; any other gets those of the first."""


@lru_cache(maxsize=4096)
def sentence(difference: Difference, lang: str = "en") -> str:
    """One sentence that says what is different; it names what the answer has, and of the key no more than that.

    lang: one of `LANGUAGES`; where there are no words for a language they are English.

    >>> sentence(Difference("missing-term", (6,)))
    'The term for position 6 is missing.'
    >>> sentence(Difference("unmasked-position", (1, 5)), "de")
    'Die Positionen 1 und 5 waren nicht maskiert, sie tragen nichts bei.'
    """
    lang = lang if lang in LANGUAGES else LANGUAGES[0]
    table = SENTENCES[lang]
    return table[next(form for form in _forms(difference) if form in table)].format(**_details(difference, lang))


def hint(difference: Difference, lang: str = "en") -> str:
    """A question or a remark on where to look, which names neither a place nor a value.

    >>> hint(Difference("missing-term", (6,)))
    'Does every masked position contribute?'
    """
    return HINTS[lang if lang in LANGUAGES else LANGUAGES[0]][HINT_OF[difference.kind]]


def _forms(difference: Difference) -> list[str]:
    """The keys under which a sentence may stand, the most special first."""
    places, value = difference.places, difference.value
    extents = ["+", ""] if len(places) > 1 else [""] if places else ["!", "*", ""] if difference.alone else ["*", ""]
    details = [
        difference.remark,
        difference.word if difference.word == MASK else "",
        value,
        "divided" if value.startswith("1/") else "",
        "factors" if difference.of_factors else "",
        "given" if difference.given else "",
    ]
    names = [f"{difference.kind}/{detail}" for detail in details if detail] + [difference.kind]
    return [name + extent for name in names for extent in extents]


def _details(difference: Difference, lang: str) -> dict[str, str]:
    words = _WORDS[lang]
    value = difference.value.replace("-", "−")
    divisor = difference.value.removeprefix("1/")
    shown = _listed([str(place) for place in difference.places], words["and"])
    numbers = all(isinstance(place, int) for place in difference.places)
    where = f"{words['positions' if len(difference.places) > 1 else 'position']} {shown}" if numbers else shown
    return {
        "for": f"{words['for']} {where}",
        "places": shown,
        "word": words["quoted"].format(difference.word),
        "token": difference.word,
        "value": value,
        "divisor": divisor[1:-1] if divisor.startswith("(") and divisor.endswith(")") else divisor,
        "times": words["twice"] if value == "2" else words["times"].format(value),
        "given": notation_text(difference.given) if difference.given else "",
    }


def _listed(pieces: list[str], joined: str) -> str:
    return pieces[0] if len(pieces) == 1 else f"{', '.join(pieces[:-1])} {joined} {pieces[-1]}" if pieces else ""


_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "and": "and",
        "for": "for",
        "position": "position",
        "positions": "positions",
        "quoted": "“{}”",
        "twice": "twice",
        "times": "{} times",
    },
    "de": {
        "and": "und",
        "for": "für",
        "position": "Position",
        "positions": "die Positionen",
        "quoted": "„{}“",
        "twice": "doppelt",
        "times": "{}-fach",
    },
}
