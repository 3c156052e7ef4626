"""Moodle XML: what Moodle would import, and the mark that it would give."""

from __future__ import annotations

import re
from fractions import Fraction as F
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from grading.keys import Band, ChoiceKey, Digits, MatchingKey, MultipleAnswerKey, NumericKey, Rival, TextKey, Tolerance
from quizgen.archive import Archive, write_archive
from quizgen.content import Gap
from quizgen.exporters import moodle_stack, moodle_xml
from quizgen.exporters.contract import Format, Level, Options
from quizgen.exporters.gift.fidelity import fidelity as gift_fidelity
from quizgen.exporters.moodle_xml import write
from quizgen.exporters.moodle_xml.fidelity import fidelity
from quizgen.exporters.moodle_xml.xml import category_path
from quizgen.exporters.rendering.decimals import decimal
from quizgen.exporters.rendering.phrases import phrase
from quizgen.exporters.rendering.text import inline_text
from quizgen.model import (
    KINDS,
    ChoiceInteraction,
    GeneratedItem,
    MatchingInteraction,
    MultipleAnswerInteraction,
    NumericInteraction,
    Part,
    TextInteraction,
)
from tests.exporters import example_items as examples
from tests.exporters.moodle_model import Question, Refused, load, text_of


def archive_of(folder: Path, *items: GeneratedItem, purpose: str = "practice") -> Archive:
    return write_archive(folder / "quiz", examples.quiz_of(items, purpose), items)  # type: ignore[arg-type]


def exported(folder: Path, *items: GeneratedItem) -> list[Question]:
    archive = archive_of(folder, *items)
    return load(b"".join(chunk for _, chunk in write(archive, Options())))


def one(folder: Path, item: GeneratedItem) -> Question:
    (question,) = exported(folder, item)
    return question


def test_everything_is_imported(tmp_path: Path) -> None:
    questions = exported(tmp_path, *examples.everything())
    assert [question.type for question in questions] == [
        "multichoice", "truefalse", "multichoice", "multichoice", "multichoice", "multichoice", "numerical", "essay",
        "matching", "ordering", "ordering", "shortanswer", "shortanswer", "essay", "cloze", "cloze",
        "numerical", "multichoice", "essay", "multichoice",
    ]  # fmt: skip
    split = questions[16:19]
    assert all(question.points == 2 for question in questions if question not in split)
    assert sum(question.points for question in split) == pytest.approx(2)


def test_a_category_a_slot_with_its_pool(tmp_path: Path) -> None:
    first = examples.choice()
    second = GeneratedItem(
        msgspec.structs.replace(first.item, id="two", code="Q-TWO"),
        msgspec.structs.replace(first.key, item="two", code="Q-TWO"),
    )
    quiz = examples.quiz_of((first,), title="Week 3: nats/bits")
    slot = msgspec.structs.replace(quiz.slots[0], title="Sums of logs", pool=(first.item.id, "two"))
    archive = write_archive(tmp_path / "q", msgspec.structs.replace(quiz, slots=(slot,)), (first, second))
    questions = load(b"".join(chunk for _, chunk in write(archive, Options())))
    assert [question.category for question in questions] == ["$course$/top/Week 3: nats//bits/slot-1 Sums of logs"] * 2
    assert [question.idnumber for question in questions] == [first.item.id, "two"]
    assert [question.name[:7] for question in questions] == [first.item.code + " ", "Q-TWO W"]
    assert f"revision:{first.item.revision}" in questions[0].tags
    assert first.item.revision in text_of(questions[0].general)


@pytest.mark.parametrize("names", [("nats/bits", "a"), ("and/or/", "/b"), ("/", "//"), ("a/ /b", "c/")])
def test_a_category_keeps_its_name_and_its_place(names: tuple[str, ...]) -> None:
    """As Moodle takes a path apart: at single slashes."""
    levels = re.split(r"(?<!/)/(?!/)", category_path(*names))
    assert levels[:2] == ["$course$", "top"]
    assert [level.strip().replace("//", "/") for level in levels[2:]] == list(names)


def test_a_choice_keeps_credits_and_feedback(tmp_path: Path) -> None:
    question = one(tmp_path, examples.choice())
    assert [question.grade(place) for place in range(4)] == [0, 1, 0, F(1, 2)]
    assert r"\( \log p \)" in question.answers[0].feedback
    assert r"\( \log \Pr(x_{2} = \text{quick} \mid \bar{\mathbf{x}}) \)" in question.answers[1].text
    assert "$" not in question.html + question.answers[3].feedback
    assert [text_of(hint) for hint in question.hints] == ["Which positions were selected?", "What is conditioned on?"]
    assert text_of(question.general).startswith("Each selected position contributes")


