"""What learners get back: their own answers and variants, no more than the course shows, nothing live."""

import csv
import json
from fractions import Fraction

import pytest

from grading.bulk import grade_all
from grading.decisions import Decision
from grading.marking import canonical_responses
from grading.responses import ResponseRow
from quizgen.amendments import add, for_everybody, question_of
from quizgen.archive import read_archive, write_archive
from quizgen.assembly import assemble
from quizgen.bank import load_bank
from quizgen.learner_feedback import SHOWN, feedback_of_class, feedback_page, feedback_text
from quizgen.marks import counted_points, grade_archive, marks_of, write_marks
from quizgen.model import Quiz, Slot
from quizgen.review import open_answers
from quizgen.sampling.draws import Source
from tests.exporters.example_items import everything

NUMBER, FORMULA, ESSAY = "loss-numeric-nats", "obj-write-symbolic", "independence-essay"


@pytest.fixture(scope="module")
def bank():
    return load_bank()


@pytest.fixture(scope="module")
def frozen(tmp_path_factory, bank):
    folder = tmp_path_factory.mktemp("feedback") / "quiz"
    assemble(bank, [NUMBER, FORMULA, ESSAY], variants=2, source=Source("feedback")).freeze(folder)
    return folder


@pytest.fixture
def archive(frozen):
    yield read_archive(frozen)
    (frozen / "amendments.jsonl").unlink(missing_ok=True)


def told(archive, bank, rows, show="solutions", decisions=()):
    known = {one.id: one for one in decisions}
    results = grade_all(rows, archive.keys(), archive.amendments(), decisions=known)
    return list(feedback_of_class(archive, results, counted_points(archive, results), bank.concept_graph, show))


def answers(archive):
    number, formula, essay = (slot.pool[1] for slot in archive.quiz.slots)
    key = archive.key(number).parts[0].key
    bits = next(rival for rival in key.rivals if rival.misconceptions == ("wrong-log-base",))
    return [
        ResponseRow("ana", number, key.value), ResponseRow("ana", formula, archive.key(formula).parts[0].key.value),
        ResponseRow("ben", number, bits.value), ResponseRow("ben", formula, "log("),
        ResponseRow("ben", essay, "Text <b>"),
    ]  # fmt: skip


def test_everybody_is_told_of_their_own_answers(archive, bank):
    ana, ben = told(archive, bank, answers(archive))
    assert [one.state for one in ana.answers] == ["right", "right"]
    assert (ana.points, ana.pending, ana.again) == (2, 0, ())
    assert ana.further
    assert [one.state for one in ben.answers] == ["partly", "open", "open"]
    number, formula, essay = ben.answers
    assert number.item.id == archive.quiz.slots[0].pool[1]
    assert number.key.solution == archive.key(number.item.id).solution
    assert "nats" in number.parts[0].helps[0].lower()
    assert formula.parts[0].refusal
    assert essay.parts[0].read == "Text <b>"
    assert (ben.points, ben.of, ben.pending) == (Fraction(1, 2), sum(slot.points for slot in archive.quiz.slots), 2)
    concepts = bank.concept_graph.concepts
    assert {one.concept for one in ben.again} == {concepts[c].name("en") for c in number.item.concepts if c in concepts}


def test_no_more_is_told_than_the_course_shows(archive, bank):
    rows = answers(archive)
    key = archive.key(rows[2].item)
    rival = next(one for one in key.parts[0].key.rivals if one.misconceptions == ("wrong-log-base",))
    seen = {}
    for show in SHOWN:
        ben = told(archive, bank, rows, show)[1]
        seen[show] = (ben.answers[0].parts[0].helps, feedback_page(ben).decode(), feedback_text(ben))
    assert [seen[show][0] for show in SHOWN] == [(), (rival.hint,), (rival.feedback,), (rival.feedback,)]
    for show in SHOWN:
        for text in seen[show][1:]:
            assert ("Worked solution" in text) is (show == "solutions")
    assert "1.4427" not in seen["hints"][1]
    assert "1.4427" in seen["feedback"][1]


def test_what_a_person_said_stands_with_the_answer(archive, bank):
    rows = answers(archive)
    (open_,) = [one for one in grade_all(rows, archive.keys()).waiting if one.response == "Text <b>"]
    decision = Decision(open_.id, Fraction(1, 4), "Why <i>?", "Ana")
    ben = told(archive, bank, rows, decisions=[decision])[1]
    assert (ben.answers[2].state, ben.answers[2].parts[0].comment) == ("partly", "Why <i>?")
    assert "Why &lt;i&gt;?" in feedback_page(ben).decode()
    assert "Text &lt;b&gt;" in feedback_page(ben).decode()


def test_a_void_question_says_so(archive, bank):
    slot = archive.quiz.slots[0]
    add(archive, for_everybody(archive, question_of(archive, slot.id), "void", "r", "2026-11-02"))
    _, ben = told(archive, bank, answers(archive))
    assert ben.answers[0].state == "void"
    assert "Counts for nobody" in feedback_text(ben)


