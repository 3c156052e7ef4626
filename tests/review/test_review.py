"""What waits for a person: the list is complete and without names, a decision holds for all who meant the same."""

import csv
import io
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.answersheet import ItemKey, PartKey
from grading.bulk import grade_all
from grading.decisions import Decision, DecisionProblem, meaning_id, read_decisions, score_of
from grading.keys import ChoiceKey, EssayKey, NumericKey, NumericTupleKey
from grading.policy import Policy
from grading.responses import ResponseRow
from grading.verdicts import Grade, Verdict
from quizgen.archive import read_archive
from quizgen.assembly import assemble
from quizgen.bank import load_bank
from quizgen.marks import grade_archive
from quizgen.review import agree, open_answers, review_page, review_table
from quizgen.review.agreeing import agreed_table
from quizgen.sampling.draws import Source

HALF = Fraction(1, 2)
ESSAY, NUMBER = "independence-essay", "loss-numeric-nats"


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("review") / "quiz"
    assemble(load_bank(), [ESSAY, NUMBER], variants=2, source=Source("review")).freeze(folder)
    return read_archive(folder)


def pools(archive):
    return {slot.templates[0]: slot.pool for slot in archive.quiz.slots}


@pytest.fixture
def responses(archive, tmp_path):
    essay, number = pools(archive)[ESSAY][0], pools(archive)[NUMBER][0]
    rows = [
        ("ana", essay, '=HYPERLINK("x")'), ("ben", essay, "Because of\n the words."),
        ("cem", essay, "Because  of the words."),
        ("ana", number, "about 1.2"), ("ben", number, "1,2,3"), ("cem", number, " about  1.2"), ("dan", number, "9"),
    ]  # fmt: skip
    path = tmp_path / "responses.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("learner", "item", "response"), *rows])
    return path


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_each_meaning_stands_there_once_and_nobody_is_named(archive, responses):
    found = open_answers(archive, grade_archive(responses, archive))
    assert [(one.kind, one.answer.split()[0], one.learners, one.spellings) for one in found] == [
        ("essay", "Because", 2, 2),
        ("essay", '=HYPERLINK("x")', 1, 1),
        ("unread", "about", 2, 2),
        ("unread", "1,2,3", 1, 1),
    ]
    rows = table(review_table(found, "Ana"))
    assert {row["marker"] for row in rows} == {"Ana"}
    assert rows[1]["answer"] == '\'=HYPERLINK("x")'
    assert rows[2]["why"]
    text = review_table(found) + review_page(archive, found).decode()
    assert not any(name in text for name in ("ben", "cem", "dan"))


def test_only_attempts_that_count_are_listed(archive, tmp_path):
    essay = pools(archive)[ESSAY][0]
    path = tmp_path / "attempts.csv"
    texts = {"ana": ("one", "two"), "ben": ("two", "one"), "cem": ("three", "four")}
    rows = [f"{who},{essay},{text} essay,{n}\n" for who, mine in texts.items() for n, text in enumerate(mine, 1)]
    path.write_text("learner,item,response,attempt\n" + "".join(rows))
    results = grade_archive(path, archive)
    listed = {
        name: sorted((one.answer.split()[0], one.learners) for one in open_answers(archive, results, Policy(name)))
        for name in ("last", "first", "best", "average")
    }
    every = [("four", 1), ("one", 2), ("three", 1), ("two", 2)]
    assert listed == {
        "last": [("four", 1), ("one", 1), ("two", 1)], "first": [("one", 1), ("three", 1), ("two", 1)],
        "best": every, "average": every,
    }  # fmt: skip
    assert [one.learners for one in open_answers(archive, results)] == [2, 2, 1, 1]