def test_true_false_with_partial_credit_becomes_a_choice(tmp_path: Path) -> None:
    plain, partly = exported(tmp_path, examples.true_false(), examples.true_false(F(1, 2)))
    assert (plain.type, [answer.text for answer in plain.answers]) == ("truefalse", ["true", "false"])
    assert [plain.grade(0), plain.grade(1)] == [0, 1]
    assert "Every selected token" in plain.answers[0].feedback
    assert [partly.grade(0), partly.grade(1)] == [F(1, 2), 1]


@pytest.mark.parametrize(
    ("chosen", "mark"),
    [([1, 3, 4], 1), ([1], F(1, 3)), ([1, 3], F(2, 3)), ([1, 0], 0), ([0, 1, 2, 3, 4], F(1, 3)), ([], 0)],
)
def test_plus_minus(tmp_path: Path, chosen: list[int], mark: F) -> None:
    question = one(tmp_path, examples.multiple_answer())
    assert not question.single
    assert question.grade(chosen) == pytest.approx(mark, abs=1e-5)
    assert "If you left out “position 4”: Kept tokens count" in text_of(question.general)


@pytest.mark.parametrize("scoring", ["all-or-nothing", "per-option"])
def test_other_scorings_of_multiple_answers_are_a_caveat(scoring: str) -> None:
    generated = examples.multiple_answer(scoring)
    found = fidelity(generated.item, generated.key)
    assert found.level is Level.DEGRADED
    assert [caveat.code for caveat in found.caveats] == [f"multiple-answer:{scoring}"]


@pytest.mark.parametrize(
    ("response", "mark", "feedback"),
    [
        ("1.609", 1, ""), ("1.6144379124341003746", 1, ""), ("1.6144379124342", F(3, 4), "rounded too early"),
        ("1.62", F(3, 4), "rounded"), ("1.60", F(3, 4), "rounded"), ("2.32", F(1, 2), "gives bits"), ("2.330", 0, ""),
        ("0.805", 0, "The sum was asked for"), ("", 0, ""), ("abc", 0, ""), ("1,609", 0, ""),
        ("1.609 nats", 1, ""), ("2.32nats", F(1, 2), "gives bits"),
    ],
)  # fmt: skip
def test_a_number_with_bands_and_rivals(tmp_path: Path, response: str, mark: F, feedback: str) -> None:
    question = one(tmp_path, examples.numeric())
    assert question.grade(response) == mark
    match = question.matching_number(response)
    assert feedback in (text_of(match.feedback) if match else "")
    assert "Give the number in nats." in text_of(question.html)


@pytest.mark.parametrize(
    ("value", "tolerance", "right", "wrong"),
    [
        ("2", Tolerance(), ["2", "2.0"], ["2.0001", "1.9999"]),
        ("0.3", Tolerance("absolute", F(1, 200)), ["0.305", "0.295"], ["0.3051", "0.2949"]),
        ("-250", Tolerance("relative", F(1, 100)), ["-252.5", "-247.5"], ["-252.6", "-247.4", "250"]),
        ("1.6094379124341", Tolerance("decimals", F(2)), ["1.61", "1.609", "1.6094379124341"],
         ["1.6", "1.614", "1.62"]),
        ("12345", Tolerance("significant", F(2)), ["12000", "12300", "12345"], ["10000", "12100", "13000"]),
    ],
)  # fmt: skip
def test_tolerances_become_absolute(
    tmp_path: Path, value: str, tolerance: Tolerance, right: list[str], wrong: list[str]
) -> None:
    key = NumericKey(value, tolerance)
    question = one(tmp_path, examples.single("n", "numeric", (), NumericInteraction(), key))
    assert [question.grade(text) for text in right] == [1] * len(right)
    assert [question.grade(text) for text in wrong] == [0] * len(wrong)