@pytest.mark.parametrize(
    ("language", "number", "formula"),
    [
        ("en", "One number is asked for, without ±.", "Something is missing at the end of the formula."),
        ("de", "Gefragt ist eine Zahl, ohne ±.", "Am Ende der Formel fehlt etwas."),
    ],
)
def test_what_could_not_be_read_is_told_in_the_language_of_the_question(tmp_path, bank, language, number, formula):
    assembled = assemble(bank, [NUMBER, FORMULA], variants=1, source=Source("feedback"), language=language)
    assembled.freeze(tmp_path / "quiz")
    archive = read_archive(tmp_path / "quiz")
    assert [one.key.language for one in archive.generated()] == [language] * 2
    rows = [
        ResponseRow("ana", slot.pool[0], text)
        for slot, text in zip(archive.quiz.slots, ("2 ± 0.1", "log("), strict=True)
    ]
    (ana,) = told(archive, bank, rows)
    assert [part.refusal for one in ana.answers for part in one.parts] == [number, formula]
    for text in (feedback_page(ana).decode(), feedback_text(ana)):
        assert number in text
        assert formula in text
    results = grade_all(rows, archive.keys())
    assert [one.why for one in open_answers(archive, results)] == [number, formula]
    write_marks(tmp_path / "marks", archive, results, marks_of(archive, results))
    details = [json.loads(line) for line in (tmp_path / "marks" / "details.jsonl").read_text("utf-8").splitlines()]
    assert [one["refusal"]["message"] for one in details] == [number, formula]
    assert [one["refusal"]["code"] for one in details] == ["interval", "unexpected-end"]


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_kind_and_awkward_text(tmp_path, bank, language):
    items = everything()
    slots = tuple(
        Slot(f"s{n}", made.item.title, (made.item.template,), (made.item.id,)) for n, made in enumerate(items)
    )
    archive = write_archive(tmp_path / "q", Quiz(1, "0", "0", "q", "T & <b>", language, "practice", slots), items)
    rows = [
        ResponseRow(f"l{number}", made.item.id, one.response)
        for made in items
        for number, one in enumerate(canonical_responses(made.key))
    ]
    results = grade_all(rows, archive.keys())
    everybody = list(feedback_of_class(archive, results, counted_points(archive, results), bank.concept_graph))
    assert sum(len(one.answers) for one in everybody) == results.frame.height
    for one in everybody:
        page = feedback_page(one)
        assert page == feedback_page(one)
        assert b"<script>" not in page
        assert page.count(b'<section class="question"') == len(one.answers)
        assert feedback_text(one).count("\n## ") >= len(one.answers)


def test_the_command(archive, tmp_path, call):
    path = tmp_path / "responses.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["learner", "item", "response"])
        writer.writerows([one.learner, one.item, one.response] for one in answers(archive))
    out = tmp_path / "told"
    assert call("feedback", path, "--quiz", archive.folder, "-o", out, "--show", "marks")[0] == 0
    assert sorted(one.name for one in out.iterdir()) == ["ana.html", "ben.html"]
    assert call("feedback", path, "--quiz", archive.folder, "-o", out, "--as", "md")[0] == 0
    assert sorted(one.name for one in out.iterdir()) == ["ana.md", "ben.md"]
    (out / "notes.txt").write_text("mine")
    code, _, err = call("feedback", path, "--quiz", archive.folder, "-o", out)
    assert code == 1
    assert "notes.txt" in err
    results = grade_archive(path, archive)
    assert results.problems == ()


def test_answers_to_a_translated_item_are_marked_and_told(tmp_path, bank):
    from quizgen.marks import marks_of, write_marks
    from quizgen.roster import Learner

    roster = [Learner("ana"), Learner("ben", language="de")]
    drawn = assemble(bank, [NUMBER], variants=3, source=Source("two languages"), roster=roster)
    drawn.freeze(tmp_path / "quiz")
    archive = read_archive(tmp_path / "quiz")
    forms = dict(archive.quiz.forms)
    rows = [ResponseRow(who, forms[who][0], archive.key(forms[who][0]).parts[0].key.value) for who in ("ana", "ben")]
    results = grade_all(rows, archive.keys())
    assert results.problems == ()
    write_marks(tmp_path / "marks", archive, results, marks_of(archive, results))
    ana, ben = told(archive, bank, rows)
    assert (ana.language, ben.language) == ("en", "de")
    assert "Richtig" in feedback_page(ben).decode()


def test_what_could_not_be_read_is_wrong_where_the_rules_say_so(archive, bank):
    from grading.policy import Policy

    results = grade_all(answers(archive), archive.keys())
    for policy, state in ((Policy(), "open"), (Policy(invalid="zero"), "wrong")):
        counted = counted_points(archive, results, policy)
        _, ben = feedback_of_class(archive, results, counted, bank.concept_graph)
        assert [one.state for one in ben.answers] == ["partly", state, "open"]
        assert ben.answers[1].parts[0].state == state
        assert ("Waits for a person" in feedback_text(ben).split("## 2.")[1].split("## 3.")[0]) is (state == "open")
