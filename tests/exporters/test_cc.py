"""Common Cartridge: checked against the rules of its QTI profile, and marked by its own conditions."""

from __future__ import annotations

import io
import re
import zipfile
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grading.answersheet import PartKey
from grading.keys import (
    ChoiceKey,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    OrderingKey,
    Rival,
    TextKey,
    Tolerance,
)
from grading.marking import canonical_responses, grade_part
from grading.verdicts import Verdict
from quizgen.archive import write_archive
from quizgen.exporters import export
from quizgen.exporters.cc import FORMAT, write
from quizgen.exporters.cc.fidelity import fidelity
from quizgen.exporters.contract import ExportError, Level, Options
from quizgen.exporters.formula_choice import with_choices
from quizgen.exporters.rendering.text import inline_text
from quizgen.exporters.stand_in import chosen, chosen_key
from quizgen.exporters.told_answers import offered
from quizgen.model import (
    ChoiceInteraction,
    GeneratedItem,
    MultipleAnswerInteraction,
    NumericInteraction,
    Part,
    Quiz,
    TextInteraction,
)
from tests.exporters import example_items as examples
from tests.exporters.cc_model import Question, Refused, Waits, load, shown
from tests.exporters.whole_bank import whole_bank

ITEMS = examples.everything()


def packages(folder: Path, items: tuple[GeneratedItem, ...], quiz: Quiz | None = None) -> dict[str, bytes]:
    archive = write_archive(folder / "quiz", quiz or examples.quiz_of(items), items)
    found: dict[str, bytes] = {}
    for path, chunk in write(archive, Options()):
        found[path] = found.get(path, b"") + chunk
    return found


def exported(folder: Path, *items: GeneratedItem) -> list[Question]:
    (package,) = packages(folder, items).values()
    return load(package)[2]


def codes(made: GeneratedItem) -> list[str]:
    return [caveat.code for caveat in fidelity(made.item, made.key).caveats]


def is_exact(made: GeneratedItem) -> bool:
    return fidelity(made.item, made.key).level is Level.EXACT


def given(part: Part, part_key: PartKey, response: Any) -> set[str] | str | None:
    """A canonical response as it is given in a question of the profile; None where that cannot be."""
    options = {option.id for option in getattr(part.interaction, "options", ())}
    match part_key.key:
        case ChoiceKey():
            return {response} if response in options else None if response else set()
        case MultipleAnswerKey():
            known = isinstance(response, list | None) and set(response or ()) <= options
            return set(response or ()) if known else None
        case NumericKey() | TextKey():
            return " ".join((response or "").split()) if isinstance(response, str | None) else None
        case MatchingKey():
            lefts, rights = offered(part.interaction)
            letters = {entry.id: entry.label for entry in rights}
            known = isinstance(response, dict) and set(response.values()) <= set(letters)
            return " ".join(letters[response[left.id]] for left in lefts if left.id in response) if known else None
        case OrderingKey(order):
            letters = {entry.id: entry.label for entry in offered(part.interaction)[0]}
            known = isinstance(response, list) and sorted(response) == sorted(order)
            return "".join(letters[id_] for id_ in response) if known else None
    return None


def is_text(part_key: PartKey, answer: object) -> bool:
    """Whether a number is typed as a decimal of few places, which can be listed."""
    return not isinstance(part_key.key, NumericKey) or bool(re.fullmatch(r"-?\d+([.,]\d{1,2})?|", str(answer)))


def agreed(made: GeneratedItem, questions: list[Question]) -> int:
    """Compares the marks of canonical responses; how many there were.

    Of a question that is exact they are equal. Of any other: all points there are all points here.
    """
    asked = GeneratedItem(chosen(made.item), chosen_key(made.key))
    several, count = len(asked.item.parts) > 1, 0
    lossy = {caveat.code for caveat in fidelity(made.item, made.key).caveats if caveat.level is not Level.EXACT}
    exact = lossy <= {"parts:separate-questions", "numeric-tuple:single-choice"}
    for part, part_key, question in zip(asked.item.parts, asked.key.parts, questions, strict=True):
        if question.profile == "fib" and isinstance(part_key.key, NumericKey | TextKey):
            assert all(grade_part(part_key, text).score == 1 for text in question.right_texts()), question.ident
        for expected in canonical_responses(asked.key):
            response = expected.response
            if several:
                response = response.get(part.id) if isinstance(response, dict) else None
            answer = given(part, part_key, response)
            if answer is None or question.profile == "essay":
                continue
            ours = grade_part(part_key, response)
            if ours.verdict is Verdict.UNDECIDED:
                continue
            theirs = question.share(answer)
            if exact and is_text(part_key, answer):
                assert theirs == pytest.approx(float(ours.score or 0), abs=1e-6), (question.ident, response)
            elif theirs == 1:
                assert ours.score == 1, (question.ident, response)
            elif ours.score == 1:
                assert not is_text(part_key, answer), (question.ident, response)
            count += 1
    return count


