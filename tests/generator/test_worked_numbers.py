"""Numbers that are worked out once for a form of sentences are those that are worked out for each sentence."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.expressions import CLS
from grading.text import to_text
from quizgen.distractors import worked_numbers
from quizgen.misconceptions.catalogue import CATALOGUE
from quizgen.misconceptions.operators import RECORD_QUANTITIES, RecordMisconception, Refused
from quizgen.objective.masked import MaskedSentence, masked_sentence
from quizgen.objective.values import Values, right_value

RECORDS = [entry for entry in CATALOGUE if isinstance(entry, RecordMisconception)]
WORDS = ("the", "The", "early", "bird", "catches", "worm", "THE")
SHARES = [Fraction(k, 20) for k in range(1, 20)] + [Fraction(1, 3), Fraction(1)]


@st.composite
def masked_sentences(draw: st.DrawFn) -> MaskedSentence:
    """Short sentences with equal words, all kinds of corruption, orders of prediction, and decisions about tokens."""
    words = tuple(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=7)))
    positions = draw(st.sets(st.integers(1, len(words)), min_size=1, max_size=4))
    tokens = (CLS, *words)
    kind = draw(st.sampled_from(["masked", "corrupted", "ordered", "decides"]))
    if kind == "ordered":
        order = tuple(draw(st.permutations(sorted(positions))))
        return masked_sentence(tokens, dict.fromkeys(positions, "[MASK]"), order)
    shown = dict.fromkeys(positions, "[MASK]")
    if kind != "masked":
        shown = {place: draw(st.sampled_from(("[MASK]", tokens[place], *WORDS))) for place in positions}
    if kind == "decides":
        shown = {place: draw(st.sampled_from(WORDS)) for place in positions}
    return masked_sentence(tokens, shown, decides=kind == "decides")


@given(masked_sentences(), st.data(), st.sampled_from([None, 2, 10]))
def test_every_number_of_a_form_is_that_of_the_sentence(masked: MaskedSentence, data: st.DataObject, base) -> None:
    p = tuple(data.draw(st.sampled_from(SHARES)) for _ in masked.scored)
    values, worked = Values(p=p, m=masked.m, masked=masked, base=base), worked_numbers(masked, p)
    for quantity in RECORD_QUANTITIES:
        right = worked.right(quantity, base)
        assert right == right_value(quantity, values)
        assert right is right_value(quantity, msgspec.structs.replace(values, worked=worked))
        assert worked.text(right) == to_text(right)
        for entry in RECORDS:
            direct = entry.value(quantity, values)
            wrong = worked.wrong(entry, quantity, base)
            assert wrong == (None if isinstance(direct, Refused) else direct), entry.id
            assert wrong is None or worked.text(wrong) == to_text(wrong), entry.id


def test_what_several_numbers_have_in_common_is_one_part_of_them() -> None:
    worm = masked_sentence((CLS, "early", "worm"), {1: "[MASK]", 2: "[MASK]"})
    worked = worked_numbers(worm, (Fraction(1, 2), Fraction(1, 5)))
    loss, objective = worked.right("loss", None), worked.right("objective", None)
    assert loss.terms[0].operand is objective.terms[0]


@pytest.mark.parametrize("quantity", ["mask-rate", "gradient"])
def test_what_is_no_quantity_of_a_record_has_no_wrong_number(quantity: str) -> None:
    worm = masked_sentence((CLS, "worm"), {1: "[MASK]"})
    assert worked_numbers(worm, (Fraction(1, 2),)).wrong(RECORDS[0], quantity, None) is None


def test_other_probabilities_are_not_those_that_were_worked_out() -> None:
    worm = masked_sentence((CLS, "worm"), {1: "[MASK]"})
    half, fifth = (Fraction(1, 2),), (Fraction(1, 5),)
    values = Values(p=half, m=1, masked=worm, worked=worked_numbers(worm, half))
    assert to_text(right_value("loss", msgspec.structs.replace(values, p=fifth))) == "-log(0.2)"
