"""Rules that need more than one template, or more than one variant, to be seen to fail."""

from __future__ import annotations

from pathlib import Path

import msgspec

from quizgen.bank import load_bank
from quizgen.checks import BANK_CHECKS, Subject, check_bank
from quizgen.checks.choices import Choice
from quizgen.checks.convergence import run as converges
from quizgen.checks.steady_difficulty import run as steady
from quizgen.content import Formula
from quizgen.findings import CODES
from quizgen.model import GeneratedItem


def choice(name: str, key: str, wrong: str) -> str:
    return (
        f"template: {name}\nkind: single-choice\ndraw: {{a: 10..99}}\nstem: Take {{{{ a }}}} words. What is {name}?\n"
        f"key: {key}\nwrong: [{wrong}]\nhints: [Look again.]\nsolution: Look.\n"
    )


def codes(folder: Path) -> list[str]:
    return [finding.code for finding in check_bank(folder)]


def test_a_bank_whose_keys_are_the_longest_options_is_told_so(tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        (tmp_path / f"{name}.yaml").write_text(
            choice(name, "A fairly long answer", "A shorter answer, One that is too")
        )
    assert "Q431" in codes(tmp_path)
    for name in ("one", "two", "three"):
        (tmp_path / f"{name}.yaml").write_text(
            choice(name, "A shorter answer", "A fairly long answer, One that is too")
        )
    assert "Q431" not in codes(tmp_path)


def test_a_hole_in_a_hint_gives_nothing_away_either(tmp_path: Path) -> None:
    text = (
        "template: double\nkind: numeric\ndraw: {a: 12..40, w: [apples, pears]}\nlet: {b: 2*a}\n"
        "stem: What is twice {{ a }} {{ w }}?\nkey: b\nhints: ['HINT']\nsolution: Twice.\n"
    )
    found = {}
    for hint in ("Could it be {{ b }}?", "How many {{ w }} are there in each half?"):
        (tmp_path / "double.yaml").write_text(text.replace("HINT", hint))
        found[hint] = [finding.message for finding in check_bank(tmp_path) if finding.code == "Q443"]
    said, nothing = found.values()
    assert len(said) == 1
    assert "the hint prints what gives away more than a question would" in said[0]
    assert nothing == []


def test_a_fixed_question_for_each_value_of_a_radical_has_enough_variants(tmp_path: Path) -> None:
    text = "template: few\nkind: numeric\ndraw: {a: 1..3}\nstem: What is {{ a }} + 1?\nkey: a + 1\n"
    found = []
    for more in ("", "radicals: {a: [1, 2, 3]}\n"):
        (tmp_path / "few.yaml").write_text(text + more)
        found.append("Q444" in codes(tmp_path))
    assert found == [True, False]


def test_the_key_that_each_wrong_formula_changes_in_one_way_is_told_so(tmp_path: Path) -> None:
    text = (
        "template: one-change-each\nkind: single-choice\ndraw: {sentence: any, masks: {count: 2}}\n"
        "stem: 'Which is the objective of {{ sentence }}, given {{ corrupted }}?'\nkey: objective\n"
        "wrong: {count: 3, DESIGN from: [sum-of-probs, flip-sign, swap-targets]}\nhints: [Look.]\nsolution: Look.\n"
    )
    for design, expected in (("", True), ("design: balanced,", False)):
        (tmp_path / "it.yaml").write_text(text.replace("DESIGN", design))
        assert ("Q433" in codes(tmp_path)) == expected


def test_keys_that_stand_at_one_place_are_told_so(tmp_path: Path, monkeypatch) -> None:
    for name in ("one", "two", "three"):
        (tmp_path / f"{name}.yaml").write_text(
            choice(name, "A shorter answer", "A fairly long answer, One that is too")
        )
    assert "Q431" not in codes(tmp_path)
    monkeypatch.setattr("quizgen.generator.draft.Draft.shown_order", lambda self, options, purpose="": tuple(options))
    assert "Q431" in codes(tmp_path)


def test_words_that_no_template_uses_are_told(tmp_path: Path) -> None:
    (tmp_path / "misconceptions").mkdir()
    (tmp_path / "misconceptions" / "sign.yaml").write_text(
        "- misconception: flip-sign\n  concept: c-mlm-nll\n"
        "  en: {title: Turns the sign, hint: Look again., feedback: The sign is turned.}\n"
    )
    (tmp_path / "one.yaml").write_text(choice("one", "A shorter answer", "A fairly long answer, One that is too"))
    assert "Q446" in codes(tmp_path)
    named = choice("one", "A shorter answer", "flip-sign: A fairly long answer, One that is too")
    (tmp_path / "one.yaml").write_text(named)
    assert "Q446" not in codes(tmp_path)


def options_of(*texts: str) -> Choice:
    formulas = tuple((Formula(text, "", text, text, text),) for text in texts)
    return Choice("answer", ("key",), tuple((text, text == texts[0]) for text in texts), formulas, "")


def test_a_key_that_all_others_were_made_from_is_told(tmp_path: Path, monkeypatch) -> None:
    star = options_of("log a + log b", "a + b", "log x + log b", "- log a + log b")
    square = options_of("log a + log b", "a + b", "log x + log y", "x + y")
    (tmp_path / "one.yaml").write_text(choice("one", "A shorter answer", "A fairly long answer, One that is too"))
    subject = Subject(load_bank(tmp_path), load_bank(tmp_path).template("one"))
    monkeypatch.setattr("quizgen.checks.convergence.choices", lambda subject: [star] * 12)
    assert [finding.code for finding in converges(subject)] == ["Q433"]
    monkeypatch.setattr("quizgen.checks.convergence.choices", lambda subject: [square] * 12)
    assert list(converges(subject)) == []


def test_variants_with_more_options_than_others_are_told(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(choice("one", "A shorter answer", "A fairly long answer, One that is too"))
    bank = load_bank(tmp_path)

    class Shortened(Subject):
        def sample(self, language: str = "") -> tuple[GeneratedItem, ...]:
            first, *rest = super().sample(language)
            part = first.item.parts[0]
            interaction = msgspec.structs.replace(part.interaction, options=part.interaction.options[:2])
            part = msgspec.structs.replace(part, interaction=interaction)
            return (msgspec.structs.replace(first, item=msgspec.structs.replace(first.item, parts=(part,))), *rest)

    template = bank.template("one")
    assert list(steady(Subject(bank, template))) == []
    (finding,) = steady(Shortened(bank, template))
    assert "answer: 2 and 3" in finding.message


def test_every_rule_about_banks_has_a_manual_and_known_codes() -> None:
    for check in BANK_CHECKS:
        assert check.manual
        assert set(check.codes) <= set(CODES)
