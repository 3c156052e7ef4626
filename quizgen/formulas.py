"""Formulas and conditions of authors: parsed once by the one grammar, evaluated exactly for each variant.

Beyond what learners may write, authors have ``floor``, ``ceil`` and ``mod``, and the functions of a drawn list
``min(ps)``, ``max(ps)``, ``sum(ps)`` and ``count(ps)``. Conditions join comparisons by ``and``, ``or`` and ``not``.
Whatever is rational is computed as a fraction; limits come before arithmetic.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import msgspec

from grading.expressions import (
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
    children,
    walk,
)
from quizgen.findings import Finding, FindingsError, Place, Severity
from quizgen.objective.values import exact

if TYPE_CHECKING:
    from grading.parsing import Language, Refused

Value = Fraction | Expression | tuple[Fraction, ...]
Bindings = Mapping[str, Value]

MOST_BITS = 20_000
"""Of a numerator or denominator; a larger number is a finding, never a hang."""

_INTEGER_FUNCTIONS: dict[str, int] = {"floor": 1, "ceil": 1, "mod": 2}
_LIST_FUNCTIONS = ("min", "max", "sum", "count")
_CALL = re.compile(r"\b(floor|ceil|mod)\s*\(|\b(min|max|sum|count)\s*\(\s*([A-Za-z]\w*)\s*\)")
_COMPARISON = re.compile(r"<=|>=|!=|==|≤|≥|≠|=|<|>")
_SAME = {"==": "=", "≤": "<=", "≥": ">=", "≠": "!="}


class ValueProblem(Exception):
    """A formula has no value for this draw. code: of the finding; the message is in the author's terms."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Call(msgspec.Struct, frozen=True):
    """A function that the expression tree does not have. symbol: what stands for its value in the tree."""

    symbol: str
    function: str
    arguments: tuple[AuthorFormula, ...] = ()
    list_name: str = ""


class AuthorFormula(msgspec.Struct, frozen=True):
    """A parsed formula. names: what it uses, in order of first appearance."""

    text: str
    expression: Expression
    names: tuple[str, ...]
    calls: tuple[Call, ...] = ()


class Comparison(msgspec.Struct, frozen=True):
    """``a < b <= c``: operators between the formulas."""

    formulas: tuple[AuthorFormula, ...]
    operators: tuple[str, ...]


class Junction(msgspec.Struct, frozen=True):
    """``and`` / ``or`` of two or more conditions, ``not`` of one."""

    word: Literal["and", "or", "not"]
    conditions: tuple[Condition, ...]


Condition = Comparison | Junction


def parse_formula(text: str, names: Collection[str], finding: Callable[..., Finding] | None = None) -> AuthorFormula:
    """The formula of an author.

    names: what may be used. finding: makes the findings (see `Template.findings_in`).
    Raises FindingsError with one finding: Q300 not understood, Q301 unknown name, Q302 too large.

    >>> area = parse_formula("2*(a+b)", ["a", "b"])
    >>> area.names, exact_value(area, {"a": Fraction(2), "b": Fraction(1, 2)})
    (('a', 'b'), Fraction(5, 1))
    """
    return _Parser(text, names, finding).formula(0, len(text))


def parse_condition(text: str, names: Collection[str], finding: Callable[..., Finding] | None = None) -> Condition:
    """A condition such as ``a < b``, ``a != b and max(ps) <= 1/2``; parameters and errors as in `parse_formula`.

    >>> holds(parse_condition("1 <= a < b or not b = 3", ["a", "b"]), {"a": Fraction(1), "b": Fraction(3)})
    True
    """
    return _Parser(text, names, finding).condition(0, len(text))


def names_in(condition: Condition) -> tuple[str, ...]:
    """The names that a condition uses, in order of first appearance."""
    parts = condition.formulas if isinstance(condition, Comparison) else ()
    found = [name for formula in parts for name in formula.names]
    if isinstance(condition, Junction):
        found = [name for part in condition.conditions for name in names_in(part)]
    return tuple(dict.fromkeys(found))


# ---------------------------------------------------------------- values


def exact_value(formula: AuthorFormula, bindings: Bindings) -> Fraction | None:
    """The value as a fraction, None if it is not rational (or not seen to be).

    bindings: a value for each name. Raises ValueProblem: Q303 a division by zero, Q302 too large.
    """
    return _exact(formula.expression, _with_calls(formula, bindings))


def evaluate(formula: AuthorFormula, bindings: Bindings) -> Expression:
    """The formula with its values put in: one number where it is rational. Errors as in `exact_value`.

    >>> evaluate(parse_formula("log(a)", ["a"]), {"a": Fraction(2)})
    Logarithm(argument=Number(value=Fraction(2, 1)), base=None)
    """
    bound = _with_calls(formula, bindings)
    value = _exact(formula.expression, bound)
    return exact(value) if value is not None else _substituted(formula.expression, bound)


