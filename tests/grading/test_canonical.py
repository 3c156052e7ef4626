"""Every kind foretells its own grades; no response whatever breaks a grader."""

import copy
import pkgutil

from hypothesis import given, settings
from keys_at_random import essay_part, json_values, numeric_parts, parts, symbolic_part

import grading.graders
from grading.answersheet import ItemKey, PartKey, from_json, to_json
from grading.keys import Key
from grading.marking import GRADERS, canonical_responses, grade
from grading.verdicts import Grade, Verdict

PROPERTY = settings(derandomize=True, max_examples=150, deadline=None)


def agree(key):
    for claim in canonical_responses(key):
        found = grade(key, copy.deepcopy(claim.response))
        assert (found.verdict, found.score) == (claim.verdict, claim.score), (claim, found)


@given(parts)
@PROPERTY
def test_every_kind_gives_its_own_canonical_responses_the_verdict_they_claim(part):
    agree(part)
    verdicts = {claim.verdict for claim in canonical_responses(part)}
    assert Verdict.INVALID in verdicts
    assert verdicts & {Verdict.CORRECT, Verdict.UNDECIDED}


@given(numeric_parts())
@PROPERTY
def test_numbers_do(part):
    agree(part)


def test_formulas_and_essays_do():
    agree(symbolic_part)
    agree(essay_part)
    assert len(canonical_responses(symbolic_part)) == 9


@given(parts, parts, parts)
@settings(derandomize=True, max_examples=40, deadline=None)
def test_items_of_several_parts_do(first, second, third):
    from fractions import Fraction

    kinds = [first, second, third]
    weights = (Fraction(1, 2), Fraction(1, 3), Fraction(1, 6))
    key = ItemKey("q", "r", "Q-1", tuple(PartKey(f"p{k}", p.key, weights[k], p.options) for k, p in enumerate(kinds)))
    agree(key)


@given(parts, json_values)
@settings(derandomize=True, max_examples=400, deadline=None)
def test_no_response_breaks_a_grader_and_a_wrong_type_is_never_right(part, response):
    found = grade(part, response)
    assert isinstance(found, Grade)
    assert (found.score is None) == (found.verdict in (Verdict.INVALID, Verdict.UNDECIDED))
    assert (found.refusal is not None) == (found.verdict is Verdict.INVALID)
    if not isinstance(response, str | list | dict):
        assert found.score in (0, None)
    if found.refusal and isinstance(response, str):
        found.refusal.caret(response)


@given(json_values)
@settings(derandomize=True, max_examples=100, deadline=None)
def test_nor_an_item_of_several_parts(response):
    key = ItemKey("q", "r", "Q-1", (PartKey("l0", essay_part.key), PartKey("answer", symbolic_part.key)))
    assert grade(key, response).verdict is not Verdict.CORRECT


@given(parts)
@settings(derandomize=True, max_examples=50, deadline=None)
def test_a_key_grades_the_same_after_a_trip_through_the_archive(part):
    back = from_json(to_json(part), PartKey)
    for claim in canonical_responses(part):
        assert grade(back, claim.response) == grade(part, claim.response)


def test_every_key_has_a_grader_and_every_grader_module_is_listed():
    assert {kind for kind, _ in GRADERS} == set(Key.__args__)
    modules = {module.name for module in pkgutil.iter_modules(grading.graders.__path__)}
    assert modules == {module for _, module in GRADERS}
