"""Is this typed answer that key, why, and if not, what was probably believed.

The judge as a program uses it: texts in, words out. It knows no bank and no quiz; a key is a text or a `SymbolicKey`.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from grading.atoms import resolved
from grading.canonical import atom_generator
from grading.changes import explain
from grading.equivalence import Different, Equal, Unknown, compare, proven_equal
from grading.expressions import Expression, Probability, Symbol, atoms
from grading.keys import Assumption, SymbolDeclaration, SymbolicKey
from grading.parsing import Language, Refused, parse_expression
from grading.text import to_unicode
from grading.verdicts import Refusal


class Judgement(msgspec.Struct, frozen=True):
    """outcome; score: "1", "0" or None while there is none; note: a stable word; reading: how the answer was read.

    diagnosis: ids of misconceptions that explain a wrong answer, all ties. witness: a point at which the answer differs
    from the key, or the normal form that both share. refusal: why a text could not be read.
    """

    outcome: Literal["equal", "different", "unknown", "invalid"]
    score: str | None
    note: str
    reading: str = ""
    diagnosis: tuple[str, ...] = ()
    witness: str = ""
    refusal: Refusal | None = None


def judge(key: SymbolicKey | str, answer: str, assume: Assumption = "probability") -> Judgement:
    """Judge a typed formula.

    key: a key, or a text whose names are all declared with the assumption `assume`; names of the answer that the key
    does not use are read too (and are wrong). Never raises for what is typed.

    >>> judge("log p2 + log p6", "ln(p_2·p_6)").outcome
    'equal'
    >>> found = judge("log p2 + log p6", "log(p2 + p6)")
    >>> found.outcome, found.diagnosis, found.witness
    ('different', ('log-of-sum',), 'at p₂ = 0.94, p₆ = 0.12: -2.1821… against 0.0583…')
    """
    try:
        right, language = _key(key, assume)
    except Refused as refused:
        return Judgement("invalid", None, f"invalid-key:{refused.refusal.code}", refusal=refused.refusal)
    try:
        typed = parse_expression(answer, language)
    except Refused as refused:
        return Judgement("invalid", None, f"invalid:{refused.refusal.code}", refusal=refused.refusal)
    reading = to_unicode(typed, language.log_base)
    if _places_missing(right, typed):
        return Judgement("unknown", None, "symbolic:position-missing", reading)
    match compare(right, typed, language, assume):
        case Equal(proof, note):
            stable = f"symbolic:equal-{note}" if note else "symbolic:equal"
            return Judgement("equal", "1", stable, reading, (), _shown(proof, right, typed, language))
        case Different(witness, undefined_at):
            beliefs = _rivals(key, typed, language) or explain(right, typed, language, assume)
            note = "symbolic:undefined" if undefined_at else "symbolic:different"
            return Judgement("different", "0", note, reading, beliefs, str(witness))
        case Unknown(reason):
            return Judgement("unknown", None, "symbolic:undecided", reading, (), reason)


def _key(key: SymbolicKey | str, assume: Assumption) -> tuple[Expression, Language]:
    if isinstance(key, SymbolicKey):
        language = Language.of(key)
        return parse_expression(key.value, language), language
    tree = parse_expression(key, Language(any_name=True))
    names = [atom.name for atom in atoms(tree) if isinstance(atom, Symbol)]
    return tree, Language(tuple(SymbolDeclaration(name, assume) for name in names), any_name=True)


def _shown(proof: str, right: Expression, typed: Expression, language: Language) -> str:
    """The normal form with every probability as people write it."""
    leaves = {leaf for tree in (right, typed) for leaf in atoms(resolved(tree, language))}
    shown = {str(atom_generator(leaf, "probability")): to_unicode(leaf) for leaf in leaves}
    if not shown:
        return proof
    names = "|".join(re.escape(name) for name in sorted(shown, reverse=True))
    return re.sub(rf"(?<![\w.])(?:{names})(?!\w)", lambda found: shown[found[0]], proof)


def _rivals(key: SymbolicKey | str, typed: Expression, language: Language) -> tuple[str, ...]:
    """The beliefs of the known wrong answers that the typed one equals, those of the fewest steps."""
    if isinstance(key, str):
        return ()
    same = [
        rival.misconceptions
        for rival in key.rivals
        if rival.misconceptions and proven_equal(parse_expression(rival.value, language), typed, language)
    ]
    fewest = min(map(len, same), default=0)
    return tuple(dict.fromkeys(name for names in same if len(names) == fewest for name in names))


def _places_missing(right: Expression, typed: Expression) -> bool:
    """Whether without a sentence one side names the position of a word and the other does not."""
    places: list[dict[str, set[int]]] = []
    for tree in (right, typed):
        found: dict[str, set[int]] = {}
        for atom in atoms(tree):
            for event in atom.events if isinstance(atom, Probability) else ():
                found.setdefault(event.token.casefold(), set()).add(event.position)
        places.append(found)
    return any((-1 in places[0][word]) != (-1 in places[1][word]) for word in places[0].keys() & places[1].keys())
