"""The shape of a template, as pydantic models: the border between what authors write and the records.

What every template may have, and the fields of its kind; `answer_forms`, `draw_forms` and `field_types` hold the parts.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, PlainValidator, TypeAdapter
from pydantic import WithJsonSchema as Looks

from quizgen.template import cases, descriptors
from quizgen.template.answer_forms import (
    EssayFields,
    MatchingFields,
    MultipleAnswerFields,
    NumericFields,
    NumericTupleFields,
    OrderingFields,
    ShortAnswerFields,
    SingleChoiceFields,
    SymbolicFields,
    TrueFalseFields,
)
from quizgen.template.draw_forms import DrawForm
from quizgen.template.field_types import (
    TEXT,
    Anything,
    Form,
    Json,
    Positive,
    Share,
    Slug,
    SlugOrSlugs,
    Text,
    TextOrTexts,
)
from quizgen.template.records import LEVELS, STATUSES, Difficulty, Kind, Review

_CASES: Json = {"type": "object", "properties": {"by": {"type": "string"}}, "required": ["by"]}
Either = Annotated[str | dict[str, str], PlainValidator(cases.either), Looks({"anyOf": [TEXT, _CASES]})]


class PartForm(Form):
    for_: Literal["each mask"] | None = Field(None, alias="for", description="One such part for each mask.")
    prompt: Text | None = None
    weight: Positive | None = Field(None, description="Share of the points, such as 1/4; equal shares if missing.")


class SingleChoicePart(PartForm, SingleChoiceFields):
    kind: Literal["single-choice"]


class TrueFalsePart(PartForm, TrueFalseFields):
    kind: Literal["true-false"]


class MultipleAnswerPart(PartForm, MultipleAnswerFields):
    kind: Literal["multiple-answer"]


class NumericPart(PartForm, NumericFields):
    kind: Literal["numeric"]


class NumericTuplePart(PartForm, NumericTupleFields):
    kind: Literal["numeric-tuple"]


class SymbolicPart(PartForm, SymbolicFields):
    kind: Literal["symbolic"]


class MatchingPart(PartForm, MatchingFields):
    kind: Literal["matching"]


class OrderingPart(PartForm, OrderingFields):
    kind: Literal["ordering"]


class ShortAnswerPart(PartForm, ShortAnswerFields):
    kind: Literal["short-answer"]


class EssayPart(PartForm, EssayFields):
    kind: Literal["essay"]


AnyPart = Annotated[
    SingleChoicePart
    | TrueFalsePart
    | MultipleAnswerPart
    | NumericPart
    | NumericTuplePart
    | SymbolicPart
    | MatchingPart
    | OrderingPart
    | ShortAnswerPart
    | EssayPart,
    Field(discriminator="kind"),
]
AnyGap = Annotated[SingleChoicePart | NumericPart | ShortAnswerPart, Field(discriminator="kind")]


class ExampleForm(Form):
    answer: Anything
    expect: Literal["correct", "partial", "incorrect", "invalid", "undecided"]
    score: Share | None = None
    diagnosis: SlugOrSlugs = Field([])
    part: Text = ""
    fixed: Text = ""


_DIFFICULTY_LOOKS: Json = {
    "anyOf": [
        {"enum": list(LEVELS)},
        {
            "type": "object",
            "properties": {level: {"type": "object"} for level in LEVELS},
            "additionalProperties": False,
        },
    ]
}
_REVIEW_LOOKS: Json = {
    "anyOf": [
        {"enum": list(STATUSES)},
        {
            "type": "object",
            "properties": {"status": {"enum": list(STATUSES)}, "by": TEXT},
            "required": ["status"],
            "additionalProperties": False,
        },
    ]
}


class TemplateForm(Form):
    """The keys that every template may have."""

    template: Slug = Field(description="The name of the template: small letters, digits and hyphens.")
    title: Text | None = None
    bloom: Literal["remember", "understand", "apply", "analyze", "evaluate", "create"] | None = None
    concepts: list[Slug] = Field([])
    needs: list[Slug] = Field([])
    draw: DrawForm | None = Field(None, description="What is drawn at random: {a: 2..9}.")
    where: TextOrTexts = Field([], description="Conditions on what is drawn, such as a < b.")
    let: dict[Text, Either] = Field({}, description="Numbers computed from what is drawn: {area: a*b}.")
    texts: dict[Text, dict[str, Text]] = Field(
        {}, description="Texts that depend on what is drawn: {part: {by: form, inner: the inner sum, outer: …}}."
    )
    radicals: dict[Text, Anything] = Field({}, description="What makes it harder: {masks.count: [2, 3]}.")
    stem: Text | None = Field(description="The question: Markdown with $math$ and holes {{ a }}.")
    hints: TextOrTexts = Field([])
    solution: Text | None = None
    points: Positive = Fraction(1)
    fixed: dict[Text, dict[str, Any]] = Field({}, description="Named draws given outright.")
    examples: list[ExampleForm] = Field([])
    translations: dict[Text, dict[str, Any]] = Field(
        {}, description="{de: {title, stem, key, wrong, ...}}: only the words."
    )
    one_of: Text = Field("", description="A paper shows at most one question of those that share this word.")
    difficulty: (
        Annotated[tuple[Difficulty, ...], PlainValidator(descriptors.difficulty), Looks(_DIFFICULTY_LOOKS)] | None
    ) = Field(None, description="easy, medium or hard, or {hard: {masks.count: 3}}.")
    review: Annotated[Review, PlainValidator(descriptors.review), Looks(_REVIEW_LOOKS)] | None = Field(
        None, description="draft, reviewed, piloted or retired, or {status: reviewed, by: name}."
    )
    author: Text = ""
    licence: Text = ""


class PoolForm(TemplateForm):
    """A pool of statements needs no stem: the statement is what is asked."""

    stem: Text | None = None


class ClozeFields(Form):
    parts: dict[Slug, AnyGap] = Field(min_length=1)


class PartsFields(Form):
    parts: dict[Slug, AnyPart] = Field(min_length=1)


class SingleChoice(TemplateForm, SingleChoiceFields):
    kind: Literal["single-choice"]


class TrueFalse(PoolForm, TrueFalseFields):
    kind: Literal["true-false"]


class MultipleAnswer(TemplateForm, MultipleAnswerFields):
    kind: Literal["multiple-answer"]


class Numeric(TemplateForm, NumericFields):
    kind: Literal["numeric"]


class NumericTuple(TemplateForm, NumericTupleFields):
    kind: Literal["numeric-tuple"]


class Symbolic(TemplateForm, SymbolicFields):
    kind: Literal["symbolic"]


class Matching(TemplateForm, MatchingFields):
    kind: Literal["matching"]


class Ordering(TemplateForm, OrderingFields):
    kind: Literal["ordering"]


class ShortAnswer(TemplateForm, ShortAnswerFields):
    kind: Literal["short-answer"]


class Essay(TemplateForm, EssayFields):
    kind: Literal["essay"]


class Cloze(TemplateForm, ClozeFields):
    kind: Literal["cloze"]


class Parts(TemplateForm, PartsFields):
    kind: Literal["parts"]


AnyTemplate = Annotated[
    SingleChoice
    | MultipleAnswer
    | TrueFalse
    | Numeric
    | NumericTuple
    | Symbolic
    | Matching
    | Ordering
    | Cloze
    | ShortAnswer
    | Essay
    | Parts,
    Field(discriminator="kind"),
]

KINDS: tuple[str, ...] = get_args(Kind)
MODELS: dict[str, type[TemplateForm]] = {
    get_args(model.model_fields["kind"].annotation)[0]: model for model in get_args(get_args(AnyTemplate)[0])
}
FIELDS: dict[str, type[Form]] = {kind: model.__bases__[1] for kind, model in MODELS.items()}
"""The fields of a kind alone; they are read apart from the common ones, because building a model costs."""

PART_MODELS: dict[str, type[PartForm]] = {
    get_args(model.model_fields["kind"].annotation)[0]: model for model in get_args(get_args(AnyPart)[0])
}


def common_form(kind: str) -> type[TemplateForm]:
    """The fields that templates of every kind have."""
    return PoolForm if kind == "true-false" else TemplateForm


def json_schema() -> Json:
    """The JSON Schema (draft 2020-12) of a template."""
    schema: Json = _any_of(TypeAdapter(AnyTemplate).json_schema())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "quizgen template",
        "description": "One question of a quizgen bank.",
        **schema,
    }


def _any_of(schema: Any) -> Any:
    """The schema with forms that may overlap: ``2..9`` is a text, and so may be a value of a list."""
    if isinstance(schema, list):
        return [_any_of(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        "anyOf" if key == "oneOf" else key: _any_of(value) for key, value in schema.items() if key != "discriminator"
    }
