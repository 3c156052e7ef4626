"""Is this typed answer that key, why, and if not, what was probably believed.

The judge as a program uses it: texts in, words out. It knows no bank and no quiz; a key is a text or a `SymbolicKey`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

import msgspec

from grading.atoms import resolved
from grading.canonical import atom_generator
from grading.changes import fewest, known_changes
from grading.echo import Echo, EchoRecord, echo
from grading.equivalence import NOWHERE, Different, Equal, Side, Unknown, World, key_side
from grading.expressions import Expression, Probability, Symbol, atoms
from grading.forms import Form
from grading.graders.symbolic import grade_tree
from grading.keys import Assumption, SymbolDeclaration, SymbolicKey
from grading.parsing import Language, Refused, parse_expression
from grading.structure import differences, sentence
from grading.text import to_unicode
from grading.verdicts import Grade, Refusal
from grading.wording import wording


class Judgement(msgspec.Struct, frozen=True):
    """outcome; score: a fraction such as "1/2", or None while there is none; note: a stable word; reading: how the
    answer was read.

    diagnosis: ids of misconceptions that explain a wrong answer, all ties; two that were made together joined by
    ``+``. differences: where none does, what the answer has otherwise than the key, in sentences. witness: a point at
    which the answer differs from the key, or the normal form that both share. normal_forms: of the key and of the
    answer, where there are such. remark: what is missing in the form, or the relation to the key that earned credit.
    refusal: why a text could not be read. echo: the answer as it was read, in every notation, for a page.
    """

    outcome: Literal["equal", "different", "unknown", "invalid"]
    score: str | None
    note: str
    reading: str = ""
    diagnosis: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    witness: str = ""
    normal_forms: tuple[str, ...] = ()
    remark: str = ""
    refusal: Refusal | None = None
    echo: EchoRecord | None = None


def judge(
    key: SymbolicKey | str,
    answer: str,
    assume: Assumption = "probability",
    *,
    setting: SymbolicKey | None = None,
    lang: str = "en",
    full: bool = False,
) -> Judgement:
    """Judge a typed formula.

    key: a key, or a text whose names are all declared with the assumption `assume`; names of the answer that the key
    does not use are read too (and are wrong). setting: for a text, its sentence, what log means and what a comma means;
    its value does not matter. lang: of the sentences. full: with normal forms and the echo, which take longer than the
    verdict. Never raises for what is typed.

    >>> judge("log p2 + log p6", "ln(p_2·p_6)").outcome
    'equal'
    >>> found = judge("log p2 + log p6", "log(p2 + p6)")
    >>> found.outcome, found.diagnosis, found.witness
    ('different', ('log-of-sum',), 'at p₂ = 0.94, p₆ = 0.12: -2.1821… against 0.0583…')
    >>> judge("log p2 + log p6", "log p2 + log p5").differences
    ('The term for position 6 is missing.', 'Position 5 was not masked, so it contributes nothing.')
    """
    try:
        right, language = _key(key, assume, setting)
    except Refused as refused:
        return _unread("invalid-key", refused, lang)
    try:
        typed = parse_expression(answer, language)
    except Refused as refused:
        return _unread("invalid", refused, lang)
    case = _Case(key, World.of(language, assume), right, answer, typed, lang)
    found = case.judged()
    if full:
        forms = tuple(case.shown(side) for side in (case.right, case.typed))
        found = msgspec.structs.replace(found, normal_forms=forms, echo=case.echo.record())
    return found


def _unread(note: str, refused: Refused, lang: str) -> Judgement:
    return Judgement("invalid", None, f"{note}:{refused.refusal.code}", refusal=refused.refusal.told_in(lang))


class _Case:
    """One key and one answer, both read."""

    def __init__(
        self, key: SymbolicKey | str, world: World, right: Side, answer: str, typed: Expression, lang: str
    ) -> None:
        self.key, self.world, self.right, self.answer, self.lang = key, world, right, answer, lang
        self.typed = world.side(typed)
        self.echo: Echo = echo(typed, world.language, lang, answer)

    def judged(self) -> Judgement:
        reading = self.echo.text
        if _places_missing(self.right.tree, self.typed.tree):
            return Judgement("unknown", None, "symbolic:position-missing", reading)
        match self.world.compare(self.right, self.typed):
            case Equal(proof, note):
                return self.equal(reading, proof, note)
            case Different(witness, undefined_at):
                return self.different(reading, witness.told_in(self.lang), "undefined" if undefined_at else "different")
            case Unknown(reason):
                return Judgement("unknown", None, "symbolic:undecided", reading, witness=_reason(reason, self.lang))

    def equal(self, reading: str, proof: str, note: str) -> Judgement:
        graded = self.graded()
        if graded is None:
            stable = f"symbolic:equal-{note}" if note else "symbolic:equal"
            return Judgement("equal", "1", stable, reading, witness=self.with_names(proof))
        remark = " ".join(each.feedback for each in graded.diagnoses)
        return Judgement("equal", _score(graded), graded.note, reading, witness=self.with_names(proof), remark=remark)

    def different(self, reading: str, witness: str, note: str) -> Judgement:
        graded = self.graded()
        beliefs = tuple(each.misconceptions for each in graded.diagnoses if each.misconceptions) if graded else ()
        stable, remark = f"symbolic:{note}", ""
        score: str | None = "0"
        if graded is not None:
            score, stable = _score(graded), graded.note if graded.score else stable
            remark = " ".join(each.feedback for each in graded.diagnoses if not each.misconceptions and graded.score)
        trees = self.right.tree, self.typed.tree
        if not beliefs and not remark:
            known = known_changes(self.right.tree, self.world.language, self.world.assumption)
            beliefs = fewest(known, self.typed)
        found: tuple[str, ...] = ()
        if not beliefs and not remark and not isinstance(form := self.typed.form, str):
            every = differences(*trees, self.world.language, self.world.assumption, form=form)
            found = tuple(sentence(each, self.lang) for each in every)
        diagnosis = tuple(dict.fromkeys("+".join(names) for names in beliefs))
        return Judgement("different", score, stable, reading, diagnosis, found, witness, remark=remark)

    def graded(self) -> Grade | None:
        """What the grader says, where there is a key with rivals, forms and relations."""
        return grade_tree(self.key, self.typed.tree, self.answer) if isinstance(self.key, SymbolicKey) else None

    def shown(self, side: Side) -> str:
        form = side.form
        return self.with_names(form.shown()) if isinstance(form, Form) else _reason(form, self.lang)

    def with_names(self, proof: str) -> str:
        """The normal form with every probability as people write it."""
        trees = (self.right.tree, self.typed.tree)
        leaves = {leaf for tree in trees for leaf in atoms(resolved(tree, self.world.language))}
        shown = {str(atom_generator(leaf, "probability")): to_unicode(leaf) for leaf in leaves}
        if not shown:
            return proof
        names = "|".join(re.escape(name) for name in sorted(shown, reverse=True))
        return re.sub(rf"(?<![\w.])(?:{names})(?!\w)", lambda found: shown[found[0]], proof)


def _reason(reason: str, lang: str) -> str:
    """Why there is no normal form, or no verdict, in words of a language."""
    say = wording(lang)
    if (why := reason.removeprefix(f"{NOWHERE}: ")) != reason:
        return say("judged:nowhere", why=say(f"reason:{why}"))
    return say(f"reason:{reason}")


def _score(graded: Grade) -> str | None:
    return None if graded.score is None else str(graded.score)


def _key(key: SymbolicKey | str, assume: Assumption, setting: SymbolicKey | None) -> tuple[Side, Language]:
    if isinstance(key, SymbolicKey):
        return key_side(key, assume), Language.of(key)
    return _text_key(key, assume, setting)


@lru_cache(maxsize=256)
def _text_key(key: str, assume: Assumption, setting: SymbolicKey | None) -> tuple[Side, Language]:
    known = Language() if setting is None else Language.of(setting)
    language = msgspec.structs.replace(known, any_name=True)
    tree = parse_expression(key, language)
    names = [atom.name for atom in atoms(tree) if isinstance(atom, Symbol) and atom.name not in known.names]
    language = msgspec.structs.replace(language, symbols=tuple(SymbolDeclaration(name, assume) for name in names))
    return World.of(language, assume).side(tree), language


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
