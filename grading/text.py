"""The text of an expression in the one grammar: ASCII to store, Unicode to show.

Both read back to the same tree (`grading.parsing.parse_expression`). Parentheses stand only where the grammar
needs them, and around the argument of every function inside a product, where people would read it differently.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal

import msgspec

from grading.expressions import (
    HALF,
    ONE,
    AbsoluteValue,
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
    comes_again,
    walk,
)
from grading.labels import name_text, probability_text
from grading.letters import TO_SUBSCRIPTS, TO_SUPERSCRIPTS

# How tightly a node binds; a child is parenthesised when it binds less tightly than its place demands.
_SUM, _NEGATION, _PRODUCT, _POWER, _ATOM = range(5)


class _Style(msgspec.Struct, frozen=True, cache_hash=True):
    """unicode: for people. log_base: what ``log`` means. comma: numbers with a decimal comma. euler: e, not exp(1)."""

    unicode: bool
    log_base: int
    comma: bool
    euler: bool
    times: str
    minus: str


@lru_cache(maxsize=64)
def _ascii(log_base: int, comma: bool) -> _Style:
    return _Style(False, log_base, comma, False, "*", "-")


@lru_cache(maxsize=64)
def _unicode(log_base: int, comma: bool, euler: bool) -> _Style:
    return _Style(True, log_base, comma, euler, "·", "−")


def to_text(expression: Expression, log_base: Literal[0, 2, 10] = 0, decimal_comma: bool = False) -> str:
    """The ASCII text of the one grammar.

    log_base: what ``log`` means where the text will be read; a natural logarithm is ``ln`` if that is 2 or 10.
    decimal_comma: for a language in which a comma is the decimal mark.

    >>> p2, p6 = Symbol("p_2"), Symbol("p_6")
    >>> to_text(Sum((Logarithm(p2), Negation(Product((Number(Fraction(1, 2)), Logarithm(p6)))))))
    'log p_2 - 0.5*log(p_6)'
    """
    style = _ascii(log_base, decimal_comma)
    return _number(expression, style)[0] if type(expression) is Number else _term(expression, style, _SUM)


def to_unicode(
    expression: Expression, log_base: Literal[0, 2, 10] = 0, decimal_comma: bool = False, euler: bool = False
) -> str:
    """The same for people, as an echo of what was read.

    euler: write e for Euler's number, which is right where the question declares no name e.

    >>> to_unicode(Logarithm(Product((Symbol("p_2"), Symbol("theta_1"))), Number(Fraction(2))))
    'log₂(p₂·θ₁)'
    >>> to_unicode(Product((Number(Fraction(1, 2)), Exponential(Number(Fraction(1))))), decimal_comma=True, euler=True)
    '0,5·e'
    """
    return _term(expression, _unicode(log_base, decimal_comma, euler), _SUM)


MOST_DIGITS, LARGEST_EXPONENT = 60, 300
"""What a number that can be read has at most before and behind its e: 100e300 is not written as 1e302."""


def number_text(value: Fraction) -> str:
    """A terminating decimal as text, exact; raises ValueError for another rational or a negative one.

    >>> number_text(Fraction(1, 800))
    '0.00125'
    """
    above, below = value.as_integer_ratio()
    places, power = 0, 1
    while power % below and places <= below.bit_length():  # 2^k and 5^k divide 10^k, and no larger power is needed
        places, power = places + 1, 10 * power
    if power % below or above < 0:
        raise ValueError(f"{value} is not a non-negative terminating decimal; write a Quotient or a Negation")
    digits = str(above * (power // below))
    stripped = digits.rstrip("0") or "0"
    zeros = len(digits) - len(stripped)
    plain = _with_point(digits, places)
    too_long = len(stripped) <= MOST_DIGITS < len(plain)
    if places > 30 or (places and too_long):
        return f"{_with_point(digits, max(0, places - LARGEST_EXPONENT))}e-{min(places, LARGEST_EXPONENT)}"
    if zeros > 30 or (zeros and too_long):
        return f"{stripped}{'0' * (zeros - LARGEST_EXPONENT)}e{min(zeros, LARGEST_EXPONENT)}"
    return plain


def _with_point(digits: str, places: int) -> str:
    if not places:
        return digits
    whole = digits[:-places].zfill(1 if places < MOST_DIGITS - 1 else 0)
    return f"{whole}.{digits[-places:].zfill(places)}"


def _text(node: Expression, style: _Style) -> tuple[str, int]:
    """The text and how tightly it binds."""
    return (_WRITERS.get(type(node)) or _unknown)(node, style)


def _unknown(node: object, style: _Style) -> tuple[str, int]:
    raise TypeError(f"not an expression: {node!r}")


def _leaf(node: Symbol | Probability, style: _Style) -> str:
    """The text of a name or probability, which is kept."""
    place = id(node), style
    found = _KEPT_TEXTS.get(place)
    if found is not None and found[0] is node:
        return found[1]
    if isinstance(node, Probability):
        return _keep(node, style, probability_text(node, style.unicode))
    return _keep(node, style, name_text(node.name) if style.unicode else node.name)


def _atom(node: Symbol | Probability, style: _Style) -> tuple[str, int]:
    return _leaf(node, style), _ATOM


def _negation(node: Negation, style: _Style) -> tuple[str, int]:
    return style.minus + _within(node.operand, style, _PRODUCT), _NEGATION


def _product(node: Product, style: _Style) -> tuple[str, int]:
    first, *rest = node.factors
    parts = [_within(first, style, _PRODUCT, flat=False)]
    parts += [_within(factor, style, _POWER) for factor in rest]
    return style.times.join(parts), _PRODUCT


def _quotient(node: Quotient, style: _Style) -> tuple[str, int]:
    if type(node.numerator) is Number and type(node.denominator) is Number:
        found = _KEPT_TEXTS.get((id(node), style))
        return found[1] if found is not None and found[0] is node else _keep(node, style, _over(node, style)), _PRODUCT
    return _over(node, style), _PRODUCT


def _over(node: Quotient, style: _Style) -> str:
    above = _within(node.numerator, style, _PRODUCT, flat=None)
    return f"{above}/{_within(node.denominator, style, _POWER)}"


def _logarithm(node: Logarithm, style: _Style) -> tuple[str, int]:
    return _call(_log_name(node.base, style), (node.argument,), style), _ATOM


def _exponential(node: Exponential, style: _Style) -> tuple[str, int]:
    if style.euler and node.argument == ONE:
        return "e", _POWER  # in parentheses below an exponent: e^2 is the exponential of 2
    return _call("exp", (node.argument,), style), _ATOM


def _extremum(node: Extremum, style: _Style) -> tuple[str, int]:
    return _call(node.which, node.arguments, style), _ATOM


def _absolute_value(node: AbsoluteValue, style: _Style) -> tuple[str, int]:
    argument = node.argument
    if style.unicode and not any(isinstance(n, AbsoluteValue | Probability) for n in walk(argument)):
        text = _text(argument, style)[0]
        if text != "A":  # |A| is how many positions are in A
            return f"|{text}|", _ATOM
    return _call("abs", (argument,), style), _ATOM


def _within(node: Expression, style: _Style, least: int, flat: bool | None = True) -> str:
    """The text of a part, in parentheses if it binds less tightly than `least`.

    flat: False where a product would merge with the one around it, None where it may stand.
    """
    kind = type(node)
    if kind is Symbol or kind is Probability:
        return _leaf(node, style)  # type: ignore[arg-type]
    text, binding = (_WRITERS.get(kind) or _unknown)(node, style)
    if binding < least or (flat is False and kind is Product):
        return f"({text})"
    return text


def _number(node: Number, style: _Style) -> tuple[str, int]:
    return _number_written(*node.value.as_integer_ratio(), style.comma, style.minus)


@lru_cache(maxsize=4096)
def _number_written(above: int, below: int, comma: bool, minus: str) -> tuple[str, int]:
    # By two whole numbers, which are hashed and compared much faster than a fraction.
    if above < 0:
        return minus + _number_written(-above, below, comma, minus)[0], _NEGATION
    try:
        text = number_text(Fraction(above, below))
    except ValueError:
        return f"{above}/{below}", _PRODUCT
    return text.replace(".", ",") if comma else text, _ATOM


def _sum(node: Sum, style: _Style) -> tuple[str, int]:
    terms = node.terms
    first = terms[0]
    text = _kept(first, style) if _is_kept(first) else _term(first, style, _NEGATION)
    for term in terms[1:]:
        if type(term) is Negation:
            term, sign = term.operand, style.minus
        else:
            sign = "+"
        text = f"{text} {sign} {_kept(term, style) if _is_kept(term) else _term(term, style, _PRODUCT)}"
    return text, _SUM


MOST_KEPT = 20_000
LONGEST_KEPT = 200
_KEPT_TEXTS: dict[tuple[int, _Style], tuple[Expression, str]] = {}


def _is_kept(term: Expression) -> bool:
    kind = type(term)
    return kind is Logarithm or ((kind is Product or kind is Quotient) and comes_again(term))


def _kept(term: Expression, style: _Style) -> str:
    """The text of a term of a sum; terms come again and again.

    It is kept by the term itself, not by what is equal to it: equal contexts may be written differently.
    """
    place = id(term), style
    found = _KEPT_TEXTS.get(place)
    if found is not None and found[0] is term:
        return found[1]
    return _keep(term, style, _term(term, style, _PRODUCT))


def _keep(node: Expression, style: _Style, text: str) -> str:
    if len(_KEPT_TEXTS) >= MOST_KEPT:
        _KEPT_TEXTS.clear()
    if len(text) <= LONGEST_KEPT:
        _KEPT_TEXTS[id(node), style] = node, text
    return text


def _term(node: Expression, style: _Style, least: int) -> str:
    kind = type(node)
    if (kind is Logarithm or kind is Negation) and (bare := _bare(node, style)):
        return bare
    return _within(node, style, least)


def _bare(node: Expression, style: _Style) -> str:
    """``log p_2`` for a logarithm of a single name or probability that stands alone in its term, else ''."""
    kind = type(node)
    if kind is Logarithm:
        argument = node.argument  # type: ignore[union-attr]
        if type(argument) is Symbol or type(argument) is Probability:
            return f"{_log_name(node.base, style)} {_leaf(argument, style)}"  # type: ignore[union-attr]
    elif kind is Negation:
        inner = _bare(node.operand, style)  # type: ignore[union-attr]
        return style.minus + inner if inner else ""
    return ""


def _power(node: Power, style: _Style) -> tuple[str, int]:
    base, exponent = node.base, node.exponent
    if exponent == HALF:
        return _call("√" if style.unicode else "sqrt", (base,), style), _ATOM
    below = _within(base, style, _ATOM)
    if style.unicode and isinstance(exponent, Number) and exponent.value.denominator == 1 and exponent.value >= 0:
        digits = number_text(exponent.value)
        if digits.isdecimal():  # 1e300 has no superscripts
            return below + digits.translate(TO_SUPERSCRIPTS), _POWER
    above, binding = _text(exponent, style)
    plain = isinstance(exponent, Number | Symbol | Power) and binding >= _POWER
    return f"{below}^{above}" if plain else f"{below}^({above})", _POWER


def _log_name(base: Expression | None, style: _Style) -> str:
    if base is None:
        return "ln" if style.log_base else "log"
    if isinstance(base, Number) and base.value.denominator == 1 and base.value.numerator >= 0:
        digits = number_text(base.value)
        if len(digits) > 9 or not digits.isdecimal():  # an index of the name holds no more
            return f"log_{{({digits})}}"
        return "log" + digits.translate(TO_SUBSCRIPTS) if style.unicode else f"log_{digits}"
    return f"log_{{{_text(base, style)[0]}}}"


def _call(name: str, arguments: tuple[Expression, ...], style: _Style) -> str:
    if len(arguments) == 1:
        return f"{name}({_term(arguments[0], style, _SUM)})"
    between = "; " if style.comma else ", "  # what stands between two numbers must not be their decimal mark
    return f"{name}({between.join([_term(a, style, _SUM) for a in arguments])})"


_WRITERS: dict[type, Callable[[Any, _Style], tuple[str, int]]] = {
    Number: _number,
    Symbol: _atom,
    Probability: _atom,
    Negation: _negation,
    Sum: _sum,
    Product: _product,
    Quotient: _quotient,
    Power: _power,
    Logarithm: _logarithm,
    Exponential: _exponential,
    Extremum: _extremum,
    AbsoluteValue: _absolute_value,
}