@pytest.mark.parametrize(("kind", "amount"), [("absolute", F(1, 200)), ("relative", F(1, 60))])
def test_an_excluded_boundary_stays_excluded(tmp_path: Path, kind: str, amount: F) -> None:
    key = NumericKey("0.3", Tolerance(kind, amount, "outside"), (Band(F(1, 50), F(1, 2)),))  # type: ignore[arg-type]
    generated = examples.single("n", "numeric", (), NumericInteraction(), key)
    question = one(tmp_path, generated)
    assert [question.grade(text) for text in ("0.305", "0.295", "0.30499", "0.29501", "0.3")] == [F(1, 2)] * 2 + [1] * 3
    assert [caveat.code for caveat in fidelity(generated.item, generated.key).caveats] == [
        "numeric:reading",
        "numeric:boundary",
    ]


@pytest.mark.parametrize("unit", ["", "%", "Nats", "a & <b>", "n" * 50, "n" * 51])
def test_a_unit_may_be_typed_if_moodle_has_room_for_it(tmp_path: Path, unit: str) -> None:
    made = examples.numeric()
    parts = tuple(
        msgspec.structs.replace(part, interaction=msgspec.structs.replace(part.interaction, unit=unit))
        for part in made.item.parts
    )
    question = one(tmp_path, GeneratedItem(msgspec.structs.replace(made.item, parts=parts), made.key))
    assert question.unit == (unit if len(unit) <= 50 else "")
    assert question.grade(f"1.609 {question.unit}") == question.grade("1.609") == 1
    assert unit in text_of(question.html)


def test_digits_are_a_caveat_and_values_still_count(tmp_path: Path) -> None:
    key = NumericKey("1.6094379124341", digits=Digits("figures", 3, too_few=F(1, 2), last_digit=F(1, 4)))
    generated = examples.single("n", "numeric", (), NumericInteraction(), key)
    found = fidelity(generated.item, generated.key)
    assert (found.level, found.caveats[-1].code) == (Level.DEGRADED, "numeric:digits")
    question = one(tmp_path, generated)
    marks = {"1.61": 1, "1.609": 1, "1.6144": 1, "1.6": F(1, 2), "1.60": F(1, 2), "1.62": F(1, 4), "1.604": 0, "2": 0}
    assert {text: question.grade(text) for text in marks} == marks


def test_rivals_that_overlap_earn_only_what_they_agree_on(tmp_path: Path) -> None:
    tolerance = Tolerance("absolute", F(1, 10))
    rivals = (Rival("3", ("a",), F(1, 2)), Rival("3.1", ("b",)), Rival("5", ("c",), F(1, 4)), Rival("5", ("d", "e")))
    key = NumericKey("1", tolerance, rivals=rivals)
    question = one(tmp_path, examples.single("n", "numeric", (), NumericInteraction(), key))
    assert [question.grade(text) for text in ("2.95", "3.05", "3.15", "5")] == [F(1, 2), 0, 0, F(1, 4)]


def test_a_formula_waits_for_its_mark(tmp_path: Path) -> None:
    generated = examples.symbolic()
    question = one(tmp_path, generated)
    assert (question.type, question.grade("log(p_2)")) == ("essay", None)
    assert "log(p_2)" in question.grader_info
    assert "log(p_2)" not in question.html.replace("for example log(p_2) + log(p_6)", "")
    found = fidelity(generated.item, generated.key)
    assert (found.level, found.caveats[0].code) == (Level.DEGRADED, "symbolic:marked-on-return")


def test_matching_has_unused_right_sides(tmp_path: Path) -> None:
    question = one(tmp_path, examples.matching())
    assert ("", "the loss") in question.pairs
    lefts = [text_of(left) for left, _ in question.pairs if left]
    rights = [right for left, right in question.pairs if left]
    assert question.grade(dict(zip(lefts, rights, strict=True))) == 1
    assert question.grade(dict(zip(lefts, [*rights[:2], "the loss"], strict=True))) == F(2, 3)
    paired = "If you paired “log Pr(x_2 = early | x̄)” with “the loss”: The loss has the other sign"
    assert paired in text_of(question.general)


@pytest.mark.parametrize(
    "names", [("<s>", "</s>", "<mask>"), ("p < 1", "p<1", "p &lt; 1"), ("a & b", "a &amp; b", "&")]
)
def test_a_right_side_is_shown_as_it_is(tmp_path: Path, names: tuple[str, ...]) -> None:
    """Moodle takes tags out of it, and with them names such as those of special tokens."""
    right = tuple(examples.option(f"r{place}", name) for place, name in enumerate(names))
    left = tuple(examples.option(f"l{place}", f"use {place}") for place in range(3))
    key = MatchingKey(tuple((f"l{place}", f"r{place}") for place in range(3)), ("r0", "r1", "r2"))
    question = one(
        tmp_path, examples.single("m", "matching", (examples.paragraph("?"),), MatchingInteraction(left, right), key)
    )
    assert [right for _, right in question.pairs] == list(names)


