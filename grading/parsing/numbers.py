"""Reads a typed number: a decimal, a fraction, a closed formula, with or without its unit.

`grading.parsing.decimals` says what points and commas mean. The whole text is one number or it is refused.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NoReturn

import msgspec

from grading.expressions import Expression, Negation, Number, Probability, walk
from grading.parsing.conventions import MAX_EXPONENT
from grading.parsing.decimals import MANTISSA, Written, decimal_readings, doubt
from grading.parsing.formulas import parse_expression
from grading.parsing.language import Language
from grading.parsing.refusals import Refused, refuse
from grading.parsing.tokens import clean
from grading.verdicts import Refusal


class ParsedNumber(msgspec.Struct, frozen=True):
    """expression: closed. unit: ``nats``, ``bits`` or ``hartleys`` if the text named one, else "".

    written: the digits as they were typed; None for a fraction or formula. percent: a decimal with % behind it.
    shown: a decimal as it was understood; "" for a fraction or formula.
    """

    expression: Expression
    unit: str = ""
    written: Written | None = None
    percent: bool = False
    shown: str = ""


class NumberReadings(msgspec.Struct, frozen=True):
    """What a text may mean. numbers: one, or the likelier of two first. doubt: the refusal if they must not be two."""

    numbers: tuple[ParsedNumber, ...]
    doubt: Refusal | None = None


_PLAIN = re.compile(r"\s*([-+\u2212]?)([0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})\s*")
_MAYBE_GROUP = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_CLOSED = (Language(), Language(decimal_comma=True))


def parse_number(text: str, *, decimal_comma: bool = False, unit: str = "") -> ParsedNumber:
    """The number that a text means, exact. Raises Refused, also if it can be read as two numbers.

    decimal_comma: which decimal mark is used, see `grading.parsing.decimals`. unit: what may stand behind the number
    besides nats, bits and hartleys, such as ``cm``; after ``%`` as a unit the number is not divided by 100.

    >>> parse_number("−1.5").expression, parse_number("50 %").expression == parse_number("50/100").expression
    (Negation(operand=Number(value=Fraction(3, 2))), True)
    >>> parse_number("2.3 nats").unit
    'nats'
    """
    readings = number_readings(text, decimal_comma=decimal_comma, unit=unit)
    if readings.doubt is not None:
        raise Refused(readings.doubt)
    return readings.numbers[0]


def number_readings(text: str, *, decimal_comma: bool = False, unit: str = "") -> NumberReadings:
    """All that a text may mean as a number; arguments as for `parse_number`. Raises Refused if that is nothing.

    >>> [number.shown for number in number_readings("1,609").numbers]
    ['1609', '1.609']
    """
    if (found := _PLAIN.fullmatch(text)) and not (decimal_comma and _MAYBE_GROUP.fullmatch(found[2])):
        value: Expression = Number(Fraction(found[2]))
        if found[1] not in ("", "+"):
            value = Negation(value)
        return NumberReadings((ParsedNumber(value, "", Written(found[2]), False, found[1] + found[2]),))
    typed = _Typed(clean(text), text)
    try:
        return _readings(typed, decimal_comma, unit)
    except Refused as refused:
        raise Refused(typed.placed(refused.refusal)) from None


_RUNS = re.compile(r"(?P<blank>[\s~]+)|[^\s~]+")


class _Typed:
    """A text that is being simplified; it remembers where each of its characters stood."""

    def __init__(self, cleaned: str, original: str) -> None:
        pieces: list[str] = []
        self.places: list[int] = []
        self.original = original
        for run in _RUNS.finditer(cleaned):  # long runs of blanks would make every expression below slow
            pieces.append(run[0][:2] if run["blank"] else run[0])
            self.places += range(run.start(), run.start() + len(pieces[-1]))
        self.text = "".join(pieces)
        self.places.append(len(cleaned))

    def replace(self, start: int, end: int, new: str) -> None:
        self.text = self.text[:start] + new + self.text[end:]
        self.places[start:end] = [self.places[min(start + k, end - 1)] for k in range(len(new))] if end > start else []

    def substitute(self, pattern: re.Pattern[str], new: str) -> None:
        pieces: list[str] = []
        places: list[int] = []
        done = 0
        for found in pattern.finditer(self.text):
            start, end = found.span()
            shown = found.expand(new)
            pieces += [self.text[done:start], shown]
            places += self.places[done:start] + [self.places[min(start + k, end - 1)] for k in range(len(shown))]
            done = end
        if pieces:
            self.text = "".join(pieces) + self.text[done:]
            self.places = places + self.places[done:]

    def placed(self, refusal: Refusal) -> Refusal:
        """The refusal of a place in the simplified text, moved to where that stood."""
        last = len(self.places) - 1
        start = self.places[min(refusal.offset, last)]
        end = self.places[min(refusal.offset + max(1, refusal.length) - 1, last)] + 1
        return msgspec.structs.replace(refusal, offset=start, length=max(1, end - start))


def _readings(typed: _Typed, decimal_comma: bool, unit: str) -> NumberReadings:
    _simplify(typed, decimal_comma)
    named = _cut_unit(typed, unit)
    _cut_dollars(typed)
    typed.substitute(_TRAILING_SPACE, "")
    _refuse_what_is_no_number(typed)
    found = _LITERAL.fullmatch(typed.text)
    if found is None:
        return NumberReadings((ParsedNumber(_formula(typed, decimal_comma), named),))
    try:
        decimals = decimal_readings(found["mantissa"], decimal_comma)
    except Refused as refused:
        raise refused.moved(found.start("mantissa")) from None
    numbers = tuple(_literal(found, decimal, named, decimal_comma) for decimal in decimals)
    if len(numbers) == 1:
        return NumberReadings(numbers)
    refusal = doubt(found["mantissa"], decimals, decimal_comma).moved(found.start("mantissa")).refusal
    return NumberReadings(numbers, typed.placed(refusal))


# --- what may stand around a number

_DOLLARS = (
    (re.compile(r"\s*(\$\$?)([^$]*)(\$\$?)\s*"), "$"),
    (re.compile(r"\s*(\\[(\[])(.*)(\\[)\]])\s*", re.S), "\\"),
)
_TRAILING_SPACE = re.compile(r"[\s~]+$")
_BRACED_COMMA = re.compile(r"(?<=\d)\{,\}(?=\d)")
_THIN_SPACE = re.compile(r"(?<=\d)\\[,;: ](?=\d{3}(?!\d))")
_LETTER_TIMES = re.compile(r"(?<=[\d.,])(\s*)[xX](\s*10\s*(?:\^|\*\*|⁻?[⁰¹²³⁴-⁹]))")
_NAME = (
    r"\\?(?:mathcal|bar|overline|text|mathrm|mathbf|operatorname)?\s*\{?\s*"
    r"(?:J|L\u0304?|H|ℓ|ell|ℒ|PPL|ppl|NLL|nll|CE|[Ll]oss|[Pp]erplexity|[Aa]nswer|[Rr]esult|[Aa]ntwort|[Ee]rgebnis)\s*\}?"
    r"(?:\s*_\s*\{?[A-Za-z\\ {]{0,40}\}*)?\s*(?:\(\s*(?:x|x̄|θ|\\theta|\\mathbf\s*\{\s*x\s*\})\s*\))?"
)
_SIGN = r"(?:[=≈≅≃∼≐~]|\\(?:approx|simeq|cong|sim|doteq)(?![A-Za-z]))"
_LABEL = re.compile(rf"\s*(?:{_NAME})?\s*{_SIGN}+\s*(?=\S)")
_PER_CENT = re.compile(r"(?<=[\d.,)}])\s*(?:\\text\s*\{\s*)?(?:per\s?cent|[Pp]rozent|pct)\s*\}?\.?\s*$", re.I)
_COLON = re.compile(r"(?<=[\d)])\s*:\s*(?=[\d(])")
_UNDER = re.compile(r"_\s*\{(?:[^{}]|\{[^{}]*\})*\}")
"""The set that a sum runs over: its comma and its = are those of a set."""
_UNITS = {
    "nat": "nats",
    "bit": "bits",
    "sha": "bits",
    "sh": "bits",
    "har": "hartleys",
    "ban": "hartleys",
    "dit": "hartleys",
}
_UNIT = re.compile(
    r"[\s~]*(?:\\[,;: ]\s*)?(?:\\(?:text|mathrm)\s*\{\s*)?"
    r"([(\[])?(nats?|bits?|Sh|shannons?|hartleys?|hart|bans?|dits?)(?(1)[)\]])\s*\}?\.?\s*$",
    re.I,
)


def _simplify(typed: _Typed, decimal_comma: bool) -> None:
    """Digits of one script, group separators as blanks, without dollars, a label and a sign of (near) equality."""
    _plain_digits(typed, decimal_comma)
    _cut_dollars(typed)
    typed.substitute(_BRACED_COMMA, ",")
    typed.substitute(_THIN_SPACE, " ")
    typed.substitute(_LETTER_TIMES, r"\1*\2")
    typed.substitute(_PER_CENT, "%")
    if decimal_comma:  # where the comma is the decimal mark, a colon divides
        typed.substitute(_COLON, "/")
    if label := _LABEL.match(typed.text):
        typed.replace(0, label.end(), "")


def _plain_digits(typed: _Typed, decimal_comma: bool) -> None:
    """Digits and marks of other scripts as those of ASCII; refuses digits of several scripts in one text."""
    if typed.text.isascii():
        return
    typed.text = typed.text.translate({0x66B: "," if decimal_comma else ".", 0x66C: "'", 0x2019: "'", 0xFF0E: "."})
    zeros: dict[int, int] = {}
    characters = []
    for place, character in enumerate(typed.text):
        if character.isdecimal():
            zeros.setdefault(ord(character) - int(character), place)
            character = str(int(character))
        characters.append(character)
    if len(zeros) > 1:
        raise refuse("mixed-digits", max(zeros.values()))
    typed.text = "".join(characters)


def _cut_dollars(typed: _Typed) -> None:
    for pattern, begin in _DOLLARS:
        if begin in typed.text and (found := pattern.fullmatch(typed.text)) and len(found[1]) == len(found[3]):
            typed.replace(found.end(2), len(typed.text), "")
            typed.replace(0, found.start(2), "")


def _cut_unit(typed: _Typed, unit: str) -> str:
    """Takes the unit off the end; which of the known ones it was."""
    body = typed.text.rstrip()
    if unit and body.endswith(unit):
        start = len(body) - len(unit)
        if unit == "%" and body[:start].endswith("\\"):
            start -= 1
        typed.replace(start, len(typed.text), "")
        return unit if unit in ("nats", "bits") else ""
    if found := _UNIT.search(typed.text):
        word = found[2].lower()
        typed.replace(found.start(), len(typed.text), "")
        return _UNITS[word[:3]]
    return ""


# --- what is no number

_INFINITE = re.compile(
    r"∞|\\infty(?![A-Za-z])|(?<![A-Za-z\\])(?:inf|infty|infinity|infinite|unendlich)(?![A-Za-z])", re.I
)
_NO_NUMBER = re.compile(r"\s*[-+]?\s*#?(nan|n/a|undefined|undefiniert|not a number|div/0!?|value!)\s*", re.I)
_INTERVAL = re.compile(
    r"[±∓]|\\(?:pm|mp)(?![A-Za-z])|^\s*\+\s*-|(?<=[\d.%)])\s*\+-(?=\s*[\d.])|(?<=[\d.%)])\s*--+(?=\s*[\d.])"
)
_PLUS_MINUS = ("±", "∓", "\\pm", "\\mp")
_RELATION = re.compile(r"[=≈≅≃∼≐≠<>≤≥]|\\(?:approx|simeq|cong|sim|le|leq|ge|geq|lt|gt|neq?)(?![A-Za-z])")
_EN_DASH = re.compile(r"(?<=\d)–(?=\d)")
_TIMES = r"(?:\*|\\times(?![A-Za-z])|\\cdot(?![A-Za-z]))"
_LOST_EXPONENT = re.compile(rf"\s*([-+]?\s*{MANTISSA})\s*(?:{_TIMES}|[xX])\s*10\s*-\s*(\d{{1,3}})\s*")


def _refuse_what_is_no_number(typed: _Typed) -> None:
    text = _without_sets(typed.text)
    if not text.strip(" \t\r\n~"):
        raise refuse("empty:number")
    if found := _INFINITE.search(text):
        _refuse(found, "infinite")
    if found := _NO_NUMBER.fullmatch(text):
        _refuse(found, "not-a-number:none")
    if found := _INTERVAL.search(text):
        _refuse(found, f"interval:{'plus-minus' if found[0].strip() in _PLUS_MINUS else 'signs'}")
    if (found := _EN_DASH.search(typed.original)) and found.start() in typed.places:
        raise refuse("interval:dash", typed.places.index(found.start()), 1, "-")
    if found := _RELATION.search(text):
        sides = [side.strip() for side in re.split(_RELATION, text)]
        number = next((side for side in reversed(sides) if re.search(r"\d", side)), "")
        raise refuse("relation:number", found.start(), found.end() - found.start(), number)
    if found := _LOST_EXPONENT.fullmatch(text):
        raise refuse("ambiguous-exponent:lost", 0, len(text), f"{found[1].replace(' ', '')}e-{found[2]}")


def _without_sets(text: str) -> str:
    return _UNDER.sub(lambda found: " " * len(found[0]), text)


def _refuse(found: re.Match[str], sentence: str) -> NoReturn:
    raise refuse(sentence, found.start(), found.end() - found.start())


# --- decimals and formulas

_LITERAL = re.compile(
    rf"""[\s~]*(?P<sign>[-+]?)\s*(?P<mantissa>{MANTISSA})
    (?:(?P<e>(?:e|\s*E)[-+]?\d+)
      |\s*(?P<ten>{_TIMES}\s*10\s*(?:(?:\^|\*\*)\s*(?:\{{\s*(?P<b>[-+]?\d+)\s*\}}|\(\s*(?P<r>[-+]?\d+)\s*\)|(?P<n>[-+]?\d+))
        |(?P<s>⁻?[⁰¹²³⁴-⁹]+))))?
    \s*(?P<percent>\\?%)?[\s~]*""",
    re.VERBOSE,
)
_PERCENT_BELOW = re.compile(rf"(?:/|\^|\*\*)\s*\{{?\s*[-+]?\s*{MANTISSA}(?:e[-+]?\d+)?\s*\}}?\s*\\?%", re.I)
_SPACED_E = re.compile(r"(?<=\d)\s+e(?=[-+]?\d)")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_GROUPED = re.compile(r"(?<![\w.,}^'])[1-9]\d{0,2}(?:([ '])\d{3})(?:\1\d{3})*(?!\d)")
_GROUP_MARKS = re.compile(r"[ ']")
_COMMA = re.compile(r"(?<![\d.,])\d+,\d+(?![\d,])")
_SEVERAL = re.compile(r"(?<![A-Za-z])(?:min|max)(?![A-Za-z])", re.I)
_LIST = re.compile(r"(?<=\d)(?:\s*;\s*|,\s+)(?=[-+]?[.,]?\d)")
_COMMA_RUN = re.compile(r"\d,\d+,\d")


def _literal(found: re.Match[str], decimal: str, unit: str, decimal_comma: bool) -> ParsedNumber:
    """The number that is written as this decimal with the sign, the power of ten and the % that were found."""
    power = found["b"] or found["r"] or found["n"] or (found["s"] or "").translate(_SUPERSCRIPTS) or "0"
    tail = "".join((found["e"] or "").split()) or (f"*10^({power})" if found["ten"] else "")
    percent = found["percent"] or ""
    try:
        expression = parse_expression(f"{found['sign']}{decimal}{tail}{percent}")
    except Refused as refused:
        raise refused.placed(found.start(), len(found[0])) from None
    exponent = int(tail[1:]) if found["e"] else int(power)
    written = Written(decimal, exponent - 2 if percent else exponent) if abs(exponent) <= MAX_EXPONENT else None
    shown = found["sign"] + (decimal.replace(".", ",") if decimal_comma else decimal)
    shown += (f"e{exponent}" if exponent else "") + (" %" if percent else "")
    return ParsedNumber(expression, unit, written, bool(percent), shown)


def _formula(typed: _Typed, decimal_comma: bool) -> Expression:
    for grouped in reversed(list(_GROUPED.finditer(typed.text))):
        typed.replace(grouped.start(), grouped.end(), _GROUP_MARKS.sub("", grouped[0]))
    text = _without_sets(typed.text)
    several = _SEVERAL.search(text)
    if not several and (found := _LIST.search(text)):
        _refuse(found, "several-numbers")
    if found := _PERCENT_BELOW.search(typed.text):
        _refuse(found, "ambiguous-percent")
    if found := _SPACED_E.search(typed.text):
        _refuse(found, "ambiguous-exponent:euler")
    comma = _COMMA_RUN.search(text) if decimal_comma and several else None
    if not decimal_comma and not several:
        comma = _COMMA.search(text)
    if comma is not None:
        raise refuse(
            "ambiguous-comma:between" if decimal_comma else "ambiguous-comma:in-formula",
            comma.start(),
            comma.end() - comma.start(),
            "" if decimal_comma else comma[0].replace(",", "."),
            text=comma[0][:40],
        )
    try:
        tree = parse_expression(typed.text, _CLOSED[decimal_comma])
    except Refused as refused:
        place, length = refused.refusal.offset, refused.refusal.length
        if refused.refusal.code == "unknown-name" and _UNIT.fullmatch(typed.text[place : place + length]):
            raise refuse("unexpected", place, length) from None  # it is known, but not there
        raise
    if any(isinstance(node, Probability) for node in walk(tree)):
        raise refuse("not-a-number:probability", 0, len(typed.text))
    return tree
