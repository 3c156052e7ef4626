"""Typed formulas: right if the judge proves them equal to the key, wrong if it proves them different.

What it cannot decide goes to a person (UNDECIDED). The order of the decision:

1. equal to the key: right, and then in the form that the key asks for, or else what that form's requirement declares;
2. equal to known wrong formulas, fewest misconceptions first: all with the same number of steps are reported, and it
   earns exactly what they declare;
3. in a relation to the key that the key accepts, the most specific first (`grading.keys.RELATIONS`);
4. wrong.

What stays open and could change the credit goes to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from grading.answersheet import PartKey
from grading.atoms import SpellingNeeded
from grading.diagnosis import agreed_credit, diagnose
from grading.equivalence import Different, Equal, Side, World, key_side
from grading.expressions import Expression
from grading.frames import Read, Value, form_of, reader, tree_of
from grading.given import BLANK, fold, invalid, is_blank, refuse
from grading.keys import KeyUnusable, Relation, Rival, SymbolicKey
from grading.parsing import Language, Refused, parse_expression
from grading.rivals import KnownFormulas
from grading.verdicts import Diagnosis, ExpectedResponse, Grade, Verdict, expected, malformed, scored

MOST_MET = 4_000
_UNMET = Grade(Verdict.UNDECIDED, None, "")


class _Known(NamedTuple):
    """A key, parsed once, with the known wrong formulas, those of the fewest misconceptions first.

    met: grades of formulas by the very tree, which texts that differ in spelling only have in common. valued: grades
    without a reading by what a formula is worth; None where that alone does not decide. read: reads formulas by their
    frames; None where what they are worth is not enough.
    """

    world: World
    right: Side
    rivals: KnownFormulas[Rival]
    met: dict[int, tuple[Expression, Grade]]
    valued: dict[Value, Grade | None]
    read: Callable[[str], Read | None] | None


@lru_cache(maxsize=1024)
def _known(key: SymbolicKey) -> _Known:
    language = Language.of(key)
    try:
        right = key_side(key, "probability")
        rivals = [(parse_expression(rival.value, language), rival) for rival in key.rivals]
    except Refused as refused:
        raise KeyUnusable(f"the key {key.value!r} cannot be read: {refused.refusal.message}") from None
    world = World.of(language)
    rivals.sort(key=lambda known: len(known[1].misconceptions))
    read = None if key.forms or key.accept else reader(language).read
    return _Known(world, right, KnownFormulas(world, rivals), {}, {}, read)


def grade(part: PartKey, response: object) -> Grade:
    """Grade a formula in plain, Unicode or LaTeX notation.

    The note ``symbolic:equal-removable`` says that one of the two alone has no value at some single points of the
    declared domain, where a probability may be 1.

    >>> from grading.keys import SymbolDeclaration
    >>> key = SymbolicKey("log(p_2) + log(p_6)", (SymbolDeclaration("p_2"), SymbolDeclaration("p_6")))
    >>> [grade(PartKey("answer", key), text).note for text in ("log(p_2*p_6)", "p_2 + p_6", "log(")]
    ['symbolic:equal', 'symbolic:different', 'invalid:unexpected-end']
    """
    key = part.key
    assert isinstance(key, SymbolicKey)
    if isinstance(response, str):
        return _graded(key, response)
    if is_blank(response):
        return BLANK
    return invalid(refuse("not-text:formula").refusal.told_in(key.lang), response)


@lru_cache(maxsize=4096)
def _graded(key: SymbolicKey, response: str) -> Grade:
    if is_blank(response):
        return BLANK
    known = _known(key)
    try:
        if known.read is not None and (read := known.read(response)) is not None:
            graded = _valued(key, known, read.value)
            if graded is not None:
                verdict, score, note = graded.verdict, graded.score, graded.note
                return Grade(verdict, score, note, read.text, graded.diagnoses)
        tree = parse_expression(response, known.world.language)
    except Refused as refused:
        return invalid(refused.refusal.told_in(key.lang), response)
    return grade_tree(key, tree, response)


def _valued(key: SymbolicKey, known: _Known, value: Value) -> Grade | None:
    """The grade of all formulas of one value, without a reading; None where it depends on how they are written."""
    if (met := known.valued.get(value, _UNMET)) is not _UNMET:
        return met
    graded: Grade | None = None
    answer = Side(tree_of(value), known.world, form_of(value))
    with suppress(SpellingNeeded):
        graded = _decided(key, known, answer, None, "")
    if graded is not None and graded.verdict is Verdict.UNDECIDED:
        graded = None  # in the words of the learner it may be decided
    if len(known.valued) >= MOST_MET:
        known.valued.clear()
    known.valued[value] = graded
    return graded


def grade_tree(key: SymbolicKey, tree: Expression, response: str) -> Grade:
    """Grade a formula that was read already. tree: what the response says in the language of the key."""
    known = _known(key)
    met = known.met.get(id(tree))
    if met is not None and met[0] is tree and not key.forms:
        return met[1]
    graded = _decided(key, known, known.world.side(tree), response, known.world.language.written(tree))
    if len(known.met) < MOST_MET:
        known.met[id(tree)] = tree, graded
    return graded


def _decided(key: SymbolicKey, known: _Known, answer: Side, response: str | None, reading: str) -> Grade:
    """response: as it was typed; None where only what the answer is worth is known."""
    if known.world.equal(known.right, answer):
        return _right(key, known, answer, response or "", reading)
    if known.world.apart(known.right, answer) is not None:
        return _wrong(key, known, answer, response, reading)
    match known.world.compare(known.right, answer):
        case Equal():
            return _right(key, known, answer, response or "", reading)
        case Different():
            return _wrong(key, known, answer, response, reading)
    return Grade(Verdict.UNDECIDED, None, "symbolic:undecided", reading)


def _right(key: SymbolicKey, known: _Known, answer: Side, response: str, reading: str) -> Grade:
    """The grade of a formula that is proven equal to the key: does it have the form that is asked for?"""
    if key.forms:
        from grading.requirements import credit_of, missing

        if unmet := missing(key.forms, answer.tree, response, known.world.language):
            words = tuple(Diagnosis((), feedback=wanted) for _, wanted in unmet)
            return scored(credit_of(unmet), "symbolic:equal-other-form", reading, words)
    note = known.world.note(known.right, answer)
    return scored(Fraction(1), f"symbolic:equal-{note}" if note else "symbolic:equal", reading)


def _wrong(key: SymbolicKey, known: _Known, answer: Side, response: str | None, reading: str) -> Grade:
    """The grade of a formula that is proven different from the key."""
    same: list[Rival] = []
    doubtful: list[Fraction] = []
    for rival, equal in known.rivals.compared(answer):
        if same and len(rival.misconceptions) > len(same[0].misconceptions):
            break
        if equal:
            same.append(rival)
        else:
            doubtful.append(rival.credit)
    if same:
        return scored(agreed_credit(same), "symbolic:wrong-value", reading, diagnose(same))
    found, open_credits = _relation(key, known, answer)
    credit = found.credit if found is not None else Fraction(0)
    if any(other != credit for other in (*doubtful, *open_credits)):
        return Grade(Verdict.UNDECIDED, None, "symbolic:undecided-credit", reading)
    if found is None:
        return scored(credit, "symbolic:different", reading, _explained(key, known, answer, response is not None))
    return scored(credit, f"symbolic:{found.kind}", reading, diagnose((found,)))


def _relation(key: SymbolicKey, known: _Known, answer: Side) -> tuple[Relation | None, tuple[Fraction, ...]]:
    if not key.accept:
        return None, ()
    from grading.relations import first_relation

    return first_relation(key.accept, known.right.tree, answer.tree, known.world.language)


def _explained(key: SymbolicKey, known: _Known, answer: Side, spelled: bool) -> tuple[Diagnosis, ...]:
    """What is to be said of a wrong formula that is none of the known ones: two of these on top of each other, or else
    what it has otherwise than the key. Words about beliefs come from the key's own rivals.

    spelled: whether the tree of the answer is what the learner wrote; raises SpellingNeeded if that is wanted.
    """
    from grading.changes import fewest
    from grading.structure import differences, hint, sentence

    found = []
    for names in fewest(_twice_wrong(key), answer):
        words = {rival.misconceptions: rival for rival in reversed(key.rivals)}
        parts = [words.get((name,)) or words.get(names[:-1]) for name in names]
        told = [part for part in dict.fromkeys(parts) if part is not None]
        found.append(
            Diagnosis(
                names,
                " + ".join(part.title for part in told if part.title),
                " ".join(part.hint for part in told[:1]),
                " ".join(part.feedback for part in told if part.feedback),
            )
        )
    if found:
        return tuple(found)
    form = answer.form
    if isinstance(form, str):
        return ()  # without a normal form nothing can be proven
    written = answer.tree if spelled else None
    other = differences(known.right.tree, written, known.world.language, form=form)
    if not other:
        return ()
    return (Diagnosis((), "", hint(other[0], key.lang), " ".join(sentence(each, key.lang) for each in other)),)


@lru_cache(maxsize=256)
def _twice_wrong(key: SymbolicKey) -> KnownFormulas[tuple[str, ...]]:
    """The known wrong formulas with one more mistake on top, where that is neither the key nor known by itself."""
    from grading.changes import log_sum, second_changes

    known = _known(key)
    arguments = log_sum(known.right.tree)
    found: list[tuple[Expression, tuple[str, ...]]] = []
    for rival in key.rivals:
        if len(rival.misconceptions) != 1:
            continue
        tree = parse_expression(rival.value, known.world.language)
        for name, second in second_changes(tree, len(arguments.arguments) if arguments else 1):
            if name not in rival.misconceptions and not known.world.equal(known.right, known.world.side(second)):
                found.append((second, (*rival.misconceptions, name)))
    return KnownFormulas(known.world, found)


def canonical_responses(part: PartKey) -> tuple[ExpectedResponse, ...]:
    """The key, it in other forms, known wrong formulas, others that are accepted, a blank, two broken texts."""
    key = part.key
    assert isinstance(key, SymbolicKey)
    credits: dict[str, set[Fraction]] = {}
    for rival in key.rivals:
        credits.setdefault(fold(rival.value), set()).add(rival.credit)
    wrong = [expected(text, found.pop()) for text, found in credits.items() if len(found) == 1]
    broken = f"({key.value}"
    return (
        expected(key.value, 1),
        *_other_forms(key),
        *wrong,
        *_related(key),
        expected("", 0),
        malformed(broken),
        malformed("log("),
    )


def _other_forms(key: SymbolicKey) -> Iterator[ExpectedResponse]:
    """For each form that is asked for, the key's value in another one."""
    from grading.requirements import credit_of, in_other_form, missing

    language = Language.of(key)
    for asked in key.forms:
        text = in_other_form(asked.form, key.value)
        yield expected(text, credit_of(missing(key.forms, parse_expression(text, language), text, language)))


def _related(key: SymbolicKey) -> Iterator[ExpectedResponse]:
    """A formula for each relation, and what a relation or nothing says of one more than the key."""
    known = _known(key)
    texts = {"added-constant": f"({key.value}) + 17", "positive-factor": f"17*({key.value})"}
    if any(accepted.kind == "opposite-sign" for accepted in key.accept):
        texts["opposite-sign"] = f"-({key.value})"
    for kind, text in texts.items():
        answer = parse_expression(text, known.world.language)
        if kind != "added-constant" and all(accepted.kind not in (kind, "same-optimum") for accepted in key.accept):
            continue
        if not any(known.rivals.compared(known.world.side(answer))):
            found, doubtful = _relation(key, known, known.world.side(answer))
            if not doubtful:
                yield expected(text, found.credit if found is not None else 0)
