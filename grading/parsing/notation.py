"""What may be written in an answer: one table, as data. The reader takes its signs from it, learners their help page.

How doubtful writings are read is the other table, `grading.parsing.conventions`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from grading.letters import GREEK

HOLE = "□"


class Notation(NamedTuple):
    """One thing that may be written, in all its spellings.

    group: the part of the table. what: its name; the words for it stand in `grading.wording` as ``notation:…``.
    plain, unicode, latex: its spellings. example: a whole formula, with the spelling in place of each □.
    read_as: what the example means, in plain text. sign: what a sign of one token is to the grammar.
    needs: ``sentence`` (the question has one), ``names`` (the question declares them), ``comma`` (its numbers have a
    decimal comma), ``number`` (a number is asked for).
    """

    group: str
    what: str
    plain: tuple[str, ...]
    unicode: tuple[str, ...]
    latex: tuple[str, ...]
    example: str
    read_as: str
    sign: str = ""
    needs: Literal["", "sentence", "names", "comma", "number"] = ""

    @property
    def spellings(self) -> tuple[str, ...]:
        return (*self.plain, *self.unicode, *self.latex)

    def examples(self) -> Iterator[str]:
        """The example in every spelling; a command gets the space that ends its name."""
        for spelling in self.spellings:
            yield self.example.replace(HOLE, f"{spelling} " if is_command(spelling) else spelling)


def is_command(spelling: str) -> bool:
    r"""Whether a spelling is a command of LaTeX that ends with a letter.

    >>> is_command(r"\cdot"), is_command(r"\,"), is_command("log")
    (True, False, False)
    """
    return spelling[:1] == "\\" and spelling[-1].isalpha() and spelling[-1].isascii()


def _signs(*rows: tuple[str, str, tuple[str, ...], str, tuple[str, ...], str, str]) -> tuple[Notation, ...]:
    return tuple(
        Notation("signs", what, plain, tuple(unicode), latex, example, read_as, sign)
        for sign, what, plain, unicode, latex, example, read_as in rows
    )


_SIGN_ROWS = _signs(
    ("+", "plus", ("+",), "＋", (), "p_2 □ p_6", "p_2 + p_6"),
    ("-", "minus", ("-",), "−–—‐‑﹣－", (), "p_2 □ p_6", "p_2 - p_6"),
    ("*", "times", ("*",), "·×⋅∙•∗✕", ("\\cdot", "\\times", "\\ast"), "p_2 □ p_6", "p_2*p_6"),
    ("/", "over", ("/",), "÷∕⁄", ("\\div",), "p_2 □ p_6", "p_2/p_6"),
    ("^", "power", ("^", "**"), "", (), "p_2□3", "p_2^(1+2)"),
    ("|", "bar", ("|",), "∣｜", ("\\vert", "\\lvert", "\\rvert", "\\mid", "\\|"), "□log p_2□", "abs(log p_2)"),
    ("%", "percent", ("%",), "", ("\\%",), "50□", "50/100"),
    ("(", "open", ("(",), "（", ("\\lparen",), "□p_2 + p_6)/2", "(p_2 + p_6)/2"),
    (")", "close", (")",), "）", ("\\rparen",), "(p_2 + p_6□/2", "(p_2 + p_6)/2"),
    ("[", "open", ("[",), "", ("\\lbrack",), "□p_2 + p_6]/2", "(p_2 + p_6)/2"),
    ("]", "close", ("]",), "", ("\\rbrack",), "[p_2 + p_6□/2", "(p_2 + p_6)/2"),
    ("{", "open", ("{",), "", ("\\{", "\\lbrace"), "□p_2 + p_6}/2", "(p_2 + p_6)/2"),
    ("}", "close", ("}",), "", ("\\}", "\\rbrace"), "{p_2 + p_6□/2", "(p_2 + p_6)/2"),
    (",", "comma", (",",), "，", (), "min(p_2 □ p_6)", "min(p_2, p_6)"),
    (";", "comma", (";",), "", (), "min(p_2 □ p_6)", "min(p_2, p_6)"),
    ("=", "label", ("=",), "＝", (), "J □ log p_2", "log p_2"),
    (" ", "space", (" ", "~"), "\xa0\u2007\u2009\u202f\u2002\u2003\u2061\u2062", (), "p_2□p_6", "p_2*p_6"),
)  # fmt: skip


def _function(name: str, example: str, read_as: str, *latex: str) -> Notation:
    plain = (name, name.capitalize(), *((name.upper(),) if name != "log" else ()))
    braced = tuple(f"\\{style}{{{name}}}" for style in ("mathrm", "operatorname", "text"))
    return Notation("functions", name, plain, (), (f"\\{name}", *braced, *latex), example, read_as)


_FUNCTION_ROWS = (
    _function("log", "□ p_2", "log(p_2)"),
    _function("ln", "□ p_2", "log_{e}(p_2)"),
    _function("lg", "□ p_2", "log_10(p_2)"),
    Notation(
        "functions", "base", ("log2", "log_2", "log_{2}", "lb", "ld"), ("log₂",),
        ("\\log_2", "\\log_{2}", "\\operatorname{lb}", "\\operatorname{ld}", "\\lb", "\\ld"), "□ p_2",
        "log(p_2)/log(2)"
    ),
    _function("exp", "□(p_2)", "exp(p_2)"),
    Notation("functions", "euler", ("e^p_2", "e**p_2"), (), ("e^{p_2}", "\\mathrm{e}^{p_2}"), "2 □", "2*exp(p_2)"),
    _function("sqrt", "□(p_2)", "p_2^(1/2)"),
    Notation("functions", "root", (), ("√p_2", "√(p_2)"), ("\\sqrt{p_2}", "\\sqrt p_2", "\\sqrt[2]{p_2}"), "3 □",
        "3*sqrt(p_2)"),
    _function("abs", "□(log p_2)", "|log p_2|"),
    _function("min", "□(p_2, p_6)", "min(p_2, p_6)"),
    _function("max", "□(p_2, p_6)", "max(p_2, p_6)"),
)  # fmt: skip

_FORM_ROWS = (
    Notation(
        "forms", "fraction", ("p_2/3",), (), ("\\frac{p_2}{3}", "\\dfrac{p_2}{3}", "\\tfrac{p_2}{3}",
        "\\cfrac{p_2}{3}"),
        "□ + 1", "p_2/3 + 1",
    ),
    Notation("forms", "short-fraction", ("1/2 p_2",), ("½ p_2", "½p_2"), ("\\frac12 p_2", "\\frac 1 2 p_2"),
        "□", "(1/2)*p_2"),
    Notation("forms", "mixed-number", (), ("1½",), (), "□ p_2", "(3/2)*p_2"),
    Notation("forms", "index", ("p_2", "p2", "P_2"), ("p₂",), ("p_{2}", "p_{\\,2}"), "log □", "log p_2"),
    Notation("forms", "styled", (), ("𝑝_2", "𝐩_2", "ｐ_2"), (), "log □", "log p_2"),
    Notation("forms", "exponent", ("p_2^2", "p_2**2"), ("p_2²",), ("p_2^{2}",), "3 □", "3*p_2*p_2"),
    Notation("forms", "negative-exponent", ("p_2^-1", "p_2^(-1)"), ("p_2⁻¹",), ("p_2^{-1}",), "□", "1/p_2"),
    Notation("forms", "juxtaposed", ("2 p_2", "2p_2", "2*p_2"), ("2·p_2",), ("2\\,p_2", "2 \\cdot p_2"), "□", "2*p_2"),
    Notation(
        "forms", "sizes", ("(p_2)",), (),
        ("\\left(p_2\\right)", "\\big(p_2\\big)", "\\Big(p_2\\Big)", "\\bigg(p_2\\bigg)", "\\Bigg(p_2\\Bigg)",
         "\\bigl(p_2\\bigr)", "\\Bigl(p_2\\Bigr)", "\\biggl(p_2\\biggr)", "\\Biggl(p_2\\Biggr)", "\\bigm(p_2\\bigm)",
         "\\mleft(p_2\\mright)"),
        "log □", "log(p_2)",
    ),
    Notation(
        "forms", "spacing", ("p_2 p_6",), (),
        ("p_2\\,p_6", "p_2\\;p_6", "p_2\\:p_6", "p_2\\!p_6", "p_2\\ p_6", "p_2\\>p_6", "p_2 \\quad p_6",
         "p_2 \\qquad p_6", "\\displaystyle p_2 p_6", "\\textstyle p_2 p_6"),
        "□", "p_2*p_6",
    ),
    Notation("forms", "wrapper", (), (), ("$log p_2$", "$$log p_2$$", "\\(log p_2\\)", "\\[log p_2\\]",
        "\\begin{aligned} log p_2 \\end{aligned}", "log p_2 \\\\"),
        "□", "log p_2"),
    Notation(
        "forms", "formula-label", ("J = log p_2", "L = log p_2", "J(x) = log p_2", "Loss = log p_2",
        "J := log p_2", "J(x; theta) = log p_2", "objective = log p_2"), ("ℓ = log p_2", "ℒ = log p_2", "J ≔ log p_2"),
        ("\\mathcal{J} = \\log p_2", "\\mathcal{L}(\\mathbf{x}) = \\log p_2", "J(\\theta) = \\log p_2",
        "\\ell = \\log p_2", "J(\\bar{\\mathbf{x}}) = \\log p_2", "J \\coloneqq \\log p_2"),
        "□", "log p_2",
    ),
)  # fmt: skip

_PROBABILITY_ROWS = (
    Notation("probability", "place", ("p_2", "p2", "P_2", "p_early"), ("p₂",), ("p_{2}", "p_{\\text{early}}"),
        "log □", "log p_2"),
    Notation(
        "probability", "sign", ("Pr", "P", "p", "pr", "PR", "Prob"), ("ℙ",),
        ("\\Pr", "\\P", "\\mathbb{P}", "\\mathbb P", "\\mathrm{Pr}", "\\mathrm{P}", "\\operatorname{Pr}", "\\text{Pr}",
         "\\Pr\\nolimits", "\\Pr\\limits", "\\mathsf{P}", "\\mathbf{P}", "\\mathit{Pr}"),
        "□(x_2=early | xbar)", "Pr(x_2=early | xbar)",
    ),
    Notation(
        "probability", "event", ("x_2=early", "x2 = early", 'x_2="early"', "x_2='early'", "x_2", "early", "Early",
        "X_2=early", "X_2=x_2"), ("x₂=early", "x₂=“early”", "x₂=‘early’", "x₂=„early“", "x₂=«early»"),
        ("x_{2}=\\text{early}", "x_2=\\mathrm{early}", "x_2=\\mathit{early}", "x_2=\\textit{early}",
        "x_2=\\textbf{early}",
         "x_2=\\texttt{early}", "x_2=\\textrm{early}", "x_2=\\textsf{early}", "x_2=\\textnormal{early}",
         "x_2=\\mathbf{early}",
         "x_2=\\mathsf{early}", "x_2=\\mathtt{early}", "x_2=\\mbox{early}", "x_2=\\emph{early}",
         "x_2=\\operatorname{early}", "x_2=\\boldsymbol{early}", "x_2=\\bm{early}",
         "x_2=\\textup{early}", "x_2=\\textsl{early}",
         "x_2=\\text{``early''}"),
        "Pr(□ | xbar)", "Pr(x_2=early | xbar)",
    ),
    Notation(
        "probability", "at", ("Pr_2(early | xbar)",), ("Pr₂(early | x̄)",), ("\\Pr_{2}(\\text{early}\\mid\\bar{x})",),
        "log □", "log Pr(x_2=early | xbar)",
    ),
    Notation("probability", "braces", ("Pr(early | xbar)", "Pr[early | xbar]", "Pr{early | xbar}"), (),
        ("\\Pr\\{early \\mid \\bar x\\}", "\\Pr\\left(early \\mid \\bar x\\right)"),
        "log □", "log Pr(x_2=early | xbar)"),
    Notation("probability", "parameters", ("Pr_theta(early | xbar)", "Pr(early | xbar; W, theta)"),
        ("p_θ(early | x̄)",), ("p_\\theta(early \\mid \\bar x)", "p_{\\theta}(early \\mid \\bar x)",
        "\\Pr(early \\mid \\bar x; \\mathbf{W}, \\hat{\\theta})", "p_\\phi(early \\mid \\bar x)"),
        "log □", "log Pr(x_2=early | xbar)"),
    Notation("probability", "given", ("|",), ("∣", "｜"), ("\\mid", "\\vert", "\\lvert", "\\rvert", "\\middle|"),
        "Pr(x_2=early □ xbar)", "Pr(x_2=early | xbar)"),
    Notation(
        "probability", "joint", ("x_2=early, x_6=worm", "x_2=early and x_6=worm", "x_2=early; x_6=worm",
        "x_2=early & x_6=worm"), ("x₂=early ∧ x₆=worm", "x₂=early ∩ x₆=worm"),
        ("x_2=early \\wedge x_6=worm", "x_2=early \\land x_6=worm", "x_2=early \\cap x_6=worm"),
        "Pr(□ | xbar)", "Pr(x_2=early, x_6=worm | xbar)",
    ),
    Notation(
        "probability", "xbar", ("xbar", "x_bar", "x_{bar}", "x-bar"), ("x\u0304", "x\u0305"),
        ("\\bar{x}", "\\bar x", "\\overline{x}", "\\overline x", "\\bar{\\mathbf{x}}", "\\bar{\\boldsymbol{x}}",
        "\\bar{\\bm{x}}", "\\bar{\\mathbf x}", "\\mathbf{\\bar{x}}"),
        "Pr(x_2=early | □)", "Pr(x_2=early | xbar)",
    ),
    Notation("probability", "x", ("x",), (), ("\\mathbf{x}", "\\boldsymbol{x}", "\\bm{x}"), "Pr(x_2=early | □)",
        "Pr(x_2=early | x)"),
    Notation(
        "probability", "before", ("xbar_{<6}", "xbar_<6"), ("x̄_{<6}",), ("\\bar{x}_{<6}", "\\bar{x}_{\\lt 6}"),
        "Pr(x_6=worm | □)", "Pr(x_6=worm | xbar_{<6})",
    ),
    Notation(
        "probability", "without", ("x_{\\2}", "x_-2"), ("x_{∖2}",),
        ("\\mathbf{x}_{\\setminus 2}", "\\mathbf{x}_{\\backslash 2}", "\\mathbf{x}_{\\smallsetminus 2}"),
        "Pr(x_2=early | □)", "Pr(x_2=early | x_{\\2})",
    ),
    Notation(
        "probability", "up-to", ("x_{<=2}", "x_<=2"), ("x_{≤2}",), ("\\mathbf{x}_{\\le 2}", "\\mathbf{x}_{\\leq 2}"),
        "Pr(x_6=worm | □)", "Pr(x_6=worm | x_{<=2})",
    ),
    Notation(
        "probability", "some", ("x_{0,4}", "x_{0, 4}"), (), ("\\mathbf{x}_{0,4}",),
        "Pr(x_2=early | □)", "Pr(x_2=early | x_{0,4})",
    ),
    Notation(
        "probability", "filled", ("xbar, x_6=worm", "xbar, worm"), ("x̄, x₆ = worm",),
        ("\\bar{x},\\,x_{6}=\\text{worm}",),
        "Pr(x_2=early | □)", "Pr(x_2=early | xbar, x_6=worm)",
    ),
    Notation(
        "probability", "guess", ("xbar, xhat_6", "xbar, xhat6"), ("x̄, x\u0302₆",), ("\\bar{x},\\,\\hat{x}_{6}",
        "\\bar{x}, \\widehat{x}_6"),
        "Pr(x_2=early | □)", "Pr(x_2=early | xbar, xhat_6)",
    ),
    Notation(
        "probability", "size", ("n", "|A|", "|A(x)|"), ("∣A∣",), ("|\\mathcal{A}|", "\\lvert A\\rvert",
        "\\left|A\\right|", "|\\mathcal{A}(\\mathbf{x})|"),
        "1/□", "1/n",
    ),
    Notation("probability", "length", ("m",), (), (), "1/□", "1/m"),
)  # fmt: skip

_SERIES_ROWS = (
    Notation(
        "series", "sum-selected", ("sum_{i in A}", "sum_{k in A(x)}"), ("Σ_{i∈A}", "∑_{i∈A}", "∑i∈A"),
        ("\\sum_{i\\in A}", "\\sum\\limits_{i \\in \\mathcal{A}}", "\\sum_{i\\in\\mathcal{A}(\\mathbf{x})}",
        "\\sum\\nolimits_{i\\,\\in\\,\\mathit{A}}"),
        "□ log 2", "log 2 + log 2",
    ),
    Notation(
        "series", "sum-set", ("sum_{i in {2,6}}", "sum_{i=2,6}"), ("Σ_{i∈{2,6}}", "∑_{i∈{2,6}}"),
        ("\\sum_{i\\in\\{2,6\\}}", "\\sum_{i\\in\\lbrace 2,6\\rbrace}"),
        "□ log p_i", "log p_2 + log p_6",
    ),
    Notation(
        "series", "sum-range", ("sum_{i=2}^3", "sum_{i=2}^{3}"), ("Σ_{i=2}^3",), ("\\sum_{i=2}^{3}",),
        "□ log Pr(x_i | x̄)", "log Pr(x_2 | x̄) + log Pr(x_3 | x̄)",
    ),
    Notation(
        "series", "sum-others", ("sum_{i not in A}",), ("Σ_{i∉A}",), ("\\sum_{i\\notin A}",),
        "□ p_i", "p_1 + p_3 + p_4 + p_5",
    ),
    Notation(
        "series", "product", ("prod_{i in A}",), ("Π_{i∈A}", "∏_{i∈A}"), ("\\prod_{i\\in A}",
        "\\prod\\limits_{i\\in A}"),
        "□ p_i", "p_2*p_6",
    ),
)  # fmt: skip

_NUMBER_ROWS = (
    Notation("numbers", "decimal", ("0.5", ".5", "0.50", "5e-1", "5E-1"), (), ("5\\mathrm{e}{-1}",), "□ p_2",
        "p_2*0.5"),
    Notation("numbers", "power-of-ten", ("1.6*10^-3",), ("1.6×10⁻³",), ("1.6 \\cdot 10^{-3}", "1.6 \\times 10^{-3}"),
        "□", "1.6*10^(-3)"),
    Notation("numbers", "percentage", ("50%", "50 %"), (), ("50\\%", "50\\,\\%"), "□", "50/100"),
    Notation("numbers", "decimal-comma", ("0,5",), (), ("0{,}5",), "□ p_2", "0.5*p_2", needs="comma"),
    Notation("numbers", "nats", ("2.3 nats", "2.3 nat"), (), ("2.3\\,\\text{nats}",), "□", "2.3", needs="number"),
    Notation("numbers", "bits", ("2.3 bits", "2.3 bit", "2.3 (bits)"), (), ("2.3\\,\\mathrm{bits}",),
        "□", "2.3", needs="number"),
    Notation("numbers", "thousands", ("12 345.5", "12'345.5"), ("12\u202f345.5",), (), "□", "12345.5", needs="number"),
)  # fmt: skip

_GREEK_ROWS = tuple(
    Notation("greek", name, (name,), (letter,), (f"\\{name}",), "2 □ + 1", f"2*{name} + 1", needs="names")
    for letter, name in GREEK.items()
)


def _with_sentence(row: Notation) -> Notation:
    return row._replace(needs=row.needs or "sentence")


NOTATIONS: tuple[Notation, ...] = (
    *_SIGN_ROWS,
    *_FUNCTION_ROWS,
    *_FORM_ROWS,
    *map(_with_sentence, _PROBABILITY_ROWS),
    *map(_with_sentence, _SERIES_ROWS),
    *_NUMBER_ROWS,
    *_GREEK_ROWS,
)
"""The table."""

FUNCTIONS = frozenset(row.plain[0] for row in _FUNCTION_ROWS if row.what in row.plain) | {"lb", "ld"}
"""Names that are read as functions, also with a capital or as a command."""
COMMANDS = {s[1:]: row.sign for row in _SIGN_ROWS for s in row.latex if is_command(s)}
"""The sign that a command of LaTeX means."""
SIGNS = {
    spelling: row.sign
    for row in _SIGN_ROWS
    for spelling in (*row.plain, *row.latex)
    if spelling != row.sign and not spelling.isspace() and spelling != "~" and not is_command(spelling)
} | {"√": "sqrt"}
"""The sign that another spelling of it, without letters, means."""
LOOK_ALIKES = str.maketrans({letter: row.sign for row in _SIGN_ROWS for letter in row.unicode})
"""Signs that look alike, character for character."""
HOMOGLYPHS = str.maketrans("аеорсухіјѕһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοАВЕКМНОРСТХ", "aeopcyxijshdqwABEZHIKMNOPTYXoABEKMHOPCTX")
"""Letters of other alphabets that cannot be told from Latin ones by eye: refused, with the Latin letter named."""
