"""Matching: each right pair counts alike."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from grading.answersheet import PartKey
from grading.diagnosis import diagnose
from grading.given import BLANK, OptionNames, Unreadable, invalid, is_blank, pieces_of, refuse, stray_name
from grading.keys import MatchingKey
from grading.verdicts import ExpectedResponse, Grade, expected, malformed, scored


def grade(part: PartKey, response: object) -> Grade:
    """Grade pairs ``{left: right}`` by id or printed text, or the text ``left=right; left=right``.

    A left entry without an answer is wrong; an entry that does not exist makes the response INVALID.
    Rivals (``left=right``) name diagnoses only.

    >>> part = PartKey("answer", MatchingKey((("p", "1"), ("q", "2")), ("1", "2", "3")))
    >>> grade(part, {"p": "1", "q": "3"}).note, grade(part, "p=1; q=2").score
    ('matching:1-of-2', Fraction(1, 1))
    """
    key = part.key
    assert isinstance(key, MatchingKey)
    if is_blank(response):
        return BLANK
    try:
        given = _pairs(part, key, response)
    except Unreadable as unreadable:
        return invalid(unreadable.refusal, response)
    hits = sum(given.get(left) == right for left, right in key.pairs)
    answered = [(left, given[left]) for left, _ in key.pairs if left in given]
    wrong = [f"{left}={right}" for left, right in answered if (left, right) not in key.pairs]
    rivals = [rival for pair in wrong for rival in key.rivals if rival.value == pair]
    texts = dict(part.options)
    reading = "; ".join(f"{texts.get(left, left)} = {texts.get(right, right)}" for left, right in answered)
    return scored(Fraction(hits, len(key.pairs)), f"matching:{hits}-of-{len(key.pairs)}", reading, diagnose(rivals))


def _pairs(part: PartKey, key: MatchingKey, response: object) -> dict[str, str]:
    if isinstance(response, str):
        entries = [tuple(pair.split("=", 1)) for pair in pieces_of(response)]
        if any(len(entry) != 2 for entry in entries):
            raise refuse("not-pairs:text")
    elif isinstance(response, Mapping):
        entries = list(response.items())
    else:
        raise refuse("not-pairs:kind")
    lefts = OptionNames((left for left, _ in key.pairs), part.options)
    rights = OptionNames((*key.choices, *(right for _, right in key.pairs)), part.options)
    given: dict[str, str] = {}
    for entry in entries:
        left = lefts.find(entry[0])
        if left in given:
            raise refuse("twice:pair", name=lefts.text(left))
        if not is_blank(entry[1]):
            given[left] = rights.find(entry[1])
    return given


def canonical_responses(part: PartKey) -> tuple[ExpectedResponse, ...]:
    """All right, the last pair left out, the last pair wrong, all wrong, nothing, and an entry that is none."""
    key = part.key
    assert isinstance(key, MatchingKey)
    total, pairs = len(key.pairs), dict(key.pairs)
    others = {left: next((c for c in key.choices if c != right), None) for left, right in key.pairs}
    last = key.pairs[-1][0]
    most = Fraction(total - 1, total)
    found = [expected(pairs, 1), expected({left: right for left, right in key.pairs if left != last}, most)]
    if others[last] is not None:
        found.append(expected({**pairs, last: others[last]}, most))
    if None not in others.values():
        found.append(expected(others, 0))
    names = [*key.choices, *pairs, *pairs.values(), *dict(part.options).values()]
    return (*found, expected({}, 0), malformed({**pairs, last: stray_name(names)}), malformed([last]))
