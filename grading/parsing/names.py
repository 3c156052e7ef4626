"""What a name in a formula means: a declared symbol, a running index, several names run together, or a refusal."""

from __future__ import annotations

import re
from fractions import Fraction

from grading.expressions import Expression, Number, Product, Symbol
from grading.parsing.language import Language, normalise
from grading.parsing.refusals import Refused, nearest, refuse
from grading.parsing.tokens import PROBABILITY_SIGNS, Token, look_alike

_FUNCTION_NAMES = ("log", "ln", "lg", "exp", "sqrt", "abs", "min", "max", "sum", "prod")


def named(token: Token, language: Language, binding: dict[str, int]) -> Expression:
    """What a name means; raises Refused. binding: values of the running indices of the sums around it."""
    names = language.names
    raw: str = token.value
    if raw in binding:
        return Number(Fraction(binding[raw]))
    if (symbol := names.get(raw)) is not None:
        return symbol
    spelled = normalise(raw)
    stem, _, index = spelled.rpartition("_")
    if stem and index in binding:
        spelled = f"{stem}_{binding[index]}"
    if (symbol := names.get(spelled)) is not None:
        return symbol
    if stem and (placed := _word_index(stem, index, language)) is not None:
        return placed
    if pieces := _run_together(raw, language):
        return Product(pieces)
    if language.any_name and _plausible(spelled) and not _is_place(spelled, language):
        return Symbol(spelled)
    raise _unknown(token, spelled, language)


def _word_index(stem: str, index: str, language: Language) -> Symbol | None:
    """``p_early`` for the position of a word of the sentence."""
    if stem not in ("p", "P") or language.sentence is None or "p" in language.assumptions:
        return None
    position = language.position_of(index)
    return language.names[f"p_{position}"] if isinstance(position, int) and position >= 0 else None


def run_together(token: Token, language: Language, binding: dict[str, int]) -> bool:
    """Whether this name is the letters of several declared names, side by side, such as ``xy``."""
    if token.leaf is not None and not binding:
        return isinstance(token.leaf, Product)
    try:
        return isinstance(named(token, language, binding), Product)
    except Refused:
        return False


def _run_together(raw: str, language: Language) -> tuple[Expression, ...]:
    """``ab`` as a·b where a and b are declared and ab is not."""
    letters = {d.name for d in language.symbols if len(d.name) == 1}
    if len(raw) <= 8 and raw and all(letter in letters for letter in raw):
        return tuple(language.names[normalise(letter)] for letter in raw)
    return ()


def _plausible(name: str) -> bool:
    return name.isascii() and (len(name) < 3 or not nearest(name, _FUNCTION_NAMES)) and name != "or"


def _is_place(spelled: str, language: Language) -> bool:
    """Whether this names a position of the sentence; it is no known name, so the sentence has none there."""
    return language.sentence is not None and re.fullmatch(r"[pP]_\d+", spelled) is not None


def _unknown(token: Token, spelled: str, language: Language) -> Refused:
    def refused(sentence: str, suggestion: str = "", /, **values: str | int) -> Refused:
        return refuse(sentence, token.start, token.end - token.start, suggestion, **values)

    shown = spelled[:40]
    plain = look_alike(spelled)
    if plain != spelled and (plain in language.names or plain in _FUNCTION_NAMES or plain in PROBABILITY_SIGNS):
        letter = next(c for c in spelled if look_alike(c) != c)
        return refused("homoglyph:letter", plain, letter=letter)
    if spelled in ("sum", "prod"):
        return refused("unclear-sum:head", f"{spelled}_{{i in {{2,6}}}} …")
    sentence = language.sentence
    if sentence is not None and spelled == "Pr":
        return refused("unclear-probability:form")
    if sentence is not None and _is_place(spelled, language):
        return refused("unknown-position:name", name=shown, last=len(sentence.tokens) - 1)
    for function in ("log", "ln", "exp", "sqrt"):
        if spelled.startswith(function) and normalise(spelled[len(function) :]) in language.names:
            space = f"{function} {normalise(spelled[len(function) :])}"
            return refused("unknown-name:space", space, name=shown)
    functions = [name for name in _FUNCTION_NAMES if name[0] == spelled[:1].lower()]
    like = nearest(spelled, [*language.names, *functions])
    names = list(dict.fromkeys(symbol.name for symbol in language.names.values()))
    known = ", ".join([*names[:8], "…"] if len(names) > 8 else names)
    if not known:
        return refused("unknown-name:plain", like, name=shown)
    return refused("unknown-name:known", like, name=shown, known=known)
