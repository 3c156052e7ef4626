"""Mending a key after the event: what is said is what is written, and whose marks move is told with the reason."""

import re
from fractions import Fraction

import pytest
import yaml

from grading.answersheet import Amendment
from grading.keys import Tolerance
from grading.marking import grade_item
from grading.policy import Policy
from quizgen.amendments import (
    AmendmentRefused,
    accepting,
    accepting_belief,
    add,
    for_everybody,
    question_of,
    tolerance_of,
    with_tolerance,
    withdraw,
)
from quizgen.archive import read_archive
from quizgen.assembly import assemble
from quizgen.bank import load_bank
from quizgen.class_report.words import Words
from quizgen.exporters.catalogue import FORMATS, format_of
from quizgen.exporters.delivery import export
from quizgen.marks import earlier_results, grade_archive, marks_of, write_marks
from quizgen.regrade import moves_csv, regrade, report
from quizgen.regrade.report import FOLDER, shown, why
from quizgen.sampling.draws import Source

CHOICE, NUMBER, FORMULA = "obj-expression-choice", "loss-numeric-nats", "obj-write-symbolic"
WHEN = ("the key was wrong", "2026-11-02")


@pytest.fixture(scope="module")
def frozen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("amending") / "quiz"
    drawn = assemble(load_bank(), [CHOICE, NUMBER, FORMULA], variants=3, source=Source("amending"))
    drawn.freeze(folder)
    return folder


@pytest.fixture
def archive(frozen):
    yield read_archive(frozen)
    (frozen / "amendments.jsonl").unlink(missing_ok=True)


def slot_of(archive, template):
    return next(slot for slot in archive.quiz.slots if template in slot.templates)


def responses(tmp_path, rows):
    path = tmp_path / "responses.csv"
    path.write_text("learner,item,response\n" + "".join(f'{who},{item},"{text}"\n' for who, item, text in rows))
    return path


def rival_of(key, misconception):
    return next(rival for rival in key.parts[0].key.rivals if rival.misconceptions == (misconception,))


def test_a_question_is_named_by_code_id_or_slot(archive):
    slot = slot_of(archive, CHOICE)
    item = archive.item(slot.pool[0])
    for name in (item.id, item.code, item.code.lower()):
        found = question_of(archive, name)
        assert (found.items, found.whole) == ((item.id,), False)
    assert question_of(archive, slot.id).items == slot.pool
    with pytest.raises(AmendmentRefused, match="there is no item and no slot 'Q-00'"):
        question_of(archive, "Q-00")


def test_an_option_is_named_by_letter_id_or_text(archive):
    item = slot_of(archive, CHOICE).pool[0]
    options = archive.key(item).parts[0].options
    question = question_of(archive, item)
    for said in ("B", "b", options[1][0], options[1][1]):
        (made,) = accepting(archive, question, [said], "answer", *WHEN)
        assert made == Amendment(item, "accept", *WHEN, responses=(options[1][0],))
    with pytest.raises(AmendmentRefused, match="not one of the options"):
        accepting(archive, question, ["Z"], "answer", *WHEN)
    with pytest.raises(AmendmentRefused, match="part “x”"):
        accepting(archive, question, ["B"], "x", *WHEN)


def test_an_option_of_a_slot_is_the_same_in_all_variants(archive):
    slot = slot_of(archive, CHOICE)
    question = question_of(archive, slot.id)
    for said in ("o1", "B", archive.key(slot.pool[0]).parts[0].options[0][1]):
        with pytest.raises(AmendmentRefused):
            accepting(archive, question, [said], "answer", *WHEN)


def test_what_follows_from_a_belief_is_accepted_in_each_variant(archive, tmp_path):
    slot = slot_of(archive, NUMBER)
    made = accepting_belief(archive, question_of(archive, slot.id), "wrong-log-base", "answer", *WHEN)
    assert [one.item for one in made] == list(slot.pool)
    rows = [(f"l{n}", item, rival_of(archive.key(item), "wrong-log-base").value) for n, item in enumerate(slot.pool)]
    path = responses(tmp_path, rows)
    before = [row.grade.score for row in grade_archive(path, archive).rows()]
    add(archive, made)
    after = [row.grade.score for row in grade_archive(path, archive).rows()]
    assert before == [Fraction(1, 2)] * 3
    assert after == [1] * 3
    with pytest.raises(AmendmentRefused, match="no known wrong answer"):
        accepting_belief(archive, question_of(archive, slot.id), "no-such-belief", "answer", *WHEN)


