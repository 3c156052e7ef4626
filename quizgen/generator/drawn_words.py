"""Drawn words that bring more than themselves: what belongs to a word, and words that fit a mask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import msgspec

from quizgen.template import CandidateDraw, Described, OneOf

if TYPE_CHECKING:
    from quizgen.objective.masked import MaskedSentence
    from quizgen.sampling.draws import Stream
    from quizgen.sampling.sentences import CorpusSentence


class WordsDoNotFit(ValueError):
    """The words that are asked for cannot be had; the message says why in the author's terms."""


Draws = Sequence[tuple[str, Described]]
"""Draws of words to which something belongs, with their names."""


def columns_of(draws: Draws) -> frozenset[str]:
    """Names of all that may belong to the words of these draws, ``word_column``."""
    return frozenset(f"{name}_{column}" for name, draw in draws for column, _ in draw.columns)


def beside(draws: Draws, values: Mapping[str, Any]) -> dict[str, Fraction | str]:
    """What belongs to the drawn words, by name; what a word does not have is not there.

    >>> colour = Described(("red",), cells=((("hue", Fraction(0)),),), columns=(("hue", 0),))
    >>> beside([("colour", colour)], {"colour": "red"})
    {'colour_hue': Fraction(0, 1)}
    """
    found: dict[str, Fraction | str] = {}
    for name, draw in draws:
        found.update((f"{name}_{column}", cell) for column, cell in draw.beside(values[name]).items())
    return found


def places_beside(draws: Draws) -> dict[str, int]:
    """With how many decimal places the numbers that belong to drawn words are printed."""
    return {f"{name}_{column}": places or 0 for name, draw in draws for column, places in draw.columns}


def only(draw: OneOf, value: str) -> OneOf:
    """A draw of words of which one is left. Raises WordsDoNotFit if it is none of them."""
    if not isinstance(draw, Described):
        return msgspec.structs.replace(draw, values=(value,))
    if value not in draw.values:
        raise WordsDoNotFit(f"'{value}' is none of the words {', '.join(draw.values)}")
    return msgspec.structs.replace(draw, values=(value,), cells=(draw.cells[draw.values.index(value)],))


def candidates(
    name: str,
    wanted: CandidateDraw,
    sentence: CorpusSentence | None,
    masked: MaskedSentence | None,
    stream: Stream,
    given: object = None,
) -> dict[str, Fraction | str | tuple[str, ...]]:
    """Words for the first mask: the list, each of them, and the place of the true one in it.

    given: the words in their order, instead of drawn ones. Raises WordsDoNotFit where there is no mask, too few
    words, or the true one is missing.
    """
    if sentence is None or masked is None:
        raise WordsDoNotFit(f"'{name}' are words for a mask; draw one: sentence: any, masks: {{count: 1}}")
    position = masked.selected[0]
    true, fillers = masked.tokens[position], sentence.at(position).fillers
    words: tuple[str, ...]
    if isinstance(given, tuple):
        words = tuple(map(str, given))
    elif len(fillers) < wanted.count - 1:
        message = f"'{sentence.id}' has {len(fillers)} other words for '{true}', not {wanted.count - 1}"
        raise WordsDoNotFit(message)
    else:
        words = stream.shuffle((true, *stream.sample(fillers, wanted.count - 1)))
    if len(set(words)) != wanted.count or true not in words:
        raise WordsDoNotFit(f"'{name}' are {wanted.count} words, one of them the true word '{true}'")
    each = {f"{name}_{place}": word for place, word in enumerate(words, 1)}
    return {name: words, **each, f"{name}_true": Fraction(words.index(true) + 1)}
