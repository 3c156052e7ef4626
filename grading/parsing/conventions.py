"""What people write differently and how it is read here; and the limits. One table, shown to learners with the echo.

Where two readings are equally likely the text is refused and both ways of writing it are named: a refusal costs
nothing, a wrong guess would. The sentence of each rule stands in `grading.wording`, as ``rule:…``.
"""

from __future__ import annotations

from typing import Literal, NamedTuple


class Convention(NamedTuple):
    """One doubtful writing.

    rule: what decides it; several writings may show one rule. written: what is typed. read_as: text of the one
    grammar, "" where it is refused. instead: where it is refused, what may have been meant. log_base, decimal_comma:
    of the questions in which it is so.
    """

    rule: str
    written: str
    read_as: str = ""
    instead: tuple[str, ...] = ()
    log_base: Literal[0, 2, 10] = 0
    decimal_comma: bool = False


CONVENTIONS = (
    Convention("function-product", "log 2x", "log(2*x)"),
    Convention("function-product", "log x y", "log(x*y)"),
    Convention("function-product", "log x*y", "log(x*y)"),
    Convention("function-function", "log x log y", "(log(x))*(log(y))"),
    Convention("function-function", "log x · log y", "(log(x))*(log(y))"),
    Convention("function-function", "log x / log 2", "(log(x))/(log(2))"),
    Convention("function-function", "log 2 · (log x + log y)", "(log(2))*(log(x) + log(y))"),
    Convention("function-function", "log x (1 - log y)", "(log(x))*(1 - log(y))"),
    Convention("function-function", "log x / (1 - log y)", "(log(x))/(1 - log(y))"),
    Convention("function-sum", "log x + y", "log(x) + y"),
    Convention("function-parentheses", "log(x) y", "(log(x))*y"),
    Convention("function-parentheses", "log(x)/2", "(log(x))/2"),
    Convention("function-parentheses", "log(x)^2", "(log(x))^2"),
    Convention("function-exponent", "log^2 x", "(log(x))^2"),
    Convention("power-first", "log x^2", "log(x^2)"),
    Convention("function-fraction", "log 1/2", "log(1/2)"),
    Convention("function-doubt", "log x/2", instead=("log(x/2)", "(log(x))/2")),
    Convention("function-doubt", "log x · 2", instead=("log(2*x)", "2*log(x)")),
    Convention("function-doubt", "log 2 · x", instead=("log(2*x)", "log(2)*x")),
    Convention("function-doubt", "log 2 (x + y)", instead=("log(2*(x + y))", "log(2)*(x + y)")),
    Convention("function-doubt", "ln2 x", instead=("ln(2*x)", "ln(2)*x")),
    Convention("function-doubt", "log2.5", instead=("log_2(0.5)", "log(2.5)")),
    Convention("root-factor", "√2x", "sqrt(2)*x"),
    Convention("root-factor", "sqrt2 x", "sqrt(2)*x"),
    Convention("root-factor", "√x^2", "(sqrt(x))^2"),
    Convention("left-to-right", "1/2 x", "(1/2)*x"),
    Convention("left-to-right", "1/2(x + y)", "(1/2)*(x + y)"),
    Convention("left-to-right", "x/y/2", "(x/y)/2"),
    Convention("quotient-doubt", "1/2x", instead=("1/(2*x)", "(1/2)*x")),
    Convention("quotient-doubt", "1/xy", instead=("1/(x*y)", "(1/x)*y")),
    Convention("power-sign", "-x^2", "-(x^2)"),
    Convention("power-right", "2^x^y", "2^(x^y)"),
    Convention("subscript-digits", "x_12", "x_{12}"),
    Convention("index-doubt", "x 2", instead=("x*2", "x_2")),
    Convention("mixed-number", "2 1/2", instead=("5/2", "1")),
    Convention("mixed-number", "2 ½", instead=("5/2", "1")),
    Convention("lg", "lg x", "log_10(x)"),
    Convention("ln", "ln x", "log_{e}(x)"),
    Convention("ln", "x ln2", "x*log_{e}(2)"),
    Convention("log-2", "log x", "log_2(x)", log_base=2),
    Convention("log-10", "log x", "log_10(x)", log_base=10),
    Convention("euler", "e^x", "exp(x)"),
    Convention("letters-product", "xy", "x*y"),
    Convention("letters-product", "xy^2", "x*(y^2)"),
    Convention("letters-doubt", "2^xy", instead=("2^(x*y)", "(2^x)*y")),
    Convention("letters-doubt", "√xy", instead=("sqrt(x*y)", "sqrt(x)*y")),
    Convention("sum-product", "sum_{i in {1,2}} x y + 1", "(x*y + x*y) + 1"),
    Convention("percent", "5 %", "5/100"),
    Convention("decimal-comma", "0,5", "0.5", decimal_comma=True),
    Convention("list-doubt", "1,5", instead=("1.5",)),
)


class NotRead(NamedTuple):
    """What is refused. typed: an example. code: of its refusal. why: which words explain it, ``refused:…``."""

    typed: str
    code: str
    why: str


NOT_READ = (
    NotRead("x, y", "unexpected-comma", "list"),
    NotRead("log x or log y", "unknown-name", "or"),
    NotRead("x = 2y", "relation", "equation"),
    NotRead("log q", "unknown-name", "unknown-name"),
    NotRead("log \u0440", "homoglyph", "homoglyph"),
    NotRead("log\u200b x", "invisible-character", "invisible"),
    NotRead("3!", "factorial", "factorial"),
    NotRead("sin(x)", "unknown-name", "function"),
    NotRead("\\int x", "unknown-command", "command"),
    NotRead("log(x + y", "unclosed", "unclosed"),
    NotRead("1,5 x", "ambiguous-comma", "comma"),
    NotRead("1e999", "too-large", "too-large"),
)
"""Refused in a question with the names x, y and p; the comma only where it is no decimal mark."""

MAX_CHARACTERS = 4_000
MAX_TOKENS = 1_500
MAX_DEPTH = 40
MAX_HEIGHT = 100  # of the tree: a/b/c/… is nested without brackets
MAX_DIGITS = 60
MAX_EXPONENT = 300  # of a literal such as 1e-300
MAX_NODES = 4_000  # after sums over sets are written out
MAX_SET = 200  # members of a set that a sum runs over