def test_of_every_kind_what_follows_from_a_belief_earns_everything(tmp_path):
    """It is accepted, or it is said that nothing follows from this belief alone; nothing else happens."""
    templates = [
        "match-objectives", "rank-models", "obj-cloze-general", "lowest-loss-multi", "create-counterexample",
        "case-two-steps", "corrupted-input-write", CHOICE, FORMULA,
    ]  # fmt: skip
    assemble(load_bank(), templates, variants=2, source=Source("every kind")).freeze(tmp_path / "quiz")
    archive = read_archive(tmp_path / "quiz")
    accepted, refused = set(), []
    for slot in archive.quiz.slots:
        question, key = question_of(archive, slot.id), archive.key(slot.pool[0])
        for part in key.parts:
            names = {name for rival in getattr(part.key, "rivals", ()) for name in rival.misconceptions}
            for name in sorted(names):
                try:
                    made = accepting_belief(archive, question, name, part.id, *WHEN)
                except AmendmentRefused as error:
                    refused.append(str(error))
                    continue
                for one in made:
                    of = archive.key(one.item)
                    for given in one.responses:
                        graded = grade_item(of, given if len(of.parts) == 1 else {part.id: given}, [one])
                        assert (graded if len(of.parts) == 1 else dict(graded.parts)[part.id]).score == 1
                        accepted.add(type(part.key).__name__)
    assert all("alone" in text for text in refused), refused
    assert len(accepted) >= 6, accepted


def test_a_tolerance_is_for_numbers(archive):
    number, choice = (question_of(archive, slot_of(archive, name).id) for name in (NUMBER, CHOICE))
    (made,) = with_tolerance(archive, number, tolerance_of("2 %"), "answer", *WHEN)
    assert made.tolerance == Tolerance("relative", Fraction(1, 50))
    with pytest.raises(AmendmentRefused, match="a part that asks for a number"):
        with_tolerance(archive, choice, tolerance_of("1/100"), "answer", *WHEN)
    for text in ("", "a", "-1", "1/0", "1e9", "nan", "2 % %"):
        with pytest.raises(ValueError, match="is no tolerance"):
            tolerance_of(text)


@pytest.mark.parametrize("said", ["Z", "1,62", "one.two"])
def test_a_number_that_cannot_be_read_is_not_accepted(archive, said):
    for name in (slot_of(archive, NUMBER).id, slot_of(archive, NUMBER).pool[0]):
        with pytest.raises(AmendmentRefused, match="is not a number"):
            accepting(archive, question_of(archive, name), [said], "answer", *WHEN)


def test_a_formula_that_cannot_be_read_is_not_accepted(archive):
    question = question_of(archive, slot_of(archive, FORMULA).id)
    with pytest.raises(AmendmentRefused, match="cannot be read"):
        accepting(archive, question, ["p_2 +*"], "answer", *WHEN)


def test_a_number_is_accepted_as_its_question_writes_numbers(tmp_path):
    assemble(load_bank(), [NUMBER], variants=2, source=Source("comma"), language="de").freeze(tmp_path / "quiz")
    archive = read_archive(tmp_path / "quiz")
    (slot,) = archive.quiz.slots
    made = accepting(archive, question_of(archive, slot.id), ["123,25"], "answer", *WHEN)
    assert [one.responses for one in made] == [("123.25",)]
    assert grade_item(archive.key(slot.pool[0]), "123,25", made).note == "amended:accepted"


def test_amendments_are_added_listed_and_taken_back(archive):
    question = question_of(archive, slot_of(archive, CHOICE).id)
    void, full = (for_everybody(archive, question, action, *WHEN) for action in ("void", "full-marks"))
    add(archive, void)
    add(archive, full)
    assert archive.amendments() == (*void, *full)
    assert withdraw(archive, 1) == void[0]
    assert archive.amendments() == full
    for number in (0, 2, -1):
        with pytest.raises(AmendmentRefused, match=f"no amendment {number}"):
            withdraw(archive, number)
    assert sorted(path.name for path in archive.folder.iterdir()) == [
        "amendments.jsonl", "items.jsonl", "keys.jsonl", "quiz.json",
    ]  # fmt: skip


# ------------------------------------------------------------ graded again


@pytest.fixture
def class_of_three(archive, tmp_path):
    choice, number = (slot_of(archive, name).pool[0] for name in (CHOICE, NUMBER))
    key = archive.key(choice).parts[0]
    wrong = next(option for option, _ in key.options if option != key.key.correct)
    bits = rival_of(archive.key(number), "wrong-log-base").value
    right = archive.key(number).parts[0].key.value
    rows = [
        ("ana", choice, key.key.correct), ("ana", number, right), ("ben", choice, wrong), ("ben", number, bits),
        ("cem", number, right),
    ]  # fmt: skip
    return responses(tmp_path, rows)


