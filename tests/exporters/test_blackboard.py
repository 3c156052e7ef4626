"""Blackboard's upload file: read as its documentation describes it, and marked by what it says is right."""

from __future__ import annotations

import re
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grading.answersheet import PartKey
from grading.keys import (
    ChoiceKey,
    Digits,
    EssayKey,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    OrderingKey,
    Rival,
    SymbolicKey,
    TextKey,
    Tolerance,
)
from grading.marking import canonical_responses, grade_part
from grading.verdicts import Verdict
from quizgen.archive import write_archive
from quizgen.exporters import export
from quizgen.exporters.blackboard import FORMAT, LONGEST_FILE, write
from quizgen.exporters.blackboard.fidelity import fidelity
from quizgen.exporters.contract import ExportError, Level, Options
from quizgen.exporters.rendering.text import inline_text
from quizgen.exporters.stand_in import chosen, chosen_key
from quizgen.model import (
    GeneratedItem,
    MatchingInteraction,
    MultipleAnswerInteraction,
    NumericInteraction,
    OrderingInteraction,
    Part,
    TextInteraction,
)
from tests.exporters import example_items as examples
from tests.exporters.blackboard_model import Question, Refused, load, shown
from tests.exporters.whole_bank import whole_bank

ITEMS = examples.everything()


def files(folder: Path, items: tuple[GeneratedItem, ...]) -> dict[str, bytes]:
    archive = write_archive(folder / "quiz", examples.quiz_of(items), items)
    found: dict[str, bytes] = {}
    for path, chunk in write(archive, Options()):
        found[path] = found.get(path, b"") + chunk
    return found


def exported(folder: Path, *items: GeneratedItem) -> list[Question]:
    return [question for data in files(folder, items).values() for question in load(data)]


def as_asked(made: GeneratedItem) -> GeneratedItem:
    return GeneratedItem(chosen(made.item), chosen_key(made.key))


def lines(options: tuple[Any, ...]) -> list[str]:
    return [" ".join(inline_text(option.content).split()) for option in options]


def is_right(part: Part, part_key: PartKey, response: Any, question: Question) -> bool | None:
    """Whether the file says that a response is right; None if a person marks it or it cannot be given there."""
    options = {option.id: place for place, option in enumerate(getattr(part.interaction, "options", ()))}
    match part_key.key:
        case ChoiceKey() if question.type == "TF":
            return bool(question.single == [response]) if response in options else None
        case ChoiceKey():
            return options[response] in question.right() if response in options else None
        case MultipleAnswerKey():
            known = isinstance(response, list) and set(response) <= set(options)
            return {options[id_] for id_ in response} == question.right() if known else None
        case NumericKey() | TextKey():
            return question.takes(" ".join(response.split())) if isinstance(response, str) else None
        case MatchingKey():
            assert isinstance(part.interaction, MatchingInteraction)
            sides = {one.id: one for one in (*part.interaction.left, *part.interaction.right)}
            if not isinstance(response, dict) or not set(response.values()) <= set(dict(part_key.options)):
                return None
            given = [tuple(lines((sides[left], sides[right]))) for left, right in response.items() if right in sides]
            return sorted(given) == sorted((shown(left), shown(right)) for left, right in question.pairs)
        case OrderingKey(order):
            assert isinstance(part.interaction, OrderingInteraction)
            texts = {one.id: lines((one,))[0] for one in part.interaction.entries}
            known = isinstance(response, list) and sorted(response) == sorted(order)
            return [texts[id_] for id_ in response] == list(map(shown, question.single)) if known else None
        case EssayKey() | SymbolicKey():
            return None
    raise TypeError(part_key.key)


def compared(made: GeneratedItem, questions: list[Question]) -> int:
    """Every canonical response earns all points here if, and only if, the file says that it is right."""
    asked, count = as_asked(made), 0
    for part, part_key, question in zip(asked.item.parts, asked.key.parts, questions, strict=True):
        if question.type in ("MC", "MA"):
            assert question.texts() == lines(getattr(part.interaction, "options", ()))
        for expected in canonical_responses(asked.key):
            response = expected.response
            if len(asked.item.parts) > 1:
                response = response.get(part.id) if isinstance(response, dict) else None
            graded = grade_part(part_key, response)
            theirs = is_right(part, part_key, response, question)
            if theirs is None or graded.verdict is Verdict.UNDECIDED or not readable(part_key, response):
                continue
            assert theirs is (graded.score == 1), (asked.item.id, part.id, response)
            count += 1
    return count


