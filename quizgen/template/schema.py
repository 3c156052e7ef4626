"""The shape of a template, as pydantic models: the border between what authors write and the records.

All scalars arrive as text, so each field names the reader that types it, and, for editors, what it looks like in YAML.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, PlainValidator, Tag, TypeAdapter
from pydantic import WithJsonSchema as Looks

from grading.joint import MOST_NUMBERS
from grading.keys import FORMS, RELATIONS, Assumption, Digits, Relation, Requirement, Tolerance
from quizgen.template import asked, cases, descriptors, values
from quizgen.template.records import (
    LEVELS,
    STATUSES,
    CandidateDraw,
    CorruptionDraw,
    Described,
    Different,
    Difficulty,
    InputDraw,
    IntegerRange,
    Kind,
    MaskDraw,
    ModelComparison,
    ModelDistributions,
    ModelRanking,
    OneOf,
    OrderDraw,
    Prediction,
    ProbabilityDraw,
    Review,
    SentenceDraw,
    WordDraw,
)

Json = dict[str, Any]
_TEXT: Json = {"type": ["string", "number", "boolean"]}
_SLUG: Json = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}
_NUMBER: Json = {"type": ["number", "string"]}
_FLAG: Json = {"type": "boolean"}
_VALUES: Json = {"type": ["array", "string"], "items": _TEXT}
_DESCRIBED: Json = {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": _TEXT}}
_LIMITS: Json = {"type": ["array", "string", "integer"], "items": {"type": "integer"}, "maxItems": 2}

Text = Annotated[str, PlainValidator(values.text), Looks(_TEXT)]
Slug = Annotated[str, PlainValidator(values.slug), Looks(_SLUG)]
Name = Annotated[str, PlainValidator(values.name), Looks({"type": "string"})]
Flag = Annotated[bool, PlainValidator(values.flag), Looks(_FLAG)]
Share = Annotated[Fraction, PlainValidator(values.share), Looks(_NUMBER)]
Positive = Annotated[Fraction, PlainValidator(values.positive), Looks(_NUMBER)]
Limits = Annotated[tuple[int, int], PlainValidator(values.limits), Looks(_LIMITS)]
Count = Annotated[int, PlainValidator(values.count(1, 100)), Looks({"type": "integer", "minimum": 1, "maximum": 100})]
Anything = Annotated[Any, Looks({})]


def _form(*forms: tuple[str, Callable[[Any], bool]], otherwise: str) -> Discriminator:
    """Chooses the form of a value by looking at it; tags begin with ``form:`` so that places can leave them out."""

    def choose(data: Any) -> str:
        return f"form:{next((tag for tag, fits in forms if fits(data)), otherwise)}"

    return Discriminator(choose)


def _is_list(data: Any) -> bool:
    return isinstance(data, list)


def _is_mapping(data: Any) -> bool:
    return isinstance(data, dict)


def _is_mapping_of_mappings(data: Any) -> bool:
    return isinstance(data, dict) and any(isinstance(row, dict) for row in data.values())


def _has(*names: str) -> Callable[[Any], bool]:
    return lambda data: isinstance(data, dict) and any(name in data for name in names)


def _as_list(data: Any) -> Any:
    return [data] if isinstance(data, str) else data


TextOrTexts = Annotated[list[Text], BeforeValidator(_as_list), Looks({"type": ["string", "array"], "items": _TEXT})]
SlugOrSlugs = Annotated[list[Slug], BeforeValidator(_as_list), Looks({"type": ["string", "array"], "items": _SLUG})]


def _words(known: Sequence[str], behind: Json) -> list[Json]:
    """What one of these words, a list of them, or a mapping from them looks like."""
    word: Json = {"enum": list(known)}
    one_each: Json = {"type": "object", "properties": dict.fromkeys(known, behind), "additionalProperties": False}
    return [word, {"type": "array", "items": word}, one_each]


class Form(BaseModel):
    """A mapping with these keys and no others."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True, defer_build=True)


