"""Keys: what the right answer to one part is, what partial answers earn, and which wrong ones are known.

A key is data. It is written when a quiz is built, kept in the archive, and grades by itself for years:
every value is a text of the one grammar, an option id or plain words. One class per kind of question;
the grader of each is in the module of the same name in `grading.graders`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import msgspec

Assumption = Literal["probability", "positive", "real"]
"""What is known of a symbol: a probability in (0, 1] (the default), a positive number, any real number."""


class Rival(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A known answer that is not the key.

    value: in the form of a canonical response of this kind: an option id, an expression or number as text,
        ``left=right`` for one pair, ids joined by a space for an order.
    misconceptions: one id, or two for a two-step answer; empty for a plain wrong option.
    credit: what exactly this answer earns.
    title, hint (shown while a try is open), feedback (after closing): words in the language of the quiz;
        ``$…$`` holds mathematics.
    """

    value: str
    misconceptions: tuple[str, ...] = ()
    credit: Fraction = msgspec.field(default_factory=Fraction)
    title: str = ""
    hint: str = ""
    feedback: str = ""


RelationKind = Literal["opposite-sign", "added-constant", "positive-factor", "same-optimum"]
RELATIONS: tuple[RelationKind, ...] = ("opposite-sign", "added-constant", "positive-factor", "same-optimum")
"""What a formula can be to the key, the most specific first; the first that holds decides."""

FormKind = Literal["expanded", "single-log", "written-out"]
FORMS: tuple[FormKind, ...] = ("expanded", "single-log", "written-out")
"""How a formula can be asked to be written; `grading.requirements` says what each means."""


