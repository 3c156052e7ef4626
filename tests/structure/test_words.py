"""The words: complete in every language, without a place or value in a hint, and as people write."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from grading.structure import KINDS, LANGUAGES, Difference, hint, sentence
from grading.structure.texts import HINT_OF, HINTS, SENTENCES

EVERYWHERE = {
    "added-instead-of-multiplied",
    "flipped-sign",
    "missing-factor",
    "extra-factor",
    "wrong-factor",
    "inverted",
    "wrong-power",
    "word-not-in-sentence",
    "shifted-positions",
    "missing-constant",
    "extra-constant",
    "wrong-constant",
}
VALUES = {"shifted-positions": "+1", "repeated-term": "2"}


def examples() -> list[Difference]:
    found: list[Difference] = []
    for kind in KINDS:
        value, given = VALUES.get(kind, "1/2"), "xbar_{<4}" if kind == "conditioned-otherwise" else ""
        wholes = (
            [False, True] if kind in EVERYWHERE or "log" in kind or kind in ("multiplied-instead-of-added",) else []
        )
        found += [Difference(kind, (), "lion", value, given, alone=alone) for alone in wholes]
        if kind not in EVERYWHERE:
            places = [(2, 6)] if kind == "swapped-targets" else [(2,), (2, 6), (2, 4, 6), ("q",)]
            found += [Difference(kind, at, "lion", value, given, of_factors=f) for at in places for f in (False, True)]
    found += [Difference("other-base", at, value=base) for at in ((), (2,), (2, 6)) for base in ("2", "e")]
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_difference_has_a_sentence_and_a_hint(lang: str) -> None:
    for difference in examples():
        said = sentence(difference, lang)
        assert re.fullmatch(r"[A-ZÄÖÜ„“(1].*[^ ]\.", said), said
        assert "{" not in re.sub(r"_\{[<∖]\d\}", "", said), said
        assert "  " not in said, said
        assert not any(char.isdigit() for char in hint(difference, lang))


def test_languages_have_the_same_keys_and_the_same_gaps() -> None:
    first, *others = (SENTENCES[lang] for lang in LANGUAGES)
    for other in others:
        assert list(other) == list(first)
        for key, text in other.items():
            assert _gaps(text) == _gaps(first[key]), key
    assert all(set(table) == set(HINT_OF.values()) for table in HINTS.values())
    assert set(HINT_OF) == set(KINDS)
    assert {key.rstrip("*+!").split("/")[0] for key in first} == set(KINDS)


def _gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


SAID = [
    (Difference("missing-term", (6,)), "The term for position 6 is missing.", "Der Term für Position 6 fehlt."),
    (
        Difference("missing-term", (4, 6, 8)),
        "The terms for positions 4, 6 and 8 are missing.",
        "Die Terme für die Positionen 4, 6 und 8 fehlen.",
    ),
    (
        Difference("unmasked-position", (5,)),
        "Position 5 was not masked, so it contributes nothing.",
        "Position 5 war nicht maskiert, sie trägt nichts bei.",
    ),
    (
        Difference("conditioned-on-original", (2,)),
        "Position 2 is conditioned on the original sentence.",
        "Position 2 ist durch den ursprünglichen Satz bedingt.",
    ),
    (
        Difference("multiplied-instead-of-added", alone=True),
        "Right terms, but multiplied.",
        "Die Terme stimmen, sie sind aber multipliziert statt addiert.",
    ),
    (
        Difference("extra-factor", value="1/2", alone=True),
        "Right terms, but divided by 2.",
        "Die Terme stimmen, sind aber durch 2 geteilt.",
    ),
    (
        Difference("extra-factor", value="-1/(2·ln 2)"),
        "The whole is multiplied by −1/(2·ln 2).",
        "Das Ganze ist mit −1/(2·ln 2) multipliziert.",
    ),
    (
        Difference("conditioned-otherwise", (6,), given="xbar_{<4}"),
        "Position 6 is conditioned on x̄_{<4}; something else is asked for.",
        "Position 6 ist durch x̄_{<4} bedingt statt wie verlangt.",
    ),
    (
        Difference("repeated-term", (2,), value="2"),
        "The term for position 2 counts twice.",
        "Der Term für Position 2 zählt doppelt.",
    ),
    (
        Difference("wrong-target-word", (6,), "Mai"),
        "What is predicted at position 6 is not “Mai”.",
        "An Position 6 wird nicht „Mai“ vorhergesagt.",
    ),
]


@pytest.mark.parametrize(("difference", "english", "german"), SAID)
def test_sentences(difference: Difference, english: str, german: str) -> None:
    assert sentence(difference) == english
    assert sentence(difference, "de") == german


def test_another_language_gets_english() -> None:
    assert sentence(Difference("flipped-sign"), "fr") == sentence(Difference("flipped-sign"), "en")
    assert hint(Difference("flipped-sign"), "fr") == hint(Difference("flipped-sign"), "en")
