"""The JSON of pieces of items: of a stem, of keys, of a solution. It is wanted several times, and made once.

A revision, the half that a variant is in, what makes two items read alike and a line of the archive are all made of
the same pieces. They are frozen, so their JSON is kept by the piece itself, for the last few.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from grading.answersheet import to_json

T = TypeVar("T")

MOST_KEPT = 32
_KEPT: dict[int, tuple[object, bytes]] = {}


def piece_json(piece: tuple[Any, ...]) -> bytes:
    """What `to_json` gives of a tuple of frozen records.

    >>> piece_json(("a", ("b",)))
    b'["a",["b"]]'
    """
    found = _KEPT.get(id(piece))
    if found is not None and found[0] is piece:
        return found[1]
    if len(_KEPT) >= MOST_KEPT:
        _KEPT.clear()
    json = to_json(piece)
    _KEPT[id(piece)] = piece, json
    return json


def joined_json(*pieces: tuple[Any, ...]) -> bytes:
    """What `to_json` gives of a tuple of these pieces.

    >>> joined_json(("a",), ()) == to_json((("a",), ()))
    True
    """
    return b"[%s]" % b",".join(map(piece_json, pieces))


def record_json(record: T, *fields: str) -> bytes:
    """What `to_json` gives of a record, with the JSON of these fields as it is kept; each of them holds a tuple.

    >>> from quizgen.content import Strong, Text
    >>> record_json(Strong((Text("x"),)), "content")
    b'{"is":"strong","content":[{"is":"text","text":"x"}]}'
    """
    # An empty tuple stays: some records leave it out.
    kept = {name: msgspec.Raw(piece_json(piece)) for name in fields if (piece := getattr(record, name))}
    return to_json(msgspec.structs.replace(record, **kept))  # type: ignore[type-var]  # records are structs
