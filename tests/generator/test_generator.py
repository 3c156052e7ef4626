"""The generator: same seed, same bytes; independent variants; sound items or counted reasons."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction
from itertools import islice

import pytest

from grading import canonical_responses, grade, grade_item
from grading.answersheet import to_json
from grading.keys import ChoiceKey, MatchingKey, NumericKey, SymbolicKey, TextKey
from quizgen import Source, generate, load_bank
from quizgen.bank import Bank
from quizgen.content import Paragraph, Tokens, text_of
from quizgen.exporters.rendering.wording import wording
from quizgen.findings import FindingsError
from quizgen.generator import Generator, VariantCount, variant_count
from quizgen.generator.radicals import radical_choices
from quizgen.model import ChoiceInteraction
from quizgen.source import read_text
from quizgen.template import Template, read_template


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank()


def template_of(yaml: str) -> Template:
    return read_template(read_text(yaml).documents[0])


def plain(bank: Bank, yaml: str, **options: object) -> Generator:
    return Generator(template_of(yaml), bank, Source(seed=1), **options)  # type: ignore[arg-type]


def test_an_unused_right_side_is_diagnosed_only_where_it_is_a_known_mistake(bank: Bank) -> None:
    generator = plain(
        bank,
        "template: t\nkind: matching\nstem: What?\nkey: {one: eins, two: zwei, three: drei}\nchoose: 2\n"
        "wrong: [{text: vier, misconception: all-tokens, instead_of: two}, {text: elf, misconception: flip-sign}]",
    )
    seen = set()
    for variant in range(3):
        key = generator.item(variant).key.parts[0]
        texts = dict(key.options)
        assert isinstance(key.key, MatchingKey)
        pairs = [rival.value.split("=") for rival in key.key.rivals]
        seen |= {(texts[left], texts[right]) for left, right in pairs}
        assert len(pairs) == ("two" in texts.values())
    assert seen == {("two", "vier")}


def test_options_that_are_only_labels_stand_in_their_order(bank: Bank) -> None:
    head = "template: t\nkind: single-choice\nstem: Which?\n"
    generator = plain(bank, head + "draw: {a: 1..9}\nkey: Step 10\nwrong: [Step 2, Step 1]")
    for variant in range(3):
        interaction = generator.item(variant).item.parts[0].interaction
        assert isinstance(interaction, ChoiceInteraction)
        assert [text_of(option.content) for option in interaction.options] == ["Step 1", "Step 2", "Step 10"]
        assert not interaction.shuffle


SCRIPT = """
import hashlib
from grading.answersheet import to_json
from quizgen import Source, load_bank
from quizgen.generator import Generator
bank, total = load_bank(), hashlib.sha256()
for row in bank.listing():
    for language in ("en", "de"):
        generator = Generator(bank.template(row.template), bank, Source(seed=7), language=language)
        for variant in range(3):
            total.update(to_json(generator.item(variant)))
print(total.hexdigest())
"""


def test_same_seed_same_bytes_whatever_the_hash_seed() -> None:
    digests = set()
    for hash_seed in ("0", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
        )
        digests.add(run.stdout)
    assert len(digests) == 1


def test_a_variant_needs_none_of_those_before_it(bank: Bank) -> None:
    one_after_the_other = list(islice(Generator(bank.template("loss-numeric-nats"), bank, Source(seed=3)).items(), 6))
    alone = generate("loss-numeric-nats", 5, bank=bank, source=Source(seed=3))
    assert to_json(alone) == to_json(one_after_the_other[5])


def test_seeds_and_secrets_give_other_items_with_other_names(bank: Bank) -> None:
    sources = [Source(seed=1), Source(seed=2), Source(secret=b"0123456789abcdef")]
    items = [generate("obj-expression-choice", 0, bank=bank, source=source).item for source in sources]
    assert len({item.id for item in items}) == len({to_json(item.stem) for item in items}) == 3


def test_the_id_stays_when_the_content_changes(bank: Bank) -> None:
    before, after = (
        plain(bank, f"template: a\nkind: numeric\ndraw: {{a: 2..9}}\nstem: {stem} {{{{ a }}}}?\nkey: 2*a").item(3)
        for stem in ("Whta is twice", "What is twice")
    )
    assert before.item.id == after.item.id
    assert before.item.code == after.item.code
    assert before.item.revision != after.item.revision


def test_the_first_variants_show_different_scenes(bank: Bank) -> None:
    generator = Generator(bank.template("obj-expression-choice"), bank, Source(seed=1))
    stems = {to_json(generator.item(variant).item.stem) for variant in range(300)}
    assert len(stems) == 300


def test_numbers_that_can_be_listed_are_gone_through_without_repetition(bank: Bank) -> None:
    yaml = (
        "template: a\nkind: numeric\ndraw: {a: 2..9, b: 2..9}\nwhere: a < b\nstem: '{{ a }} times {{ b }}?'\nkey: a*b"
    )
    generator = plain(bank, yaml)
    stems = {to_json(generator.item(variant).item.stem) for variant in range(28)}
    assert len(stems) == 28  # all pairs with a < b


def test_conditions_on_probabilities_and_quantities_hold(bank: Bank) -> None:
    yaml = """
