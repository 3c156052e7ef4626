r"""LaTeX that can be shown, copied and typed back in: ``\log \Pr(x_{2}=\text{early}\mid\bar{\mathbf{x}})``."""

from __future__ import annotations

from functools import lru_cache

from grading.expressions import Event, Expression, Number, Probability
from grading.labels import quote_token
from grading.letters import GREEK_LETTERS
from grading.parsing.language import normalise
from grading.writing.contexts import TargetBefore, Visible, visible
from grading.writing.typesetting import DEFAULT, Setting, Typesetter


def to_latex(expression: Expression, setting: Setting = DEFAULT) -> str:
    r"""The LaTeX of a formula; it reads back to the same tree in the language that the setting is of.

    >>> from fractions import Fraction
    >>> from grading.expressions import Logarithm, Product, Quotient, Symbol
    >>> half = Quotient(Number(Fraction(1)), Number(Fraction(2)))
    >>> print(to_latex(Product((half, Logarithm(Symbol("p_2"))))))
    \frac{1}{2} \cdot \log p_{2}
    """
    return _typesetter(setting).write(expression)


@lru_cache(maxsize=64)
def _typesetter(setting: Setting) -> Latex:
    return Latex(setting)


class Latex(Typesetter):
    """The looks of LaTeX."""

    plus = " + "
    minus = " - "
    negative = "-"
    times = r" \cdot "
    beside = " "

    def symbol(self, name: str) -> str:
        return symbol_latex(name)

    def number(self, literal: str) -> str:
        mantissa, exponential, exponent = literal.replace(",", "{,}").partition("e")
        return rf"{mantissa}\mathrm{{e}}{{{exponent}}}" if exponential else mantissa

    def probability(self, atom: Probability) -> str:
        return probability_latex(atom)

    def row(self, pieces: list[str]) -> str:
        return "".join(pieces)

    def bracketed(self, inner: str) -> str:
        return rf"\left({inner}\right)"

    def barred(self, inner: str) -> str:
        return rf"\left|{inner}\right|"

    def fraction(self, above: str, below: str) -> str:
        return rf"\frac{{{above}}}{{{below}}}"

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^{{{exponent}}}"

    def root(self, inner: str) -> str:
        return rf"\sqrt{{{inner}}}"

    def function(self, name: str, base: str = "") -> str:
        command = rf"\operatorname{{{name}}}" if name == "abs" else f"\\{name}"
        return f"{command}_{{{base}}}" if base else command

    def base(self, base: Expression) -> str:
        if isinstance(base, Number) and base.value.denominator == 1 and base.value >= 10**9:
            return f"({self.write(base)})"  # an index of the name holds nine digits
        return self.write(base)

    def applied(self, function: str, argument: str, brackets: bool) -> str:
        return function + self.bracketed(argument) if brackets else f"{function} {argument}"

    def listed(self, parts: list[str]) -> str:
        return (r";\, " if self.setting.decimal_comma else r",\, ").join(parts)


@lru_cache(maxsize=4096)
def symbol_latex(name: str) -> str:
    r"""The name of a symbol.

    >>> symbol_latex("p_12"), symbol_latex("theta_i"), symbol_latex("loss")
    ('p_{12}', '\\theta_{i}', '\\mathrm{loss}')
    """
    stem, _, index = normalise(name).partition("_")
    if stem in GREEK_LETTERS:
        stem = f"\\{stem}"
    elif len(stem) > 1 and stem.isascii():
        stem = rf"\mathrm{{{stem}}}"
    if not index:
        return stem
    plain = len(index) == 1 or (index.isascii() and index.isdigit())
    return f"{stem}_{{{index}}}" if plain else rf"{stem}_{{\mathrm{{{index}}}}}"


_SPECIALS = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        '"': r"\textquotedbl{}",
        **{character: f"\\{character}" for character in "{}$&%#_"},
    }
)


def word_latex(token: str) -> str:
    r"""A word of a sentence, in quotation marks where it would end the probability that it stands in.

    >>> word_latex("AT&T"), word_latex("a|b")
    ('\\text{AT\\&T}', '\\text{"a|b"}')
    """
    escaped = token.translate(_SPECIALS)
    return rf"\text{{{escaped}}}" if quote_token(token) == token else rf'\text{{"{escaped}"}}'


def _event(event: Event) -> str:
    word = word_latex(event.token)
    if event.position < 0:
        return f"{event.name}={word}" if event.name else word
    return f"{event.of}_{{{event.position}}}={word}"


def _context(notation: str) -> str:
    parts: Visible = visible(notation)
    text = _CONTEXTS[parts.name]
    if parts.relation:
        text += f"_{{{_RELATIONS[parts.relation]}{parts.position}}}"
    elif parts.positions:
        text += f"_{{{','.join(map(str, parts.positions))}}}"
    return r",\,".join((text, *map(_beside, parts.beside)))


_CONTEXTS = {
    "xbar": r"\bar{\mathbf{x}}",
    "x": r"\mathbf{x}",
    "xc": r"\mathbf{x}^{c}",
    "hcls": r"\mathbf{h}_{\text{cls}}",
}
_RELATIONS = {"<": "<", "≤": r"\le ", "∖": r"\setminus "}


def context_name_latex(name: str) -> str:
    """How a context without further marks is written, such as ``xbar``."""
    return _CONTEXTS[name]


def _beside(part: Event | int | TargetBefore) -> str:
    if isinstance(part, Event):
        return _event(part)
    return rf"\mathbf{{y}}_{{<{part.position}}}" if isinstance(part, TargetBefore) else rf"\hat{{x}}_{{{part}}}"


def probability_latex(atom: Probability) -> str:
    r"""``\Pr(x_{2}=\text{early}\mid\bar{\mathbf{x}})``."""
    return _probability(atom.events, None if atom.given is None else atom.given.notation, atom.reverse)


@lru_cache(maxsize=8192)
def _probability(events: tuple[Event, ...], notation: str | None, reverse: bool) -> str:
    inside = r",\,".join([_event(event) for event in events])
    if notation is not None:
        given = _context(notation)
        left, right = (given, inside) if reverse else (inside, given)
        inside = rf"{left}\mid{'' if right.startswith(chr(92) + 'bar') else ' '}{right}"
    return rf"\Pr({inside})"
