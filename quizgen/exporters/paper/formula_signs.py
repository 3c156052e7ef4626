"""The commands of LaTeX that formulas on paper may hold, and what each is in Typst."""

from __future__ import annotations

_GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
    "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "ϕ", "varphi": "φ", "chi": "χ", "psi": "ψ",
    "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ",
    "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip

SIGNS: dict[str, str] = {
    **_GREEK,
    "cdot": "⋅", "times": "×", "div": "÷", "pm": "±", "mp": "∓", "ast": "∗", "star": "⋆", "circ": "∘", "bullet": "∙",
    "oplus": "⊕", "otimes": "⊗", "odot": "⊙", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠",
    "lt": "<", "gt": ">", "ll": "≪", "gg": "≫", "approx": "≈", "equiv": "≡", "sim": "∼", "simeq": "≃", "cong": "≅",
    "propto": "∝", "in": "∈", "notin": "∉", "ni": "∋", "subset": "⊂", "subseteq": "⊆", "supset": "⊃", "supseteq": "⊇",
    "cup": "∪", "cap": "∩", "setminus": "∖", "emptyset": "∅", "varnothing": "∅", "forall": "∀", "exists": "∃",
    "neg": "¬", "land": "∧", "lor": "∨", "wedge": "∧", "vee": "∨", "mid": "∣", "nmid": "∤", "parallel": "∥",
    "perp": "⟂", "vert": "|", "Vert": "‖", "lvert": "|", "rvert": "|", "lVert": "‖", "rVert": "‖", "|": "‖",
    "langle": "⟨", "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "to": "→",
    "rightarrow": "→", "leftarrow": "←", "leftrightarrow": "↔", "Rightarrow": "⇒", "Leftarrow": "⇐",
    "Leftrightarrow": "⇔", "implies": "⟹", "iff": "⟺", "mapsto": "↦", "gets": "←", "uparrow": "↑", "downarrow": "↓",
    "infty": "∞", "partial": "∂", "nabla": "∇", "ell": "ℓ", "hbar": "ℏ", "Re": "ℜ", "Im": "ℑ", "aleph": "ℵ",
    "sum": "∑", "prod": "∏", "int": "∫", "bigcup": "⋃", "bigcap": "⋂", "ldots": "…", "dots": "…", "dotsc": "…",
    "cdots": "⋯", "dotsb": "⋯", "vdots": "⋮", "ddots": "⋱", "prime": "′", "degree": "°", "top": "⊤", "bot": "⊥",
    "quad": "quad", "qquad": "wide", ",": "thin", ":": "med", ">": "med", ";": "thick", "!": "#h(-1em/6)",
    " ": "space", "{": "\\{", "}": "\\}", "%": "\\%", "$": "\\$", "_": "\\_", "#": "\\#", "&": "\\&",
}  # fmt: skip
"""A command without its backslash, and how it is written."""

CHARACTERS = {"+": "+", "-": "-", "=": "=", "<": "<", ">": ">", "|": "|", "*": "∗"}
"""Characters that are written otherwise than behind a backslash."""

_SIZES = """
    big Big bigg Bigg bigl bigr bigm Bigl Bigr Bigm biggl biggr Biggl Biggr limits nolimits displaystyle textstyle
    scriptstyle
"""
IGNORED = frozenset(_SIZES.split())
_NAMES = """
    log ln lg exp min max sup inf lim limsup liminf arg det dim gcd deg Pr sin cos tan cot sec csc arcsin arccos arctan
    sinh cosh tanh ker hom
"""
FUNCTIONS = {name: name for name in _NAMES.split()}
ACCENTS = {
    "bar": "macron", "overline": "overline", "underline": "underline", "hat": "hat", "widehat": "hat", "tilde": "tilde",
    "widetilde": "tilde", "vec": "arrow", "dot": "dot", "ddot": "dot.double", "check": "caron", "breve": "breve",
}  # fmt: skip
FONTS = {
    "mathrm": "upright({})", "mathit": "italic({})", "mathsf": "sans({})", "mathtt": "mono({})", "mathcal": "cal({})",
    "mathbb": "bb({})", "mathfrak": "frak({})", "mathbf": "upright(bold({}))", "boldsymbol": "bold({})",
    "mathnormal": "italic({})",
}  # fmt: skip
TWO = {"frac": "frac", "dfrac": "frac", "tfrac": "frac", "binom": "binom"}
TEXTS = frozenset(["text", "textrm", "textit", "textbf", "texttt", "textsf", "textnormal", "mbox"])
MATRICES = {
    "matrix": "#none", "pmatrix": '"("', "bmatrix": '"["', "vmatrix": '"|"', "Bmatrix": '"{"', "Vmatrix": '"‖"',
    "cases": '"{"',
}  # fmt: skip
