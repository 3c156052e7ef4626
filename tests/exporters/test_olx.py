"""Open edX: the real problems of the platform mark as we do, a real tool finds the course whole."""

from __future__ import annotations

import io
import json
import re
import tarfile
from collections.abc import Iterable
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lxml import etree
from lxml import html as lxml_html

from grading.keys import (
    Band,
    Digits,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    Requirement,
    Rival,
    SymbolDeclaration,
    SymbolicKey,
    TextKey,
    Tolerance,
)
from grading.marking import canonical_responses, grade_item
from grading.verdicts import Verdict
from quizgen.archive import Archive, write_archive
from quizgen.exporters.contract import Level, Options
from quizgen.exporters.olx import FORMAT, write
from quizgen.exporters.olx.fidelity import fidelity, is_open_response
from quizgen.exporters.olx.formulas import sampled
from quizgen.exporters.olx.markup import url_name
from quizgen.exporters.planning import plan
from quizgen.exporters.stand_in import chosen, chosen_key
from quizgen.model import (
    GeneratedItem,
    MatchingInteraction,
    MultipleAnswerInteraction,
    NumericInteraction,
    Purpose,
    Section,
    SymbolicInteraction,
    TextInteraction,
)
from tests.exporters import example_items as examples
from tests.exporters.openedx import Run, given, marks, xml_of

REFUSED_BY_US = {Verdict.INVALID, Verdict.PARTIALLY_GRADED}
PICTURE = "'course_image'"
"""A course need not have a picture, whatever the tool thinks."""

PLAIN = re.compile(r"[-+]?[\d.]+(?:[eE][-+]?\d+)?(?:/\d+)?|")
"""Numbers that Open edX reads as we do; of others the format says that they are refused."""


def archive_of(folder: Path, *items: GeneratedItem, purpose: Purpose = "practice") -> Archive:
    return write_archive(folder / "quiz", examples.quiz_of(items, purpose), items)


def package(archive: Archive, code: bool = True) -> bytes:
    return b"".join(chunk for _, chunk in write(archive, Options(code_in_stem=code)))


def members(data: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(data)) as opened:
        return {entry.name: opened.extractfile(entry).read() for entry in opened}  # type: ignore[union-attr]


def course(folder: Path, *items: GeneratedItem, purpose: Purpose = "practice") -> dict[str, Any]:
    """The XML files of a course, parsed, by their paths below ``course/``."""
    files = members(package(archive_of(folder, *items, purpose=purpose)))
    return {
        name.removeprefix("course/"): etree.fromstring(data) for name, data in files.items() if name.endswith(".xml")
    }