def holds(condition: Condition, bindings: Bindings) -> bool:
    """Whether the condition is true, decided exactly.

    Raises ValueProblem: Q303 where a value does not exist or two numbers cannot be told apart.
    """
    if isinstance(condition, Junction):
        if condition.word == "not":
            return not holds(condition.conditions[0], bindings)
        test = all if condition.word == "and" else any
        return test(holds(part, bindings) for part in condition.conditions)
    formulas = condition.formulas
    values = [exact_value(formula, bindings) for formula in formulas]
    for index, operator in enumerate(condition.operators):
        left, right = values[index], values[index + 1]
        if left is not None and right is not None:
            order = (left > right) - (left < right)
        else:
            order = _order(evaluate(formulas[index], bindings), evaluate(formulas[index + 1], bindings))
        if not _TESTS[operator](order):
            return False
    return True


_TESTS: dict[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
    "=": lambda order: order == 0,
    "!=": lambda order: order != 0,
}


def _order(left: Expression, right: Expression) -> int:
    from grading.witness import compare_numbers

    order: int | None = compare_numbers(left, right)
    if order is None:
        raise ValueProblem("Q303", "two numbers of this condition have no value or cannot be told apart")
    return order


def _with_calls(formula: AuthorFormula, bindings: Bindings) -> Bindings:
    if not formula.calls:
        return bindings
    return {**bindings, **{call.symbol: _called(call, bindings) for call in formula.calls}}


def _called(call: Call, bindings: Bindings) -> Fraction:
    if call.list_name:
        members = bindings[call.list_name]
        if not isinstance(members, tuple):
            raise ValueProblem("Q303", f"{call.function}({call.list_name}) needs a list")
        if call.function == "count":
            return Fraction(len(members))
        return (
            min(members) if call.function == "min" else max(members) if call.function == "max" else sum(members, ZERO)
        )
    values = [exact_value(argument, bindings) for argument in call.arguments]
    first = values[0]
    if first is None or (len(values) > 1 and values[1] is None):
        raise ValueProblem("Q303", f"{call.function} needs a rational number")
    if call.function == "floor":
        return Fraction(math.floor(first))
    if call.function == "ceil":
        return Fraction(math.ceil(first))
    if not values[1]:
        raise ValueProblem("Q303", "mod divides by zero")
    return Fraction(first % values[1])


ZERO = Fraction(0)


def _exact(expression: Expression, bindings: Bindings) -> Fraction | None:
    """The rational value, None where there is none to be seen."""
    match expression:
        case Number(value):
            return value
        case Symbol(name):
            return _bound(name, bindings)
        case Probability():
            return None
        case Power(base, exponent):
            return _power(_exact(base, bindings), _exact(exponent, bindings))
    values = [_exact(child, bindings) for child in children(expression)]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    return _combined(expression, known)


def _bound(name: str, bindings: Bindings) -> Fraction | None:
    value = bindings.get(name)
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int):
        return Fraction(value)
    if isinstance(value, tuple):
        raise ValueProblem("Q303", f'"{name}" is a list; use {name}_1, {name}_2 or max({name})')
    return None if value is None else _exact(value, {})


def _combined(expression: Expression, values: list[Fraction]) -> Fraction | None:
    first = values[0]
    match expression:
        case Negation():
            return -first
        case Sum():
            return _small(sum(values, ZERO))
        case Product():
            return _small(math.prod(values[1:], start=first))
        case Quotient():
            if not values[1]:
                raise ValueProblem("Q303", "the formula divides by zero")
            return _small(first / values[1])
        case AbsoluteValue():
            return abs(first)
        case Extremum(which, _):
            return min(values) if which == "min" else max(values)
        case Exponential():
            return Fraction(1) if first == 0 else None
        case Logarithm():
            return _logarithm(first, values[1] if len(values) > 1 else None)
    return None


def _small(value: Fraction) -> Fraction:
    if value.numerator.bit_length() > MOST_BITS or value.denominator.bit_length() > MOST_BITS:
        raise ValueProblem("Q302", f"a number of this formula has more than {MOST_BITS} bits")
    return value


def _power(base: Fraction | None, exponent: Fraction | None) -> Fraction | None:
    if base is None or exponent is None:
        return None
    if exponent.denominator != 1:
        return _root(base, exponent) if base >= 0 else _no_value("the formula takes a root of a negative number")
    if base == 0 and exponent < 0:
        raise ValueProblem("Q303", "the formula divides by zero")
    size = max(base.numerator.bit_length(), base.denominator.bit_length())
    if base not in (0, 1, -1) and size * abs(exponent) > MOST_BITS:
        raise ValueProblem("Q302", f"a power of this formula has more than {MOST_BITS} bits")
    return base ** int(exponent)


