"""What a template draws: one record for each thing that can stand under `draw`, and draws that are given outright."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import msgspec

from quizgen.source import DataPath
from quizgen.template.written import Written


class IntegerRange(msgspec.Struct, frozen=True):
    """``2..9``: an integer, both ends included."""

    first: int
    last: int

    @property
    def values(self) -> tuple[Fraction, ...]:
        return tuple(map(Fraction, range(self.first, self.last + 1)))


class OneOf(msgspec.Struct, frozen=True):
    """One of several values; all numbers (exact) or all words.

    decimals: the most decimal places that the author wrote; all values are printed with so many.
    """

    values: tuple[Fraction, ...] | tuple[str, ...]
    decimals: int = 0


class Described(OneOf, frozen=True):
    """One of several words, each with what belongs to it.

    cells: for each of `values`, its columns and what stands in them: a number, or a text in the author's language.
    columns: (name, most decimal places; None for a column of texts), in the order in which they first appear.
    """

    values: tuple[str, ...] = ()
    cells: tuple[tuple[tuple[str, Fraction | Written], ...], ...] = ()
    columns: tuple[tuple[str, int | None], ...] = ()

    def beside(self, word: str) -> dict[str, Fraction | str]:
        """What belongs to a word, by column; a column that it has no cell in is not there."""
        row = self.cells[self.values.index(word)]
        return {column: cell if isinstance(cell, Fraction) else cell.text for column, cell in row}


class CandidateDraw(msgspec.Struct, frozen=True):
    """So many words for the first masked position, in a drawn order: the true word, and others that fit there."""

    count: int


class Different(msgspec.Struct, frozen=True):
    """Several values, a list in the order in which they were drawn. repeats: whether a value may come again."""

    count: int
    values: tuple[Fraction, ...] | tuple[str, ...]
    decimals: int = 0
    repeats: bool = False


class SentenceDraw(msgspec.Struct, frozen=True):
    """A sentence of the corpus.

    ids: one of these (empty: any). topic: only of this topic ("": any). words: (least, most), None: any length.
    first: only so many words of it, from its beginning; 0 for all.
    """

    ids: tuple[str, ...] = ()
    topic: str = ""
    words: tuple[int, int] | None = None
    first: int = 0


class MaskDraw(msgspec.Struct, frozen=True):
    """Which positions are masked.

    positions: given outright (then nothing is drawn). count: how many (may be overridden by a radical). rate: instead,
    every word by itself with this probability, at least one. spans: instead, so many stretches of neighbouring words,
    their lengths drawn as SpanBERT does. words: of all spans together, 0: drawn. longest: span, 0: any.
    after: instead, every word behind a prefix, whose length is drawn from (least, most).
    right_context: True: the last masked word is not the last word. apart: no two masks are neighbours.
    left_context: True: the first word is not masked. last_word: True: the last one is.
    copies: of masked words: ``none`` anywhere; ``visible``: one of the masked words stands once more before it;
    ``masked``: all the masked words are the same word.
    """

    count: int = 2
    among: Literal["content words", "function words", "all words"] = "content words"
    right_context: bool = False
    apart: bool = False
    positions: tuple[int, ...] = ()
    rate: Fraction | None = None
    spans: int = 0
    left_context: bool = False
    last_word: bool = False
    copies: Literal["none", "visible", "masked"] = "none"
    words: int = 0
    longest: int = 0
    after: tuple[int, int] | None = None


class OrderDraw(msgspec.Struct, frozen=True):
    """The masked words are predicted one after the other, each given those before it: from left to right, or in an
    order that is drawn."""

    kind: Literal["left to right", "drawn"] = "left to right"


class CorruptionDraw(msgspec.Struct, frozen=True):
    """What a selected token shows: always [MASK]; or [MASK] 80 %, a random word 10 %, itself 10 %; or what a generator
    puts there: one of them itself, the others another word that fits. Then it is asked which tokens were replaced.

    mixture: how many of the selected tokens show [MASK], a random word, themselves; (): by chance, as the scheme says.
    """

    scheme: Literal["all masked", "80/10/10", "replaced tokens"] = "all masked"
    mixture: tuple[int, int, int] | tuple[()] = ()


class WordDraw(msgspec.Struct, frozen=True):
    """One word of the sentence.

    among: the selected ones or the others. branch: only one that shows [MASK], a random word, or itself; of a word
    that was not selected: that would, if it had been. "": any.
    """

    among: Literal["selected", "unselected"]
    branch: Literal["mask", "random", "keep", ""] = ""


class InputDraw(msgspec.Struct, frozen=True):
    """A further sentence with masks, another one than those drawn before it."""

    sentence: SentenceDraw
    masks: MaskDraw


class ProbabilityDraw(msgspec.Struct, frozen=True):
    """For each mask a probability of the true word; in formulas the list and ``p_1``, ``p_2`` …"""

    values: tuple[Fraction, ...]
    decimals: int = 2


class ModelDistributions(msgspec.Struct, frozen=True):
    """So many models with a full distribution at one mask; the one with the larger top probability loses."""

    count: int


class ModelComparison(msgspec.Struct, frozen=True):
    """A table models × masks in which each of these misconceptions chooses a different wrong model."""

    count: int
    against: tuple[str, ...]


class ModelRanking(msgspec.Struct, frozen=True):
    """So many models to be put in order; by loss, by sum and by minimum they stand in different orders."""

    count: int


class Prediction(msgspec.Struct, frozen=True):
    """What one model predicts at the first mask.

    words: the true word and others, so many together; the rest is shared by all other words. top: the most probable.
    """

    words: int = 4
    top: Literal["true word", "another word", "any word"] = "any word"


FIELD_OF = dict.fromkeys(("different", "several", "distributions", "comparison", "ranking"), "count")
"""Fields of draws that a radical names as the author writes them, where the record calls them otherwise."""


Draw = (
    IntegerRange
    | OneOf
    | Described
    | Different
    | CandidateDraw
    | SentenceDraw
    | MaskDraw
    | OrderDraw
    | CorruptionDraw
    | ProbabilityDraw
    | ModelDistributions
    | ModelComparison
    | ModelRanking
    | Prediction
    | WordDraw
    | InputDraw
)

FixedValue = Fraction | str | tuple["FixedValue", ...] | tuple[int, ...] | tuple[tuple[str, "FixedValue"], ...]
"""A number or word; a list of them (masks: positions as ints); a mapping as pairs."""


class Radical(msgspec.Struct, frozen=True):
    """What makes the question harder: a path such as ``("masks", "count")`` and the values it may have."""

    path: tuple[str, ...]
    values: tuple[Fraction | str, ...]
    where: DataPath

    @property
    def name(self) -> str:
        return ".".join(self.path)


class Fixed(msgspec.Struct, frozen=True):
    """A named reproducible draw: values of `draw` given outright.

    wrong: the misconceptions whose options are offered, () if drawn.
    """

    name: str
    values: tuple[tuple[str, FixedValue], ...]
    wrong: tuple[str, ...]
    path: DataPath

    def get(self, name: str) -> FixedValue | None:
        return dict(self.values).get(name)
