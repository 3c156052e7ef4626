"""What a template says about itself besides its question: how hard it is, and who has looked at it."""

from __future__ import annotations

from typing import Any

from quizgen.template.records import LEVELS, STATUSES, Difficulty, Review
from quizgen.template.values import AuthorError, did_you_mean, is_number, one_word_of, shown, text

_LEVEL = one_word_of(*LEVELS)
_STATUS = one_word_of(*STATUSES)


def difficulty(data: Any) -> tuple[Difficulty, ...]:
    """``medium``, or a level for some values of the radicals: ``{easy: {masks.count: 1}, hard: {masks.count: 3}}``.

    Raises AuthorError for a level that there is not, and where no radicals stand behind one.

    >>> difficulty({"hard": {"masks.count": "3"}})
    (Difficulty(level='hard', radicals=(('masks.count', '3'),)),)
    """
    if not isinstance(data, dict):
        return (Difficulty(_LEVEL(data)),)
    found = []
    for level, radicals in data.items():
        if not isinstance(radicals, dict) or not radicals:
            remedy = "write {hard: {masks.count: 3}}, or one word for the whole template"
            raise AuthorError("Q107", f"{shown(level)} needs values of radicals", remedy, (level,))
        values = tuple(sorted((path, _radical_value(value)) for path, value in radicals.items()))
        found.append(Difficulty(_LEVEL(level), values))
    return tuple(found)


def review(data: Any) -> Review:
    """``draft``, or ``{status: reviewed, by: A. Teacher}``. Raises AuthorError for anything else.

    >>> review({"status": "piloted", "by": "A. Teacher"})
    Review(status='piloted', by='A. Teacher')
    """
    if not isinstance(data, dict):
        return Review(_STATUS(data))
    for key in data:
        if key not in ("status", "by"):
            raise AuthorError("Q101", f"there is no key {shown(key)} here", did_you_mean(key, ("status", "by")), (key,))
    if "status" not in data:
        raise AuthorError("Q107", "the review has no status", f"write one of: {', '.join(STATUSES)}")
    return Review(_STATUS(data["status"]), text(data.get("by", "")).strip())


def _radical_value(data: Any) -> str:
    from quizgen.template.values import exact

    found = text(data).strip()
    return str(exact(found)) if is_number(found) else found