def _root(base: Fraction, exponent: Fraction) -> Fraction | None:
    """A square root that is rational; other roots stay as they are written."""
    if exponent.denominator != 2:
        return None
    above, below = math.isqrt(base.numerator), math.isqrt(base.denominator)
    if above * above != base.numerator or below * below != base.denominator:
        return None
    return _power(Fraction(above, below), Fraction(exponent.numerator))


def _logarithm(argument: Fraction, base: Fraction | None) -> Fraction | None:
    if argument <= 0:
        return _no_value("the formula takes the logarithm of a number that is not positive")
    if argument == 1:
        return ZERO
    if base is None or base.denominator != 1 or base < 2:
        return None
    whole = argument if argument > 1 else 1 / argument
    if whole.denominator != 1:
        return None
    steps, rest = 0, whole.numerator
    while rest % int(base) == 0:
        rest //= int(base)
        steps += 1
    return Fraction(steps if argument > 1 else -steps) if rest == 1 else None


def _no_value(message: str) -> Fraction | None:
    raise ValueProblem("Q303", message)


def _substituted(expression: Expression, bindings: Bindings) -> Expression:
    match expression:
        case Symbol(name):
            value = bindings.get(name)
            if value is None:
                return expression
            if isinstance(value, tuple):
                raise ValueProblem("Q303", f'"{name}" is a list; use {name}_1, {name}_2 or max({name})')
            return exact(value) if isinstance(value, Fraction) else value
        case Number() | Probability():
            return expression
        case Sum(terms):
            return Sum(tuple(_substituted(term, bindings) for term in terms))
        case Product(factors):
            return Product(tuple(_substituted(factor, bindings) for factor in factors))
        case Extremum(which, arguments):
            return Extremum(which, tuple(_substituted(argument, bindings) for argument in arguments))
        case Logarithm(argument, base):
            return Logarithm(_substituted(argument, bindings), base and _substituted(base, bindings))
    parts = [_substituted(child, bindings) for child in children(expression)]
    return type(expression)(*parts)


# ---------------------------------------------------------------- parsing


def _plain_finding(
    code: str, message: str, remedy: str, offset: int, length: int, severity: Severity = Severity.ERROR
) -> Finding:
    return Finding(Place("<formula>", 1, offset + 1, length), code, message, remedy, severity)


