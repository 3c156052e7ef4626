"""Banks: opening, listing, languages, defaults, and everything wrong with one at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from quizgen.bank import load_bank, open_bank
from quizgen.checks import check_bank
from quizgen.findings import FindingsError

PLAIN = "template: {}\nkind: true-false\nstem: It is so.\nkey: true\nsolution: It is.\n"


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "area").mkdir()
    (tmp_path / "bank.yaml").write_text(
        "bank: mine\ntitle: Mine\nlang: en\ntranslations: {de: {title: Meine, decimal_comma: yes}}\n"
    )
    (tmp_path / "area" / "one.yaml").write_text(PLAIN.format("one"))
    (tmp_path / "area" / "more.yaml").write_text(PLAIN.format("two") + "---\n" + PLAIN.format("three"))
    return tmp_path


def codes(folder: Path) -> list[str]:
    return [finding.code for finding in check_bank(folder) if finding.severity.value == "error"]


def test_the_shipped_bank_is_found_from_anywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    bank = load_bank()
    assert bank.languages == ("en", "de")
    assert bank.template(bank.listing()[0].template).kind
    assert bank.words("de")["flip-sign"].title != bank.words("en")["flip-sign"].title
    assert len(bank.corpus) > 50


def test_a_bank_of_ones_own(folder):
    bank = load_bank(folder)
    assert (bank.id, bank.title, bank.title_in("de"), bank.title_in("fr")) == ("mine", "Mine", "Meine", "Mine")
    assert [row.template for row in bank.listing()] == ["two", "three", "one"]
    assert bank.listing()[0].title == "Two"
    assert [template.id for template in bank.templates] == ["two", "three", "one"]
    assert bank.decimal_comma("de")
    assert not bank.decimal_comma("en")
    assert bank.decimal_comma("fr")
    assert bank.concepts is None
    assert codes(folder) == []


def test_a_folder_without_a_description_and_a_single_file_are_banks(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text(PLAIN.format("one"))
    for place in (tmp_path, path):
        bank = load_bank(place)
        assert bank.template("one").kind == "true-false"
        assert bank.language == "en"
        assert "flip-sign" in bank.words("en")
    assert load_bank(path).id == "one"


def test_listing_loads_nothing_heavy():
    program = (
        "import sys; from quizgen.bank import load_bank; load_bank().listing();"
        "heavy = {'pydantic', 'jinja2', 'markdown_it', 'sympy', 'lxml', 'numpy', 'latex2mathml'};"
        "print(*sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_digest_follows_the_content_and_not_the_writing(folder):
    digest = load_bank(folder).digest
    one = folder / "area" / "one.yaml"
    one.write_text("# a comment\n" + one.read_text().replace("It is so.", '"It is so."'))
    assert load_bank(folder).digest == digest
    one.write_text(one.read_text().replace("It is so.", "It is not so."))
    assert load_bank(folder).digest != digest


def test_an_unknown_template_is_a_finding(folder):
    with pytest.raises(FindingsError, match=r'Q412 the bank has no template "thre"; did you mean "three"\?'):
        load_bank(folder).template("thre")


def test_no_such_folder(tmp_path):
    with pytest.raises(FindingsError, match="Q001 there is no such folder"):
        open_bank(tmp_path / "none")
    assert [finding.code for finding in check_bank(tmp_path / "none")] == ["Q001"]


def test_an_empty_folder(tmp_path):
    assert [finding.code for finding in check_bank(tmp_path)] == ["Q413"]
    with pytest.raises(FindingsError, match="Q413"):
        load_bank(tmp_path)


def test_everything_wrong_with_a_bank_is_reported_at_once(folder):
    (folder / "bank.yaml").write_text("bnak: mine\nlang: english please\ntranslations: {de: x}\n")
    (folder / "area" / "broken.yaml").write_text("template: broken\nkind: 'true-false\n")
    (folder / "area" / "shape.yaml").write_text(PLAIN.format("shape") + "keyy: x\n")
    (folder / "area" / "again.yaml").write_text(PLAIN.format("one"))
    (folder / "area" / "meaning.yaml").write_text(PLAIN.format("meaning") + "hints: ['{{ x }}']\n")
    (folder / "sentences.yaml").write_text("sentences: {a: {text: A dog, mask: {9 dog NOUN: cat}}}\n")
    (folder / "misconceptions").mkdir()
    (folder / "misconceptions" / "words.yaml").write_text("- misconception: flip-sgin\n")
    found = codes(folder)
    assert {"Q101", "Q411", "Q012", "Q406", "Q201", "Q400"} <= set(found)
    assert found.count("Q411") == 3
    with pytest.raises(FindingsError) as error:
        load_bank(folder)
    assert {"Q411", "Q012", "Q406"} <= {finding.code for finding in error.value.findings}
    bank = open_bank(folder)
    assert bank.template("two").id == "two"  # what is sound can be used
    with pytest.raises(FindingsError):
        _ = bank.templates


def test_hidden_files_and_other_files_are_left_alone(folder):
    (folder / ".git").mkdir()
    (folder / ".git" / "x.yaml").write_text("not: [a template")
    (folder / "notes.txt").write_text("x")
    (folder / "area" / ".swap.yaml").write_text("not: [a template")
    assert codes(folder) == []
