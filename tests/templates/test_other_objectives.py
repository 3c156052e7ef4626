"""Templates about other objectives: what authors may write, and what they are told."""

from __future__ import annotations

import pytest

from quizgen.bank import load_bank
from quizgen.findings import FindingsError
from quizgen.generator import generate
from quizgen.sampling.draws import Source
from quizgen.source import read_text
from quizgen.template import Template, read_template
from tests.bank.templates import BANK


def template(text: str) -> Template:
    return read_template(read_text(text).documents[0])


HEAD = "template: t\nkind: short-answer\nstem: Write {{ tokens }}.\nkey: corrupted\n"


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        ("{sentence: any, masks: {after: 2, count: 2}}", "after a prefix"),
        ("{sentence: any, masks: {words: 3}}", "about spans"),
        ("{sentence: any, masks: {count: 2, longest: 3}}", "about spans"),
        ("{sentence: any, masks: {count: 2}, prediction_order: backwards}", "backwards"),
        ("{sentence: any, masks: {count: 2}, corruption: replaced}", "replaced"),
        ("{sentence: any, masks: {after: 4..2}}", "greater"),
    ],
)
def test_draws_that_make_no_sense(draw: str, message: str) -> None:
    with pytest.raises(FindingsError, match=message):
        template(f"{HEAD}draw: {draw}\n")


TICKS = "template: t\nkind: multiple-answer\nstem: Tick.\ndraw: {sentence: any, masks: {count: 2}}\n"


def test_options_that_are_tokens_have_no_other_settings() -> None:
    with pytest.raises(FindingsError, match="is for options that are written down"):
        template(f"{TICKS}key: tokens with a loss\nwrong: [all-tokens]\nchoose: {{key: 1, wrong: 1}}\n")
    with pytest.raises(FindingsError, match="tokens with loss"):
        template(f"{TICKS}key: tokens with loss\n")


def test_tokens_with_a_loss_of_a_masked_model() -> None:
    found = template(f"{TICKS}key: tokens with a loss\nwrong: [include-special-tokens]\n")
    item = generate(found, 3, bank=BANK, source=Source(seed=1))
    key = item.key.parts[0].key
    assert len(key.correct) == 2
    assert [rival.misconceptions for rival in key.rivals] == [("include-special-tokens",)]
    options = [option.id for option in item.item.parts[0].interaction.options]
    assert options[0] == key.rivals[0].value, "[CLS] comes first"
    assert len(options) == len(key.options)


FILTERED = (
    "template: t\nkind: numeric\nkey: k\n"
    "draw: {sentence: {first: 4}, masks: {after: 0}, prediction_order: drawn, k: [1, 7]}\n"
)


@pytest.mark.parametrize(
    ("hole", "message"),
    [
        ('{{ prediction_order | before("m") | as_tokens }}', None),  # m is 4
        ('{{ prediction_order | before("sentence") }}', "needs the name of a number"),
        ('{{ m | pick("a", "b") }}', "numbered from 0"),
        ("{{ prediction_order | pick }}", "is written pick"),
        ("{{ sentence | as_tokens }}", "does not fit"),
    ],
)
def test_filters_of_orders(hole: str, message: str | None) -> None:
    found = template(f"{FILTERED}stem: '{hole}'\n")
    if message is None:
        assert generate(found, 0, bank=BANK, source=Source(seed=1)).item.stem
        return
    with pytest.raises(FindingsError, match=message):
        generate(found, 0, bank=BANK, source=Source(seed=1))


def test_the_bank_has_both_folders() -> None:
    names = {path.name for path in load_bank().folder.iterdir() if path.is_dir()}
    assert {"mlm", "beyond-mlm"} <= names
    assert {"clm-expression", "obj-expression-choice"} <= {entry.id for entry in BANK.templates}


def test_every_pair_of_a_sentence_and_a_drawn_number_is_met() -> None:
    found = template(
        "template: t\nkind: numeric\ndraw: {sentence: [cat-mat, early-bird], k: [1, 2]}\n"
        "stem: '{{ sentence }} {{ k }}'\nkey: k\n"
    )
    stems = {str(generate(found, number, bank=BANK, source=Source(seed=1)).item.stem) for number in range(4)}
    assert len(stems) == 4