class Relation(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What a formula earns that is not the key, but has a proven relation to it; see `grading.relations`.

    A rival that the formula equals comes first, with its own credit. misconceptions may be empty; title, hint,
    feedback: words in the language of the quiz.
    """

    kind: RelationKind
    credit: Fraction = msgspec.field(default_factory=Fraction)
    misconceptions: tuple[str, ...] = ()
    title: str = ""
    hint: str = ""
    feedback: str = ""


class Requirement(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A form in which the right formula has to be written.

    credit: what an equal formula in another form earns. feedback: what is missing, in the language of the quiz; the
    judge's own English sentence if empty.
    """

    form: FormKind
    credit: Fraction = msgspec.field(default_factory=lambda: Fraction(1, 2))
    feedback: str = ""


class Band(msgspec.Struct, frozen=True, gc=False):
    """Credit for a number near the key: within this distance (absolute) of it.

    The boundary is inside: a number exactly `within` away earns the credit. note: what is said of such a number:
    ``rounded-too-early``; near a key that is asked for exactly ``off-by-one`` (a count) or ``near``.
    """

    within: Fraction
    credit: Fraction
    note: str = "rounded-too-early"


LEAST_FIGURES = 3
"""Significant figures by which a wrong value is recognised where the key itself asks for the exact number."""

FURTHER_PLACES = 6
"""A number that is to be rounded may be written with more places, and is right in all of them; from so many more on it
only has to be near, as what calculators and programs show has a last digit that is off.
"""


class Tolerance(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """How far a number may be from the key and still be right; all of it is compared exactly.

    kind:
        ``exact``: equal.
        ``absolute``: distance ≤ amount.
        ``relative``: distance ≤ amount·|key|.
        ``significant``: what the key gives when it is rounded to `amount` significant figures, half away from zero; a
        number that was written with more figures has to be right in all of them, but in the last ones of what a program
        shows: half a unit of the sixth further figure is near enough.
        ``decimals``: the same to `amount` decimal places.
    boundary: of ``absolute`` and ``relative`` only: ``inside`` (≤, as above) or ``outside`` (<). The key itself is
        right in any case.
    """

    kind: Literal["exact", "absolute", "relative", "significant", "decimals"] = "exact"
    amount: Fraction = msgspec.field(default_factory=Fraction)
    boundary: Literal["inside", "outside"] = "inside"


class Digits(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """How many digits the stem asks a number to be written with.

    kind, count: so many significant ``figures`` or ``decimals`` (decimal places). Digits count as they were written:
        1.60 has three figures and two places, 1.6e-3 has two figures; 1600 may have been meant with two, three or four
        figures and fits each of these.
    too_few: credit of the key rounded to fewer digits (1.6 where 1.61 was asked for), which is told from chance if
        there is a decimal place or a second digit before the point.
    too_many: credit of a number with more digits that rounds to the right one and is no further from the key than
        half a unit of the last digit that was asked for; also of a fraction or formula, which has no digits at all.
        All of it by default: such a number is right.
    last_digit: credit of the right number of digits with the last one off by one (1.60 for 1.61).
    """

    kind: Literal["figures", "decimals"]
    count: int
    too_few: Fraction = msgspec.field(default_factory=Fraction)
    too_many: Fraction = msgspec.field(default_factory=lambda: Fraction(1))
    last_digit: Fraction = msgspec.field(default_factory=Fraction)


class ChoiceKey(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="kind", tag="choice"):
    """Single choice, also true/false (option ids ``true`` and ``false``) and drop-down gaps.

    correct: the id of the key. rivals: one for each other option, by id.
    """

    correct: str
    rivals: tuple[Rival, ...] = ()


class MultipleAnswerKey(
    msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="kind", tag="multiple-answer"
):
    """Several options are right. Response: sorted list of ids.

    scoring: ``plus-minus`` max(0, (hits − false alarms)/K) with K right options; ``all-or-nothing``;
        ``per-option`` (each decision counts alike).
    rivals: by option id: for a wrong option the belief behind choosing it, for a right one behind leaving it out.
    """

    correct: tuple[str, ...]
    options: tuple[str, ...]
    scoring: Literal["plus-minus", "all-or-nothing", "per-option"] = "plus-minus"
    rivals: tuple[Rival, ...] = ()


class NumericKey(
    msgspec.Struct, frozen=True, gc=False, cache_hash=True, omit_defaults=True, tag_field="kind", tag="numeric"
):
    """A number. Response: text such as ``1.609``, ``8/5``, ``1,609`` (by `decimal_comma`), ``-log(0.2)``.

    value: a closed expression as text, exact: ``-log(0.5) - log(0.4)``.
    unit: what may stand behind the number, "" if nothing. ``nats`` and ``bits`` are known: a number in the other unit
        is converted to a wrong number, never silently to a right one. ``%``: the value counts per cent, so that 50,
        50 % and not 0.5 are right for 50. Any other word is read and means nothing.
    bands: outer bands, widest credit first. rivals: values as closed expressions.
    decimal_comma: which mark the item uses. False: a point; ``1,609.5`` is one thousand and more. True: a comma;
        ``1.609,5`` is. The other mark is never guessed at where both readings are possible and differ in their grade.
    digits: how many digits were asked for; None if that was left open.
    """

    value: str
    tolerance: Tolerance = msgspec.field(default_factory=Tolerance)
    bands: tuple[Band, ...] = ()
    unit: str = ""
    rivals: tuple[Rival, ...] = ()
    decimal_comma: bool = False
    digits: Digits | None = None


class JointCondition(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What several numbers have to fulfil, together or one of them by itself.

    holds: relations (<, <=, >, >=, =, !=) between polynomials in the names of the numbers, with rational numbers as
        text of the one grammar: ``b_1 + b_2 > 11/10``, ``0 < b_1 <= 1``; a chain holds where each link does.
    feedback: words in the language of the quiz for whoever fails it. equal: said instead where the two sides of a link
        that fails are equal.
    misconceptions: what is believed by whoever fails this condition and no other, and not because the sides are equal;
        title, hint: said to them only.
    """

    holds: str
    feedback: str = ""
    equal: str = ""
    misconceptions: tuple[str, ...] = ()
    title: str = ""
    hint: str = ""


class NumericTupleKey(
    msgspec.Struct, frozen=True, gc=False, cache_hash=True, omit_defaults=True, tag_field="kind", tag="numeric-tuple"
):
    """Several numbers that are judged together: every tuple that fulfils all conditions is right.

    Response: {name: text}, each text as for a single number without a unit; or the id of an option of `choice`.

    names: the numbers that are asked for, in order. conditions: those about one number are looked at first; where one
        of them fails, nothing is said of the others. Decided exactly, on the numbers as they were typed.
    sample: one right tuple, closed expressions in the order of the names.
    rivals: known wrong tuples, each with ``; `` between its numbers. One with words or misconceptions of its own has
        these instead of those of the conditions.
    choice: (option id, tuple) of the single choice that stands for this question where a format cannot check the
        conditions: the sample, and rivals.
    """

    names: tuple[str, ...]
    conditions: tuple[JointCondition, ...]
    sample: tuple[str, ...]
    rivals: tuple[Rival, ...] = ()
    decimal_comma: bool = False
    choice: tuple[tuple[str, str], ...] = ()


class SymbolDeclaration(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A name that a learner may use, what is assumed of it, and other spellings of it."""

    name: str
    assumption: Assumption = "probability"
    aliases: tuple[str, ...] = ()


class Sentence(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The masked sentence that typed formulas may speak about.

    tokens: the original sequence, [CLS] at index 0. corrupted: x̄, same length. selected: A(x), ascending.
    order: in which the selected positions are predicted one after the other; () for all at once, given x̄.
    replaced: x^c, if the question has one. target: y, the words that a decoder writes; the first is y_1.
    """

    tokens: tuple[str, ...]
    corrupted: tuple[str, ...]
    selected: tuple[int, ...]
    order: tuple[int, ...] = ()
    replaced: tuple[str, ...] = ()
    target: tuple[str, ...] = ()

    def seen_at(self, position: int) -> tuple[str, ...]:
        """What the model sees while it predicts the token at a position.

        >>> Sentence(("[CLS]", "a", "b"), ("[CLS]", "[MASK]", "[MASK]"), (1, 2), (1, 2)).seen_at(2)
        ('[CLS]', 'a', '[MASK]')
        """
        if position not in self.order:
            return self.corrupted
        earlier = self.order[: self.order.index(position)]
        return tuple(self.tokens[k] if k in earlier else token for k, token in enumerate(self.corrupted))


class SymbolicKey(
    msgspec.Struct, frozen=True, gc=False, cache_hash=True, omit_defaults=True, tag_field="kind", tag="symbolic"
):
    """A typed formula. Response: text in plain, Unicode or LaTeX notation.

    value: the key as text of the one grammar. symbols: the declared names; with a `sentence`, ``p_k`` for
    0 ≤ k ≤ m and ``Pr(x_k = w | …)`` are in the language as well.
    log_base: what ``log`` without a base means: 0 for natural, else 2 or 10.
    rivals: values as text, in the template's order (ties in diagnosis keep it).
    forms: how the right formula has to be written. accept: what else earns credit, at most one of each kind.
    lang: of the sentences that the judge itself finds, such as "The term for position 6 is missing."
    """

    value: str
    symbols: tuple[SymbolDeclaration, ...] = ()
    sentence: Sentence | None = None
    log_base: Literal[0, 2, 10] = 0
    rivals: tuple[Rival, ...] = ()
    decimal_comma: bool = False
    forms: tuple[Requirement, ...] = ()
    accept: tuple[Relation, ...] = ()
    lang: str = "en"


class MatchingKey(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="kind", tag="matching"):
    """Pairs. Response: {left id: right id}; each right pair counts alike.

    pairs: (left id, right id). choices: all right ids, unused ones included. rivals: value ``left=right``.
    """

    pairs: tuple[tuple[str, str], ...]
    choices: tuple[str, ...]
    rivals: tuple[Rival, ...] = ()


class OrderingKey(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="kind", tag="ordering"):
    """One total order. Response: list of ids; the score is the share of ids at their right place.

    rivals: value = ids joined by a space; they name a diagnosis only.
    """

    order: tuple[str, ...]
    scoring: Literal["per-position", "all-or-nothing"] = "per-position"
    rivals: tuple[Rival, ...] = ()


class TextKey(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="kind", tag="text"):
    """A short answer. Response: text.

    accepted: the right wordings, the preferred one first. comparison: ``words`` (white space and, unless
    `case_sensitive`, case do not matter) or ``tokens`` (a token sequence: in addition a leading [CLS] may be left
    out and ``[MASK]``, ``<mask>``, ``[M]`` are one). rivals: wrong wordings with a diagnosis.
    """

    accepted: tuple[str, ...]
    comparison: Literal["words", "tokens"] = "words"
    case_sensitive: bool = False
    rivals: tuple[Rival, ...] = ()


class Criterion(msgspec.Struct, frozen=True, gc=False):
    """One line of a rubric: what earns how many points."""

    points: Fraction
    text: str


class EssayKey(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="kind", tag="essay"):
    """A text for a person to mark. words: (least, most) words asked for, (0, 0) if free."""

    rubric: tuple[Criterion, ...]
    words: tuple[int, int] = (0, 0)


Key = (
    ChoiceKey
    | MultipleAnswerKey
    | NumericKey
    | NumericTupleKey
    | SymbolicKey
    | MatchingKey
    | OrderingKey
    | TextKey
    | EssayKey
)


class KeyUnusable(ValueError):
    """A key that does not hold what its kind needs; the archive or an amendment is broken, not the response."""
