"""Several banks side by side: names, and what a template keeps of its own bank."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizgen.assembly import assemble
from quizgen.bank import load_bank, load_banks
from quizgen.blueprint import plan_blueprint, read_blueprint
from quizgen.findings import FindingsError
from quizgen.generator import Generator
from quizgen.sampling.draws import Source

AREA = """
template: area
kind: numeric
draw: {{a: 2..9, b: 2..9}}
stem: '{} {{{{ a }}}} {{{{ b }}}}'
key: a*b
"""
WORD = """
template: {}
kind: short-answer
concepts: [c-words]
draw: {{sentence: any, masks: {{count: 1}}}}
stem: '{{{{ corrupted }}}}'
key: corrupted
compare: tokens
"""


@pytest.fixture
def folders(tmp_path) -> list[Path]:
    found = []
    for name, language in (("first", "en"), ("second", "de")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "bank.yaml").write_text(f"bank: {name}\ntitle: {name.title()}\nlang: {language}\n")
        (folder / "area.yaml").write_text(AREA.format(name))
        (folder / "word.yaml").write_text(WORD.format(f"word-of-{name}"))
        (folder / "sentences.txt").write_text(f"# language: {language}\n{name} [early] birds [catch] many [worms]\n")
        found.append(folder)
    return found


def test_names_are_qualified_only_where_they_must_be(folders):
    banks = load_banks(folders)
    rows = [(row.template, row.bank) for row in banks.listing()]
    assert rows == [("first/area", "first"), ("word-of-first", "first"), ("second/area", "second"),
                    ("word-of-second", "second")]  # fmt: skip
    assert banks.template("second/word-of-second") is banks.template("word-of-second")
    assert banks.listed("second/word-of-second") == "word-of-second"
    with pytest.raises(FindingsError, match=r"Q428 .*name its bank as well: first/area or second/area"):
        banks.template("area")
    with pytest.raises(FindingsError, match="Q412"):
        banks.template("first/word-of-second")
    assert [row.template for row in load_banks(folders[:1]).listing()] == ["area", "word-of-first"]


def test_two_banks_of_one_name_are_refused(folders):
    with pytest.raises(FindingsError, match="Q429 two banks are called 'first'"):
        load_banks([folders[0], folders[0]])


def test_each_template_keeps_its_sentences_and_its_identity(folders):
    banks, source = load_banks(folders), Source(seed=3)
    quiz = assemble(banks, ["word-of-first", "first/area"], source=source, variants=2)
    alone = assemble(load_bank(folders[0]), ["word-of-first", "area"], source=source, variants=2)
    assert [item.item.id for item in quiz.items()] == [item.item.id for item in alone.items()]
    assert [item.item.revision for item in quiz.items()] == [item.item.revision for item in alone.items()]
    second = Generator(banks.template("word-of-second"), banks.home("word-of-second"), source).item(0)
    assert "second" in str(second.item.stem)
    assert second.item.language == "de"


def test_a_quiz_has_questions_of_both_in_a_language_that_both_have(folders):
    (folders[1] / "bank.yaml").write_text("bank: second\ntitle: Second\nlang: en\n")
    banks = load_banks(folders)
    quiz = assemble(banks, ["first/area", "second/area"], source=Source(seed=3), variants=3).quiz
    assert [slot.templates for slot in quiz.slots] == [("first/area",), ("second/area",)]
    assert quiz.title == "First, Second"
    assert quiz.bank_digest not in (bank.digest for bank in banks.banks)


def test_a_template_in_a_language_that_its_bank_has_not_is_refused(folders):
    with pytest.raises(FindingsError, match="Q414 the bank is not written in the language 'en'"):
        assemble(load_banks(folders), ["second/area"], source=Source(seed=3), language="en")
    with pytest.raises(FindingsError, match="Q414 no bank is written in the language 'fr'"):
        assemble(load_banks(folders), ["second/area"], source=Source(seed=3), language="fr")


def test_a_blueprint_names_templates_of_several_banks(folders, tmp_path):
    path = tmp_path / "exam.yaml"
    path.write_text(
        "slots:\n  - {template: first/area}\n  - {template: second/area}\n  - {template: second/word-of-second}\n"
        "  - {concept: c-words, count: 1}\n"
    )
    plans = plan_blueprint(read_blueprint(path), load_banks(folders))
    assert [plan.templates for plan in plans] == [("first/area",), ("second/area",), ("word-of-second",),
                                                  ("word-of-first",)]  # fmt: skip
    path.write_text("slots:\n  - {template: area}\n  - {template: third/area}\n")
    with pytest.raises(FindingsError, match="Q428") as caught:
        plan_blueprint(read_blueprint(path), load_banks(folders))
    assert [finding.code for finding in caught.value.findings] == ["Q428", "Q721"]
