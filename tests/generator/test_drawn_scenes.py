"""What can be drawn besides one sentence with masks: words, mixtures, further sentences, predictions, rankings."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import islice

import pytest

from grading import Verdict, grade
from grading.keys import NumericKey, OrderingKey
from quizgen import Source, load_bank
from quizgen.bank import Bank
from quizgen.checks import check_template
from quizgen.content import Paragraph, Table, text_of
from quizgen.findings import FindingsError
from quizgen.generator import Generator
from quizgen.model import ChoiceInteraction, GeneratedItem, MultipleAnswerInteraction
from quizgen.source import read_text
from quizgen.template import Template, examine_template, read_template


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank()


def template_of(yaml: str) -> Template:
    return read_template(read_text("template: t\n" + yaml).documents[0])


def generator_of(bank: Bank, yaml: str, **radicals: str) -> Generator:
    return Generator(template_of(yaml), bank, Source(seed=3), radicals=radicals or None)


def stem_of(item: GeneratedItem) -> str:
    return " ".join(text_of(block.content) for block in item.item.stem if isinstance(block, Paragraph))


def numeric(draw: str, stem: str, key: str = "1") -> str:
    return f"kind: numeric\ndraw: {{{draw}}}\nstem: {stem}\nkey: {key}\n"


# ---------------------------------------------------------------- words


def test_masked_words_have_names(bank: Bank) -> None:
    first = "{{ mask_1.word }} {{ mask_1.position }} {{ mask_1.shown }}"
    stem = f"'{first} {{{{ mask_2.neighbour }}}} | {{{{ mask_2.alone }}}} | {{{{ visible }}}}'"
    yaml = numeric("sentence: early-bird, masks: [2, 6]", stem, "A_1 + A_2")
    item = generator_of(bank, yaml).item(0)
    assert stem_of(item) == "early 2 [MASK] the | [CLS] The early bird catches the [MASK] | The bird catches the"
    assert item.key.parts[0].key.value == "8"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("hole", "reason"),
    [
        ("mask_3.word", "no mask_3"),
        ("mask_1.length", "a word has no 'length'"),
        ("sentence.word", "'sentence' has no 'word'"),
        ("b.length", "a further input has no 'length'"),
    ],
)
def test_a_property_that_is_not_there_is_a_finding(bank: Bank, hole: str, reason: str) -> None:
    draw = "sentence: early-bird, masks: [2, 6], b: {sentence: quick-fox, masks: [2]}"
    with pytest.raises(FindingsError, match=re.escape(reason)):
        generator_of(bank, numeric(draw, "'{{ " + hole + " }}'")).item(0)


def test_a_mixture_has_as_many_of_each_branch_and_its_words_can_be_drawn(bank: Bank) -> None:
    draw = (
        "sentence: any, masks: {count: 4}, corruption: {mask: 2, random: 1, keep: 1}, "
        "one: {word: selected, branch: mask}, two: {word: selected, branch: mask}, "
        "other: {word: selected, branch: random}, "
        "same: {word: selected, branch: keep}, bait: {word: unselected, branch: keep}"
    )
    stem = (
        "'{{ one.shown }} {{ two.shown }} | {{ other.word }} {{ other.shown }} | "
        "{{ same.word }} {{ same.shown }} | {{ A }}'"
    )
    generator = generator_of(bank, numeric(draw, stem, "bait"))
    for variant in range(20):
        item = generator.item(variant)
        masks, random, kept, selected = (part.split() for part in stem_of(item).split(" | "))
        assert masks == ["[MASK]", "[MASK]"]
        assert random[0].casefold() != random[1].casefold()
        assert kept[0] == kept[1]
        assert item.key.parts[0].key.value not in re.findall(r"\d+", " ".join(selected))  # type: ignore[union-attr]


def test_the_numbers_of_the_draws_lead_to_what_the_input_shows(bank: Bank) -> None:
    draw = "sentence: any, masks: {count: 2}, corruption: 80/10/10"
    item = generator_of(bank, numeric(draw, "'{{ draws | table(\"[SEP]\") }}'")).item(0)
    table = item.item.stem[0]
    assert isinstance(table, Table)
    rows = [[text_of(cell) for cell in row] for row in table.rows]
    assert rows[0] == ["0", "[CLS]", "–", "–", "[CLS]"]
    assert rows[-1] == [str(len(rows) - 1), "[SEP]", "–", "–", "[SEP]"]
    for _, word, u, v, shown in rows[1:-1]:
        assert (shown == "[MASK]") == (Fraction(u) < Fraction(15, 100) and Fraction(v) < Fraction(8, 10))
        assert shown == word or Fraction(u) < Fraction(15, 100)


@pytest.mark.parametrize(
    ("draw", "reason"),
    [
        ("sentence: any, masks: {count: 2}, corruption: {mask: 1}", "for 1 selected words, but 2 are selected"),
        ("sentence: any, masks: {count: 2}, w: {word: selected, branch: keep}", "no word as 'w' asks for"),
        ("sentence: any, masks: {count: 2}, w: {word: unselected, branch: keep}", "needs a drawn corruption"),
        ("sentence: cat-mat, masks: [2], b: {sentence: cat-mat, masks: [6]}", "no further sentence for 'b'"),
        ("sentence: any, masks: {count: 1}, prediction: {words: 5}", "has no 4 other words"),
    ],
)
def test_what_cannot_be_drawn_says_why(bank: Bank, draw: str, reason: str) -> None:
    generator = generator_of(bank, numeric(draw, "What?"))
    with pytest.raises(FindingsError, match=re.escape(reason)):
        list(islice(generator.items(), 30))


@pytest.mark.parametrize(
    ("draw", "code"),
    [
        ("corruption: {masked: 1}", "Q101"),
        ("corruption: {mask: 0}", "Q107"),
        ("w: {word: masked}", "Q106"),
        ("w: {word: selected, branch: gone}", "Q106"),
        ("b: {sentence: any}", "Q102"),
        ("masks: {copies: some}", "Q106"),
        ("ps: {several: 0, from: [1, 2]}", "Q105"),
        ("models: {ranking: 4, distributions: 2}", "Q107"),
        ("prediction: {words: 1}", "Q105"),
    ],
)
def test_a_draw_of_the_wrong_shape_is_a_finding(draw: str, code: str) -> None:
    yaml = "template: t\n" + numeric(f"sentence: any, {draw}", "What?")
    template, findings = examine_template(read_text(yaml).documents[0])
    assert template is None
    assert [finding.code for finding in findings] == [code]


def test_several_values_may_be_equal(bank: Bank) -> None:
    generator = generator_of(bank, numeric("ps: {several: 4, from: [0.5, 0.6]}", "'{{ ps }}'"))
    drawn = [stem_of(generator.item(variant)).split(", ") for variant in range(20)]
    assert all(len(values) == 4 and set(values) <= {"0.5", "0.6"} for values in drawn)


# ---------------------------------------------------------------- further sentences


def test_further_sentences_are_all_different_and_a_named_draw_gives_them(bank: Bank) -> None:
    draw = (
        "sentence: any, masks: {count: 2, among: function words, copies: masked}, "
        "b: {sentence: any, masks: {count: 2, among: all words, copies: visible}}, "
        "c: {sentence: any, masks: {count: 1, last_word: true}}"
    )
    stem = "'{{ sentence }} {{ masked | positions }} | {{ b.sentence }} {{ b.masked | positions }} | {{ c }}'"
    fixed = (
        "fixed: {f: {sentence: early-bird, masks: [1, 5], "
        "b: {sentence: cat-mat, masks: [2, 5]}, c: {sentence: quick-fox, masks: [9]}}}\n"
    )
    generator = generator_of(bank, numeric(draw, stem) + fixed)
    assert stem_of(generator.fixed("f")) == (
        "The early bird catches the worm 1 and 5 | The cat sat on the mat 2 and 5 | "
        "[CLS] A quick brown fox jumps over the lazy [MASK]"
    )
    assert generator.fixed("f").item.sentences == ("early-bird", "cat-mat", "quick-fox")
    for variant in range(60):
        first, second, third = stem_of(generator.item(variant)).split(" | ")
        words, places = first.split()[:-3], [int(k) for k in re.findall(r"\d+", first)]
        assert len({words[k - 1].casefold() for k in places}) == 1
        other, there = second.split()[:-3], [int(k) for k in re.findall(r"\d+", second)]
        copies = [[k for k, word in enumerate(other, 1) if word.casefold() == other[p - 1].casefold()] for p in there]
        assert sorted(map(len, copies)) == [1, 2]
        assert max(max(copies, key=len)) in there
        assert third.endswith("[MASK]")
        assert len({first.split()[0] + first.split()[1], third.split()[1] + third.split()[2]}) == 2 or words != third


def test_the_words_of_a_fixed_corruption_are_shown(bank: Bank) -> None:
    yaml = numeric("sentence: any, masks: {count: 2}, corruption: {random: 1, keep: 1}", "'{{ corrupted }}'")
    yaml += "fixed:\n  f: {sentence: cat-mat, masks: [2, 6], corruption: {2: river, 6: mat}}\n"
    yaml += "  g: {sentence: cat-mat, masks: [2, 6], corruption: {2: river}}\n"
    generator = generator_of(bank, yaml)
    assert stem_of(generator.fixed("f")) == "[CLS] The river sat on the mat"
    with pytest.raises(FindingsError, match="at each of the masks"):
        generator.fixed("g")


# ---------------------------------------------------------------- a part for each mask

MASKS = "draw: {sentence: any, masks: {count: 2, among: all words}}\nradicals: {masks.count: [2, 3]}\n"
EACH = f"""kind: cloze
{MASKS}stem: 'Where? {{{{ masked | gaps("place") }}}}'
parts:
  place:
    for: each mask
    kind: numeric
    key: position
    wrong: {{off-by-one-positions: [position - 1, position + 1], mask-ordinal-positions: number}}
