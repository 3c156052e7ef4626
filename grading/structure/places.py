"""What a probability is about, in the field's words: its position, its word, and how it is conditioned."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from grading.atoms import identify
from grading.expressions import MASK, Context, Event, Expression, Probability, Symbol, atoms
from grading.keys import Sentence
from grading.parsing.language import Language

from .records import Kind, Place

Leaf = Symbol | Probability

_POSITION = re.compile(r"[pP]_(\d+)")


class Spot(NamedTuple):
    """place: where, or the name of a symbol, or a word that has no position. word: None for a symbol.

    given: the tokens that are visible, None if nothing is given.
    """

    place: Place
    word: str | None = None
    given: tuple[str, ...] | None = None
    reverse: bool = False

    @property
    def is_word(self) -> bool:
        return self.word is not None

    def condition(self) -> tuple[tuple[str, ...] | None, bool]:
        return self.given, self.reverse


@lru_cache(maxsize=16384)
def spots(leaf: Leaf) -> tuple[Spot, ...]:
    """What an identified leaf is about: one event, or all of a joint probability.

    >>> spots(Symbol("p_12")), spots(Symbol("q"))
    ((Spot(place=12, word=None, given=None, reverse=False),), (Spot(place='q', word=None, given=None, reverse=False),))
    """
    if isinstance(leaf, Symbol):
        found = _POSITION.fullmatch(leaf.name)
        return (Spot(int(found[1]) if found else leaf.name),)
    given = None if leaf.given is None else leaf.given.tokens
    return tuple(Spot(_place(event), event.token, given, leaf.reverse) for event in leaf.events)


def _place(event: Event) -> Place:
    if event.of == "x" and event.position >= 0:
        return event.position
    return event.name or event.token


@lru_cache(maxsize=16384)
def places_of(leaf: Leaf) -> tuple[Place, ...]:
    """The places that an identified leaf is about, ascending."""
    return ordered(spot.place for spot in spots(leaf))


def ordered(places: Iterable[Place]) -> tuple[Place, ...]:
    """Each place once: positions by number, then names."""
    return tuple(sorted(set(places), key=lambda place: (isinstance(place, str), place)))


def conditioned(spot: Spot, wanted: Spot, notation: str, language: Language) -> tuple[Kind, ...]:
    """How the first one is conditioned otherwise than the second: one or two kinds, none if they agree.

    notation: how the first one's context was written. Two contexts that show the same have two names (to the left of
    the last word stands all that the model sees); the one that was written is taken.
    """
    kinds: list[Kind] = []
    if spot.reverse != wanted.reverse:
        kinds.append("reversed" if spot.reverse else "conditioned-otherwise")
    if spot.given != wanted.given:
        kinds.append(_condition(spot, notation, language.sentence))
    return tuple(dict.fromkeys(kinds))


def _condition(spot: Spot, notation: str, sentence: Sentence | None) -> Kind:
    if spot.given is None:
        return "unconditional"
    named = _by_notation(notation, spot.place)
    if named != "conditioned-otherwise" or sentence is None:
        return named
    if not isinstance(spot.place, int) or not 0 <= spot.place < len(sentence.tokens):
        return named
    return _known_contexts(sentence, spot.place).get(spot.given) or _filled(spot.given, sentence)


class Written(NamedTuple):
    """How an answer writes what the normal form holds one representative of.

    notations: of every sequence that it conditions on, the first of several. words: of every word without case.
    """

    notations: dict[tuple[str, ...], str]
    words: dict[str, str]

    def word(self, word: str, language: Language) -> str:
        """The word as the answer spells it, else as the sentence does."""
        if word in self.words:
            return self.words[word]
        known = () if language.sentence is None else language.sentence.tokens
        return next((token for token in known if token.casefold() == word), word)


def written(answer: Expression, language: Language) -> Written:
    """Reads the spellings off an answer."""
    found = Written({}, {})
    for leaf in atoms(answer):
        if isinstance(leaf, Symbol):
            continue
        for event in leaf.events:
            found.words.setdefault(event.token.casefold(), event.token)
        if leaf.given is None:
            continue
        meant = identify(leaf, language)
        for one in (meant,) if isinstance(meant, Probability) else atoms(meant):
            if isinstance(one, Probability) and one.given is not None:
                found.notations.setdefault(one.given.tokens, leaf.given.notation)
    return found


@lru_cache(maxsize=4096)
def _known_contexts(sentence: Sentence, position: int) -> dict[tuple[str, ...], Kind]:
    """The sequences that have a name, for one position; of two that are the same the first name counts."""
    tokens, corrupted = sentence.tokens, sentence.corrupted
    alone = tuple(MASK if k == position else token for k, token in enumerate(tokens))
    named: dict[tuple[str, ...], Kind] = {}
    for sequence, kind in (
        (corrupted, "conditioned-on-corrupted"),
        (tokens, "conditioned-on-original"),
        (corrupted[:position], "conditioned-on-left-context"),
        (tokens[:position], "conditioned-on-left-original"),
        (alone, "conditioned-on-single-mask"),
    ):
        named.setdefault(_visible(sequence), kind)  # type: ignore[arg-type]
    return named


def _visible(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """The tokens as an identified probability holds them."""
    found = identify(Probability((Event(0, ""),), Context("", tokens)), Language())
    assert isinstance(found, Probability)
    assert found.given is not None
    return found.given.tokens


def _filled(given: tuple[str, ...], sentence: Sentence) -> Kind:
    """Whether x̄ is shown with the true words, or the model's own guesses, at some of the selected positions."""
    base = [token.casefold() for token in sentence.corrupted]
    shown = [*given, *(MASK.casefold() for _ in range(len(base) - len(given)))]
    changed = [k for k, token in enumerate(shown) if k >= len(base) or token != base[k]]
    if all(k in sentence.selected and shown[k] == sentence.tokens[k].casefold() for k in changed):
        return "conditioned-on-true-words"
    if all(k < len(base) and shown[k] == f"xhat_{k}" for k in changed):
        return "conditioned-on-own-predictions"
    return "conditioned-otherwise"


_NOTATIONS: tuple[tuple[str, Kind], ...] = (
    (r"xbar", "conditioned-on-corrupted"),
    (r"x", "conditioned-on-original"),
    (r"xbar_\{<(\d+)\}", "conditioned-on-left-context"),
    (r"x_\{<(\d+)\}", "conditioned-on-left-original"),
    (r"x_\{\\(\d+)\}", "conditioned-on-single-mask"),
    (r'xbar(?:, x_\d+=(?:[^,"]+|"(?:[^"\\]|\\.)*"))+', "conditioned-on-true-words"),
    (r"xbar(?:, xhat_\d+)+", "conditioned-on-own-predictions"),
)


def _by_notation(notation: str, place: Place) -> Kind:
    for pattern, kind in _NOTATIONS:
        if found := re.fullmatch(pattern, notation):
            same = not found.re.groups or found[1] == str(place)
            return kind if same else "conditioned-otherwise"
    return "conditioned-otherwise"