def test_what_one_decides_holds_for_all_who_meant_it(archive, responses, tmp_path):
    found = open_answers(archive, grade_archive(responses, archive))
    rows = table(review_table(found, "Ana"))
    rows[0]["score"], rows[2]["score"] = "75 %", "0"
    path = tmp_path / "decided.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as file:  # as a spreadsheet with semicolons saves it
        writer = csv.DictWriter(file, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    results = grade_archive(responses, archive, decisions=read_decisions([path]))
    scores = {(row.learner, row.item): (row.grade.score, row.grade.note) for row in results.rows()}
    essay, number = pools(archive)[ESSAY][0], pools(archive)[NUMBER][0]
    assert scores["ben", essay] == scores["cem", essay] == (Fraction(3, 4), "decided:Ana")
    assert scores["ana", number] == scores["cem", number] == (0, "decided:Ana")
    assert scores["ana", essay][0] is None
    assert [one.answer for one in open_answers(archive, results)] == ['=HYPERLINK("x")', "1,2,3"]


def test_a_verdict_is_never_overruled(archive):
    number = pools(archive)[NUMBER][0]
    key = archive.key(number)
    graded = grade_all([ResponseRow("ana", number, "9")], [key]).grades[0]
    assert graded.verdict is Verdict.INCORRECT
    id_ = meaning_id(key.revision, "answer", graded, "9")
    again = grade_all([ResponseRow("ana", number, "9")], [key], decisions={id_: Decision(id_, Fraction(1))})
    assert again.grades[0] == graded


def test_parts_are_decided_one_by_one():
    key = ItemKey("q", "r", "Q-1", (
        PartKey("a", ChoiceKey("x"), HALF, (("x", "X"), ("y", "Y"))), PartKey("b", EssayKey(()), HALF),
    ))  # fmt: skip
    rows = [ResponseRow("ana", "q", {"a": "x", "b": "text"}), ResponseRow("ben", "q", {"a": "?", "b": "text"})]
    waiting = grade_all(rows, [key]).waiting
    assert [(one.part, one.response) for one in waiting] == [("b", "text"), ("a", "?"), ("b", "text")]
    assert waiting[0].id == waiting[2].id
    decided = {waiting[0].id: Decision(waiting[0].id, HALF)}
    grades = [row.grade for row in grade_all(rows, [key], decisions=decided).rows()]
    assert [(grade.verdict, grade.score) for grade in grades] == [
        (Verdict.PARTIAL, Fraction(3, 4)), (Verdict.PARTIALLY_GRADED, Fraction(1, 4)),
    ]  # fmt: skip


def test_a_number_with_fields_is_decided_as_one():
    key = ItemKey("q", "r", "Q-1", (PartKey("answer", NumericTupleKey(("a", "b"), (), ("1", "2"))),))
    (one,) = grade_all([ResponseRow("ana", "q", {"a": "x", "b": "1"})], [key]).waiting
    decided = {one.id: Decision(one.id, HALF)}
    grade = grade_all([ResponseRow("ana", "q", {"b": "1", "a": "x"})], [key], decisions=decided).grades[0]
    assert grade.score in (None, HALF)  # another order of the fields may be another text, never another mark
    assert grade_all([ResponseRow("ana", "q", {"a": "x", "b": "1"})], [key], decisions=decided).grades[0].score == HALF


def test_another_question_is_another_meaning():
    open_ = Grade(Verdict.INVALID, None, "invalid:x", "about")
    ids = {meaning_id(revision, part, open_, text) for revision in "rs" for part in "ab" for text in ("about", "bout")}
    assert len(ids) == 8
    read = Grade(Verdict.UNDECIDED, None, "symbolic:unknown", "log p₂")
    assert meaning_id("r", "a", read, "ln(p_2)") == meaning_id("r", "a", read, "log p2")


@given(st.fractions(0, 1, max_denominator=999))
def test_scores_that_the_list_writes_are_read(score):
    assert score_of(str(score)) == score


@pytest.mark.parametrize("text", ["2", "-1", "1/0", "1e0", "half", "50", "101 %", "1//2", "٣"])
def test_what_is_no_score(text):
    assert score_of(text) is None


WRONG = {
    "score\n1\n": ("decided.csv:1", "id"),
    "id,score\nabc,2\n": ("decided.csv:2", "no share"),
    "id,score\n,1\n": ("decided.csv:2", "without an id"),
    "id,score\nabc,1\n\nabc,0\n": ("decided.csv:4", "otherwise"),
    "id\x00,score\n": ("decided.csv", "no file of decisions"),
}


@pytest.mark.parametrize("text", WRONG)
def test_files_that_are_none(tmp_path, text):
    path = tmp_path / "decided.csv"
    path.write_text(text)
    with pytest.raises(DecisionProblem) as caught:
        read_decisions([path])
    place, word = WRONG[text]
    assert place in caught.value.problems[0]
    assert word in caught.value.problems[0]


def test_files_that_cannot_be_read(tmp_path):
    path = tmp_path / "latin.csv"
    path.write_bytes("id,score,comment\nx,1,für\n".encode("latin-1"))
    for file in (path, tmp_path / "missing.csv"):
        with pytest.raises(DecisionProblem, match=file.name):
            read_decisions([file])


@given(st.binary(max_size=300))
def test_any_file_is_read_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "decided.csv"
    path.write_bytes(content)
    try:
        found = read_decisions([path])
    except DecisionProblem as problem:
        found = problem.problems
    assert isinstance(found, dict) or all(str(path) in text for text in found)


# ------------------------------------------------------------ two markers


def test_markers_who_do_not_see_each_other(archive, responses, tmp_path):
    found = open_answers(archive, grade_archive(responses, archive))
    given = {"ana": ["1", "0", "0", ""], "ben": ["1.0", "0", "1/2", ""]}
    paths = []
    for name, scores in given.items():
        rows = table(review_table(found, name))
        for row, score in zip(rows, scores, strict=True):
            row["score"] = score
        paths.append(tmp_path / f"{name}.csv")
        with paths[-1].open("w", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    result = agree(paths)
    assert [(one.score, one.marker) for one in result.agreed] == [(1, "ana and ben"), (0, "ana and ben")]
    assert [[(d.marker, d.score) for d in one.decisions] for one in result.disagreements] == [
        [("ana", 0), ("ben", HALF)]
    ]
    assert (result.single, result.open) == (0, 1)
    decided = tmp_path / "both.csv"
    decided.write_text(agreed_table(result))
    assert len(read_decisions([decided])) == 2
    rows = table(agreed_table(result))
    assert rows[2]["decided"] == "ana: 0; ben: 1/2"
    assert rows[1]["answer"] == '\'=HYPERLINK("x")'


def test_the_commands(archive, responses, tmp_path, call):
    quiz, lists = archive.folder, tmp_path / "lists"
    code, out, err = call("review", responses, "--quiz", quiz, "-o", lists, "--marker", "Ana", "--marker", "B/en")
    assert (code, out.split()) == (0, [str(lists / name) for name in ("ana.html", "ana.csv", "b-en.html", "b-en.csv")])
    assert "4 different answers of 6 responses" in err
    again = [call("review", responses, "--quiz", quiz, "-o", lists, "--marker", "Ana")[0] for _ in range(2)]
    assert again == [0, 0]
    assert sorted(path.name for path in lists.iterdir()) == ["ana.csv", "ana.html"]
    rows = table((lists / "ana.csv").read_text(encoding="utf-8-sig"))
    rows[0]["score"] = "1"
    with (lists / "ana.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    code, _, err = call("review", responses, "--quiz", quiz, "-o", lists)
    assert code == 1
    assert "something was decided" in err
    code, _, err = call("decide", lists / "ana.csv", "-o", tmp_path / "decided.csv")
    assert code == 1
    assert "1 answer decided, 0 decided differently, 3 open" in err
    marks = tmp_path / "marks"
    assert call("grade", responses, "--quiz", quiz, "-o", marks, "--decisions", tmp_path / "decided.csv")[0] == 0
    assert '"note":"decided:Ana"' in (marks / "details.jsonl").read_text()


def test_a_teacher_decides_on_the_page(archive, responses, tmp_path, browser):
    found = open_answers(archive, grade_archive(responses, archive))
    path = tmp_path / "review.html"
    path.write_bytes(review_page(archive, found))
    page = browser.new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(error))
    page.on("dialog", lambda dialog: dialog.accept())
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(path.as_uri())
    page.fill("#marker", "Ana Núñez")
    answers = page.locator("[data-answer]")
    answers.nth(0).locator("button[value='3/4']").click()
    answers.nth(0).locator(".comment").fill('Well said, "but" why?')
    answers.nth(1).locator(".score").fill("2")
    assert page.inner_text("#decided") == "1 of 4 decided"
    answers.nth(1).locator(".score").fill("0,5")
    assert page.inner_text("#decided") == "2 of 4 decided"
    page.reload()  # nothing is lost
    assert page.inner_text("#decided") == "2 of 4 decided"
    with page.expect_download() as saved:
        page.click("#save")
    assert saved.value.suggested_filename == "ana-núñez.csv"
    saved.value.save_as(tmp_path / "saved.csv")
    decided = read_decisions([tmp_path / "saved.csv"])
    assert {id_: (one.score, one.comment, one.marker) for id_, one in decided.items()} == {
        found[0].id: (Fraction(3, 4), 'Well said, "but" why?', "Ana Núñez"),
        found[1].id: (HALF, "", "Ana Núñez"),
    }
    assert problems == []
    page.close()


def test_unused_numbers_wait_for_nobody():
    key = ItemKey("q", "r", "Q-1", (PartKey("answer", NumericKey("1/2")),))
    results = grade_all([ResponseRow("ana", "q", text) for text in ("0.5", "2", "")], [key])
    assert results.waiting == ()
