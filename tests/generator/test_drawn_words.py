"""Drawn words that bring something along, words for a mask, own words of a wrong answer, wrong numbers kept apart."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grading import grade
from grading.keys import NumericKey
from quizgen import Source, load_bank
from quizgen.bank import Bank
from quizgen.content import text_of
from quizgen.findings import FindingsError
from quizgen.generator import Generator
from quizgen.source import read_text
from quizgen.template import Template, examine_template, read_template

BYTES = """
template: t
kind: numeric
draw:
  unit:
    nibble: {bits: 4, note: half a byte, share: 0.50}
    byte: {bits: 8, note: 'all of [it]', signed: 127}
where: unit_bits < 9
stem: One {{ unit }} is {{ unit_note }}.
key: 2^unit_bits
wrong: {linear: 2*unit_bits, signed: unit_signed}
radicals: {unit: [nibble, byte]}
solution: It has {{ unit_bits }} bits.
fixed: {small: {unit: nibble}, large: {unit: byte}}
translations: {de: {draw: {unit: {nibble: {note: ein halbes Byte}}}, stem: 'Ein {{ unit }} ist {{ unit_note }}.'}}
"""


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank()


def template_of(yaml: str) -> Template:
    return read_template(read_text(yaml).documents[0])


def problems_of(yaml: str) -> list[str]:
    return [finding.code for finding in examine_template(read_text(yaml).documents[0])[1]]


def generator(bank: Bank, yaml: str, **options: object) -> Generator:
    return Generator(template_of(yaml), bank, Source(seed=1), **options)  # type: ignore[arg-type]


def stem_of(item: object) -> str:
    return "".join(text_of(block.content) for block in item.item.stem)  # type: ignore[attr-defined]


def rivals_of(item: object) -> dict[str, str]:
    key = item.key.parts[0].key  # type: ignore[attr-defined]
    assert isinstance(key, NumericKey)
    return {rival.misconceptions[0]: rival.value for rival in key.rivals}


def test_what_belongs_to_a_word_is_printed_and_computed_with(bank: Bank) -> None:
    item = generator(bank, BYTES, radicals={"unit": "nibble"}).item(0)
    assert stem_of(item) == "One nibble is half a byte."
    assert grade(item.key, "16").score == 1
    assert rivals_of(item) == {"linear": "8"}, "the other one uses a column that this word does not have"


def test_a_radical_leaves_one_of_the_words(bank: Bank) -> None:
    items = [generator(bank, BYTES, radicals={"unit": "byte"}).item(number) for number in range(3)]
    assert {stem_of(item) for item in items} == {"One byte is all of [it]."}
    assert rivals_of(items[0]) == {"linear": "16", "signed": "127"}


@pytest.mark.parametrize(("name", "value"), [("small", "16"), ("large", "256")])
def test_a_fixed_draw_brings_what_belongs_to_its_word(bank: Bank, name: str, value: str) -> None:
    for radical in ("nibble", "byte"):
        assert grade(generator(bank, BYTES, radicals={"unit": radical}).fixed(name).key, value).score == 1


def test_the_texts_have_a_language_the_numbers_have_not(bank: Bank) -> None:
    german = generator(bank, BYTES, radicals={"unit": "nibble"}, language="de")
    assert stem_of(german.item(0)) == "Ein nibble ist ein halbes Byte."
    assert problems_of(BYTES.replace("note: ein halbes Byte", "bits: '5'")) == ["Q111"]
    assert problems_of(BYTES.replace("{nibble: {note: ein", "{nobble: {note: ein")) == ["Q111"]


def test_conditions_on_what_belongs_to_a_word_are_met(bank: Bank) -> None:
    narrow = BYTES.replace("radicals: {unit: [nibble, byte]}\n", "").replace("unit_bits < 9", "unit_bits < 5")
    made = generator(bank, narrow)
    assert {stem_of(made.item(number)) for number in range(8)} == {"One nibble is half a byte."}
    with pytest.raises(FindingsError, match="none meets the conditions"):
        generator(bank, narrow.replace("unit_bits < 5", "unit_bits < 4")).item(0)


def test_a_key_needs_its_column_for_every_word(bank: Bank) -> None:
    made = generator(bank, BYTES.replace("key: 2^unit_bits", "key: unit_signed + 1"), radicals={"unit": "nibble"})
    with pytest.raises(FindingsError, match="there is no 'unit_signed'"):
        made.item(0)


@pytest.mark.parametrize(
    ("draw", "code"),
    [
        ("{w: {red: {x: 1}, blue: 2}}", "Q107"),
        ("{w: {red: {x: 1}}, w_x: 1..2}", "Q110"),
        ("{w: {red: {x y: 1}}}", "Q110"),
        ("{w: {red: {x: {}}}}", "Q103"),
        ("{w: {candidates: 1}}", "Q105"),
        ("{w: {rod: 3}}", "Q107"),
    ],
)
def test_what_does_not_belong_there_is_a_finding(draw: str, code: str) -> None:
    assert code in problems_of(f"template: t\nkind: numeric\ndraw: {draw}\nstem: What?\nkey: 1\n")


CANDIDATES = """
template: t
kind: numeric
draw: {sentence: any, masks: {count: 1}, w: {candidates: 3}}
stem: "{{ w_1 }} {{ w_2 }} {{ w_3 }} {{ true_word }}"
key: w_true
fixed: {bird: {sentence: early-bird, masks: [3], w: [hen, bird, robin]}}
"""


def test_words_for_a_mask_hold_the_true_one_at_its_place(bank: Bank) -> None:
    made, places = generator(bank, CANDIDATES), set()
    for number in range(30):
        item = made.item(number)
        *words, true = stem_of(item).split()
        assert len(set(words)) == 3
        place = words.index(true) + 1
        assert grade(item.key, str(place)).score == 1
        places.add(place)
    assert places == {1, 2, 3}


def test_fixed_words_for_a_mask_stand_in_their_order(bank: Bank) -> None:
    item = generator(bank, CANDIDATES).fixed("bird")
    assert stem_of(item) == "hen bird robin bird"
    assert grade(item.key, "2").score == 1
    for wrong in ("[hen, hen, bird]", "[hen, robin, sparrow]", "[bird, hen]"):
        with pytest.raises(FindingsError, match="one of them the true word"):
            generator(bank, CANDIDATES.replace("[hen, bird, robin]", wrong)).fixed("bird")


def test_words_for_a_mask_need_one(bank: Bank) -> None:
    bare = CANDIDATES.replace("sentence: any, masks: {count: 1}, ", "").replace("{{ true_word }}", "")
    bare = bare[: bare.index("fixed")]
    with pytest.raises(FindingsError, match="draw one"):
        generator(bank, bare).item(0)


OWN_WORDS = """
template: t
kind: numeric
draw: {a: 2..9}
stem: What is the negative of {{ a }}?
key: -a
wrong:
  flip-sign: {value: a, feedback: 'That is {{ a }} itself.'}
  doubled: {value: -2*a, hint: Once is enough., credit: 1/4}