def all_agreed(items: tuple[GeneratedItem, ...], package: bytes) -> int:
    questions, count = iter(load(package)[2]), 0
    for made in items:
        count += agreed(made, [next(questions) for _ in made.item.parts])
    assert next(questions, None) is None
    return count


def test_every_kind_has_its_question(tmp_path: Path) -> None:
    questions = exported(tmp_path, *ITEMS)
    assert [question.profile for question in questions] == [
        "multiple_choice", "true_false", "true_false", "multiple_response", "multiple_response", "multiple_response",
        "fib", "essay", "fib", "fib", "fib", "fib", "fib", "essay", "fib", "multiple_response", "fib", "fib",
        "multiple_response", "fib", "multiple_response", "essay", "multiple_choice",
    ]  # fmt: skip
    for made, question in zip(ITEMS[:14], questions, strict=False):
        assert question.title.startswith(made.item.code + " ")
        assert made.item.code in shown(question.html)
        assert f"{made.item.id} · {made.item.revision}" in question.feedback["general_fb"]
        assert question.fields["cc_weighting"] == "2"
    first, notation, steps = questions[0], questions[8], questions[9]
    assert r"\(\log \Pr(x_{2} = \text{quick} \mid \bar{\mathbf{x}})\)" in first.options()[1]
    assert "is conditioned on?" in first.feedback["hint"]
    assert "log-probability" in first.feedback["solution"]
    said = [first.feedback[name] for name in first.process({"flip-sign"})[1]]
    assert shown(said[-1]) == r"\(-J\) is the loss \(L\)."
    assert "1. x̄ 2. A(x) 3. \\(\\log" in shown(notation.html)
    assert "A. the corrupted input B. the selected positions" in shown(notation.html)
    assert [steps.share(text) for text in ("BCA", "b c a", "B, C, A", "ABC", "")] == [1, 1, 1, 0, 0]
    assert "the position is ____ (1), the model sees ____ (2)" in shown(questions[14].html)
    assert "Give the number in nats. Type a number with 2 to 4 decimal places" in shown(questions[6].html)
    assert [questions[11].share(text) for text in ("[cls] the <mask> bird", "the [MASK] bird", "the bird")] == [1, 1, 0]
    assert questions[12].feedback["answer1_fb"] == "Of which distribution?"
    assert [questions[12].process(text) for text in ("Entropy", "cross entropy")] == [
        (0, ["general_fb", "answer1_fb"]), (1, ["general_fb"]),
    ]  # fmt: skip


@pytest.mark.parametrize("made", ITEMS, ids=lambda made: made.item.id)
def test_the_profile_gives_our_mark(tmp_path: Path, made: GeneratedItem) -> None:
    questions = exported(tmp_path, made)
    scored = any(question.profile != "essay" for question in questions)
    assert agreed(made, questions) >= (2 if scored else 0)


def test_an_essay_waits_for_its_mark(tmp_path: Path) -> None:
    (question,) = exported(tmp_path, examples.essay())
    with pytest.raises(Waits):
        question.share("text")


def test_the_whole_bank(tmp_path: Path) -> None:
    """Every template: valid by the rules of the profile, and marked as we mark it wherever that is promised."""
    assembly = whole_bank()
    items = tuple(assembly.items())
    kept = tuple(made for made in items if fidelity(made.item, made.key).level is not Level.NONE)
    assert len(kept) == len(items)
    (package,) = packages(tmp_path, items, assembly.quiz).values()
    assert all_agreed(items, package) > 4 * len(items)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # another key
        ('Set" varname="SCORE">100', 'Set" varname="SCORE">50'),
        ("<varequal respident=\"response1\">key</varequal></conditionvar><setvar", "<varequal respident=\"response1\">"
         "flip-sign</varequal></conditionvar><setvar"),
        (">cross-entropy<", ">entropy<"), (">BCA<", ">ABC<"), (">1.61<", ">2.61<"),
        ("<not><varequal respident=\"response1\">position-1</varequal></not>", ""),
        # what the profile does not have
        ("<and>", "<or>"), ('action="Set"', 'action="Add"'), ("cc.fib.v0p1", "cc.numeric.v0p1"),
        ("cc.true_false.v0p1", "cc.multiple_choice.v0p1"), ('linkrefid="hint"', 'linkrefid="help"'),
        ("<fieldlabel>cc_weighting", "<fieldlabel>points_possible"),
        ('rcardinality="Multiple"', 'rcardinality="Single"'),
        ('<section ident="root_section">', '<section ident="root_section"><section ident="inner">'),
        ("IMS Common Cartridge", "IMS Content"), ("1.1.0", "1.3.0"), ("/assessment\"", "/test\""),
    ],
)  # fmt: skip
def test_a_planted_mistake_would_be_found(tmp_path: Path, before: str, after: str) -> None:
    (package,) = packages(tmp_path, ITEMS).values()
    assert all_agreed(ITEMS, package) > 80
    if before == "<and>":
        package = replaced(package, "</and>", "</or>")
    if before.startswith("<section"):
        package = replaced(package, "</section>", "</section></section>")
    with pytest.raises((AssertionError, Refused)):
        all_agreed(ITEMS, replaced(package, before, after))


