"""H5P: uploaded to an H5P server, and scored as its content types score."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from collections.abc import Callable
from fractions import Fraction as F
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
from grading.marking import canonical_responses, grade, grade_item
from grading.verdicts import Verdict
from quizgen.archive import write_archive
from quizgen.exporters import export
from quizgen.exporters.contract import ExportError, Level, Options
from quizgen.exporters.formula_choice import with_choices
from quizgen.exporters.h5p import FORMAT, write
from quizgen.exporters.h5p.fidelity import fidelity
from quizgen.exporters.h5p.markup import dragged
from quizgen.exporters.listed_numbers import right_decimals
from quizgen.exporters.stand_in import chosen, chosen_key
from quizgen.model import (
    GeneratedItem,
    MultipleAnswerInteraction,
    NumericInteraction,
    Part,
    Quiz,
    TextInteraction,
)
from tests.exporters import example_items as examples
from tests.exporters.h5p_model import Question, Refused, load, shown
from tests.exporters.whole_bank import whole_bank

Run = Callable[[str, str], Any]
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


def as_asked(made: GeneratedItem) -> GeneratedItem:
    return GeneratedItem(chosen(made.item), chosen_key(made.key))


# --- what our grader and H5P make of the same answer


def in_h5p(part: Part, key: Any, response: Any, question: Question) -> Any:
    """A response to a part as H5P gets it; None where a learner cannot give it there."""
    options = [option.id for option in getattr(part.interaction, "options", ())]
    match key:
        case ChoiceKey() if question.type == "TrueFalse":
            return response if response in options else None if response else ""
        case ChoiceKey() if question.type == "Blanks":
            return chr(ord("A") + options.index(response)) if response in options else None if response else ""
        case ChoiceKey():
            return [options.index(response)] if response in options else None if response else []
        case MultipleAnswerKey():
            known = isinstance(response, list | None) and set(response or ()) <= set(options)
            return [options.index(id_) for id_ in response or ()] if known else None
        case NumericKey() | TextKey():
            return " ".join((response or "").split()) if isinstance(response, str | None) else None
        case MatchingKey():
            rights = {right.id: dragged(right.content) for right in part.interaction.right}  # type: ignore[union-attr]
            lefts = [left.id for left in part.interaction.left]  # type: ignore[union-attr]
            given = response or {}
            if not isinstance(given, dict) or not set(given) <= set(lefts) or not set(given.values()) <= set(rights):
                return None
            used, there = list(given.values()), [right for _, right in key.pairs]
            if any(used.count(right) > max(1, there.count(right)) for right in used):
                return None
            return [rights[given[left]] if left in given else None for left in lefts]
        case OrderingKey():
            texts = {one.id: dragged(one.content) for one in part.interaction.entries}  # type: ignore[union-attr]
            if not response:
                return [None] * len(key.order)
            known = isinstance(response, list) and sorted(response) == sorted(key.order)
            return [texts[id_] for id_ in response] if known else None
    return ""


def given_in_h5p(made: GeneratedItem, response: Any, question: Question) -> Any:
    parts, keys = made.item.parts, made.key.parts
    if len(parts) == 1:
        given = in_h5p(parts[0], keys[0].key, response, question)
        return [given] if question.type == "Blanks" and given is not None else given
    if not isinstance(response, dict):
        return None
    found = [in_h5p(part, one.key, response[part.id], question) for part, one in zip(parts, keys, strict=True)]
    return None if None in found else found


def as_text(keys: tuple[PartKey, ...], given: Any) -> bool:
    """Whether numbers are typed as H5P can compare them: as decimals with the mark of the item."""
    numbers = [text for text, one in zip(given, keys, strict=False) if isinstance(one.key, NumericKey)]
    return all(re.fullmatch(r"-?\d+([.,]\d{1,2})?|", str(text)) for text in numbers)


def agreed(made: GeneratedItem, question: Question, exact: bool) -> int:
    """Compares the marks of canonical responses; how many there were.

    exact: they are equal. If not: whoever gets all points there is right here, and whoever gets some gets some.
    """
    asked, compared = as_asked(made), 0
    for expected in canonical_responses(asked.key):
        given = None if question.type == "Essay" else given_in_h5p(asked, expected.response, question)
        if given is None:
            continue
        ours, theirs = grade_item(asked.key, expected.response), question.share(given)
        if ours.verdict is Verdict.UNDECIDED:
            continue
        if exact and (question.type != "Blanks" or as_text(asked.key.parts, given)):
            assert theirs == pytest.approx(float(ours.score or 0), abs=1e-6), (made.item.id, expected.response)
        elif theirs == 1:
            assert ours.score == 1, (made.item.id, expected.response)
        compared += 1
    return compared


def is_exact(made: GeneratedItem) -> bool:
    return fidelity(made.item, made.key).level is Level.EXACT


@pytest.mark.parametrize("made", [made for made in ITEMS if made.item.kind in ("essay", "symbolic")])
def test_a_text_for_a_person_earns_all_points_which_is_said(tmp_path: Path, made: GeneratedItem) -> None:
    (question,) = exported(tmp_path, made)
    assert question.share("nonsense") == 1
    assert "all points" in fidelity(made.item, made.key).caveats[0].message
    assert not is_exact(made)


def test_every_kind_has_its_question(tmp_path: Path) -> None:
    questions = exported(tmp_path, *ITEMS)
    assert [question.type for question in questions] == [
        "MultiChoice", "TrueFalse", "TrueFalse", "MultiChoice", "MultiChoice", "MultiChoice", "Blanks", "Essay",
        "DragText", "DragText", "DragText", "Blanks", "Blanks", "Essay", "Blanks", "Blanks", "Essay", "MultiChoice",
    ]  # fmt: skip
    for made, question in zip(ITEMS, questions, strict=True):
        assert question.title.startswith(made.item.code + " ")
        assert question.comments == f"{made.item.id} · {made.item.revision}"
        assert made.item.code in shown(question.html)
    first, cloze, notation = questions[0], questions[14], questions[8]
    assert r"\(\log \Pr(x_{2} = \text{quick} \mid \bar{\mathbf{x}})\)" in first.options()[1]
    said = {answer["text"]: answer["tipsAndFeedback"]["chosenFeedback"] for answer in first.params["answers"]}
    assert sorted(said.values())[0] == ""
    assert r"the log-likelihood adds \(\log p\)." in " ".join(said.values())
    solved = first.params["overallFeedback"][0]["feedback"]
    assert re.search(r"the log-probability of its true word: 1\. \\\(\\log .* 2\. \\\(\\log ", solved)
    kept = questions[3].params["answers"][3]["tipsAndFeedback"]
    assert (kept["chosenFeedback"], kept["notChosenFeedback"]) == ("", "Kept tokens count.")
    assert shown(cloze.params["questions"][0]).startswith("For \\(\\log")
    assert cloze.blanks[1].answers == ["A", "a"]
    assert "(A. [MASK]; B. the word itself)" in shown(cloze.params["questions"][0])
    assert notation.spare == ["the loss"]
    assert questions[6].blanks[0].tip == "Start with one mask."
    assert shown(questions[6].params["questions"][0]).endswith("* nats")


@pytest.mark.parametrize("made", ITEMS, ids=lambda made: made.item.id)
def test_h5p_gives_our_mark(tmp_path: Path, made: GeneratedItem) -> None:
    (question,) = exported(tmp_path, made)
    assert agreed(made, question, is_exact(made)) >= (0 if question.type == "Essay" else 2)


def test_most_kinds_are_exact_at_their_best() -> None:
    best: dict[str, set[Level]] = {}
    for made in (*ITEMS, *examples.awkward_items("x"), equal_gaps(), equal_gaps("cloze")):
        best.setdefault(made.item.kind, set()).add(fidelity(made.item, made.key).level)
    assert all(FORMAT.kinds[kind] in levels for kind, levels in best.items())
    assert FORMAT.best_effort


def equal_gaps(kind: str = "parts") -> GeneratedItem:
    """Two gaps, a choice and a word, that count alike."""
    made = examples.cloze()
    halves = [msgspec.structs.replace(part, weight=F(1, 2)) for part in made.item.parts[1:]]
    keys = [msgspec.structs.replace(key, weight=F(1, 2)) for key in made.key.parts[1:]]
    return GeneratedItem(
        msgspec.structs.replace(made.item, parts=tuple(halves), stem=made.item.stem[1:], kind=kind),
        msgspec.structs.replace(made.key, parts=tuple(keys)),
    )


def test_gaps_that_count_alike_are_exact(tmp_path: Path) -> None:
    made = equal_gaps()
    (question,) = exported(tmp_path, made)
    assert [blank.answers for blank in question.blanks] == [["A", "a"], ["early"]]
    assert is_exact(made)
    assert agreed(made, question, True) >= 4


def test_the_whole_bank(tmp_path: Path, run_node: Run) -> None:
    """Every template: taken by the server as it is, and scored as we score it wherever that is promised."""
    assembly = whole_bank()
    items = tuple(assembly.items())
    (package,) = packages(tmp_path, items, assembly.quiz).values()
    questions = load(package)[2]
    assert unchanged(run_node, {"bank": package})
    assert sum(map(is_exact, items)) > len(items) / 3
    assert all_agreed(items, package) > 4 * len(questions)


# --- what the server makes of it


def stored(run_node: Run, found: dict[str, bytes]) -> dict[str, Any]:
    given = {name: base64.b64encode(package).decode() for name, package in found.items()}
    return dict(run_node("h5p.cjs", json.dumps(given)))


def unchanged(run_node: Run, found: dict[str, bytes]) -> bool:
    """Whether a server takes packages and stores every text, tag, library and setting as it was sent."""
    kept = stored(run_node, found)
    for name, package in found.items():
        assert "refused" not in kept[name], kept[name]
        with zipfile.ZipFile(io.BytesIO(package)) as opened:
            assert kept[name]["params"] == json.loads(opened.read("content/content.json"))
        assert kept[name]["library"] == "H5P.QuestionSet 1.20"
    return True


def test_a_server_takes_every_kind_with_every_text_as_it_is(tmp_path: Path, run_node: Run) -> None:
    found = {"every": next(iter(packages(tmp_path / "every", ITEMS).values()))}
    for number, text in enumerate(examples.AWKWARD):
        made = packages(tmp_path / str(number), examples.awkward_items(text))
        found |= {str(number): next(iter(made.values()))}
    assert unchanged(run_node, found)


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"<p>Which positions", b"<p><code>Which</code> positions"), (b"H5P.Blanks 1.14", b"H5P.Blanks 1.13"),
     (b"Match.", b"Match <a onclick=x>now</a>.")],
)  # fmt: skip
def test_what_a_server_changes_would_be_found(tmp_path: Path, run_node: Run, before: bytes, after: bytes) -> None:
    (package,) = packages(tmp_path, ITEMS).values()
    planted = replaced(package, before, after)
    with pytest.raises(AssertionError):
        unchanged(run_node, {"planted": planted})


def replaced(package: bytes, before: bytes, after: bytes) -> bytes:
    """The package with other bytes in its content."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as opened, zipfile.ZipFile(out, "w") as made:
        for name in opened.namelist():
            data = opened.read(name)
            if name.startswith("content"):
                assert before in data
                data = data.replace(before, after)
            made.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("before", "after"),
    [(b'"correct":true', b'"correct":false'), (b'"correct":"false"', b'"correct":"true"'),
     (b"*cross-entropy/", b"*entropy/"), (b"1. *mask the input*", b"1. *compute the loss*"),
     (b'"singlePoint":true', b'"singlePoint":false'), (b"*1.61/", b"*1.65/2.32/0.80/"), (b"*A/a*", b"*B/b*")],
)  # fmt: skip
def test_a_planted_mistake_would_be_found(tmp_path: Path, before: bytes, after: bytes) -> None:
    items = (*ITEMS, equal_gaps_named())
    (package,) = packages(tmp_path, items).values()
    assert all_agreed(items, package) > 300
    with pytest.raises((AssertionError, Refused)):
        all_agreed(items, replaced(package, before, after))


