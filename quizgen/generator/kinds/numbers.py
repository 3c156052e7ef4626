"""Several numbers that are judged together: the conditions, one right tuple, and the choice that can stand for them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

import msgspec

from grading.answersheet import PartKey
from grading.expressions import Expression, Number, Quotient, Symbol, children, with_children
from grading.graders.numeric_tuple import grade_numbers, tuple_of
from grading.keys import JointCondition, KeyUnusable, NumericTupleKey, Rival
from grading.reals import decimals_of, real
from grading.text import to_text
from grading.verdicts import Verdict
from quizgen.content import Formula, Inline, Text
from quizgen.generator.draft import Built, Draft, Redraw, distinct_texts
from quizgen.generator.scene import Impossible
from quizgen.generator.wording import number_text, wording
from quizgen.model import NumericTupleInteraction, Option
from quizgen.objective.notation import Setting
from quizgen.objective.shapes import render_fast
from quizgen.template import NumericTuple, PartTemplate, TupleCondition, Written, WrongTuple

_LATEX_SIGNS = {"<": "<", "<=": r"\le", ">": ">", ">=": r"\ge", "=": "=", "!=": r"\ne"}


def build_numbers(draft: Draft, part: PartTemplate, answer: NumericTuple) -> Built:
    """Numbers to type. Attempts in which the sample is not right, or a known wrong tuple is, are drawn again."""
    sample = _numbers(draft, answer.sample)
    offered = [(wrong, _numbers(draft, wrong.values)) for wrong in answer.wrong if draft.offered(wrong.when)]
    key = NumericTupleKey(
        names=answer.names,
        conditions=tuple(_condition(draft, wanted, answer.names) for wanted in answer.conditions),
        sample=_texts(sample),
        decimal_comma=draft.decimal_comma,
    )
    try:
        _require_right(key, sample)
        rivals = tuple(_rival(draft, key, wrong, numbers) for wrong, numbers in offered)
    except KeyUnusable as unusable:
        raise Impossible(str(unusable)) from unusable
    options = _options(draft, part, answer.names, [sample, *(numbers for _, numbers in offered)]) if rivals else []
    texts = distinct_texts(options)
    tuples = ("; ".join(key.sample), *(rival.value for rival in rivals))
    choice = tuple((option.id, value) for option, value in zip(options, tuples, strict=False))
    key = msgspec.structs.replace(key, rivals=rivals, choice=tuple(sorted(choice)))
    fields = tuple(Option(name, (_name(draft, name),)) for name in answer.names)
    shown = draft.shown_order(options, f"{part.id}: order")
    return NumericTupleInteraction(fields, shown), PartKey(part.id, key, options=texts)


def _numbers(draft: Draft, formulas: Sequence[Written]) -> tuple[Fraction, ...]:
    """The values of a tuple. Raises Impossible for one that is no rational number."""
    found = []
    for formula in formulas:
        number = draft.number(formula)
        value = number.value if type(number) is Number else real(number).exact
        if value is None:
            raise Impossible(f"'{formula.text}' is no rational number; a number of several is given as one")
        found.append(value)
    return tuple(found)


def _texts(numbers: Sequence[Fraction]) -> tuple[str, ...]:
    """Decimals where they end, else fractions, as the grammar has them."""
    return tuple(number_text(number).replace("−", "-") for number in numbers)


def _condition(draft: Draft, wanted: TupleCondition, names: tuple[str, ...]) -> JointCondition:
    given, signs = draft.compared(wanted.condition, names)
    sides = tuple(map(_with_decimals, given))
    title, hint, _ = draft.words(wanted.misconceptions)
    text = to_text(sides[0]) + "".join(f" {sign} {to_text(side)}" for sign, side in zip(signs, sides[1:], strict=True))
    return JointCondition(
        holds=text,
        feedback=draft.said(wanted.feedback) or _not_fulfilled(draft, sides, signs),
        equal=draft.said(wanted.equal),
        misconceptions=wanted.misconceptions,
        title=title,
        hint=draft.said(wanted.hint, hint),
    )


def _with_decimals(tree: Expression) -> Expression:
    """The expression with decimals in the place of fractions that end."""
    match tree:
        case Quotient(Number(above), Number(below)) if below and decimals_of(above / below) is not None:
            return Number(above / below)
    return with_children(tree, tuple(map(_with_decimals, children(tree))))


def _not_fulfilled(draft: Draft, sides: Sequence[Expression], signs: Sequence[str]) -> str:
    """The sentence about a condition that fails where the author wrote none."""
    shown = [render_fast(side, setting=draft.naming.setting).latex for side in sides]
    formula = shown[0] + "".join(f" {_LATEX_SIGNS[sign]} {side}" for sign, side in zip(signs, shown[1:], strict=True))
    return wording(draft.language).not_fulfilled.format(f"${formula}$")


def _require_right(key: NumericTupleKey, sample: Sequence[Fraction]) -> None:
    graded = grade_numbers(key, dict(zip(key.names, map(real, sample), strict=True)))
    if graded.verdict is not Verdict.CORRECT:
        place = int(graded.note.rsplit("-", 1)[1]) - 1
        raise Redraw(f"the numbers of `key` do not fulfil the condition {key.conditions[place].holds}")


def _rival(draft: Draft, key: NumericTupleKey, wrong: WrongTuple, numbers: Sequence[Fraction]) -> Rival:
    """A known wrong tuple. Without words and beliefs of its own it has what is said of the conditions that it fails."""
    value = "; ".join(_texts(numbers))
    graded = grade_numbers(key, dict(zip(key.names, tuple_of(key, value), strict=True)))
    if graded.verdict is Verdict.CORRECT:
        raise Redraw(f"the wrong numbers {value} fulfil all conditions")
    if wrong.misconceptions or wrong.hint or wrong.feedback:
        title, hint, feedback = draft.words(wrong.misconceptions)
        return Rival(
            value, wrong.misconceptions, wrong.credit, title, draft.said(wrong.hint, hint),
            draft.said(wrong.feedback, feedback),
        )  # fmt: skip
    said = graded.diagnoses
    return Rival(
        value,
        tuple(dict.fromkeys(id for each in said for id in each.misconceptions)),
        wrong.credit,
        " + ".join(each.title for each in said if each.title),
        " ".join(each.hint for each in said if each.hint),
        " ".join(each.feedback for each in said),
    )


def _options(
    draft: Draft, part: PartTemplate, names: tuple[str, ...], tuples: Sequence[Sequence[Fraction]]
) -> list[Option]:
    """One option for each tuple; all numbers with as many decimal places, as far as they end."""
    ids = draft.option_ids(len(tuples), f"{part.id}: option ids")
    places = max(decimals_of(number) or 0 for numbers in tuples for number in numbers)
    options = []
    for id, numbers in zip(ids, tuples, strict=True):
        content: list[Inline] = []
        for name, number in zip(names, numbers, strict=True):
            shown = number_text(number, places, draft.decimal_comma)
            content += [*([Text("; ")] if content else []), _name(draft, name), Text(f" = {shown}")]
        options.append(Option(id, tuple(content)))
    return options


def _name(draft: Draft, name: str) -> Formula:
    return _named(name, draft.naming.setting)


@lru_cache(maxsize=256)
def _named(name: str, setting: Setting) -> Formula:
    return render_fast(Symbol(name), setting=setting)
