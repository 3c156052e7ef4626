"""What `quizgen diff` says of edits: words, marks, and which variants, also against revisions of git."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from quizgen.bank import load_bank
from quizgen.cli.program import run
from quizgen.differences import compare_banks
from quizgen.generator import Generator
from quizgen.sampling.draws import Source

AREA = """\
template: area
kind: numeric
draw: {a: 2..9, b: 2..9}
stem: A rectangle is {{ a }} cm by {{ b }} cm. What is its area?
key: {value: a*b, tolerance: 0.5}
wrong: {perimeter: 2*(a + b), half: {value: a*b/2, credit: 1/4, feedback: That is a triangle.}}
hints: [How many squares fit?]
solution: It is {{ a }} times {{ b }}.
"""
SKY = "template: sky\nkind: single-choice\nstem: Which colour has the sky?\nkey: Blue\nwrong: [Green, Red]\n"


@pytest.fixture
def banks(tmp_path):
    def made(name: str, **files: str) -> Path:
        folder = tmp_path / name / "bank"
        folder.mkdir(parents=True)
        for file, text in files.items():
            (folder / f"{file}.yaml").write_text(text, encoding="utf-8")
        return folder

    return made


def compared(banks, new: str, old: str = AREA):
    (change,) = compare_banks(load_bank(banks("old", t=old)), load_bank(banks("new", t=new)))
    return change


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("What is its area?", "How large is its area?", "stem"),
        ("It is {{ a }}", "The area is {{ a }}", "solution"),
        ("How many squares fit?", "How many squares fit into a row?", "hints"),
        ("That is a triangle.", "A triangle has that area.", "feedback"),
    ],
)
def test_words_change_no_marks(banks, old, new, what):
    change = compared(banks, AREA.replace(old, new))
    assert change.what == "words"
    assert [variant.variant for variant in change.variants] == list(range(20))
    assert {variant.changed for variant in change.variants} == {(what,)}
    assert not any(variant.grades for variant in change.variants)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("value: a*b,", "value: a*b + 1,", "key"),
        ("credit: 1/4", "credit: 1/2", "wrong answers"),
        ("tolerance: 0.5", "tolerance: exact", "tolerance"),
    ],
)
def test_keys_credits_and_tolerances_change_marks(banks, old, new, what):
    change = compared(banks, AREA.replace(old, new))
    assert change.what == "marks"
    assert len(change.variants) == 20
    assert all(what in variant.changed for variant in change.variants)
    assert any("→" in line for variant in change.variants for line in variant.grades)


def test_only_the_variants_that_an_edit_touches_are_named(banks):
    change = compared(banks, AREA.replace("value: a*b,", "value: 'max(a*b, 10)',"))
    bank = load_bank(banks("again", t=AREA))
    generator = Generator(bank.template("area"), bank, Source(seed="diff"))
    small = {number for number in range(20) if int(generator.item(number).key.parts[0].key.value) < 10}
    assert small
    assert {variant.variant for variant in change.variants} == small


def test_comments_and_order_of_files_change_nothing(banks):
    assert compared(banks, "# a comment\n" + AREA).what == "unchanged"


def test_another_option_changes_marks(banks):
    assert compared(banks, SKY.replace("Red", "Yellow"), SKY).what == "marks"


def test_what_comes_and_goes(banks):
    found = compare_banks(load_bank(banks("old", a=AREA)), load_bank(banks("new", s=SKY)))
    assert [(change.template, change.what) for change in found] == [("sky", "added"), ("area", "removed")]


# ---------------------------------------------------------------- the command


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path, banks, monkeypatch):
    """A repository with two commits of a bank, and one more edit that is not committed."""
    folder = banks("repository", area=AREA, sky=SKY)
    git(folder.parent, "init", "-q")
    git(folder.parent, "add", "-A")
    git(folder.parent, "commit", "-qm", "one")
    (folder / "area.yaml").write_text(AREA.replace("How many squares fit?", "How many squares are there?"))
    git(folder.parent, "commit", "-qam", "two")
    (folder / "sky.yaml").unlink()
    monkeypatch.chdir(folder.parent)
    return folder


def test_revisions_are_compared(repository, capfd):
    assert run(["diff", "bank@HEAD~1", "bank@HEAD"]) == 1
    out, err = capfd.readouterr()
    assert out.splitlines() == ["words     area", "            en, variants 0–19: hints"]
    assert err.strip() == "2 templates: 1 with other words, 1 unchanged"
    assert run(["diff", "bank@HEAD", "bank@HEAD"]) == 0
    assert capfd.readouterr().out == ""
    assert run(["diff", "bank@HEAD~1", "bank", "--json", "--variants", "3"]) == 1
    found = {change["template"]: change for change in json.loads(capfd.readouterr().out)}
    assert found["sky"]["what"] == "removed"
    assert len(found["area"]["variants"]) == 3


def test_a_changed_key_is_shown_with_what_it_does(repository, capfd):
    path = repository / "area.yaml"
    path.write_text(path.read_text().replace("credit: 1/4", "credit: 3/4"))
    assert run(["diff", "bank@HEAD", "bank"]) == 1
    out = capfd.readouterr().out
    assert "marks     area" in out
    assert "wrong answers" in out
    assert "partial 1/4 → partial 3/4" in out


@pytest.mark.parametrize("given", ["bank@no-such", "nothing", "bank@", "bank@--output=x", "nothing@HEAD"])
def test_what_cannot_be_had_is_said(repository, capfd, given):
    assert run(["diff", given, "bank"]) == 2
    err = capfd.readouterr().err
    assert given.partition("@")[0] in err
    assert "Traceback" not in err
    assert not (repository.parent / "x").exists()
