"""Canvas: what both of its importers would make of a package, and the marks that they would give."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from fractions import Fraction as F
from html import escape, unescape
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grading.answersheet import PartKey
from grading.keys import (
    ChoiceKey,
    Digits,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    OrderingKey,
    Rival,
    TextKey,
    Tolerance,
)
from grading.marking import canonical_responses, grade_item
from grading.verdicts import Verdict
from quizgen.archive import Archive, write_archive
from quizgen.content import Formula
from quizgen.exporters.canvas import FORMAT, write
from quizgen.exporters.canvas.fidelity import fidelity
from quizgen.exporters.contract import Level, Options
from quizgen.exporters.rendering.text import inline_text
from quizgen.model import GeneratedItem, NumericInteraction, Part
from tests.exporters import example_items as examples
from tests.exporters.canvas_model import Question, load, text_of
from tests.exporters.whole_bank import whole_bank

EXACT = [g for g in examples.everything() if fidelity(g.item, g.key).level is Level.EXACT]


def archive_of(folder: Path, *items: GeneratedItem, purpose: str = "practice") -> Archive:
    return write_archive(folder / "quiz", examples.quiz_of(items, purpose), items)  # type: ignore[arg-type]


def exported(folder: Path, *items: GeneratedItem) -> list[Question]:
    return load(package(archive_of(folder, *items)))[1]


def package(archive: Archive) -> bytes:
    return b"".join(chunk for _, chunk in write(archive, Options()))


def test_everything_is_imported(tmp_path: Path) -> None:
    questions = exported(tmp_path, *examples.everything())
    assert {question.type for question in questions} == {
        "multiple_choice_question", "true_false_question", "multiple_answers_question", "numerical_question",
        "essay_question", "matching_question", "short_answer_question",
    }  # fmt: skip
    assert [q.ident for q in questions] == [g.item.id for g in examples.everything()]
    assert all(q.title.startswith(g.item.code) for q, g in zip(questions, examples.everything(), strict=True))
    assert all(g.item.code in text_of(q.html) for q, g in zip(questions, examples.everything(), strict=True))
    assert all(
        g.item.revision in q.feedback["general_fb"] for q, g in zip(questions, examples.everything(), strict=True)
    )


def test_a_slot_is_a_group_that_draws_one_of_its_pool(tmp_path: Path) -> None:
    first = examples.choice()
    second = GeneratedItem(
        msgspec.structs.replace(first.item, id="two", code="Q-TWO"),
        msgspec.structs.replace(first.key, item="two", code="Q-TWO"),
    )
    quiz = examples.quiz_of((first,), title="Week 3")
    slot = msgspec.structs.replace(quiz.slots[0], title="Sums of logs", pool=(first.item.id, "two"))
    archive = write_archive(tmp_path / "q", msgspec.structs.replace(quiz, slots=(slot,)), (first, second))
    settings, questions = load(package(archive))
    assert (settings["title"], settings["quiz_type"]) == ("Week 3", "practice_quiz")
    assert [question.group for question in questions] == ["slot-1 Sums of logs"] * 2


def test_an_exam_shows_no_answers(tmp_path: Path) -> None:
    settings, _ = load(package(archive_of(tmp_path, examples.choice(), purpose="exam")))
    assert (settings["show_correct_answers"], settings["hide_results"], settings["allowed_attempts"]) == (
        "false", "always", "1",
    )  # fmt: skip


def test_formulas_are_equations_with_their_spoken_text(tmp_path: Path) -> None:
    (question,) = exported(tmp_path, examples.choice())
    latex = r"\log \Pr(x_{2} = \text{quick} \mid \bar{\mathbf{x}})"
    assert any(f"[{latex}]" in option for option in question.fields[0].options.values())
    spoken = next(
        piece.spoken
        for option in examples.choice().item.parts[0].interaction.options  # type: ignore[union-attr]
        for piece in option.content
        if isinstance(piece, Formula) and piece.latex == latex
    )
    with zipfile.ZipFile(io.BytesIO(package(archive_of(tmp_path / "again", examples.choice())))) as members:
        text = members.read(members.namelist()[-1]).decode()
    assert f'alt="{escape(spoken)}"' in unescape(text)


def in_canvas(part: Part, part_key: PartKey, response: Any, question: Question) -> Any:
    """A canonical response as Canvas gets it; None where a learner cannot give it there."""
    key = part_key.key
    match key:
        case ChoiceKey():
            return response if response in question.fields[0].options else None if response else ""
        case MultipleAnswerKey():
            return response if set(response or ()) <= set(question.fields[0].options) else None
        case NumericKey() | TextKey():
            return response or "" if isinstance(response, str | None) else None
        case MatchingKey():
            if not isinstance(response, dict | None):
                return None
            known = {f.name.removeprefix("response_"): f.options for f in question.fields}
            fits = all(left in known and right in known[left] for left, right in (response or {}).items())
            return {f"response_{left}": right for left, right in (response or {}).items()} if fits else None
        case OrderingKey():
            known_order = isinstance(response, list) and sorted(response) == sorted(key.order)
            return {f"response_{id_}": f"place{k}" for k, id_ in enumerate(response, 1)} if known_order else None
    return None


def agreed(folder: Path, generated: GeneratedItem) -> int:
    """Compares the marks of every canonical response that Canvas can be given, in both engines; how many there were."""
    (question,) = exported(folder, generated)
    (part,), (part_key,) = generated.item.parts, generated.key.parts
    compared = 0
    for expected in canonical_responses(generated.key):
        given = in_canvas(part, part_key, expected.response, question)
        ours = grade_item(generated.key, expected.response)
        if given is not None and ours.verdict is not Verdict.UNDECIDED:
            if not plain_number(part_key, given):
                continue
            for new_quizzes in (False, True):
                mark = question.grade(given, new_quizzes)
                assert mark == pytest.approx(ours.score or 0, abs=1e-6), (generated.item.id, expected.response)
            compared += 1
    return compared


def plain_number(part_key: PartKey, given: Any) -> bool:
    """Canvas reads 8/5 as 8, which the format says of every number."""
    return not isinstance(part_key.key, NumericKey) or not any(sign in str(given) for sign in "/,()·−e%")


@pytest.mark.parametrize("generated", [g for g in EXACT if len(g.item.parts) == 1], ids=lambda g: g.item.id)
def test_canvas_gives_our_mark(tmp_path: Path, generated: GeneratedItem) -> None:
    assert agreed(tmp_path, generated) >= (0 if generated.item.kind == "essay" else 2)


def test_most_kinds_are_exact() -> None:
    assert {g.item.kind for g in EXACT} >= {"true-false", "multiple-answer", "matching", "ordering", "essay"}


@pytest.mark.parametrize("value", ["-log(0.5) - log(0.4)", "exp(2)", "-1/3", "12.34"])
@pytest.mark.parametrize(
    "tolerance",
    [
        Tolerance("absolute", F(5, 1000)),
        Tolerance("relative", F(1, 100)),
        Tolerance("significant", F(3)),
        Tolerance("decimals", F(2)),
        Tolerance("absolute", F(5, 1000), "outside"),
    ],
    ids=lambda tolerance: f"{tolerance.kind}-{tolerance.boundary}",
)
def test_numbers_of_every_tolerance(tmp_path: Path, value: str, tolerance: Tolerance) -> None:
    key = NumericKey(value, tolerance, rivals=(Rival("2.5", ("a",)), Rival("log(7)", ("b",))))
    assert agreed(tmp_path, examples.single("n", "numeric", (), NumericInteraction(), key)) >= 2


def numeric(key: NumericKey) -> GeneratedItem:
    return examples.single("n", "numeric", (), NumericInteraction(), key)


def codes(generated: GeneratedItem) -> set[str]:
    return {caveat.code for caveat in fidelity(generated.item, generated.key).caveats}


def test_what_is_lost_is_said() -> None:
    assert "numeric:zero" in codes(numeric(NumericKey("0", Tolerance("absolute", F(1)))))
    assert "numeric:zero" not in codes(numeric(NumericKey("2", Tolerance("absolute", F(1)))))
    assert "numeric:partial-credit" in codes(numeric(NumericKey("2", rivals=(Rival("3", ("a",), F(1, 2)),))))
    assert "numeric:digits" in codes(numeric(NumericKey("2", digits=Digits("figures", 3))))
    assert "choice:partial-credit" in codes(examples.choice())
    assert "multiple-answer:per-option" in codes(examples.multiple_answer("per-option"))
    assert "scoring:all-or-nothing" in codes(examples.multiple_answer("all-or-nothing"))
    assert "scoring:all-or-nothing" in codes(examples.ordering("all-or-nothing"))
    assert "symbolic:marked-on-return" in codes(examples.symbolic())
    several = examples.multiple_answer()
    nothing = msgspec.structs.replace(several.key.parts[0].key, correct=(), rivals=())
    part = msgspec.structs.replace(several.key.parts[0], key=nothing)
    none_right = fidelity(several.item, msgspec.structs.replace(several.key, parts=(part,)))
    assert none_right.level is Level.NONE
    assert "parts:marked-on-return" in codes(examples.cloze())


def test_gaps_of_words_are_blanks(tmp_path: Path) -> None:
    item = examples.short_answer("words")
    parts = tuple(msgspec.structs.replace(item.item.parts[0], id=f"b{k}", weight=F(1, 2)) for k in (1, 2))
    keys = tuple(PartKey(f"b{k}", TextKey((word,)), F(1, 2)) for k, word in ((1, "mask"), (2, "keep it")))
    both = GeneratedItem(
        msgspec.structs.replace(item.item, kind="cloze", parts=parts), msgspec.structs.replace(item.key, parts=keys)
    )
    (question,) = exported(tmp_path, both)
    assert question.type == "fill_in_multiple_blanks_question"
    assert "[b1]" in question.html
    assert "[b2]" in question.html
    assert question.grade({"response_b1": "Mask", "response_b2": "keep"}) == pytest.approx(0.5)
    assert question.grade({"response_b1": "mask", "response_b2": "keep it"}) == pytest.approx(1)


AWKWARD = [
    "]]>", "AT&T", "<b>", "a<b", "~=#{}", "\"quotes\" 'single'", "😀", "שלום", "one\n\ntwo", "$5 and $6", "$$x$$",
    r"\(x\)", "x" * 5_000, "##ANSWER1##", "[MASK] [b1]", "\x00\x08",
]  # fmt: skip


@pytest.mark.parametrize("text", AWKWARD, ids=lambda text: ascii(text[:12]))
def test_awkward_text_arrives_as_it_is(tmp_path: Path, text: str) -> None:
    items = examples.awkward_items(text)
    questions = exported(tmp_path, *items)
    assert len(questions) == len(items)
    for question, generated in zip(questions, items, strict=True):
        for shown, wanted in zip(options_of(question), texts_of(generated), strict=False):
            assert "".join(shown.split()) == "".join(wanted.split())


def options_of(question: Question) -> Iterator[str]:
    if question.type in ("multiple_choice_question", "true_false_question", "multiple_answers_question"):
        yield from question.fields[0].options.values()


def texts_of(generated: GeneratedItem) -> Iterator[str]:
    for option in getattr(generated.item.parts[0].interaction, "options", ()):
        if not any(type(piece).__name__ == "Formula" for piece in option.content):
            yield inline_text(option.content)


def test_the_same_quiz_is_the_same_package(tmp_path: Path) -> None:
    one = package(archive_of(tmp_path / "a", *examples.everything()))
    other = package(archive_of(tmp_path / "b", *examples.everything()))
    assert one == other


def test_the_whole_bank(tmp_path: Path) -> None:
    """Every template of the bank: imported without a refusal, and marked as we mark it wherever that is promised."""

    assembly = whole_bank()
    items = tuple(assembly.items())
    _, questions = load(package(write_archive(tmp_path / "bank", assembly.quiz, items)))
    assert len(questions) == len(items)
    exact = [g for g in items if fidelity(g.item, g.key).level is Level.EXACT and len(g.item.parts) == 1]
    compared = [agreed(tmp_path / g.item.id, g) for g in exact]
    assert len(compared) > len(items) / 3
    assert sum(compared) > 3 * len(compared)


def test_it_is_in_the_table_of_formats() -> None:
    from quizgen.exporters import FORMATS

    assert FORMAT in FORMATS
