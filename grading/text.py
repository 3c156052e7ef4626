"""The text of an expression in the one grammar: ASCII to store, Unicode to show.

Both read back to the same tree (`grading.parsing.parse_expression`). Parentheses stand only where the grammar
needs them, and around the argument of every function inside a product, where people would read it differently.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Literal

import msgspec

from grading.expressions import (
    HALF,
    AbsoluteValue,
    Event,
    Exponential,
    Expression,
    Extremum,
    Logarithm,
    Negation,
    Number,
    Power,
    Probability,
    Product,
    Quotient,
    Sum,
    Symbol,
    walk,
)

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_BARE_TOKEN = re.compile(r"(?!xbar$|xhat|x_?\d)[^\s,|∣~()\"\\{}$=;<∧₀-₉\u0302\u0304\u0305]+")

# How tightly a node binds; a child is parenthesised when it binds less tightly than its place demands.
_SUM, _NEGATION, _PRODUCT, _POWER, _ATOM = range(5)


class _Style(msgspec.Struct, frozen=True):
    unicode: bool
    log_base: int
    times: str
    minus: str


def to_text(expression: Expression, log_base: Literal[0, 2, 10] = 0) -> str:
    """The ASCII text of the one grammar.

    log_base: what ``log`` means where the text will be read; a natural logarithm is ``ln`` if that is 2 or 10.

    >>> p2, p6 = Symbol("p_2"), Symbol("p_6")
    >>> to_text(Sum((Logarithm(p2), Negation(Product((Number(Fraction(1, 2)), Logarithm(p6)))))))
    'log p_2 - 0.5*log(p_6)'
    """
    return _term(expression, _Style(False, log_base, "*", "-"), _SUM)


def to_unicode(expression: Expression, log_base: Literal[0, 2, 10] = 0) -> str:
    """The same for people, as an echo of what was read.

    >>> to_unicode(Logarithm(Product((Symbol("p_2"), Symbol("p_6"))), Number(Fraction(2))))
    'log₂(p₂·p₆)'
    """
    return _term(expression, _Style(True, log_base, "·", "−"), _SUM)


def number_text(value: Fraction) -> str:
    """A terminating decimal as text, exact; raises ValueError for another rational or a negative one.

    >>> number_text(Fraction(1, 800))
    '0.00125'
    """
    places, denominator = 0, value.denominator
    for prime in (2, 5):
        count = 0
        while denominator % prime == 0:
            denominator //= prime
            count += 1
        places = max(places, count)
    if denominator != 1 or value < 0:
        raise ValueError(f"{value} is not a non-negative terminating decimal; write a Quotient or a Negation")
    digits = str(value.numerator * 10**places // value.denominator)
    if places > 30:
        return f"{digits}e-{places}"
    stripped = digits.rstrip("0")
    if len(digits) - len(stripped) > 30:
        return f"{stripped}e{len(digits) - len(stripped)}"
    return digits if not places else f"{digits[:-places].zfill(1)}.{digits[-places:].zfill(places)}"


def _text(node: Expression, style: _Style) -> tuple[str, int]:
    """The text and how tightly it binds."""
    match node:
        case Number(value):
            return _number(value, style)
        case Symbol(name):
            return (_name(name) if style.unicode else name), _ATOM
        case Probability():
            return probability_text(node, style.unicode), _ATOM
        case Negation(operand):
            return style.minus + _within(operand, style, _PRODUCT), _NEGATION
        case Sum(terms):
            return _sum(terms, style), _SUM
        case Product(factors):
            first = _within(factors[0], style, _PRODUCT, flat=False)
            return style.times.join((first, *(_within(f, style, _POWER) for f in factors[1:]))), _PRODUCT
        case Quotient(numerator, denominator):
            return f"{_within(numerator, style, _PRODUCT, flat=None)}/{_within(denominator, style, _POWER)}", _PRODUCT
        case Power(base, exponent):
            return _power(base, exponent, style)
        case Logarithm(argument, base):
            return _call(_log_name(base, style), (argument,), style), _ATOM
        case Exponential(argument):
            return _call("exp", (argument,), style), _ATOM
        case Extremum(which, arguments):
            return _call(which, arguments, style), _ATOM
        case AbsoluteValue(argument):
            if style.unicode and not any(isinstance(n, AbsoluteValue | Probability) for n in walk(argument)):
                return f"|{_text(argument, style)[0]}|", _ATOM
            return _call("abs", (argument,), style), _ATOM
    raise TypeError(f"not an expression: {node!r}")


def _within(node: Expression, style: _Style, least: int, flat: bool | None = True) -> str:
    """The text of a part, in parentheses if it binds less tightly than `least`.

    flat: False where a product would merge with the one around it, None where it may stand.
    """
    text, binding = _text(node, style)
    if binding < least or (flat is False and isinstance(node, Product)):
        return f"({text})"
    return text


def _number(value: Fraction, style: _Style) -> tuple[str, int]:
    if value < 0:
        return style.minus + _number(-value, style)[0], _NEGATION
    try:
        return number_text(value), _ATOM
    except ValueError:
        return f"{value.numerator}/{value.denominator}", _PRODUCT


def _name(name: str) -> str:
    stem, separator, index = name.rpartition("_")
    return stem + index.translate(_SUBSCRIPTS) if separator and index.isascii() and index.isdigit() else name


def _sum(terms: tuple[Expression, ...], style: _Style) -> str:
    parts = [_term(terms[0], style, _NEGATION)]
    for term in terms[1:]:
        if isinstance(term, Negation):
            parts += f" {style.minus} ", _term(term.operand, style, _PRODUCT)
        else:
            parts += " + ", _term(term, style, _PRODUCT)
    return "".join(parts)


def _term(node: Expression, style: _Style, least: int) -> str:
    return _bare(node, style) or _within(node, style, least)


def _bare(node: Expression, style: _Style) -> str:
    """``log p_2`` for a logarithm of a single name or probability that stands alone in its term, else ''."""
    if isinstance(node, Negation):
        inner = _bare(node.operand, style)
        return style.minus + inner if inner else ""
    if isinstance(node, Logarithm) and isinstance(node.argument, Symbol | Probability):
        return f"{_log_name(node.base, style)} {_text(node.argument, style)[0]}"
    return ""


def _power(base: Expression, exponent: Expression, style: _Style) -> tuple[str, int]:
    if exponent == HALF:
        return _call("√" if style.unicode else "sqrt", (base,), style), _ATOM
    below = _within(base, style, _ATOM)
    if style.unicode and isinstance(exponent, Number) and exponent.value.denominator == 1 and exponent.value >= 0:
        return below + str(exponent.value.numerator).translate(_SUPERSCRIPTS), _POWER
    above, binding = _text(exponent, style)
    plain = isinstance(exponent, Number | Symbol | Power) and binding >= _POWER
    return f"{below}^{above}" if plain else f"{below}^({above})", _POWER


def _log_name(base: Expression | None, style: _Style) -> str:
    if base is None:
        return "log" if style.log_base == 0 else "ln"
    if isinstance(base, Number) and base.value.denominator == 1 and base.value >= 0:
        digits = str(base.value.numerator)
        return "log" + digits.translate(_SUBSCRIPTS) if style.unicode else f"log_{digits}"
    return f"log_{{{_text(base, style)[0]}}}"


def _call(name: str, arguments: tuple[Expression, ...], style: _Style) -> str:
    return f"{name}({', '.join(_term(a, style, _SUM) for a in arguments)})"


def probability_text(atom: Probability, unicode: bool = False) -> str:
    """``Pr(x_2=early | xbar)``.

    >>> from grading.expressions import Context
    >>> probability_text(Probability((Event(2, "early"),), Context("xbar", ("[CLS]", "the", "[MASK]"))), unicode=True)
    'Pr(x₂ = early | x̄)'
    """
    events = ", ".join(_event(event, unicode) for event in atom.events)
    if atom.given is None:
        return f"Pr({events})"
    given = notation_text(atom.given.notation) if unicode else atom.given.notation
    return f"Pr({given} | {events})" if atom.reverse else f"Pr({events} | {given})"


def _event(event: Event, unicode: bool) -> str:
    token = quote_token(event.token)
    if event.position < 0:
        return token
    return f"x{str(event.position).translate(_SUBSCRIPTS)} = {token}" if unicode else f"x_{event.position}={token}"


def quote_token(token: str) -> str:
    """The token as it is written in ``x_2=…``: in quotes if it holds something that ends it.

    >>> quote_token("don't"), quote_token("[MASK]"), quote_token("a|b")
    ("don't", '[MASK]', '"a|b"')
    """
    if _BARE_TOKEN.fullmatch(token):
        return token
    return '"' + token.replace("\\", "\\\\").replace('"', '\\"') + '"'


def notation_text(notation: str) -> str:
    """The Unicode form of one of `CONTEXT_NOTATIONS`, filled in.

    >>> notation_text("xbar, x_2=early"), notation_text("x_{" + chr(92) + "6}")
    ('x̄, x₂ = early', 'x_{∖6}')
    """
    pieces = re.split(r'("(?:[^"\\]|\\.)*")', notation)
    for index in range(0, len(pieces), 2):
        piece = re.sub(r"\bxbar\b|^xbar", "x\u0304", pieces[index]).replace("_{\\", "_{∖")
        piece = re.sub(r"(^|, )xhat_(\d+)", lambda m: f"{m[1]}x\u0302{m[2].translate(_SUBSCRIPTS)}", piece)
        pieces[index] = re.sub(r"(^|, )x_(\d+)=", lambda m: f"{m[1]}x{m[2].translate(_SUBSCRIPTS)} = ", piece)
    return "".join(pieces)