ENGLISH = Words("en", FOLDER)


def told(move):
    """What the table says of a move: (before, after), why."""
    return shown(ENGLISH, move), why(ENGLISH, move)


def again(archive, path, policy=None):
    before = grade_archive(path, archive, amended=False)
    return regrade(archive, before, grade_archive(path, archive), policy or Policy())


def test_nothing_moves_without_amendments(archive, class_of_three):
    found = again(archive, class_of_three)
    assert (found.moves, found.totals, found.learners) == ((), (), 3)


def test_everybody_whose_marks_move_is_listed_with_the_reason(archive, class_of_three):
    number, choice = (slot_of(archive, name) for name in (NUMBER, CHOICE))
    add(archive, accepting_belief(archive, question_of(archive, number.id), "wrong-log-base", "answer", *WHEN))
    add(archive, for_everybody(archive, question_of(archive, choice.id), "void", "two are | right", "2026-11-03"))
    found = again(archive, class_of_three)
    said = [(m.learner, m.slot, m.before, m.after, *told(m)) for m in found.moves]
    void = "void: two are | right"
    assert said == [
        ("ana", choice.id, 1, 0, ("1", "void"), void),
        ("ben", choice.id, 0, 0, ("0", "void"), void),
        ("ben", number.id, Fraction(1, 2), 1, ("0.5", "1"), "accept: the key was wrong"),
    ]
    assert [(t.learner, t.before, t.after, t.of_before, t.of_after) for t in found.totals] == [
        ("ana", 2, 1, 3, 2), ("ben", Fraction(1, 2), 1, 3, 2),
    ]  # fmt: skip
    text = report(archive, found)
    assert "3 learners: 1 have a larger share of what can be reached, 1 a smaller one." in text
    assert "two are \\| right" in text
    assert "3 variants: accept" in text
    assert "This changes the points of 2 of 3 learners." in text
    assert moves_csv(found).splitlines()[3].endswith(",0.5,1,+0.5,accept: the key was wrong")


def test_an_attempt_that_counts_in_place_of_a_void_one_says_why(archive, tmp_path):
    slot = slot_of(archive, CHOICE)
    first, second = slot.pool[:2]
    key = archive.key(second).parts[0]
    wrong = next(option for option, _ in key.options if option != key.key.correct)
    path = tmp_path / "r.csv"
    right = archive.key(first).parts[0].key.correct
    path.write_text(f"learner,item,response,attempt\nana,{first},{right},1\nana,{second},{wrong},2\n")
    add(archive, for_everybody(archive, question_of(archive, first), "void", "a misprint", "2026-11-03"))
    (move,) = again(archive, path, Policy(attempts="best")).moves
    assert move.item == second
    assert told(move) == (("1", "0"), "void: a misprint; another attempt counts")


def test_marks_of_an_earlier_run_can_be_compared_with(archive, class_of_three, tmp_path):
    results = grade_archive(class_of_three, archive)
    write_marks(tmp_path / "marks", archive, results, marks_of(archive, results))
    assert list(earlier_results(tmp_path / "marks").rows())[1].grade == list(results.rows())[1].grade
    number = slot_of(archive, NUMBER)
    add(archive, for_everybody(archive, question_of(archive, number.pool[0]), "full-marks", *WHEN))
    now = grade_archive(class_of_three, archive)
    found = regrade(archive, earlier_results(tmp_path / "marks"), now, Policy(), "yesterday")
    assert [(m.learner, m.before, m.after) for m in found.moves] == [("ben", Fraction(1, 2), 1)]
    assert told(found.moves[0]) == (("0.5", "1"), "full-marks: the key was wrong")
    assert "Compared with the marks in yesterday." in report(archive, found)


def test_what_is_taken_out_is_told_in_shares(archive, class_of_three):
    before = grade_archive(class_of_three, archive)
    add(archive, for_everybody(archive, question_of(archive, slot_of(archive, NUMBER).id), "void", *WHEN))
    found = regrade(archive, before, grade_archive(class_of_three, archive), Policy())
    shares = {one.learner: (one.before / one.of_before, one.after / one.of_after) for one in found.totals}
    up, down = sum(b < a for b, a in shares.values()), sum(b > a for b, a in shares.values())
    told = f"3 learners: {up} have a larger share of what can be reached, {down} a smaller one."
    assert told in report(archive, found)
    assert up + down > 0
    assert "fewer" not in report(archive, found)


