"""The types of the fields of a template, and what each looks like in YAML.

All scalars arrive as text, so each type names the reader that types it, and, for editors, what it looks like.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, PlainValidator
from pydantic import WithJsonSchema as Looks

from quizgen.template import values

Json = dict[str, Any]
TEXT: Json = {"type": ["string", "number", "boolean"]}
SLUG: Json = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}
NUMBER: Json = {"type": ["number", "string"]}
_FLAG: Json = {"type": "boolean"}
_LIMITS: Json = {"type": ["array", "string", "integer"], "items": {"type": "integer"}, "maxItems": 2}

Text = Annotated[str, PlainValidator(values.text), Looks(TEXT)]
Slug = Annotated[str, PlainValidator(values.slug), Looks(SLUG)]
Name = Annotated[str, PlainValidator(values.name), Looks({"type": "string"})]
Flag = Annotated[bool, PlainValidator(values.flag), Looks(_FLAG)]
Share = Annotated[Fraction, PlainValidator(values.share), Looks(NUMBER)]
Positive = Annotated[Fraction, PlainValidator(values.positive), Looks(NUMBER)]
Limits = Annotated[tuple[int, int], PlainValidator(values.limits), Looks(_LIMITS)]
Count = Annotated[int, PlainValidator(values.count(1, 100)), Looks({"type": "integer", "minimum": 1, "maximum": 100})]
Anything = Annotated[Any, Looks({})]


def form_by(*forms: tuple[str, Callable[[Any], bool]], otherwise: str) -> Discriminator:
    """Chooses the form of a value by looking at it; tags begin with ``form:`` so that places can leave them out."""

    def choose(data: Any) -> str:
        return f"form:{next((tag for tag, fits in forms if fits(data)), otherwise)}"

    return Discriminator(choose)


def is_list(data: Any) -> bool:
    return isinstance(data, list)


def is_mapping(data: Any) -> bool:
    return isinstance(data, dict)


def _as_list(data: Any) -> Any:
    return [data] if isinstance(data, str) else data


TextOrTexts = Annotated[list[Text], BeforeValidator(_as_list), Looks({"type": ["string", "array"], "items": TEXT})]
SlugOrSlugs = Annotated[list[Slug], BeforeValidator(_as_list), Looks({"type": ["string", "array"], "items": SLUG})]


class Form(BaseModel):
    """A mapping with these keys and no others."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True, defer_build=True)