def all_agreed(items: tuple[GeneratedItem, ...], package: bytes) -> int:
    count = 0
    for made, question in zip(items, load(package)[2], strict=True):
        count += agreed(made, question, is_exact(made)) + listed_is_right(made, question)
    return count


def equal_gaps_named() -> GeneratedItem:
    made = equal_gaps()
    return GeneratedItem(
        msgspec.structs.replace(made.item, id="equal-gaps"), msgspec.structs.replace(made.key, item="equal-gaps")
    )


# --- numbers


def listed_is_right(made: GeneratedItem, question: Question) -> int:
    """Every answer that a blank takes is right for our judge; how many there are."""
    if question.type != "Blanks":
        return 0
    count = 0
    for part_key, blank in zip(made.key.parts, question.blanks, strict=True):
        for answer in blank.answers:
            if isinstance(part_key.key, NumericKey | TextKey):
                assert grade(part_key.key, answer).score == 1, (made.item.id, answer)
                count += 1
    return count


TOLERANCES = [
    Tolerance(), Tolerance("absolute", F(5, 1000)), Tolerance("relative", F(1, 100)), Tolerance("significant", F(3)),
    Tolerance("decimals", F(2)), Tolerance("absolute", F(5, 1000), "outside"),
]  # fmt: skip


@pytest.mark.parametrize("tolerance", TOLERANCES, ids=lambda tolerance: f"{tolerance.kind}-{tolerance.boundary}")
def test_listed_decimals_are_right_and_their_neighbours_are_not(tolerance: Tolerance) -> None:
    """Up to the places that learners are told, a decimal is listed if, and only if, the judge finds it right."""
    for value in ("-log(0.5) - log(0.4)", "8/5", "exp(2)", "-1/3", "12.34", "0", "150"):
        for digits, comma in ((None, False), (Digits("decimals", 2), False), (None, True)):
            key = NumericKey(value, tolerance, rivals=(Rival("5"),), digits=digits, decimal_comma=comma)
            found = right_decimals(key)
            assert len(set(found.texts)) == len(found.texts) <= 120
            assert all(grade(key, text).score == 1 for text in found.texts)
            if not found.texts:  # with digits, numbers of fewer places do not count
                assert tolerance.kind == "exact" or digits
                continue
            for text in found.texts[:40]:
                places = len(text.partition("," if comma else ".")[2])
                for step in (F(-1), F(1)):
                    near = F(text.replace(",", ".")) + step / 10**places
                    typed = written(near, places, comma)
                    assert (typed in found.texts) is (grade(key, typed).score == 1), (value, typed)


