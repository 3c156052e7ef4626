"""Which texts count as one answer: for formats that compare a text with one answer after the other."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from grading.diagnosis import agreed_credit, fewest_steps
from grading.expressions import CLS, MASK
from grading.graders.text import normal_tokens
from grading.keys import Rival, TextKey

MASKS = (MASK, "<mask>", "[M]")
_LOWER = frozenset(mask.lower() for mask in MASKS)


def accepted_texts(key: TextKey) -> Iterator[tuple[str, Fraction, Rival | None]]:
    """(spelling, credit, known wrong answer), the right ones first; each spelling once.

    Platforms compare small letters: to them ``Straße`` and ``Strasse`` are two spellings, which are one to the judge.

    >>> [(text, str(credit)) for text, credit, _ in accepted_texts(TextKey(("Log", "log"), rivals=(Rival("ln"),)))]
    [('Log', '1'), ('ln', '0')]
    """
    seen: set[str] = set()
    answers = [(text, Fraction(1), None) for text in key.accepted]
    for text, credit, rival in (*answers, *_wordings(key)):
        for spelling in spellings(text, key):
            name = spelling if key.case_sensitive else spelling.lower()
            if spelling and name not in seen:
                seen.add(name)
                yield spelling, credit, rival


def known_texts(key: TextKey) -> tuple[tuple[Rival, Fraction], ...]:
    """The known wrong answers that a wording can be, each with what it earns.

    Of several that read alike those with the fewest misconceptions are meant, and earn what all of them declare.

    >>> alike = Rival("A b", ("x",), Fraction(1, 2)), Rival("a  B", ("y",), Fraction(1, 4)), Rival("a b", ("x", "y"))
    >>> [(rival.value, str(credit)) for rival, credit in known_texts(TextKey(("c",), rivals=alike))]
    [('A b', '0'), ('a  B', '0')]
    """
    meant = [fewest_steps(rivals) for is_right, rivals in _alike(key) if not is_right]
    return tuple((rival, agreed_credit(rivals)) for rivals in meant for rival in rivals)


def _wordings(key: TextKey) -> Iterator[tuple[str, Fraction, Rival | None]]:
    """Every known wrong answer as it is written, with what the judge gives it: maybe it is right."""
    for is_right, rivals in _alike(key):
        simplest = fewest_steps(rivals)
        credit = agreed_credit(simplest)
        for rival in rivals:
            yield (rival.value, Fraction(1), None) if is_right else (rival.value, credit, simplest[0])


def _alike(key: TextKey) -> Iterator[tuple[bool, list[Rival]]]:
    """The known wrong answers, those together that the judge reads alike; whether they read as a right one."""
    if not key.rivals:
        return
    right = {normal_tokens(text, key) for text in key.accepted}
    alike: dict[tuple[str, ...], list[Rival]] = {}
    for rival in key.rivals:
        alike.setdefault(normal_tokens(rival.value, key), []).append(rival)
    yield from ((tokens in right, rivals) for tokens, rivals in alike.items())


def spellings(text: str, key: TextKey) -> tuple[str, ...]:
    """The ways to write an answer that count as one, its own first; several for token sequences.

    >>> spellings("[CLS] a [MASK]", TextKey((), "tokens"))[:4]
    ('[CLS] a [MASK]', '[CLS] a <mask>', '[CLS] a [M]', 'a [MASK]')
    """
    tokens = text.split()
    if key.comparison != "tokens":
        return (" ".join(tokens),)
    begun = bool(tokens) and tokens[0].upper() == CLS
    bare = tokens[1:] if begun else tokens
    masked = [token.lower() in _LOWER for token in bare]
    if any(masked):
        alike = [[mask if here else token for token, here in zip(bare, masked, strict=True)] for mask in MASKS]
    else:
        alike = [bare]
    starts = ([CLS], []) if begun else ([], [CLS])
    return tuple(dict.fromkeys([" ".join(start + written) for start in starts for written in alike]))
