"""Reads a typed number: a decimal, a fraction, a closed formula, with or without its unit."""

from __future__ import annotations

import re
from fractions import Fraction

import msgspec

from grading.expressions import Expression, Negation, Number
from grading.parsing.grammar import parse_expression
from grading.parsing.language import Language
from grading.parsing.refusals import refuse
from grading.parsing.tokens import clean


class ParsedNumber(msgspec.Struct, frozen=True):
    """expression: closed. unit: ``nats`` or ``bits`` if the text named one, else ""."""

    expression: Expression
    unit: str = ""


_DECIMAL = re.compile(r"\s*([-+\u2212]?)(\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})\s*")
_UNIT = re.compile(
    r"[\s~]*(?:\\[,;: ]\s*)?(?:\\(?:text|mathrm)\s*\{\s*)?(nats?|bits?|Sh|shannons?)\s*\}?\.?\s*\$?\s*$", re.I
)
_COMMA = re.compile(r"(?<![\d.,])\d+,\d+(?![\d,])")
_GROUPED = re.compile(r"(?<![\w.,}])\d{1,3}(?:[ \u00a0\u2009\u202f']\d{3})+(?![\d])")
_CLOSED = (Language(), Language(decimal_comma=True))


def parse_number(text: str, *, decimal_comma: bool = False, unit: str = "") -> ParsedNumber:
    """The number that a text means, exact. Raises Refused.

    decimal_comma: a comma is the decimal mark; a point is always one too. Without it a comma is refused, because
    ``1,609`` may mean two numbers. unit: another unit word that may stand behind the number, such as ``cm``.

    >>> parse_number("−1.5"), parse_number("50 %").expression == parse_number("50/100").expression
    (ParsedNumber(expression=Negation(operand=Number(value=Fraction(3, 2))), unit=''), True)
    >>> parse_number("2.3 nats").unit
    'nats'
    """
    if found := _DECIMAL.fullmatch(text):
        value: Expression = Number(Fraction(found[2]))
        return ParsedNumber(Negation(value) if found[1] not in ("", "+") else value)
    return _parse_number(text, decimal_comma, unit)


def _parse_number(text: str, decimal_comma: bool, unit: str) -> ParsedNumber:
    cleaned = clean(text)
    named = ""
    if unit and cleaned.rstrip().endswith(unit):
        body = cleaned.rstrip()
        cleaned = body[: -len(unit)]
        named = unit if unit in ("nats", "bits") else ""
    elif found := _UNIT.search(cleaned):
        named = "nats" if found[1].lower().startswith("nat") else "bits"
        cleaned = cleaned[: found.start()] + ("$" if cleaned.lstrip().startswith("$") else "")
    if _GROUPED.search(cleaned):
        cleaned = _GROUPED.sub(lambda m: re.sub(r"\D", "", m[0]), cleaned)
    if not decimal_comma and (comma := _COMMA.search(cleaned)) and "min" not in cleaned and "max" not in cleaned:
        raise refuse(
            "ambiguous-comma",
            f"“{comma[0]}” can be read in two ways; please write a decimal point and no thousands separator.",
            comma.start(),
            comma.end() - comma.start(),
            comma[0].replace(",", "."),
        )
    return ParsedNumber(parse_expression(cleaned, _CLOSED[decimal_comma]), named)
