"""Typed answers, made from trees, so that what must come out is known before anything is judged.

A tree says what is meant: the right answer in one of its equal forms, a wrong one that the key knows, a near miss.
A `Hand` writes it as one learner would, in plain text, Unicode or LaTeX; slips are texts that cannot be read.
The same seed gives the same answers. No two answers of a set are the same text.
"""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Literal, NamedTuple

from benchmarks.common_world import WORLDS, World, p, times
from grading.expressions import (
    HALF,
    TWO,
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
    add,
    multiply,
    rational,
)
from grading.keys import Rival, SymbolicKey
from grading.verdicts import Verdict

SHORTEST, LONGEST = 60, 140
"""Characters of an answer."""

Family = Literal["plain", "unicode", "latex"]
Kind = Literal["right", "belief", "near miss", "slip"]


class Typed(NamedTuple):
    """One answer and what must come out.

    tree: what is written, None for a slip. credit: the score, None for a slip. misconceptions: of the known wrong answer
    that it is, () if it is none.
    """

    key: SymbolicKey
    text: str
    kind: Kind
    tree: Expression | None
    verdict: Verdict
    credit: Fraction | None
    misconceptions: tuple[str, ...] = ()


# --- what is meant

Terms = tuple[tuple[int, Fraction], ...]
"""Coefficients of the logarithms by position."""


class Writer:
    """Chooses among the equal forms of a sum of logarithms. decimals: coefficients are split into random decimals."""

    def __init__(self, draw: random.Random, decimals: bool) -> None:
        self.draw, self.decimals = draw, decimals

    def logs(self, terms: Terms, base: Expression | None) -> Expression:
        """A form of Σ c·log p."""
        draw = self.draw
        shuffled = list(terms)
        draw.shuffle(shuffled)
        coefficients = {c for _, c in shuffled}
        if len(coefficients) == 1 and not self.decimals and draw.random() < 0.45:
            common = coefficients.pop()
            inner = self.logs(tuple((k, Fraction(1)) for k, _ in shuffled), base)
            return inner if common == 1 else self.scaled(common, inner)
        groups: list[list[tuple[int, Fraction]]] = []
        for term in shuffled:
            joined = groups and groups[-1][0][1] == term[1] and draw.random() < 0.35
            if joined and not self.decimals:
                groups[-1].append(term)
            else:
                groups.append([term])
        parts = [self.group(tuple(k for k, _ in group), group[0][1], base) for group in groups]
        if draw.random() < 0.05:
            parts.insert(
                draw.randrange(len(parts) + 1), draw.choice((Number(Fraction(0)), Logarithm(Number(Fraction(1)))))
            )
        flat = [term for part in parts for term in (part.terms if isinstance(part, Sum) else (part,))]
        if self.decimals:
            draw.shuffle(flat)
        return add(*flat)

    def scaled(self, scale: Fraction, tree: Expression) -> Expression:
        """scale · tree, in front or below."""
        if scale < 0:
            return Negation(self.scaled(-scale, tree))
        if scale == 1:
            return tree
        if scale.numerator == 1 and self.draw.random() < 0.4:
            return Quotient(tree, Number(Fraction(scale.denominator)))
        decimal = scale.denominator in (2, 4) and self.draw.random() < 0.3
        return Product((Number(scale) if decimal else rational(scale), tree))

    def group(self, positions: tuple[int, ...], scale: Fraction, base: Expression | None) -> Expression:
        """A form of scale · log of the product of the probabilities at these positions."""
        draw = self.draw
        names = tuple(map(p, positions))
        if self.decimals:
            part = Fraction(draw.randrange(1, 10_000), 10_000)
            (name,) = names
            return Sum((self.signed(part, Logarithm(name, base)), self.signed(scale - part, Logarithm(name, base))))
        inner = multiply(*names)
        match draw.randrange(12):
            case 0:
                return self.scaled(-scale, Logarithm(Quotient(Number(Fraction(1)), inner), base))
            case 1:
                return self.scaled(scale / 2, Logarithm(Power(inner, TWO), base))
            case 2 if base is None:
                return self.scaled(
                    scale, Quotient(Logarithm(inner, TWO), Logarithm(Exponential(Number(Fraction(1))), TWO))
                )
            case 3:
                return self.scaled(2 * scale, Logarithm(Power(inner, HALF), base))
            case 4 if base is None:
                return self.scaled(scale, Logarithm(Exponential(add(*(Logarithm(name) for name in names)))))
            case 5 if base is TWO:
                return self.scaled(scale, Quotient(Logarithm(inner), Logarithm(TWO)))
            case 6 if scale == 1:
                return Sum(
                    (times(Fraction(3), Logarithm(inner, base)), Negation(times(Fraction(2), Logarithm(inner, base))))
                )
        return self.scaled(scale, Logarithm(inner, base))

    def signed(self, scale: Fraction, tree: Expression) -> Expression:
        """scale · tree with the scale as a decimal, or as a fraction if it is none."""
        if scale < 0:
            return Negation(self.signed(-scale, tree))
        plain = scale.denominator
        for prime in (2, 5):
            while plain % prime == 0:
                plain //= prime
        return Product((Number(scale) if plain == 1 else rational(scale), tree))

    def shuffled(self, tree: Expression) -> Expression:
        """The tree with terms and factors in another order, and perhaps a factor or a term that changes nothing."""
        draw = self.draw
        match tree:
            case Sum(terms) | Product(terms) | Extremum(_, terms):
                parts = [self.shuffled(term) for term in terms]
                draw.shuffle(parts)
                if isinstance(tree, Extremum):
                    return Extremum(tree.which, tuple(parts))
                return Sum(tuple(parts)) if isinstance(tree, Sum) else Product(tuple(parts))
            case Negation(operand):
                return Negation(self.shuffled(operand))
            case Logarithm(argument, base):
                return Logarithm(self.shuffled(argument), base)
            case Power(below, exponent):
                return Power(self.shuffled(below), exponent)
            case Quotient(above, below):
                return Quotient(self.shuffled(above), below)
        return tree


