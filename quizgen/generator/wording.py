"""The few words that the engine itself puts into a question, by language, and how numbers are written."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

import msgspec


class Wording(msgspec.Struct, frozen=True):
    """position: pattern for a word and its position. both: joins the last two of a list. comma: decimal mark."""

    language: str
    position: str
    both: str
    model: str
    table_word: str
    probability: str
    occurrences: tuple[str, ...]
    """Which of several equal words in a sentence is meant."""
    table_of_draws: tuple[str, str, str, str, str]
    """Headings: position, original word, u, v, what the input shows."""
    true: str
    false: str
    masked_word: str
    other_words: str
    decimal_comma: bool
    syntax_hint: str
    not_fulfilled: str
    """Pattern for a condition on several numbers."""
    relations: Mapping[str, tuple[str, str]]
    """Title and feedback of a formula that is not the key but is in a relation to it."""
    units: Mapping[str, str] = MappingProxyType({})
    """Units that are written in another way than in a template."""
    forms: Mapping[str, str] = MappingProxyType({})
    """What is missing where a right formula is in another form; without it the judge's own English sentence is used."""


WORDING: Mapping[str, Wording] = MappingProxyType(
    {
        "en": Wording(
            language="en",
            position="position {}",
            both=" and ",
            model="Model {}",
            table_word="word",
            probability="probability",
            occurrences=tuple(f"{which} occurrence" for which in ("first", "second", "third", "fourth", "last")),
            table_of_draws=("position", "original token", "u", "v", "token in the input"),
            true="True",
            false="False",
            masked_word="masked word",
            other_words="other words",
            decimal_comma=False,
            not_fulfilled="This condition is not fulfilled: {}.",
            syntax_hint="p_7 for p₇, for example log(p_7)/3 - p_8^2; LaTeX is understood as well",
            relations=MappingProxyType(
                {
                    "opposite-sign": (
                        "The opposite sign",
                        "This is the negative of what was asked for: what the one maximises, the other minimises.",
                    ),
                    "added-constant": (
                        "Differs by a constant",
                        "This is what was asked for plus a constant: the optimum is the same, the value is not.",
                    ),
                    "positive-factor": (
                        "Differs by a factor",
                        "This is what was asked for times a constant: the optimum is the same, the value is not.",
                    ),
                    "same-optimum": (
                        "The same optimum",
                        "This orders all models as the quantity that was asked for does: the optimum is the same, "
                        "the value is not.",
                    ),
                }
            ),
        ),
        "de": Wording(
            language="de",
            position="Position {}",
            both=" und ",
            model="Modell {}",
            table_word="Wort",
            probability="Wahrscheinlichkeit",
            occurrences=tuple(f"{which} Vorkommen" for which in ("erstes", "zweites", "drittes", "viertes", "letztes")),
            table_of_draws=("Position", "ursprüngliches Token", "u", "v", "Token in der Eingabe"),
            true="Richtig",
            false="Falsch",
            masked_word="maskiertes Wort",
            other_words="andere Wörter",
            decimal_comma=True,
            not_fulfilled="Diese Bedingung ist nicht erfüllt: {}.",
            syntax_hint="p_7 für p₇, zum Beispiel log(p_7)/3 - p_8^2; LaTeX geht auch",
            relations=MappingProxyType(
                {
                    "opposite-sign": (
                        "Das andere Vorzeichen",
                        "Das ist das Negative der gefragten Größe: Was die eine maximiert, minimiert die andere.",
                    ),
                    "added-constant": (
                        "Um eine Konstante verschieden",
                        "Das ist die gefragte Größe plus eine Konstante: Das Optimum ist dasselbe, der Wert nicht.",
                    ),
                    "positive-factor": (
                        "Um einen Faktor verschieden",
                        "Das ist die gefragte Größe mal einer Konstanten: Das Optimum ist dasselbe, der Wert nicht.",
                    ),
                    "same-optimum": (
                        "Dasselbe Optimum",
                        "Das ordnet alle Modelle so wie die gefragte Größe: Das Optimum ist dasselbe, der Wert nicht.",
                    ),
                }
            ),
            forms=MappingProxyType(
                {
                    "expanded": "Der Wert stimmt; schreibe ihn als Summe von Logarithmen einzelner Größen.",
                    "single-log": "Der Wert stimmt; fasse die Logarithmen zum Logarithmus eines Produkts zusammen.",
                    "written-out": "Der Wert stimmt; schreibe jeden Term aus, statt ein Summenzeichen zu verwenden.",
                }
            ),
            units=MappingProxyType({"nats": "Nats", "bits": "Bits"}),
        ),
    }
)


def wording(language: str) -> Wording:
    """The words of a language; English where there are none."""
    return WORDING.get(language, WORDING["en"])


def number_text(value: Fraction, decimals: int = 0, comma: bool = False) -> str:
    """An exact number for people: a decimal with at least so many places, else a fraction.

    >>> number_text(Fraction(1, 20), 2), number_text(Fraction(3, 5), 2), number_text(Fraction(1, 3))
    ('0.05', '0.60', '1/3')
    >>> number_text(Fraction(-5, 2), comma=True)
    '−2,5'
    """
    return _number_text(*value.as_integer_ratio(), decimals, comma)


@lru_cache(maxsize=4096)
def _number_text(above: int, below: int, decimals: int, comma: bool) -> str:
    sign, above = "−" if above < 0 else "", abs(above)
    places, rest = 0, below
    while rest % 10 == 0:
        rest, places = rest // 10, places + 1
    twos = fives = 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{sign}{above}/{below}"
    places = max(places + max(twos, fives), decimals)
    if not places:
        return f"{sign}{above}"
    digits = str(above * 10**places // below).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}{',' if comma else '.'}{digits[-places:]}"