_CASES: Json = {"type": "object", "properties": {"by": {"type": "string"}}, "required": ["by"]}
Either = Annotated[str | dict[str, str], PlainValidator(cases.either), Looks({"anyOf": [_TEXT, _CASES]})]


# ---------------------------------------------------------------- draws


class DifferentForm(Form):
    different: Count
    from_: Annotated[OneOf, PlainValidator(values.values), Looks(_VALUES)] = Field(alias="from")

    def record(self) -> Different:
        return Different(self.different, self.from_.values, self.from_.decimals)


class SeveralForm(Form):
    several: Count
    from_: Annotated[OneOf, PlainValidator(values.values), Looks(_VALUES)] = Field(alias="from")

    def record(self) -> Different:
        return Different(self.several, self.from_.values, self.from_.decimals, repeats=True)


class CandidatesForm(Form):
    candidates: Annotated[
        int, PlainValidator(values.count(2, 4)), Looks({"type": "integer", "minimum": 2, "maximum": 4})
    ]

    def record(self) -> CandidateDraw:
        return CandidateDraw(self.candidates)


class ProbabilityForm(Form):
    for_: Literal["each mask", "each word"] = Field(alias="for")
    from_: Annotated[OneOf, PlainValidator(values.probabilities), Looks(_VALUES)] = Field(alias="from")

    def record(self) -> ProbabilityDraw:
        numbers = tuple(value for value in self.from_.values if isinstance(value, Fraction))
        return ProbabilityDraw(numbers, self.from_.decimals)


class SentenceForm(Form):
    topic: Text = ""
    words: Limits | None = None
    first: Count | None = Field(None, description="Only so many words, from the beginning of the sentence.")

    def record(self) -> SentenceDraw:
        return SentenceDraw((), self.topic, self.words, self.first or 0)


class MasksForm(Form):
    count: Count | None = None
    rate: Share | None = Field(None, description="Instead of a count: every word by itself, with this probability.")
    spans: Count | None = Field(None, description="Instead of a count: so many stretches of neighbouring words.")
    words: Count | None = Field(None, description="How many words all spans have together.")
    longest: Count | None = Field(None, description="How many words a span has at most.")
    after: Limits | None = Field(None, description="Instead of a count: every word behind so many, such as 0 or 2..4.")
    among: Literal["content words", "function words", "all words"] = "content words"
    right_context: Flag = False
    apart: Flag = False
    left_context: Flag = Field(False, description="The first word is visible.")
    last_word: Flag = Field(False, description="The last word is masked.")
    copies: Literal["none", "visible", "masked"] = Field(
        "none", description="Whether a masked word stands once more before it, or all masked words are the same."
    )

    def record(self) -> MaskDraw:
        if sum(way is not None for way in (self.count, self.rate, self.spans, self.after)) > 1:
            message = "masks are drawn by count, by rate, in spans or after a prefix"
            raise values.AuthorError("Q107", message, "keep one of them")
        if self.spans is None and (self.words or self.longest):
            raise values.AuthorError("Q107", "`words` and `longest` are about spans", "add spans: 2, or delete them")
        if self.rate == 0:
            raise values.AuthorError("Q105", "at a rate of 0 nothing is masked", "write 0.15", ("rate",))
        return MaskDraw(
            self.count or 2,
            self.among,
            self.right_context,
            self.apart,
            rate=self.rate,
            spans=self.spans or 0,
            left_context=self.left_context,
            last_word=self.last_word,
            copies=self.copies,
            words=self.words or 0,
            longest=self.longest or 0,
            after=self.after,
        )