def replaced(package: bytes, before: str, after: str) -> bytes:
    """The package with other bytes."""
    out, count = io.BytesIO(), 0
    with zipfile.ZipFile(io.BytesIO(package)) as opened, zipfile.ZipFile(out, "w") as made:
        for name in opened.namelist():
            data = opened.read(name)
            count += data.count(before.encode())
            made.writestr(name, data.replace(before.encode(), after.encode()))
    assert count
    return out.getvalue()


@pytest.mark.parametrize("text", [*examples.AWKWARD, "a\tb\u2028c", "cc.fib.v0p1"])
def test_awkward_text_survives_in_every_kind(tmp_path: Path, text: str) -> None:
    items = examples.awkward_items(text)
    found = packages(tmp_path, items)
    assert found == packages(tmp_path / "again", items)
    (package,) = found.values()
    questions = load(package)[2]
    seen = " ".join(re.sub("[\x00\x07]", "", text).split())
    assert all(seen in shown(question.html) for question in questions)
    if text.replace("\n", "").isprintable():
        all_agreed(tuple(made for made in items if made.item.kind != "symbolic"), without_symbolic(tmp_path, items))
    expected = [f"{seen} {which}" for which in ("one", "two", "three")]
    choice, multi, typed = questions[0], questions[2], questions[7]
    assert choice.options() == multi.options() == expected
    assert typed.share(seen) == 1


def without_symbolic(folder: Path, items: tuple[GeneratedItem, ...]) -> bytes:
    kept = tuple(made for made in items if made.item.kind != "symbolic")
    return next(iter(packages(folder / "kept", kept).values()))


@pytest.mark.parametrize("value", ["-log(0.5) - log(0.4)", "8/5", "-1/3", "0"])
@pytest.mark.parametrize("comma", [False, True])
def test_numbers_of_every_tolerance(tmp_path: Path, value: str, comma: bool) -> None:
    tolerances = (Tolerance("absolute", F(5, 1000)), Tolerance("relative", F(1, 100)), Tolerance("significant", F(3)))
    items = tuple(
        examples.single(
            f"n{number}", "numeric", (examples.paragraph("n"),), NumericInteraction(),
            NumericKey(value, tolerance, rivals=(Rival("5"),), decimal_comma=comma),
        )
        for number, tolerance in enumerate(tolerances)
    )  # fmt: skip
    (package,) = packages(tmp_path, items).values()
    assert all_agreed(items, package) >= 2 * len(items)


