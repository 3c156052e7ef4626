"""How names, tokens, contexts and probabilities are written: ASCII to store, Unicode to show."""

from __future__ import annotations

import re
from functools import lru_cache

from grading.expressions import Event, Probability
from grading.letters import GREEK_LETTERS, TO_SUBSCRIPTS

_WORDLIKE = r"[^\W_ₐ-ₜᵢ-ᵥⱼ]"
_BARE_TOKEN = re.compile(
    r"(?!(?:xbar|xc|hcls|and|theta|phi)$|xhat|[xXyd]_?\d|x_?[a-z]$|\d+$)(?:[aAI]|[\ue000-\uf8ff]|\[[A-Z]+\]"
    rf"|{_WORDLIKE}{{2,}}(?:['’&-]{_WORDLIKE}+)*|{_WORDLIKE}(?:['’&-]{_WORDLIKE}+)+)"
)
"""What a reader surely takes for a word; signs for private use stand for atoms where formulas are made."""


@lru_cache(maxsize=4096)
def name_text(name: str) -> str:
    """The Unicode form of the name of a symbol: Greek letters, and digits of an index below the line.

    >>> name_text("p_12"), name_text("theta_1"), name_text("n_total")
    ('p₁₂', 'θ₁', 'n_total')
    """
    stem, separator, index = name.rpartition("_")
    if not separator:
        return GREEK_LETTERS.get(name, name)
    stem = GREEK_LETTERS.get(stem, stem)
    return stem + index.translate(TO_SUBSCRIPTS) if index.isascii() and index.isdigit() else f"{stem}_{index}"


def probability_text(atom: Probability, unicode: bool = False) -> str:
    """``Pr(x_2=early | xbar)``.

    >>> from grading.expressions import Context
    >>> probability_text(Probability((Event(2, "early"),), Context("xbar", ("[CLS]", "the", "[MASK]"))), unicode=True)
    'Pr(x₂ = early | x̄)'
    """
    return _probability_written(atom.events, None if atom.given is None else atom.given.notation, atom.reverse, unicode)


@lru_cache(maxsize=8192)
def _probability_written(events: tuple[Event, ...], notation: str | None, reverse: bool, unicode: bool) -> str:
    happens = ", ".join([_event(event, unicode) for event in events])
    if notation is None:
        return f"Pr({happens})"
    given = notation_text(notation) if unicode else notation
    return f"Pr({given} | {happens})" if reverse else f"Pr({happens} | {given})"


def _event(event: Event, unicode: bool) -> str:
    token = quote_token(event.token)
    if not event.name:
        return token
    return f"{name_text(event.name)} = {token}" if unicode else f"{event.name}={token}"


def quote_token(token: str) -> str:
    """The token as it is written in ``x_2=…``: in quotes if it holds something that ends it.

    >>> quote_token("don't"), quote_token("[MASK]"), quote_token("a|b")
    ("don't", '[MASK]', '"a|b"')
    """
    if _BARE_TOKEN.fullmatch(token):
        return token
    return '"' + token.replace("\\", "\\\\").replace('"', '\\"') + '"'


_WHOLE_NOTATIONS = {"xc": "xᶜ", "hcls": "h_cls"}


def notation_text(notation: str) -> str:
    """The Unicode form of one of `CONTEXT_NOTATIONS`, filled in.

    >>> notation_text("xbar, x_2=early"), notation_text("x_{" + chr(92) + "6}")
    ('x̄, x₂ = early', 'x_{∖6}')
    >>> notation_text("x_{<=3}"), notation_text("x_{0,4,2}"), notation_text("xc"), notation_text("xbar, y_{<3}")
    ('x_{≤3}', 'x_{0,4,2}', 'xᶜ', 'x̄, y_{<3}')
    """
    if notation in _WHOLE_NOTATIONS:
        return _WHOLE_NOTATIONS[notation]
    pieces = re.split(r'("(?:[^"\\]|\\.)*")', notation)
    for index in range(0, len(pieces), 2):
        piece = re.sub(r"\bxbar\b|^xbar", "x\u0304", pieces[index]).replace("_{\\", "_{∖").replace("_{<=", "_{≤")
        piece = re.sub(r"(^|, )xhat_(\d+)", lambda m: f"{m[1]}x\u0302{m[2].translate(TO_SUBSCRIPTS)}", piece)
        pieces[index] = re.sub(r"(^|, )x_(\d+)=", lambda m: f"{m[1]}x{m[2].translate(TO_SUBSCRIPTS)} = ", piece)
    return "".join(pieces)
