"""How words are written."""

from __future__ import annotations

from typing import Any

from quizgen.generator.named import Decimal, HoleError, expected
from quizgen.generator.naming import Naming


def upper(naming: Naming, value: Any) -> Any:
    return expected(value, str, "upper", "a word").upper()


def capital(naming: Naming, value: Any) -> Any:
    text = expected(value, str, "capital", "a word")
    return text[:1].upper() + text[1:]


def pick(naming: Naming, value: Any, *texts: str) -> Any:
    """One of several texts by its number, counted from 0."""
    number = expected(value, Decimal, "pick", "a number").value
    if number.denominator != 1 or not 0 <= number < len(texts):
        raise HoleError(f"'pick' has {len(texts)} texts, numbered from 0; there is none with the number {number}")
    return texts[int(number)]
