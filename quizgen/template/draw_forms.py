"""What an author writes under `draw`, as pydantic models; each makes the record of what is drawn."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, Tag
from pydantic import WithJsonSchema as Looks

from quizgen.template import values
from quizgen.template.draw_records import (
    CandidateDraw,
    CorruptionDraw,
    Described,
    Different,
    InputDraw,
    IntegerRange,
    MaskDraw,
    ModelComparison,
    ModelDistributions,
    ModelRanking,
    OneOf,
    OrderDraw,
    Prediction,
    ProbabilityDraw,
    SentenceDraw,
    WordDraw,
)
from quizgen.template.field_types import (
    NUMBER,
    TEXT,
    Count,
    Flag,
    Form,
    Json,
    Limits,
    Share,
    Slug,
    Text,
    form_by,
    is_list,
    is_mapping,
)

_VALUES: Json = {"type": ["array", "string"], "items": TEXT}
_DESCRIBED: Json = {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": TEXT}}


def _is_mapping_of_mappings(data: Any) -> bool:
    return isinstance(data, dict) and any(isinstance(row, dict) for row in data.values())


def _has(*names: str) -> Callable[[Any], bool]:
    return lambda data: isinstance(data, dict) and any(name in data for name in names)


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
    against: list[Slug] = Field([])
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
    form_by(("like", is_mapping), otherwise="which"),
]
MasksSpec = Annotated[
    Annotated[MaskDraw, PlainValidator(_masks), Looks({"type": "array"}), Tag("form:positions")]
    | Annotated[MasksForm, Tag("form:drawn")],
    form_by(("positions", is_list), otherwise="drawn"),
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
    Annotated[IntegerRange, PlainValidator(values.integer_range), Looks(TEXT), Tag("form:range")]
    | Annotated[OneOf, PlainValidator(values.values), Looks(_VALUES), Tag("form:list")]
    | Annotated[DifferentForm, Tag("form:different")]
    | Annotated[SeveralForm, Tag("form:several")]
    | Annotated[ProbabilityForm, Tag("form:each")]
    | Annotated[WordForm, Tag("form:word")]
    | Annotated[InputForm, Tag("form:input")]
    | Annotated[CandidatesForm, Tag("form:candidates")]
    | Annotated[Described, PlainValidator(values.described), Looks(_DESCRIBED), Tag("form:described")]
    | Annotated[Any, PlainValidator(_no_form), Looks({"not": {}}), Tag("form:none")],
    form_by(
        ("list", is_list),
        ("different", _has("different")),
        ("several", _has("several")),
        ("each", _has("for")),
        ("word", lambda data: is_mapping(data) and isinstance(data.get("word"), str)),
        ("input", lambda data: is_mapping(data) and {*data} == {"sentence", "masks"}),
        ("candidates", _has("candidates")),
        ("described", _is_mapping_of_mappings),
        ("input", _has("sentence")),
        ("none", is_mapping),
        otherwise="range",
    ),
]


_CORRUPTION_LOOKS: Json = {
    "anyOf": [
        {"enum": [scheme.scheme for scheme in _SCHEMES]},
        {"type": "object", "properties": dict.fromkeys(_BRANCHES, NUMBER), "additionalProperties": False},
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
