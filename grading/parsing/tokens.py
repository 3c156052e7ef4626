"""Cuts a text into tokens. Plain text, Unicode and LaTeX become the same tokens; nothing is skipped silently."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from grading.expressions import Expression, Number
from grading.letters import FROM_LOWERED, FROM_SUBSCRIPTS, FROM_SUPERSCRIPTS, GREEK
from grading.parsing.conventions import MAX_CHARACTERS, MAX_DIGITS, MAX_EXPONENT, MAX_TOKENS
from grading.parsing.extents import extent
from grading.parsing.notation import COMMANDS, FUNCTIONS, HOMOGLYPHS, LOOK_ALIKES, SIGNS
from grading.parsing.refusals import Refused, kind_of_invisible, nearest, refuse


class Token(msgspec.Struct, frozen=True, gc=False, eq=False):
    """One token. Two tokens are the same only if they are one object.

    kind: ``number``, ``name``, ``function``, ``probability``, ``series``, ``frac``, ``sqrt``, ``superscript``, ``end``
    or the sign itself. value: what the grammar needs to know of it. tight: no white space before it.
    leaf: what a number, name or probability means outside of all sums over sets, where that is known already.
    """

    kind: str
    value: Any
    start: int
    end: int
    tight: bool
    leaf: Expression | None = None


class Series(NamedTuple):
    """The head of a sum or product over a set. variable; members: text of the set, ``low``/``high`` of a range."""

    product: bool
    variable: str
    members: str
    low: str
    high: str
    excluded: bool


_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060\u2063-\u206f\ufeff\ud800-\udfff]"
)
_FRACTIONS = "¼½¾⅐-⅞"
_RAISED = "⁰¹²³⁴-⁹"
_LOWERED = "₀-₉ₐ-ₜᵢ-ᵥⱼ"
_LETTER = rf"[^\W\d_{_RAISED}{_LOWERED}{_FRACTIONS}]"
_LETTER_OR_DIGIT = rf"[^\W{_RAISED}{_LOWERED}{_FRACTIONS}]"
_GAP = r"(?:\s|\\[,;:!>\ ])*"
_ONE_BASE = r"(?<!(?<![A-Za-z])[lL][nNgGbBdD])(?<!(?<![A-Za-z])(?:[sS]qrt|SQRT))"
"""Not behind a function whose base is known: its digits are what it applies to."""
_INDEX = (
    rf"(?:\s*_\s*(?:\{{{_GAP}(?:\\(?:text|mathrm|mathit|textit)\{{\s*{_LETTER_OR_DIGIT}+\s*\}}|{_LETTER_OR_DIGIT}+)\s*\}}"
    rf"|\d+|[A-Za-z]{_LETTER_OR_DIGIT}*)|(?=\d){_ONE_BASE}\d+|[{_LOWERED}]+)?"
)
_BALANCED = r'(?:[^()"]++|"(?:[^"\\]|\\.)*+")*+'
_BARS = r"(?:\||\\[lr]?vert\b|\\m?(?:left|right)\s*(?:\||\\[lr]?vert\b))"
_A_OF_X = r"\\?(?:A|mathcal\s*\{?\s*A\s*\}?)\s*(?:\\?[({]?\(\s*(?:x|\\mathbf\s*\{\s*x\s*\})\s*\))?"
_PARAMETER = r"(?:\\(?:theta|phi)(?![A-Za-z])|theta(?![A-Za-z])|θ|W)"
_STYLE = r"\\(?:mathbf|boldsymbol|bm|mathrm|hat|widehat)"
_ONE_PARAMETER = rf"(?:{_STYLE}\s*\{{\s*{_PARAMETER}\s*\}}|(?:{_STYLE}\s*)?{_PARAMETER})"
_PARAMETERS = rf"\{{\s*(?:{_ONE_PARAMETER}[\s,;]*)++\}}"
"""What may stand above or below the sign of a probability: the parameters of the model, never an exponent."""
_OF_MODEL = re.compile(rf"\s*_\s*(?:{_PARAMETERS}|{_ONE_PARAMETER})")
_IN_BRACES = (
    r'(?:[^{}"\\]|\\(?![{}])|"(?:[^"\\]|\\.)*+"|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*+\})*+\})*+'  # four deep, no deeper
)
_EXPONENT = r"(?:[eE][+-]?\d+|\\mathrm\{e\}\{[+-]?\d+\})?"
SPACE = r"""\\[,;:!\ >]|\\(?:displaystyle|textstyle|limits|nolimits|quad|qquad)(?![A-Za-z])
        |\\(?:m?left|m?right|[bB]igg?[lrm]?)(?![A-Za-z])(?=\s*(?:[\[\](){}|.]|\\[{}|lrv]))"""
PIECES = rf"""(?P<sign>\*\*|[-+*/^(){{}}\[\],;=!<>%_√'])
  |(?P<number>(?:\d++(?![{_FRACTIONS}])(?:\.\d*)?|\.\d+){_EXPONENT})
  |(?P<probability>(?P<head>Pr(?:ob)?|PR|pr|P|p|\\(?:Pr|P)(?![A-Za-z])|ℙ|\\mathbb\s*P
        |\\(?:mathrm|operatorname|text|mathsf|mathbb)\s*\{{\s*Pr?\s*\}}|\\math(?:bf|it)\s*\{{\s*(?:Pr?|p)\s*\}})
        (?:\s*\\(?:no)?limits)?
        (?P<at>\s*_\s*(?:\w|\{{\s*\w+\s*\}}|{_ONE_PARAMETER}|{_PARAMETERS})|[₀-₉]+)?
        (?:\s*\^\s*{_PARAMETERS})?\s*(?:\\m?left\s*|\\[bB]igg?l?\s*)?
        (?:\((?P<round>{_BALANCED})\)|\[(?P<square>(?:[^\[\]"]|"(?:[^"\\]|\\.)*+"|\[\w+\])*+)\]
          |\\\{{(?P<braced>{_IN_BRACES})\\\}}|\{{(?P<curled>{_IN_BRACES})\}}))
  |(?P<series>(?:\\(?:sum|prod)(?![A-Za-z])|sum(?=\s*_)|prod(?=\s*_)|[Σ∑Π∏])(?:\s*\\(?:no)?limits)?\s*
        (?:_\s*(?P<under>\{{(?:[^{{}}]|\{{(?:[^{{}}]|\{{[^{{}}]*\}})*+\}})*+\}}|\w)
             (?:\s*\^\s*(?P<over>\{{\s*\w*\s*\}}|\w+))?
          |(?P<beside>[A-Za-z]\s*(?:∈|\\in(?![A-Za-z]))\s*(?:{_A_OF_X}(?!\w)|\\?\{{[\d\s,;]+\\?\}})))?)
  |(?P<size>{_BARS}\s*{_A_OF_X}\s*{_BARS})
  |(?P<frac>\\[dtc]?frac(?![A-Za-z])(?:\s*(?P<top>\d)\s*(?P<bottom>\d))?|(?P<whole>\d*)(?P<vulgar>[{_FRACTIONS}]))
  |(?P<word>(?P<stem>\\(?:operatorname|mathrm|text|mathit|mathbf|textit)\s*\*?\s*\{{\s*[A-Za-z]+\s*\}}|{_LETTER}+)
        (?P<index>{_INDEX}))
  |(?P<superscript>⁻?[⁰¹²³⁴-⁹]+)
  |(?P<bar>\||\\[{{}}|%]|\\(?:{"|".join(COMMANDS)})(?![A-Za-z]))
  |(?P<command>\\(?P<command_name>[A-Za-z]+)(?P<command_index>{_INDEX}))"""
TOKEN = re.compile(rf"[\s~]*+(?:(?P<space>{SPACE})|{PIECES})", re.VERBOSE)
_UPRIGHT = re.compile(r"\||\\vert(?![A-Za-z])")
_SKIPPED = re.compile(r"[\s~]*")
_COMMA_NUMBER = re.compile(rf"(?:\d+(?:\.\d*|(?:,|\{{,\}})\d+)?|\.\d+){_EXPONENT}")
_BARE_COMMA_NUMBER = re.compile(rf",\d+{_EXPONENT}")
_BEFORE_NUMBER = frozenset(("+", "-", "*", "/", "^", "(", "[", "{", ";", "function"))
"""What a decimal that begins with its comma may follow: what a comma that separates numbers cannot."""
_WORD = re.compile(
    rf"(?P<stem>\\(?:operatorname|mathrm|text|mathit|mathbf|textit)\s*\*?\s*\{{\s*[A-Za-z]+\s*\}}|\\?{_LETTER}+)(?P<index>{_INDEX})"
)


def clean(text: str) -> str:
    """The text with look-alike signs replaced, character for character; refuses what is invisible or too long."""
    if len(text) > MAX_CHARACTERS:
        raise refuse("too-long:characters", MAX_CHARACTERS, most=MAX_CHARACTERS, length=len(text))
    ascii_only, printable = text.isascii(), text.isprintable()
    if ascii_only and printable:
        return text
    if not printable and (hidden := _FORBIDDEN.search(text)):  # nothing invisible is printable
        raise refuse(f"invisible-character:{kind_of_invisible(hidden[0])}", hidden.start())
    if ascii_only:
        return text
    for sign, usual in _USUAL:
        text = text.replace(sign, usual)
    return _UNUSUAL.sub(_usual, text)


_USUAL = tuple((sign, LOOK_ALIKES[ord(sign)]) for sign in "−·×")
"""The most frequent ones, which need no search."""

_UNUSUAL = re.compile(f"[{''.join(map(re.escape, map(chr, LOOK_ALIKES)))}\U0001d400-\U0001d7ff\uff01-\uff5e]")


def _usual(found: re.Match[str]) -> str:
    """The sign for one that looks like it, the letter for one of another style."""
    return LOOK_ALIKES.get(ord(found[0])) or unicodedata.normalize("NFKC", found[0])


def tokenize(text: str, decimal_comma: bool = False, declared: frozenset[str] = frozenset()) -> list[Token]:
    """The tokens of a cleaned text; the last one is of kind ``end``. Raises Refused.

    declared: names that would otherwise be something else, so that ``p(1-p)`` is a product.
    """
    position, end = extent(text, declared)
    tokens: list[Token] = []
    unclosed = _unclosed(text, position, end)
    before = -1
    while position < end:
        found = TOKEN.match(text, position, end)
        if found is None:
            position = _SKIPPED.match(text, position, end).end()  # type: ignore[union-attr]
            if position == end:
                break
            raise _unreadable(text, position, tokens)
        kind = found.lastgroup
        assert kind is not None
        start, position = found.span(kind)
        if kind == "space":
            continue
        opened = _OPENED.match(text, start, end) if unclosed and kind in ("word", "command") else None
        if opened is not None and (bracket := opened.end() - 1) in unclosed:
            raise refuse("unclosed:bracket", bracket, 1, ")" if text[bracket] == "(" else "]")
        if decimal_comma and (wide := _comma_number(kind, text, start, end, tokens)):
            kind, position = "number", wide
        elif kind == "probability" and not is_probability(found, declared):
            kind, position = "word", _word_end(text, start, end)
        try:
            name, value = own_name(*lexeme_token(kind, text[start:position]), declared)
        except Refused as problem:
            raise problem.moved(start) from None
        tokens.append(Token(name, value, start, position, start == before))
        before = position
        if len(tokens) > MAX_TOKENS:
            raise refuse("too-long:tokens", start, most=MAX_TOKENS)
    tokens.append(Token("end", None, end, end + 1, False))
    return tokens


def _comma_number(kind: str, text: str, start: int, end: int, before: list[Token]) -> int:
    """Where a number with a decimal comma ends that begins here; 0 if none does. before: the tokens so far."""
    if kind == "sign" and text[start] == "," and (not before or before[-1].kind in _BEFORE_NUMBER):
        found = _BARE_COMMA_NUMBER.match(text, start, end)
    else:
        found = _COMMA_NUMBER.match(text, start, end) if kind == "number" else None
    return found.end() if found is not None else 0


_OPENED = re.compile(
    rf"(?:Pr(?:ob)?|PR|pr|[Pp]|\\(?:Pr|P)(?![A-Za-z])|ℙ)(?:\s*_\s*(?:{_ONE_PARAMETER}|\{{[^{{}}]*\}}|\w+)|[₀-₉]+)?"
    r"\s*(?:\\m?left\s*|\\[bB]igg?l?\s*)?[(\[]"
)
_QUOTED_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"|[()\[\]]')


def _unclosed(text: str, start: int, end: int) -> frozenset[int]:
    """Where brackets stand that are never closed."""
    opened: list[int] = []
    for found in _QUOTED_OR_BRACKET.finditer(text, start, end):
        if found[0] in "([":
            opened.append(found.start())
        elif found[0] in ")]" and opened:
            opened.pop()
    return frozenset(opened)


def own_name(kind: str, value: Any, declared: frozenset[str]) -> tuple[str, Any]:
    """A token that is the name of a function, as a name if the question declares that."""
    if kind == "function" and value[0] in declared:
        stem, index = value
        return "name", f"{stem}_{index}" if index else stem
    return kind, value


def _word_end(text: str, start: int, end: int) -> int:
    found = _WORD.match(text, start, end)
    assert found is not None
    return found.end()


def is_probability(found: re.Match[str], declared: frozenset[str]) -> bool:
    """Whether ``p(…)`` is a probability; else it is a name times parentheses."""
    head = found["head"]
    if head.startswith(("\\mathbf", "\\mathit")):
        head = head[7:].strip(" {}")
    if head not in ("p", "P"):
        return True
    inside = _inside(found)
    sure, bars = "=" in inside or "\\mid" in inside, len(_UPRIGHT.findall(inside))
    return sure or (bars % 2 == 1 if head in declared or found["curled"] else bars > 0 or not found["at"])


def _inside(found: re.Match[str]) -> str:
    """What stands between the brackets of a probability."""
    return next(part for part in found.group("round", "square", "braced", "curled") if part is not None)


@lru_cache(maxsize=16384)
def lexeme_token(kind: str, lexeme: str) -> tuple[str, Any]:
    """(kind, value) of the token that a piece of text is; offsets of refusals count from its beginning."""
    match kind:
        case "number":
            return kind, number_value(lexeme)
        case "sign" | "bar":
            return SIGNS.get(lexeme) or COMMANDS.get(lexeme[1:], lexeme), None
        case "size":
            return "name", "n"
        case "superscript":
            return kind, (number_value(lexeme.translate(FROM_SUPERSCRIPTS).lstrip("-")), lexeme[0] == "⁻")
    found = TOKEN.match(lexeme) if kind != "word" else _WORD.match(lexeme)
    assert found is not None
    match kind:
        case "word":
            return _word(found["stem"], found["index"])
        case "command":
            return _command(found["command_name"], found["command_index"])
        case "frac":
            return kind, _fraction(found)
        case "series":
            return kind, _series(found)
    at = found["at"] or ""
    if _OF_MODEL.fullmatch(at):
        return kind, ("", _inside(found))
    return kind, (at.translate(FROM_SUBSCRIPTS).strip().lstrip("_").strip(" {}"), _inside(found))


def _fraction(found: re.Match[str]) -> tuple[str, str] | None:
    """Both numbers of a fraction that is one token: of ``\\frac12``, ``½`` or ``1½``."""
    if not found["vulgar"]:
        return (found["top"], found["bottom"]) if found["top"] else None
    top, bottom = unicodedata.normalize("NFKC", found["vulgar"]).split("\u2044")
    if not found["whole"]:
        return top, bottom
    return str(number_value(found["whole"]).value * int(bottom) + int(top)), bottom


def _word(stem: str, index: str) -> tuple[str, Any]:
    if stem[0] == "\\":
        stem = stem[stem.index("{") + 1 : -1].strip() if "{" in stem else stem[1:]
    index = _plain_index(index)
    if stem in FUNCTIONS or (stem.lower() in FUNCTIONS and stem in (stem.capitalize(), stem.upper())):
        if stem == "LOG" and not index:  # of spreadsheets: to base 10
            return "name", stem
        stem = stem.lower()
        return ("sqrt", None) if stem == "sqrt" and not index else ("function", (stem, index))
    return "name", f"{GREEK.get(stem, stem)}_{index}" if index else GREEK.get(stem, stem)


def _plain_index(index: str) -> str:
    if not index:
        return ""
    index = index.translate(FROM_SUBSCRIPTS).translate(FROM_LOWERED)
    return re.sub(r"\\(?:text|mathrm|mathit|textit|[,;:!> ])|[\s{}]", "", index).lstrip("_")


def _command(name: str, index: str) -> tuple[str, Any]:
    index = _plain_index(index)
    if name in FUNCTIONS:
        return ("sqrt", None) if name == "sqrt" and not index else ("function", (name, index))
    if name in GREEK.values():
        return "name", f"{name}_{index}" if index else name
    if name in ("Pr", "bar", "overline"):
        raise refuse("unclear-probability:form", 0, len(name) + 1)
    if name in ("mathbf", "text"):
        raise refuse("unexpected", 0, len(name) + 1)
    known = [*FUNCTIONS, *COMMANDS, "frac", "sqrt", "sum", "prod", "Pr", "bar", "mathbf", "text"]
    like = nearest(name, sorted(one for one in known if one[0] == name[0]))
    raise refuse("unknown-command:name", 0, len(name) + 1, f"\\{like}" if like else "", name=name[:40])


_HEAD = re.compile(
    r"(?P<variable>[A-Za-z])\s*(?:=\s*(?P<list>\d+(?:\s*[,;]\s*\d+)+)|=\s*(?P<low>\d+)|(?P<in>∈|\\in(?![A-Za-z])|in\b)|(?P<out>∉|\\notin(?![A-Za-z])|not\s+in\b))\s*"
    r"(?P<members>.*)",
    re.DOTALL,
)


def _series(found: re.Match[str]) -> Series:
    sign = (found["series"] or "")[:5]  # nothing where what follows the name is broken
    under = (found["under"] or found["beside"] or "").strip()
    inside = re.sub(r"\\[,;:!> ]|~", " ", under[1:-1] if under.startswith("{") else under).strip()
    head = _HEAD.fullmatch(inside)
    over = (found["over"] or "").strip(" {}")
    if head is None or bool(head["low"]) != bool(over) or ((head["low"] or head["list"]) and head["members"]):
        raise refuse(
            "unclear-sum:head",
            found.start(),
            found.end() - found.start(),
            "sum_{i in {2,6}} …",
        )
    product = "prod" in sign or sign[0] in "Π∏"
    members = head["list"] or head["members"]
    return Series(product, head["variable"], members, head["low"] or "", over, bool(head["out"]))


def number_value(literal: str) -> Number:
    """The `Number` of a literal; refuses more digits or a larger exponent than allowed, before any arithmetic."""
    if "{" in literal:  # 0{,}5 and 1\\mathrm{e}{-3}
        literal = literal.replace("\\mathrm", "").replace("{", "").replace("}", "")
    if len(literal) > 15:
        mantissa, _, exponent = literal.lower().partition("e")
        if len(mantissa) > MAX_DIGITS:
            raise refuse("too-many-digits", 0, len(literal), most=MAX_DIGITS)
    else:
        _, _, exponent = literal.lower().partition("e")
    if exponent and (len(exponent) > 6 or abs(int(exponent)) > MAX_EXPONENT):
        raise refuse("too-large:exponent", 0, len(literal), most=MAX_EXPONENT)
    return Number(Fraction(literal.replace(",", ".")))


PROBABILITY_SIGNS = ("Pr", "pr", "P", "p")


def look_alike(name: str) -> str:
    """The name with Latin letters in place of those that cannot be told from them by eye.

    >>> look_alike("l\u043eg"), look_alike("log")
    ('log', 'log')
    """
    return name if name.isascii() else unicodedata.normalize("NFKC", name).translate(HOMOGLYPHS)


def _unreadable(text: str, position: int, before: list[Token]) -> Exception:
    """before: the tokens up to this place. What is unreadable may follow a sign of a probability that only looks so."""
    for token in before:
        plain = look_alike(token.value) if token.kind == "name" else ""
        if plain in PROBABILITY_SIGNS and plain != token.value:
            letter = next(c for c in token.value if look_alike(c) != c)
            return refuse("homoglyph:letter", token.start, token.end - token.start, plain, letter=letter)
    character = text[position]
    if character == "\\":
        return refuse("unknown-command:backslash", position)
    if character in "\u0304\u0305" and text[:position].endswith("x"):
        return refuse("unclear-probability:form", position - 1, 2)
    if character == '"':
        return refuse("unexpected-quote", position)
    if character == "$":
        return refuse("unexpected-dollar", position)
    return refuse("unknown-character", position, character=character)
