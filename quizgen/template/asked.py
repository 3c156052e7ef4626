"""What a typed formula may be asked beyond its value: ``form`` and ``accept`` in their short forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any, TypeVar

from grading.keys import FORMS, RELATIONS, Relation, RelationKind, Requirement
from quizgen.source import DataPath
from quizgen.template.values import AuthorError, did_you_mean, share, shown, slug, text

T = TypeVar("T")
W = TypeVar("W", bound=str)

_ACCEPT_KEYS = ("credit", "misconception")


def forms(data: Any) -> tuple[Requirement, ...]:
    """``expanded``, ``[expanded, written-out]`` or ``{expanded: 1/4}``: the form, and what an equal formula earns
    that is not in it; half if nothing is said.

    >>> forms({"expanded": "0"})
    (Requirement(form='expanded', credit=Fraction(0, 1), feedback=''),)
    """
    return tuple(
        Requirement(name) if given is None else Requirement(name, _at((name,), share, given))
        for name, given in _entries(data, FORMS, "a form of a formula")
    )


def accepted(data: Any) -> tuple[Relation, ...]:
    """``opposite-sign``, ``[opposite-sign]`` (with full credit), ``{same-optimum: 1/2}`` or
    ``{opposite-sign: {credit: 1/4, misconception: flip-sign}}``.

    >>> accepted({"same-optimum": "1/2"})[0].credit, accepted("opposite-sign")[0].credit
    (Fraction(1, 2), Fraction(1, 1))
    """
    return tuple(
        _relation(name, given)
        for name, given in _entries(data, RELATIONS, "something that a formula can be to the key")
    )


def _relation(name: RelationKind, given: Any) -> Relation:
    if given is None:
        return Relation(name, Fraction(1))
    if not isinstance(given, dict):
        return Relation(name, _at((name,), share, given))
    for key in given:
        if key not in _ACCEPT_KEYS:
            raise AuthorError("Q101", f'there is no key "{key}" here', did_you_mean(key, _ACCEPT_KEYS), (name, key))
    if "credit" not in given:
        raise AuthorError("Q102", f"`{name}` needs `credit`, which is missing", "add `credit: 1/2`", (name,))
    ids = given.get("misconception", [])
    found = tuple(_at((name,), slug, entry) for entry in (ids if isinstance(ids, list) else [ids]))
    return Relation(name, _at((name,), share, given["credit"]), found)


def _at(path: DataPath, read: Callable[[Any], T], given: Any) -> T:
    """What `read` returns; what it complains about stands at this path."""
    try:
        return read(given)
    except AuthorError as problem:
        raise AuthorError(problem.code, problem.message, problem.remedy, path + problem.path) from None


def _entries(data: Any, known: Sequence[W], what: str) -> Iterator[tuple[W, Any]]:
    """(word, what stands behind it or None) of one word, a list of words, or a mapping; each word once."""
    pairs: list[tuple[Any, Any, DataPath]] = []
    if isinstance(data, dict):
        pairs += ((name, given, (name,)) for name, given in data.items())
    elif isinstance(data, list):
        pairs += ((entry, None, (index,)) for index, entry in enumerate(data))
    else:
        pairs.append((data, None, ()))
    seen: set[str] = set()
    for name, given, path in pairs:
        written = _at(path, text, name).strip()
        word = next((word for word in known if word == written), None)
        if word is None:
            code = "Q101" if isinstance(data, dict) else "Q106"
            raise AuthorError(code, f"{shown(written)} is not {what}", did_you_mean(written, known), path)
        if word in seen:
            raise AuthorError("Q106", f"{shown(written)} stands twice", "delete one", path)
        seen.add(word)
        yield word, given
