"""What a template or a part of it asks: one record for each kind of answer, with the key and the wrong answers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal

import msgspec

from grading.keys import Band, Digits, Relation, Requirement, SymbolDeclaration, Tolerance
from quizgen.source import DataPath
from quizgen.template.written import Written

SEQUENCES = ("corrupted", "source", "target")
"""Token sequences that the key of a short answer may name."""

QUANTITIES = ("objective", "loss", "mean_loss", "perplexity", "loss_bits", "mean_loss_bits")
"""Quantities of a training step that a key may name; `best_model` is the key of a comparison of models."""


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
