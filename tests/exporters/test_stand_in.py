"""Questions of several numbers: kept as they are where a person or our own grader marks them, else a single choice."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grading.answersheet import to_json
from grading.keys import ChoiceKey, NumericTupleKey
from grading.marking import canonical_responses, grade_item
from quizgen.archive import Archive, write_archive
from quizgen.exporters import FORMATS, export, gift, html_page, moodle_xml, plan
from quizgen.exporters.contract import ExportError, Format, Level, Options
from quizgen.exporters.stand_in import CHOICE_INSTEAD, NO_CHOICE, chosen, chosen_key
from quizgen.model import ChoiceInteraction, GeneratedItem, NumericTupleInteraction, Purpose
from tests.exporters import example_items as examples
from tests.exporters.test_canvas import exported as in_canvas
from tests.exporters.test_marks_agree import in_moodle
from tests.exporters.test_moodle_xml import exported as in_moodle_xml

LONG = examples.numeric_tuple()
SHORT_STEM = (examples.paragraph("A gives 0.8 and 0.3. Give numbers: larger sum, larger loss."),)
TUPLE = GeneratedItem(msgspec.structs.replace(LONG.item, stem=SHORT_STEM), LONG.key)
"""Short enough for every format."""
KEPT = ("json", "html", "scorm12", "scorm2004", "xapi", "pdf", "typst", "latex", "markdown", "csv", "xlsx")
REFUSED = ("moodle-stack",)
"""Formats that carry no choices either."""


def stand_in(generated: GeneratedItem) -> GeneratedItem:
    return GeneratedItem(chosen(generated.item), chosen_key(generated.key))


def archive_of(folder: Path, generated: GeneratedItem = TUPLE, purpose: Purpose = "practice") -> Archive:
    return write_archive(folder / "quiz", examples.quiz_of((generated,), purpose), (generated,))


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.id)
def test_a_format_keeps_it_or_says_that_it_is_a_choice(format_: Format) -> None:
    found = format_.fidelity(TUPLE.item, TUPLE.key)
    kept = format_.id in KEPT
    refused = format_.id in REFUSED
    assert found.level is (Level.EXACT if kept else Level.NONE if refused else Level.DEGRADED)
    assert format_.kinds["numeric-tuple"] is found.level
    assert (CHOICE_INSTEAD in found.caveats) is not (kept or refused)


def test_without_wrong_numbers_there_is_no_choice_and_platforms_refuse_it(tmp_path: Path) -> None:
    (part,), (part_key,) = TUPLE.item.parts, TUPLE.key.parts
    assert isinstance(part.interaction, NumericTupleInteraction)
    bare = msgspec.structs.replace(part, interaction=NumericTupleInteraction(part.interaction.numbers))
    key = msgspec.structs.replace(part_key.key, choice=(), rivals=())
    alone = GeneratedItem(
        msgspec.structs.replace(TUPLE.item, parts=(bare,)),
        msgspec.structs.replace(TUPLE.key, parts=(msgspec.structs.replace(part_key, key=key, options=()),)),
    )
    archive = archive_of(tmp_path, alone)
    for format_ in FORMATS:
        refusals = plan(archive, format_).refusals
        assert bool(refusals) is (format_.id not in KEPT)
        assert (NO_CHOICE.message in " ".join(refusals)) is (format_.id not in (*KEPT, *REFUSED))
    with pytest.raises(ExportError, match="no wrong numbers"):
        export(archive, "moodle-xml", tmp_path / "out")
    assert export(archive, [*KEPT], tmp_path / "out")


def test_the_choice_is_the_same_question() -> None:
    """Same options, one of them right, and each is marked and explained as the numbers themselves."""
    choice = stand_in(TUPLE)
    (part,), (part_key,), (own,) = choice.item.parts, choice.key.parts, TUPLE.key.parts
    assert choice.item.kind == "single-choice"
    assert isinstance(part.interaction, ChoiceInteraction)
    assert isinstance(part_key.key, ChoiceKey)
    assert isinstance(own.key, NumericTupleKey)
    tuples = dict(own.key.choice)
    assert {option.id for option in part.interaction.options} == set(tuples)
    for option, value in tuples.items():
        typed = dict(zip(own.key.names, value.split("; "), strict=True))
        graded = [grade_item(choice.key, option), grade_item(TUPLE.key, option), grade_item(TUPLE.key, typed)]
        assert len({each.score for each in graded}) == 1
        assert len({each.diagnoses for each in graded}) == 1
        assert (graded[0].score == 1) is (option == part_key.key.correct)
    assert chosen(examples.choice().item) is not None
    assert chosen(examples.choice().item) == examples.choice().item


def marks(folder: Path, platform: str) -> Iterator[tuple[str, float]]:
    """What a platform gives for each option."""
    choice = stand_in(TUPLE)
    (part,), (part_key,) = choice.item.parts, choice.key.parts
    if platform == "moodle":
        (question,) = in_moodle_xml(folder, TUPLE)
        for option, _ in part_key.options:
            yield option, question.grade(in_moodle(part, part_key, option, question))
    else:
        (asked,) = in_canvas(folder, TUPLE)
        for option, _ in part_key.options:
            yield option, asked.grade(option, False)


@pytest.mark.parametrize("platform", ["moodle", "canvas"])
def test_a_platform_gives_our_mark(tmp_path: Path, platform: str) -> None:
    found = dict(marks(tmp_path, platform))
    ours = {option: grade_item(TUPLE.key, option).score or F(0) for option in found}
    if platform == "canvas":  # all or nothing, which the format says
        assert "choice:partial-credit" in {c.code for c in _format("canvas").fidelity(TUPLE.item, TUPLE.key).caveats}
        ours = {option: F(int(score)) for option, score in ours.items()}
    assert found == pytest.approx({option: float(score) for option, score in ours.items()}, abs=1e-5)
    assert sorted(ours.values())[-1] == 1


def _format(name: str) -> Format:
    return next(format_ for format_ in FORMATS if format_.id == name)


@pytest.mark.parametrize("write", [moodle_xml.write, gift.write], ids=["moodle", "gift"])
def test_the_stem_asks_for_one_of_the_options(tmp_path: Path, write: Callable[..., Any]) -> None:
    text = b"".join(chunk for _, chunk in write(archive_of(tmp_path), Options())).decode()
    assert "One of these answers is right. Which one?" in text
    assert "Both are smaller." in text


def test_a_part_of_several_becomes_a_choice_and_the_others_stay() -> None:
    case = examples.parts()
    extra = msgspec.structs.replace(TUPLE.item.parts[0], id="pair")
    item = msgspec.structs.replace(case.item, parts=(*case.item.parts, extra))
    found = chosen(item)
    assert found.kind == "parts"
    assert found.parts[:-1] == item.parts[:-1]
    assert isinstance(found.parts[-1].interaction, ChoiceInteraction)


def test_a_page_of_an_exam_holds_no_condition_and_no_option(tmp_path: Path) -> None:
    def page(purpose: Purpose) -> str:
        (tmp_path / purpose).mkdir()
        archive = archive_of(tmp_path / purpose, purpose=purpose)
        return "".join(chunk.decode() for _, chunk in html_page.write(archive, Options()))

    secrets = ("0.65", "0.55", "is no probability", "sums are equal", "Both are smaller", "conditions", "0.24")
    exam, practice = page("exam"), page("practice")
    exam = exam[exam.index("<main") : exam.index("<script>")]
    practice = practice[practice.index("<main") : practice.index("<script>")]
    assert [secret for secret in secrets if secret in exam] == []
    assert [secret for secret in secrets if secret not in practice] == ["0.24"]  # there as a fraction
    assert exam.count("data-name=") == 2


def test_people_read_the_conditions_with_an_example(tmp_path: Path) -> None:
    (exported,) = export(archive_of(tmp_path), ["markdown"], tmp_path / "out")
    text = (exported.folder / "quiz.md").read_text("utf-8").replace("\\", "")
    assert "Give these numbers, each with its name: b_1, b_2." in text.replace("b\\_", "b_")
    assert "0 < b₁ ≤ 1, 0 < b₂ ≤ 1, b₁ + b₂ > 1.1, b₁·b₂ < 0.24, for example b₁ = 0.9; b₂ = 0.25" in text
    assert "b₁ = 0.5; b₂ = 0.55" in text
    assert "not b₁ + b₂ > 1.1" in text


def test_other_programs_get_all_of_it(tmp_path: Path) -> None:
    (exported,) = export(archive_of(tmp_path), ["json"], tmp_path / "out")
    (record,) = json.loads((exported.folder / "quiz.json").read_text("utf-8"))["items"]
    assert record == json.loads(to_json(TUPLE))


def test_the_canonical_responses_hold_numbers_and_options() -> None:
    responses = [expected.response for expected in canonical_responses(TUPLE.key)]
    assert {"o1", "o2", "o3", "o4"} <= {response for response in responses if isinstance(response, str)}
    assert {"b_1": "0.9", "b_2": "0.25"} in responses
