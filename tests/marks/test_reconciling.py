"""The marks of a platform beside ours: every difference is found, and its reason is the one there is."""

from fractions import Fraction

import msgspec
import pytest

from grading.bulk import grade_all
from grading.decisions import Decision
from grading.responses import ResponseRow
from grading.responses.rows import Mark
from quizgen.amendments import add, for_everybody, question_of
from quizgen.archive import read_archive
from quizgen.assembly import assemble
from quizgen.bank import load_bank
from quizgen.exporters.catalogue import format_of
from quizgen.exporters.delivery import export
from quizgen.reconciling import UNKNOWN, by_reason, differences_csv, exported_formats, reconcile
from quizgen.sampling.draws import Source

CHOICE, NUMBER, ESSAY = "obj-expression-choice", "loss-numeric-nats", "independence-essay"
HALF = Fraction(1, 2)


@pytest.fixture(scope="module")
def frozen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reconciling") / "quiz"
    assemble(load_bank(), [CHOICE, NUMBER, ESSAY], variants=2, source=Source("reconciling")).freeze(folder)
    return folder


@pytest.fixture
def archive(frozen):
    yield read_archive(frozen)
    (frozen / "amendments.jsonl").unlink(missing_ok=True)


def items(archive):
    return [slot.pool[0] for slot in archive.quiz.slots]


def graded(archive, rows, given=None, totals=None, amended=True, decisions=()):
    results = grade_all(
        rows, archive.keys(), archive.amendments() if amended else (), decisions={one.id: one for one in decisions}
    )
    return msgspec.structs.replace(results, given=given or {}, totals=totals or {})


def rows_of(archive):
    choice, number, essay = items(archive)
    right, wrong = archive.key(choice).parts[0].key, archive.key(number).parts[0].key
    return [
        ResponseRow("ana", choice, right.correct), ResponseRow("ana", number, wrong.value),
        ResponseRow("ana", essay, "Text."), ResponseRow("ben", number, "99"), ResponseRow("ben", choice, right.correct),
    ]  # fmt: skip


def marks(archive, *given):
    """given: (learner, place of the question, points, of)."""
    named = items(archive)
    return {(who, named[place], 1): Mark(Fraction(points), of and Fraction(of)) for who, place, points, of in given}


def test_equal_marks_on_any_scale_are_no_difference(archive):
    given = marks(archive, ("ana", 0, 1, 1), ("ana", 1, "9.999", 10), ("ben", 1, 0, None), ("ben", 0, 5, 5))
    results = graded(archive, rows_of(archive), given)
    found = reconcile(archive, results, results)
    assert (found.compared, found.unmarked, found.differences) == (4, 1, ())


def test_a_mark_that_was_changed_by_hand_has_no_known_reason(archive):
    results = graded(archive, rows_of(archive), marks(archive, ("ben", 1, HALF, 1), ("ana", 0, 1, 1)))
    (one,) = reconcile(archive, results, results).differences
    assert (one.learner, one.ours, one.theirs, one.why, one.explained) == ("ben", 0, HALF, (UNKNOWN,), False)


def test_an_amendment_that_the_platform_does_not_know(archive):
    number = archive.quiz.slots[1]
    add(archive, for_everybody(archive, question_of(archive, number.id), "full-marks", "it was wrong", "2026-11-02"))
    given = marks(archive, ("ben", 1, 0, 1), ("ana", 1, 1, 1))
    rows = rows_of(archive)
    found = reconcile(archive, graded(archive, rows, given), graded(archive, rows, amended=False))
    (one,) = found.differences
    assert (one.learner, one.ours, one.theirs) == ("ben", 1, 0)
    assert one.why == ("amended here, not on the platform (full-marks: it was wrong)",)
    assert found.unexplained == 0


def test_what_waits_here_and_what_was_decided(archive):
    rows, given = rows_of(archive), marks(archive, ("ana", 2, 1, 1))
    results = graded(archive, rows, given)
    (one,) = reconcile(archive, results, results).differences
    assert (one.ours, one.why) == (None, ("the answer waits for a person here",))
    decision = Decision(results.waiting[0].id, Fraction(1, 4), marker="Ana")
    results = graded(archive, rows, given, decisions=[decision])
    (one,) = reconcile(archive, results, results).differences
    assert one.why == ("decided by Ana",)
    assert one.ours == archive.quiz.slots[2].points / 4


def test_what_the_format_does_otherwise(archive):
    """A formula is no number for Moodle: it can have earned nothing there, but not half of the points."""
    key = items(archive)[1]
    rows = [ResponseRow("ben", key, archive.key(key).parts[0].key.value)]
    moodle = format_of("moodle-xml")
    caveats = moodle.fidelity(archive.item(key), archive.key(key)).caveats
    results = graded(archive, rows, marks(archive, ("ben", 1, 0, 1)))
    (one,) = reconcile(archive, results, results, moodle).differences
    assert (one.ours, one.why) == (1, tuple(f"the platform: {caveat.message}" for caveat in caveats))
    assert by_reason(reconcile(archive, results, results, moodle)) == dict.fromkeys(one.why, 1)
    results = graded(archive, rows, marks(archive, ("ben", 1, HALF, 1)))
    (one,) = reconcile(archive, results, results, moodle).differences
    assert (one.why, one.explained) == ((UNKNOWN,), False)