def readable(part_key: PartKey, response: Any) -> bool:
    """A number as Blackboard reads it: a decimal with a point, which a caveat says."""
    return not isinstance(part_key.key, NumericKey) or bool(re.fullmatch(r"-?\d+(\.\d+)?", str(response)))


def test_every_kind_has_its_line(tmp_path: Path) -> None:
    questions = exported(tmp_path, *ITEMS)
    assert [question.type for question in questions] == [
        "MC", "TF", "TF", "MA", "MA", "MA", "NUM", "SR", "MAT", "ORD", "ORD", "FIB", "FIB", "ESS",
        "NUM", "MC", "FIB", "NUM", "MC", "NUM", "MC", "ESS", "MC",
    ]  # fmt: skip
    assert questions[6].single == ["1.6094379124341003746", "0.005"]
    assert [shown(text) for text in questions[9].single] == ["mask the input", "compute the loss", "update the weights"]
    assert questions[12].single == ["cross-entropy", "cross entropy", "2*2"]
    assert "the position is ____ (1), the model sees ____ (2)" in shown(questions[14].html)
    assert all(
        shown(question.html).endswith(made.item.code) for made, question in zip(ITEMS[:14], questions, strict=False)
    )
    assert "labels[~masked] = -100" in shown(questions[11].html)


@pytest.mark.parametrize("made", ITEMS, ids=lambda made: made.item.id)
def test_what_we_find_right_is_right_there(tmp_path: Path, made: GeneratedItem) -> None:
    questions = exported(tmp_path, made)
    marked = {"MC", "TF", "MA", "NUM", "MAT", "ORD", "FIB"} & {question.type for question in questions}
    codes = {caveat.code for caveat in fidelity(made.item, made.key).caveats}
    if "matching:unused-left-out" in codes:
        marked = {"MAT"}
    assert compared(made, questions) >= (2 if marked else 0)


def test_the_whole_bank(tmp_path: Path) -> None:
    items = tuple(whole_bank().items())
    kept = [made for made in items if fidelity(made.item, made.key).level is not Level.NONE]
    assert len(kept) >= len(items) - 1
    count = 0
    for made in kept:
        (tmp_path / made.item.id).mkdir()
        count += compared(made, exported(tmp_path / made.item.id, made))
    assert count > 4 * len(kept)


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"\tcorrect\t", b"\tincorrect\t"), (b"\ttrue\n", b"\tfalse\n"), (b"\t0.005\n", b"\t0.0000001\n"),
     (b"\tcross-entropy\t", b"\tentropy\t")],
)  # fmt: skip
def test_a_planted_mistake_would_be_found(tmp_path: Path, before: bytes, after: bytes) -> None:
    true = examples.awkward_items("x")[1]
    items = (examples.choice(), true, examples.numeric(), examples.short_answer("words"))
    found = list(files(tmp_path, items).values())
    (place,) = (place for place, data in enumerate(found) if before in data)
    with pytest.raises((AssertionError, Refused)):
        compared(items[place], load(found[place].replace(before, after)))


@pytest.mark.parametrize(
    "tolerance",
    [Tolerance(), Tolerance("absolute", F(5, 1000)), Tolerance("relative", F(1, 100)), Tolerance("significant", F(3)),
     Tolerance("decimals", F(2)), Tolerance("absolute", F(5, 1000), "outside")],
    ids=lambda tolerance: f"{tolerance.kind}-{tolerance.boundary}",
)  # fmt: skip
def test_numbers_of_every_tolerance(tmp_path: Path, tolerance: Tolerance) -> None:
    values = ("-log(0.5) - log(0.4)", "8/5", "exp(2)", "-1/3", "12.34", "0")
    for number, value in enumerate(values):
        for digits in (None, Digits("decimals", 2)):
            key = NumericKey(value, tolerance, rivals=(Rival("5"), Rival("6", credit=F(1, 2))), digits=digits)
            made = examples.single(f"n{number}", "numeric", (examples.paragraph("n"),), NumericInteraction(), key)
            found = {caveat.code for caveat in fidelity(made.item, made.key).caveats}
            if number == 0 and digits is None:
                assert ("numeric:interval" in found) is (tolerance.kind in ("significant", "decimals"))
            if not found & {"numeric:interval", "numeric:digits", "numeric:no-decimal"}:
                assert compared(made, exported(tmp_path, made)) >= 2