def test_ordering_marks_places(tmp_path: Path) -> None:
    by_place, whole = exported(tmp_path, examples.ordering(), examples.ordering("all-or-nothing"))
    mask, loss, update = by_place.texts()
    assert (mask, loss, update) == ("mask the input", "compute the loss", "update the weights")
    assert [by_place.grade(order) for order in ([mask, loss, update], [mask, update, loss], [loss, update, mask])] == [
        1, F(1, 3), 0,
    ]  # fmt: skip
    assert [whole.grade(order) for order in ([mask, loss, update], [mask, update, loss])] == [1, 0]


@pytest.mark.parametrize(
    ("response", "mark"),
    [("[CLS] the [MASK] bird", 1), ("the <mask> bird", 1), ("THE [M] BIRD", 1), ("the early bird", 0),
     ("[MASK] early bird", 0), ("", 0)],
)  # fmt: skip
def test_token_sequences(tmp_path: Path, response: str, mark: int) -> None:
    assert one(tmp_path, examples.short_answer()).grade(response) == mark


@pytest.mark.parametrize(
    ("response", "mark"), [("Cross-Entropy ", 1), ("2*2", 1), ("2xx2", 0), ("entropy", F(1, 4)), ("an entropy", 0)]
)
def test_short_answers(tmp_path: Path, response: str, mark: F) -> None:
    assert one(tmp_path, examples.short_answer("words")).grade(response) == mark


def test_an_essay_carries_its_rubric(tmp_path: Path) -> None:
    question = one(tmp_path, examples.essay())
    assert question.grade("…") is None
    assert text_of(question.grader_info) == "Rubric 1 point: names the log2 points: explains why"
    assert "50 to 150 words" in text_of(question.html)


def test_gaps_in_a_sentence(tmp_path: Path) -> None:
    question = one(tmp_path, examples.cloze())
    (w1, number), (w2, choice), (w3, text) = question.gaps
    assert (w1, w2, w3) == (2, 1, 1)
    assert choice.texts() == ["[MASK]", "the word itself"]
    assert text_of(choice.answers[1].feedback) == "It sees ~ x̄ # not x}."
    assert text_of(number.answers[1].feedback).endswith("{[CLS]} is 0.")
    assert text.grade("EARLY") == 1
    assert question.grade(["2", 0, "early"]) == 1
    assert question.grade(["1", 0, "late"]) == F(1, 4)


@pytest.mark.parametrize("text", ["&", "&&", "R&", "a~", "a#", "a}", "a\\", "&amp;"])
def test_a_gap_takes_a_text_that_ends_with_a_sign(tmp_path: Path, text: str) -> None:
    key = TextKey((text, "and"), rivals=(Rival("or", feedback="No."), Rival(text + text, feedback="Once, " + text)))
    first, second = (Part(name, TextInteraction(), F(1, 2)) for name in "ab")
    stem = (examples.paragraph("and: ", Gap("a"), Gap("b")),)
    made = examples.generated("g", "cloze", stem, ((first, key, ()), (second, TextKey((text,)), ())))
    (_, gap), (_, alone) = one(tmp_path, made).gaps
    assert [gap.short(given) for given in (text, "and", "or", text + text)] == [1, 1, 0, 0]
    assert [alone.short(text), alone.short("x")] == [1, 0]
    assert text in text_of(gap.answers[-1].feedback)


def test_parts_that_fit_become_gaps_after_their_prompts(tmp_path: Path) -> None:
    question = one(tmp_path, examples.parts())
    assert [weight for weight, _ in question.gaps] == [1, 2]
    assert question.grade(["-0.693", 0]) == 1
    assert question.grade(["0.693", 0]) == F(2, 3)


def test_parts_that_do_not_fit_are_linked_questions(tmp_path: Path) -> None:
    generated = examples.parts(with_essay=True)
    after = examples.choice()
    questions = exported(tmp_path, generated, after)
    code = generated.item.code
    assert [question.name[: len(code) + 6] for question in questions[:3]] == [f"{code} ({k}/3)" for k in (1, 2, 3)]
    assert {question.category for question in questions[:3]} == {
        f"$course$/top/Masked words/slot-1 {generated.item.title}/{code}"
    }
    assert [question.idnumber for question in questions[:3]] == [
        f"{generated.item.id}#{p}" for p in ("J1", "better", "reason")
    ]
    assert questions[3].category == f"$course$/top/Masked words/slot-2 {after.item.title}"
    assert "parts:separate-questions" in [caveat.code for caveat in fidelity(generated.item, generated.key).caveats]


