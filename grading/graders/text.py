"""Short answers: words, or a token sequence in which ``[MASK]`` has several spellings."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

from grading.answersheet import PartKey
from grading.diagnosis import agreed_credit, diagnose, fewest_steps
from grading.expressions import CLS, MASK
from grading.given import BLANK, Unreadable, fold, invalid, is_blank, refuse, text_of
from grading.keys import TextKey
from grading.verdicts import ExpectedResponse, Grade, expected, malformed, scored

LONGEST = 10_000
"""Characters of a short answer."""

_UNSEEN = "\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_ALIKE = str.maketrans("‘’ʼ‛´`“”„‟‐‑", "''''''\"\"\"\"--", _UNSEEN)
"""Typographic quotes and hyphens, which phones and word processors put in, and signs that cannot be seen."""

_SENTINEL = re.compile(r"[<⟨]extra_id_(\d{1,3})[>⟩]")
_SENTINELS = "XYZUVWABCDEFGHIJKLMNOPQRST"
"""Letters of the sentinels ``[X]``, ``[Y]`` …; numbered ones may be written for them, in order of appearance."""

_MASKS = frozenset(["[mask]", "<mask>", "[m]"])


def normal_tokens(text: str, key: TextKey) -> tuple[str, ...]:
    """The tokens by which a wording is compared: white space, the shape of quotes and, unless it matters, case make no
    difference.

    >>> normal_tokens("[CLS] The  <mask> bird", TextKey((), "tokens"))
    ('the', '[mask]', 'bird')
    >>> normal_tokens("<extra_id_0> the bird <extra_id_1>", TextKey((), "tokens"))
    ('[x]', 'the', 'bird', '[y]')
    """
    tokens = tuple(unicodedata.normalize("NFC", text.translate(_ALIKE)).split())
    if key.comparison == "tokens":
        tokens = tuple(MASK if token.lower() in _MASKS else token for token in tokens)
        tokens = _with_sentinels(tokens)
        if tokens and tokens[0].upper() == CLS:
            tokens = tokens[1:]
    return tokens if key.case_sensitive else tuple(token.casefold() for token in tokens)


def _with_sentinels(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Numbered sentinels as letters in the order in which they appear."""
    numbered = dict.fromkeys(token.lower() for token in tokens if _SENTINEL.fullmatch(token.lower()))
    names = {token: f"[{letter}]" for token, letter in zip(numbered, _SENTINELS, strict=False)}
    return tuple(names.get(token.lower(), token) for token in tokens) if names else tokens


def grade(part: PartKey, response: object) -> Grade:
    """Grade a wording: an accepted one earns 1, a rival its declared credit, any other 0.

    For token sequences the note of a wrong answer names the first position that differs from the preferred
    wording, counted with [CLS] as 0: ``text:differs-at-3``.

    >>> part = PartKey("answer", TextKey(("[CLS] the [MASK] bird",), "tokens"))
    >>> grade(part, "the [M] bird").note, grade(part, "[CLS] the early bird").note
    ('text:accepted', 'text:differs-at-2')
    """
    key = part.key
    assert isinstance(key, TextKey)
    if is_blank(response):
        return BLANK
    try:
        text = text_of(response, "short-text")
        if len(text) > LONGEST:
            raise refuse("too-long:text", LONGEST, most=LONGEST)
    except Unreadable as unreadable:
        return invalid(unreadable.refusal, response)
    given, reading = normal_tokens(text, key), fold(text)
    accepted = [normal_tokens(wording, key) for wording in key.accepted]
    if given in accepted:
        return scored(Fraction(1), "text:accepted", reading)
    rivals = fewest_steps(rival for rival in key.rivals if normal_tokens(rival.value, key) == given)
    if rivals:
        return scored(agreed_credit(rivals), "text:rival", reading, diagnose(rivals))
    if key.comparison == "tokens" and accepted:
        return scored(Fraction(0), f"text:differs-at-{_first_difference(given, accepted[0])}", reading)
    return scored(Fraction(0), "text:other", reading)


def _first_difference(given: tuple[str, ...], right: tuple[str, ...]) -> int:
    """The position, from 1, of the first token that differs; one after the shorter sequence if none does."""
    pairs = zip(given, right, strict=False)
    return next((k for k, (a, b) in enumerate(pairs, 1) if a != b), min(len(given), len(right)) + 1)


def canonical_responses(part: PartKey) -> tuple[ExpectedResponse, ...]:
    """Every accepted wording, known wrong ones, an unknown one, nothing, and something that is no text."""
    key = part.key
    assert isinstance(key, TextKey)
    right = {normal_tokens(wording, key) for wording in key.accepted}
    credits: dict[tuple[str, ...], list[tuple[int, Fraction, str]]] = {}
    for rival in key.rivals:
        tokens = normal_tokens(rival.value, key)
        if tokens and tokens not in right:
            credits.setdefault(tokens, []).append((len(rival.misconceptions), rival.credit, rival.value))
    wrong = []
    for matching in credits.values():
        earned = {credit for steps, credit, _ in matching if steps == min(matching)[0]}
        wrong.append(expected(matching[0][2], earned.pop() if len(earned) == 1 else 0))
    stray = " ".join([*(key.accepted[:1]), "zzz"])
    while normal_tokens(stray, key) in right or normal_tokens(stray, key) in credits:
        stray += " zzz"
    return (*(expected(w, 1) for w in key.accepted), *wrong, expected(stray, 0), expected("", 0), malformed([stray]))
