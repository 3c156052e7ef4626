"""Answers that are made to break a judge: what may be typed, by what it attacks.

`KEYS` has a key of every kind: a sum of logarithms, one that asks for a form as well, one with real and positive names,
so that proofs of signs have something to fail on, a rational function, a number. `HOSTILE` holds (name, kind of key,
text); texts are made by arithmetic of strings only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

import msgspec

from benchmarks import hostile_attacks
from benchmarks.common_world import WORLDS
from grading.keys import NumericKey, Requirement, SymbolDeclaration, SymbolicKey, Tolerance

KeyKind = Literal["common", "forms", "declared", "rational", "number"]

DECLARED = SymbolicKey(
    "log(a) + b",
    (
        SymbolDeclaration("a", "positive"),
        SymbolDeclaration("b", "real"),
        SymbolDeclaration("c", "real"),
        SymbolDeclaration("d", "positive"),
        SymbolDeclaration("q"),
        SymbolDeclaration("r"),
    ),
)

KEYS: Mapping[KeyKind, SymbolicKey | NumericKey] = {
    "common": WORLDS[3].key,
    "forms": msgspec.structs.replace(WORLDS[3].key, forms=(Requirement("expanded"), Requirement("written-out"))),
    "declared": DECLARED,
    "rational": SymbolicKey("a*q/(1 - q)^2", (SymbolDeclaration("a", "positive"), SymbolDeclaration("q"))),
    "number": NumericKey("log(5)", Tolerance()),
}


class Hostile(NamedTuple):
    """name: what is attacked. key: which key judges it. text: what is typed."""

    name: str
    key: KeyKind
    text: str


def _sum_of_all(power: str = "") -> str:
    return "(" + " + ".join(f"p_{k}" for k in range(1, 10)) + f"){power}"


def _products(count: int) -> str:
    return "*".join(f"(p_{1 + k % 9} + {k + 1})" for k in range(count))


def _apart(count: int, names: int = 9) -> str:
    return " + ".join(f"1/(p_{1 + k % names} + {k + 2})" for k in range(count))


def _tower(inner: str, step: str, count: int) -> str:
    for _ in range(count):
        inner = step.replace("#", inner)
    return inner


SEMIPRIME = "1000000016000000063"  # 1000000007 · 1000000009
LARGE = "9" * 60

_COMMON: tuple[tuple[str, str], ...] = (
    # what is too much to be read
    ("tower of nines", "9^9^9^9"),
    ("two to a billion", "2^(10^9)"),
    ("a hundred thousand brackets", "(" * 100_000),
    ("a hundred thousand brackets, closed", "(" * 100_000 + "p_2" + ")" * 100_000),
    ("a megabyte of log", "log" * 350_000),
    ("a megabyte of log with spaces", "log " * 260_000),
    ("a product of ten thousand sums", _products(10_000)),
    ("as many sums as are read", _products(170)),
    ("a macro", r"\input{/etc/passwd}"),
    ("a thousand macros", r"\def\x{\x\x}" * 300),
    ("a zero byte", "log p_2 + \x00log p_6"),
    ("right-to-left override", "log p_2 + \u202elog p_6"),
    ("homoglyph", "log р_2 + log р_6"),
    ("zero width", "log p\u200b_2 + log p_6"),
    ("lone surrogate", "log p_2 + log \ud800p_6"),
    ("a thousand combining marks", "log p_2" + "\u0304" * 3_000),
    ("a million characters", "p_2 + " * 170_000),
    ("a million digits", "9" * 1_000_000),
    ("a million spaces", " " * 1_000_000 + "p_2"),
    ("spaces up to the limit", "log" + " " * 3_900 + "p_2"),
    ("line breaks up to the limit", "log p_2 +" + "\n" * 3_900 + "log p_6"),
    ("quotation marks", 'Pr("' + '\\"' * 1_900 + "| xbar)"),
    ("quotation marks never closed", "Pr(" + '"a' * 1_900),
    ("backslashes", "\\" * 3_900),
    ("styles in styles", "Pr(" + r"\text{" * 600 + "early" + "}" * 600 + "| xbar)"),
    ("styles side by side", "log Pr(" + r"\text{a}" * 500 + "| xbar)"),
    ("bars", "|" * 3_000),
    ("bars around", "|" * 30 + "p_2" + "|" * 30),
    ("many bars of probabilities", "Pr(" + "early|" * 600 + "xbar)"),
    ("underscores", "p" + "_" * 3_900),
    ("an index without end", "p_" + "1" * 3_900),
    ("braces", "p_" + "{" * 1_900 + "2" + "}" * 1_900),
    ("heads of sums", r"\sum_{i\in\{2\}}" * 200 + "p_i"),
    ("a sum that is never closed", r"\sum_{" + "{" * 3_900),
    ("a label without end", "J_{" + "a" * 3_900 + " = p_2"),
    ("probabilities never closed", "Pr(" * 1_300),
    ("superscripts", "p_2" + "²" * 1_400),
    ("a number in superscripts", "p_2" + "⁹" * 3_000),
    ("dollars", "$" * 3_999),
    # nesting
    ("brackets up to the limit", "(" * 39 + "log p_2" + ")" * 39),
    ("repeated minus", "-" * 1_400 + "p_2"),
    ("repeated minus inside", "p_2*" + "-" * 38 + "p_6"),
    ("minus in brackets", _tower("p_2", "-(#)", 38)),
    ("roots of roots", _tower("p_2", "sqrt(#)", 38)),
    ("roots of roots of sums", _tower("p_2 + 1", "sqrt(# + 1)", 30)),
    ("roots of roots of products", _tower("p_2", "sqrt(p_6*(#))", 19)),
    ("fractions in fractions", _tower("p_2", r"\frac{1}{1+#}", 38)),
    ("fractions in both halves", _tower("p_2", r"\frac{#}{1+#}", 8)),
    ("division after division", "1" + "/p_2" * 95),
    ("continued fraction", _tower("p_6", "1/(p_2 + #)", 19)),
    ("logarithms of logarithms", _tower("p_2", "log(2 - #)", 19)),
    ("logarithms of exponentials", _tower("p_2", "log(exp(#))", 18)),
    ("exponentials of exponentials", _tower("p_2", "exp(#)", 38)),
    ("exponential of a power tower", "exp(exp(exp(9^9^9)))"),
    ("powers of powers", "^".join(["p_2"] * 39)),
    ("sixty-four to the sixty-four", "((((9^64)^64)^64)^64)"),
    ("sixty-four to the sixty-four under log", "log((((9^64)^64)^64)^64)"),
    ("powers of a name", "((((p_2^64)^64)^64)^64)^64"),
    ("powers of a name again", _tower("p_2", "(#)^999999999", 30)),
    ("powers of a half", _tower("p_2", "(#)^0.5", 30)),
    ("roots with a large degree", r"\sqrt[999999937]{p_2 + p_6}"),
    ("many large roots", "*".join(rf"\sqrt[{k}]{{p_2}}" for k in range(900_000, 900_060))),
    ("roots of many primes", " + ".join(f"sqrt({k})" for k in range(2, 200))),
    ("product of roots of primes", "*".join(f"(1 + sqrt({k}))" for k in (2, 3, 5, 7, 11, 13, 17, 19, 23))),
    ("logarithm of a product of roots", "log(" + "*".join(f"(p_2 + sqrt({k}))" for k in range(2, 30)) + ")"),
    # numbers
    ("giant literal", "1e999999999*p_2"),
    ("largest literal", "1e300^27*p_2"),
    ("smallest literals", "*".join(["1e-300"] * 100) + "*p_2"),
    ("sixty digits squared again and again", _tower(LARGE, "(#)^2", 9) + "*p_2"),
    ("many long decimals", " + ".join(f"0.{k}{'7' * 50}*log(p_{1 + k % 9})" for k in range(60))),
    ("many long fractions", " + ".join(f"{k}/{k}{'7' * 50}1*log(p_2)" for k in range(1, 60))),
    ("many denominators", " + ".join(f"log(p_2)/{k}" for k in range(1, 250))),
    ("logarithm of a semiprime", f"log({SEMIPRIME}) + log(p_2)"),
    ("logarithms of large numbers", " + ".join(f"log({k}{'3' * 55}7)" for k in range(1, 60))),
    ("roots of large numbers", "*".join(f"sqrt({k}{'3' * 55}7)" for k in range(1, 60))),
    ("logarithm of a large power", f"log({LARGE}^130)"),
    ("sums of semiprimes to a power", f"log(({SEMIPRIME} + p_2)^64)"),
    ("found by fuzzing", "exp((p_2+p_6+2+0.5+p_6)*log(2)*(999999937)^3)"),
    ("a prime to a large power", "2^(p_2*999999937^3)*3^(999999937^2)"),
    ("exponent with large coefficients", "exp(999999937^20*log(2) + 999999937^20*log(p_2))"),
    ("a power by a fraction with a large denominator", "p_2^(1/999999937^8)"),
    ("two to a sum of fractions", "2^(" + " + ".join(f"1/{k}" for k in range(1, 200)) + ")"),
    # multiplied out
    ("binomial", "(p_1 + p_2)^999"),
    ("binomial with a large exponent", "(p_1 + p_2)^999999999"),
    ("binomial of constants", "(1 + log 2)^999"),
    ("multinomial", _sum_of_all("^9")),
    ("multinomial, just below", _sum_of_all("^4")),
    ("multinomial squared", _sum_of_all("^3") + "*" + _sum_of_all("^3")),
    ("products of sums", "*".join(["(p_1 + p_2 + p_3 + p_4 + p_5 + p_6 + p_7 + p_8 + p_9)"] * 9)),
    ("product of ten binomials", _products(10)),
    ("product of forty binomials", _products(40)),
    ("sum of products of sums", " + ".join(_products(4) for _ in range(20))),
    ("product of logarithms", "*".join(f"(log p_{1 + k % 9} + {k})" for k in range(30))),
    ("power of a sum of logarithms", "(" + " + ".join(f"log p_{k}" for k in range(1, 10)) + ")^6"),
    ("coprime denominators", _apart(10)),
    ("many coprime denominators", _apart(40)),
    ("many coprime denominators of two", _apart(40, 2)),
    ("coprime denominators, one name", _apart(60, 1)),
    ("denominators minus", "1/(p_1-2)+1/(p_2-3)+1/(p_3-5)+1/(p_4-7)+1/(p_5-11)+1/(p_6-13)+1/(p_7-17)+1/(p_8-19)"),
    ("denominators of logarithms", " + ".join(f"1/(log p_{k} - {k})" for k in range(1, 10))),
    ("denominators of squares", " + ".join(f"1/(p_{k}^2 + p_{k + 1} + 1)" for k in range(1, 9))),
    ("quotient of products", "(" + _products(8) + ")/(" + _products(9) + ")"),
    ("a sum over a set in a set", r"\sum_{i\in\{1,2,3,4,5,6,7,8,9\}} \sum_{j\in\{1,2,3,4,5,6,7,8,9\}} \log(p_i + p_j)"),
    ("five sums in one another", "".join(rf"\sum_{{{x}=1}}^{{9}} " for x in "ijkab") + "p_i p_j p_k p_a p_b"),
    ("product over sets of sums", r"\prod_{i=1}^{9} \sum_{j=1}^{9} (p_i + p_j)"),
    ("product over sets of logarithms", r"\prod_{i=1}^{9} \log(p_i + 1/2)"),
    ("a sum to ten thousand", r"\sum_{i=0}^{9999} p_2"),
    ("a sum to two hundred of powers", r"\sum_{i=1}^{200} p_2^i"),
    ("a product to two hundred", r"\prod_{i=1}^{200} (p_2 + i)"),
    ("logarithm of a product to a hundred", r"\log \prod_{i=1}^{100} (p_2 + i)"),
    ("huge set", r"\sum_{i\in\{" + ",".join(map(str, range(1_200))) + r"\}} \log p_2"),
    ("sums over large sets of sums", r"\sum_{i=1}^{60} \sum_{j=1}^{60} 1/(i + j) \log p_2"),
    # factors
    ("factor a power minus a power", "log((p_1^12+p_2^11+1)^9 - p_3^7)"),
    ("factor a cube of a sum of nine", "log(" + _sum_of_all("^3") + " + 1)"),
    ("factor a difference of powers", "log(p_2^12 - p_6^12 + 2)"),
    ("factor with many divisors", "log(2 - p_2^360)"),
    ("factor a cyclotomic one", "log(3 - p_2^105 - p_6^105)"),
    ("factor a swinnerton-dyer polynomial", "log(p_2^8 - 40*p_2^6 + 352*p_2^4 - 960*p_2^2 + 576)"),
    ("factor with large coefficients", f"log({LARGE}*p_2^7 + {SEMIPRIME}*p_6^5 + p_2*p_6 + 1)"),
    ("factor many at once", " + ".join(f"log(p_{k}^5 + p_{k + 1}^4 + p_{k}*p_{k + 1} + {k})" for k in range(1, 9))),
    ("factor fifty different ones", " + ".join(f"log(p_2^4 + p_6^3 + p_2*p_6 + {k})" for k in range(1, 51))),
    ("factor a product multiplied out", "log((p_1+p_2+1)*(p_2+p_3+2)*(p_3+p_4+3)*(p_4+p_5+4)*(p_5+p_6+5))"),
    ("factor a square of five", "log((p_1+2*p_2+3*p_3+4*p_4+5*p_5+6)^4)"),
    ("factor eight names", "log(p_1*p_2*p_3*p_4 + p_5*p_6*p_7*p_8 + p_1*p_8 + p_2*p_7 + 1)"),
    ("factor a determinant", "log(2 + p_1*(p_5*p_9-p_6*p_8) - p_2*(p_4*p_9-p_6*p_7) + p_3*(p_4*p_8-p_5*p_7))"),
    ("factor dense", "log((1 + p_2 + p_6 + p_2*p_6)^5 + p_2^7*p_6^3 + 7)"),
    ("square roots under a logarithm", "log(1 + sqrt(p_1) + sqrt(p_2) + sqrt(p_3) + sqrt(p_4) + sqrt(p_5*p_6))"),
    ("roots of different degrees", "log(1 - p_2^(1/2) + p_2^(1/3) + p_2^(1/5) + p_2^(1/7) + p_2^(1/11))"),
    ("a root of a sum of roots", "sqrt(1 + sqrt(p_2) + sqrt(1 + sqrt(p_6) + sqrt(1 + sqrt(p_4))))"),
    # signs
    ("sign of many names", "abs(" + "*".join(f"(1 + p_{k}^2 - p_{k})" for k in range(1, 10)) + ")"),
    ("sign of a high degree", "abs(p_2^999 - p_2 + 1)"),
    ("sign of a square", "sqrt((p_1 - p_2 + p_3 - p_4 + p_5 - p_6 + p_7 - p_8)^2)"),
    ("sign just below the limit", "abs((1 + p_1 - p_2)^4*(1 + p_3 - p_4)^3*(2 + p_5)^1)"),
    ("many absolute values", " + ".join(f"abs(p_{1 + k % 9} - p_{1 + (k * 5 + 1) % 9} + {k}/100)" for k in range(60))),
    ("absolute values in one another", _tower("p_2", "abs(# - p_6)", 19)),
    ("product of absolute values", "*".join(f"abs(log p_{k} - log p_{k + 1})" for k in range(1, 9))),
    ("minimum of many", "min(" + ", ".join(f"log p_{1 + k % 9} + {k}/7" for k in range(150)) + ")"),
    (
        "minimum of all differences",
        "min(" + ", ".join(f"p_{i} - p_{j}" for i in range(1, 10) for j in range(1, 10)) + ")",
    ),
    ("minima in one another", _tower("p_2", "min(#, p_6*(#) + 1)", 5)),
    ("maximum of minima", "max(" + ", ".join(f"min(p_{k}, p_{k + 1}^2, p_1)" for k in range(1, 9)) + ")"),
    ("minimum of products of sums", "min(" + ", ".join(_products(k) for k in range(2, 7)) + ")"),
    # the search for a point
    ("very close", "log p_2 + log p_6 + 1e-300"),
    ("very close to nothing", "log p_2 + log p_6 + exp(-10^9)"),
    ("large and small", "exp(11000*p_2) - exp(-11000*p_2) + exp(exp(9*p_6))"),
    ("a power of a sum with a root", "sqrt((-log p_2 - sqrt(p_6/abs(log_10(p_6)))*log p_6)^100)"),
    ("a power of a sum with two roots", "(sqrt(p_2 + 1) + p_4*sqrt(p_6 + 2))^60"),
    (
        "a minimum of a large power",
        r"min((p_2 + p_6)^p_2, min(n, exp(p_2))*log(abs(1e-300/p_6 + p_6/p_5))*(p_2 + p_6)^64)",
    ),
    ("roots of a sum with a large prime", "sqrt(sqrt(sqrt(p_2 + abs(3/999999937)))) + 1"),
    ("a hundred different exponentials", " + ".join(f"exp({k}*p_2)" for k in range(100))),
    ("a hundred different powers", " + ".join(f"(p_2 + p_6)^(p_4 + {k})" for k in range(100))),
    ("powers with long exponents", f"(1 + p_2)^{LARGE}"),
    ("close to one, to a large power", "(1 + 1e-60)^(10^60)"),
    ("hundred and fifty logarithms of sums", " + ".join(f"log(p_2 + {k})" for k in range(1, 151))),
    ("logarithms to many bases", " + ".join(f"log_{{p_2 + {k}}}(p_6 + {k})" for k in range(2, 40))),
    ("logarithms to different bases", " + ".join(f"log_{k}(p_6)" for k in range(2, 100))),
    ("zero over zero", "(ln(400640231) - ln(20011) - ln(20021))/(ln(400640231) - ln(20011) - ln(20021))"),
    ("a hidden zero divided", "1/(sqrt(2)*sqrt(3) - sqrt(6)) + log p_2"),
    ("an identity of nested roots", "sqrt(5 + 2*sqrt(6)) - sqrt(2) - sqrt(3) + log p_2 + log p_6"),
)

_DECLARED: tuple[tuple[str, str], ...] = (
    ("found by fuzzing", "exp((a+b+2+0.5+b)*log(2)*(999999937)^3)"),
    ("roots of real numbers", _tower("b", "sqrt(#^2 + 1)", 19)),
    ("roots of squares", "sqrt((b + c)^2*(b - c)^2*(b + 2*c)^2*(2*b + c)^2)"),
    ("real powers", "(b^2 + 1)^(c^2 + 1) - (c^2 + 1)^(b^2 + 1)"),
    ("absolute values of real differences", "*".join(f"abs({k}*b - c)" for k in range(1, 14))),
    ("logarithm of absolute values", "log(" + "*".join(f"abs(b - {k}*c + {k})" for k in range(1, 14)) + ")"),
    ("minimum of real ones", "min(" + ", ".join(f"{k}*b - c^{1 + k % 5}" for k in range(1, 30)) + ")"),
    ("minimum of two large ones", "min((a + b + c)^9, (a - b - c)^9)"),
    ("positive sums", "log(" + "*".join(f"(a + {k}*d)" for k in range(1, 13)) + ")"),
    ("a power of a positive sum", "(a + d + a*d + 1)^(a + d) + (a*d + 1)^(a*d)"),
    ("exponential of many products", "exp((a + b + c + d)^5)"),
    ("exponential of a quotient", "exp((a + b + c + d)^4/(a - b + c - d)^3)"),
    ("exponents that cancel", "exp(b*log(a))^c*exp(-c*log(a))^b*" + _tower("a", "(#)^(b/c)", 12)),
    ("run together", "abcdabcd" * 100),
    ("real factors", "log(b^4 + c^4 + 1) + log(b^4 - c^4) + log(b^6 + c^6 + a^6)"),
)

_NUMBERS: tuple[tuple[str, str], ...] = (
    ("tower of nines", "9^9^9^9"),
    ("two to a billion", "2^(10^9)"),
    ("sixty-four to the sixty-four", "((((9^64)^64)^64)^64)"),
    ("literal", "1e999999999"),
    ("million digits", "3." + "1" * 1_000_000),
    ("factorial", "2004!"),
    ("logarithm of a tower", "log(9^9^9)"),
    ("exponential tower", "exp(exp(exp(exp(9))))"),
    ("close to one, to a large power", "(1 + 1e-60)^(10^60)"),
    ("roots", _tower("2", "sqrt(# + 1)", 30)),
    ("hidden zero", "1/(sqrt(2)*sqrt(3) - sqrt(6))"),
    ("nested roots that cancel", "sqrt(5 + 2*sqrt(6)) - sqrt(2) - sqrt(3)"),
    ("an almost whole number", "exp(sqrt(163)*355/113)"),
    ("exponentials of logarithms", "exp(log(3)) + exp(log(1e300)) - exp(log(1e300))"),
    ("logarithms of exponentials", "log(exp(3)) + log(exp(1e300)) - log(exp(1e300))"),
    ("harmonic", "sum_{i=1}^{200} 1/i"),
    ("logarithms of semiprimes", " + ".join(f"log({k}{'3' * 55}7)" for k in range(1, 60))),
    ("products of roots", "*".join(f"(1 + sqrt({k}))" for k in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29))),
    ("a decimal with many digits", "0." + "3" * 4_000),
    ("units without end", "2.3 " + "nats " * 700),
    ("spaces and digits", "1 000" * 700),
    ("commas", "1," * 1_900 + "0"),
)

HOSTILE: tuple[Hostile, ...] = (
    *(Hostile(name, "common", text) for name, text in _COMMON),
    *(Hostile(name, "declared", text) for name, text in _DECLARED),
    *(Hostile(name, "number", text) for name, text in _NUMBERS),
    *(Hostile(name, "common", text) for name, text in hostile_attacks.COMMON),
    *(Hostile(name, "forms", text) for name, text in hostile_attacks.COMMON[::9]),
    *(Hostile(name, "declared", text) for name, text in hostile_attacks.DECLARED),
    *(Hostile(name, "rational", text) for name, text in hostile_attacks.RATIONAL),
    *(Hostile(name, "number", text) for name, text in hostile_attacks.NUMBER),
)
