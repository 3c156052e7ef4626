"""Reads what learners type: plain text, Unicode and LaTeX in one grammar, or a refusal that says why not."""

from grading.parsing.grammar import parse_expression
from grading.parsing.language import Language
from grading.parsing.numbers import NumberReadings, ParsedNumber, number_readings, parse_number
from grading.parsing.refusals import Refused

__all__ = [
    "Language",
    "NumberReadings",
    "ParsedNumber",
    "Refused",
    "number_readings",
    "parse_expression",
    "parse_number",
]