class ModelsForm(Form):
    distributions: Count | None = None
    comparison: Count | None = None
    against: list[Slug] = []
    ranking: Count | None = Field(None, description="Instead: so many models, to be put in order.")

    def record(self) -> ModelDistributions | ModelComparison | ModelRanking:
        if sum(way is not None for way in (self.distributions, self.comparison, self.ranking)) != 1:
            remedy = "write models: {distributions: 2} or models: {comparison: 4, against: [sum-of-probs]}"
            message = "models need either `distributions` or `comparison` or `ranking`"
            raise values.AuthorError("Q107", message, remedy)
        if self.comparison is None and self.against:
            raise values.AuthorError("Q107", "`against` belongs to `comparison`", "delete it", ("against",))
        if self.distributions is not None:
            return ModelDistributions(self.distributions)
        if self.ranking is not None:
            return ModelRanking(self.ranking)
        return ModelComparison(self.comparison or 0, tuple(self.against))


class PredictionForm(Form):
    words: Annotated[int, PlainValidator(values.count(2, 5)), Looks({"type": "integer"})] = Field(
        4, description="The true word and others, so many together."
    )
    top: Literal["true word", "another word", "any word"] = Field("any word", description="The most probable word.")

    def record(self) -> Prediction:
        return Prediction(self.words, self.top)


def _sentence(data: Any) -> SentenceDraw:
    if isinstance(data, list):
        return SentenceDraw(tuple(map(values.slug, data)))
    return SentenceDraw() if data == "any" else SentenceDraw((values.slug(data),))


def _masks(data: Any) -> MaskDraw:
    found = tuple(values.count(1, 1000)(entry) for entry in data)
    if len(set(found)) != len(found) or not found:
        raise values.AuthorError("Q107", "the positions of masks differ from each other", "write [2, 8]")
    return MaskDraw(len(found), positions=tuple(sorted(found)))


def _corruption(data: Any) -> CorruptionDraw:
    if isinstance(data, dict):
        return CorruptionDraw("80/10/10", _mixture(data))
    schemes: dict[str, CorruptionDraw] = {scheme.scheme: scheme for scheme in _SCHEMES}
    return schemes[values.one_word_of(*schemes)(data)]


_SCHEMES = (CorruptionDraw(), CorruptionDraw("80/10/10"), CorruptionDraw("replaced tokens"))


def _order(data: Any) -> OrderDraw:
    return OrderDraw("drawn" if values.one_word_of("left to right", "drawn")(data) == "drawn" else "left to right")


_BRANCHES = ("mask", "random", "keep")


def _mixture(data: dict[str, Any]) -> tuple[int, int, int]:
    """``{mask: 1, random: 1, keep: 1}``: how many of the selected tokens take each branch."""
    for name in data:
        if name not in _BRANCHES:
            remedy = values.did_you_mean(name, _BRANCHES)
            raise values.AuthorError("Q101", f'there is no key "{name}" here', remedy, (name,))
    mask, random, keep = (values.count(0, 100)(data.get(name, "0")) for name in _BRANCHES)
    if not mask + random + keep:
        raise values.AuthorError("Q107", "no token is corrupted at all", "write {mask: 1, random: 1, keep: 1}")
    return mask, random, keep


def _no_form(data: Any) -> Any:
    remedy = (
        "write a range 2..9, a list, {different: 2, from: [...]}, {for: each mask, from: [...]}, {candidates: 3}, "
        "{word: selected}, {sentence: any, masks: {count: 2}}, or a word and what belongs to it on each line"
    )
    raise values.AuthorError("Q107", "this mapping is not something that can be drawn", remedy)


SentenceSpec = Annotated[
    Annotated[SentenceDraw, PlainValidator(_sentence), Looks(_VALUES), Tag("form:which")]
    | Annotated[SentenceForm, Tag("form:like")],
    _form(("like", _is_mapping), otherwise="which"),
]
MasksSpec = Annotated[
    Annotated[MaskDraw, PlainValidator(_masks), Looks({"type": "array"}), Tag("form:positions")]
    | Annotated[MasksForm, Tag("form:drawn")],
    _form(("positions", _is_list), otherwise="drawn"),
]


class WordForm(Form):
    word: Literal["selected", "unselected"]
    branch: Literal["mask", "random", "keep"] | None = Field(
        None, description="Only one that shows [MASK], a random word or itself, or would if it had been selected."
    )

    def record(self) -> WordDraw:
        return WordDraw(self.word, self.branch or "")


