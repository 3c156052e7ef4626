"""Greek letters and small digits: the characters that reading and writing have in common."""

from __future__ import annotations

_NAMES = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi
chi psi omega"""

GREEK = dict(zip("αβγδεζηθικλμνξπρστυφχψω", _NAMES.split(), strict=True))
"""The name of each small Greek letter; omicron is left out, because it cannot be told from o by eye."""
GREEK_LETTERS = {name: letter for letter, name in GREEK.items()}

_DIGITS = "0123456789"
TO_SUBSCRIPTS = str.maketrans(_DIGITS, "₀₁₂₃₄₅₆₇₈₉")
TO_SUPERSCRIPTS = str.maketrans(_DIGITS, "⁰¹²³⁴⁵⁶⁷⁸⁹")
FROM_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", _DIGITS)
FROM_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", _DIGITS + "-")
FROM_LOWERED = str.maketrans("ₐₑₒₓₕₖₗₘₙₚₛₜᵢᵣᵤᵥⱼ", "aeoxhklmnpstiruvj")
"""Letters below the line."""
