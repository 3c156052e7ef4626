"""Simple presentation MathML as LaTeX; what is not simple is refused as a whole, never half written."""

from __future__ import annotations

from typing import Any

_SIGNS = {
    "−": "-", "·": r"\cdot ", "×": r"\times ", "≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ", "∈": r"\in ", "∑": r"\sum ",
    "∏": r"\prod ", "∞": r"\infty ", "→": r"\to ", "∣": r"\mid ", "|": "|", "…": r"\dots ", "∂": r"\partial ",
    "α": r"\alpha ", "β": r"\beta ", "γ": r"\gamma ", "δ": r"\delta ", "ε": r"\epsilon ", "θ": r"\theta ",
    "λ": r"\lambda ", "μ": r"\mu ", "π": r"\pi ", "σ": r"\sigma ", "τ": r"\tau ", "φ": r"\phi ", "ω": r"\omega ",
    "Σ": r"\Sigma ", "Δ": r"\Delta ", "Ω": r"\Omega ", "Θ": r"\Theta ", "{": r"\{", "}": r"\}", "%": r"\%", "#": r"\#",
    "&": r"\&", "$": r"\$", "\\": r"\backslash ", "\u2061": "", "\u2062": "", "\u2063": "", "\u2064": "",
    "~": r"\sim ", "±": r"\pm ", "≈": r"\approx ", "∼": r"\sim ", "ℒ": r"\mathcal{L}", "^": r"\hat{}", "_": r"\_",
}  # fmt: skip
_FUNCTIONS = frozenset(("log", "ln", "exp", "sin", "cos", "tan", "max", "min", "lim", "Pr", "det", "arg"))
_GROUPS = frozenset(("math", "mrow", "mstyle", "mpadded", "mphantom", "semantics"))
_ACCENTS = {"¯": r"\bar", "‾": r"\bar", "ˉ": r"\bar", "^": r"\hat", "ˆ": r"\hat", "~": r"\tilde", "˜": r"\tilde",
            "→": r"\vec", "˙": r"\dot"}  # fmt: skip
DEEPEST = 40


def latex_of(element: Any) -> str | None:
    r"""The formula of a ``<math>`` element, or None.

    >>> from lxml import etree
    >>> latex_of(etree.fromstring("<math><msub><mi>p</mi><mn>2</mn></msub><mo>≤</mo><mn>1</mn></math>"))
    'p_{2}\\le 1'
    """
    written = [note.text for note in element.iter("{*}annotation") if note.get("encoding") == "application/x-tex"]
    if len(written) == 1 and written[0]:
        return " ".join(written[0].split())
    try:
        return " ".join(_latex(element, 0).split())
    except _Intricate:
        return None


class _Intricate(Exception):
    pass


def _latex(element: Any, depth: int) -> str:
    tag = element.tag if isinstance(element.tag, str) else ""
    name, parts = tag.rpartition("}")[2], [child for child in element if isinstance(child.tag, str)]
    if depth > DEEPEST:
        raise _Intricate
    inner = [child for child in parts if not child.tag.endswith(("annotation", "annotation-xml"))]
    if name in _GROUPS:
        return "".join(_latex(child, depth + 1) for child in inner)
    if name in ("mi", "mn", "mo", "mtext", "ms"):
        return _leaf(name, " ".join((element.text or "").split()), len(parts))
    if name == "mspace":
        return r"\;"
    made = [_latex(child, depth + 1) for child in inner]
    if name == "msqrt":
        return rf"\sqrt{{{''.join(made)}}}"
    if name == "mfenced":
        return f"({','.join(made)})"
    return _placed(name, made, inner)


def _placed(name: str, made: list[str], inner: list[Any]) -> str:
    match name, made:
        case "mfrac", [above, below]:
            return rf"\frac{{{above}}}{{{below}}}"
        case (("msub" | "munder"), [base, low]):
            return f"{_base(base)}_{{{low}}}"
        case "msup", [base, high]:
            return f"{_base(base)}^{{{high}}}"
        case "mover", [base, _] if (sign := "".join(inner[1].itertext()).strip()) in _ACCENTS:
            return f"{_ACCENTS[sign]}{{{base}}}"
        case (("msubsup" | "munderover"), [base, low, high]):
            return f"{_base(base)}_{{{low}}}^{{{high}}}"
        case "mroot", [base, degree]:
            return rf"\sqrt[{degree}]{{{base}}}"
    raise _Intricate


def _base(text: str) -> str:
    """What a sub- or superscript stands at: one sign or command as it is, more in braces."""
    bare = text.strip()
    return bare if len(bare) == 1 or (bare.startswith("\\") and bare[1:].isalpha()) else f"{{{text}}}"


def _leaf(name: str, text: str, children: int) -> str:
    if children:
        raise _Intricate
    if name in ("mtext", "ms"):
        return rf"\text{{{text}}}" if text.replace(" ", "").isalnum() else _signs(text)
    if text in _FUNCTIONS:
        return f"\\{text} "
    if name == "mi" and len(text) > 1 and text.isalpha():
        return rf"\mathrm{{{text}}}"
    return _signs(text)


def _signs(text: str) -> str:
    written = []
    for sign in text:
        if sign not in _SIGNS and not (sign.isascii() or sign.isalnum()):
            raise _Intricate
        written.append(_SIGNS.get(sign, sign))
    return "".join(written)