translations:
  de:
    stem: Was ist das Negative von {{ a }}?
    wrong: {flip-sign: {feedback: 'Das ist {{ a }} selbst.'}}
"""


@pytest.mark.parametrize(("language", "feedback"), [("en", "That is 3 itself."), ("de", "Das ist 3 selbst.")])
def test_a_wrong_answer_may_have_words_of_its_own(bank: Bank, language: str, feedback: str) -> None:
    made = generator(bank, OWN_WORDS.replace("2..9", "[3]"), language=language)
    rivals = made.item(0).key.parts[0].key.rivals  # type: ignore[union-attr]
    assert rivals[0].feedback == feedback
    assert rivals[0].hint == bank.words(language)["flip-sign"].hint, "what is not overwritten stays"
    assert (rivals[1].hint, rivals[1].credit) == ("Once is enough.", Fraction(1, 4))


def test_options_have_words_of_their_own_as_well(bank: Bank) -> None:
    made = generator(
        bank,
        "template: t\nkind: single-choice\nstem: What?\nkey: 'yes'\nwrong:\n"
        "  - {text: 'no', misconception: flip-sign, feedback: Not here.}\n"
        "  - all-tokens: {text: perhaps, hint: Make up your mind.}\n",
    )
    found = {rival.misconceptions[0]: rival for rival in made.item(0).key.parts[0].key.rivals}  # type: ignore[union-attr]
    assert found["flip-sign"].feedback == "Not here."
    assert found["all-tokens"].hint == "Make up your mind."


def test_unequal_wrong_numbers_are_apart_so_that_each_is_recognised(bank: Bank) -> None:
    made = generator(
        bank,
        "template: t\nkind: numeric\ndraw: {a: 1..9}\nstem: '{{ a }}'\nkey: {value: 10*a, tolerance: 1/2}\n"
        "wrong: {six: 6, itself: a + 2}\n",
    )
    for number in range(9):
        item = made.item(number)
        values = [float(value) for value in rivals_of(item).values()]
        assert len(values) == 1 or abs(values[0] - values[1]) > 0.5


def test_the_length_of_a_list_can_be_a_radical(bank: Bank) -> None:
    yaml = (
        "template: t\nkind: numeric\ndraw: {p: {different: 3, from: [0.2, 0.3 .. 0.9]}}\n"
        "radicals: {p.different: [3, 2]}\n"
        "stem: '{{ p | joined(\" · \") }}'\nkey: {value: 'product(p) - at(p, count(p))', tolerance: 0.001}\n"
    )
    for length in (2, 3):
        item = generator(bank, yaml, radicals={"p.different": str(length)}).item(0)
        shown = [Fraction(text) for text in stem_of(item).split(" · ")]
        assert len(shown) == length
        product = Fraction(1)
        for number in shown:
            product *= number
        assert grade(item.key, str(float(product - shown[-1]))).score == 1
