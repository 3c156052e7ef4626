"""The answer sheet: for each item its keys and the texts of its options, and nothing else.

It is what grading sees of a quiz. It holds no stems and no formats, so that nothing can be marked by
wording or by position, and it is complete: it grades without the bank and without the engine that made it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal, TypeVar

import msgspec

from grading.keys import Key, Tolerance

T = TypeVar("T")

Response = str | list[str] | dict[str, Any] | None
"""A canonical response of a part: an id, a list of ids, {left: right}, text or None (nothing given).
For an item of several parts: {part id: response of the part}."""


_WHOLE = Fraction(1)


class PartKey(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The key of one part.

    id: the part's id, ``answer`` in an item of one part. weight: share of the item; weights add up to 1.
    options: (option id, text as it is printed, in Unicode) for kinds with options, in canonical order;
        a response file may name an option by either.
    """

    id: str
    key: Key
    weight: Fraction = msgspec.field(default_factory=lambda: _WHOLE)
    options: tuple[tuple[str, str], ...] = ()


class ItemKey(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The keys of one item. item (its id), revision, code and language as in the item itself; refusals of what was
    given are told in that language."""

    item: str
    revision: str
    code: str
    parts: tuple[PartKey, ...]
    slot: str = ""
    language: str = "en"


class Amendment(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A correction after the event, kept beside the archive; the archive itself is never patched.

    item: the item id, or ``*`` with a `slot` for every variant of a slot.
    action: ``accept`` (also accept `responses` for the part), ``void`` (the item counts for nobody),
        ``full-marks`` (everybody who was given it gets it), ``tolerance`` (another one for a number).
    reason, date (ISO): shown in the regrade report.
    """

    item: str
    action: Literal["accept", "void", "full-marks", "tolerance"]
    reason: str
    date: str
    part: str = "answer"
    slot: str = ""
    responses: tuple[Any, ...] = ()
    tolerance: Tolerance | None = None


MOST_KEPT = 1024
_KEPT: dict[int, tuple[Fraction, str]] = {}
"""Texts of fractions, by the fraction itself: weights and credits come again and again, and are slow to hash."""


def _encode_fraction(value: Any) -> str:
    found = _KEPT.get(id(value))
    if found is not None and found[0] is value:
        return found[1]
    if type(value) is not Fraction:
        raise NotImplementedError(f"{type(value).__name__} has no JSON form")
    if len(_KEPT) >= MOST_KEPT:
        _KEPT.clear()
    _KEPT[id(value)] = value, str(value)
    return str(value)


def _schema_of_fraction(kind: type) -> dict[str, Any]:
    if kind is Fraction:
        return {"type": "string", "pattern": r"^-?\d+(/\d+)?$", "description": "an exact number"}
    raise NotImplementedError(f"{kind.__name__} has no JSON form")


def schema_of(kind: type) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a record of the contracts."""
    return msgspec.json.schema(kind, schema_hook=_schema_of_fraction)


def _decode_fraction(kind: type, value: Any) -> Any:
    if kind is Fraction:
        if isinstance(value, str) and (exact := _exact(value)) is not None:
            return exact
        if isinstance(value, int) and not isinstance(value, bool):
            return Fraction(value)
        raise ValueError('Expected an exact number as text, such as "1/2"')
    raise NotImplementedError(kind)


@lru_cache(maxsize=4096)
def _exact(text: str) -> Fraction | None:
    """The number of a text such as ``1/2``: a few come again and again."""
    return Fraction(text) if _EXACT.fullmatch(text) else None


_EXACT = re.compile(r"-?\d{1,500}(/0*[1-9]\d{0,499})?", re.ASCII)
"""Digits only: an exponent would be a large number in a few signs."""

_encoder = msgspec.json.Encoder(enc_hook=_encode_fraction, order="deterministic")


def to_json(value: Any) -> bytes:
    """The JSON of any record of the contracts; the same value gives the same bytes. Fractions are text.

    >>> to_json(Tolerance("absolute", Fraction(1, 200)))
    b'{"kind":"absolute","amount":"1/200"}'
    """
    return _encoder.encode(value)


def from_json(data: bytes | str, kind: type[T]) -> T:
    """The record of this kind that the JSON holds.

    Raises msgspec.ValidationError that names the path (``$.parts[0].key``) if it is not one.
    """
    return msgspec.json.decode(data, type=kind, dec_hook=_decode_fraction)


def decoder_of(kind: type[T]) -> msgspec.json.Decoder[T]:
    """A reader of many records of this kind; what `from_json` does, without its preparation each time."""
    return msgspec.json.Decoder(kind, dec_hook=_decode_fraction)


def read_answer_sheet(lines: Iterable[bytes]) -> Iterator[ItemKey]:
    """The item keys of a ``keys.jsonl``, one a line; fields that grading does not know are ignored."""
    decoder = decoder_of(ItemKey)
    for line in lines:
        if line.strip():
            yield decoder.decode(line)
