"""LaTeX that authors write as Unicode text and as words to be read aloud; what is not known stays LaTeX.

A small table, honest about its limits: `unicode_of` gives the source back and `spoken_of` the Unicode text where a
command is not in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[{}_^&~]|\s+|\d+(?:\.\d+)?|.", re.DOTALL)


class _Sign(NamedTuple):
    text: str
    spoken: str


_GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ",
    "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
_SIGNS: dict[str, _Sign] = {
    **{name: _Sign(sign, name.removeprefix("var").lower()) for name, sign in _GREEK.items()},
    "cdot": _Sign("·", " times "), "times": _Sign("×", " times "), "div": _Sign("÷", " divided by "),
    "pm": _Sign("±", " plus or minus "), "le": _Sign(" ≤ ", " is at most "), "leq": _Sign(" ≤ ", " is at most "),
    "ge": _Sign(" ≥ ", " is at least "), "geq": _Sign(" ≥ ", " is at least "), "ne": _Sign(" ≠ ", " is not equal to "),
    "neq": _Sign(" ≠ ", " is not equal to "), "lt": _Sign(" < ", " is less than "),
    "gt": _Sign(" > ", " is greater than "),
    "approx": _Sign(" ≈ ", " is about "), "equiv": _Sign(" ≡ ", " is equivalent to "), "in": _Sign(" ∈ ", " in "),
    "notin": _Sign(" ∉ ", " not in "), "mid": _Sign(" | ", " given "), "vert": _Sign("|", " bar "),
    "to": _Sign(" → ", " to "), "rightarrow": _Sign(" → ", " to "), "Rightarrow": _Sign(" ⇒ ", " implies "),
    "infty": _Sign("∞", "infinity"), "sum": _Sign("∑", "the sum"), "prod": _Sign("∏", "the product"),
    "ldots": _Sign("…", " and so on "), "dots": _Sign("…", " and so on "), "cdots": _Sign("⋯", " and so on "),
    "partial": _Sign("∂", "partial "), "nabla": _Sign("∇", "nabla "), "setminus": _Sign(" ∖ ", " without "),
    "cup": _Sign(" ∪ ", " union "), "cap": _Sign(" ∩ ", " intersected with "),
    "subset": _Sign(" ⊂ ", " a subset of "), "ell": _Sign("ℓ", "ell"),
    "propto": _Sign(" ∝ ", " is proportional to "),
    "sim": _Sign(" ∼ ", " is distributed as "),
    "log": _Sign("log ", "log "), "ln": _Sign("ln ", "natural log "), "exp": _Sign("exp ", "exp "),
    "min": _Sign("min ", "the minimum "), "max": _Sign("max ", "the maximum "), "Pr": _Sign("Pr", "the probability "),
    "arg": _Sign("arg ", "arg "), "quad": _Sign("  ", " "), "qquad": _Sign("    ", " "), ",": _Sign(" ", " "),
    ";": _Sign(" ", " "), ":": _Sign(" ", " "), "!": _Sign("", ""), " ": _Sign(" ", " "), "\\": _Sign(" ", ", "),
    "{": _Sign("{", " the set "), "}": _Sign("}", " "), "%": _Sign("%", " percent"), "$": _Sign("$", " dollars"),
    "_": _Sign("_", " underscore "), "#": _Sign("#", " number "), "&": _Sign("&", " and "), "|": _Sign("‖", " norm "),
    "left": _Sign("", ""), "right": _Sign("", ""), "bigl": _Sign("", ""), "bigr": _Sign("", ""), "big": _Sign("", ""),
    "lvert": _Sign("|", " the size of "), "rvert": _Sign("|", " "), "nolimits": _Sign("", ""), "limits": _Sign("", ""),
}  # fmt: skip
_PLAIN_SPOKEN = {
    "=": " equals ", "+": " plus ", "-": " minus ", "−": " minus ", "<": " is less than ", ">": " is greater than ",
    "/": " over ", "|": " given ", "(": " of ", ")": " ", "[": " ", "]": " ", "*": " times ", "!": " factorial",
}  # fmt: skip
_PLAIN_TEXT = {"-": "−"}
"""A hyphen in a formula is a minus sign, as in the text around it."""
_GERMAN = {
    "times": "mal", "divided by": "geteilt durch", "plus or minus": "plus oder minus", "is at most": "ist höchstens",
    "is at least": "ist mindestens", "is not equal to": "ist nicht gleich", "is less than": "ist kleiner als",
    "is greater than": "ist größer als", "is about": "ist ungefähr", "is equivalent to": "ist äquivalent zu",
    "in": "in", "not in": "nicht in", "given": "gegeben", "bar": "quer", "to": "nach", "implies": "daraus folgt",
    "infinity": "unendlich", "the sum": "die Summe", "the product": "das Produkt", "and so on": "und so weiter",
    "partial": "partiell", "without": "ohne", "union": "vereinigt mit", "intersected with": "geschnitten mit",
    "a subset of": "Teilmenge von", "is proportional to": "ist proportional zu",
    "is distributed as": "ist verteilt wie",
    "natural log": "natürlicher Logarithmus", "the minimum": "das Minimum", "the maximum": "das Maximum",
    "the probability": "die Wahrscheinlichkeit", "the set": "die Menge", "percent": "Prozent", "dollars": "Dollar",
    "underscore": "Unterstrich", "number": "Nummer", "and": "und", "norm": "Norm", "the size of": "der Betrag von",
    "equals": "gleich", "plus": "plus", "minus": "minus", "over": "durch", "of": "von", "factorial": "Fakultät",
    "sub": "Index", "to the power": "hoch", "the square root of": "die Quadratwurzel aus", "hat": "Dach",
    "tilde": "Tilde", "vec": "Vektor",
}  # fmt: skip
_WORDS: Mapping[str, Mapping[str, str]] = {"en": {}, "de": _GERMAN}
"""The words of a language for the English ones of the tables; what is missing is the same in both."""

_ACCENTS = {
    "bar": "\u0304",
    "overline": "\u0304",
    "hat": "\u0302",
    "widehat": "\u0302",
    "tilde": "\u0303",
    "vec": "\u20d7",
}
_FONTS = ("mathbf", "mathrm", "mathit", "mathsf", "mathtt", "mathcal", "mathbb", "boldsymbol", "operatorname")
_TEXTS = ("text", "textit", "textbf", "textrm", "texttt", "mbox")
SUBSCRIPTS = dict(zip("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_SUPERSCRIPTS = dict(zip("0123456789+-−=()in", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁱⁿ", strict=True))


_BEFORE_ARGUMENT = re.compile(r"\b(log|ln|exp|min|max) (?=[₀-₉(])")
"""A function whose base or bracket follows; the space is for other arguments."""
_AFTER_FACTOR = re.compile(r"(?<=[\d)])(?=(?:log|ln|exp)\b)")
_SIMPLE = re.compile("\\w[\u0300-\u036f]?([₀-₉]*|_[\U000f0000-\U000ffffd])|\\d+(\\.\\d+)?|[A-Za-z]+")
"""What needs no parentheses in a fraction or power; a private character stands for a value."""


class _Unknown(Exception):
    """A command that the tables do not hold."""


def unicode_of(latex: str) -> str:
    """The formula as Unicode text.

    >>> unicode_of(r"\\log \\Pr(x_2 = \\text{early} \\mid \\bar{\\mathbf{x}})"), unicode_of(r"\\frac{a+1}{b}")
    ('log Pr(x₂ = early | x̄)', '(a+1)/b')
    >>> unicode_of(r"-\\ln p^{-1} + x_{t-1} + \\text{one-hot}")
    '−ln p⁻¹ + xₜ₋₁ + one-hot'
    """
    try:
        return _tidy(_Reader(latex, spoken=False).all())
    except (_Unknown, RecursionError):
        return latex


def spoken_of(latex: str, language: str = "en") -> str:
    """The formula as words of a language, English where it is not known.

    >>> spoken_of(r"p_2 \\le \\frac{1}{2}"), spoken_of(r"p_2 \\le \\frac{1}{2}", "de")
    ('p sub 2 is at most 1 over 2', 'p Index 2 ist höchstens 1 durch 2')
    """
    try:
        words = _WORDS.get(language, {})
        return _AFTER_FACTOR.sub(" ", _plain(_Reader(latex, spoken=True, words=words).all()))
    except (_Unknown, RecursionError):
        return unicode_of(latex)


def _plain(text: str) -> str:
    return re.sub(r" ([,.)])", r"\1", " ".join(text.split()))


def _tidy(text: str) -> str:
    text = _plain(text)
    return _AFTER_FACTOR.sub(" ", _BEFORE_ARGUMENT.sub(r"\1", text))


class _Reader:
    """Reads LaTeX from left to right and writes text, or words if `spoken`."""

    def __init__(self, latex: str, spoken: bool, words: Mapping[str, str] = MappingProxyType({})) -> None:
        self.words = words
        self.tokens: list[str] = _TOKEN.findall(latex)
        self.next = 0
        self.spoken = spoken

    def all(self) -> str:
        return self.until("")

    def until(self, end: str) -> str:
        written: list[str] = []
        while self.next < len(self.tokens):
            token = self.tokens[self.next]
            if token == end:
                self.next += 1
                return "".join(written)
            written.append(self.piece())
        if end:
            raise _Unknown(end)
        return "".join(written)

    def piece(self) -> str:
        sign = self._take()
        if sign == "{":
            return self.until("}")
        if sign == "_":
            return self._script(SUBSCRIPTS, "_", " sub ")
        if sign == "^":
            return self._script(_SUPERSCRIPTS, "^", " to the power ")
        if sign.startswith("\\"):
            return self._command(sign[1:])
        if sign in ("}", "&"):
            raise _Unknown(sign)
        if sign == "~" or sign.isspace():
            return " "
        return self.said(_PLAIN_SPOKEN.get(sign, sign)) if self.spoken else _PLAIN_TEXT.get(sign, sign)

    def said(self, english: str) -> str:
        """A phrase of the tables in the language that is spoken; the spaces around it stay."""
        phrase = english.strip()
        return english.replace(phrase, self.words[phrase]) if phrase in self.words else english

    def _take(self) -> str:
        if self.next >= len(self.tokens):
            raise _Unknown("end")
        self.next += 1
        return self.tokens[self.next - 1]

    def argument(self) -> str:
        while self.next < len(self.tokens) and self.tokens[self.next].isspace():
            self.next += 1
        return self.piece()

    def _raw_argument(self) -> str:
        """The text of a braced argument as it stands."""
        if self._take() != "{":
            raise _Unknown("{")
        written: list[str] = []
        while (sign := self._take()) != "}":
            if sign == "{":
                raise _Unknown(sign)
            written.append(sign[1:] if re.fullmatch(r"\\[^A-Za-z]", sign) else sign)
        return "".join(written)

    def _script(self, signs: dict[str, str], mark: str, words: str) -> str:
        content = self.argument().strip()
        if self.spoken:
            return f"{self.said(words)}{content} "
        if mark == "_" and len(content) > 2 and content.isalpha():
            return f"_{content}"  # a word: raised or lowered letters could hardly be read, and not every letter has one
        if all(sign in signs for sign in content):
            return "".join(signs[sign] for sign in content)
        if mark == "_" and len(content) > 1:
            return f"_{{{content.replace(' ', '')}}}"
        return f"{mark}{_grouped(content)}"

    def _command(self, name: str) -> str:
        if name in _SIGNS:
            return self.said(_SIGNS[name].spoken) if self.spoken else _SIGNS[name].text
        if name in ("frac", "dfrac", "tfrac"):
            above, below = self.argument(), self.argument()
            return f"{above}{self.said(' over ')}{below} " if self.spoken else f"{_grouped(above)}/{_grouped(below)}"
        if name == "sqrt" and self.next < len(self.tokens) and self.tokens[self.next] != "[":
            content = self.argument()
            return f"{self.said(' the square root of ')}{content} " if self.spoken else f"√{_grouped(content)}"
        if name in _ACCENTS:
            content = self.argument().strip()
            if self.spoken:
                return f"{content} {self.said('bar' if name == 'overline' else name.removeprefix('wide'))} "
            if len(content) != 1:
                raise _Unknown(name)
            return content + _ACCENTS[name]
        readers: dict[str, Callable[[], str]] = {
            **dict.fromkeys(_FONTS, self.argument),
            **dict.fromkeys(_TEXTS, self._raw_argument),
        }
        if name not in readers:
            raise _Unknown(name)
        return readers[name]()


def _grouped(content: str) -> str:
    content = content.strip()
    simple = len(content) == 1 or _SIMPLE.fullmatch(content)
    return content if simple else f"({content})"
