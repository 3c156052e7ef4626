"""Sentences without their words: what is worked out for one holds for all sentences of its form."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from grading.expressions import CLS, MASK
from quizgen.objective.masked import Branch, MaskedSentence


class Nameless(NamedTuple):
    """A masked sentence whose words are names; fields as in `MaskedSentence`."""

    tokens: tuple[str, ...]
    corrupted: tuple[str, ...]
    selected: tuple[int, ...]
    branches: tuple[Branch, ...]
    order: tuple[int, ...] = ()
    decides: bool = False


class Forms:
    """The nameless forms of one sentence, made when they are needed."""

    def __init__(self, masked: MaskedSentence) -> None:
        self._masked = masked
        self._made: dict[bool, tuple[Nameless, dict[str, str]]] = {}

    def of(self, whole: bool) -> tuple[Nameless, dict[str, str]]:
        if whole not in self._made:
            self._made[whole] = without_words(self._masked, whole=whole)
        return self._made[whole]


@lru_cache(maxsize=4096)
def forms_of(masked: MaskedSentence) -> Forms:
    """The nameless forms of a sentence, kept for sentences that come again."""
    return Forms(masked)


def without_words(masked: MaskedSentence, *, whole: bool) -> tuple[Nameless, dict[str, str]]:
    """The sentence with a nameless word for each word, and which word each stands for.

    Words that are equal, or equal without regard to case, stay so, if one of them is selected: sentences with one
    nameless form differ in nothing that a record, a misconception or the judge could see. If no misconception looks at
    the `whole` sentence, it ends with the first word after the last selected one: all contexts agree behind it.

    >>> from quizgen.objective.masked import masked_sentence
    >>> nameless, words = without_words(masked_sentence(("[CLS]", "The", "cat", "the"), {1: "[MASK]"}), whole=True)
    >>> nameless.tokens, words["wwwwww1"], words["wwwwwW1"]
    (('[CLS]', 'wwwwww1', 'u2', 'wwwwwW1'), 'The', 'the')
    """
    selected = masked.selected
    end = len(masked.tokens) if whole or masked.decides or not selected else selected[-1] + 2
    tokens, corrupted = masked.tokens[:end], masked.corrupted[:end]
    names = {CLS: CLS, MASK: MASK}
    spellings: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for position in selected:
        for word in (tokens[position], corrupted[position]):
            if word not in names:
                folded = word.casefold()
                number = numbers.setdefault(folded, len(numbers) + 1)
                names[word] = f"{_cases(spellings.get(folded, 0))}{number}"
                spellings[folded] = spellings.get(folded, 0) + 1
    nameless = []
    for position, word in enumerate(tokens):
        name = names.get(word)
        if name is None:
            folded = word.casefold()
            if folded in numbers:  # an unselected word that is a selected one in other letters
                name = names[word] = f"{_cases(spellings[folded])}{numbers[folded]}"
                spellings[folded] += 1
            else:
                name = f"u{position}"
        nameless.append(name)
    shown = nameless.copy()
    for position in selected:
        shown[position] = names[corrupted[position]]
    words = dict(zip(nameless, tokens, strict=True))
    words.update(zip(shown, corrupted, strict=True))
    form = Nameless(tuple(nameless), tuple(shown), selected, masked.branches, masked.order, masked.decides)
    return form, words


@cache
def _cases(number: int) -> str:
    """The number in binary as letters, small for 0 and capital for 1: spellings that differ in their case alone."""
    return "".join("W" if digit == "1" else "w" for digit in f"{number:06b}")
