"""Which names a typed formula may use and what they mean: declared symbols, and the sentence of the item."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Literal

import msgspec

from grading.expressions import Expression, Symbol
from grading.keys import Assumption, Sentence, SymbolDeclaration, SymbolicKey
from grading.letters import FROM_SUBSCRIPTS, GREEK
from grading.parsing.notation import LOOK_ALIKES
from grading.text import to_unicode

_OTHERWISE = frozenset(
    ("p", "P", "J", "L", "H", "loss", "Loss", "PPL", "PLL", "NLL", "CE", "lb", "ld", "ell", "objective", "Objective")
)


class Language(msgspec.Struct, frozen=True, dict=True, cache_hash=True):
    """What may be written in an answer.

    symbols: declared names. sentence: with it, ``p_k`` for 0 ≤ k ≤ m, ``Pr(x_k = w | …)``, ``n`` (how many positions
    are selected) and ``m`` (how many words) are in the language too. log_base: what ``log`` means, 0 for natural.
    decimal_comma: a comma between digits is the decimal mark. any_name: names need not be declared.
    """

    symbols: tuple[SymbolDeclaration, ...] = ()
    sentence: Sentence | None = None
    log_base: Literal[0, 2, 10] = 0
    decimal_comma: bool = False
    any_name: bool = False

    @staticmethod
    def of(key: SymbolicKey) -> Language:
        """The language of a key."""
        return _language_of(key)

    @cached_property
    def names(self) -> dict[str, Symbol]:
        """Every accepted spelling, normalised, to its symbol."""
        found: dict[str, Symbol] = {}
        if self.sentence is not None:
            words = len(self.sentence.tokens)
            found.update((name, Symbol(name)) for name in ("n", "m"))
            for k in range(words):
                found[f"p_{k}"] = found[f"P_{k}"] = Symbol(f"p_{k}")
        for declaration in self.symbols:
            symbol = Symbol(declaration.name)
            for spelling in (*declaration.aliases, declaration.name):
                found[normalise(spelling)] = symbol
        return found

    @cached_property
    def assumptions(self) -> dict[str, Assumption]:
        """What is assumed of each declared name."""
        return {declaration.name: declaration.assumption for declaration in self.symbols}

    @cached_property
    def own_names(self) -> frozenset[str]:
        """Names that would otherwise be the P of a probability, the label of ``J = …`` or a logarithm to base 2."""
        declared = {spelling for d in self.symbols for spelling in (d.name, *d.aliases)}
        names = {name for name in declared if name in _OTHERWISE}
        names |= {name for name in ("lb", "ld") if declared.issuperset(name)}
        return frozenset(names if self.sentence is not None else names | {"p", "P"})

    def written(self, tree: Expression) -> str:
        """The formula in Unicode, as it is typed in this language.

        >>> from grading.parsing import parse_expression
        >>> Language(decimal_comma=True).written(parse_expression("0.5"))
        '0,5'
        """
        return to_unicode(tree, self.log_base, self.decimal_comma, "e" not in self.names)

    def position_of(self, token: str) -> int | tuple[int, ...]:
        """Where a token written without its position stands.

        One selected position, or else the only position, or else -1 for nowhere; a tuple if several would do.
        """
        if self.sentence is None:
            return -1
        every = tuple(k for k, word in enumerate(self.sentence.tokens) if same_word(word, token))
        found = tuple(k for k in every if k in self.sentence.selected) or every
        return found[0] if len(found) == 1 else found or -1


@lru_cache(maxsize=1024)
def _language_of(key: SymbolicKey) -> Language:
    return Language(key.symbols, key.sentence, key.log_base, key.decimal_comma)


@lru_cache(maxsize=8192)
def same_word(word: str, typed: str) -> bool:
    """Whether a typed word is that word of a sentence: case, and which of the signs that look alike, do not count.

    >>> same_word("The", "the"), same_word("–", "-"), same_word("the", "then")
    (True, True, False)
    >>> same_word("don't", "don’t")
    True
    """
    return word.casefold().translate(_ALIKE) == typed.casefold().translate(_ALIKE)


_ALIKE = LOOK_ALIKES | {ord("’"): "'"}


def normalise(name: str) -> str:
    """One spelling for a name and its subscript: ``p2``, ``p₂``, ``p_{2}`` and ``p_2`` are ``p_2``; θ is ``theta``.

    >>> normalise("p2"), normalise("p_{12}"), normalise("θ₁"), normalise("xy")
    ('p_2', 'p_12', 'theta_1', 'xy')
    """
    name = name.translate(FROM_SUBSCRIPTS).replace("{", "").replace("}", "").replace("\\", "")
    stem = name.rstrip("0123456789")
    index = name[len(stem) :]
    stem = stem.rstrip("_")
    if len(stem) == 1:
        stem = GREEK.get(stem, stem)
    return f"{stem}_{index}" if index and stem else stem