template: a
kind: numeric
draw: {sentence: any, masks: {count: 2}, p: {for: each mask, from: [0.05, 0.10 .. 0.95]}}
where: [p_1 < p_2, loss > 1]
stem: "{{ p | list }}?"
key: loss
"""
    generator = plain(bank, yaml)
    for variant in range(40):
        values = generator.space.draw(variant)
        item = generator.item(variant)
        text = text_of(item.item.stem[0].content)  # type: ignore[union-attr]
        first, second = (Fraction(number) for number in text.removesuffix("?").split(" and "))
        assert first < second
        assert first * second < Fraction(368, 1000)  # a loss above 1 nat
        assert values.masked is not None


def test_conditions_hold_where_there_are_too_many_numbers_to_list(bank: Bank) -> None:
    yaml = (
        "template: a\nkind: numeric\ndraw: {a: 1..1000, b: 1..1000}\nwhere: a < b\nstem: '{{ a }} {{ b }}'\nkey: a + b"
    )
    generator = plain(bank, yaml)
    for variant in range(40):
        first, second = text_of(generator.item(variant).item.stem[0].content).split()  # type: ignore[union-attr]
        assert int(first) < int(second)


def test_what_the_conditions_put_away_needs_no_computed_number(bank: Bank) -> None:
    """Up to the first condition that uses one: those behind it are looked at when all is computed."""
    yaml = """
