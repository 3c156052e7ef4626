"""Random keys, random differences, random notations: what was changed is what is named, and whatever is named is so."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import msgspec
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grading.canonical import Builder
from grading.equivalence import proven_equal
from grading.expressions import (
    Expression,
    Logarithm,
    Negation,
    Number,
    Power,
    Probability,
    Product,
    Quotient,
    Sum,
    add,
    atoms,
    multiply,
    rational,
)
from grading.parsing import parse_expression
from grading.polynomials import UndefinedEverywhere
from grading.structure import KINDS, MOST, Difference, differences
from grading.text import to_text, to_unicode
from quizgen.objective.rendering import render
from tests.structure.rebuilding import TOKENS, Key, Term, context, rebuilt, sentence

PROPERTY = settings(derandomize=True, max_examples=150, deadline=None)
CONTEXTS = (
    "unconditional",
    "conditioned-on-original",
    "conditioned-on-left-context",
    "conditioned-on-left-original",
    "conditioned-on-single-mask",
    "conditioned-on-true-words",
    "conditioned-on-own-predictions",
)


@st.composite
def keys(draw: st.DrawFn) -> Key:
    selected = sorted(draw(st.sets(st.integers(1, len(TOKENS) - 1), min_size=1, max_size=4)))
    n = len(selected)
    factor = draw(st.sampled_from((1, -1, Fraction(1, n), Fraction(-1, n))))
    shape = draw(st.sampled_from(("log-sum", "log-sum", "log-sum", "product", "sum")))
    base = draw(st.sampled_from((None, None, 2, 10))) if shape == "log-sum" else None
    return Key(sentence(*selected), Fraction(factor), base, shape)


# --- random differences


def _of_one_term(draw: st.DrawFn, place: int, key: Key) -> Difference:
    kinds = ["missing-term"] if len(key.sentence.selected) > 1 else []
    kinds += ["repeated-term", "wrong-sign-of-term", "wrong-target-word", "reversed", "context"]
    if key.shape == "log-sum":
        kinds += ["probability-instead-of-log", "weighted-by-probability", "other-base"]
    elif key.shape == "sum":
        kinds += ["extra-log"]
    kind = draw(st.sampled_from(kinds))
    match kind:
        case "context":
            return Difference(draw(st.sampled_from(CONTEXTS)), (place,))  # type: ignore[arg-type]
        case "repeated-term":
            return Difference(kind, (place,), value=draw(st.sampled_from(("2", "3"))))  # type: ignore[arg-type]
        case "wrong-target-word":
            return Difference(kind, (place,), draw(st.sampled_from(("lion", "Tiger", "[MASK]"))))  # type: ignore[arg-type]
        case "other-base":
            other = draw(st.sampled_from([base for base in ("2", "10", "e", "3") if base != str(key.base or "e")]))
            return Difference(kind, (place,), value=other)  # type: ignore[arg-type]
    return Difference(kind, (place,))  # type: ignore[arg-type]


def _of_whole(draw: st.DrawFn, key: Key) -> Difference:
    several = len(key.sentence.selected) > 1
    kinds = ["flipped-sign", "extra-factor"]
    if key.shape == "log-sum":
        kinds += ["other-base", "extra-constant", "missing-log", "probability-instead-of-log"]
        kinds += ["log-of-sum", "log-of-mean", "multiplied-instead-of-added"] if several else []
    if key.shape == "product":
        kinds += ["inverted", "wrong-power"] + (["added-instead-of-multiplied"] if several else [])
        kinds += [] if several or key.factor != 1 else ["extra-log"]
    kinds += ["missing-factor"] if abs(key.factor) != 1 and key.shape != "product" else []
    kind = draw(st.sampled_from(kinds))
    value = {
        "extra-factor": draw(st.sampled_from(("2", "5", "1/3", "√2"))),
        "other-base": draw(st.sampled_from([base for base in ("2", "10", "e", "3") if base != str(key.base or "e")])),
        "extra-constant": draw(st.sampled_from(("17", "-1/1000", "3/7", "√3") if key.base else ("17", "ln 2", "√3"))),
        "missing-factor": str(abs(key.factor)),
        "wrong-power": draw(st.sampled_from(("2", "1/5"))),
    }.get(kind, "")
    return Difference(kind, value=value)  # type: ignore[arg-type]


@st.composite
def changes(draw: st.DrawFn, key: Key) -> tuple[Difference, ...]:
    """One to three differences that do not speak of the same term."""
    selected = key.sentence.selected
    free = [k for k in range(len(TOKENS)) if k not in selected]
    found: list[Difference] = []
    if draw(st.booleans()):
        found.append(_of_whole(draw, key))
    if free and draw(st.booleans()):
        place = draw(st.sampled_from(free))
        found.append(Difference("unmasked-position", (place,)) if place else Difference("special-token", (0,), "[CLS]"))
    if not found or (len(selected) > 1 and draw(st.booleans())):
        found.append(_of_one_term(draw, draw(st.sampled_from(selected)), key))
    return tuple(found)


# --- random notations


@st.composite
def written(draw: st.DrawFn, tree: Expression, key: Key) -> Expression:
    """The same formula as somebody else would write it, read back."""
    shown = _rearranged(draw, tree)
    texts = [to_text(shown), to_unicode(shown)]
    if not any("_{<" in text or "∖" in text or "\\" in text for text in texts):
        texts.append(render(shown).latex)
    return parse_expression(draw(st.sampled_from(texts)), key.language)


def _rearranged(draw: st.DrawFn, tree: Expression) -> Expression:
    match tree:
        case Sum(terms):
            shuffled = [_rearranged(draw, term) for term in draw(st.permutations(terms))]
            logs = [t for t in shuffled if isinstance(t, Logarithm) and t.base is None and _plain(t.argument)]
            if len(logs) > 1 and draw(st.booleans()):
                rest = [t for t in shuffled if t not in logs]
                return add(*rest, Logarithm(Product(tuple(log.argument for log in logs))))
            return Sum(tuple(shuffled))
        case Product(factors):
            numbers = [factor for factor in factors if factor == rational(1)]
            rest = [_rearranged(draw, factor) for factor in draw(st.permutations(factors)) if factor not in numbers]
            return multiply(*rest)
        case Negation(operand):
            return Negation(_rearranged(draw, operand))
        case Quotient(numerator, denominator):
            return Quotient(_rearranged(draw, numerator), denominator)
    return tree


def _plain(argument: Expression) -> bool:
    return isinstance(argument, Probability)


def bare(found: tuple[Difference, ...]) -> tuple[Difference, ...]:
    """Without what a difference says about the others."""
    plain = [msgspec.structs.replace(difference, alone=False, of_factors=False) for difference in found]
    return tuple(sorted(plain, key=lambda d: (KINDS.index(d.kind), [str(place) for place in d.places])))


def proves(key: Key, found: tuple[Difference, ...], answer: Expression) -> bool:
    return any(proven_equal(tree, answer, key.language) for tree in rebuilt(key, found))


COMBINED = {"multiplied-instead-of-added", "missing-log", "log-of-sum", "log-of-mean"}
UNREADABLE_IN_PRODUCTS = {"probability-instead-of-log", "weighted-by-probability", "other-base"}


@PROPERTY
@given(st.data(), keys())
def test_what_was_changed_is_what_is_named(data: st.DataObject, key: Key) -> None:
    planted = data.draw(changes(key))
    answer = data.draw(written(data.draw(st.sampled_from(list(rebuilt(key, planted)))), key))
    if proven_equal(key.tree(), answer, key.language):
        assert differences(key.tree(), answer, key.language) == ()
        return
    found = bare(differences(key.tree(), answer, key.language))
    if found == bare(planted):
        return
    if not found:  # a product of a probability and a logarithm has no reading
        assert {difference.kind for difference in planted} & COMBINED, planted
        assert {difference.kind for difference in planted} & UNREADABLE_IN_PRODUCTS, planted
        return
    # Something else was named: that must be as short, and be the same formula.
    assert len(found) <= len(planted), (planted, found)
    assert _without_extras(key, found, answer), (planted, found)


@PROPERTY
@given(st.data(), keys())
def test_a_single_difference_is_named_as_such(data: st.DataObject, key: Key) -> None:
    planted = data.draw(changes(key).filter(lambda found: len(found) == 1))
    assume(len(key.sentence.selected) > 1)
    answer = data.draw(written(next(iter(rebuilt(key, planted))), key))
    assume(not proven_equal(key.tree(), answer, key.language))
    found = bare(differences(key.tree(), answer, key.language))
    assert found, planted
    same_context = planted[0].kind.startswith("conditioned") and found[0].kind.startswith("conditioned")
    same_value = planted[0].kind in ("missing-factor", "extra-factor", "wrong-factor")
    assert found == planted or (len(found) == 1 and (same_context or same_value)), (planted, found)


# --- formulas that have little to do with the key


@st.composite
def formulas(draw: st.DrawFn, key: Key) -> Expression:
    """Sums and products of logarithms and probabilities with small numbers."""
    numbers = [Number(Fraction(2)), Number(Fraction(3)), rational(Fraction(1, 2)), rational(-1), rational(1)]

    def summand() -> Expression:
        position = draw(st.integers(1, len(TOKENS) - 1))
        kind = draw(st.sampled_from(("xbar", "xbar", "xbar", *CONTEXTS)))
        given = key.xbar if kind == "xbar" else context(kind, position, key)
        word = draw(st.sampled_from((TOKENS[position], TOKENS[position], "lion")))
        term = Term(
            position, word, given, draw(st.sampled_from(numbers)), draw(st.sampled_from((None, None, key.base)))
        )
        flaw = draw(st.sampled_from(("", "", "probability-instead-of-log", "weighted-by-probability")))
        return Term(*(term.position, term.word, term.given, term.front, term.base), flaw=flaw).tree()

    parts = [summand() for _ in range(draw(st.integers(1, 4)))]
    if draw(st.integers(0, 5)) == 0:
        parts.append(draw(st.sampled_from(numbers)))
    tree = draw(st.sampled_from((add, add, multiply)))(*parts)
    return draw(st.sampled_from((tree, tree, Negation(tree), Power(tree, Number(Fraction(2))), Logarithm(tree))))


SPOKEN_FOR = {"extra-term", "unmasked-position", "special-token"}


def test_what_is_said_of_any_formula_is_so() -> None:
    seen = {"named": 0, "silent": 0}

    @settings(derandomize=True, max_examples=600, deadline=None)
    @given(st.data(), keys().filter(lambda key: key.shape == "log-sum"))
    def check(data: st.DataObject, key: Key) -> None:
        answer = data.draw(formulas(key))
        found = differences(key.tree(), answer, key.language)
        assert len(found) <= MOST
        seen["named" if found else "silent"] += 1
        if proven_equal(key.tree(), answer, key.language):
            assert not found
        elif found:
            assert _without_extras(key, found, answer), found

    check()
    assert min(seen.values()) > 80, seen


def _without_extras(key: Key, found: tuple[Difference, ...], answer: Expression) -> bool:
    """Whether the answer is what the differences say, once the terms that they call too many are left out.

    In front of a term too many may stand anything; so the answer is looked at where these probabilities are 1, which
    makes their logarithms vanish, or e, or 0, which is what it is to leave them out of a product or a sum.
    """
    extra = {place for difference in found if difference.kind in SPOKEN_FOR for place in difference.places}
    words = {difference.word for difference in found if difference.kind == "word-not-in-sentence"}
    rest = tuple(difference for difference in found if difference.kind not in (*SPOKEN_FOR, "word-not-in-sentence"))
    if proves(key, found, answer) or not (extra or words):
        return proves(key, found, answer)
    if any(difference.kind == "extra-term" for difference in found):
        return True  # two terms of one position: the trees of the two cannot be told apart here
    neutral = list(_NEUTRAL)
    if any(difference.kind == "log-of-mean" for difference in found):  # a mean does not change if a mean joins in
        left = [
            leaf for leaf in atoms(answer) if isinstance(leaf, Probability) and leaf.events[0].position not in extra
        ]
        some = [part for size in range(1, len(left) + 1) for part in combinations(left, size)]
        neutral += [Quotient(add(*part), rational(len(part))) for part in some]
    shortened = _without_terms(answer, extra)
    return any(proves(key, rest, _replaced(tree, extra, value)) for tree in (answer, shortened) for value in neutral)


_NEUTRAL = (rational(1), rational(0), parse_expression("e", Key(sentence(1)).language))


def _replaced(tree: Expression, places: set[int | str], value: Expression) -> Expression:
    match tree:
        case Probability(events):
            return value if events[0].position in places else tree
        case Sum(terms):
            return Sum(tuple(_replaced(term, places, value) for term in terms))
        case Product(factors):
            return Product(tuple(_replaced(factor, places, value) for factor in factors))
        case Negation(operand):
            return Negation(_replaced(operand, places, value))
        case Power(base, exponent):
            return Power(_replaced(base, places, value), exponent)
        case Logarithm(argument, base):
            return Logarithm(_replaced(argument, places, value), base)
        case Quotient(numerator, denominator):
            return Quotient(_replaced(numerator, places, value), _replaced(denominator, places, value))
    return tree


def _without_terms(tree: Expression, places: set[int | str]) -> Expression:
    """A sum without the summands that are only about these places."""
    match tree:
        case Sum(terms):
            return add(*(term for term in terms if not _only_of(term, places)))
        case Negation(operand):
            return Negation(_without_terms(operand, places))
    return tree


def _only_of(tree: Expression, places: set[int | str]) -> bool:
    leaves = [leaf for leaf in atoms(tree) if isinstance(leaf, Probability)]
    return bool(leaves) and all(leaf.events[0].position in places for leaf in leaves)


# --- both ways round

MIRROR = {
    "missing-term": {"unmasked-position", "special-token", "extra-term"},
    "unmasked-position": {"missing-term"},
    "special-token": {"missing-term"},
    "flipped-sign": {"flipped-sign"},
    "wrong-sign-of-term": {"wrong-sign-of-term"},
    "missing-factor": {"extra-factor"},
    "extra-factor": {"missing-factor", "extra-factor", "wrong-factor"},
    "wrong-factor": {"wrong-factor", "extra-factor", "missing-factor"},
    "swapped-targets": {"swapped-targets"},
    "extra-constant": {"missing-constant"},
    "other-base": {"other-base"},
    "multiplied-instead-of-added": {"added-instead-of-multiplied"},
}


@PROPERTY
@given(st.data(), keys())
def test_the_other_way_round_it_is_the_other_difference(data: st.DataObject, key: Key) -> None:
    assume(key.shape == "log-sum" and len(key.sentence.selected) > 1)
    planted = data.draw(changes(key).filter(lambda found: len(found) == 1 and found[0].kind in MIRROR))
    answer = next(iter(rebuilt(key, planted)))
    there = differences(key.tree(), answer, key.language)
    back = differences(answer, key.tree(), key.language)
    assert len(there) == 1, there
    if there[0].kind == "multiplied-instead-of-added":
        assert back == ()  # a product of logarithms is no key that is taken apart
        return
    assert {difference.kind for difference in back} <= MIRROR[there[0].kind], (there, back)
    assert [difference.places for difference in back] == [there[0].places]


@PROPERTY
@given(st.data(), keys())
def test_equal_answers_have_no_difference_and_the_form_may_be_given(data: st.DataObject, key: Key) -> None:
    answer = data.draw(written(key.tree(), key))
    assert differences(key.tree(), answer, key.language) == ()
    other = data.draw(formulas(key))
    try:
        form = Builder(key.language).form(other)
    except UndefinedEverywhere:
        assert differences(key.tree(), other, key.language) == ()
        return
    assert differences(key.tree(), other, key.language, form=form) == differences(key.tree(), other, key.language)
