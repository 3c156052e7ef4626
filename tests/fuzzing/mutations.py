"""Texts that look like answers: made from a grammar, and changed piece by piece rather than letter by letter."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

ATOMS = (
    *("p_2", "p_6", "p2", "p₆", "p_{2}", "p_5", "p_0", "p_i", "p_{early}", "a", "b", "c", "q", "n", "m", "|A|", "e"),
    *("0", "1", "2", "3", "10", "0.5", ".5", "1e-3", "1e300", "1e-300", "999999937", "1/2", "½", "θ", r"\alpha"),
    *("Pr(early|xbar)", "p(worm|x̄)", "P(x_2=early|x)", "Pr(x_6=worm|xbar_{<6})", "Pr_2(early|xbar)", "Pr(lion|x̄)"),
    *(
        "Pr(xbar|x_2=early)",
        r"\Pr(x_2=\text{early}\mid\bar{\mathbf{x}})",
        r"\Pr(x_6\mid\bar{x})",
        "Pr(early,worm|xbar)",
    ),
    *(
        "Pr(early|xbar, x_6=worm)",
        "Pr(x_6=worm|xbar, xhat_2)",
        r"Pr(early|xbar_{\2})",
        'Pr("early"|x)',
        "p(eаrly|xbar)",
    ),
    *(
        "Pr(x_2=early|xbar, θ)",
        "Pr(x_6=worm|xbar_{<6}, x_2=early)",
        "Pr(the|xbar)",
        "Pr(x_9=worm|xbar)",
        "Pr(x_i|xbar)",
    ),
)
FUNCTIONS = (
    *("log", "ln", "lg", "log2", "log_2", "log_{10}", "log_{p_2}", "log_b", "exp", "sqrt", "abs", "√", "log^2"),
    *(r"\log", r"\ln", r"\log_2", r"\exp", r"\sqrt", r"\sqrt[3]", r"\frac12", "e^"),
)
HEADS = (
    *(r"\sum_{i\in\{2,6\}}", "sum_{i in A}", "Σ_{i∈A}", r"\prod_{i \in A}", "prod_{i in {2,6}}", "sum_{k=1}^{m}"),
    *(r"\sum_{i\notin A}", "sum_{i in {1,2,3}}", "∏_{i∈{2,6}}", r"\sum_{i=1}^{3} \sum_{j=1}^{3}"),
)
OPERATORS = ("+", "-", "*", "/", "^", " ", "·", "×", "−", r"\cdot ", "**", ",", "+ -", "÷", "⁄")
BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"), ("|", "|"), (r"\left(", r"\right)"), (r"\left|", r"\right|"))
ODDITIES = (
    *("$", "$$", r"\displaystyle", r"\,", r"\quad", "J =", "L(x) =", "%", "nats", "bits", "!", "=", "<", ";", '"'),
    *(
        "\x00",
        "\u202e",
        "\u200b",
        "\ud800",
        "р",
        "e",
        "𝑝",
        "²",
        "⁻¹",
        "₂",
        "ᵢ",
        "\u0304",
        "\\",
        "_",
        "~",
        "\n",
        "'",
        "…",
        "∞",
    ),
    *(
        "1,609",
        "1 609,5",
        "1.6e-3",
        "1.6×10^{-3}",
        "50 %",
        "8/5",
        "2.3 nats",
        "3.3 bits",
        "-0",
        "1e999999999",
        "9^9^9^9",
    ),
)
DICTIONARY = tuple(
    dict.fromkeys((*ATOMS, *FUNCTIONS, *HEADS, *OPERATORS, *(b for pair in BRACKETS for b in pair), *ODDITIES))
)
SEEDS = (
    *("log p_2 + log p_6", "ln(p2·p6)", r"\frac12 \log p_2 + \frac{1}{2}\log p_{6}", "-log(1/(p2 p6))", "exp(log p2)"),
    *("-log2 p2 - log2 p6", "exp(-(log p_2 + log p_6)/2)", "1/sqrt(p_2 p_6)", "b*log(a) + c", "log(a^b) + c"),
    *("a*q/(1 - q)^2", "q a/(1 - 2q + q^2)", "abs(log p_2)", "min(log p_2, log p_6)", "log(p_2 + p_6)", "8/5", "1.609"),
    *("-ln 0.5 - ln 0.4", "log(5)", "3.26", "sqrt(2)*ln(10)", "log((p_1^3 + p_2 + 1)^2 - p_6)", "(p_2 + p_6)^9"),
    *(
        "1/(p_2 - 2) + 1/(p_6 + 1)",
        "sqrt(sqrt(p_2) + 1)",
        "log_{a}(b^2 + 1)",
        "max(a, b, c)",
        "exp(b*log(2)*999999937^3)",
    ),
    *("13.33 %", "13.3", "0.1333", "13.34", "2.322 bits", "1.6094 nats", "1,61", "1.60", "3.3 bits", "50 %", "-1.61"),
    *("log p_2 + log p_6 + log 3", "3*log(p_2*p_6)", "-(log p_2 + log p_6)/2", "p_2*p_6", "-1/(p_2 p_6)", "1.6e0"),
)
_PLACED = re.compile(r"\\?(?:Pr|P|p)(?:_\d)?\((?:[^()]*)\)|\b[pP](?:_\{?\w+\}?|\d)|p[₀-₉]")
_DECLARED = re.compile(r"(?<![\w\\|])[abcq](?![\w(])")
_PIECES = re.compile(r"\\[A-Za-z]+|[A-Za-z]+(?:_\{?\w+\}?)?|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
_OPERAND = re.compile(r"[pP](?:_\{?\w+\}?|\d)|[abcqnme]|\d+(?:\.\d+)?")

Mutation = Callable[[random.Random, list[str], list[str]], list[str]]


def pieces(text: str) -> list[str]:
    """The words, numbers, commands and signs of a text; joined they are the text.

    >>> pieces(r"\\log p_{2}+1.5")
    ['\\\\log', ' ', 'p_{2}', '+', '1.5']
    """
    return _PIECES.findall(text)


def formula(draw: random.Random, depth: int = 4) -> str:
    """A text from the grammar; most of them can be read."""
    if depth <= 0 or draw.random() < 0.2:
        return draw.choice(ATOMS)
    match draw.randrange(9):
        case 0 | 1:
            return f"{formula(draw, depth - 1)} {draw.choice('+-')} {formula(draw, depth - 1)}"
        case 2:
            return f"({formula(draw, depth - 1)}){draw.choice(('*', '/', '·', ''))}({formula(draw, depth - 1)})"
        case 3 | 4:
            opening, closing = draw.choice(BRACKETS[:1] * 4 + BRACKETS)
            return f"{draw.choice(FUNCTIONS)}{opening}{formula(draw, depth - 1)}{closing}"
        case 5:
            return rf"\frac{{{formula(draw, depth - 1)}}}{{{formula(draw, depth - 1)}}}"
        case 6:
            power = draw.choice(("2", "3", "-1", "1/2", "0.5", "12", "p_2", "-3/2", formula(draw, depth - 2)))
            return f"({formula(draw, depth - 1)})^({power})"
        case 7:
            return f"{draw.choice(HEADS)} {draw.choice(('log p_i', 'p_i', f'({formula(draw, depth - 2)})'))}"
    name = draw.choice(("min", "max"))
    return f"{name}({formula(draw, depth - 1)}, {formula(draw, depth - 1)})"


def fitted(draw: random.Random, key: str, text: str) -> str:
    """The text with names that its key knows, mostly: the same changes reach further so."""
    if draw.random() < 0.1:
        return text
    if key in ("declared", "rational"):
        names = ("a", "b", "c", "q") if key == "declared" else ("a", "q")
        return _PLACED.sub(lambda _: draw.choice(names), text)
    if key in ("objective", "loss in bits", "perplexity", "form", "expanded", "relations"):
        return _DECLARED.sub(lambda _: draw.choice(("p_2", "p_6", "p_5", "p_1")), text)
    numbers = ("2", "0.4", "5", "1/3", "10", "1.6")
    return _DECLARED.sub(lambda _: draw.choice(numbers), _PLACED.sub(lambda _: draw.choice(numbers), text))


_WRAPPED = (
    "({})+0", "2*({})/2", "log(exp({}))", "-(-({}))", "({})*1", "({0})^2/({0})", "exp(log({}))", "({})^1",
    "sqrt(({})^2)", "({}) + log 1", "$ {} $", "abs({})", "min({0}, {0})", "(({})^3)^(1/3)", "({0})+({0})-({0})",
    "1/(1/({}))", "log(2^({}))/log(2)", "({0})*({0} + 2)/({0} + 2)",
)  # fmt: skip


def equal_form(draw: random.Random, text: str) -> str:
    """The text with some of its names and itself written otherwise; mostly of the same value."""
    for _ in range(draw.randint(1, 3)):
        own = pieces(text)
        places = [k for k, piece in enumerate(own) if re.fullmatch(r"p_\d|[abcq]|\d+(\.\d+)?", piece)]
        if places and draw.random() < 0.7:
            place = draw.choice(places)
            own[place] = f"({_wrapped(draw, own[place])})"
            text = "".join(own)
        else:
            text = _wrapped(draw, text)
    return text


def _wrapped(draw: random.Random, text: str) -> str:
    return draw.choice(_WRAPPED).replace("{0}", text).replace("{}", text)


# --- changes; `other` is another text of the corpus


def _same_value(draw: random.Random, own: list[str], other: list[str]) -> list[str]:
    return [_wrapped(draw, "".join(own))]


def _insert(draw: random.Random, own: list[str], other: list[str]) -> list[str]:
    place = draw.randint(0, len(own))
    return [*own[:place], draw.choice(DICTIONARY), *own[place:]]


def _replace(draw: random.Random, own: list[str], other: list[str]) -> list[str]:
    place = draw.randrange(len(own))
    return [*own[:place], draw.choice(DICTIONARY), *own[place + 1 :]]


def _remove(draw: random.Random, own: list[str], other: list[str]) -> list[str]:
    place = draw.randrange(len(own))
    return own[:place] + own[place + draw.randint(1, 3) :]


def _double(draw: random.Random, own: list[str], other: list[str]) -> list[str]:
    start = draw.randrange(len(own))
    end = min(len(own), start + draw.randint(1, 8))
    return own[:end] + own[start:end] * draw.choice((1, 1, 1, 2, 5, 30)) + own[end:]


def _swap(draw: random.Random, own: list[str], other: list[str]) -> list[str]:
    first, second = draw.randrange(len(own)), draw.randrange(len(own))
    changed = list(own)
    changed[first], changed[second] = changed[second], changed[first]
    return changed


def _splice(draw: random.Random, own: list[str], other: list[str]) -> list[str]:
    start, end = sorted((draw.randint(0, len(other)), draw.randint(0, len(other))))
    place = draw.randint(0, len(own))
    return own[:place] + other[start:end] + own[place + draw.choice((0, end - start)) :]


def _grow(draw: random.Random, own: list[str], other: list[str]) -> list[str]:
    place = draw.randrange(len(own))
    return [*own[:place], f"({formula(draw, 3)})", *own[place + 1 :]]


def _wrap(draw: random.Random, own: list[str], other: list[str]) -> list[str]:
    start, end = sorted((draw.randint(0, len(own)), draw.randint(0, len(own))))
    opening, closing = draw.choice(BRACKETS)
    return [*own[:start], draw.choice((*FUNCTIONS, "", "", "-")), opening, *own[start:end], closing, *own[end:]]


def _combine(draw: random.Random, own: list[str], other: list[str]) -> list[str]:
    return ["(", *own, ")", draw.choice(("+", "-", "*", "/", "^", " - ")), "(", *other, ")"]


def _number(draw: random.Random, own: list[str], other: list[str]) -> list[str]:
    places = [k for k, piece in enumerate(own) if piece[0].isdigit()]
    if not places:
        return _insert(draw, own, other)
    place = draw.choice(places)
    numbers = ("0", "1", "2", "3", "12", "64", "100", "0.1", "1e-30", "999999937", "1e300", str(draw.randrange(10**9)))
    return [*own[:place], draw.choice(numbers), *own[place + 1 :]]


def _digit(draw: random.Random, own: list[str], other: list[str]) -> list[str]:
    places = [k for k, piece in enumerate(own) if piece[0].isdigit()]
    if not places:
        return _number(draw, own, other)
    place = draw.choice(places)
    number = list(own[place])
    at = draw.randrange(len(number))
    number[at : at + draw.randint(0, 1)] = draw.choice(("0", "1", "3", "4", "5", "9", ".", "", "00", "e-1", ",", " %"))
    return [*own[:place], "".join(number), *own[place + 1 :]]


def _letter(draw: random.Random, own: list[str], other: list[str]) -> list[str]:
    text = "".join(own)
    place = draw.randrange(len(text))
    code = draw.choice(
        (draw.randrange(32, 127), draw.randrange(32, 127), draw.randrange(0x2FFF), draw.randrange(0x110000))
    )
    return [text[:place], chr(code), text[place + draw.randint(0, 1) :]]


def _groups(own: list[str]) -> list[tuple[int, int]]:
    """(first, last) place of what stands in parentheses, with them, and of every operand."""
    found, opened = [(k, k) for k, piece in enumerate(own) if _OPERAND.fullmatch(piece)], []
    for k, piece in enumerate(own):
        if piece == "(":
            opened.append(k)
        elif piece == ")" and opened:
            found.append((opened.pop(), k))
    return found or [(0, len(own) - 1)]


def _exchange(draw: random.Random, own: list[str], other: list[str]) -> list[str]:
    first, last = draw.choice(_groups(own))
    start, end = draw.choice(_groups(other))
    within = "".join(other[start : end + 1]) if draw.random() < 0.6 else formula(draw, 2)
    return [*own[:first], within if within[:1] == "(" else f"({within})", *own[last + 1 :]]


def _apply(draw: random.Random, own: list[str], other: list[str]) -> list[str]:
    first, last = draw.choice(_groups(own))
    return [*own[:first], f" {draw.choice(FUNCTIONS[:9])}(", *own[first : last + 1], ")", *own[last + 1 :]]


def _operate(draw: random.Random, own: list[str], other: list[str]) -> list[str]:
    first, last = draw.choice(_groups(own))
    added = draw.choice(("+1", "-1", "*2", "/3", "^2", "^-1", "^(1/2)", " + p_6", " - a", "*(1 - p_2)", " p_2", "^b"))
    return [*own[:first], "(", *own[first : last + 1], added, ")", *own[last + 1 :]]


def _operator(draw: random.Random, own: list[str], other: list[str]) -> list[str]:
    places = [k for k, piece in enumerate(own) if piece in "+-*/^"]
    if not places:
        return _operate(draw, own, other)
    place = draw.choice(places)
    return [*own[:place], draw.choice("+-*/^"), *own[place + 1 :]]


def _reduce(draw: random.Random, own: list[str], other: list[str]) -> list[str]:
    first, last = draw.choice(_groups(own))
    return own[first : last + 1] if draw.random() < 0.3 else [*own[:first], draw.choice("123"), *own[last + 1 :]]


MUTATIONS: tuple[Mutation, ...] = (
    *(_insert, _replace, _replace, _remove, _double, _swap, _splice, _splice, _grow, _grow, _wrap, _wrap),
    *(_combine, _number, _number, _digit, _letter, _same_value, _same_value),
)
CAREFUL: tuple[Mutation, ...] = (
    *(
        _exchange,
        _exchange,
        _apply,
        _operate,
        _operate,
        _operator,
        _reduce,
        _reduce,
        _combine,
        _number,
        _digit,
        _same_value,
    ),
)
"""Changes after which a text that can be read mostly still can."""


def mutate(draw: random.Random, text: str, other: str, limit: int = 400, careful: bool = False) -> str:
    """The text with one to four changes, at most `limit` characters long (a few may be longer)."""
    own, another = pieces(text), pieces(other) or ["1"]
    for _ in range(draw.choice((1, 1, 1, 2, 3, 4))):
        own = draw.choice(CAREFUL if careful else MUTATIONS)(draw, own or [formula(draw, 2)], another)
        own = pieces("".join(own))
    changed = "".join(own)
    return changed if len(changed) <= limit or draw.random() < 0.002 else changed[:limit]
