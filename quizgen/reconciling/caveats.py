"""Which marks a platform can give an answer where it marks otherwise than we do, by the code of the caveat.

A caveat is the reason of a difference only if the mark is one that it can lead to: where partial credit is lost, an
answer that is right here still earns everything there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from grading.answersheet import ItemKey, PartKey
from grading.keys import (
    ChoiceKey,
    EssayKey,
    Key,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    NumericTupleKey,
    OrderingKey,
    SymbolicKey,
    TextKey,
)
from grading.verdicts import Grade
from quizgen.exporters.accepted_numbers import accepted_numbers
from quizgen.reconciling.possible import ALL, ANY, NONE, Marks, between, exactly, one_of

SHOWN = frozenset(
    {"cell", "code", "feedback", "formulas", "forms", "hints", "id", "layout", "pools", "solution", "tables", "text"}
)
SHOWN_OTHERWISE = frozenset({
    "choice:shuffled", "drag:formula-as-text", "drop-down:formula-as-text", "drop-down:letters", "essay:rubric",
    "matching:feedback-in-solution", "numeric:feedback-in-solution", "short-answer:two-braces", "true-false:as-choice",
    "true-false:words",
})  # fmt: skip
"""Caveats, by what they are about or by their code, of what learners are shown."""


def is_about_marks(code: str) -> bool:
    """Whether the caveat with this code can make another mark of an answer; if not, it is about what learners see.

    >>> is_about_marks("numeric:reading"), is_about_marks("hints:lost")
    (True, False)
    """
    return code not in SHOWN_OTHERWISE and code.split(":")[0] not in SHOWN


def marks_by(codes: Sequence[str], key: ItemKey, grade: Grade) -> Marks:
    """The shares of the points that a platform can give for an answer, if what these caveats say holds or does not.

    grade: ours of the whole item. What we could not read earns nothing there, unless a caveat says more.

    >>> from grading.answersheet import PartKey
    >>> from grading.verdicts import Verdict
    >>> part = PartKey("answer", MultipleAnswerKey(("a", "b"), ("a", "b", "c", "d"), "per-option"))
    >>> grade = Grade(Verdict.PARTIAL, Fraction(3, 4), "multiple-answer:1-of-2-0-wrong")
    >>> marks = marks_by(["multiple-answer:per-option"], ItemKey("i", "", "", (part,)), grade)
    >>> [str(k / Fraction(4)) for k in range(5) if marks.holds(k / Fraction(4), Fraction(0))]
    ['1/2', '3/4']
    """
    parts = _grades(key, grade)
    found = exactly(NONE)
    for part, mine in parts:
        found = found.plus(_part_marks(codes, part, mine).worth(part.weight))
    found = found.also(exactly(grade.score or NONE))
    for code in codes:
        if (rule := WHOLE.get(code)) is not None:
            found = found.also(rule(parts))
    return found


def _grades(key: ItemKey, grade: Grade) -> tuple[tuple[PartKey, Grade], ...]:
    """The grade of each part; fields that could not be read are no parts of their own."""
    if len(key.parts) == 1:
        return ((key.parts[0], grade),)
    by_id = dict(grade.parts)
    return tuple((part, by_id.get(part.id, grade)) for part in key.parts)


def _part_marks(codes: Sequence[str], part: PartKey, grade: Grade) -> Marks:
    found = _same(part, grade)
    for code in codes:
        kind, _, what = code.partition(":")
        if isinstance(part.key, KINDS.get(kind, ())) and (rule := RULES.get(code) or RULES.get(what)) is not None:
            found = found.also(rule(part, grade))
    return found


Rule = Callable[[PartKey, Grade], Marks]
WholeRule = Callable[[Sequence[tuple[PartKey, Grade]]], Marks]

KINDS: Mapping[str, tuple[type[Key], ...]] = {
    "answers": (TextKey, NumericKey),
    "choice": (ChoiceKey,),
    "drop-down": (ChoiceKey,),
    "essay": (EssayKey,),
    "fraction": (ChoiceKey, MultipleAnswerKey, NumericKey, TextKey),
    "letters": (MatchingKey, OrderingKey),
    "matching": (MatchingKey,),
    "multiple-answer": (MultipleAnswerKey,),
    "numeric": (NumericKey,),
    "numeric-tuple": (NumericTupleKey,),
    "ordering": (OrderingKey,),
    "short-answer": (TextKey,),
    "symbolic": (SymbolicKey,),
    "true-false": (ChoiceKey,),
}
"""Which parts a caveat is about, by what stands before the colon."""


# --- one part


def _same(part: PartKey, grade: Grade) -> Marks:
    return exactly(grade.score or NONE)


def _nothing(part: PartKey, grade: Grade) -> Marks:
    return exactly(NONE)


def _everything(part: PartKey, grade: Grade) -> Marks:
    return exactly(ALL)


def _by_hand(part: PartKey, grade: Grade) -> Marks:
    return ANY


def _if_partial(share: Fraction) -> Rule:
    """This mark for answers that are partly right here."""

    def rule(part: PartKey, grade: Grade) -> Marks:
        mine = grade.score or NONE
        return exactly(share if NONE < mine < ALL else mine)

    return rule


_COUNTED = re.compile(r"(?:matching|ordering|multiple-answer):(\d+)-of-(\d+)(?:-(\d+)-wrong)?", re.ASCII)


def _counted(grade: Grade) -> tuple[int, int, int]:
    """(what is right, of how many, what is wrong besides), as the note says; (0, 1, 0) if it says nothing."""
    found = _COUNTED.fullmatch(grade.note)
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else (0, 1, 0)


def _places_right(part: PartKey, grade: Grade) -> Marks:
    """A share for each place that is right."""
    hits, of, _ = _counted(grade)
    return exactly(Fraction(hits, of))


def _other_places(part: PartKey, grade: Grade) -> Marks:
    """More or fewer places are right there than here."""
    assert isinstance(part.key, (MatchingKey, OrderingKey))
    of = len(part.key.pairs if isinstance(part.key, MatchingKey) else part.key.order)
    return one_of(Fraction(hits, of) for hits in range(of + 1))


def _right_less_wrong(part: PartKey, grade: Grade) -> Marks:
    hits, of, wrong = _counted(grade)
    return exactly(max(NONE, Fraction(hits - wrong, max(1, of))))


def _decisions(part: PartKey, grade: Grade) -> tuple[int, int]:
    """(decisions about an option that are wrong, all)."""
    assert isinstance(part.key, MultipleAnswerKey)
    hits, of, wrong = _counted(grade)
    return of - hits + wrong, len(part.key.options)


def _halves(part: PartKey, grade: Grade) -> Marks:
    wrong, of = _decisions(part, grade)
    left = {0: ALL, 1: Fraction(1, 2), 2: Fraction(1, 4) if of > 4 else NONE}
    return exactly(left.get(wrong, NONE))


def _hundredths(part: PartKey, grade: Grade) -> Marks:
    wrong, of = _decisions(part, grade)
    share, half = 1 - Fraction(wrong, of), Fraction(1, 200)
    return between(share - half, share + half) if share else exactly(NONE)


def _any_right(part: PartKey, grade: Grade) -> Marks:
    return exactly(ALL if _counted(grade)[0] else NONE)


def _credits(key: Key) -> frozenset[Fraction]:
    """What known answers earn that are not the key."""
    return frozenset(one.credit for one in (*getattr(key, "rivals", ()), *getattr(key, "bands", ())))


def _nearest_share(part: PartKey, grade: Grade) -> Marks:
    """A share that is on no list is rounded to one on it: by 1/20 at most, for lists leave no greater gap than 1/10."""
    mine = grade.score or NONE
    off = Fraction(1, 20)
    return between(mine - off, mine + off) if mine in _credits(part.key) else exactly(mine)


_NUMBER_BEFORE = re.compile(r"\s*([+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,3})?)", re.ASCII)
"""What a platform reads of an answer that begins with a number."""


def _worth(key: NumericKey, number: Fraction, wider: Fraction = NONE) -> Fraction:
    """What a plain number earns where values are compared. wider: by this share of each radius."""
    fits = (one.credit for one in accepted_numbers(key) if abs(number - one.middle) <= one.radius * (1 + wider))
    return next(fits, NONE)


def _number_before(grade: Grade) -> Fraction | None:
    found = _NUMBER_BEFORE.match(grade.reading)
    return Fraction(found[1]) if found else None


def _as_number(part: PartKey, grade: Grade) -> Marks:
    """What stands before the first sign that is not read counts, or the answer is no number there and earns nothing."""
    assert isinstance(part.key, NumericKey)
    number = _number_before(grade)
    return one_of([NONE, NONE if number is None else _worth(part.key, number)])


def _as_value(part: PartKey, grade: Grade) -> Marks:
    """How many digits were written makes no difference there."""
    assert isinstance(part.key, NumericKey)
    number = _number_before(grade)
    return exactly(NONE if number is None else _worth(part.key, number))


def _at_a_border(part: PartKey, grade: Grade) -> Marks:
    assert isinstance(part.key, NumericKey)
    number, near = _number_before(grade), Fraction(1, 10**9)
    if number is None:
        return _same(part, grade)
    return one_of(_worth(part.key, number, wider) for wider in (-near, near))


def _percent(part: PartKey, grade: Grade) -> Marks:
    """50 % is one half there, also where the question asks for per cent."""
    assert isinstance(part.key, NumericKey)
    number = _number_before(grade)
    if number is None or "%" not in grade.reading + part.key.unit:
        return _same(part, grade)
    return exactly(_worth(part.key, number / 100))


def _text_as_zero(part: PartKey, grade: Grade) -> Marks:
    assert isinstance(part.key, NumericKey)
    return exactly(_worth(part.key, NONE))


def _between(part: PartKey, grade: Grade) -> Marks:
    """Every number between two that are right is right there."""
    assert isinstance(part.key, NumericKey)
    number, right = _number_before(grade), [one for one in accepted_numbers(part.key) if one.credit == ALL]
    low, high = min(one.middle - one.radius for one in right), max(one.middle + one.radius for one in right)
    return exactly(ALL) if number is not None and low <= number <= high else _same(part, grade)


def _quarter(part: PartKey, grade: Grade) -> Marks:
    return exactly(grade.score or Fraction(1, 4))


def _any_case(part: PartKey, grade: Grade) -> Marks:
    """A wording that is known but for its capital letters."""
    assert isinstance(part.key, TextKey)
    given = grade.reading.casefold()
    earned = {rival.value.casefold(): rival.credit for rival in part.key.rivals}
    earned |= dict.fromkeys((text.casefold() for text in part.key.accepted), ALL)
    return exactly(earned.get(given, grade.score or NONE))


def _other_formula(part: PartKey, grade: Grade) -> Marks:
    """The formula is taken for another one: nothing, everything, or what a known wrong one earns."""
    return one_of(_credits(part.key) | {NONE, ALL})


def _other_option(part: PartKey, grade: Grade) -> Marks:
    """Another option was taken that reads the same."""
    return one_of(_credits(part.key) | {NONE, ALL})


RULES: Mapping[str, Rule] = {
    # what the code says of any kind
    "marked-by-hand": _by_hand,
    "marked-on-return": _nothing,
    "mixed-masks": _nothing,
    "no-decimal": _nothing,
    "partial-credit": _if_partial(NONE),
    "reading": _nothing,
    "typed": _nothing,
    # what it says of one kind
    "choice:equal-texts": _other_option,
    "choice:two-options": _nothing,
    "drop-down:equal-texts": _other_option,
    "essay:unscored": _nothing,
    "fraction:not-in-list": _nearest_share,
    "matching:equal-texts": _other_places,
    "matching:not-one-to-one": _other_places,
    "matching:unused-left-out": _other_places,
    "multiple-answer:all-or-nothing": _right_less_wrong,
    "multiple-answer:any-right": _any_right,
    "multiple-answer:halves": _halves,
    "multiple-answer:none-right": lambda part, grade: one_of([NONE, ALL]),
    "multiple-answer:partial-credit": lambda part, grade: _if_partial(NONE)(part, grade).also(
        _right_less_wrong(part, grade)
    ),
    "multiple-answer:per-option": _right_less_wrong,
    "multiple-answer:rounded": _hundredths,
    "numeric:boundary": _at_a_border,
    "numeric:digits": _as_value,
    "numeric:interval": _between,
    "numeric:listed": _nothing,
    "numeric:percent": _percent,
    "numeric:quarter": _quarter,
    "numeric:reading": _as_number,
    "numeric:zero": _text_as_zero,
    "numeric-tuple:single-choice": _if_partial(NONE),
    "ordering:all-or-nothing": _places_right,
    "ordering:as-matching": _other_places,
    "ordering:as-places": _other_places,
    "ordering:equal-texts": _other_places,
    "ordering:shown-order": _other_places,
    "short-answer:arrow": _nothing,
    "short-answer:case": _any_case,
    "short-answer:quotes": _nothing,
    "short-answer:signs": _nothing,
    "short-answer:tags": _nothing,
    "short-answer:value": _nothing,
    "symbolic:decimals": _other_formula,
    "symbolic:form": _everything,
    "symbolic:log-base": _other_formula,
    "symbolic:not-told-apart": _everything,
    "symbolic:proof": _nothing,
    "symbolic:reading": _other_formula,
    "symbolic:same-optimum": _other_formula,
    "symbolic:single-choice": _if_partial(NONE),
    "symbolic:untyped-rival": _nothing,
}
"""By the code, or else by what stands behind its colon."""


# --- a whole item


def _weighted(parts: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    return sum((weight * share for weight, share in parts), NONE)


def _shares(parts: Sequence[tuple[PartKey, Grade]]) -> list[Fraction]:
    """What each part earns; of one that has places, what each place would."""
    if len(parts) == 1:
        hits, of, wrong = _counted(parts[0][1])
        return [Fraction(max(0, hits - wrong), max(1, of))]
    return [grade.score or NONE for _, grade in parts]


def _in_parts(parts: Sequence[tuple[PartKey, Grade]]) -> Marks:
    """All or nothing, or a share for each part that is right."""
    shares = _shares(parts)
    weights = [part.weight for part, _ in parts]
    whole = ALL if all(share == ALL for share in shares) else NONE
    return one_of([whole, _weighted(zip(weights, shares, strict=True))])


def _equal_parts(parts: Sequence[tuple[PartKey, Grade]]) -> Marks:
    return exactly(sum(_shares(parts), NONE) / len(parts))


def _separate(parts: Sequence[tuple[PartKey, Grade]]) -> Marks:
    """Weighted by hand: between the part that went worst and the one that went best."""
    shares = _shares(parts)
    return between(min(shares), max(shares))


WHOLE: Mapping[str, WholeRule] = {
    "parts:equal-weights": _equal_parts,
    "parts:marked-by-hand": lambda parts: ANY,
    "parts:marked-on-return": lambda parts: exactly(NONE),
    "parts:separate-questions": _separate,
    "points:speed": lambda parts: ANY,
    "scoring:all-or-nothing": _in_parts,
    "scoring:in-parts": _in_parts,
}
