"""Typed formulas as choices, where a person wants that: each option is marked as the formula that it shows."""

from __future__ import annotations

import zipfile
from fractions import Fraction as F
from pathlib import Path

import msgspec
import pytest

from grading.keys import ChoiceKey, Rival, SymbolicKey
from grading.marking import grade_item
from grading.verdicts import Verdict
from quizgen.archive import write_archive
from quizgen.bank import load_bank
from quizgen.content import Formula
from quizgen.exporters import FORMATS, export, plan
from quizgen.exporters.contract import Format, Level, Options
from quizgen.exporters.formula_choice import FORMULA_CHOSEN, MOST, stands_in, with_choices
from quizgen.generator import Generator
from quizgen.model import ChoiceInteraction, GeneratedItem
from quizgen.sampling.draws import Source
from tests.exporters import example_items as examples
from tests.exporters.test_marks_agree import in_moodle
from tests.exporters.test_moodle_xml import exported as in_moodle_xml

CHOICE = Options(formulas="choice")
FORMULAS = sorted(template.id for template in load_bank(None).templates if template.kind == "symbolic")


def with_rivals(*rivals: Rival) -> GeneratedItem:
    """The example of a typed formula with these known wrong ones."""
    made = examples.symbolic()
    (part_key,) = made.key.parts
    key = msgspec.structs.replace(part_key.key, rivals=rivals)
    parts = (msgspec.structs.replace(part_key, key=key),)
    return GeneratedItem(made.item, msgspec.structs.replace(made.key, parts=parts))


THREE = with_rivals(
    Rival("p_2", ("sum-of-probs",), feedback="No & log."), Rival("-log(p_2)", credit=F(1, 2)), Rival("log(p_1)")
)


def examine(made: GeneratedItem) -> int:
    """How many options there are; each one, typed as it is shown, gets the mark that its choice gets."""
    chosen, options = with_choices(made), 0
    for part, part_key, own in zip(chosen.item.parts, chosen.key.parts, made.key.parts, strict=True):
        if not isinstance(own.key, SymbolicKey) or not isinstance(part_key.key, ChoiceKey):
            assert part_key == own
            continue
        assert isinstance(part.interaction, ChoiceInteraction)
        assert dict(part_key.options).keys() == {option.id for option in part.interaction.options}
        assert len(made.key.parts) == 1
        for option in part.interaction.options:
            (formula,) = option.content
            assert isinstance(formula, Formula)
            picked = grade_item(chosen.key, option.id)
            assert picked.verdict is (Verdict.CORRECT if option.id == part_key.key.correct else picked.verdict)
            for typed in (formula.latex, formula.unicode, formula.plain):
                graded = grade_item(made.key, typed)
                assert (graded.verdict, graded.score) == (picked.verdict, picked.score), typed
            options += 1
    return options


def test_each_option_is_marked_as_the_formula_that_it_shows() -> None:
    assert examine(THREE) == 4


@pytest.mark.parametrize("name", FORMULAS)
def test_so_it_is_in_the_bank(name: str) -> None:
    bank = load_bank(None)
    generator = Generator(bank.template(name), bank, source=Source(seed=7))
    assert {examine(generator.item(variant)) for variant in range(6)} <= {0, 3, 4, MOST}


def test_what_may_be_equal_is_no_option_and_few_make_no_choice() -> None:
    same = with_rivals(Rival("p_2"), Rival("exp(log(p_2))"), Rival("log(p_2)+0"), Rival("2*p_2"), Rival("p_2/2"))
    assert examine(same) == 4
    assert with_choices(with_rivals(Rival("p_2"))) == with_rivals(Rival("p_2"))
    assert with_choices(examples.choice()) == examples.choice()


@pytest.mark.parametrize("format_", [f for f in FORMATS if not f.lacking()], ids=lambda format_: format_.id)
def test_a_format_that_compares_formulas_keeps_them(tmp_path: Path, format_: Format) -> None:
    archive = write_archive(tmp_path / "quiz", examples.quiz_of((THREE,)), (THREE,))
    as_choice, as_text = plan(archive, format_, CHOICE), plan(archive, format_)
    noted = [note.caveat for note in as_choice.noted]
    assert (FORMULA_CHOSEN in noted) is stands_in(format_) is (format_.kinds["symbolic"] is not Level.EXACT)
    assert (as_choice == as_text) is not stands_in(format_)
    assert not any(caveat.code == "symbolic:marked-on-return" for caveat in noted)
    export(archive, [format_], tmp_path / "a", options=CHOICE)
    export(archive, [format_], tmp_path / "b", options=CHOICE)
    first, second = (
        {path.name: path.read_bytes() for path in (tmp_path / name).rglob("*") if path.is_file()} for name in "ab"
    )
    assert first == second


def test_moodle_gives_our_marks(tmp_path: Path) -> None:
    chosen = with_choices(THREE)
    (part,), (part_key,) = chosen.item.parts, chosen.key.parts
    (question,) = in_moodle_xml(tmp_path, chosen)
    scores = {
        option: (question.grade(in_moodle(part, part_key, option, question)), grade_item(chosen.key, option).score)
        for option, _ in part_key.options
    }
    assert sorted(float(ours or 0) for _, ours in scores.values()) == [0, 0, 0.5, 1]
    assert all(abs(theirs - float(ours or 0)) < 1e-6 for theirs, ours in scores.values())


@pytest.mark.parametrize("name", ["moodle-xml", "gift", "canvas", "qti3", "aiken", "blackboard"])
def test_what_is_written_is_the_choice(tmp_path: Path, name: str) -> None:
    """Also where the format puts choices in the place of other kinds."""
    archive = write_archive(tmp_path / "quiz", examples.quiz_of((THREE,)), (THREE,))
    (done,) = export(archive, [name], tmp_path / "out", options=CHOICE)
    written = b"".join(
        b"".join(zipfile.ZipFile(path).read(member) for member in zipfile.ZipFile(path).namelist())
        if path.suffix == ".zip" else path.read_bytes()
        for path in (done.folder / file for file in done.files)
    ).decode()  # fmt: skip
    assert "One of these answers is right" in written