@pytest.mark.parametrize("text", [*examples.AWKWARD, "a\tb", '"quoted"\tfield', "a\u2028b\x85c", "\ufeffx", "correct"])
def test_awkward_text_survives_in_every_kind(tmp_path: Path, text: str) -> None:
    items = examples.awkward_items(text)
    seen = " ".join(re.sub("[\x00\x07]", "", text).split())
    found = files(tmp_path, items)
    assert found == files(tmp_path, items)
    read = [load(data) for data in found.values()]
    assert [len(each) for each in read] == [1] * 9 + [3, 2, 1]
    for made, questions in zip(items, read, strict=True):
        if made.item.kind != "symbolic" and text.replace("\n", "").isprintable():
            compared(made, questions)
        for question in questions:
            assert seen in shown(question.html), question.type
    (choice,), (multi,), (match,), (order,) = (read[place] for place in (0, 2, 5, 6))
    expected = [f"{seen} {which}" for which in ("one", "two", "three")]
    assert choice.texts() == multi.texts() == match.texts() == expected
    assert list(map(shown, order.single)) == [expected[2], *expected[:2]]
    assert read[7][0].single == [seen]


def test_what_the_file_cannot_say_is_a_caveat(tmp_path: Path) -> None:
    def codes(made: GeneratedItem) -> list[str]:
        return [caveat.code for caveat in fidelity(made.item, made.key).caveats]

    assert codes(examples.choice())[0] == "choice:partial-credit"
    assert codes(examples.true_false())[:1] == ["true-false:words"]
    assert codes(examples.multiple_answer())[0] == "multiple-answer:partial-credit"
    assert codes(examples.multiple_answer("all-or-nothing"))[0] == "feedback:left-out"
    assert codes(examples.numeric())[:2] == ["numeric:reading", "numeric:partial-credit"]
    assert codes(examples.symbolic())[0] == "symbolic:marked-on-return"
    assert codes(examples.matching())[:2] == ["matching:unused-left-out", "scoring:in-parts"]
    assert codes(examples.ordering())[0] == "scoring:in-parts"
    assert codes(examples.essay())[0] == "essay:rubric"
    assert "parts:separate-questions" in codes(examples.cloze())
    assert codes(examples.numeric_tuple())[0] == "numeric-tuple:single-choice"
    text = examples.single("t", "short-answer", (), TextInteraction(), TextKey(('"a"',), case_sensitive=True))
    assert codes(text)[:2] == ["short-answer:case", "short-answer:quotes"]
    tagged = examples.single("t", "short-answer", (), TextInteraction(), TextKey(("a</s>", "&lt;")))
    assert codes(tagged)[0] == "short-answer:tags"
    none = examples.single(
        "m", "multiple-answer", (), MultipleAnswerInteraction((examples.option("a", "a"), examples.option("b", "b"))),
        MultipleAnswerKey((), ("a", "b")),
    )  # fmt: skip
    assert "multiple-answer:none-right" in codes(none)
    sides = (examples.option("a", "a"), examples.option("b", "b"))
    twice = MatchingKey((("a", "a"), ("b", "a")), ("a", "b"))
    made = examples.single("twice", "matching", (), MatchingInteraction(sides, sides), twice)
    assert codes(made)[0] == "matching:not-one-to-one"
    archive = write_archive(tmp_path / "quiz", examples.quiz_of((made,)), (made,))
    with pytest.raises(ExportError, match=made.item.code):
        export(archive, "blackboard", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert fidelity(examples.choice().item, None).level is Level.NONE


def test_a_large_pool_goes_on_in_another_file(tmp_path: Path) -> None:
    made = examples.numeric()
    items = tuple(
        GeneratedItem(
            msgspec.structs.replace(made.item, id=f"{made.item.id}-{k}", code=f"Q-{k:04d}"),
            msgspec.structs.replace(made.key, item=f"{made.item.id}-{k}", code=f"Q-{k:04d}"),
        )
        for k in range(LONGEST_FILE + 1)
    )
    quiz = examples.quiz_of(items[:1])
    slot = msgspec.structs.replace(quiz.slots[0], pool=tuple(one.item.id for one in items))
    archive = write_archive(tmp_path / "quiz", msgspec.structs.replace(quiz, slots=(slot,)), items)
    (done,) = export(archive, "blackboard", tmp_path / "out")
    read = {file: len(load((done.folder / file).read_bytes())) for file in done.files}
    assert read == {"1-slot-1.txt": LONGEST_FILE, "1-slot-1-2.txt": 1}


def test_the_best_of_every_kind_is_in_the_table_of_formats() -> None:
    best: dict[str, set[Level]] = {}
    for made in (*ITEMS, *examples.awkward_items("x")):
        best.setdefault(made.item.kind, set()).add(fidelity(made.item, made.key).level)
    assert all(FORMAT.kinds[kind] in levels for kind, levels in best.items())
    assert FORMAT.best_effort