# --- how it is written


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
            case Product(factors) if isinstance(factors[0], Number | Quotient) and _is_constant(factors[0]):
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


def _is_constant(tree: Expression) -> bool:
    return isinstance(tree, Number) or (
        isinstance(tree, Quotient) and isinstance(tree.numerator, Number) and isinstance(tree.denominator, Number)
    )


# --- sets of answers


def answers(count: int, seed: int = 1, decimals: bool = False) -> list[Typed]:
    """So many different answers: of eight, about three right, three that the key knows to be wrong, two near misses,
    and a few slips.

    decimals: every coefficient of a logarithm is a sum of random decimals, so that nothing is met twice.
    """
    draw = random.Random(seed)
    found: dict[str, Typed] = {}
    while len(found) < count:
        world = draw.choice(WORLDS)
        typed = _one(draw, world, Writer(draw, decimals))
        if SHORTEST <= len(typed.text) <= LONGEST:
            found.setdefault(typed.text, typed)
    return list(found.values())


def _one(draw: random.Random, world: World, writer: Writer) -> Typed:
    hand = Hand(draw, world)
    right = tuple((k, world.scale) for k in world.masks)
    chance = draw.random()
    if chance < 0.38:
        tree = writer.logs(right, None)
        return Typed(world.key, hand.text(tree), "right", tree, Verdict.CORRECT, Fraction(1))
    if chance < 0.58:
        ids, terms, base = draw.choice(world.scaled)
        return _wrong(world, hand, "belief", writer.logs(terms, base), ids)
    if chance < 0.74 and not writer.decimals:
        ids, tree = draw.choice(world.believed)
        return _wrong(world, hand, "belief", writer.shuffled(tree), ids)
    if chance < 0.97:
        return _wrong(world, hand, "near miss", _near_miss(draw, world, writer, right), ())
    text = _slip(draw, hand.text(writer.logs(right, None)))
    return Typed(world.key, text, "slip", None, Verdict.INVALID, None)


