"""Options and known wrong answers in their short forms, each as one entry."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from quizgen.source import DataPath
from quizgen.template.values import AuthorError, did_you_mean, share, shown, slug, text

_SAID = ("hint", "feedback")
OPTION = ("text", "misconception", "credit", "when", "group", *_SAID)
RIGHT = ("text", "misconception")
UNUSED = (*OPTION, "instead_of")
"""The keys of the long form: of a wrong option, of a right one, of a right side of a matching that fits nothing."""
_COLON = "put the text into quotes if its colon is part of it"


class Entry(NamedTuple):
    """A wrong answer in any of its short forms. value: a text, or None; path: where the text stands.

    instead_of: for an unused right side of a matching, the left sides for which it is the known mistake.
    said: hint and feedback of its own, with the places where they stand.
    when, group: of an option, "" without one.
    """

    ids: tuple[str, ...]
    value: str | None
    credit: Fraction
    path: DataPath
    instead_of: tuple[str, ...] = ()
    said: tuple[tuple[str, str, DataPath], ...] = ()
    when: str = ""
    group: str = ""


def text_entry(entry: Any, path: DataPath, known: tuple[str, ...]) -> Entry:
    """An option: plain text, ``id: text`` or its long form. path: where it stands. known: the keys of the long form.

    Raises AuthorError for anything else.

    >>> text_entry({"sum-of-probs": "the sum"}, ("wrong", 0), OPTION)[:2]
    (('sum-of-probs',), 'the sum')
    """
    if isinstance(entry, dict) and "text" in entry:
        _unknown(entry, known)
        ids = _ids(entry["misconception"]) if "misconception" in entry else ()
        return _full_entry(ids, entry, path)
    if isinstance(entry, dict):
        key, value, place = _single(entry, path)
        if isinstance(value, dict):
            _unknown(value, tuple(name for name in known if name != "misconception"))
            return _full_entry((key,), value, place)
        return Entry((key,), text(value), Fraction(0), place)
    return Entry((), text(entry), Fraction(0), path)


def value_entry(entry: Any, path: DataPath, in_mapping: bool) -> Entry:
    """A known wrong value: ``id``, or ``id: credit``; in a mapping ``id: formula`` or ``id: {value:, credit:}``.

    path: where it stands. Raises AuthorError for anything else.

    >>> value_entry({"flip-sign": "-x"}, ("wrong", "flip-sign"), in_mapping=True)[:3]
    (('flip-sign',), '-x', Fraction(0, 1))
    """
    if isinstance(entry, str):
        return Entry((slug(entry.strip()),), None, Fraction(0), path)
    if not isinstance(entry, dict):
        raise AuthorError("Q103", f"a name is needed here, not {shown(entry)}", "write the id of a misconception")
    key, value, place = _single(entry, path)
    if isinstance(value, dict):
        _unknown(value, ("value", "credit", "when", *_SAID))
        formula = text(value["value"]) if "value" in value else None
        at, credit = (*place, "value") if formula else place, share(value.get("credit", "0"))
        when = text(value["when"]) if "when" in value else ""
        return Entry((key,), formula, credit, at, said=_said_in(value, place), when=when)
    if in_mapping:
        return Entry((key,), text(value), Fraction(0), place)
    return Entry((key,), None, share(value), place)


def _full_entry(ids: tuple[str, ...], entry: dict[str, Any], path: DataPath) -> Entry:
    """An option in its long form."""
    credit, instead = share(entry.get("credit", "0")), _lefts(entry)
    when, group = (text(entry[name]) if name in entry else "" for name in ("when", "group"))
    words = text(entry.get("text", ""))
    return Entry(ids, words, credit, (*path, "text"), instead, _said_in(entry, path), when, group)


def _single(entry: dict[str, Any], path: DataPath) -> tuple[str, Any, DataPath]:
    """The id, what stands behind it, and its path, of a mapping with one entry."""
    if len(entry) != 1:
        raise AuthorError("Q103", "this entry has more than one name", "begin each entry with its own -")
    ((key, value),) = entry.items()
    try:
        slug(key)
    except AuthorError as problem:
        raise AuthorError("Q110", problem.message, f"{problem.remedy}; {_COLON}") from None
    return key, value, path if path[-1] == key else (*path, key)


def _unknown(entry: dict[str, Any], known: tuple[str, ...]) -> None:
    for key in entry:
        if key not in known:
            raise AuthorError("Q101", f'there is no key "{key}" here', did_you_mean(key, known), (key,))


def _ids(raw: Any) -> tuple[str, ...]:
    return tuple(map(slug, raw if isinstance(raw, list) else [raw]))


def _said_in(entry: dict[str, Any], path: DataPath) -> tuple[tuple[str, str, DataPath], ...]:
    """Hint and feedback that an entry has of its own."""
    return tuple((key, text(entry[key]), (*path, key)) for key in _SAID if key in entry)


def _lefts(entry: dict[str, Any]) -> tuple[str, ...]:
    raw = entry.get("instead_of", [])
    return tuple(map(text, raw if isinstance(raw, list) else [raw]))
