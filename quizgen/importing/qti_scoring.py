"""What an item says is right: its declared key, its mapping, and the few forms of scoring rules that are usual."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec

from quizgen.importing.contract import NotCarried, Notes
from quizgen.importing.qti_tree import attribute, children, descendants, first, name_of, value_of
from quizgen.importing.shares import exact_number, share


class Keys(msgspec.Struct):
    """The key of one response.

    correct: identifiers, numbers, wordings or pairs. mapping: (value, points). most: what the item is worth.
    inline: (feedback, misconception) inside options, by identifier. used: feedbacks that were understood.
    """

    cardinality: str
    base: str
    correct: tuple[str, ...]
    mapping: tuple[tuple[str, Fraction], ...] = ()
    default: Fraction = Fraction(0)
    upper: Fraction | None = None
    most: Fraction = Fraction(1)
    case_sensitive: bool = False
    inline: dict[str, tuple[str, str]] = {}
    used: list[Any] = []

    @property
    def shares(self) -> tuple[tuple[str, Fraction], ...]:
        """The mapping as shares of its largest value."""
        best = max((value for _, value in self.mapping), default=Fraction(0))
        if best <= 0:
            return ()
        return tuple((text, share(value / best)) for text, value in self.mapping)


def keys_of(root: Any, identifier: str, notes: Notes) -> Keys:
    """The key of a response. Raises NotCarried where the item declares none."""
    declared = next((d for d in children(root, "responseDeclaration") if d.get("identifier") == identifier), None)
    if declared is None:
        raise NotCarried("the item does not declare its response", broken=True)
    right = first(declared, "correctResponse")
    correct = () if right is None else tuple(value_of(value) for value in children(right, "value"))
    keys = Keys(
        declared.get("cardinality") or "single",
        attribute(declared, "baseType"),
        tuple(filter(None, correct)),
        most=_most(root),
        inline={},
        used=[],
    )
    table = first(declared, "mapping")
    if table is not None:
        entries = list(children(table, "mapEntry"))
        values = [(attribute(e, "mapKey"), exact_number(attribute(e, "mappedValue"))) for e in entries]
        keys.mapping = tuple((text, value) for text, value in values if text and value is not None)
        keys.default = exact_number(attribute(table, "defaultValue") or "0") or Fraction(0)
        keys.upper = exact_number(attribute(table, "upperBound"))
        keys.case_sensitive = bool(entries) and any(
            attribute(e, "caseSensitive") not in ("false", "0") for e in entries
        )
        if keys.default and keys.base != "identifier":
            notes(f"an answer that is not in the list earns {keys.default} there and nothing here")
    elif keys.base == "string":
        keys.case_sensitive = not any(
            attribute(match, "caseSensitive") == "false" for match in descendants(root, "stringMatch")
        )
    essay = any(True for _ in descendants(root, "extendedTextInteraction"))
    if not keys.correct and not keys.mapping and not essay and _bounds(root) is None:
        raise NotCarried("the item declares no right response", broken=True)
    if first(root, "templateDeclaration") is not None:
        raise NotCarried("the item draws its values by template rules of QTI")
    return keys


def _most(root: Any) -> Fraction:
    for outcome in children(root, "outcomeDeclaration"):
        names = {"MAXSCORE": None, "SCORE": attribute(outcome, "normalMaximum")}
        name = outcome.get("identifier") or ""
        if name not in names:
            continue
        default = first(outcome, "defaultValue")
        written = names[name] if name == "SCORE" else "" if default is None else value_of(default)
        if (value := exact_number(written or "")) is not None and 0 < value <= 1000:
            return value.limit_denominator(1000)
    return Fraction(1)


def numeric_range(root: Any, notes: Notes) -> tuple[Fraction, Fraction] | None:
    """(middle, radius) that the scoring rules ask for: ``equal`` with a tolerance, or between two numbers."""
    found = _bounds(root)
    if found is not None and found[2]:
        notes("the boundary of the tolerance is outside there and inside here")
    return None if found is None else found[:2]


def _bounds(root: Any) -> tuple[Fraction, Fraction, bool] | None:
    processing = first(root, "responseProcessing")
    if processing is None:
        return None
    for rule in descendants(processing, "equal"):
        middle, low, high = _numbers(rule), *_tolerances(rule)
        value = middle or _declared(root)
        if value is None or low is None:
            continue
        if attribute(rule, "toleranceMode") == "relative":
            low, high = abs(value) * low / 100, abs(value) * (high if high is not None else low) / 100
        above = high if high is not None else low
        return value + (above - low) / 2, (above + low) / 2, False
    for rule in descendants(processing, "and"):
        low = next((_numbers(part) for part in rule if name_of(part) in ("gte", "gt")), None)
        high = next((_numbers(part) for part in rule if name_of(part) in ("lte", "lt")), None)
        if low is not None and high is not None and low <= high:
            outside = any(name_of(part) in ("gt", "lt") for part in rule)
            return (low + high) / 2, (high - low) / 2, outside
    return None


def _numbers(rule: Any) -> Fraction | None:
    return next((exact_number(value_of(part)) for part in descendants(rule, "baseValue")), None)


def _tolerances(rule: Any) -> tuple[Fraction | None, Fraction | None]:
    written = attribute(rule, "tolerance").split()
    values = [exact_number(text) for text in written[:2]]
    if not values or attribute(rule, "toleranceMode") == "exact":
        return None, None
    return values[0], values[1] if len(values) > 1 else None


def _declared(root: Any) -> Fraction | None:
    for declared in children(root, "responseDeclaration"):
        right = first(declared, "correctResponse")
        for value in () if right is None else children(right, "value"):
            if (found := exact_number(value_of(value))) is not None:
                return found
    return None