def _wrong(world: World, hand: Hand, kind: Kind, tree: Expression, ids: tuple[str, ...]) -> Typed:
    credit = next((rival.credit for rival in world.key.rivals if rival.misconceptions == ids), Fraction(0))
    verdict = Verdict.PARTIAL if credit else Verdict.INCORRECT
    return Typed(world.key, hand.text(tree), kind, tree, verdict, credit, ids)


def _near_miss(draw: random.Random, world: World, writer: Writer, right: Terms) -> Expression:
    """Coefficients that are neither those of the key nor of any answer that it knows, or a small number besides."""
    known = {tuple(sorted(terms)) for _, terms, base in world.scaled if base is None} | {tuple(sorted(right))}
    if draw.random() < 0.25:
        small = Number(Fraction(1, 10 ** draw.randrange(1, 13)))
        return Sum((writer.logs(right, None), draw.choice((small, Negation(small)))))
    while True:
        terms = list(right)
        place = draw.randrange(len(terms))
        k, c = terms[place]
        match draw.randrange(5):
            case 0:
                terms[place] = (draw.randrange(len(world.sentence.tokens)), c)
            case 1:
                terms.pop(place)
            case 2:
                terms.append((draw.randrange(len(world.sentence.tokens)), c))
            case 3:
                terms[place] = (k, -c)
            case 4:
                terms[place] = (k, c * draw.choice((Fraction(2), Fraction(3), Fraction(999, 1000), Fraction(1, 2))))
        distinct = len({k for k, _ in terms}) == len(terms)
        if terms and distinct and tuple(sorted(terms)) not in known:
            return writer.logs(tuple(terms), None)


def _slip(draw: random.Random, text: str) -> str:
    """The text with something that cannot be read."""
    match draw.randrange(5):
        case 0:
            return text + draw.choice((" +", "(", "*", " = 0"))
        case 1:
            return "(" + text
        case 2:
            return text + draw.choice((" + q_2", " + log y", " + log z_1", " + log p_77"))
        case 3:
            return text + draw.choice((r" + \foo", " + log p_2!", " + 2 3"))
    return text.replace("p", "р", 1) if "p" in text else text + ")"


# --- what peers read


def for_sympy(tree: Expression) -> str:
    """Python syntax for ``parse_expr``."""
    match tree:
        case Number(value):
            return f"Rational({value.numerator},{value.denominator})" if value.denominator != 1 else str(value)
        case Symbol(name):
            return name
        case Negation(operand):
            return f"-({for_sympy(operand)})"
        case Sum(terms):
            return " + ".join(
                f"({for_sympy(term)})" if isinstance(term, Negation) else for_sympy(term) for term in terms
            )
        case Product(factors):
            return "*".join(f"({for_sympy(factor)})" for factor in factors)
        case Quotient(above, below):
            return f"({for_sympy(above)})/({for_sympy(below)})"
        case Power(below, exponent):
            return f"({for_sympy(below)})**({for_sympy(exponent)})"
        case Logarithm(argument, None):
            return f"log({for_sympy(argument)})"
        case Logarithm(argument, base) if base is not None:
            return f"log({for_sympy(argument)}, {for_sympy(base)})"
        case Exponential(argument):
            return f"exp({for_sympy(argument)})"
        case Extremum(which, arguments):
            return f"{which.capitalize()}({', '.join(map(for_sympy, arguments))})"
    raise TypeError(tree)


