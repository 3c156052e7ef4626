"""Cuts a text into tokens. Plain text, Unicode and LaTeX become the same tokens; nothing is skipped silently."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from grading.expressions import Number
from grading.parsing.conventions import MAX_CHARACTERS, MAX_DIGITS, MAX_EXPONENT, MAX_TOKENS
from grading.parsing.language import GREEK, SUBSCRIPT_DIGITS
from grading.parsing.refusals import nearest, refuse


class Token(NamedTuple):
    """kind: ``number``, ``name``, ``function``, ``probability``, ``series``, ``frac``, ``sqrt``, ``superscript``, ``end``
    or the sign itself. value: what the grammar needs to know of it. tight: no white space before it."""

    kind: str
    value: Any
    start: int
    end: int
    tight: bool


class Series(NamedTuple):
    """The head of a sum or product over a set. variable; members: text of the set, ``low``/``high`` of a range."""

    product: bool
    variable: str
    members: str
    low: str
    high: str
    excluded: bool


LOOK_ALIKES = str.maketrans(
    dict.fromkeys("−–—‐‑﹣－", "-")
    | dict.fromkeys("×·⋅∙•∗✕", "*")
    | dict.fromkeys("÷∕⁄", "/")
    | dict.fromkeys("∣｜", "|")
    | dict.fromkeys("\xa0\u2007\u2009\u202f\u2002\u2003", " ")
    | {"（": "(", "）": ")", "＋": "+", "＝": "=", "，": ","}
)
HOMOGLYPHS = str.maketrans("аеорсухіјѕһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοАВЕКМНОРСТХ", "aeopcyxijshdqwABEZHIKMNOPTYXoABEKMHOPCTX")

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_DIGITS = r"[⁰¹²³⁴-⁹₀-₉]"
_LETTER = rf"(?:(?!{_DIGITS})[^\W\d_])"
_INDEX = r"(?:\s*_\s*(?:\{\s*(?:\\text\{|\\mathrm\{)?\w+\}?\s*\}|\d+|[A-Za-z]\w*)|\d+|[₀-₉]+|[ᵢⱼₖ])?"
_BALANCED = r'(?:[^()"]++|"(?:[^"\\]|\\.)*+")*+'
_BARS = r"(?:\||\\[lr]?vert\b|\\(?:left|right)\s*(?:\||\\[lr]?vert\b))"
_A_OF_X = r"\\?(?:A|mathcal\s*\{?\s*A\s*\}?)\s*(?:\\?[({]?\(\s*(?:x|\\mathbf\s*\{\s*x\s*\})\s*\))?"
_TOKEN = re.compile(
    rf"""
    (?P<space>[\s~]+|\\[,;:!\ >]|\\(?:displaystyle|textstyle|limits|nolimits|quad|qquad)(?![A-Za-z])
        |\\(?:left|right|[bB]igg?[lrm]?)(?![A-Za-z])(?=\s*(?:[\[\](){{}}|.]|\\[{{}}|lrv])))
  |(?P<probability>(?P<head>Pr(?:ob)?|PR|pr|P|p|\\(?:Pr|P)(?![A-Za-z])|\\(?:mathrm|operatorname|text)\s*\{{\s*Pr?\s*\}}
        |\\mathbb\s*\{{?\s*P\s*\}}?|ℙ)
        (?:\s*\\(?:no)?limits)?(?P<at>\s*_\s*(?:\{{\s*\w+\s*\}}|\w)|[₀-₉]+)?(?:\s*\^\s*\{{[^{{}}]*\}})?\s*(?:\\left\s*|\\[bB]igg?l?\s*)?
        (?:\((?P<round>{_BALANCED})\)|\[(?P<square>(?:[^\[\]"]|"(?:[^"\\]|\\.)*+"|\[\w+\])*+)\]))
  |(?P<series>(?:\\(?:sum|prod)(?![A-Za-z])|sum(?=\s*_)|prod(?=\s*_)|[Σ∑Π∏])(?:\s*\\limits)?\s*
        (?:_\s*(?P<under>\{{(?:[^{{}}]|\{{[^{{}}]*\}})*+\}}|\w)(?:\s*\^\s*(?P<over>\{{\s*\w+\s*\}}|\w+))?)?)
  |(?P<size>{_BARS}\s*{_A_OF_X}\s*{_BARS})
  |(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
  |(?P<frac>\\[dtc]?frac(?![A-Za-z])(?:\s*(?P<top>\d)\s*(?P<bottom>\d))?)
  |(?P<word>(?P<stem>\\(?:operatorname|mathrm|text|mathit|mathbf|textit)\s*\*?\s*\{{\s*[A-Za-z]+\s*\}}|{_LETTER}+)
        (?P<index>{_INDEX}))
  |(?P<superscript>⁻?[⁰¹²³⁴-⁹]+)
  |(?P<sign>\*\*|\\[{{}}|%]|[-+*/^(){{}}\[\]|,;=!<>%_√'])
  |(?P<command>\\[A-Za-z]+)(?P<under_command>{_INDEX})
""",
    re.VERBOSE,
)
_COMMA_NUMBER = re.compile(r"(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?")
_FUNCTIONS = frozenset(("log", "ln", "lg", "exp", "abs", "min", "max", "sqrt"))
_COMMANDS = {
    "cdot": "*", "times": "*", "ast": "*", "div": "/", "lvert": "|", "rvert": "|", "vert": "|", "mid": "|",
    "lbrace": "{", "rbrace": "}", "lbrack": "[", "rbrack": "]", "lparen": "(", "rparen": ")",
}  # fmt: skip
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_LABEL = re.compile(
    r"\s*(?:\\?(?:J|L|Loss|loss|mathcal\s*\{?\s*[JL]\s*\}?|ℓ|ell))(?:_\s*\{?[\w\\{}]*\}?)?\s*"
    r"(?:\(\s*(?:x|\\mathbf\s*\{\s*x\s*\}|x̄|\\theta|θ)\s*\))?\s*=(?!=)"
)


def clean(text: str) -> str:
    """The text with look-alike signs replaced, character for character; refuses what cannot be seen and what is too long."""
    if len(text) > MAX_CHARACTERS:
        raise refuse(
            "too-long", f"An answer may have {MAX_CHARACTERS} characters; this one has {len(text)}.", MAX_CHARACTERS
        )
    if hidden := _FORBIDDEN.search(text):
        name = unicodedata.name(hidden[0], "a control character").lower()
        raise refuse(
            "invisible-character", f"There is an invisible character here ({name}); please delete it.", hidden.start()
        )
    if text.isascii():
        return text
    return "".join(_plain_letter(c) for c in text.translate(LOOK_ALIKES))


def _plain_letter(character: str) -> str:
    if "\U0001d400" <= character <= "\U0001d7ff" or "\uff01" <= character <= "\uff5e":
        return unicodedata.normalize("NFKC", character)
    return character


def _inside(text: str) -> tuple[int, int]:
    """Where the formula begins and ends, without the delimiters of LaTeX around it."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    for opening, closing in (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]")):
        wide = len(opening) + len(closing)
        if end - start > wide and text.startswith(opening, start) and text.endswith(closing, start, end):
            return start + len(opening), end - len(closing)
    return start, end


def tokenize(text: str, decimal_comma: bool = False, declared: frozenset[str] = frozenset()) -> list[Token]:
    """The tokens of a cleaned text; the last one is of kind ``end``. Raises Refused.

    declared: single letters among ``p`` and ``P`` that are names, so that ``p(1-p)`` is a product.
    """
    position, end = _inside(text)
    if (label := _LABEL.match(text, position, end)) and text[label.start() : label.end()].strip(" =") not in declared:
        position = label.end()
    tokens: list[Token] = []
    tight = False
    while position < end:
        found = _TOKEN.match(text, position, end)
        if found is None:
            raise _unreadable(text, position)
        kind = found.lastgroup
        start, position = position, found.end()
        if kind == "space":
            tight = False
            continue
        if kind == "number":
            if decimal_comma and (wide := _COMMA_NUMBER.match(text, start, end)):
                position = wide.end()
            token = Token("number", number_value(text[start:position], start), start, position, tight)
        elif kind == "probability" and (read := _probability(found, declared)) is not None:
            token = Token("probability", read, start, position, tight)
        else:
            if kind == "probability":
                found = _NAME.match(text, start, end)
                assert found is not None
                kind, position = "word", found.end()
            token = _token(found, str(kind), tight)
        tokens.append(token)
        tight = True
        if len(tokens) > MAX_TOKENS:
            raise refuse("too-long", f"An answer may have {MAX_TOKENS} names, numbers and signs.", start)
    tokens.append(Token("end", None, end, end + 1, False))
    return tokens


_NAME = re.compile(rf"(?P<word>(?P<stem>\\?{_LETTER}+)(?P<index>{_INDEX}))")


def _probability(found: re.Match[str], declared: frozenset[str]) -> tuple[str, str] | None:
    """(subscript, inside) of ``Pr(…)``, or None where ``p(…)`` is a name times parentheses."""
    inside = found["round"] if found["round"] is not None else found["square"]
    if found["head"] in ("p", "P"):
        relation = "|" in inside or "=" in inside or "\\mid" in inside
        if not relation and (found["head"] in declared or found["at"]):
            return None
        if found["head"] in declared and not ("=" in inside or ("|" in inside and inside.count("|") % 2)):
            return None
    at = (found["at"] or "").translate(SUBSCRIPT_DIGITS).strip().lstrip("_").strip(" {}")
    return at, inside


def _token(found: re.Match[str], kind: str, tight: bool) -> Token:
    start, end = found.span()
    value: Any = None
    match kind:
        case "word":
            kind, value = _word(found)
        case "under_command" | "command":
            kind, value = _command(found)
        case "sign":
            kind = {"**": "^", "\\{": "{", "\\}": "}", "\\|": "|", "\\%": "%", "√": "sqrt"}.get(found[0], found[0])
        case "superscript":
            value = number_value(found[0].translate(_SUPERSCRIPTS).lstrip("-"), start), found[0][0] == "⁻"
        case "frac":
            value = (found["top"], found["bottom"]) if found["top"] else None
        case "size":
            kind, value = "name", "n"
        case "series":
            value = _series(found)
    return Token(kind, value, start, end, tight)


def _word(found: re.Match[str]) -> tuple[str, Any]:
    stem = found["stem"]
    if stem[0] == "\\":
        stem = stem[stem.index("{") + 1 : -1].strip() if "{" in stem else stem[1:]
    index = _plain_index(found["index"])
    if stem in _FUNCTIONS or (stem.lower() in _FUNCTIONS and stem.capitalize() == stem):
        stem = stem.lower()
        return ("sqrt", None) if stem == "sqrt" and not index else ("function", (stem, index))
    return "name", f"{GREEK.get(stem, stem)}_{index}" if index else GREEK.get(stem, stem)


def _plain_index(index: str) -> str:
    if not index:
        return ""
    index = index.translate(SUBSCRIPT_DIGITS).translate(str.maketrans("ᵢⱼₖ", "ijk"))
    return re.sub(r"\\(?:text|mathrm)|[\s{}]", "", index).lstrip("_")


def _command(found: re.Match[str]) -> tuple[str, Any]:
    name = found["command"][1:]
    index = _plain_index(found["under_command"])
    if name in _FUNCTIONS:
        return ("sqrt", None) if name == "sqrt" else ("function", (name, index))
    if name in _COMMANDS and not index:
        return _COMMANDS[name], None
    if name in GREEK.values():
        return "name", f"{name}_{index}" if index else name
    known = [*_FUNCTIONS, *_COMMANDS, "frac", "sqrt", "sum", "prod", "Pr", "bar", "mathbf", "text"]
    like = nearest(name, sorted(known))
    raise refuse(
        "unknown-command",
        f"The command \\{name[:40]} cannot be used in an answer.",
        found.start(),
        len(name) + 1,
        f"\\{like}" if like else "",
    )


_HEAD = re.compile(
    r"(?P<variable>[A-Za-z])\s*(?:=\s*(?P<low>\d+)|(?P<in>∈|\\in(?![A-Za-z])|in\b)|(?P<out>∉|\\notin(?![A-Za-z])|not\s+in\b))\s*"
    r"(?P<members>.*)",
    re.DOTALL,
)


def _series(found: re.Match[str]) -> Series:
    sign = found["series"][:5]
    under = (found["under"] or "").strip()
    inside = under[1:-1].strip() if under.startswith("{") else under
    head = _HEAD.fullmatch(inside)
    over = (found["over"] or "").strip(" {}")
    if head is None or bool(head["low"]) != bool(over) or (head["low"] and head["members"]):
        raise refuse(
            "unclear-sum",
            "A sum or product needs the set that it runs over.",
            found.start(),
            found.end() - found.start(),
            "sum_{i in A} … or sum_{i in {2,6}} …",
        )
    product = "prod" in sign or sign[0] in "Π∏"
    return Series(product, head["variable"], head["members"], head["low"] or "", over, bool(head["out"]))


@lru_cache(maxsize=4096)
def _number(literal: str) -> Number:
    return Number(Fraction(literal))


def number_value(literal: str, offset: int) -> Number:
    """The `Number` of a literal; refuses more digits or a larger exponent than allowed, before any arithmetic."""
    if len(literal) > 15:
        mantissa, _, exponent = literal.lower().partition("e")
        if len(mantissa) > MAX_DIGITS:
            raise refuse("too-many-digits", f"A number may have {MAX_DIGITS} digits.", offset, len(literal))
    else:
        _, _, exponent = literal.lower().partition("e")
    if exponent and (len(exponent) > 6 or abs(int(exponent)) > MAX_EXPONENT):
        raise refuse(
            "too-large", f"The exponent of a number may go up to {MAX_EXPONENT}.", offset, len(literal), "1e-300"
        )
    return _number(literal.replace(",", ".").replace("E", "e"))


def _unreadable(text: str, position: int) -> Exception:
    character = text[position]
    if character == "\\":
        return refuse("unknown-command", "A backslash must be followed by a command such as \\log.", position)
    if character == '"':
        return refuse("unexpected-quote", "Quotation marks can only stand around a word inside Pr(…).", position)
    if character in "$":
        return refuse("unexpected-dollar", "A $ can only stand around the whole formula.", position)
    return refuse("unknown-character", f"The character “{character}” has no meaning in a formula.", position)
