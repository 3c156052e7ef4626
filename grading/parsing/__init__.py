"""Reads what learners type: plain text, Unicode and LaTeX in one grammar, or a refusal that says why not.

What reads numbers is loaded when it is first used: formulas do without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grading.parsing.formulas import parse_expression
from grading.parsing.language import Language
from grading.parsing.refusals import Refused

if TYPE_CHECKING:
    from grading.parsing.numbers import NumberReadings, ParsedNumber, number_readings, parse_number

__all__ = [
    "Language",
    "NumberReadings",
    "ParsedNumber",
    "Refused",
    "number_readings",
    "parse_expression",
    "parse_number",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'grading.parsing' has no attribute {name!r}")
    from grading.parsing import numbers

    return getattr(numbers, name)
