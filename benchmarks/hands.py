"""How learners write a formula: plain text, Unicode or LaTeX, each in ways of their own."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Literal

from benchmarks.common_world import World
from grading.expressions import (
    HALF,
    AbsoluteValue,
    Exponential,
    Expression,
    Extremum,
    Logarithm,
    Negation,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    multiply,
)

Family = Literal["plain", "unicode", "latex"]


class Hand:
    """How one learner writes: one notation, one way to write each thing."""

    def __init__(self, draw: random.Random, world: World) -> None:
        self.draw, self.world = draw, world
        self.family: Family = draw.choice(("plain", "unicode", "latex"))
        self.gap = draw.choice((" ", " ", ""))
        self.bare = draw.random() < 0.6
        self.style = draw.randrange(6)
        latex = self.family == "latex"
        self.log = draw.choice((r"\log", r"\ln") if latex else ("log", "ln"))
        self.minus = "−" if self.family == "unicode" and draw.random() < 0.7 else "-"
        times_ = {
            "plain": ("*", "*", " * "),
            "unicode": ("·", " · ", "×"),
            "latex": (r" \cdot ", r"\cdot ", r" \times "),
        }
        self.times = draw.choice(times_[self.family])
        brackets = (("(", ")"), (r"\left(", r"\right)"), (r"\bigl(", r"\bigr)")) if latex else (("(", ")"),)
        self.open, self.close = draw.choice(brackets)
        self.slash = draw.random() < (0.15 if latex else 1)
        self.series = draw.random() < 0.35

    def text(self, tree: Expression) -> str:
        """The whole answer."""
        draw = self.draw
        written = self.sum(tree)
        frame = draw.random()
        if frame < 0.06:
            written = draw.choice(("J = ", "L(x) = ", "J(x)=")) + written
        elif self.family == "latex" and frame < 0.22:
            written = draw.choice(("$#$", "$ # $", r"\( # \)", r"\displaystyle #", r"$\displaystyle #$")).replace(
                "#", written
            )
        return written

    # --- leaves

    def leaf(self, position: int) -> str:
        word = self.world.sentence.tokens[position]
        k = str(position)
        if self.family == "plain":
            forms = (f"p_{k}", f"p{k}", f"P(x_{k}={word}|xbar)", f"p_{{{k}}}", f"Pr(x_{k} = {word} | xbar)", f"p{k}")
        elif self.family == "unicode":
            low = k.translate(_LOW)
            forms = (f"p{low}", f"p({word} | x̄)", f"p{low}", f"Pr(x{low} = {word} | x̄)", f"P(x_{k}={word}|x̄)", f"p_{k}")
            if word in ("the", "a") or self.world.sentence.tokens.count(word) > 1:
                forms = tuple(f"p{low}" if form.startswith("p(") else form for form in forms)
        else:
            forms = (
                rf"p_{{{k}}}",
                rf"p_{k}",
                rf"\Pr(x_{k}=\text{{{word}}}\mid\bar{{\mathbf{{x}}}})",
                rf"\Pr(x_{{{k}}}=\text{{{word}}}|\bar{{x}})",
                rf"p_{{{k}}}",
                rf"P(x_{k}={word}\mid\bar x)",
            )
        return forms[self.style]

    def number(self, value: Fraction) -> str:
        return f"{float(value):.12g}" if value.denominator != 1 else str(value.numerator)

    def grouped(self, inner: str) -> str:
        return f"{self.open}{inner}{self.close}"

    # --- structure

    def sum(self, tree: Expression) -> str:
        """A sum, or what stands in one."""
        if not isinstance(tree, Sum):
            return self.term(tree)
        written = ""
        for term in tree.terms:
            negative = isinstance(term, Negation)
            body = self.term(term.operand if isinstance(term, Negation) else term, inside=True)
            if not written:
                written = (self.minus if negative else "") + body
            else:
                written += f"{self.gap}{self.minus if negative else '+'}{self.gap}{body}"
        return written

    def term(self, tree: Expression, inside: bool = False) -> str:
        """A term. inside: not the first thing in a sum, so that a sign needs brackets."""
        match tree:
            case Sum():
                found = self.as_series(tree)
                return found or self.grouped(self.sum(tree))
            case Negation(operand):
                written = self.minus + self.term(operand, inside=True)
                return self.grouped(written) if inside else written
            case Logarithm() if self.bare and isinstance(tree.argument, Symbol):
                return f"{self.log_name(tree.base)} {self.leaf(int(tree.argument.name[2:]))}"
            case Product(factors) if isinstance(factors[0], Number | Quotient) and is_constant(factors[0]):
                return self.with_coefficient(factors)
            case Product(factors):
                return self.times.join(self.factor(factor) for factor in factors)
        return self.factor(tree)

    def as_series(self, tree: Sum) -> str:
        """``sum_{i in {2,6}} log p_i`` for a sum of plain logarithms, or ''."""
        positions = tuple(
            int(term.argument.name[2:])
            for term in tree.terms
            if isinstance(term, Logarithm) and term.base is None and isinstance(term.argument, Symbol)
        )
        if not self.series or len(positions) < len(tree.terms) or len(set(positions)) < len(positions):
            return ""
        return self.head("sum", positions) + f"{self.log} p_i"

    def head(self, which: str, positions: tuple[int, ...]) -> str:
        whole = set(positions) == set(self.world.masks)
        listed = ",".join(map(str, positions))
        if self.family == "latex":
            members = "A" if whole and self.style % 2 else rf"\{{{listed}\}}"
            return rf"\{which}_{{i\in {members}}} "
        members = "A" if whole and self.style % 2 else f"{{{listed}}}"
        if self.family == "plain":
            return f"{which}_{{i in {members}}} "
        return f"{'Σ' if which == 'sum' else '∏'}_{{i∈{members}}} "

    def with_coefficient(self, factors: tuple[Expression, ...]) -> str:
        first, rest = factors[0], multiply(*factors[1:])
        body = self.term(rest, inside=True)
        if isinstance(rest, Logarithm) and self.style % 2:
            return f"{self.constant(first)}{'' if self.family == 'latex' else ' '}{body}"
        if isinstance(rest, Sum) and self.style % 3 == 0 and not isinstance(first, Number):
            return f"{self.constant(first)} {body}"
        return f"{self.constant(first)}{self.times}{body if isinstance(rest, Logarithm | Sum) else self.grouped(body)}"

    def constant(self, tree: Expression) -> str:
        if isinstance(tree, Number):
            return self.number(tree.value)
        assert isinstance(tree, Quotient)
        assert isinstance(tree.numerator, Number)
        assert isinstance(tree.denominator, Number)
        above, below = str(tree.numerator.value), str(tree.denominator.value)
        if self.family == "latex" and not self.slash:
            short = len(above) == len(below) == 1 and self.style % 2
            return rf"\frac{above}{below}" if short else rf"\frac{{{above}}}{{{below}}}"
        return f"{above}/{below}"

    def factor(self, tree: Expression) -> str:
        match tree:
            case Number(value):
                return self.number(value)
            case Symbol(name):
                return self.leaf(int(name[2:]))
            case Logarithm(argument, base):
                return self.logarithm(argument, base)
            case Exponential(argument):
                if argument == Number(Fraction(1)):
                    return "e"
                if self.family == "latex" and self.style % 2:
                    return f"e^{{{self.sum(argument)}}}"
                return (r"\exp" if self.family == "latex" else "exp") + self.grouped(self.sum(argument))
            case Power(below, exponent):
                return self.power(below, exponent)
            case Quotient(above, below):
                return self.quotient(above, below)
            case Extremum(which, arguments):
                name = f"\\{which}" if self.family == "latex" else which
                return name + self.grouped(f",{self.gap}".join(map(self.sum, arguments)))
            case AbsoluteValue(argument):
                return f"|{self.sum(argument)}|"
        return self.grouped(self.sum(tree))

    def log_name(self, base: Expression | None) -> str:
        if base is None:
            return self.log
        assert isinstance(base, Number)
        index = str(base.value)
        if self.family == "latex":
            return rf"\log_{{{index}}}" if self.style % 2 else rf"\log_{index}"
        if self.family == "unicode":
            return f"log{index.translate(_LOW)}"
        return f"log_{index}" if self.style % 2 else f"log{index}"

    def logarithm(self, argument: Expression, base: Expression | None) -> str:
        name = self.log_name(base)
        if isinstance(argument, Product) and all(isinstance(f, Symbol) for f in argument.factors):
            positions = tuple(int(f.name[2:]) for f in argument.factors if isinstance(f, Symbol))
            if self.series and len(positions) > 1 and len(set(positions)) == len(positions):
                return f"{name}{self.grouped(self.head('prod', positions) + 'p_i')}"
            if self.style == 0 and base is None:
                return f"{name}{self.grouped(' '.join(map(self.leaf, positions)))}"
        if isinstance(argument, Quotient) and self.family == "latex" and self.bare and not self.slash:
            return f"{name}{self.quotient(argument.numerator, argument.denominator)}"
        return name + self.grouped(self.sum(argument))

    def power(self, below: Expression, exponent: Expression) -> str:
        if exponent is HALF or exponent == HALF:
            inner = self.sum(below)
            if self.family == "latex":
                return rf"\sqrt{{{inner}}}"
            return f"{'√' if self.family == 'unicode' and self.style % 2 else 'sqrt'}({inner})"
        base = self.factor(below) if isinstance(below, Symbol) else self.grouped(self.sum(below))
        assert isinstance(exponent, Number)
        if self.family == "unicode" and self.style % 2:
            return base + str(exponent.value).translate(_HIGH)
        return f"{base}^{exponent.value}" if self.style % 3 else f"{base}^{{{exponent.value}}}"

    def quotient(self, above: Expression, below: Expression) -> str:
        if self.family == "latex" and not self.slash:
            return rf"\frac{{{self.sum(above)}}}{{{self.sum(below)}}}"
        top = self.factor(above) if isinstance(above, Number | Symbol) else self.grouped(self.sum(above))
        bottom = self.factor(below) if isinstance(below, Number) else self.grouped(self.sum(below))
        return f"{top}/{bottom}"


_LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_HIGH = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def is_constant(tree: Expression) -> bool:
    return isinstance(tree, Number) or (
        isinstance(tree, Quotient) and isinstance(tree.numerator, Number) and isinstance(tree.denominator, Number)
    )
