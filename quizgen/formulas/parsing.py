"""Reading formulas and conditions: the one grammar of the judge, with what only authors may write put around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from grading.expressions import Expression, Logarithm, Power, Quotient, Symbol, walk
from quizgen.findings import Finding, FindingsError, Place, Severity
from quizgen.formulas.evaluating import ValueProblem, compiled, pair_of
from quizgen.formulas.trees import AuthorFormula, Call, Comparison, Condition, Junction, WordTest

if TYPE_CHECKING:
    from grading.parsing import Language, Refused

_FUNCTIONS: dict[str, tuple[int, str]] = {
    "floor": (1, "floor(a/2)"),
    "ceil": (1, "ceil(a/2)"),
    "mod": (2, "mod(a, 2)"),
    "underflow": (3, "underflow(p, 24, 2^(-149))"),
    "at": (1, "at(ps, k)"),
}
"""Functions with formulas as arguments: how many (of `at`, behind its list), and an example."""

MOST_DISTANCES = 20
"""Numbers whose distances are compared in one formula: each with each."""

_CALL = re.compile(
    r"(?<![A-Za-z_])(?:(floor|ceil|mod|underflow|distance)\s*\(|(min|max|sum|product|count)\s*\(\s*([A-Za-z]\w*)\s*\)"
    r"|(at)\s*\(\s*([A-Za-z]\w*)\s*,|(sum|product)\s*\()"
)
_COMPARISON = re.compile(r"<=|>=|!=|==|≤|≥|≠|=|<|>")
_SAME = {"==": "=", "≤": "<=", "≥": ">=", "≠": "!="}


def parse_formula(text: str, names: Collection[str], finding: Callable[..., Finding] | None = None) -> AuthorFormula:
    """The formula of an author.

    names: what may be used. finding: makes the findings (see `Template.findings_in`).
    Raises FindingsError with one finding: Q300 not understood, Q301 unknown name, Q302 too large.

    >>> from fractions import Fraction
    >>> from quizgen.formulas import exact_value
    >>> area = parse_formula("2*(a+b)", ["a", "b"])
    >>> area.names, exact_value(area, {"a": Fraction(2), "b": Fraction(1, 2)})
    (('a', 'b'), Fraction(5, 1))
    """
    return _Parser(text, names, finding).formula(0, len(text))


def parse_condition(
    text: str,
    names: Collection[str],
    finding: Callable[..., Finding] | None = None,
    words: Mapping[str, Collection[str]] | None = None,
) -> Condition:
    """A condition such as ``a < b``, ``a != b and max(ps) <= 1/2``; parameters and errors as in `parse_formula`.

    words: what the names of drawn words can be; ``unit = bits`` compares one with a word.

    >>> from fractions import Fraction
    >>> from quizgen.formulas import holds
    >>> holds(parse_condition("1 <= a < b or not b = 3", ["a", "b"]), {"a": Fraction(1), "b": Fraction(3)})
    True
    >>> holds(parse_condition("unit = bits", [], words={"unit": ["nats", "bits"]}), {"unit": "nats"})
    False
    """
    return _Parser(text, names, finding, words).condition(0, len(text))


def parse_comparison(text: str, names: Collection[str], finding: Callable[..., Finding] | None = None) -> Comparison:
    """A chain of comparisons such as ``0 < a <= 1`` without ``and``, ``or``, ``not``; otherwise as `parse_condition`.

    >>> parse_comparison("0 < a <= 1", ["a"]).operators
    ('<', '<=')
    """
    parser = _Parser(text, names, finding)
    found = parser.condition(0, len(text))
    if not isinstance(found, Comparison):
        raise parser.fail(
            "Q300", "this is no comparison", "write one such as x + y > 1; several each by itself", 0, len(text)
        )
    return found


def _plain_finding(
    code: str, message: str, remedy: str, offset: int, length: int, severity: Severity = Severity.ERROR
) -> Finding:
    return Finding(Place("<formula>", 1, offset + 1, length), code, message, remedy, severity)


class _Parser:
    """Parses slices of one text; offsets are those of the whole text."""

    def __init__(
        self,
        text: str,
        names: Collection[str],
        finding: Callable[..., Finding] | None,
        words: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self.text = text
        self.names = tuple(names)
        self.words = words or {}
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
        if (tested := self.text[slice(*self._stripped(*pieces[0][:2]))]) in self.words:
            return self._word_test(tested, operators, pieces, start)
        return Comparison(tuple(self.formula(a, b) for a, b, _ in pieces), operators)

    def _word_test(
        self, name: str, operators: tuple[str, ...], pieces: list[tuple[int, int, str]], start: int
    ) -> WordTest:
        known = tuple(self.words[name])
        first, last = self._stripped(*pieces[1][:2])
        if len(pieces) > 2 or operators[0] not in ("=", "!="):
            message = f'"{name}" is a word; it is one of its words or is not'
            raise self.fail("Q300", message, f"write {name} = {known[0]}", start, len(name))
        if self.text[first:last] not in known:
            from quizgen.template.values import did_you_mean

            message, remedy = f'"{name}" is never "{self.text[first:last]}"', did_you_mean(self.text[first:last], known)
            raise self.fail("Q301", message, remedy or "write one of its words", first, last - first)
        return WordTest(name, self.text[first:last], operators[0] == "=")

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
        inner = {name for call in calls for part in (*call.arguments, *_each(call)) for name in part.names}
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
            if (found[3] or found[5]) and (found[3] or found[5]) not in self.names:
                readable.append(self.text[position : found.end()])
                position = found.end()
                continue
            symbol = self._fresh(len(calls))
            stop = found.end() if found[2] else self._closing(self.text.index("(", found.start()), end)
            if found[2]:
                calls.append(Call(symbol, found[2], list_name=found[3]))
            elif found[6]:
                calls.append(self._of_each(symbol, found, stop, depth))
            else:
                arguments = self._arguments(found, stop, depth)
                calls.append(Call(symbol, found[1] or found[4], arguments, found[5] or ""))
            readable += [self.text[position : found.start()], symbol.ljust(stop - found.start())]
            position = stop
        return "".join([*readable, self.text[position:end]])

    def _fresh(self, number: int) -> str:
        """A name that the author does not use; shorter than any call."""
        return next(name for name in _placeholders(number) if name not in self.names)

    def _arguments(self, found: re.Match[str], stop: int, depth: int) -> tuple[AuthorFormula, ...]:
        pieces = self._split(found.end(), stop - 1, re.compile(","))
        function = found[1] or found[4]
        if function == "distance":
            if not 2 <= len(pieces) <= MOST_DISTANCES:
                message = f"distance has 2 to {MOST_DISTANCES} arguments, not {len(pieces)}"
                raise self.fail("Q300", message, "write distance(a, b, c)", found.start(), stop - found.start())
            return tuple(self.formula(a, b, depth + 1) for a, b, _ in pieces)
        wanted, example = _FUNCTIONS[function]
        if len(pieces) != wanted:
            more = " behind the list" if function == "at" else ""
            message = f"{function} has {wanted} argument{'s' * (wanted > 1)}{more}, not {len(pieces)}"
            raise self.fail("Q300", message, f"write {example}", found.start(), stop - found.start())
        return tuple(self.formula(a, b, depth + 1) for a, b, _ in pieces)

    def _of_each(self, symbol: str, found: re.Match[str], stop: int, depth: int) -> Call:
        """``sum(1/ps)``: the formula for each member of the lists in it."""
        each = self.formula(found.end(), stop - 1, depth + 1)
        if not each.names:
            message = f"{found[6]} needs a list, and this names none"
            raise self.fail("Q300", message, f"write {found[6]}(1/ps)", found.start(), stop - found.start())
        return Call(symbol, found[6], each=each)

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
            parts = (node.denominator, node) if isinstance(node, Quotient) else (node,)
            for part in parts:
                if isinstance(node, Power | Quotient | Logarithm) and not any(
                    isinstance(n, Symbol) for n in walk(part)
                ):
                    self._try(part, part is not node, start, end)

    def _try(self, constant: Expression, divides: bool, start: int, end: int) -> None:
        try:
            value = pair_of(compiled(constant), {})
        except ValueProblem as problem:
            raise self.fail(problem.code, str(problem), "mend the formula", start, end - start) from None
        if divides and value is not None and value[0] == 0:
            raise self.fail("Q303", "the formula divides by zero", "mend the formula", start, end - start)


def _each(call: Call) -> tuple[AuthorFormula, ...]:
    return () if call.each is None else (call.each,)


def _placeholders(number: int) -> Iterator[str]:
    for letter in "qzwvku":
        yield f"{letter}_{number + 70}"


@lru_cache(maxsize=256)
def _language(names: tuple[str, ...]) -> Language:
    from grading.keys import SymbolDeclaration
    from grading.parsing import Language

    return Language(symbols=tuple(SymbolDeclaration(name, "real") for name in names))
