"""What an author writes of key and wrong answers, by the kind of the question, as pydantic models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, Tag
from pydantic import WithJsonSchema as Looks

from grading.joint import MOST_NUMBERS
from grading.keys import FORMS, RELATIONS, Assumption, Digits, Relation, Requirement, Tolerance
from quizgen.template import asked, values
from quizgen.template.field_types import (
    NUMBER,
    SLUG,
    Anything,
    Count,
    Flag,
    Form,
    Json,
    Limits,
    Name,
    Positive,
    Share,
    Slug,
    SlugOrSlugs,
    Text,
    TextOrTexts,
    form_by,
    is_list,
    is_mapping,
)


def _words(known: Sequence[str], behind: Json) -> list[Json]:
    """What one of these words, a list of them, or a mapping from them looks like."""
    word: Json = {"enum": list(known)}
    one_each: Json = {"type": "object", "properties": dict.fromkeys(known, behind), "additionalProperties": False}
    return [word, {"type": "array", "items": word}, one_each]


ToleranceText = Annotated[Tolerance, PlainValidator(values.tolerance), Looks({"type": ["number", "string", "object"]})]
DigitsForm = Annotated[Digits, PlainValidator(values.digits), Looks({"type": "object"})]
Bands = dict[Text, Share]
_WRONG_LOOKS: Json = {"type": ["array", "object", "string"]}
WrongList = Annotated[list[Any] | dict[str, Any], PlainValidator(lambda data: data), Looks(_WRONG_LOOKS)]
"""Read by `quizgen.template.answers`: what an entry means depends on the key."""


class SingleChoiceFields(Form):
    key: Text = Field(
        description="The right option (Markdown with holes), or the name of a quantity such as objective."
    )
    wrong: WrongList | None = Field(
        None, description="Texts (`misconception-id: text`), or {count, design, from: [ids]}."
    )
    choose: Count | None = Field(None, description="How many of the wrong texts are shown; all if missing.")


class TrueFalseStatementForm(Form):
    id: Slug
    truth: Flag
    text: Text
    group: Text = ""
    wrong: SlugOrSlugs = Field([])
    solution: Text | None = Field(None, description="Why it is true or false; shown behind the common solution.")


class TrueFalseFields(Form):
    key: Flag | None = Field(None, description="true or false")
    wrong: SlugOrSlugs = Field([], description="The misconception behind the wrong choice.")
    statements: list[TrueFalseStatementForm] = Field([], description="A pool; the variants are the statements.")


class SymbolForm(Form):
    assume: Assumption = "probability"
    aliases: list[Name] = Field(default=[])


SymbolSpec = Annotated[
    Annotated[Assumption, Tag("form:word")] | Annotated[SymbolForm, Tag("form:full")],
    form_by(("full", is_mapping), otherwise="word"),
]


Symbols = Annotated[
    Annotated[list[Name], Tag("form:list")] | Annotated[dict[Text, SymbolSpec], Tag("form:mapping")],
    form_by(("list", is_list), otherwise="mapping"),
]


class ChooseForm(Form):
    key: Count
    wrong: Count


class MultipleAnswerFields(Form):
    key: Annotated[
        Annotated[Text, Tag("form:tokens")] | Annotated[list[Anything], Tag("form:list")],
        form_by(("list", is_list), otherwise="tokens"),
    ] = Field(
        description="The right options; `id: text` names the belief behind leaving one out. Or: tokens with a loss, "
        "replaced tokens (then every token of the sequence is an option)."
    )
    wrong: WrongList | None = None
    scoring: Literal["plus-minus", "all-or-nothing", "per-option"] = "plus-minus"
    same_value_as: Text | None = Field(None, description="Every right option must be proven equal to this.")
    symbols: Symbols = Field({}, description="The names in the options, for the proof: {p_i: probability}.")
    choose: ChooseForm | None = None


class NumericKeyForm(Form):
    value: Text
    tolerance: ToleranceText | None = None
    unit: Text | None = None
    within: Bands = Field({})
    digits: DigitsForm | None = None


class NumericFields(Form):
    key: Annotated[
        Annotated[Text, Tag("form:text")] | Annotated[NumericKeyForm, Tag("form:full")],
        form_by(("full", is_mapping), otherwise="text"),
    ] = Field(description="A formula, a quantity such as loss, or {value, tolerance, unit, within, digits}.")
    tolerance: ToleranceText | None = Field(
        None, description="0.005, 1 %, < 0.005, exact, {significant: 3} or {decimals: 2}."
    )
    unit: Text | None = Field(None, description="nats, bits, % or any word that may stand behind the number.")
    within: Bands = Field({}, description="Credit for a number near the key: {0.02: 3/4}.")
    digits: DigitsForm | None = Field(
        None, description="Digits asked for: {figures: 3} or {decimals: 2, too_few: 1/2}."
    )
    wrong: WrongList | None = Field(None, description="Misconceptions, `id: credit`, or {id: formula}.")


class ConditionForm(Form):
    feedback: Text | None = Field(None, description="Said where this condition fails.")
    equal: Text | None = Field(None, description="Said instead where the two sides are equal.")
    misconception: SlugOrSlugs = Field([], description="Believed by whoever fails this condition and no other.")
    hint: Text | None = None


ConditionSpec = Annotated[
    Annotated[Text, Tag("form:text")] | Annotated[ConditionForm, Tag("form:full")],
    form_by(("full", is_mapping), otherwise="text"),
]


class NumericTupleKeyForm(Form):
    numbers: dict[Name, Text] = Field(
        min_length=1,
        max_length=MOST_NUMBERS,
        description="The names asked for, each with its number in a right answer.",
    )
    such_that: Annotated[
        Annotated[list[Text], Field(min_length=1), Tag("form:list")]
        | Annotated[dict[Text, ConditionSpec], Field(min_length=1), Tag("form:mapping")],
        form_by(("list", is_list), otherwise="mapping"),
    ] = Field(description="Conditions such as x + y > 1, or {x + y > 1: what is said where it fails}.")


class NumericTupleFields(Form):
    key: NumericTupleKeyForm = Field(description="{numbers: {x: 2, y: 3}, such_that: [x*y = 6]}")
    wrong: list[dict[str, Anything]] = Field(
        [], description="Known wrong answers such as {x: 2, y: 4, feedback: …}; other formats offer them as options."
    )


_FORM_LOOKS: Json = {"anyOf": _words(FORMS, NUMBER)}
_ACCEPT_LOOKS: Json = {
    "anyOf": _words(
        RELATIONS,
        {
            "type": ["number", "string", "object"],
            "properties": {"credit": NUMBER, "misconception": {"type": ["string", "array"], "items": SLUG}},
            "required": ["credit"],
            "additionalProperties": False,
        },
    )
}
Forms = Annotated[tuple[Requirement, ...], PlainValidator(asked.forms), Looks(_FORM_LOOKS)]
Accepted = Annotated[tuple[Relation, ...], PlainValidator(asked.accepted), Looks(_ACCEPT_LOOKS)]


class SymbolicKeyForm(Form):
    value: Text
    form: Forms | None = None
    accept: Accepted | None = None


class SymbolicFields(Form):
    key: Annotated[
        Annotated[Text, Tag("form:text")] | Annotated[SymbolicKeyForm, Tag("form:full")],
        form_by(("full", is_mapping), otherwise="text"),
    ] = Field(description="A formula, a quantity such as objective, or {value, form, accept}.")
    form: Forms | None = Field(None, description="How it has to be written: expanded, or {expanded: 1/4}.")
    accept: Accepted | None = Field(None, description="What else earns credit: {same-optimum: 1/2}.")
    symbols: Symbols = Field({}, description="The names that may be typed: {x: positive}.")
    wrong: WrongList | None = None
    in_symbols: Flag = False


class PairForm(Form):
    text: Text
    when: Text | None = Field(None, description="The pair is there if this holds, such as n > 2.")


Pair = Annotated[
    Annotated[Text, Tag("form:text")] | Annotated[PairForm, Tag("form:full")],
    form_by(("full", is_mapping), otherwise="text"),
]


class MatchingFields(Form):
    key: dict[str, Pair] = Field(description="left: right, or left: {text: right, when: condition}", min_length=2)
    wrong: WrongList | None = Field(
        None, description="Right sides that fit nothing; {text, misconception, instead_of: left} names a known mistake."
    )
    choose: Count | None = None
    left_over: Count | None = Field(
        None, description="With `choose`: so many right sides of pairs that were not chosen are shown as well."
    )
    confused: dict[Slug, dict[str, Text] | list[Text]] = Field(
        {}, description="{misconception: [left, left]}: who exchanges their right sides; {left: other} for one of them."
    )


class OrderingFields(Form):
    key: Annotated[
        Annotated[Text, Tag("form:text")] | Annotated[list[Text], Field(min_length=2), Tag("form:list")],
        form_by(("list", is_list), otherwise="text"),
    ] = Field(description="The entries in the right order, or ranked_models.")
    wrong: WrongList | None = Field(None, description="Rules that order the models of a ranking wrongly.")
    choose: Count | None = None
    scoring: Literal["per-position", "all-or-nothing"] = "per-position"
    confused: dict[Slug, list[Text]] = Field(
        {}, description="{misconception: [entry, entry, …]}: all entries in the order of a known mistake."
    )


class ShortAnswerFields(Form):
    key: Text
    accept: TextOrTexts = Field([])
    compare: Literal["words", "tokens"] | None = None
    case_sensitive: Flag = False
    wrong: WrongList | None = None


class RubricForm(Form):
    points: Positive
    text: Text


class EssayFields(Form):
    rubric: list[RubricForm] = Field(min_length=1)
    words: Limits | None = None