def for_latex(tree: Expression) -> str:
    """Careful LaTeX, with braces and brackets everywhere, for verifiers that read it."""
    match tree:
        case Number(value):
            return f"{float(value):.12g}"
        case Symbol(name):
            return f"p_{{{name[2:]}}}"
        case Negation(operand):
            return f"-({for_latex(operand)})" if isinstance(operand, Sum) else f"-{for_latex(operand)}"
        case Sum(terms):
            written = for_latex(terms[0])
            for term in terms[1:]:
                written += f" {for_latex(term)}" if isinstance(term, Negation) else f" + {for_latex(term)}"
            return written
        case Product(factors):
            parts = (f"({for_latex(f)})" if isinstance(f, Sum | Negation) else for_latex(f) for f in factors)
            return r" \cdot ".join(parts)
        case Quotient(above, below):
            return rf"\frac{{{for_latex(above)}}}{{{for_latex(below)}}}"
        case Power(below, exponent):
            return (
                rf"\sqrt{{{for_latex(below)}}}"
                if exponent == HALF
                else f"({for_latex(below)})^{{{for_latex(exponent)}}}"
            )
        case Logarithm(argument, None):
            return rf"\ln({for_latex(argument)})"
        case Logarithm(argument, base) if base is not None:
            return rf"\log_{{{for_latex(base)}}}({for_latex(argument)})"
        case Exponential(argument):
            return rf"e^{{{for_latex(argument)}}}"
        case Extremum(which, arguments):
            return rf"\{which}({', '.join(map(for_latex, arguments))})"
    raise TypeError(tree)


def rational_functions(count: int, seed: int = 2) -> list[tuple[SymbolicKey, str, bool]]:
    """(key, answer, whether it is right): rational functions of logarithms, logarithms of polynomials, roots."""
    draw = random.Random(seed)
    found: dict[str, tuple[SymbolicKey, str, bool]] = {}
    while len(found) < count:
        key, forms = draw.choice(RATIONAL)
        right = draw.random() < 0.5
        number = Fraction(draw.randrange(1, 10**6), 10 ** draw.randrange(3, 6))
        shown = f"{float(number):.12g}"
        text = draw.choice(("#", "(#)*1", "-(-(#))", "2*(#)/2")).replace("#", draw.choice(forms))
        text = f"{shown} + {text} - {shown}" if right else f"{text} - {shown}"
        found[text] = (key, text, right)
    return list(found.values())


def _rational(value: str, *forms: str) -> tuple[SymbolicKey, tuple[str, ...]]:
    rivals = (Rival(f"-({value})", ("flip-sign",)), Rival(f"({value})/2", ("mean-over-masks",)))
    return SymbolicKey(value, sentence=WORLDS[0].sentence, rivals=rivals), (value, *forms)


RATIONAL = (
    _rational(
        "(log p_2)^2/(log p_6 + 1) + 1/(1-p_2)",
        "(log(p_2)^2*(1 - p_2) + log(p_6) + 1)/((1 + log p_6)*(1 - p_2))",
        "log(p_2)*log(1/p_2)/(-1 - log p_6) - 1/(p_2 - 1)",
    ),
    _rational(
        "log(1 - p_2^2) + log(p_6^2 + 2*p_6 + 1)",
        "log(1 - p_2) + log(1 + p_2) + 2*log(1 + p_6)",
        "log((1 - p_2^2)*(1 + p_6)^2)",
        "2*log(1 + p_6) + log(1 - p_2*p_2)",
    ),
    _rational(
        "sqrt(p_2*p_6)/(1 + log p_2 + log p_6)",
        "p_2^(1/2)*p_6^(1/2)/(log(p_2*p_6) + 1)",
        "exp((log p_2 + log p_6)/2)/(1 + log(p_2*p_6))",
    ),
    _rational(
        "(log p_2 + log p_6)^3/(log p_2 - log p_6)",
        "log(p_2*p_6)^3/log(p_2/p_6)",
        "-(log p_2 + log p_6)^3/(log p_6 - log p_2)",
    ),
    _rational(
        "log((p_2 + p_6)/(2 - p_2)) - p_2/(p_2 + 1)",
        "log(p_2 + p_6) - log(2 - p_2) - 1 + 1/(1 + p_2)",
        "log((p_6 + p_2)/(2 - p_2)) - p_2/(1 + p_2)",
    ),
)
"""Keys outside the sums of logarithms, with equal forms of each."""
