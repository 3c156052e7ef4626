"""Formulas: the key, known wrong formulas and relations to the key, as Maxima can tell them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from grading.atoms import resolved
from grading.diagnosis import agreed_credit
from grading.enclosures import Bounds
from grading.equivalence import Equal, Side, World
from grading.expressions import atoms
from grading.keys import RELATIONS, RelationKind, Rival, SymbolicKey
from grading.parsing import Language, Refused, parse_expression
from quizgen.exporters.moodle_stack.formula_moulds import Moulded, all_apart, moulded
from quizgen.exporters.moodle_stack.known import RIGHT, Answer, Known, Name, named, told
from quizgen.exporters.moodle_stack.lost_digits import loses_digits
from quizgen.exporters.moodle_stack.maxima import Unwritable, Written, maxima_formula
from quizgen.exporters.moodle_xml.answers import rival_feedback
from quizgen.exporters.moodle_xml.xml import phrase_html

RELATED = {
    "opposite-sign": "-({key})",
    "added-constant": "{key} + 17",
    "positive-factor": "17*({key})",
    "same-optimum": "{key} + exp({key})",
}
"""A formula with each relation to the key."""

WRONG = "123456789"
"""A formula that is never right: a number, which has no relation to any key that holds a name."""

FEEDBACK_VARIABLES = """\
quizgiven: ev({given}, lg=logbasesimp, simp);
quizwanted: ev({key}, lg=logbasesimp, simp);
"""
"""What a tree computes before its nodes if the key accepts a relation; then what each relation needs."""

RELATION_VARIABLES: dict[RelationKind, str] = {
    "opposite-sign": "",
    "added-constant": "quizconstant: is(listofvars(radcan(quizgiven-quizwanted))=[]);\n",
    "positive-factor": (
        "quizratio: radcan(quizgiven/quizwanted);\n"
        "quizfactor: if listofvars(quizratio)=[] then is(float(quizratio)>0) else false;\n"
    ),
    "same-optimum": (
        "quiznames: listofvars([quizgiven,quizwanted]);\n"
        "quizlead: first(listofvars(quizwanted));\n"
        "quizslope: diff(quizgiven,quizlead)*diff(quizwanted,quizlead);\n"
        "quizacross: map(lambda([quizname], radcan(diff(quizgiven,quizname)*diff(quizwanted,quizlead)"
        "-diff(quizgiven,quizlead)*diff(quizwanted,quizname))), quiznames);\n"
        "quizsmooth: freeof(min,max,quizgiven) and is(quizacross=makelist(0,quizk,1,length(quiznames)));\n"
        "quizpoints: if quizsmooth then makelist(makelist(quiznames[quizk]=(quizk+3*quizm)/(length(quiznames)+9), "
        "quizk,1,length(quiznames)), quizm,0,2) else [];\n"
        "quizrising: map(lambda([quizpoint], is(float(subst(quizpoint,quizslope))>0)), quizpoints);\n"
        "quizoptimum: is(quizrising=[true,true,true]);\n"
    ),
}

PREDICATES = {"added-constant": "quizconstant", "positive-factor": "quizfactor", "same-optimum": "quizoptimum"}
"""The variable that says whether an answer has the relation."""


_RIGHT = Name(RIGHT, Fraction(1), "equal")


class Group(NamedTuple):
    """Known wrong formulas that are proven to be the same formula. side: it as the judge compares it."""

    written: Written
    side: Side
    rivals: list[Rival]


def known_formulas(key: SymbolicKey) -> Known:
    """The answers to a part with a formula. Raises Unwritable if the key cannot be said in STACK."""
    found = moulded(key)
    if found is not None and all_apart(found):
        right, *others = [formula.text for formula in found]
        known = sorted(zip(key.rivals, others, strict=True), key=lambda pair: len(pair[0].misconceptions))
        wrong = [Answer(*told(rival, "equal"), formula, formula) for rival, formula in known]
    else:
        written = maxima_formula(key.value, Language.of(key))
        right = written.text
        wrong = [_answer(group.rivals, group.written.text) for group in _groups(key, written) if group.rivals]
    answers = Answer(_RIGHT, "", right, right), *wrong, *_relations(key, right, found)
    return Known(answers, right, WRONG, _refuses_decimals(key, found))


def _answer(rivals: Sequence[Rival], formula: str) -> Answer:
    """Known wrong formulas that are the same: what is said of it are the rivals of the fewest misconceptions."""
    return Answer(named(rivals, agreed_credit(rivals), "equal"), rival_feedback(rivals), formula, formula)


def refuses_decimals(key: SymbolicKey) -> bool:
    """Whether what earns points would lose digits if its numbers were typed as decimals; see `lost_digits`.

    >>> from grading.keys import SymbolDeclaration
    >>> x = (SymbolDeclaration("x"),)
    >>> [refuses_decimals(SymbolicKey(text, x)) for text in ("0.5*log(x)", "log(0.5)*x", "log(x/3)", "log(2 x)")]
    [False, True, True, False]
    """
    return _refuses_decimals(key, moulded(key))


def _refuses_decimals(key: SymbolicKey, found: Sequence[Moulded] | None) -> bool:
    """found: the key and what is taken for it, as moulds."""
    if found is not None:
        right, *others = [formula.mould.loses_digits for formula in found]
        return right or any(loses and rival.credit for loses, rival in zip(others, key.rivals, strict=True))
    texts = (key.value, *[rival.value for rival in key.rivals if rival.credit])
    return any(_loses_digits(text, Language.of(key)) for text in texts if not _MAY_HOLD_FRACTIONS.isdisjoint(text))


_MAY_HOLD_FRACTIONS = frozenset("./^,√{")


def _loses_digits(text: str, language: Language) -> bool:
    try:
        return loses_digits(parse_expression(text, language))
    except Refused:
        return False


def unwritable_rivals(key: SymbolicKey) -> tuple[Rival, ...]:
    """Known wrong formulas that learners of STACK cannot type."""
    language = Language.of(key)
    return tuple(rival for rival in key.rivals if _formula(rival, language) is None)


def _formula(rival: Rival, language: Language) -> Written | None:
    try:
        return maxima_formula(rival.value, language)
    except Unwritable:
        return None


def _groups(key: SymbolicKey, right: Written) -> list[Group]:
    language = Language.of(key)
    world = World.of(language)
    groups = [Group(right, Side(right.tree, world), [])]
    names_differ = key.sentence is None or not key.symbols  # a declared p_02 is p_2 of a sentence
    for rival in sorted(key.rivals, key=lambda rival: len(rival.misconceptions)):
        written = _formula(rival, language)
        if written is None:
            continue
        side = Side(written.tree, world)
        for group in groups:
            if names_differ and _are_apart(group.written.bounds, written.bounds):
                continue
            if _are_equal(group.side, side, world):
                if group.rivals and len(group.rivals[0].misconceptions) == len(rival.misconceptions):
                    group.rivals.append(rival)
                break
        else:
            groups.append(Group(written, side, [rival]))
    return groups


def _are_apart(one: Bounds | None, other: Bounds | None) -> bool:
    """Whether bounds at one point prove that two formulas differ, if different names in them have different values."""
    return one is not None and other is not None and (one[1] < other[0] or other[1] < one[0])


def _are_equal(one: Side, other: Side, world: World) -> bool:
    """Whether two formulas are proven equal; bounds at a point settle most pairs before that."""
    return world.apart(one, other) is None and isinstance(world.compare(one, other), Equal)


def _relations(key: SymbolicKey, right: str, found: Sequence[Moulded] | None) -> Iterator[Answer]:
    """What else the key accepts, the most specific relation first. right: the key in Maxima's syntax."""
    if not key.accept or _is_number(key, found):
        return  # a number, of which there is nothing to compute
    accepted = {relation.kind: relation for relation in reversed(key.accept)}
    for kind in RELATIONS:
        if kind in accepted:
            relation = accepted[kind]
            words = phrase_html(relation.feedback or relation.title)
            feedback = f"<p>{words}</p>" if words else ""
            yield Answer(Name(kind, relation.credit, kind), feedback, RELATED[kind].format(key=right), right)


def _is_number(key: SymbolicKey, found: Sequence[Moulded] | None) -> bool:
    if found is not None:
        return not found[0].names
    language = Language.of(key)
    return not atoms(resolved(parse_expression(key.value, language), language))