"""


@pytest.mark.parametrize("count", ["2", "3"])
def test_a_part_for_each_mask_is_as_many_gaps(bank: Bank, count: str) -> None:
    item = generator_of(bank, EACH, **{"masks.count": count}).item(1)
    n = int(count)
    assert [part.id for part in item.key.parts] == [f"place-{k}" for k in range(1, n + 1)]
    assert [part.weight for part in item.item.parts] == [Fraction(1, n)] * n
    assert [f"____(place-{k})" in stem_of(item) for k in range(1, n + 1)] == [True] * n
    for part in item.key.parts:
        assert isinstance(part.key, NumericKey)
        right = int(part.key.value)
        for shift in (-1, 1):
            assert grade(part, str(right + shift)).diagnoses[0].misconceptions == ("off-by-one-positions",)


def test_a_part_for_each_mask_can_name_its_word(bank: Bank) -> None:
    yaml = EACH.replace("cloze", "parts").replace("""{{ masked | gaps("place") }}""", "{{ sentence }}")
    yaml = yaml.replace("    key: position\n", "    prompt: 'Where is {{ mask.word }}?'\n    key: position\n")
    item = generator_of(bank, yaml).item(0)
    words = stem_of(item).removeprefix("Where? ").split()
    for part, key in zip(item.item.parts, item.key.parts, strict=True):
        (prompt,) = part.prompt
        assert isinstance(prompt, Paragraph)
        assert text_of(prompt.content) == f"Where is {words[int(key.key.value) - 1]}?"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('gaps("place")', 'gaps("spot")', 'no part for each mask is named "spot"'),
        ('{{ masked | gaps("place") }}', "{{ gap.place }}", 'the part "place" has no gap'),
        ("draw: {", "draw: {number: 1..2, ", "a meaning of its own in a part for each mask"),
        (MASKS, "draw: {sentence: any}\n", "there are no masks"),
    ],
)
def test_a_part_for_each_mask_that_does_not_fit_is_a_finding(bank: Bank, before: str, after: str, message: str) -> None:
    text = "template: t\n" + EACH.replace(before, after)
    template, findings = examine_template(read_text(text).documents[0])
    if template is not None:
        findings = check_template(bank, template)
    assert any(message in finding.message for finding in findings), findings


def test_an_example_names_the_number_of_the_part(bank: Bank) -> None:
    example = "examples: [{answer: key, part: %s, expect: correct}]\n"
    template_of(EACH + example % "place-2")
    for wrong in ("place", "place-x", "spot-1"):
        with pytest.raises(FindingsError, match="names no part"):
            template_of(EACH + example % wrong)


# ---------------------------------------------------------------- predictions and rankings


def test_a_prediction_has_the_top_that_is_asked_for(bank: Bank) -> None:
    for top in ("true word", "another word"):
        draw = f"sentence: any, masks: {{count: 1}}, prediction: {{words: 3, top: {top}}}"
        generator = generator_of(bank, numeric(draw, "'{{ prediction | table }}'", "p_top - p_true"))
        for variant in range(20):
            item = generator.item(variant)
            table = item.item.stem[0]
            assert isinstance(table, Table)
            shares = {text_of(row[0]): Fraction(text_of(row[1])) for row in table.rows}
            assert sum(shares.values()) == 1
            assert len(shares) == 4
            assert list(shares)[-1] == "other words"
            difference = grade(item.key.parts[0], "0").verdict is Verdict.CORRECT
            assert difference == (top == "true word")


RANKING = """kind: ordering
draw: {sentence: any, masks: {count: 2}, models: {ranking: 4}}
stem: '{{ models | ranked(1) }}, {{ models | best }}, {{ models | ranked(4) }}, {{ models | worst }}'
key: ranked_models
wrong: [sum-of-probs, worst-token-only]
"""


def test_the_models_of_a_ranking_are_never_in_order_already(bank: Bank) -> None:
    generator = generator_of(bank, RANKING)
    for variant in range(60):
        item = generator.item(variant)
        key = item.key.parts[0]
        assert isinstance(key.key, OrderingKey)
        first, best, last, worst = stem_of(item).split(", ")
        assert (first, last) == (best, worst)
        assert [dict(key.options)[id] for id in (key.key.order[0], key.key.order[-1])] == [first, last]
        assert list(key.key.order) != ["m1", "m2", "m3", "m4"]
        assert [rival.misconceptions for rival in key.key.rivals] == [("sum-of-probs",), ("worst-token-only",)]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("key: ranked_models", "key: ranked", "is no order"),
        ("key: ranked_models", "key: ranked_models\nchoose: 2", "all models of a ranking are ordered"),
        ("wrong: [sum-of-probs", "wrong: [flip-sign", "gives no order of models"),
        ("ranking: 4", "distributions: 2", "needs models in an order"),
        ("ranked(4)", "ranked(5)", "there is no place 5"),
    ],
)
def test_a_ranking_that_does_not_fit_is_a_finding(bank: Bank, before: str, after: str, message: str) -> None:
    with pytest.raises(FindingsError, match=message):
        generator_of(bank, RANKING.replace(before, after)).item(0)


def test_a_comparison_is_no_ranking(bank: Bank) -> None:
    draw = "sentence: any, masks: {count: 2}, models: {comparison: 2, against: [sum-of-probs]}"
    with pytest.raises(FindingsError, match="this is no ranking"):
        generator_of(bank, numeric(draw, "'{{ models | ranked(1) }}'")).item(0)


# ---------------------------------------------------------------- options


@pytest.mark.parametrize("kind", ["single-choice", "multiple-answer"])
def test_options_that_are_only_numbers_stand_in_their_order(bank: Bank, kind: str) -> None:
    key = "'0.5'" if kind == "single-choice" else "['0.5']"
    generator = generator_of(
        bank, f"kind: {kind}\nstem: Which?\ndraw: {{a: 1..9}}\nkey: {key}\nwrong: ['−2', '10', '0.25']"
    )
    for variant in range(3):
        shown = generator.item(variant).item.parts[0].interaction
        assert isinstance(shown, ChoiceInteraction | MultipleAnswerInteraction)
        assert [text_of(option.content) for option in shown.options] == ["−2", "0.25", "0.5", "10"]


def test_the_first_variants_choose_different_pairs(bank: Bank) -> None:
    yaml = "kind: matching\nstem: What?\nkey: {a: x, b: y, c: z, d: w, e: v}\nchoose: 3"
    generator = generator_of(bank, yaml)
    assert len({Generator.signature(generator.item(variant)) for variant in range(10)}) == 10


def test_a_wrong_sequence_may_be_made_of_the_visible_words(bank: Bank) -> None:
    draw = "draw: {sentence: early-bird, masks: [3, 6]}\n"
    yaml = f"kind: short-answer\n{draw}stem: Which?\nkey: corrupted\nwrong: [off-by-one-positions]"
    part = generator_of(bank, yaml).item(0).key.parts[0]
    for answer in ("[CLS] The [MASK] bird catches [MASK] worm", "[CLS] The [MASK] early catches [MASK] the"):
        assert grade(part, answer).diagnoses[0].misconceptions == ("off-by-one-positions",)
