"""Printers of formulas with holes: LaTeX, presentation MathML and speech.

Small subclasses of sympy's. They keep the written order and every bracket that tells two trees apart, and they
raise on a node that they do not know, because something that merely looks plausible would be read as a formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

import sympy
from sympy.printing.latex import LatexPrinter
from sympy.printing.mathml import MathMLPresentationPrinter
from sympy.printing.str import StrPrinter

from .notation import Setting, Written, spoken_number
from .shapes import FIRST_HOLE
from .symbolic import EulersNumber, Greatest, Hole, Least, Literal, LogToBase, Minus, Over, ProbabilityHole

SUM, NEGATIVE, PRODUCT, FUNCTION, POWER, LEAF = range(1, 7)

_LEVELS: dict[type, int] = {
    sympy.Add: SUM,
    Minus: NEGATIVE,
    sympy.Mul: PRODUCT,
    Over: PRODUCT,
    sympy.log: FUNCTION,
    LogToBase: FUNCTION,
    sympy.Pow: POWER,
    **dict.fromkeys((Hole, ProbabilityHole, Literal, EulersNumber, sympy.exp, Least, Greatest, sympy.Abs), LEAF),
}


LOGARITHMS = (sympy.log, LogToBase)


def level(node: Any) -> int:
    """How tightly a node binds; the higher, the fewer brackets. TypeError for a node that no printer knows."""
    try:
        return _LEVELS[type(node)]
    except KeyError:
        raise TypeError(f"no notation for {type(node).__name__}: {node!r}") from None


def is_leaf(node: Any) -> bool:
    """Whether a function name may stand before it without brackets."""
    return isinstance(node, Hole | Literal | EulersNumber)


def leaf_text(hole: Any, leaves: Sequence[Written], notation: str) -> str:
    """What is written at a hole: the leaf, or the hole itself where leaves are filled in later."""
    name: str = hole.name
    return getattr(leaves[ord(name) - FIRST_HOLE], notation) if leaves else name


def needs_brackets(factor: Any, first: bool, stacked: bool) -> bool:
    """Whether a factor is bracketed: sums, negatives and products are; a quotient only where it is set in a line."""
    if isinstance(factor, Over):
        return not stacked and not first
    return level(factor) <= PRODUCT


class Marks(NamedTuple):
    """What a notation in a line of text writes. ``{}`` are the parts, in their order."""

    plus: str
    minus: str
    negative: str
    times: str
    brackets: str
    over: str
    power: str
    log: str
    log_to_base: str  # base, argument
    log_of_leaf: str
    log_to_base_of_leaf: str
    log_of_probability: str
    log_to_base_of_probability: str
    exp: str
    least: str
    greatest: str
    comma: str
    absolute: str
    euler: str
    stacked: bool = False  # quotients and exponents are two-dimensional and need no brackets
    juxtaposed: str = ""  # between a quotient and a bracket; "" writes the sign of multiplication


LATEX = Marks(
    plus=" + ",
    minus=" - ",
    negative="-",
    times=r" \cdot ",
    brackets=r"\left({}\right)",
    over=r"\frac{{{}}}{{{}}}",
    power="{}^{{{}}}",
    log=r"\log\left({}\right)",
    log_to_base=r"\log_{{{}}}\left({}\right)",
    log_of_leaf=r"\log {}",
    log_to_base_of_leaf=r"\log_{{{}}} {}",
    log_of_probability=r"\log {}",
    log_to_base_of_probability=r"\log_{{{}}} {}",
    exp=r"\exp\left({}\right)",
    least=r"\min\left({}\right)",
    greatest=r"\max\left({}\right)",
    comma=r",\, ",
    absolute=r"\left|{}\right|",
    euler="e",
    stacked=True,
    juxtaposed=" ",
)
SPOKEN: dict[str, Marks] = {
    "en": Marks(
        plus=", plus ",
        minus=", minus ",
        negative="minus ",
        times=", times ",
        brackets="open bracket {} close bracket",
        over="{} over {}",
        power="{} to the power of {}",
        log="log of open bracket {} close bracket",
        log_to_base="log to base {} of open bracket {} close bracket",
        log_of_leaf="log of {}",
        log_to_base_of_leaf="log to base {} of {}",
        log_of_probability="log of the {}",
        log_to_base_of_probability="log to base {} of the {}",
        exp="exponential of open bracket {} close bracket",
        least="minimum of open bracket {} close bracket",
        greatest="maximum of open bracket {} close bracket",
        comma=", and ",
        absolute="absolute value of open bracket {} close bracket",
        euler="e",
    ),
    "de": Marks(
        plus=", plus ",
        minus=", minus ",
        negative="minus ",
        times=", mal ",
        brackets="Klammer auf {} Klammer zu",
        over="{} durch {}",
        power="{} hoch {}",
        log="Logarithmus von Klammer auf {} Klammer zu",
        log_to_base="Logarithmus zur Basis {} von Klammer auf {} Klammer zu",
        log_of_leaf="Logarithmus von {}",
        log_to_base_of_leaf="Logarithmus zur Basis {} von {}",
        log_of_probability="Logarithmus der {}",
        log_to_base_of_probability="Logarithmus zur Basis {} der {}",
        exp="Exponentialfunktion von Klammer auf {} Klammer zu",
        least="Minimum von Klammer auf {} Klammer zu",
        greatest="Maximum von Klammer auf {} Klammer zu",
        comma=", und ",
        absolute="Betrag von Klammer auf {} Klammer zu",
        euler="e",
    ),
}


class LinePrinter:
    """What the notations in a line of text have in common; mixed into sympy's printers, for dispatch."""

    marks: Marks
    notation: str
    leaves: Sequence[Written]

    def bracketed(self, node: Any, when: bool) -> str:
        text: str = self._print(node)
        return self.marks.brackets.format(text) if when else text

    def _print(self, node: Any, **kwargs: Any) -> str:
        level(node)
        text: str = super()._print(node, **kwargs)  # type: ignore[misc]  # of sympy's Printer
        return text

    def _print_Hole(self, node: Any) -> str:
        return leaf_text(node, self.leaves, self.notation)

    _print_ProbabilityHole = _print_Hole

    def _print_Literal(self, node: Any) -> str:
        name: str = node.name
        return name

    def _print_EulersNumber(self, node: Any) -> str:
        return self.marks.euler

    def _print_Minus(self, node: Any) -> str:
        operand = node.args[0]
        return self.marks.negative + self.bracketed(operand, level(operand) <= NEGATIVE)

    def _print_Add(self, node: Any, order: Any = None) -> str:
        first, *rest = node.args
        text = self.bracketed(first, level(first) <= SUM)
        for term in rest:
            if isinstance(term, Minus):
                operand = term.args[0]
                text += self.marks.minus + self.bracketed(operand, level(operand) <= NEGATIVE)
            else:
                text += self.marks.plus + self.bracketed(term, level(term) <= SUM)
        return text

    def _print_Mul(self, node: Any) -> str:
        text, before = "", None
        for factor, after in zip(node.args, (*node.args[1:], None), strict=True):
            brackets = needs_brackets(factor, before is None, self.marks.stacked)
            if before is not None:
                beside = self.marks.juxtaposed if isinstance(before, Over) and brackets else ""
                text += beside or self.marks.times
            # A logarithm without brackets would take what follows into its argument, unless that is a function.
            closed = isinstance(factor, LOGARITHMS) and after is not None and not isinstance(after, LOGARITHMS)
            text += self.logarithm(factor, closed=True) if closed else self.bracketed(factor, brackets)
            before = factor
        return text

    def _print_Over(self, node: Any) -> str:
        above, below = node.args
        if self.marks.stacked:
            return self.marks.over.format(self._print(above), self._print(below))
        return self.marks.over.format(
            self.bracketed(above, level(above) < PRODUCT), self.bracketed(below, level(below) <= PRODUCT)
        )

    def _print_Pow(self, node: Any) -> str:
        base, exponent = node.args
        raised = self._print(exponent) if self.marks.stacked else self.bracketed(exponent, level(exponent) < LEAF)
        return self.marks.power.format(self.bracketed(base, level(base) < LEAF), raised)

    def logarithm(self, node: Any, closed: bool) -> str:
        """A logarithm; `closed`: its argument in brackets even if it is a leaf."""
        argument, *base = node.args
        marks = self.marks
        if closed or not is_leaf(argument):
            pattern = marks.log_to_base if base else marks.log
        elif isinstance(argument, ProbabilityHole):
            pattern = marks.log_to_base_of_probability if base else marks.log_of_probability
        else:
            pattern = marks.log_to_base_of_leaf if base else marks.log_of_leaf
        return pattern.format(*map(self._print, base), self._print(argument))

    def _print_log(self, node: Any) -> str:
        return self.logarithm(node, closed=False)

    _print_LogToBase = _print_log

    def _print_exp(self, node: Any) -> str:
        return self.marks.exp.format(self._print(node.args[0]))

    def _print_Least(self, node: Any) -> str:
        return self.marks.least.format(self.marks.comma.join(self._print(part) for part in node.args))

    def _print_Greatest(self, node: Any) -> str:
        return self.marks.greatest.format(self.marks.comma.join(self._print(part) for part in node.args))

    def _print_Abs(self, node: Any) -> str:
        return self.marks.absolute.format(self._print(node.args[0]))