class InputForm(Form):
    sentence: SentenceSpec
    masks: MasksSpec

    def record(self) -> InputDraw:
        sentence = self.sentence if isinstance(self.sentence, SentenceDraw) else self.sentence.record()
        return InputDraw(sentence, self.masks if isinstance(self.masks, MaskDraw) else self.masks.record())


FreeDraw = Annotated[
    Annotated[IntegerRange, PlainValidator(values.integer_range), Looks(_TEXT), Tag("form:range")]
    | Annotated[OneOf, PlainValidator(values.values), Looks(_VALUES), Tag("form:list")]
    | Annotated[DifferentForm, Tag("form:different")]
    | Annotated[SeveralForm, Tag("form:several")]
    | Annotated[ProbabilityForm, Tag("form:each")]
    | Annotated[WordForm, Tag("form:word")]
    | Annotated[InputForm, Tag("form:input")]
    | Annotated[CandidatesForm, Tag("form:candidates")]
    | Annotated[Described, PlainValidator(values.described), Looks(_DESCRIBED), Tag("form:described")]
    | Annotated[Any, PlainValidator(_no_form), Looks({"not": {}}), Tag("form:none")],
    _form(
        ("list", _is_list),
        ("different", _has("different")),
        ("several", _has("several")),
        ("each", _has("for")),
        ("word", lambda data: _is_mapping(data) and isinstance(data.get("word"), str)),
        ("input", lambda data: _is_mapping(data) and {*data} == {"sentence", "masks"}),
        ("candidates", _has("candidates")),
        ("described", _is_mapping_of_mappings),
        ("input", _has("sentence")),
        ("none", _is_mapping),
        otherwise="range",
    ),
]


_CORRUPTION_LOOKS: Json = {
    "anyOf": [
        {"enum": [scheme.scheme for scheme in _SCHEMES]},
        {"type": "object", "properties": dict.fromkeys(_BRANCHES, _NUMBER), "additionalProperties": False},
    ]
}