def test_credits_that_moodle_does_not_know_are_snapped_and_named(tmp_path: Path) -> None:
    rivals = (Rival("b", credit=F(3, 8)), Rival("c"))
    options = tuple(examples.option(id_, id_) for id_ in "abc")
    generated = examples.single("c", "single-choice", (), ChoiceInteraction(options), ChoiceKey("a", rivals))
    found = fidelity(generated.item, generated.key)
    assert found.level is Level.DEGRADED
    assert "worth 3/8 of the points; the nearest is 40 %" in found.caveats[0].message
    assert one(tmp_path, generated).grade(1) == F(2, 5)


def test_what_cannot_be_written_is_said_beforehand() -> None:
    options = (examples.option("a", "only"),)
    generated = examples.single("c", "single-choice", (), ChoiceInteraction(options), ChoiceKey("a"))
    assert fidelity(generated.item, generated.key).level is Level.NONE
    assert fidelity(generated.item, None).level is Level.NONE


def test_right_options_that_do_not_add_up_are_said_beforehand(tmp_path: Path) -> None:
    """Moodle stops at such a question, and leaves out all that follow it."""
    for right in range(24):
        options = tuple(examples.option(f"o{k}", f"option {k}") for k in range(25))
        key = MultipleAnswerKey(tuple(f"o{k}" for k in range(right)), tuple(option.id for option in options))
        generated = examples.single("s", "multiple-answer", (), MultipleAnswerInteraction(options), key)
        kept = fidelity(generated.item, generated.key).level is not Level.NONE
        assert kept == (gift_fidelity(generated.item, generated.key).level is not Level.NONE)
        try:
            one(tmp_path / f"{right}", generated)
        except Refused:
            assert not kept, right
        else:
            assert kept, right


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.integers(1, 10), st.data())
def test_plus_minus_gives_our_mark_for_every_selection(
    tmp_path_factory: pytest.TempPathFactory, right: int, data: st.DataObject
) -> None:
    options = tuple(examples.option(f"o{k}", f"option {k}") for k in range(12))
    key = MultipleAnswerKey(tuple(f"o{k}" for k in range(right)), tuple(option.id for option in options))
    chosen = data.draw(st.sets(st.integers(0, 11)))
    generated = examples.single("m", "multiple-answer", (), MultipleAnswerInteraction(options), key)
    if fidelity(generated.item, generated.key).level is not Level.EXACT:
        return
    question = one(tmp_path_factory.mktemp("m"), generated)
    hits = sum(place < right for place in chosen)
    expected = max(F(0), F(2 * hits - len(chosen), right))
    assert question.grade(sorted(chosen)) == pytest.approx(expected, abs=1e-4)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(
    st.decimals(-50, 50, places=3), st.sampled_from(["absolute", "relative"]), st.integers(1, 40),
    st.lists(st.decimals(-60, 60, places=3), max_size=5),
)  # fmt: skip
def test_numbers_get_our_mark(tmp_path_factory: pytest.TempPathFactory, value, kind, reach, responses) -> None:  # type: ignore[no-untyped-def]
    tolerance = Tolerance(kind, F(reach, 1000))
    within = tolerance.amount * (abs(F(value)) if kind == "relative" else 1)
    key = NumericKey(str(value), tolerance, (Band(within + F(1, 10), F(3, 4)),))
    generated = examples.single("n", "numeric", (), NumericInteraction(), key)
    question = one(tmp_path_factory.mktemp("n"), generated)
    boundary = [value, F(value) + within, F(value) - within, F(value) + within + F(1, 10)]
    for response in (*responses, *boundary):
        distance = abs(F(response) - F(value))
        expected = 1 if distance <= within else F(3, 4) if distance <= within + F(1, 10) else 0
        assert question.grade(decimal(F(response))) == expected


