"""Aiken: read as Moodle's importer reads it; the letter of the answer is the key."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from grading.keys import ChoiceKey
from grading.marking import canonical_responses, grade_item
from quizgen.archive import write_archive
from quizgen.assembly import assemble
from quizgen.bank import load_bank
from quizgen.content import Emphasis, Strong, Text
from quizgen.exporters import export, plan
from quizgen.exporters.aiken import FORMAT, fidelity, write
from quizgen.exporters.contract import ExportError, Level, Options
from quizgen.exporters.rendering.text import inline_text
from quizgen.exporters.rendering.typesetting import JOINER, TYPESET
from quizgen.exporters.stand_in import chosen, chosen_key
from quizgen.model import ChoiceInteraction, GeneratedItem
from quizgen.sampling.draws import Source
from tests.exporters import example_items as examples
from tests.exporters.aiken_model import Question, Refused, load
from tests.exporters.whole_bank import whole_bank

ITEMS = examples.everything()
PLAIN = Options()


def carried(items: tuple[GeneratedItem, ...]) -> tuple[GeneratedItem, ...]:
    return tuple(made for made in items if fidelity(made.item, made.key).level is not Level.NONE)


def files(folder: Path, items: tuple[GeneratedItem, ...], options: Options = PLAIN) -> dict[str, str]:
    archive = write_archive(folder / "quiz", examples.quiz_of(items), items)
    found: dict[str, str] = {}
    for path, chunk in write(archive, options):
        found[path] = found.get(path, "") + chunk.decode()
    return found


def exported(folder: Path, *items: GeneratedItem) -> list[Question]:
    return [question for text in files(folder, items).values() for question in seen(text)]


def seen(text: str) -> list[Question]:
    """The questions as they are seen: without the sign that keeps MathJax from a text."""
    return load(text.replace(JOINER, ""))


def as_asked(made: GeneratedItem) -> GeneratedItem:
    return GeneratedItem(chosen(made.item), chosen_key(made.key))


def compared(made: GeneratedItem, question: Question) -> int:
    """Compares the mark of every canonical choice with that of the letter; how many there were."""
    asked = as_asked(made)
    (part,), count = asked.item.parts, 0
    options = getattr(part.interaction, "options", ())
    assert question.options == [" ".join(inline_text(option.content).split()) for option in options]
    for expected in canonical_responses(asked.key):
        places = [place for place, option in enumerate(options) if option.id == expected.response]
        if places:
            ours = grade_item(asked.key, expected.response).score
            assert (ours == 1) is (places[0] == question.answer), (asked.item.id, expected.response)
            count += 1
    return count


def test_choices_come_back_with_their_key(tmp_path: Path) -> None:
    items = carried(ITEMS)
    assert [made.item.kind for made in items] == ["single-choice", "true-false", "true-false", "numeric-tuple"]
    for made, question in zip(items, exported(tmp_path, *items), strict=True):
        assert compared(made, question) >= 2
        assert question.text.endswith(f" ({made.item.code})")


def test_the_whole_bank(tmp_path: Path) -> None:
    items = carried(tuple(whole_bank().items()))
    counts = [compared(made, question) for made, question in zip(items, exported(tmp_path, *items), strict=True)]
    assert len(counts) >= 15
    assert sum(counts) > 3 * len(counts)


def test_another_letter_would_be_found(tmp_path: Path) -> None:
    (text,) = files(tmp_path, (examples.choice(),)).values()
    (question,) = load(text.replace("ANSWER: B", "ANSWER: A"))
    with pytest.raises(AssertionError):
        compared(examples.choice(), question)
    with pytest.raises(Refused):
        load(text.replace("ANSWER: B", "ANSWER: E"))
    with pytest.raises(Refused):
        load(text.replace("Which expression", "\n\nWhich expression"))


@pytest.mark.parametrize("text", [*examples.AWKWARD, "A. Turing", "b) or not", "ANSWER: B", "\nANSWER: A\n", "C.", "?"])
@pytest.mark.parametrize("code", [True, False], ids=["code", "bare"])
def test_awkward_text_is_one_line(tmp_path: Path, text: str, code: bool) -> None:
    items = carried(examples.awkward_items(text))
    assert len(items) == 3
    read = [seen(each) for each in files(tmp_path, items, Options(code_in_stem=code)).values()]
    shown = " ".join(re.sub("[\x00\x07]", "", text).split())
    for made, (question,) in zip(items, read, strict=True):
        assert question.text.removeprefix("– ").startswith(shown)
        assert compared(made, question) >= 2
    bare = examples.single(
        "bare", "single-choice", (examples.paragraph(text),),
        ChoiceInteraction((examples.option("a", text), examples.option("b", "b " + text))), ChoiceKey("b"),
    )  # fmt: skip
    ((question,),) = [seen(each) for each in files(tmp_path, (bare,), Options(code_in_stem=code)).values()]
    assert (question.options, question.answer) == ([shown, "b " + shown], 1)


def test_a_file_for_each_slot_holds_its_pool(tmp_path: Path) -> None:
    assembly = assemble(load_bank(None), ["clm-expression"], variants=3, source=Source(7))
    archive = write_archive(tmp_path / "quiz", assembly.quiz, assembly.items())
    (done,) = export(archive, "aiken", tmp_path / "out")
    assert len(done.files) == len(assembly.quiz.slots) == 1
    assert len(load((done.folder / done.files[0]).read_text("utf-8"))) == 3
    assert done.files[0].startswith("1-")
    assert export(archive, "aiken", tmp_path / "again")[0].files == done.files
    assert (tmp_path / "again" / "aiken" / done.files[0]).read_bytes() == (done.folder / done.files[0]).read_bytes()


def test_what_aiken_cannot_say_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    def codes(made: GeneratedItem) -> list[str]:
        return [caveat.code for caveat in fidelity(made.item, made.key).caveats]

    def many(count: int) -> GeneratedItem:
        options = tuple(examples.option(f"o{k}", f"option {k}") for k in range(count))
        return examples.single("many", "single-choice", (), ChoiceInteraction(options, False), ChoiceKey("o0"))

    assert codes(examples.choice()) == ["choice:partial-credit", "text:plain", "feedback:left-out"]
    assert codes(examples.true_false())[-1] == "true-false:as-choice"
    assert codes(examples.numeric_tuple())[0] == "numeric-tuple:single-choice"
    assert codes(examples.numeric()) == codes(examples.essay()) == ["kind:no-writing"]
    assert codes(examples.cloze()) == ["parts:no-writing"]
    assert codes(many(26)) == ["text:plain", "choice:shuffled"]
    assert codes(many(27))[0] == codes(many(1))[0] == "choice:count"
    assert "layout:one-line" in codes(examples.awkward_items("x")[0])
    assert fidelity(examples.choice().item, None).level is Level.NONE
    archive = write_archive(tmp_path / "quiz", examples.quiz_of(ITEMS), ITEMS)
    refusals = " ".join(plan(archive, FORMAT).refusals)
    assert examples.numeric().item.code in refusals
    assert examples.choice().item.code not in refusals
    with pytest.raises(ExportError):
        export(archive, "aiken", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_best_of_every_kind_is_in_the_table_of_formats() -> None:
    plain = msgspec.structs.replace(examples.choice().key.parts[0].key, rivals=())
    choice = examples.choice()
    exact = msgspec.structs.replace(choice.key, parts=(msgspec.structs.replace(choice.key.parts[0], key=plain),))
    assert fidelity(choice.item, exact).level is FORMAT.kinds["single-choice"]
    best: dict[str, set[Level]] = {}
    for made in ITEMS:
        best.setdefault(made.item.kind, set()).add(fidelity(made.item, made.key).level)
    assert all(FORMAT.kinds[kind] in levels for kind, levels in best.items() if kind != "single-choice")
    assert FORMAT.best_effort


def test_options_that_are_apart_by_emphasis_only_are_named() -> None:
    options = (examples.option("a", Strong((Text("mask"),))), examples.option("b", Emphasis((Text("mask"),))))
    made = examples.single("marked", "single-choice", (), ChoiceInteraction(options), ChoiceKey("a"))
    assert "choice:equal-texts" in [caveat.code for caveat in fidelity(made.item, made.key).caveats]
    assert fidelity(made.item, made.key).level is Level.DEGRADED


def test_moodle_typesets_no_text(tmp_path: Path) -> None:
    options = (examples.option("a", r"\(a\)"), examples.option("b", r"a\$b $$x$$"), examples.option("c", r"\begin{x}"))
    made = examples.single(
        "t", "single-choice", (examples.paragraph(r"\[x\] or $5"),), ChoiceInteraction(options), ChoiceKey("a")
    )
    (text,) = files(tmp_path, (made,)).values()
    assert not TYPESET.search(text.replace(JOINER, "x"))
    assert [question.options[0] for question in seen(text)] == [r"\(a\)"]