class DrawForm(BaseModel):
    """What is drawn; these names have forms of their own, all other names are the author's."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow", frozen=True, defer_build=True)
    __pydantic_extra__: dict[str, FreeDraw]

    sentence: SentenceSpec | None = None
    masks: MasksSpec | None = None
    corruption: Annotated[CorruptionDraw, PlainValidator(_corruption), Looks(_CORRUPTION_LOOKS)] | None = None
    prediction_order: (
        Annotated[OrderDraw, PlainValidator(_order), Looks({"enum": ["left to right", "drawn"]})] | None
    ) = None
    models: ModelsForm | None = None
    prediction: PredictionForm | None = Field(None, description="What one model predicts at the first mask.")


# ---------------------------------------------------------------- answers, by kind

ToleranceText = Annotated[Tolerance, PlainValidator(values.tolerance), Looks({"type": ["number", "string", "object"]})]
DigitsForm = Annotated[Digits, PlainValidator(values.digits), Looks({"type": "object"})]
Bands = dict[Text, Share]
_WRONG_LOOKS: Json = {"type": ["array", "object", "string"]}
WrongList = Annotated[list[Any] | dict[str, Any], PlainValidator(lambda data: data), Looks(_WRONG_LOOKS)]
"""Read by `quizgen.template.reader`: what an entry means depends on the key."""


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
    wrong: SlugOrSlugs = []
    solution: Text | None = Field(None, description="Why it is true or false; shown behind the common solution.")


class TrueFalseFields(Form):
    key: Flag | None = Field(None, description="true or false")
    wrong: SlugOrSlugs = Field([], description="The misconception behind the wrong choice.")
    statements: list[TrueFalseStatementForm] = Field([], description="A pool; the variants are the statements.")


class SymbolForm(Form):
    assume: Assumption = "probability"
    aliases: list[Name] = []


SymbolSpec = Annotated[
    Annotated[Assumption, Tag("form:word")] | Annotated[SymbolForm, Tag("form:full")],
    _form(("full", _is_mapping), otherwise="word"),
]


Symbols = Annotated[
    Annotated[list[Name], Tag("form:list")] | Annotated[dict[Text, SymbolSpec], Tag("form:mapping")],
    _form(("list", _is_list), otherwise="mapping"),
]


class ChooseForm(Form):
    key: Count
    wrong: Count


class MultipleAnswerFields(Form):
    key: Annotated[
        Annotated[Text, Tag("form:tokens")] | Annotated[list[Anything], Tag("form:list")],
        _form(("list", _is_list), otherwise="tokens"),
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
    within: Bands = {}
    digits: DigitsForm | None = None


class NumericFields(Form):
    key: Annotated[
        Annotated[Text, Tag("form:text")] | Annotated[NumericKeyForm, Tag("form:full")],
        _form(("full", _is_mapping), otherwise="text"),
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
    _form(("full", _is_mapping), otherwise="text"),
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
        _form(("list", _is_list), otherwise="mapping"),
    ] = Field(description="Conditions such as x + y > 1, or {x + y > 1: what is said where it fails}.")


class NumericTupleFields(Form):
    key: NumericTupleKeyForm = Field(description="{numbers: {x: 2, y: 3}, such_that: [x*y = 6]}")
    wrong: list[dict[str, Anything]] = Field(
        [], description="Known wrong answers such as {x: 2, y: 4, feedback: …}; other formats offer them as options."
    )


_FORM_LOOKS: Json = {"anyOf": _words(FORMS, _NUMBER)}
_ACCEPT_LOOKS: Json = {
    "anyOf": _words(
        RELATIONS,
        {
            "type": ["number", "string", "object"],
            "properties": {"credit": _NUMBER, "misconception": {"type": ["string", "array"], "items": _SLUG}},
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
        _form(("full", _is_mapping), otherwise="text"),
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
    _form(("full", _is_mapping), otherwise="text"),
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
        _form(("list", _is_list), otherwise="text"),
    ] = Field(description="The entries in the right order, or ranked_models.")
    wrong: WrongList | None = Field(None, description="Rules that order the models of a ranking wrongly.")
    choose: Count | None = None
    scoring: Literal["per-position", "all-or-nothing"] = "per-position"
    confused: dict[Slug, list[Text]] = Field(
        {}, description="{misconception: [entry, entry, …]}: all entries in the order of a known mistake."
    )


class ShortAnswerFields(Form):
    key: Text
    accept: TextOrTexts = []
    compare: Literal["words", "tokens"] | None = None
    case_sensitive: Flag = False
    wrong: WrongList | None = None


class RubricForm(Form):
    points: Positive
    text: Text


class EssayFields(Form):
    rubric: list[RubricForm] = Field(min_length=1)
    words: Limits | None = None


# ---------------------------------------------------------------- parts and templates


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
    diagnosis: SlugOrSlugs = []
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
            "properties": {"status": {"enum": list(STATUSES)}, "by": _TEXT},
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
    concepts: list[Slug] = []
    needs: list[Slug] = []
    draw: DrawForm | None = Field(None, description="What is drawn at random: {a: 2..9}.")
    where: TextOrTexts = Field([], description="Conditions on what is drawn, such as a < b.")
    let: dict[Text, Either] = Field({}, description="Numbers computed from what is drawn: {area: a*b}.")
    texts: dict[Text, dict[str, Text]] = Field(
        {}, description="Texts that depend on what is drawn: {part: {by: form, inner: the inner sum, outer: …}}."
    )
    radicals: dict[Text, Anything] = Field({}, description="What makes it harder: {masks.count: [2, 3]}.")
    stem: Text | None = Field(description="The question: Markdown with $math$ and holes {{ a }}.")
    hints: TextOrTexts = []
    solution: Text | None = None
    points: Positive = Fraction(1)
    fixed: dict[Text, dict[str, Any]] = Field({}, description="Named draws given outright.")
    examples: list[ExampleForm] = []
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
