"""Names that every platform takes: of questions, parts and options, and back to what they stand for.

SCORM 1.2 allows letters, digits, hyphens and underscores in an identifier. Everything else is written as an underscore
and two hexadecimal digits for each byte, so that two underscores can part the fields of a name.
"""

from __future__ import annotations

import re

from quizgen.model import Item

_ESCAPED = re.compile(r"[^A-Za-z0-9-]")
LONGEST = 240
"""Characters of a name; room is left for the number of a piece."""


def slug(text: str) -> str:
    """A text as such a name.

    >>> slug("flip-sign"), slug("b_1"), slug("é")
    ('flip-sign', 'b_5f1', '_c3_a9')
    """
    return _ESCAPED.sub(lambda found: "".join(f"_{byte:02x}" for byte in found[0].encode()), text)


def question_name(item: Item) -> str:
    """``ITEM__REVISION``; the printed code in the place of an id that is too long."""
    name = f"{slug(item.id)}__{slug(item.revision)}"
    return name if len(name) <= LONGEST // 2 else f"{slug(item.code)}__{slug(item.revision)}"


def part_names(item: Item) -> dict[str, str]:
    """``ITEM__REVISION__PART`` for each part id; the place of a part, from 1, where its id is too long."""
    name, names = question_name(item), {}
    for place, part in enumerate(item.parts, 1):
        whole = f"{name}__{slug(part.id)}"
        names[part.id] = whole if len(whole) <= LONGEST else f"{name}__{place}"
    return names
