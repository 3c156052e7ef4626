"""The tree of a QTI item under the names of version 2.1: ``qti-choice-interaction`` is ``choiceInteraction``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any


def normal(name: str) -> str:
    """The name of version 2.1.

    >>> normal("qti-choice-interaction"), normal("itemBody"), normal("p")
    ('choiceInteraction', 'itemBody', 'p')
    """
    if not name.startswith("qti-"):
        return name
    return re.sub(r"-(\w)", lambda found: found[1].upper(), name.removeprefix("qti-"))


def name_of(element: Any) -> str:
    """The local name of an element under that of version 2.1, "" for what is no element."""
    tag = element.tag
    return normal(tag.rpartition("}")[2]) if isinstance(tag, str) else ""


def children(element: Any, name: str) -> Iterator[Any]:
    """The children of this name."""
    return (child for child in element if name_of(child) == name)


def descendants(element: Any, name: str) -> Iterator[Any]:
    """Everything of this name below an element."""
    return (inner for inner in element.iterdescendants() if name_of(inner) == name)


def first(element: Any, name: str) -> Any:
    """The first child of this name, or None."""
    return next(children(element, name), None)


def attribute(element: Any, name: str) -> str:
    """An attribute under its name in version 2.1 or 3.0, "" if it is missing.

    >>> from lxml import etree
    >>> attribute(etree.fromstring('<x map-key="a"/>'), "mapKey")
    'a'
    """
    dashed = re.sub(r"([A-Z])", lambda found: "-" + found[1].lower(), name)
    return element.get(name) or element.get(dashed) or ""


def value_of(element: Any) -> str:
    """The text of an element, white space folded."""
    return " ".join("".join(element.itertext()).split())
