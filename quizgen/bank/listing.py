"""What a list of a bank says about its templates, read without their schema."""

from __future__ import annotations

from typing import Any

import msgspec

from quizgen.source import Document


class Listing(msgspec.Struct, frozen=True):
    """One template. template: the name by which it is asked for. review: its status, "" if it says nothing of it."""

    template: str
    kind: str
    title: str
    bloom: str
    concepts: tuple[str, ...]
    bank: str = ""
    review: str = ""
    author: str = ""
    licence: str = ""


def listing_of(name: str, document: Document, bank: str) -> Listing:
    """The line of one template. bank: the id of its bank."""
    concepts = document.data.get("concepts") if isinstance(document.data, dict) else None
    review: Any = document.data.get("review") if isinstance(document.data, dict) else None
    status = review.get("status") if isinstance(review, dict) else review
    return Listing(
        name,
        text_of(document, "kind"),
        text_of(document, "title") or name.replace("-", " ").capitalize(),
        text_of(document, "bloom"),
        tuple(concept for concept in concepts if isinstance(concept, str)) if isinstance(concepts, list) else (),
        bank,
        status if isinstance(status, str) else "",
        text_of(document, "author"),
        text_of(document, "licence"),
    )


def text_of(document: Document, key: str) -> str:
    """The text under a key, "" if there is none."""
    value = document.data.get(key) if isinstance(document.data, dict) else None
    return value if isinstance(value, str) else ""