def test_what_the_profile_cannot_say_is_a_caveat(tmp_path: Path) -> None:
    assert codes(examples.choice())[0] == "choice:partial-credit"
    assert codes(examples.true_false()) == ["formulas:latex"]
    assert codes(examples.multiple_answer())[0] == "scoring:all-or-nothing"
    assert codes(examples.multiple_answer("all-or-nothing"))[0] == "feedback:general-only"
    assert codes(examples.numeric())[:2] == ["numeric:listed", "numeric:partial-credit"]
    assert codes(examples.symbolic())[0] == "symbolic:marked-on-return"
    assert codes(examples.matching())[:2] == ["letters:typed", "scoring:all-or-nothing"]
    assert codes(examples.ordering("all-or-nothing"))[:1] == ["letters:typed"]
    assert codes(examples.essay())[0] == "essay:rubric"
    assert "parts:separate-questions" in codes(examples.cloze())
    assert codes(examples.numeric_tuple())[0] == "numeric-tuple:single-choice"
    root = examples.single("root", "numeric", (), NumericInteraction(), NumericKey("sqrt(2)"))
    assert codes(root)[0] == "answers:marked-on-return"
    options = (examples.option("a", "a"), examples.option("b", "b"))
    two = examples.single("two", "single-choice", (), ChoiceInteraction(options), ChoiceKey("a"))
    assert codes(two)[0] == "choice:two-options"
    assert [q.share(chosen_) for q in exported(tmp_path, two) for chosen_ in ({"a"}, {"b"}, {"a", "b"})] == [1, 0, 0]
    one = examples.single("one", "single-choice", (), ChoiceInteraction(options[:1]), ChoiceKey("a"))
    none = examples.single(
        "none", "multiple-answer", (), MultipleAnswerInteraction(options), MultipleAnswerKey((), ("a", "b"))
    )
    for made in (one, none):
        archive = write_archive(tmp_path / made.item.id, examples.quiz_of((made,)), (made,))
        with pytest.raises(ExportError, match=made.item.code):
            export(archive, "cc", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert fidelity(examples.choice().item, None).level is Level.NONE


def test_capital_letters_count_where_they_are_asked_for(tmp_path: Path) -> None:
    made = examples.single("t", "short-answer", (), TextInteraction(), TextKey(("Adam",), case_sensitive=True))
    (question,) = exported(tmp_path, made)
    assert [question.share(text) for text in ("Adam", "adam")] == [1, 0]
    assert codes(made)[0] == "short-answer:case"


def test_the_best_of_every_kind_is_in_the_table_of_formats() -> None:
    best: dict[str, set[Level]] = {}
    for made in (*ITEMS, *examples.awkward_items("x")):
        best.setdefault(made.item.kind, set()).add(fidelity(made.item, made.key).level)
    assert all(FORMAT.kinds[kind] in levels for kind, levels in best.items())
    assert FORMAT.best_effort


def test_typed_formulas_become_choices_if_that_is_asked_for(tmp_path: Path) -> None:
    made = examples.symbolic()
    (part_key,) = made.key.parts
    rivals = (Rival("p_2", ("sum-of-probs",), title="No log"), Rival("2*log(p_2)", title="Twice"))
    key = msgspec.structs.replace(part_key, key=msgspec.structs.replace(part_key.key, rivals=rivals))
    made = GeneratedItem(made.item, msgspec.structs.replace(made.key, parts=(key,)))
    archive = write_archive(tmp_path / "quiz", examples.quiz_of((made,)), (made,))
    (done,) = export(archive, "cc", tmp_path / "out", options=Options(formulas="choice"))
    questions = load((done.folder / done.files[0]).read_bytes())[2]
    assert [question.profile for question in questions] == ["multiple_choice"]
    assert agreed(with_choices(made), questions) >= 3


def test_pools_are_question_banks_a_cartridge_each(tmp_path: Path) -> None:
    made = examples.choice()
    second = GeneratedItem(
        msgspec.structs.replace(made.item, id="two", code="Q-TWO"),
        msgspec.structs.replace(made.key, item="two", code="Q-TWO"),
    )
    quiz = examples.quiz_of((made, examples.cloze()), title="Week 3 & more")
    slots = (msgspec.structs.replace(quiz.slots[0], pool=(made.item.id, "two"), points=F(1, 2)), quiz.slots[1])
    found = packages(tmp_path, (made, second, examples.cloze()), msgspec.structs.replace(quiz, slots=slots))
    assert list(found) == ["1-slot-1.imscc", "2-slot-2.imscc"]
    title, settings, questions = load(found["1-slot-1.imscc"])
    assert (title, settings) == (f"Week 3 & more: {slots[0].title}", {})
    assert [question.ident for question in questions] == [made.item.id, "two"]
    assert {question.fields["cc_question_category"] for question in questions} == {title}
    assert all("cc_weighting" not in question.fields for question in questions)
    assert len(load(found["2-slot-2.imscc"])[2]) == 3


def test_an_exam_tells_nothing_about_answers(tmp_path: Path) -> None:
    made = examples.choice()
    quiz = msgspec.structs.replace(examples.quiz_of((made,), "exam"), minutes=90)
    (package,) = packages(tmp_path, (made,), quiz).values()
    settings = load(package)[1]
    assert settings["cc_maxattempts"] == "1"
    assert settings["qmd_timelimit"] == "90"
    assert {settings[f"qmd_{what}permitted"] for what in ("feedback", "hints", "solutions")} == {"No"}


def test_options_read_as_they_are_written(tmp_path: Path) -> None:
    made = examples.multiple_answer()
    (question,) = exported(tmp_path, made)
    options = made.item.parts[0].interaction.options  # type: ignore[union-attr]
    assert question.options() == [" ".join(inline_text(option.content).split()) for option in options]
    assert list(question.labels) == [option.id for option in options]
