"""Typed formulas: right if the judge proves them equal to the key, wrong if it proves them different.

What it cannot decide goes to a person (UNDECIDED). A wrong formula is compared with the known wrong ones, fewest
misconceptions first; all that are equal to it with the same number of steps are reported, and it earns exactly
what they declare.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from grading.answersheet import PartKey
from grading.diagnosis import agreed_credit, diagnose
from grading.equivalence import Different, Equal, Side, World
from grading.given import BLANK, fold, invalid, is_blank, refuse
from grading.keys import KeyUnusable, Rival, SymbolicKey
from grading.parsing import Language, Refused, parse_expression
from grading.rivals import KnownFormulas
from grading.text import to_unicode
from grading.verdicts import ExpectedResponse, Grade, Verdict, expected, malformed, scored


class _Known(NamedTuple):
    """A key, parsed once, with the known wrong formulas, those of the fewest misconceptions first."""

    world: World
    right: Side
    rivals: KnownFormulas[Rival]


@lru_cache(maxsize=1024)
def _known(key: SymbolicKey) -> _Known:
    language = Language.of(key)
    try:
        right = parse_expression(key.value, language)
        rivals = [(parse_expression(rival.value, language), rival) for rival in key.rivals]
    except Refused as refused:
        raise KeyUnusable(f"the key {key.value!r} cannot be read: {refused.refusal.message}") from None
    world = World.of(language)
    rivals.sort(key=lambda known: len(known[1].misconceptions))
    return _Known(world, world.side(right), KnownFormulas(world, rivals))


def grade(part: PartKey, response: object) -> Grade:
    """Grade a formula in plain, Unicode or LaTeX notation.

    The note ``symbolic:equal-removable`` says that one of the two has no value at some single points.

    >>> from grading.keys import SymbolDeclaration
    >>> key = SymbolicKey("log(p_2) + log(p_6)", (SymbolDeclaration("p_2"), SymbolDeclaration("p_6")))
    >>> [grade(PartKey("answer", key), text).note for text in ("log(p_2*p_6)", "p_2 + p_6", "log(")]
    ['symbolic:equal', 'symbolic:different', 'invalid:unexpected-end']
    """
    key = part.key
    assert isinstance(key, SymbolicKey)
    if is_blank(response):
        return BLANK
    if isinstance(response, str):
        return _graded(key, response)
    return invalid(refuse("not-text", "This question asks for a formula, given as text.").refusal, response)


@lru_cache(maxsize=4096)
def _graded(key: SymbolicKey, response: str) -> Grade:
    known = _known(key)
    try:
        tree = parse_expression(response, known.world.language)
    except Refused as refused:
        return invalid(refused.refusal, response)
    reading = to_unicode(tree, key.log_base)
    answer = known.world.side(tree)
    if not known.world.equal(known.right, answer) and known.world.apart(known.right.tree, tree) is not None:
        return _wrong(known, answer, reading)
    match known.world.compare(known.right, answer):
        case Equal(note=note):
            return scored(Fraction(1), f"symbolic:equal-{note}" if note else "symbolic:equal", reading)
        case Different():
            return _wrong(known, answer, reading)
    return Grade(Verdict.UNDECIDED, None, "symbolic:undecided", reading)


def _wrong(known: _Known, answer: Side, reading: str) -> Grade:
    """The grade of a formula that is proven different from the key."""
    same: list[Rival] = []
    credit_in_doubt = False
    for rival, outcome in known.rivals.compared(answer):
        if same and len(rival.misconceptions) > len(same[0].misconceptions):
            break
        if isinstance(outcome, Equal):
            same.append(rival)
        elif rival.credit:
            credit_in_doubt = True
    if credit_in_doubt and not same:
        return Grade(Verdict.UNDECIDED, None, "symbolic:undecided-credit", reading)
    note = "symbolic:wrong-value" if same else "symbolic:different"
    return scored(agreed_credit(same), note, reading, diagnose(same))


def canonical_responses(part: PartKey) -> tuple[ExpectedResponse, ...]:
    """The key and the known wrong formulas as they are written, one more than the key, a blank, two broken texts."""
    key = part.key
    assert isinstance(key, SymbolicKey)
    credits: dict[str, set[Fraction]] = {}
    for rival in key.rivals:
        credits.setdefault(fold(rival.value), set()).add(rival.credit)
    wrong = [expected(text, found.pop()) for text, found in credits.items() if len(found) == 1]
    off = f"({key.value}) + 17"
    broken = f"({key.value}"
    return (expected(key.value, 1), *wrong, expected(off, 0), expected("", 0), malformed(broken), malformed("log("))