def _with_natural(marks: Marks, setting: Setting) -> Marks:
    return marks._replace(
        log=marks.log.replace("log", setting.natural),
        log_of_leaf=marks.log_of_leaf.replace("log", setting.natural),
        log_of_probability=marks.log_of_probability.replace("log", setting.natural),
    )


class Latex(LinePrinter, LatexPrinter):  # type: ignore[misc]  # sympy is untyped
    """``\\log \\Pr(…) + \\log \\Pr(…)``."""

    notation = "latex"

    def __init__(self, setting: Setting, leaves: Sequence[Written] = ()) -> None:
        super().__init__()
        self.leaves = leaves
        self.marks = _with_natural(LATEX, setting)


class Spoken(LinePrinter, StrPrinter):  # type: ignore[misc]  # sympy is untyped
    """Words for screen readers."""

    notation = "spoken"

    def __init__(self, setting: Setting, leaves: Sequence[Written] = ()) -> None:
        super().__init__()
        self.leaves = leaves
        self.marks = SPOKEN[setting.speech]
        self.language = setting.speech

    def _print_Literal(self, node: Any) -> str:
        return spoken_number(int(node.name), self.language)


class MathML(MathMLPresentationPrinter):  # type: ignore[misc]  # sympy is untyped
    """Presentation MathML, without the surrounding ``<math>``; a hole stands for a whole element."""

    notation = "mathml"
    names: ClassVar[dict[type, str]] = {Least: "min", Greatest: "max"}

    def __init__(self, setting: Setting, leaves: Sequence[Written] = ()) -> None:
        super().__init__()
        self.leaves = leaves
        self.natural = setting.natural

    def doprint(self, node: Any) -> str:
        text: str = self._print(node).toxml()
        return text

    def _print(self, node: Any, **kwargs: Any) -> Any:
        level(node)
        return super()._print(node, **kwargs)

    def element(self, tag: str, *content: Any, **attributes: str) -> Any:
        """An element; content is elements and text."""
        made = self.dom.createElement(tag)
        for name, value in attributes.items():
            made.setAttribute(name, value)
        for part in content:
            made.appendChild(self.dom.createTextNode(part) if isinstance(part, str) else part)
        return made

    def sign(self, text: str, **attributes: str) -> Any:
        return self.element("mo", text, **attributes)

    def in_brackets(self, *content: Any, left: str = "(", right: str = ")") -> Any:
        return self.element("mrow", self.sign(left), *content, self.sign(right))

    def bracketed(self, node: Any, when: bool) -> Any:
        return self.in_brackets(self._print(node)) if when else self._print(node)

    def applied(self, name: Any, node: Any, brackets: bool) -> Any:
        return self.element("mrow", name, self.sign("\u2061"), self.bracketed(node, brackets))

    def _print_Hole(self, node: Any) -> Any:
        return self.dom.createTextNode(leaf_text(node, self.leaves, self.notation))

    _print_ProbabilityHole = _print_Hole

    def _print_Literal(self, node: Any) -> Any:
        return self.element("mn", node.name)

    def _print_EulersNumber(self, node: Any) -> Any:
        return self.element("mi", "e")

    def _print_Minus(self, node: Any) -> Any:
        operand = node.args[0]
        return self.element("mrow", self.sign("−", form="prefix"), self.bracketed(operand, level(operand) <= NEGATIVE))

    def _print_Add(self, node: Any, order: Any = None) -> Any:
        first, *rest = node.args
        content = [self.bracketed(first, level(first) <= SUM)]
        for term in rest:
            if isinstance(term, Minus):
                operand = term.args[0]
                content += [self.sign("−"), self.bracketed(operand, level(operand) <= NEGATIVE)]
            else:
                content += [self.sign("+"), self.bracketed(term, level(term) <= SUM)]
        return self.element("mrow", *content)

    def _print_Mul(self, node: Any) -> Any:
        content: list[Any] = []
        before = None
        for factor in node.args:
            brackets = needs_brackets(factor, before is None, stacked=True)
            if before is not None:
                content.append(self.sign("\u2062" if isinstance(before, Over) and brackets else "⋅"))
            content.append(self.bracketed(factor, brackets))
            before = factor
        return self.element("mrow", *content)

    def _print_Over(self, node: Any) -> Any:
        return self.element("mfrac", *(self._print(part) for part in node.args))

    def _print_Pow(self, node: Any) -> Any:
        base, exponent = node.args
        return self.element("msup", self.bracketed(base, level(base) < LEAF), self._print(exponent))

    def _print_log(self, node: Any) -> Any:
        (argument,) = node.args
        return self.applied(self.element("mi", self.natural), argument, not is_leaf(argument))

    def _print_LogToBase(self, node: Any) -> Any:
        argument, base = node.args
        name = self.element("msub", self.element("mi", "log"), self._print(base))
        return self.applied(name, argument, not is_leaf(argument))

    def _print_exp(self, node: Any) -> Any:
        return self.applied(self.element("mi", "exp"), node.args[0], True)

    def _print_Least(self, node: Any) -> Any:
        content: list[Any] = []
        for part in node.args:
            content += [self.sign(","), self._print(part)] if content else [self._print(part)]
        name = self.element("mi", self.names[type(node)])
        return self.element("mrow", name, self.sign("\u2061"), self.in_brackets(*content))

    _print_Greatest = _print_Least

    def _print_Abs(self, node: Any) -> Any:
        return self.in_brackets(self._print(node.args[0]), left="|", right="|")