def written(number: F, places: int, comma: bool) -> str:
    text = f"{abs(int(number * 10**places)):0{places + 1}d}"
    text = f"{text[:-places]}{',' if comma else '.'}{text[-places:]}" if places else text
    return f"-{text}" if number < 0 else text


def test_a_number_that_no_list_holds_is_a_text(tmp_path: Path) -> None:
    wide = examples.single(
        "wide", "numeric", (), NumericInteraction(), NumericKey("100000", Tolerance("absolute", F(500)))
    )
    root = examples.single("root", "numeric", (), NumericInteraction(), NumericKey("sqrt(2)"))
    assert [question.type for question in exported(tmp_path, wide, root)] == ["Essay", "Essay"]
    assert codes(wide)[0] == codes(root)[0] == "answers:marked-on-return"


# --- texts


@pytest.mark.parametrize(
    "text", [*examples.AWKWARD, "a: b/c", "2*3*4", r"\+yes \-no", "@score of @total", "a\tb\u2028c"]
)
def test_awkward_text_survives_in_every_kind(tmp_path: Path, text: str) -> None:
    items = examples.awkward_items(text)
    found = packages(tmp_path, items)
    assert found == packages(tmp_path / "again", items)
    seen = " ".join(re.sub("[\x00\x07]", "", text).split())
    alike = seen.replace("*", "∗")
    questions = load(next(iter(found.values())))[2]
    for made, question in zip(items, questions, strict=True):
        assert seen in shown(question.html) or alike in shown(question.html), question.type
        if made.item.kind != "symbolic" and text.replace("\n", "").isprintable():
            agreed(made, question, is_exact(made))
    choice, multi = questions[0], questions[2]
    expected = [f"{seen} {which}" for which in ("one", "two", "three")]
    assert choice.options() == multi.options() == expected
    assert [shown(zone) for zone in questions[6].zones] == [
        entry.translate(str.maketrans({"*": "∗", ":": "∶", "\\": "⧵"})) for entry in (expected[2], *expected[:2])
    ]
    typed = questions[7]
    if set(seen) & set("*/:"):
        assert typed.type == "Essay"
    else:
        assert typed.blanks[0].answers == [seen]


