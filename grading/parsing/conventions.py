"""What people write differently and how it is read here; and the limits. One table, shown to learners with the echo.

Where two readings are equally likely the text is refused and both ways of writing it are named: a refusal costs
nothing, a wrong guess would.
"""

from __future__ import annotations

from typing import NamedTuple


class Convention(NamedTuple):
    """written: what is typed. read_as: text of the one grammar, or "" where it is refused. why: one sentence."""

    written: str
    read_as: str
    why: str


CONVENTIONS = (
    Convention("log 2x", "log(2*x)", "without parentheses a function takes the whole product after it"),
    Convention("log x y", "log(x*y)", "without parentheses a function takes the whole product after it"),
    Convention("log x*y", "log(x*y)", "all signs of multiplication mean the same, so * does not end the product"),
    Convention("log x log y", "log(x)*log(y)", "another function ends the argument"),
    Convention("log x · log y", "log(x)*log(y)", "another function ends the argument"),
    Convention("log x / log 2", "log(x)/log(2)", "another function ends the argument"),
    Convention("log x + y", "log(x) + y", "+ and - end the argument"),
    Convention("log(x) y", "log(x)*y", "parentheses right after a function hold its whole argument"),
    Convention("log(x)/2", "log(x)/2", "parentheses right after a function hold its whole argument"),
    Convention("log(x)^2", "log(x)^2", "parentheses right after a function hold its whole argument"),
    Convention("log^2 x", "log(x)^2", "an exponent of the name is an exponent of the value"),
    Convention("log x^2", "log(x^2)", "a power belongs to what stands before it"),
    Convention("log 1/2", "log(1/2)", "a fraction of two whole numbers is one number"),
    Convention("log x/2", "", "log(x/2) or log(x)/2?"),
    Convention("log x · 2", "", "log(2*x) or 2*log(x)?"),
    Convention("log 2 · x", "", "log(2*x) or log(2)*x?"),
    Convention("log 2 (x + y)", "", "log(2*(x + y)) or log(2)*(x + y)?"),
    Convention("√2x", "sqrt(2)*x", "a root without parentheses covers one factor"),
    Convention("1/2 x", "1/2*x", "products and quotients are read from left to right"),
    Convention("1/2(x + y)", "1/2*(x + y)", "products and quotients are read from left to right"),
    Convention("x/y/2", "x/y/2", "products and quotients are read from left to right"),
    Convention("1/2x", "", "1/(2*x) or (1/2)*x?"),
    Convention("-x^2", "-x^2", "the power is taken before the sign"),
    Convention("2^x^y", "2^(x^y)", "powers are read from right to left"),
    Convention("x_12", "x_12", "a subscript takes all its digits"),
    Convention("x 2", "", "x*2 or x_2?"),
    Convention("2 1/2", "", "5/2 or 1?"),
    Convention("lg x", "log_10(x)", "lg is the logarithm to base 10"),
    Convention("ln x", "log_{e}(x)", "ln is always natural; log is what the question says, natural by default"),
    Convention("e^x", "exp(x)", "e is Euler's number unless the question declares it"),
    Convention("sum_{i in {1,2}} x y + 1", "(x*y + x*y) + 1", "a sum takes the whole product after it"),
    Convention("5 %", "5/100", "per cent is a division by 100"),
)

MAX_CHARACTERS = 4_000
MAX_TOKENS = 1_500
MAX_DEPTH = 40
MAX_HEIGHT = 100  # of the tree: a/b/c/… is nested without brackets
MAX_DIGITS = 60
MAX_EXPONENT = 300  # of a literal such as 1e-300
MAX_NODES = 4_000  # after sums over sets are written out
MAX_SET = 200  # members of a set that a sum runs over
