"""What a typed formula earns beside equality: forms, rivals, relations, in this order, and what stays open."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest

from grading.answersheet import Amendment, ItemKey, PartKey, from_json, to_json
from grading.keys import FORMS, RELATIONS, Relation, Requirement, Rival, SymbolDeclaration, SymbolicKey
from grading.marking import canonical_responses, grade
from grading.verdicts import Verdict

HALF = Fraction(1, 2)
NAMES = tuple(SymbolDeclaration(name) for name in ("p_1", "p_2", "p_6"))
KEY = SymbolicKey(
    "log(p_2) + log(p_6)",
    NAMES,
    rivals=(
        Rival("p_2 + p_6", ("sum-of-probs",)),
        Rival("p_2*p_6", ("product-of-probs",), Fraction(1, 3)),
        Rival("-log(p_2) - log(p_6)", ("flip-sign",), Fraction(1, 4)),
    ),
    accept=(
        Relation("same-optimum", HALF, feedback="Same best model."),
        Relation("positive-factor", Fraction(3, 4), ("mean-over-masks",), "A factor"),
        Relation("opposite-sign", Fraction(1)),
    ),
)


def graded(key: SymbolicKey, text: str) -> tuple[str, Fraction | None]:
    found = grade(key, text)
    return found.note, found.score


@pytest.mark.parametrize(
    ("text", "note", "score"),
    [
        ("ln(p_6 p_2)", "symbolic:equal", 1),
        ("p_6*p_2", "symbolic:wrong-value", Fraction(1, 3)),  # a rival comes before the relation that it has
        ("-ln(p_2 p_6)", "symbolic:wrong-value", Fraction(1, 4)),
        ("log(p_2 p_6)/2", "symbolic:positive-factor", Fraction(3, 4)),
        ("sqrt(p_2 p_6)", "symbolic:same-optimum", HALF),
        ("log(p_2 p_6) - 1", "symbolic:same-optimum", HALF),
        ("p_2 + p_6", "symbolic:wrong-value", 0),
        ("log(p_2 + p_6)", "symbolic:different", 0),
        ("log(p_2 p_6 p_1)", "symbolic:different", 0),
    ],
)
def test_the_order_of_the_decision(text: str, note: str, score: Fraction) -> None:
    assert graded(KEY, text) == (note, score)


def test_the_words_of_a_relation_are_shown_and_the_sign_may_be_free() -> None:
    assert [d.feedback for d in grade(KEY, "sqrt(p_2 p_6)").diagnoses] == ["Same best model."]
    assert [d.misconceptions for d in grade(KEY, "2*log(p_2 p_6)").diagnoses] == [("mean-over-masks",)]
    both_signs = msgspec.structs.replace(KEY, rivals=(), accept=(Relation("opposite-sign", Fraction(1)),))
    found = grade(both_signs, "-log(p_2 p_6)")
    assert (found.verdict, found.note, found.diagnoses) == (Verdict.CORRECT, "symbolic:opposite-sign", ())


def test_an_open_relation_that_could_earn_credit_goes_to_a_person() -> None:
    removable = "(log p_2 + log p_6)*(p_2 - 1/2)/(p_2 - 1/2)*(p_2 p_6)^0 + p_2*p_6"
    assert graded(KEY, removable) == ("symbolic:undecided-credit", None)
    worthless = msgspec.structs.replace(KEY, accept=(Relation("same-optimum"),))
    assert graded(worthless, removable) == ("symbolic:different", 0)
    nothing = msgspec.structs.replace(KEY, accept=())
    assert graded(nothing, removable) == ("symbolic:different", 0)


def test_a_right_formula_in_another_form_is_partly_right() -> None:
    key = msgspec.structs.replace(KEY, forms=(Requirement("expanded"), Requirement("written-out", Fraction(3, 4))))
    found = grade(key, "log(p_2*p_6)")
    assert (found.verdict, found.score, found.note) == (Verdict.PARTIAL, HALF, "symbolic:equal-other-form")
    assert "the logarithm of the product as a sum of logarithms" in found.diagnoses[0].feedback
    assert graded(key, "sum_{i in {2,6}} log p_i") == ("symbolic:equal-other-form", Fraction(3, 4))
    assert graded(key, "log prod_{i in {2,6}} p_i") == ("symbolic:equal-other-form", HALF)
    assert graded(key, "log p_6 + log p_2") == ("symbolic:equal", 1)
    strict = msgspec.structs.replace(KEY, forms=(Requirement("expanded", Fraction(0)),))
    assert grade(strict, "log(p_2*p_6)").verdict is Verdict.INCORRECT


@pytest.mark.parametrize("value", ["log(p_2) + log(p_6)", "-log(p_2) - log(p_6)", "p_2*p_6", "log(p_2)", "p_2 + p_6"])
def test_canonical_responses_are_graded_as_they_say(value: str) -> None:
    accept = tuple(Relation(kind, Fraction(1, 2 + place)) for place, kind in enumerate(RELATIONS))
    for forms in ((), (Requirement("written-out", Fraction(1, 7)),)):
        for some in (accept, accept[:2], accept[2:3], accept[3:], ()):
            key = SymbolicKey(value, NAMES, forms=forms, accept=some)
            expected = canonical_responses(key)
            assert len(expected) >= 5
            for response in expected:
                found = grade(key, response.response)
                assert (found.verdict, found.score) == (response.verdict, response.score), response


@pytest.mark.parametrize("form", FORMS)
def test_canonical_responses_hold_another_form(form: str) -> None:
    value = "log(p_2*p_6)" if form == "single-log" else "log(p_2) + log(p_6)"
    key = SymbolicKey(value, NAMES, forms=(Requirement(form, Fraction(2, 3)),))  # type: ignore[arg-type]
    expected = {response.response: response.score for response in canonical_responses(key)}
    assert expected[value] == 1
    assert Fraction(2, 3) in expected.values()
    assert all(grade(key, response).score == score for response, score in expected.items())


def test_keys_are_kept_whole_and_old_ones_still_read() -> None:
    key = msgspec.structs.replace(KEY, forms=(Requirement("expanded"), Requirement("single-log", Fraction(0), "Bitte")))
    sheet = ItemKey("q1", "r", "Q-1", (PartKey("answer", key),))
    assert from_json(to_json(sheet), ItemKey) == sheet
    assert b'"forms":[{"form":"expanded","credit":"1/2"},{"form":"single-log","credit":"0","feedback"' in to_json(key)
    plain = msgspec.structs.replace(KEY, accept=())
    assert b"forms" not in to_json(plain)
    assert b"accept" not in to_json(plain)
    assert from_json(to_json(plain), SymbolicKey) == plain


def test_an_amendment_accepts_a_formula_in_whatever_form() -> None:
    key = msgspec.structs.replace(KEY, forms=(Requirement("expanded", Fraction(0)),))
    sheet = ItemKey("q1", "r", "Q-1", (PartKey("answer", key),))
    accepted = Amendment("q1", "accept", "the stem showed it so", "2025-01-31", responses=("log(p_2*p_6)",))
    assert grade(sheet, "log(p_2*p_6)").score == 0
    assert grade(sheet, "log(p_2*p_6)", [accepted]).score == 1