def test_an_answer_that_was_not_there_before(archive, class_of_three):
    now = grade_archive(class_of_three, archive)
    class_of_three.write_text("\n".join(class_of_three.read_text().splitlines()[:-1]) + "\n")
    found = regrade(archive, grade_archive(class_of_three, archive), now, Policy())
    assert [(m.learner, *told(m)) for m in found.moves] == [("cem", ("–", "1"), "the answer was not there before")]


def test_a_german_quiz_has_a_german_report(tmp_path):
    folder = tmp_path / "quiz"
    assemble(load_bank(), [NUMBER], variants=2, source=Source("german"), language="de").freeze(folder)
    archive = read_archive(folder)
    slot = archive.quiz.slots[0]
    export(archive, [format_of("moodle-xml")], folder)
    path = responses(tmp_path, [("ben", slot.pool[0], "99"), ("ana", slot.pool[1], "")])
    question = question_of(archive, slot.pool[0])
    add(archive, for_everybody(archive, question, "full-marks", "ein Druckfehler", "2026-11-03"))
    text = report(archive, again(archive, path))
    assert "| ben | 0 von 1 | 1 von 1 | +1 |" in text
    assert "volle Punktzahl für alle: ein Druckfehler |" in text
    assert "- Moodle" in text
    assert "Kommentar schreiben oder Bewertung überschreiben" in text
    english = {"learners", "points", "the", "Compared", "marked", "graded"}
    assert not english & set(re.findall(r"[A-Za-zäöüß]+", text))


@pytest.mark.parametrize("language", ["en", "de"])
def test_both_languages_have_the_same_words_and_holes(language):
    texts = yaml.safe_load((FOLDER / f"{language}.yaml").read_text())
    english = yaml.safe_load((FOLDER / "en.yaml").read_text())
    assert list(texts) == list(english)
    holes = {name: set(re.findall(r"\{\w+\}", text)) for name, text in texts.items()}
    assert holes == {name: set(re.findall(r"\{\w+\}", text)) for name, text in english.items()}
    assert {name[5:] for name in texts if name.startswith("step-")} - {"none"} <= {one.id for one in FORMATS}


def test_somebody_who_is_not_there_any_more_is_listed(archive, class_of_three):
    before = grade_archive(class_of_three, archive)
    class_of_three.write_text("\n".join(class_of_three.read_text().splitlines()[:-1]) + "\n")
    found = regrade(archive, before, grade_archive(class_of_three, archive), Policy())
    assert [(m.learner, *told(m)) for m in found.moves] == [("cem", ("1", "–"), "the answer is not there any more")]
    assert [(t.learner, t.before, t.after, t.of_after) for t in found.totals] == [("cem", 1, 0, 0)]


def test_the_commands(archive, class_of_three, tmp_path, call):
    quiz, slot = str(archive.folder), slot_of(archive, NUMBER)
    marks = str(tmp_path / "marks")
    done = call("amend", quiz, slot.id, "--accept-belief", "wrong-log-base", "--reason", "r", "--date", "2026-11-02")
    assert done[0] == 0
    assert "3 lines, one for each variant" in done[2]
    assert call("grade", class_of_three, "--quiz", quiz, "-o", marks)[0] == 0
    assert (tmp_path / "marks" / "regrade.csv").read_text().count("ben") == 1
    listed = call("amend", quiz, "--list")[1]
    assert listed.count("2026-11-02") == 3
    assert call("amend", quiz, "--withdraw", "2")[0] == 0
    assert call("grade", class_of_three, "--quiz", quiz, "-o", marks, "--since", marks)[0] == 0
    for wrong in (
        [], ["--void"], [slot.id, "--void"], [slot.id, "--void", "--full-marks", "--reason", "r"], ["--withdraw", "9"],
        [slot.id, "--void", "--reason", "r", "--date", "2.11."], [slot.id, "--tolerance", "x", "--reason", "r"],
        [slot.id, "--void", "--reason", "r", "--date", "2026-02-30"],
    ):  # fmt: skip
        assert call("amend", quiz, *wrong)[0] in (1, 2), wrong
    code, _, said = call("grade", class_of_three, "--quiz", quiz, "-o", marks, "--since", quiz)
    assert code == 1
    assert "details.jsonl: cannot be read" in said


def test_what_a_killed_amendment_left_is_removed_by_the_next(archive):
    left = archive.folder / ".amendments.jsonl.abc.part"
    left.write_text("half a line")
    add(archive, for_everybody(archive, question_of(archive, slot_of(archive, CHOICE).id), "void", *WHEN))
    assert not left.exists()
    assert len(archive.amendments()) == 1