@pytest.mark.parametrize("text", examples.AWKWARD, ids=lambda text: repr(text[:12]))
def test_awkward_text_survives_in_every_kind(tmp_path: Path, text: str) -> None:
    questions = exported(tmp_path, *examples.awkward_items(text))
    shown = " ".join(re.sub("[\x00\x07]", "", text).split())
    assert len(questions) == 13
    for question in questions:
        assert shown in text_of(question.html), question.type
        assert shown[:200] in question.name or len(question.name) > 200
        if not question.idnumber.endswith("#one"):
            assert shown in text_of(question.general)
    choice, _, multi, number, _, match, order, short, essay, cloze, *_ = questions
    for question in (choice, multi):
        assert question.texts() == [f"{shown} {which}" for which in ("one", "two", "three")]
    assert sorted(order.texts()) == sorted(choice.texts())
    phrased = " ".join(inline_text(phrase(text)).split())
    assert phrased in text_of(choice.answers[1].feedback)
    assert phrased in text_of(number.answers[-1].feedback)
    assert [" ".join(right.split()) for _, right in match.pairs] == choice.texts()
    assert phrased in text_of(essay.grader_info)
    assert [short.grade(shown), short.grade(shown + "?")] == [1, 0]
    (_, gap_number), (_, gap_choice), (_, gap_text) = cloze.gaps
    assert gap_choice.texts() == choice.texts()
    assert phrased in text_of(gap_number.answers[-1].feedback)
    assert [gap_text.grade(shown), gap_text.grade(shown + "?")] == [1, 0]


def test_nothing_of_a_text_is_typeset(tmp_path: Path) -> None:
    question = one(tmp_path, examples.awkward_items("costs $$6$$ \\( not math \\) \\[ nor this \\]")[0])
    assert not re.search(r"\\\(|\\\[|\$\$", question.html)


def test_the_same_archive_gives_the_same_bytes_and_a_typed_answer_keeps_its_case(tmp_path: Path) -> None:
    key = TextKey(("BERT",), case_sensitive=True)
    generated = examples.single("t", "short-answer", (), TextInteraction(), key)
    archive = archive_of(tmp_path, generated)
    first, second = (b"".join(chunk for _, chunk in write(archive, Options())) for _ in range(2))
    assert first == second
    assert [load(first)[0].grade(text) for text in ("BERT", "bert")] == [1, 0]


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        ('<answer fraction="33.33">', "not on the list"),
        ("<answer fraction='100'><text>1,5</text></answer>", "not a number"),
        ("<answer fraction='100'><text>1.5</text><tolerance>5%</tolerance></answer>", "tolerance"),
        ("<answer fraction='100'><text>a&b</text></answer>", "xml|EntityRef"),
    ],
)
def test_the_model_refuses_what_moodle_refuses(xml: str, reason: str) -> None:
    closing = "" if xml.endswith("</answer>") else "</answer>"
    body = f"<name><text>n</text></name>{xml}{closing}"
    with pytest.raises(Refused, match=reason):
        load(f'<quiz><question type="numerical">{body}</question></quiz>'.encode())


def test_every_kind_is_in_the_table_of_formats() -> None:
    assert set(moodle_xml.FORMAT.kinds) == set(KINDS)
    worst: dict[str, set[Level]] = {}
    for generated in examples.everything():
        worst.setdefault(generated.item.kind, set()).add(fidelity(generated.item, generated.key).level)
    assert set(worst) == set(KINDS)
    assert all(moodle_xml.FORMAT.kinds[kind] in levels for kind, levels in worst.items())


@pytest.mark.parametrize("format_", [moodle_xml.FORMAT, moodle_stack.FORMAT], ids=lambda format_: format_.id)
def test_the_unit_of_a_number_stands_behind_its_gap(tmp_path: Path, format_: Format) -> None:
    units = ("nats", F(1, 2)), ("bits", F(1, 2))
    parts = [(Part(unit, NumericInteraction(unit), weight), NumericKey("2", unit=unit), ()) for unit, weight in units]
    made = examples.generated("t", "cloze", (examples.paragraph("It is ", Gap("nats"), " or ", Gap("bits")),), parts)
    archive = write_archive(tmp_path / "quiz", examples.quiz_of((made,)), (made,))
    file = etree.fromstring(b"".join(chunk for _, chunk in format_.write(archive, Options())))
    (text,) = file.iterfind("question/questiontext/text")
    field = r"(?:\{1:NUM[^}]*\}|\[\[input:ans[12]\]\] \[\[validation:ans[12]\]\])(?:<span [^>]*>)?"
    assert re.search(f"It is {field} nats(?:</span>)? or {field} bits", text.text or "")