class _Parser:
    """Parses slices of one text; offsets are those of the whole text."""

    def __init__(self, text: str, names: Collection[str], finding: Callable[..., Finding] | None) -> None:
        self.text = text
        self.names = tuple(names)
        self.make = finding or _plain_finding

    def fail(self, code: str, message: str, remedy: str, offset: int, length: int) -> FindingsError:
        return FindingsError([self.make(code, message, remedy, offset, max(1, length))])

    # ------------------------------------------------------------ conditions

    def condition(self, start: int, end: int, depth: int = 0) -> Condition:
        start, end = self._stripped(start, end)
        if start == end:
            raise self.fail("Q300", "a condition is missing here", "write a comparison such as a < b", start, 1)
        if depth > 40:
            raise self.fail("Q300", "the condition is nested too deeply", "write it flatter", start, 1)
        for word in ("or", "and"):
            pieces = self._split(start, end, re.compile(rf"(?<![\w]){word}(?![\w])"))
            if len(pieces) > 1:
                parts = tuple(self.condition(a, b, depth + 1) for a, b, _ in pieces)
                return Junction("or" if word == "or" else "and", parts)
        negated = re.compile(r"not(?![\w])").match(self.text, start, end)
        if negated:
            return Junction("not", (self.condition(negated.end(), end, depth + 1),))
        pieces = self._split(start, end, _COMPARISON)
        if len(pieces) == 1:
            if self.text[start] == "(" and self.text[end - 1] == ")" and _COMPARISON.search(self.text, start, end):
                return self.condition(start + 1, end - 1, depth + 1)
            raise self.fail("Q300", "this is not a condition", "compare two values, such as a < b", start, end - start)
        operators = tuple(_SAME.get(operator, operator) for _, _, operator in pieces[:-1])
        return Comparison(tuple(self.formula(a, b) for a, b, _ in pieces), operators)

    def _split(self, start: int, end: int, separator: re.Pattern[str]) -> list[tuple[int, int, str]]:
        """The pieces between separators outside all brackets: (start, end, the separator behind it)."""
        pieces: list[tuple[int, int, str]] = []
        depth = 0
        position = begin = start
        while position < end:
            sign = self.text[position]
            depth += (sign in "([{") - (sign in ")]}")
            found = separator.match(self.text, position, end) if depth == 0 else None
            if found:
                pieces.append((begin, position, found.group()))
                position = begin = found.end()
            else:
                position += 1
        return [*pieces, (begin, end, "")]

    def _stripped(self, start: int, end: int) -> tuple[int, int]:
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        return start, end

    # ------------------------------------------------------------ formulas

    def formula(self, start: int, end: int, depth: int = 0) -> AuthorFormula:
        from grading.parsing import Refused, parse_expression

        if depth > 20:
            raise self.fail("Q300", "the formula is nested too deeply", "write it flatter", start, 1)
        calls: list[Call] = []
        readable = self._without_calls(start, end, calls, depth)
        try:
            expression = parse_expression(readable, _language((*self.names, *(call.symbol for call in calls))))
        except Refused as problem:
            raise self._refused(problem, start) from None
        inner = {name for call in calls for part in call.arguments for name in part.names}
        symbols = [node.name for node in walk(expression) if isinstance(node, Symbol)]
        hidden = {call.symbol for call in calls}
        lists = [call.list_name for call in calls if call.list_name]
        used = dict.fromkeys(name for name in (*symbols, *lists, *sorted(inner)) if name not in hidden)
        formula = AuthorFormula(self.text[start:end].strip(), expression, tuple(used), tuple(calls))
        self._check_constants(formula, start, end)
        return formula

    def _refused(self, problem: Refused, start: int) -> FindingsError:
        from quizgen.template.values import did_you_mean

        refusal = problem.refusal
        offset = start + refusal.offset
        if refusal.code == "unknown-name":
            name = self.text[offset : offset + refusal.length]
            remedy = did_you_mean(name, self.names) or "draw it, or compute it under `let`"
            return self.fail("Q301", f'nothing is named "{name}"', remedy, offset, refusal.length)
        message = refusal.message.rstrip(".?")
        remedy = f"write {refusal.suggestion}" if refusal.suggestion else "mend the formula"
        return self.fail("Q300", f"the formula is not understood: {message}", remedy, offset, refusal.length)

    def _without_calls(self, start: int, end: int, calls: list[Call], depth: int) -> str:
        """The text with our own functions replaced by names of the same length."""
        readable: list[str] = []
        position = start
        while found := _CALL.search(self.text, position, end):
            if found[2] and found[3] not in self.names:
                readable.append(self.text[position : found.end()])
                position = found.end()
                continue
            symbol = self._fresh(len(calls))
            stop = found.end() if found[2] else self._closing(found.end() - 1, end)
            if found[2]:
                calls.append(Call(symbol, found[2], list_name=found[3]))
            else:
                calls.append(Call(symbol, found[1], self._arguments(found, stop, depth)))
            readable += [self.text[position : found.start()], symbol.ljust(stop - found.start())]
            position = stop
        return "".join([*readable, self.text[position:end]])

    def _fresh(self, number: int) -> str:
        """A name that the author does not use; shorter than any call."""
        return next(name for name in _placeholders(number) if name not in self.names)

    def _arguments(self, found: re.Match[str], stop: int, depth: int) -> tuple[AuthorFormula, ...]:
        pieces = self._split(found.end(), stop - 1, re.compile(","))
        wanted = _INTEGER_FUNCTIONS[found[1]]
        if len(pieces) != wanted:
            example = "mod(a, 2)" if wanted == 2 else f"{found[1]}(a/2)"
            message = f"{found[1]} has {wanted} argument{'s' * (wanted > 1)}, not {len(pieces)}"
            raise self.fail("Q300", message, f"write {example}", found.start(), stop - found.start())
        return tuple(self.formula(a, b, depth + 1) for a, b, _ in pieces)

    def _closing(self, opening: int, end: int) -> int:
        depth = 0
        for position in range(opening, end):
            depth += (self.text[position] in "([{") - (self.text[position] in ")]}")
            if depth == 0:
                return position + 1
        raise self.fail("Q300", "this bracket is not closed", "close it", opening, 1)

    def _check_constants(self, formula: AuthorFormula, start: int, end: int) -> None:
        """Powers and quotients of constants are tried at once: ``2^(10^9)`` is a finding before any draw."""
        for node in walk(formula.expression):
            if isinstance(node, Power | Quotient | Logarithm) and not any(isinstance(n, Symbol) for n in walk(node)):
                try:
                    _exact(node, {})
                except ValueProblem as problem:
                    raise self.fail(problem.code, str(problem), "mend the formula", start, end - start) from None


def _placeholders(number: int) -> Iterator[str]:
    for letter in "qzwvku":
        yield f"{letter}_{number + 70}"


@lru_cache(maxsize=256)
def _language(names: tuple[str, ...]) -> Language:
    from grading.keys import SymbolDeclaration
    from grading.parsing import Language

    return Language(symbols=tuple(SymbolDeclaration(name, "real") for name in names))