def test_a_whole_attempt_is_explained_by_what_its_answers_can_have_earned(archive):
    choice, key, _ = items(archive)
    rows = [
        ResponseRow("ben", key, archive.key(key).parts[0].key.value),
        ResponseRow("ben", choice, archive.key(choice).parts[0].key.correct),
    ]
    of, moodle = sum(slot.points for slot in archive.quiz.slots), format_of("moodle-xml")
    (told,) = (f"the platform: {one.message}" for one in moodle.fidelity(archive.item(key), archive.key(key)).caveats)
    for points, why in (
        (archive.quiz.slots[0].points, told),
        (archive.quiz.slots[1].points / 3, UNKNOWN),
        (Fraction(0), UNKNOWN),
    ):
        results = graded(archive, rows, totals={("ben", 1): Mark(points, of)})
        (one,) = reconcile(archive, results, results, moodle).differences
        assert one.why == (why,)


def test_an_amendment_and_what_the_format_does_together(archive):
    """The platform marks by the key of before: a formula that is right now was wrong, or no number, there."""
    number = archive.quiz.slots[1]
    add(archive, for_everybody(archive, question_of(archive, number.id), "full-marks", "it was wrong", "2026-11-02"))
    key = number.pool[0]
    rows = [ResponseRow("ben", key, archive.key(key).parts[0].key.value), ResponseRow("ana", key, "99")]
    amended, before = graded(archive, rows), graded(archive, rows, amended=False)
    for who, points, explained in (("ben", 0, True), ("ana", 0, True), ("ana", HALF, False)):
        results = msgspec.structs.replace(amended, given=marks(archive, (who, 1, points, 1)))
        (one,) = reconcile(archive, results, before, format_of("moodle-xml")).differences
        assert (one.learner, one.explained) == (who, explained)


@pytest.mark.parametrize("points", [1, HALF])
def test_a_plain_number_is_read_everywhere(archive, points):
    moodle = format_of("moodle-xml")
    results = graded(archive, rows_of(archive), marks(archive, ("ben", 1, points, 1)))
    (one,) = reconcile(archive, results, results, moodle).differences
    assert (one.ours, one.theirs, one.why, one.explained) == (0, points, (UNKNOWN,), False)


def test_what_learners_are_shown_is_no_reason_for_a_mark(archive):
    canvas, choice = format_of("canvas"), items(archive)[0]
    caveats = canvas.fidelity(archive.item(choice), archive.key(choice)).caveats
    assert any(caveat.code == "hints:lost" for caveat in caveats)
    for results in (
        graded(archive, rows_of(archive), marks(archive, ("ben", 0, HALF, 1))),
        graded(archive, [rows_of(archive)[4]], totals={("ben", 1): Mark(HALF, Fraction(1))}),
    ):
        (one,) = reconcile(archive, results, results, canvas).differences
        assert (one.why, one.explained) == ((UNKNOWN,), False)


def test_whole_attempts_where_the_file_has_no_more(archive):
    of = sum(slot.points for slot in archive.quiz.slots)
    rows = rows_of(archive)
    totals = {("ben", 1): Mark(Fraction(1), of), ("ana", 1): Mark(Fraction(5), Fraction(10))}
    results = graded(archive, rows, totals=totals)
    found = reconcile(archive, results, results)
    (one,) = found.differences
    assert (one.learner, one.ours, one.theirs, one.item) == ("ana", 2, of / 2, "")
    assert one.why == ("1 answers have no final mark here yet",)
    assert (found.compared, found.unmarked) == (2, 0)


def test_the_table_holds_nothing_live(archive):
    row = ResponseRow("=HYPERLINK(1)", items(archive)[1], "99")
    results = graded(archive, [row], {(row.learner, row.item, 1): Mark(Fraction(1), Fraction(1))})
    text = differences_csv(reconcile(archive, results, results))
    assert text.splitlines()[1].startswith("'=HYPERLINK(1),1,")


def test_the_command_reads_what_a_platform_gives(tmp_path, call):
    from tests.responses import canvas_report
    from tests.responses.test_canvas import small

    archive, rows = small(tmp_path)
    responses = tmp_path / "analysis.csv"
    responses.write_bytes(canvas_report.as_csv(rows))
    export(archive, [format_of("canvas")], archive.folder)
    assert [one.id for one in exported_formats(archive)] == ["canvas"]
    code, out, err = call("reconcile", responses, "--quiz", archive.folder, "-o", tmp_path / "d.csv")
    assert "5 marks compared" in err
    assert "Traceback" not in err
    table = (tmp_path / "d.csv").read_text().splitlines()
    assert f"{len(table) - 1} differ" in err
    assert code == (1 if UNKNOWN in out else 0)
    assert call("reconcile", responses, "--quiz", archive.folder, "-o", tmp_path / "d.csv", "--within", "1e9")[0] == 2


def test_a_file_without_marks(archive, tmp_path, call):
    plain = tmp_path / "plain.csv"
    plain.write_text(f"learner,item,response\nana,{items(archive)[1]},1\n")
    code, _, err = call("reconcile", plain, "--quiz", archive.folder, "-o", tmp_path / "e.csv")
    assert code == 1
    assert "no marks of a platform" in err
