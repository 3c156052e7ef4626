"""How words are written."""

from __future__ import annotations

from typing import Any

from quizgen.generator.named import expected
from quizgen.generator.naming import Naming


def upper(naming: Naming, value: Any) -> Any:
    return expected(value, str, "upper", "a word").upper()


def capital(naming: Naming, value: Any) -> Any:
    text = expected(value, str, "capital", "a word")
    return text[:1].upper() + text[1:]