def test_nothing_in_a_text_is_typeset(tmp_path: Path) -> None:
    html = exported(tmp_path, *examples.awkward_items(r"costs \(5\) or $$6$$"))[0].html
    assert re.findall(r"\\[(\[]|\$\$", html) == []


def test_what_h5p_cannot_say_is_a_caveat() -> None:
    assert "choice:partial-credit" in codes(examples.choice())
    assert "multiple-answer:per-option" in codes(examples.multiple_answer("per-option"))
    options = tuple(examples.option(id_, id_) for id_ in "ab")
    none = MultipleAnswerKey((), ("a", "b"))
    assert codes(examples.single("none", "multiple-answer", (), MultipleAnswerInteraction(options), none))[0] == (
        "multiple-answer:none-right"
    )
    assert codes(examples.multiple_answer())[0] == "tables:lines"
    assert codes(examples.numeric())[:2] == ["numeric:listed", "numeric:partial-credit"]
    assert codes(examples.symbolic())[0] == "symbolic:marked-on-return"
    assert "scoring:all-or-nothing" in codes(examples.ordering("all-or-nothing"))
    assert codes(examples.short_answer("words"))[:3] == [
        "short-answer:reading", "short-answer:signs", "short-answer:partial-credit",
    ]  # fmt: skip
    assert codes(examples.essay())[0] == "essay:all-points"
    assert "parts:equal-weights" in codes(examples.cloze())
    assert codes(examples.parts(with_essay=True))[0] == "parts:marked-on-return"
    assert codes(examples.numeric_tuple())[0] == "numeric-tuple:single-choice"
    same = (examples.option("a", "a"), examples.option("b", "a"))
    order = examples.single("same", "ordering", (), examples.OrderingInteraction(same), OrderingKey(("a", "b")))
    assert codes(order)[0] == "drag:equal-texts"
    assert all(codes(made)[-1] == "points:own" for made in ITEMS)