def compared(capa: Run, items: Iterable[GeneratedItem], most: int = 99) -> dict[str, tuple[int, list[Any]]]:
    """For each item how many responses Open edX was given, and those whose mark is not ours.

    most: responses of an item, spread over all there are; Open edX takes its time for numbers.
    """
    asked, ours = [], []
    for generated in items:
        answers = [
            (fields, expected.response, grade_item(generated.key, expected.response))
            for expected in canonical_responses(generated.key)
            if (fields := given(generated, expected.response)) is not None
        ]
        answers = answers[:: -(-len(answers) // most)]
        asked.append((generated, [fields for fields, _, _ in answers]))
        ours.append(answers)
    found = {}
    for (generated, _), answers, theirs in zip(asked, ours, marks(capa, asked), strict=True):
        assert len(answers) == len(theirs)
        differ = []
        for (fields, response, grade), mark in zip(answers, theirs, strict=True):
            if mark.score is None:
                typed = [field for field in fields.values() if isinstance(field, str)]
                agrees = grade.verdict in REFUSED_BY_US or not all(map(PLAIN.fullmatch, typed))
            else:
                agrees = grade.verdict is Verdict.INVALID or abs(float(grade.score or 0) - mark.score) <= 1e-6
            if not agrees:
                differ.append((response, grade.verdict, grade.score, mark.score, mark.said))
        found[generated.item.id] = (len(answers), differ)
    return found


def automatic(items: Iterable[GeneratedItem]) -> list[GeneratedItem]:
    """The items that Open edX marks itself, as they are written: a choice for several numbers together."""
    shown = [GeneratedItem(chosen(generated.item), chosen_key(generated.key)) for generated in items]
    return [generated for generated in shown if not is_open_response(generated.item, generated.key)]


def test_open_edx_gives_our_mark(capa: Run) -> None:
    items = automatic(examples.everything())
    found = compared(capa, items)
    exact = {g.item.id for g in items if fidelity(g.item, g.key).level is Level.EXACT}
    assert {id_: differ for id_, (_, differ) in found.items() if id_ in exact and differ} == {}
    assert all(count >= 3 for count, _ in found.values())
    assert {g.item.kind for g in items if g.item.id in exact} >= {
        "single-choice", "true-false", "multiple-answer", "symbolic", "matching", "ordering", "short-answer",
    }  # fmt: skip
    # What is only half kept is said, and is wrong nowhere else: marks are kept for what is right.
    for generated in items:
        for response, verdict, score, mark, _ in found[generated.item.id][1]:
            assert verdict is not Verdict.CORRECT, (generated.item.id, response, score, mark)
            assert mark != 1, (generated.item.id, response, score)


def bank() -> list[GeneratedItem]:
    from quizgen.assembly import assemble
    from quizgen.bank import load_bank
    from quizgen.sampling.draws import Source

    whole = load_bank(None)
    return list(assemble(whole, [template.id for template in whole.templates], variants=1, source=Source(7)).items())


def test_the_whole_bank(capa: Run, tmp_path: Path) -> None:
    """Every template of the bank: marked as we mark it wherever that is promised."""
    items = bank()
    assert len(course(tmp_path, *items)) > len(items)
    kept = automatic(items)
    found = compared(capa, kept, most=4)
    exact = [g for g in kept if fidelity(g.item, g.key).level is Level.EXACT]
    assert {g.item.id: differ for g in exact if (differ := found[g.item.id][1])} == {}
    assert len(exact) > len(items) / 2
    assert sum(found[g.item.id][0] for g in exact) > 2 * len(exact)


def numeric(key: NumericKey) -> GeneratedItem:
    return examples.single("n", "numeric", (), NumericInteraction(), key)


def named(generated: GeneratedItem, number: int) -> GeneratedItem:
    return GeneratedItem(
        msgspec.structs.replace(generated.item, id=f"{generated.item.id}-{number}"),
        msgspec.structs.replace(generated.key, item=f"{generated.item.id}-{number}"),
    )


def test_numbers_of_every_tolerance(capa: Run) -> None:
    tolerances = [
        Tolerance("absolute", F(5, 1000)),
        Tolerance("relative", F(1, 100)),
        Tolerance("significant", F(3)),
        Tolerance("decimals", F(2)),
        Tolerance("absolute", F(5, 1000), "outside"),
        Tolerance("relative", F(1, 100), "outside"),
        Tolerance(),
    ]
    rivals = (Rival("2.5", ("a",), F(1, 2)), Rival("log(7)", ("b",)), Rival("log(11)", ("c",)))
    keys = [
        NumericKey(value, tolerance, (Band(F(1, 50), F(1, 2)),) if banded else (), rivals=rivals if not banded else ())
        for value in ("-log(0.5) - log(0.4)", "-1/3", "12.34", "0")
        for tolerance in tolerances
        for banded in (False, True)
        if not banded or tolerance.kind == "absolute"
    ]
    items = [named(numeric(key), number) for number, key in enumerate(keys)]
    assert all(fidelity(g.item, g.key).level is Level.EXACT for g in items)
    found = compared(capa, items)
    assert {id_: (keys[int(id_.rpartition("-")[2])], differ) for id_, (_, differ) in found.items() if differ} == {}
    assert all(count >= 3 for count, _ in found.values())


def many(count: int, right: int, scoring: str) -> GeneratedItem:
    options = tuple(examples.option(f"o{i}", f"option {i}") for i in range(count))
    ids = tuple(option.id for option in options)
    key = MultipleAnswerKey(ids[:right], ids, scoring)  # type: ignore[arg-type]
    return examples.single(f"m{count}{right}{scoring}", "multiple-answer", (), MultipleAnswerInteraction(options), key)


def test_several_options_are_exact_where_that_is_said(capa: Run) -> None:
    from itertools import chain, combinations

    items = [many(n, k, s) for n in range(2, 6) for k in range(1, n + 1) for s in ("plus-minus", "all-or-nothing")]
    exact = [g for g in items if fidelity(g.item, g.key).level is Level.EXACT]
    assert {"m21plus-minus-0001", "m32plus-minus-0001", "m42plus-minus-0001"} <= {g.item.id for g in exact}
    asked, ours = [], []
    for generated in exact:
        ids = generated.key.parts[0].key.options  # type: ignore[union-attr]
        chosen = [list(some) for some in chain.from_iterable(combinations(ids, n) for n in range(len(ids) + 1))]
        asked.append((generated, [given(generated, some) for some in chosen]))
        ours.append([float(grade_item(generated.key, some).score or 0) for some in chosen])
    for (generated, _), theirs, wanted in zip(asked, marks(capa, asked), ours, strict=True):  # type: ignore[arg-type]
        assert [mark.score for mark in theirs] == pytest.approx(wanted, abs=1e-6), generated.item.id


SYMBOLS = (*(SymbolDeclaration(f"p_{k}") for k in range(1, 5)), SymbolDeclaration("n", "positive"))
FORMULAS = {
    "log p_2 + log p_4": ("log(p_2 + p_4)", "p_2*p_4", "-log p_2 - log p_4", "log2(p_2*p_4)", "log p_1 + log p_3"),
    "-(1/n)*(log p_1 + log p_2)": ("-(log p_1 + log p_2)", "(1/n)*(log p_1 + log p_2)", "-n*log(p_1*p_2)"),
    "exp(-(log p_1 + log p_2)/2)": ("exp((log p_1 + log p_2)/2)", "p_1*p_2", "2^(-(log p_1 + log p_2)/2)"),
    "p_1^2*p_2/(p_3 - 2)": ("p_1^2*p_2/(p_3 + 2)", "p_1*p_2^2/(p_3 - 2)", "min(p_1, p_2, p_3)", "|p_1 - p_2|"),
}  # fmt: skip


def formula(value: str, rivals: Iterable[str], **more: Any) -> GeneratedItem:
    known = tuple(Rival(text, (f"m{number}",), feedback=f"known-{number}") for number, text in enumerate(rivals))
    key = SymbolicKey(value, SYMBOLS, rivals=known, **more)
    return examples.single(f"f{abs(hash(value))}", "symbolic", (), SymbolicInteraction(SYMBOLS), key)


def test_every_known_wrong_formula_differs_and_is_told(capa: Run) -> None:
    """At the one point where Open edX looks; and what is known of it is said."""
    items = [formula(value, rivals) for value, rivals in FORMULAS.items()]
    asked = []
    for generated, (value, rivals) in zip(items, FORMULAS.items(), strict=True):
        key = generated.key.parts[0].key
        assert isinstance(key, SymbolicKey)
        assert sampled(key) is not None
        assert sampled(key).apart  # type: ignore[union-attr]
        fields = [given(generated, text) for text in (value, *rivals)]
        assert None not in fields
        asked.append((generated, fields))
    for (generated, _), (right, *wrong) in zip(asked, marks(capa, asked, pages=True), strict=True):  # type: ignore[arg-type]
        assert right.score == 1, generated.item.id
        for number, mark in enumerate(wrong):
            assert mark.score == 0
            assert f"known-{number}" in mark.said
            assert f"known-{number}" in mark.page


def test_what_a_learner_may_type(capa: Run) -> None:
    generated = formula("log p_2 + log p_4", ())
    right = ["ln(p_2) + ln(p_4)", "ln(p2*p4)", "ln(p_{2}) + ln(P_4)", "-(-ln(p_2) - ln(p_4))", "log10(p_2*p_4)*ln(10)"]
    wrong = ["ln(p_2)", "ln(p_2) + ln(p_3)", "", "0", "log2(p_2) + log2(p_4)", "1.0000001*(ln(p_2) + ln(p_4))"]
    refused = ["log(p_2)", "ln(p_2) + ln(q)", "ln(", "2 p_2", "Pr(x)"]
    ((*found,),) = marks(capa, [(generated, [{"2_1": text} for text in (*right, *wrong, *refused)])])
    assert [mark.score for mark in found] == [1] * len(right) + [0] * len(wrong) + [None] * len(refused)
    page = xml_of(generated)
    assert "Names: p_1, p1, p_2" in page
    assert "ln(…) for the natural logarithm" in page


@pytest.mark.parametrize(
    ("value", "names", "wrong"),
    [
        ("n + 2*N", ("n", "N"), "N + 2*n"),
        ("p_1 - 2*P_1", ("p_1", "P_1"), "P_1 - 2*p_1"),
        ("p_1 - 2*P1", ("p_1", "P1"), "-p_1"),
    ],
)
def test_names_that_differ_in_their_capitals_are_two(capa: Run, value: str, names: tuple[str, ...], wrong: str) -> None:
    symbols = tuple(SymbolDeclaration(name, "positive") for name in names)
    key = SymbolicKey(value, symbols)
    made = examples.single("capitals", "symbolic", (), SymbolicInteraction(symbols), key)
    (found,) = marks(capa, [(made, [{"2_1": value}, {"2_1": wrong}])])
    assert [mark.score for mark in found] == [1, 0]


def test_a_formula_that_cannot_be_said_is_for_a_person() -> None:
    least = formula("min(p_1, p_2)", ())
    assert codes(least) == {"symbolic:marked-by-hand"}
    assert "symbolic:form" in codes(formula("log p_1", (), forms=(Requirement("expanded"),)))


def codes(generated: GeneratedItem) -> set[str]:
    return {caveat.code for caveat in fidelity(generated.item, generated.key).caveats}


def test_what_is_lost_is_said() -> None:
    text = examples.single("t", "short-answer", (), TextInteraction(), TextKey(("\x07",)))
    assert fidelity(text.item, text.key).level is Level.NONE
    either = examples.single("t", "short-answer", (), TextInteraction(), TextKey(("this_or_that",)))
    assert fidelity(either.item, either.key).level is Level.NONE
    seed = examples.single("t", "short-answer", (), TextInteraction(), TextKey(("$seed",)))
    assert "short-answer:value" in codes(seed)
    assert "numeric:digits" in codes(numeric(NumericKey("2", digits=Digits("figures", 3))))
    assert "numeric:partial-credit" in codes(examples.numeric())
    assert "multiple-answer:halves" in codes(examples.multiple_answer())
    assert "multiple-answer:rounded" in codes(examples.multiple_answer("per-option"))
    assert "multiple-answer:none-right" in codes(many(3, 0, "plus-minus"))
    assert "ordering:all-or-nothing" in codes(examples.ordering("all-or-nothing"))
    assert "parts:equal-weights" in codes(examples.cloze())
    assert "parts:marked-by-hand" in codes(examples.parts(with_essay=True))
    assert fidelity(examples.choice().item, None).level is Level.NONE


def test_without_keys_it_is_refused(tmp_path: Path) -> None:
    from quizgen.archive import read_archive

    archive = archive_of(tmp_path, examples.choice())
    (archive.folder / "keys.jsonl").unlink()
    assert plan(read_archive(archive.folder), FORMAT).refusals


def test_a_slot_is_a_bank_that_shows_one_of_its_pool(tmp_path: Path) -> None:
    first, third = examples.choice(), examples.numeric()
    second = GeneratedItem(
        msgspec.structs.replace(first.item, id="two/zwei", code="Q-TWO"),
        msgspec.structs.replace(first.key, item="two/zwei", code="Q-TWO"),
    )
    quiz = examples.quiz_of((first, third))
    slots = (
        msgspec.structs.replace(quiz.slots[0], pool=(first.item.id, "two/zwei"), points=F(3), section="Warm up"),
        msgspec.structs.replace(quiz.slots[1], section="Sums"),
    )
    quiz = msgspec.structs.replace(quiz, slots=slots, sections=(Section("Warm up", "Take <your> time."),))
    archive = write_archive(tmp_path / "quiz", quiz, (first, second, third))
    files = {name: data for name, data in members(package(archive)).items() if name.endswith(".xml")}
    tree = {name.removeprefix("course/"): etree.fromstring(data) for name, data in files.items()}
    subsections = [entry.get("url_name") for entry in tree["chapter/quiz.xml"]]
    assert [tree[f"sequential/{name}.xml"].get("display_name") for name in subsections] == ["Warm up", "Sums"]
    (unit,) = tree[f"sequential/{subsections[0]}.xml"]
    said, held = tree[f"vertical/{unit.get('url_name')}.xml"]
    assert "Take <your> time." in "".join(said.itertext())
    bank_ = tree[f"itembank/{held.get('url_name')}.xml"]
    assert (held.tag, bank_.get("max_count")) == ("itembank", "1")
    names = [entry.get("url_name") for entry in bank_]
    assert names == [first.item.id, url_name("two/zwei")]
    assert [tree[f"problem/{name}.xml"].get("weight") for name in names] == ["3", "3"]


def test_olxcleaner_finds_the_course_whole(capa: Run, tmp_path: Path) -> None:
    """Once as it is, and once with the questions taken out of the banks, which the tool does not look into."""
    data = package(archive_of(tmp_path, *examples.everything()))
    for place in ("as-it-is", "opened"):
        folder = tmp_path / place
        for name, content in members(data).items():
            path = folder / name.removeprefix("course/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    for path in (tmp_path / "opened" / "vertical").iterdir():
        text = path.read_text("utf-8")
        held = re.search(r'<itembank url_name="([^"]+)"/>', text)
        assert held is not None
        inside = (tmp_path / "opened" / "itembank" / f"{held[1]}.xml").read_text("utf-8")
        path.write_text(text.replace(held[0], inside.partition(">")[2].rpartition("<")[0]), "utf-8")
    for place in ("as-it-is", "opened"):
        assert [found for found in capa({"course": str(tmp_path / place)}) if PICTURE not in found] == []
    (tmp_path / "opened" / "problem" / f"{examples.choice().item.id}.xml").write_text("<problem>", "utf-8")
    assert any("InvalidXML" in found for found in capa({"course": str(tmp_path / "opened")}))


AWKWARD = [
    *examples.AWKWARD,
    "$seed of $anonymous_student_id",
    "[mathjaxinline]x[/mathjaxinline]",
    "startouttext/ a_or_b",
]


def test_awkward_text(capa: Run, tmp_path: Path) -> None:
    """It stands in the page that Open edX makes, letter by letter; the same text gives the same bytes."""
    shown = []
    for number, text in enumerate(AWKWARD):
        items = examples.awkward_items(text)
        archive = archive_of(tmp_path / f"{number}", *items)
        assert package(archive) == package(archive)
        assert len(course(tmp_path / f"{number}-again", *items)) > len(items)
        kept = [g for g in automatic(items) if fidelity(g.item, g.key).level is not Level.NONE]
        shown += [(text, generated) for generated in kept]
    found = capa({"problems": [{"xml": xml_of(generated), "answers": []} for _, generated in shown]})
    assert len(shown) > 5 * len(AWKWARD)
    for (text, generated), result in zip(shown, found, strict=True):
        page = "".join(etree.fromstring(result["page"]).itertext())
        plain = "".join(character for character in text if character >= " ")
        assert "".join(plain.split()) in "".join(page.split()), generated.item.id


@pytest.mark.parametrize("text", ["C:\\", "&#39;", "AT&#39;T"])
def test_a_drop_down_offers_what_is_right(capa: Run, text: str) -> None:
    """Also where an entry holds what Open edX takes for a quotation mark."""
    right = (examples.option("r0", text), examples.option("r1", "other"))
    left = (examples.option("l0", "first"), examples.option("l1", "second"))
    key = MatchingKey((("l0", "r0"), ("l1", "r1")), ("r0", "r1"))
    made = examples.single("m", "matching", (examples.paragraph("?"),), MatchingInteraction(left, right), key)
    (result,) = capa({"problems": [{"xml": xml_of(made), "answers": []}]})
    fields = given(made, {"l0": "r0", "l1": "r1"})
    assert fields is not None
    for field, answer in fields.items():
        (select,) = lxml_html.fromstring(result["page"]).xpath(f'//select[@id="input_p_{field}"]')
        assert answer in [entry.get("value") for entry in select.iter("option")]
    ((mark,),) = marks(capa, [(made, [fields])])
    assert mark.score == 1


def test_no_text_becomes_a_tag_or_a_sign_of_html(capa: Run) -> None:
    """Not in options, labels, descriptions, nor in what is said of an answer; Open edX reads some of it twice."""
    text = "a <q>x</q> &#65; x_{<t} b"
    items = automatic(examples.awkward_items(text))
    asked = [
        (made, [fields for one in canonical_responses(made.key) if (fields := given(made, one.response)) is not None])
        for made in items
    ]
    assert sum(len(answers) for _, answers in asked) > 20
    before = [result["page"] for result in capa({"problems": [{"xml": xml_of(g), "answers": []} for g in items]})]
    after = [part for found in marks(capa, asked, pages=True) for mark in found for part in (mark.page, mark.said)]
    for html in (*before, *after):
        tree = lxml_html.fragment_fromstring(html, create_parent="div")
        assert not list(tree.iter("q", "t"))
        assert "a x" not in " ".join(tree.text_content().split())
        assert "&#65;" in tree.text_content() or "x_" not in tree.text_content()
    assert all(
        lxml_html.fragment_fromstring(page, create_parent="div").text_content().count(text) > 3 for page in before
    )


def test_a_page_says_nothing_of_its_key(capa: Run) -> None:
    """The names of options are not told, which would say what is right."""
    (result,) = capa({"problems": [{"xml": xml_of(examples.choice()), "answers": []}]})
    assert 'value="choice_1"' in result["page"]
    for word in ("flip-sign", "correct=", "Logs turn products", "choice_key"):
        assert word not in result["page"]


def test_feedback_follows_the_answer(capa: Run) -> None:
    choice, several, pair, text = (
        examples.choice(), examples.multiple_answer(), examples.matching(), examples.short_answer("words"),
    )  # fmt: skip
    asked = [
        (choice, [{"2_1": "choice_2"}, {"2_1": "choice_1"}]),
        (several, [{"2_1": ["choice_0", "choice_1", "choice_4"]}]),
        (pair, [{"4_1": "the loss"}]),
        (text, [{"2_1": "Entropy"}]),
    ]
    found = marks(capa, asked, pages=True)
    assert "Logs turn products into sums." in found[0][0].page
    assert "Logs turn products into sums." not in found[0][1].page
    assert "Position 1 was not selected." in found[1][0].said
    assert "Kept tokens count." in found[1][0].said
    assert "The loss has the other sign." in found[2][0].said
    assert "Of which distribution?" in found[3][0].said


def test_hints_solution_and_code(tmp_path: Path) -> None:
    tree = course(tmp_path, examples.choice())
    problem = tree[f"problem/{examples.choice().item.id}.xml"]
    assert [hint.text for hint in problem.find("demandhint")] == list(examples.choice().key.hints)
    assert "Each selected position contributes" in "".join(problem.find("solution").itertext())
    assert problem.get("display_name").startswith("Q-0838 Which expression")
    assert "Q-0838 · objective-expression-0001 · " in "".join(problem.find("solution").itertext())
    without = members(package(archive_of(tmp_path / "b", examples.choice()), code=False))
    assert b"<small>Q-0838</small>" not in without[f"course/problem/{examples.choice().item.id}.xml"]


def test_in_an_exam_nothing_is_said_about_answers(tmp_path: Path) -> None:
    for name, root in course(tmp_path, *examples.everything(), purpose="exam").items():
        if name.startswith("problem/"):
            said = [
                "solution",
                "demandhint",
                "targetedfeedback",
                "choicehint",
                "optionhint",
                "stringequalhint",
                "hintgroup",
            ]
            assert [tag for tag in said if next(root.iter(tag), None) is not None] == []
            assert (root.get("max_attempts"), root.get("showanswer"), root.get("show_correctness")) == (
                "1", "never", "never",
            )  # fmt: skip


def test_an_essay_is_an_open_response_with_its_rubric(tmp_path: Path) -> None:
    tree = course(tmp_path, examples.essay(), examples.parts(with_essay=True))
    essay, parts = (found for root in tree.values() for found in root.iter("openassessment"))
    assert essay.find("assessments/assessment").attrib == {"name": "staff-assessment", "required": "True"}
    assert [criterion.findtext("prompt") for criterion in essay.iter("criterion")] == ["names the log", "explains why"]
    points = [[option.get("points") for option in criterion.iter("option")] for criterion in essay.iter("criterion")]
    assert points == [["0", "1"], ["0", "1", "2"]]
    assert "Write 50 to 150 words." in essay.findtext("prompts/prompt/description")
    assert len(parts.findall("prompts/prompt")) == 3
    most = [
        max(int(option.get("points")) for option in criterion.iter("option")) for criterion in parts.iter("criterion")
    ]
    assert most == [1, 1, 1]


def test_the_policy_names_the_course(tmp_path: Path) -> None:
    files = members(package(archive_of(tmp_path, examples.choice())))
    assert json.loads(files["course/policies/run/policy.json"]) == {"course/run": {}}
    assert b'display_name="Masked words"' in files["course/course/run.xml"]
    assert (
        sum(grader["weight"] for grader in json.loads(files["course/policies/run/grading_policy.json"])["GRADER"]) == 1
    )
