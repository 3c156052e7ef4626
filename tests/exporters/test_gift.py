"""GIFT: parsed by gift-pegjs, graded as Moodle grades what it imports."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import pytest

from grading.answersheet import PartKey
from grading.keys import ChoiceKey, NumericKey, OrderingKey, Rival, TextKey, Tolerance
from grading.marking import canonical_responses, grade_item, grade_part
from grading.verdicts import Verdict
from quizgen.archive import write_archive
from quizgen.exporters.contract import Level, Options
from quizgen.exporters.gift import FORMAT, write
from quizgen.exporters.gift.fidelity import fidelity
from quizgen.exporters.rendering.phrases import phrase
from quizgen.exporters.rendering.text import inline_text
from quizgen.exporters.stand_in import chosen, chosen_key
from quizgen.model import (
    KINDS,
    ChoiceInteraction,
    GeneratedItem,
    NumericInteraction,
    Part,
    Quiz,
    TextInteraction,
)
from tests.exporters import example_items as examples
from tests.exporters.gift_model import load
from tests.exporters.moodle_model import Question, Refused, text_of
from tests.exporters.test_marks_agree import in_moodle
from tests.exporters.whole_bank import whole_bank

Run = Callable[[str, str], Any]
ITEMS = examples.everything()


def text_for(folder: Path, items: tuple[GeneratedItem, ...], quiz: Quiz | None = None) -> str:
    archive = write_archive(folder / "quiz", quiz or examples.quiz_of(items), items)
    return b"".join(chunk for _, chunk in write(archive, Options())).decode()


def exported(folder: Path, run_node: Run, *items: GeneratedItem) -> list[Question]:
    return load(text_for(folder, items), run_node)


def test_everything_is_parsed(tmp_path: Path, run_node: Run) -> None:
    questions = exported(tmp_path, run_node, *ITEMS)
    assert [question.type for question in questions] == [
        "multichoice", "truefalse", "multichoice", "multichoice", "multichoice", "multichoice", "numerical", "essay",
        "matching", "matching", "matching", "shortanswer", "shortanswer", "essay",
        "numerical", "multichoice", "shortanswer", "numerical", "multichoice", "numerical", "multichoice", "essay",
        "multichoice",
    ]  # fmt: skip
    first, cloze = questions[0], questions[14]
    item = examples.choice().item
    assert first.category == "$course$/top/Masked words/slot-1 " + item.title
    assert cloze.category.endswith("/slot-15 Fill in/Q-02AB")
    assert (first.idnumber, cloze.idnumber) == (item.id, "fill-in-0001#position")
    assert first.tags == [item.template, *item.concepts, "bloom:apply", f"revision:{item.revision[:16]}"]
    assert first.name.startswith(item.code + " ")
    assert item.code in text_of(first.html)
    assert item.revision in text_of(first.general)
    assert "the position is ____ (1), the model sees ____ (2)" in text_of(cloze.html)


def test_formulas_arrive(tmp_path: Path, run_node: Run) -> None:
    (question,) = exported(tmp_path, run_node, examples.choice())
    assert r"\( \log \Pr(x_{2} = \text{quick} \mid \bar{\mathbf{x}}) \)" in question.answers[1].text
    assert r"\( \log p \)" in question.answers[0].feedback
    assert [question.grade(place) for place in range(4)] == [0, 1, 0, F(1, 2)]
    newlines = examples.single(
        "nabla", "single-choice", (examples.paragraph("a"),),
        ChoiceInteraction((examples.option("a", "x"), examples.option("b", "y"))),
        ChoiceKey("a", (Rival("b", feedback=r"$\nabla L \neq 0$"),)),
    )  # fmt: skip
    (question,) = exported(tmp_path, run_node, newlines)
    assert question.answers[1].feedback == r"<p>\( \nabla L \neq 0 \)</p>"


def given(part: Part, part_key: PartKey, response: Any, question: Question) -> Any:
    """A canonical response as it is given in Moodle; an order is a matching of places."""
    if isinstance(part_key.key, OrderingKey):
        known = isinstance(response, list) and sorted(response) == sorted(part_key.key.order)
        texts = dict(part_key.options)
        return {f"{place}.": texts[id_] for place, id_ in enumerate(response, 1)} if known else None
    return in_moodle(part, part_key, response, question)


def compared(generated: GeneratedItem, questions: list[Question]) -> int:
    """Compares both marks of every canonical response that can be given there; how many there were."""
    item, key, count = generated.item, generated.key, 0
    parts = list(zip(item.parts, key.parts, questions, strict=True))
    for expected in canonical_responses(key):
        response = expected.response if len(parts) > 1 else {item.parts[0].id: expected.response}
        if not isinstance(response, dict) or not set(response) <= {part.id for part in item.parts}:
            continue
        theirs: list[F] = []
        for part, part_key, question in parts:
            answer = given(part, part_key, response.get(part.id), question)
            graded = grade_part(part_key, response.get(part.id))
            if answer is None or graded.verdict is Verdict.UNDECIDED:
                break
            theirs.append(part.weight * (question.grade(answer) or F(0)))
        else:
            ours = grade_item(key, expected.response)
            assert sum(theirs) == pytest.approx(float(ours.score or 0), abs=1e-5), (item.id, expected.response)
            count += 1
    return count


def promised(generated: GeneratedItem) -> bool:
    """Exact, or degraded only in that the parts stand apart."""
    found = fidelity(generated.item, generated.key).caveats
    return all(each.level is Level.EXACT or each.code == "parts:separate-questions" for each in found)


@pytest.mark.parametrize("generated", [*filter(promised, ITEMS)], ids=lambda g: g.item.id)
def test_our_mark(tmp_path: Path, run_node: Run, generated: GeneratedItem) -> None:
    questions = exported(tmp_path, run_node, generated)
    least = 0 if any(question.type == "essay" for question in questions) else 2
    assert compared(generated, questions) >= least


def test_our_mark_of_the_choice_that_stands_for_several_numbers(tmp_path: Path, run_node: Run) -> None:
    generated = examples.numeric_tuple()
    choice = GeneratedItem(chosen(generated.item), chosen_key(generated.key))
    assert compared(choice, exported(tmp_path, run_node, generated)) >= 4


def test_a_wrong_share_would_be_found(tmp_path: Path, run_node: Run) -> None:
    text = text_for(tmp_path, (examples.choice(),))
    (question,) = load(text.replace("~%50%", "~%20%"), run_node)
    with pytest.raises(AssertionError):
        compared(examples.choice(), [question])
    with pytest.raises(Refused, match="not on the list"):
        load(text.replace("~%50%", "~%51%"), run_node)
    with pytest.raises(Refused):
        load(text.replace("\\{", "{"), run_node)


@pytest.mark.parametrize(
    "tolerance",
    [Tolerance(), Tolerance("absolute", F(5, 1000)), Tolerance("relative", F(1, 100)), Tolerance("significant", F(3)),
     Tolerance("decimals", F(2)), Tolerance("absolute", F(5, 1000), "outside")],
    ids=lambda tolerance: f"{tolerance.kind}-{tolerance.boundary}",
)  # fmt: skip
def test_numbers_of_every_tolerance(tmp_path: Path, run_node: Run, tolerance: Tolerance) -> None:
    values = ("-log(0.5) - log(0.4)", "8/5", "exp(2)", "-1/3", "12.34", "0")[1 if tolerance.kind == "exact" else 0 :]
    rivals = (Rival("2.5", ("a",), F(1, 2)), Rival("log(7)", ("b",)), Rival("log(7)", ("b", "c"), F(1, 4)))
    items = tuple(
        examples.single(f"n{number}", "numeric", (examples.paragraph("n"),), NumericInteraction(), key)
        for number, value in enumerate(values)
        if (key := NumericKey(value, tolerance, rivals=rivals))
    )
    kept = [item for item in items if promised(item)]
    assert len(kept) >= len(items) - 2
    for question, item in zip(exported(tmp_path, run_node, *kept), kept, strict=True):
        assert compared(item, [question]) >= 2


def test_the_whole_bank(tmp_path: Path, run_node: Run) -> None:
    assembly = whole_bank()
    items = tuple(assembly.items())
    found: dict[str, list[Question]] = {}
    for question in load(text_for(tmp_path, items, assembly.quiz), run_node):
        found.setdefault(question.idnumber.partition("#")[0], []).append(question)
    assert set(found) == {generated.item.id for generated in items}
    counts = [compared(generated, found[generated.item.id]) for generated in items if promised(generated)]
    assert len(counts) > len(items) / 2
    assert sum(counts) > 4 * len(counts)


@pytest.mark.parametrize("text", examples.AWKWARD, ids=lambda text: repr(text[:12]))
def test_awkward_text_survives_in_every_kind(tmp_path: Path, run_node: Run, text: str) -> None:
    items = examples.awkward_items(text)
    raw = text_for(tmp_path, items)
    shown = " ".join(re.sub("[\x00\x07]", "", text).split())
    questions = load(raw, run_node)
    assert len(questions) == 15
    for question in questions:
        assert shown in text_of(question.html), question.type
        assert shown[:200] in question.name or len(question.name) > 200
        if not question.idnumber.endswith(("#one", "#n", "#c")):
            assert shown in text_of(question.general)
    choice, truth, multi, number, _, match, order, short, _, gap_number, gap_choice, gap_text, *_ = questions
    for question in (choice, multi, gap_choice):
        assert question.texts() == [f"{shown} {which}" for which in ("one", "two", "three")]
    phrased = " ".join(inline_text(phrase(text)).split())
    pair = questions[-1]
    for said in (
        choice.answers[1], truth.answers[1], number.answers[-1], gap_number.answers[-1], short.answers[-1],
        pair.answers[1],
    ):  # fmt: skip
        assert phrased in text_of(said.feedback)
    assert [right for _, right in match.pairs] == choice.texts()
    assert [right for _, right in order.pairs] == [f"{shown} {which}" for which in ("three", "one", "two")]
    for question in (short, gap_text):
        assert [question.grade(shown), question.grade(shown + "?")] == [1, 0]


@pytest.mark.parametrize(
    "text", ["%50%half", "[html]x", "=1", "# 2", "T", "FALSE", "-5:3", "a~b", "//x", "$CATEGORY: y"]
)
def test_texts_that_mean_something_in_gift(tmp_path: Path, run_node: Run, text: str) -> None:
    options = (examples.option("a", text), examples.option("b", "b"))
    stem = (examples.paragraph(text),)
    choice = examples.single("c", "single-choice", stem, ChoiceInteraction(options), ChoiceKey("a"), title=text)
    wrong = (Rival(text + "!", (), F(1, 4)),)
    short = examples.single("s", "short-answer", stem, TextInteraction(), TextKey((text,), rivals=wrong))
    chosen, typed = exported(tmp_path, run_node, choice, short)
    assert (chosen.texts(), [chosen.grade(0), chosen.grade(1)]) == ([text, "b"], [1, 0])
    assert chosen.name == f"{choice.item.code} {text}"
    assert [typed.grade(text), typed.grade(text + "!"), typed.grade("x" + text)] == [1, F(1, 4), 0]
    assert [text_of(question.html).split()[0] for question in (chosen, typed)] == [text.split()[0]] * 2


def test_what_gift_cannot_say_is_a_caveat(tmp_path: Path, run_node: Run) -> None:
    def codes(generated: GeneratedItem) -> list[str]:
        return [caveat.code for caveat in fidelity(generated.item, generated.key).caveats]

    def text(key: TextKey) -> GeneratedItem:
        return examples.single("t", "short-answer", (examples.paragraph("t"),), TextInteraction(), key)

    assert codes(examples.ordering()) == ["ordering:as-matching"]
    assert codes(examples.ordering("all-or-nothing")) == ["ordering:as-matching", "ordering:all-or-nothing"]
    assert codes(examples.essay()) == ["essay:rubric"]
    assert "hints:left-out" in codes(examples.choice())
    assert "parts:separate-questions" in codes(examples.cloze())
    assert codes(text(TextKey(("BERT",), case_sensitive=True)))[-1] == "short-answer:case"
    arrow = text(TextKey(("a -> b",)))
    assert codes(arrow)[-1] == "short-answer:arrow"
    assert [question.type for question in exported(tmp_path, run_node, arrow)] == ["essay"]
    assert fidelity(examples.choice().item, None).level is Level.NONE


def test_the_same_bytes_and_one_line_a_question(tmp_path: Path) -> None:
    first, again = (text_for(tmp_path, examples.awkward_items("a\n\nb\r\nc")) for _ in range(2))
    assert first == again
    blocks = first.strip().split("\n\n")
    assert sum(block.startswith("// question") for block in blocks) == 15
    assert all(block.startswith(("// ", "$CATEGORY: ")) for block in blocks)


def test_every_kind_is_in_the_table_of_formats() -> None:
    worst: dict[str, set[Level]] = {}
    for generated in ITEMS:
        worst.setdefault(generated.item.kind, set()).add(fidelity(generated.item, generated.key).level)
    assert set(FORMAT.kinds) == set(KINDS) == set(worst)
    assert all(FORMAT.kinds[kind] in levels for kind, levels in worst.items())
