"""A template as it was read: frozen records that the generator works on. Every text knows where it stands."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Literal

import msgspec

from grading.keys import Band, Digits, Relation, Requirement, SymbolDeclaration, Tolerance
from quizgen.findings import Finding, Place, Severity
from quizgen.source import DataPath, Document

Kind = Literal[
    "single-choice",
    "multiple-answer",
    "true-false",
    "numeric",
    "numeric-tuple",
    "symbolic",
    "matching",
    "ordering",
    "cloze",
    "short-answer",
    "essay",
    "parts",
]

SEQUENCES = ("corrupted", "source", "target")
"""Token sequences that the key of a short answer may name."""

QUANTITIES = ("objective", "loss", "mean_loss", "perplexity", "loss_bits", "mean_loss_bits")
"""Quantities of a training step that a key may name; `best_model` is the key of a comparison of models."""


class Written(msgspec.Struct, frozen=True):
    """A text of the author (Markdown, a formula or a condition, by its field) and where it stands in the document."""

    text: str
    path: DataPath

    def __str__(self) -> str:
        return self.text


# ---------------------------------------------------------------- what is drawn


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


class Cases(msgspec.Struct, frozen=True):
    """Formulas, one of which holds in a scene.

    by: the name whose value chooses, a number or a word. cases: (value, formula). otherwise: for all other values,
    None: there is none. path: where the mapping stands.
    """

    by: str
    cases: tuple[tuple[Fraction | str, Written], ...]
    otherwise: Written | None
    path: DataPath

    @property
    def written(self) -> tuple[Written, ...]:
        """Every formula."""
        rest = () if self.otherwise is None else (self.otherwise,)
        return (*(text for _, text in self.cases), *rest)

    def of(self, value: object) -> Written | None:
        """What holds for a value of `by`, or None."""
        return next((text for case, text in self.cases if case == value), self.otherwise)


class TextByValue(msgspec.Struct, frozen=True):
    """A text that depends on what was drawn: a name for holes.

    by: the drawn or computed name whose value decides. texts: (value, text), in the author's order; the value None
    stands for all others.
    """

    name: str
    by: str
    texts: tuple[tuple[Fraction | str | None, Written], ...]

    def chosen(self, value: object) -> Written | None:
        """The text for this value, None if the author wrote none."""
        texts = dict(self.texts)
        return texts.get(value, texts.get(None)) if isinstance(value, Fraction | str) else texts.get(None)


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


FIELD_OF = {"different": "count", "several": "count"}
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


LEVELS = ("easy", "medium", "hard")
STATUSES = ("draft", "reviewed", "piloted", "retired")


class Difficulty(msgspec.Struct, frozen=True):
    """How hard the question is expected to be. radicals: the values for which it is so; (): for all of them."""

    level: str
    radicals: tuple[tuple[str, str], ...] = ()


class Review(msgspec.Struct, frozen=True):
    """How far a template has come: a draft, reviewed by somebody, tried with learners, or no longer used."""

    status: str
    by: str = ""


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


# ---------------------------------------------------------------- what is asked


class WrongText(msgspec.Struct, frozen=True):
    """A wrong option in words. text: Markdown with holes. misconceptions: () for a plain option.

    instead_of: for an unused right side of a matching, the numbers of the pairs (from 0) for whose left sides it shows
    these misconceptions; matched with any other it says nothing.
    hint, feedback: said to learners here instead of what the misconceptions say everywhere, None: nothing else.
    when: a condition on what is drawn; without it the option is not offered. group: at most one of a group is shown.
    """

    text: Written
    misconceptions: tuple[str, ...] = ()
    credit: Fraction = msgspec.field(default_factory=Fraction)
    instead_of: tuple[int, ...] = ()
    hint: Written | None = None
    feedback: Written | None = None
    when: Written | None = None
    group: str = ""


class RightText(msgspec.Struct, frozen=True):
    """A right option. misconceptions: the belief behind leaving it out."""

    text: Written
    misconceptions: tuple[str, ...] = ()


class WrongValue(msgspec.Struct, frozen=True):
    """A known wrong number, formula or text.

    id: a misconception, or a name of the author's own. value: None: by the rule of the misconception `id`.
    hint, feedback, when: as in `WrongText`.
    """

    id: str
    value: Written | None
    credit: Fraction
    path: DataPath
    hint: Written | None = None
    feedback: Written | None = None
    when: Written | None = None


class TextChoice(msgspec.Struct, frozen=True):
    """Single choice between texts. choose: how many wrong ones are drawn, None: all."""

    key: Written
    wrong: tuple[WrongText, ...]
    choose: int | None = None


class FormulaChoice(msgspec.Struct, frozen=True):
    """Single choice between formulas made by misconceptions (or between models: `quantity` is ``best_model``).

    count: how many wrong options, None: as many as `candidates` give. candidates: ids in the author's order;
    empty: every misconception that fits.
    """

    quantity: Written
    candidates: tuple[WrongValue, ...]
    count: int | None = None
    design: Literal["balanced", "free"] = "free"


class Statement(msgspec.Struct, frozen=True):
    """A sentence that is true or false.

    text: None: the stem itself is the statement. group: at most one of a group in one paper.
    misconceptions: the belief behind the wrong choice. solution: of this statement; that of the template comes first.
    """

    id: str
    truth: bool
    text: Written | None = None
    group: str = ""
    misconceptions: tuple[str, ...] = ()
    path: DataPath = ()
    solution: Written | None = None


class TrueFalse(msgspec.Struct, frozen=True):
    """One statement, or a pool of them whose members are the variants."""

    statements: tuple[Statement, ...]

    @property
    def is_pool(self) -> bool:
        return self.statements[0].text is not None


class MultipleAnswer(msgspec.Struct, frozen=True):
    """Several options are right.

    same_value_as: every right option must be proven equal to it, every wrong one different; `symbols` declares the
    names in them. choose: (right, wrong).
    tokens: instead, every token of the sequence is an option, in order; right are those with a term of the loss, or
    those that were replaced. candidates: misconceptions that tick others.
    """

    right: tuple[RightText, ...]
    wrong: tuple[WrongText, ...]
    scoring: Literal["plus-minus", "all-or-nothing", "per-option"] = "plus-minus"
    same_value_as: Written | None = None
    choose: tuple[int, int] | None = None
    symbols: tuple[SymbolDeclaration, ...] = ()
    tokens: Literal["", "tokens with a loss", "replaced tokens"] = ""
    candidates: tuple[WrongValue, ...] = ()


class Numeric(msgspec.Struct, frozen=True):
    """A number to type.

    key: formula, quantity or decimal. tolerance: None: exact for a rational key or with `digits`, 0.005 otherwise.
    unit: ``nats``, ``bits``, ``%`` or any text; printed beside the field, and it may be typed.
    digits: how many digits the stem asks for.
    """

    key: Written
    tolerance: Tolerance | None = None
    unit: str = ""
    bands: tuple[Band, ...] = ()
    wrong: tuple[WrongValue, ...] = ()
    digits: Digits | None = None


class TupleCondition(msgspec.Struct, frozen=True):
    """What several numbers have to fulfil: a comparison, or a chain of them, in their names and those of the scene.

    misconceptions: of whoever fails this condition and no other, and not because the sides are equal; hint: said to
    them. feedback: what is said where it fails, None: that it does. equal: said instead where the two sides are equal,
    None: the feedback.
    """

    condition: Written
    misconceptions: tuple[str, ...] = ()
    hint: Written | None = None
    feedback: Written | None = None
    equal: Written | None = None


class WrongTuple(msgspec.Struct, frozen=True):
    """A known wrong tuple. values: in the order of the numbers.

    hint, feedback, when: as in `WrongText`; without words and misconceptions it has those of the conditions that fail.
    """

    values: tuple[Written, ...]
    misconceptions: tuple[str, ...] = ()
    credit: Fraction = msgspec.field(default_factory=Fraction)
    hint: Written | None = None
    feedback: Written | None = None
    when: Written | None = None
    path: DataPath = ()


class NumericTuple(msgspec.Struct, frozen=True):
    """Several numbers to type, judged together: every tuple that fulfils all conditions is right.

    sample: one right tuple, in the order of `names`. wrong: known wrong tuples; with the sample they are the options of
    the single choice that formats without such conditions get.
    """

    names: tuple[str, ...]
    sample: tuple[Written, ...]
    conditions: tuple[TupleCondition, ...]
    wrong: tuple[WrongTuple, ...] = ()


class Symbolic(msgspec.Struct, frozen=True):
    """A formula to type. in_symbols: the key is written in p_k instead of Pr(…).

    forms: how it has to be written, without words. accept: what else earns credit, without words. form_path,
    accept_path: where they stand.
    """

    key: Written
    symbols: tuple[SymbolDeclaration, ...] = ()
    wrong: tuple[WrongValue, ...] = ()
    in_symbols: bool = False
    forms: tuple[Requirement, ...] = ()
    accept: tuple[Relation, ...] = ()
    form_path: DataPath = ()
    accept_path: DataPath = ()


class Confused(msgspec.Struct, frozen=True):
    """Who gives `left` the right side of `other` shows this misconception. left, other: numbers of pairs, from 0."""

    misconception: str
    left: int
    other: int
    path: DataPath = ()


class WrongOrder(msgspec.Struct, frozen=True):
    """Who orders the entries so shows this misconception. order: all numbers of entries, from 0."""

    misconception: str
    order: tuple[int, ...]
    path: DataPath = ()


class Matching(msgspec.Struct, frozen=True):
    """pairs: (left, right). unused: right sides that fit nothing. choose: how many pairs are drawn, None: all.

    left_over: of how many pairs that are not drawn the right side is shown. conditions: (number of a pair, when it may
    be there). confused: known mistakes between the pairs.
    """

    pairs: tuple[tuple[Written, Written], ...]
    unused: tuple[WrongText, ...] = ()
    choose: int | None = None
    left_over: int = 0
    conditions: tuple[tuple[int, Written], ...] = ()
    confused: tuple[Confused, ...] = ()


class Ordering(msgspec.Struct, frozen=True):
    """entries: in the right order; () for the models of a ranking. choose: how many are drawn, None: all.

    wrong: rules that order models wrongly. confused: known wrong orders of the entries.
    """

    entries: tuple[Written, ...]
    choose: int | None = None
    scoring: Literal["per-position", "all-or-nothing"] = "per-position"
    wrong: tuple[WrongValue, ...] = ()
    confused: tuple[WrongOrder, ...] = ()


class ShortAnswer(msgspec.Struct, frozen=True):
    """key: text with holes, or the name of a sequence: ``corrupted``, ``source``, ``target``. accept: other right
    wordings."""

    key: Written
    accept: tuple[Written, ...] = ()
    comparison: Literal["words", "tokens"] = "words"
    case_sensitive: bool = False
    wrong: tuple[WrongValue, ...] = ()

    @property
    def sequence(self) -> Literal["", "corrupted", "source", "target"]:
        """The token sequence that is asked for, "" for a text."""
        name: Any = self.key.text.strip()
        return name if name in SEQUENCES else ""


class RubricLine(msgspec.Struct, frozen=True):
    points: Fraction
    text: Written


class Essay(msgspec.Struct, frozen=True):
    """words: (least, most) asked for, (0, 0) if free."""

    rubric: tuple[RubricLine, ...]
    words: tuple[int, int] = (0, 0)


Answer = (
    TextChoice
    | FormulaChoice
    | TrueFalse
    | MultipleAnswer
    | Numeric
    | NumericTuple
    | Symbolic
    | Matching
    | Ordering
    | ShortAnswer
    | Essay
)


class PartTemplate(msgspec.Struct, frozen=True):
    """One answer field. id: ``answer`` in a template of one part; prompt: None there and in a cloze.

    each: it stands for one field for each mask, with the ids ``id-1``, ``id-2`` … and equal shares of the weight.
    """

    id: str
    kind: Kind
    answer: Answer
    weight: Fraction = msgspec.field(default_factory=lambda: Fraction(1))
    prompt: Written | None = None
    path: DataPath = ()
    each: bool = False

    def names(self, id: str) -> bool:
        """Whether a field of this id is this part, or one of those that it stands for.

        >>> PartTemplate("place", "essay", Essay(()), each=True).names("place-2")
        True
        """
        before, _, number = id.rpartition("-")
        return before == self.id and number.isdecimal() if self.each else id == self.id


class Example(msgspec.Struct, frozen=True):
    """A response and what grading must say about it, over many variants.

    answer: ``key``, the id of a wrong answer, or a response of the kind (text, list of texts, {left: right}).
    score, diagnosis: None, (): not said. part: "" in a template of one part. fixed: only for this named draw.
    """

    answer: str | tuple[str, ...] | tuple[tuple[str, str], ...]
    expect: Literal["correct", "partial", "incorrect", "invalid", "undecided"]
    score: Fraction | None = None
    diagnosis: tuple[str, ...] = ()
    part: str = ""
    path: DataPath = ()
    fixed: str = ""


# ---------------------------------------------------------------- the template


class Template(msgspec.Struct, frozen=True, eq=False):
    """One question of the bank before anything is drawn.

    stem: None only for a pool of true/false statements. draws, let, texts: in the author's order.
    points: of the question.
    translations: (language, the same template with these words), see `in_language`. difficulty: () if the author does
    not say. author, licence: of the words, "" for those of the bank.
    document: where it was read, for places.
    """

    id: str
    kind: Kind
    title: str
    stem: Written | None
    parts: tuple[PartTemplate, ...]
    document: Document
    bloom: str = ""
    concepts: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    draws: tuple[tuple[str, Draw], ...] = ()
    where: tuple[Written, ...] = ()
    let: tuple[tuple[str, Written | Cases], ...] = ()
    radicals: tuple[Radical, ...] = ()
    hints: tuple[Written, ...] = ()
    solution: Written | None = None
    points: Fraction = msgspec.field(default_factory=lambda: Fraction(1))
    fixed: tuple[Fixed, ...] = ()
    examples: tuple[Example, ...] = ()
    one_of: str = ""
    translations: tuple[tuple[str, Template], ...] = ()
    difficulty: tuple[Difficulty, ...] = ()
    review: Review | None = None
    author: str = ""
    licence: str = ""
    texts: tuple[TextByValue, ...] = ()

    @property
    def answer(self) -> Answer:
        """What is asked by the first (in most templates the only) part."""
        return self.parts[0].answer

    def in_language(self, language: str) -> Template:
        """This template with the words of a language; itself if there is no such translation."""
        return dict(self.translations).get(language, self)

    def draw(self, name: str) -> Draw | None:
        """The draw of this name, or None."""
        return dict(self.draws).get(name)

    def place(self, text: Written, offset: int | None = None, length: int = 1) -> Place:
        """Where a text, or the character at `offset` of it, stands in the file."""
        if offset is None:
            return self.document.place(text.path)
        return self.document.place_in(text.path, offset, length)

    def finding(
        self,
        code: str,
        message: str,
        remedy: str,
        text: Written,
        offset: int | None = None,
        length: int = 1,
        severity: Severity = Severity.ERROR,
    ) -> Finding:
        """A finding at a text of this template, or at a character of it."""
        at = None if offset is None else (offset, length)
        return self.document.finding(code, message, remedy, text.path, at=at, severity=severity)

    def findings_in(self, text: Written) -> Callable[..., Finding]:
        """What `compile_blocks` and `parse_formula` make findings with, at their places inside this text."""

        def make(
            code: str, message: str, remedy: str, offset: int, length: int, severity: Severity = Severity.ERROR
        ) -> Finding:
            return self.finding(code, message, remedy, text, offset, length, severity)

        return make
