"""What the script of a practice page needs to check several numbers together: polynomials as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from grading.diagnosis import agreed_credit
from grading.joint import ORDERS, is_about_one, links_of
from grading.keys import JointCondition, NumericTupleKey, Rival
from quizgen.exporters.rendering.conditions import conditions_told, name_text


def joint_checking(key: NumericTupleKey) -> dict[str, Any]:
    """The names, the conditions and the known wrong tuples.

    A condition is a list of links; of each the terms of left minus right side (coefficient, exponents of the numbers)
    and the signs of their sum for which it holds.

    >>> key = NumericTupleKey(("x", "y"), (JointCondition("x*y <= 1/2"),), ("0", "0"))
    >>> joint_checking(key)["conditions"][0]["links"]
    [{'terms': [['1', [1, 1]], ['-1/2', [0, 0]]], 'holds': [-1, 0]}]
    """
    alike = {rival.value: [other for other in key.rivals if other.value == rival.value] for rival in key.rivals}
    known = [
        {
            "numbers": _plain(value),
            "credit": round(float(agreed_credit(rivals)), 10),
            "when": value if _told(rivals) else "",
        }
        for value, rivals in alike.items()
    ]
    return {
        "names": list(key.names),
        "shown": [name_text(name) for name in key.names],
        "conditions": [_condition(place, condition, key) for place, condition in enumerate(key.conditions, 1)],
        "known": known,
    }


def _condition(place: int, condition: JointCondition, key: NumericTupleKey) -> dict[str, Any]:
    links = [
        {
            "terms": [[str(coefficient), list(exponents)] for exponents, coefficient in link.difference],
            "holds": sorted(ORDERS[link.sign]),
        }
        for link in links_of(condition.holds, key.names)
    ]
    equal = f"equal {place}" if condition.equal else ""
    return {"alone": is_about_one(condition, key.names), "when": f"fails {place}", "equal": equal, "links": links}


def _told(rivals: Iterable[Rival]) -> bool:
    """Whether a tuple has words of its own; without any, those of the conditions that it fails are shown."""
    return any(rival.feedback or rival.title for rival in rivals)


def _plain(value: str) -> list[str]:
    return [text.strip() for text in value.split(";")]


def explained_tuples(key: NumericTupleKey) -> Iterator[tuple[str, tuple[Rival, ...], str]]:
    """(when, known wrong answers, "") for each known tuple and each condition of which something is said."""
    for rival in key.rivals:
        yield rival.value, (rival,), ""
    for when, rival in conditions_told(key):
        yield when, (rival,), ""