template: a
kind: numeric
draw: {a: {several: 1, from: [0, 1 .. 3]}, b: 1..9}
where: [a_1 > 0, share > 1]
let: {share: b/a_1}
stem: "{{ share }} {{ a }} {{ b }}"
key: share
"""
    generator = plain(bank, yaml)
    for variant in range(40):
        share, a, b = text_of(generator.item(variant).item.stem[0].content).split()  # type: ignore[union-attr]
        assert Fraction(share) == Fraction(int(b), int(a)) > 1
    turned = plain(bank, yaml.replace("[a_1 > 0, share > 1]", "[share > 1, a_1 > 0]"))
    with pytest.raises(FindingsError, match="'share' under `let` has no value here"):
        list(islice(turned.items(), 40))


def test_a_condition_that_never_holds_is_named(bank: Bank) -> None:
    yaml = "template: a\nkind: numeric\ndraw: {sentence: any, masks: {count: 1}}\nwhere: n > 1\nstem: '?'\nkey: n"
    with pytest.raises(FindingsError, match="60 × the condition 'n > 1' does not hold"):
        plain(bank, yaml).item(0)


def test_option_ids_tell_nothing(bank: Bank) -> None:
    generator = Generator(bank.template("why-sum-of-logs"), bank, Source(seed=1))
    keys = [generator.item(variant).key.parts[0].key for variant in range(60)]
    right = [key.correct for key in keys if isinstance(key, ChoiceKey)]
    shown = [
        [option.id for option in generator.item(variant).item.parts[0].interaction.options].index(right[variant])  # type: ignore[union-attr]
        for variant in range(60)
    ]
    for place in range(4):  # 15 are expected; below 4 has a probability under one in ten thousand
        assert right.count(f"o{place + 1}") >= 4
        assert shown.count(place) >= 4


def test_display_order_and_option_ids_are_independent_of_the_language(bank: Bank) -> None:
    template = bank.template("why-sum-of-logs")
    english, german = (generate(template, 4, bank=bank, source=Source(seed=9), language=code) for code in ("en", "de"))
    order = [[option.id for option in made.item.parts[0].interaction.options] for made in (english, german)]  # type: ignore[union-attr]
    assert order[0] == order[1]
    assert english.key.parts[0].key.correct == german.key.parts[0].key.correct  # type: ignore[union-attr]
    assert english.key.parts[0].key.rivals[0].feedback != german.key.parts[0].key.rivals[0].feedback  # type: ignore[union-attr]


def test_german_numbers_have_a_comma_and_keys_read_it(bank: Bank) -> None:
    made = generate("loss-numeric-nats", 0, bank=bank, source=Source(seed=2), language="de")
    text = " ".join(text_of(block.content) for block in made.item.stem if isinstance(block, Paragraph))
    assert "= 0," in text
    key = made.key.parts[0].key
    assert isinstance(key, NumericKey)
    assert key.decimal_comma
    assert "," not in key.value


def test_a_german_quiz_uses_german_sentences(bank: Bank) -> None:
    made = generate("obj-write-symbolic", 0, bank=bank, source=Source(seed=2), language="de")
    found = bank.corpus.get(made.item.sentence)
    assert found is not None
    assert found.language == "de"


def test_every_canonical_response_gets_its_verdict(bank: Bank) -> None:
    for row in bank.listing():
        made = generate(row.template, 1, bank=bank, source=Source(seed=11))
        for expected in canonical_responses(made.key):
            grade = grade_item(made.key, expected.response)
            assert (grade.verdict, grade.score) == (expected.verdict, expected.score), (row.template, expected)


def test_symbolic_rivals_are_the_misconceptions_that_can_be_typed(bank: Bank) -> None:
    made = generate("obj-write-symbolic", bank=bank, source=Source(seed=1), fixed="S1")
    key = made.key.parts[0].key
    assert isinstance(key, SymbolicKey)
    assert key.value == "log p_2 + log p_6"
    rivals = {rival.misconceptions[0]: rival.value for rival in key.rivals}
    assert rivals["off-by-one-positions"] == "log p_1 + log p_5"
    assert rivals["sum-of-probs"] == "p_2 + p_6"
    assert "swap-targets" not in rivals


# ---------------------------------------------------------------- radicals and counts


def test_radicals_are_fixed_and_the_template_s_own_value_comes_first(bank: Bank) -> None:
    template = bank.template("loss-numeric-nats")
    ways = radical_choices(template)
    assert ways[0] == (("masks.count", "2"),)
    assert {dict(way)["masks.count"] for way in ways} == {"1", "2", "3", "4"}
    made = generate(template, 0, bank=bank, source=Source(seed=1), radicals={"masks.count": "3"})
    corrupted = next(node for b in made.item.stem for node in getattr(b, "content", ()) if isinstance(node, Tokens))
    assert corrupted.tokens.count("[MASK]") == 3


def test_counts(bank: Bank) -> None:
    assert variant_count(bank.template("obj-cloze-general"), bank) == VariantCount(1, True)
    assert variant_count(bank.template("tf-single-token"), bank) == VariantCount(6, True)
    yaml = "template: a\nkind: numeric\ndraw: {a: 2..9, b: 2..9}\nstem: '{{ a }}{{ b }}?'\nkey: a*b"
    assert variant_count(template_of(yaml), bank) == VariantCount(64, True)


# ---------------------------------------------------------------- masks


@pytest.mark.parametrize(
    "masks", ["{rate: 0.15}", "{spans: 1}", "{spans: 2}", "{count: 3, among: all words, apart: true}"]
)
def test_masks_by_rate_in_spans_and_by_count(bank: Bank, masks: str) -> None:
    draw = f"{{sentence: any, masks: {masks}}}"
    yaml = f"template: a\nkind: short-answer\ndraw: {draw}\nstem: '{{{{ corrupted }}}}?'\nkey: corrupted"
    generator = plain(bank, yaml)
    counts = set()
    for variant in range(60):
        key = generator.item(variant).key.parts[0].key
        assert isinstance(key, TextKey)
        tokens = key.accepted[0].split()
        places = [k for k, token in enumerate(tokens) if token == "[MASK]"]
        assert 0 < len(places) < len(tokens) - 1
        counts.add(len(places))
        runs = sum(k - 1 not in places for k in places)
        if "spans" in masks:
            assert runs == int(masks[8])
        if "apart" in masks:
            assert runs == len(places) == 3
    assert len(counts) > 1 or "count" in masks


def test_corruption_shows_random_and_kept_words(bank: Bank) -> None:
    yaml = (
        "template: a\nkind: short-answer\n"
        "draw: {sentence: any, masks: {count: 3}, corruption: 80/10/10}\nstem: '{{ corrupted }}'\nkey: corrupted"
    )
    generator = plain(bank, yaml)
    shown = [generator.item(variant).key.parts[0].key.accepted[0].count("[MASK]") for variant in range(60)]  # type: ignore[union-attr]
    assert min(shown) < 3 <= max(shown)
    assert sum(shown) > 0.6 * 180


# ---------------------------------------------------------------- what cannot be drawn


@pytest.mark.parametrize(
    ("yaml", "code", "words"),
    [
        (
            "template: a\nkind: numeric\ndraw: {a: 2..9}\nwhere: a > 20\nstem: '{{ a }}?'\nkey: a",
            "Q601",
            "of 8 combinations of a none meets the conditions",
        ),
        (
            "template: a\nkind: numeric\ndraw: {a: 2..9}\nstem: '{{ a }}?'\n"
            "key: {value: a, tolerance: 1}\nwrong: {next: a + 1}",
            "Q603",
            "too close to the key",
        ),
        (
            "template: a\nkind: single-choice\ndraw: {a: 2..3}\nstem: '?'\nkey: '{{ a }}'\nwrong: ['2', '3']",
            "Q603",
            "two options read alike",
        ),
        (
            "template: a\nkind: short-answer\nstem: '?'\nkey: corrupted",
            "Q602",
            "needs a masked sentence",
        ),
        (
            "template: a\nkind: single-choice\ndraw: {sentence: any, masks: {count: 1}}\nstem: '?'\nkey: objective\n"
            "wrong: {count: 3, from: [product-of-logs, only-first-mask, swap-targets]}",
            "Q603",
            "0 of 3 wrong options survive the proof",
        ),
        (
            "template: a\nkind: numeric\ndraw: {sentence: any, masks: {count: 11}}\nstem: '?'\nkey: 1",
            "Q601",
            "none of 94 sentences has masks",
        ),
    ],
)
def test_a_template_that_gives_no_sound_question_says_why(bank: Bank, yaml: str, code: str, words: str) -> None:
    with pytest.raises(FindingsError) as caught:
        plain(bank, yaml).item(0)
    (finding,) = caught.value.findings
    assert finding.code == code
    assert words in finding.message
    assert finding.place.line == 1


@pytest.mark.parametrize("key", ["exp(exp(exp(9*a)))", "1/(a - a)", "log(a - 9)"])
def test_a_key_that_cannot_be_graded_as_a_number_is_a_finding(bank: Bank, key: str) -> None:
    yaml = f"template: a\nkind: numeric\ndraw: {{a: 2..9}}\nstem: '{{{{ a }}}}?'\nkey: {key}"
    with pytest.raises(FindingsError) as caught:
        plain(bank, yaml).item(0)
    assert caught.value.findings[0].code == "Q602"


def test_an_unknown_fixed_draw_names_the_known_ones(bank: Bank) -> None:
    with pytest.raises(FindingsError, match=r"no fixed draw 'S9'; choose one that there is: S8"):
        generate("obj-expression-choice", bank=bank, source=Source(seed=1), fixed="S9")


def test_drawn_words_are_text_never_markup(bank: Bank) -> None:
    yaml = "template: a\nkind: numeric\ndraw: {w: ['**bold**', '<b>x</b>']}\nstem: 'Say {{ w }}.'\nkey: 1"
    paragraph = plain(bank, yaml).item(0).item.stem[0]
    assert isinstance(paragraph, Paragraph)
    assert text_of(paragraph.content) in ("Say **bold**.", "Say <b>x</b>.")


# ---------------------------------------------------------------- demands that make no sense

SCENE = "draw: {sentence: any, masks: {count: 2}, a: 2..5, w: [red, blue], p: {for: each mask, from: [0.5, 0.7]}}"


@pytest.mark.parametrize(
    ("hole", "words"),
    [
        ('p | rank("x")', "the filter 'rank' is written rank(2)"),
        ("p | rank", "the filter 'rank' is written rank(2)"),
        ("p | rank(9)", "the list has 2 numbers, there is no rank 9"),
        ("p | rank(1, 2)", "the filter 'rank' is written rank(2)"),
        ('a | decimals("z")', "the filter 'decimals' is written decimals(2)"),
        ("a | decimals(99999999)", "must lie between 0 and 20"),
        ("loss | value(99999999)", "must lie between 0 and 20"),
        ("a | preferred_by", "the filter 'preferred_by' is written"),
        ("a | upper(1)", "the filter 'upper' is written upper"),
        ("a | nothing", "there is no filter 'nothing'"),
        ("a | table", "is for a comparison of models"),
        ("nobody", "'nobody' has no value here"),
        ("corrupted.x", "'corrupted' has no 'x'"),
        ("gap", "a gap has a name"),
    ],
)
def test_a_hole_that_cannot_be_filled_is_a_finding(bank: Bank, hole: str, words: str) -> None:
    yaml = f"template: a\nkind: numeric\n{SCENE}\nstem: '{{{{ {hole} }}}}'\nkey: a"
    with pytest.raises(FindingsError) as caught:
        plain(bank, yaml).item(0)
    assert words in caught.value.findings[0].message


MODELS = "template: a\nkind: single-choice\nstem: '?'\nkey: best_model\nwrong: [sum-of-probs]\n"


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (
            "masks: {count: 2}, models: {comparison: 3, against: [sum-of-probs, linear-loss]}",
            "cannot tell sum-of-probs",
        ),
        ("masks: {count: 4}, models: {comparison: 2, against: [sum-of-probs]}", "by 1 to 3 masks, not 4"),
        ("masks: {count: 2}, models: {comparison: 2, against: [flip-sign]}", "'flip-sign' does not prefer a model"),
    ],
)
def test_a_comparison_that_cannot_be_drawn_is_a_finding(bank: Bank, draw: str, words: str) -> None:
    with pytest.raises(FindingsError) as caught:
        plain(bank, f"{MODELS}draw: {{sentence: any, {draw}}}").item(0)
    assert words in caught.value.findings[0].message


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("fixed: {F: {sentence: early-bird, masks: [2, 99]}}", "there is no position 99"),
        ("fixed: {F: {sentence: early-bird, masks: [2, 6], p: [0.5]}}", "'p' has 1 probabilities for 2 words"),
        ("fixed: {F: {sentence: nowhere}}", "which the corpus does not have"),
        ("radicals: {masks.count: [x]}", "the radical 'masks.count' must be a whole number, not 'x'"),
    ],
)
def test_fixed_draws_and_radicals_that_do_not_fit_are_findings(bank: Bank, more: str, words: str) -> None:
    template = template_of(f"template: a\nkind: numeric\n{SCENE}\nstem: '?'\nkey: loss\n{more}")
    with pytest.raises(FindingsError) as caught:
        generate(template, bank=bank, source=Source(seed=1), fixed="F" if "fixed" in more else None)
    assert words in caught.value.findings[0].message


# ---------------------------------------------------------------- what a number is asked for with


@pytest.mark.parametrize(
    ("more", "right", "not_right"),
    [
        ("key: {value: a/8, digits: {figures: 3}}", "0.625", "0.6"),
        ("key: {value: a/8, digits: {decimals: 1, too_many: 0}}", "0.6", "0.625"),
        ("key: {value: a/8, tolerance: < 0.125}", "0.7499", "0.75"),
        ("key: {value: 12.5*a, unit: '%'}", "62.5 %", "0.625"),
        ("key: {value: a, unit: tokens/s}", "5 tokens/s", "6 tokens/s"),
    ],
)
def test_digits_boundaries_and_units_of_a_template_are_graded(
    bank: Bank, more: str, right: str, not_right: str
) -> None:
    yaml = f"template: a\nkind: numeric\ndraw: {{a: [5]}}\nstem: '{{{{ a }}}} and so on?'\n{more}"
    key = plain(bank, yaml).item(0).key.parts[0]
    assert (grade(key, right).score, grade(key, not_right).score) == (1, 0)


def test_wrong_numbers_stay_clear_of_the_last_digit_that_is_asked_for(bank: Bank) -> None:
    yaml = (
        "template: a\nkind: numeric\ndraw: {a: [5]}\nstem: '{{ a }} and so on?'\n"
        "key: {value: a/8, digits: {decimals: 1}}\nwrong: {near: a/8 + 0.1}"
    )
    with pytest.raises(FindingsError, match="too close to the key"):
        plain(bank, yaml).item(0)


@pytest.mark.parametrize(
    ("key", "within", "note"),
    [
        ("a + 60, tolerance: exact", "1", "off-by-one"),
        ("a + 60, tolerance: exact", "3", "near"),
        ("a/8, tolerance: exact", "1", "near"),
        ("log(a), tolerance: 0.005", "0.02", "rounded-too-early"),
    ],
)
def test_what_is_near_an_exact_number_was_not_rounded_too_early(bank: Bank, key: str, within: str, note: str) -> None:
    said = f"{{value: {key}, within: {{{within}: 1/2}}}}"
    yaml = f"template: t\nkind: numeric\ndraw: {{a: [3, 5]}}\nstem: What?\nkey: {said}\n"
    (part,) = plain(bank, yaml).item(0).key.parts
    assert isinstance(part.key, NumericKey)
    (band,) = part.key.bands
    assert band.note == note
    for language in ("en", "de"):
        assert wording(language).group("band:")[note]