def test_capital_letters_count_where_they_are_asked_for(tmp_path: Path) -> None:
    made = examples.single("t", "short-answer", (), TextInteraction(), TextKey(("Adam",), case_sensitive=True))
    (question,) = exported(tmp_path, made)
    assert [question.share([text]) for text in ("Adam", "adam")] == [1, 0]
    assert agreed(made, question, True) >= 2


def test_typed_formulas_become_choices_if_that_is_asked_for(tmp_path: Path) -> None:
    rivals = (Rival("p_2", ("sum-of-probs",), title="No log"), Rival("2*log(p_2)", title="Twice"))
    made = examples.symbolic()
    (part_key,) = made.key.parts
    key = msgspec.structs.replace(part_key, key=msgspec.structs.replace(part_key.key, rivals=rivals))
    made = GeneratedItem(made.item, msgspec.structs.replace(made.key, parts=(key,)))
    archive = write_archive(tmp_path / "quiz", examples.quiz_of((made,)), (made,))
    (done,) = export(archive, "h5p", tmp_path / "out", options=Options(formulas="choice"))
    (question,) = load((done.folder / done.files[0]).read_bytes())[2]
    assert question.type == "MultiChoice"
    assert agreed(with_choices(made), question, True) >= 3


# --- packages


def twice(made: GeneratedItem) -> tuple[GeneratedItem, GeneratedItem]:
    return made, GeneratedItem(
        msgspec.structs.replace(made.item, id="two", code="Q-TWO"),
        msgspec.structs.replace(made.key, item="two", code="Q-TWO"),
    )


def test_pools_are_packages_that_draw_one_question(tmp_path: Path, run_node: Run) -> None:
    items = (*twice(examples.choice()), examples.essay())
    quiz = examples.quiz_of((items[0], items[2]), title="Week 3")
    slots = (msgspec.structs.replace(quiz.slots[0], pool=(items[0].item.id, "two")), quiz.slots[1])
    found = packages(tmp_path, items, msgspec.structs.replace(quiz, slots=slots))
    assert list(found) == ["1-slot-1.h5p", "2-slot-2.h5p"]
    manifest, settings, questions = load(found["1-slot-1.h5p"])
    assert manifest["title"] == f"Week 3: {slots[0].title}"
    assert (settings["poolSize"], settings["randomQuestions"], len(questions)) == (1, True, 2)
    needed = [one["machineName"] for one in manifest["preloadedDependencies"]]
    assert needed == ["H5P.QuestionSet", "H5P.MultiChoice", "H5P.MathDisplay"]
    manifest, settings, questions = load(found["2-slot-2.h5p"])
    assert ("poolSize" in settings, len(questions)) == (False, 1)
    assert [one["machineName"] for one in manifest["preloadedDependencies"]] == ["H5P.QuestionSet", "H5P.Essay"]
    assert unchanged(run_node, found)


def test_an_exam_is_refused(tmp_path: Path) -> None:
    made = examples.choice()
    archive = write_archive(tmp_path / "quiz", examples.quiz_of((made,), "exam"), (made,))
    with pytest.raises(ExportError, match=f"marks on the learner's machine.*{made.item.code}"):
        export(archive, "h5p", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_buttons_are_in_the_language_of_the_quiz(tmp_path: Path) -> None:
    made = examples.choice()
    german = GeneratedItem(msgspec.structs.replace(made.item, language="de"), made.key)
    (package,) = packages(
        tmp_path, (german,), msgspec.structs.replace(examples.quiz_of((german,)), language="de")
    ).values()
    manifest, settings, (question,) = load(package)
    assert manifest["language"] == "de"
    assert settings["texts"]["nextButton"] == "Nächste Frage"
    assert question.params["UI"]["checkAnswerButton"] == "Prüfen"
