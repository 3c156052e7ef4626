"""Answers that are right for somebody else's variant: what was planted is found, what is chance is called chance."""

from fractions import Fraction

import pytest

from grading.bulk import grade_all
from grading.responses import ResponseRow
from quizgen.archive import read_archive
from quizgen.assembly import assemble
from quizgen.bank import load_bank
from quizgen.integrity import signals_csv, signals_of
from quizgen.sampling.draws import Source

NUMBER, FORMULA = "loss-numeric-nats", "obj-write-symbolic"


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("integrity") / "quiz"
    assemble(load_bank(), [NUMBER, FORMULA], variants=20, source=Source("integrity")).freeze(folder)
    return read_archive(folder)


def signalled(archive, rows):
    return signals_of(archive, grade_all(rows, archive.keys()))


def value(archive, item):
    return archive.key(item).parts[0].key.value


def test_a_copied_number_is_a_signal_with_its_base_rate(archive):
    own, others, *_ = archive.quiz.slots[0].pool
    rows = [
        ResponseRow("ana", others, value(archive, others)), ResponseRow("ben", own, value(archive, others)),
        ResponseRow("cem", own, "77"), ResponseRow("dan", own, value(archive, own)),
    ]  # fmt: skip
    found = signalled(archive, rows)
    (one,) = found.signals
    assert (one.learner, one.code, one.had_by) == ("ben", archive.key(own).code, 1)
    assert archive.key(others).code in one.right_for
    assert one.share == Fraction(len(one.right_for), 19)
    assert (found.compared, found.expected) == (2, 0)


def test_what_only_nobody_had_is_chance_and_no_signal(archive):
    pool = archive.quiz.slots[1].pool
    rows = [ResponseRow("ana", pool[0], value(archive, pool[0])), ResponseRow("ben", pool[1], value(archive, pool[2]))]
    found = signalled(archive, rows)
    same = [item for item in pool[2:] if value(archive, item) == value(archive, pool[2])]
    assert found.signals == ()
    assert found.expected == Fraction(len(same), 18)


def test_right_answers_blanks_and_what_cannot_be_read_are_no_signals(archive):
    first, second, *_ = archive.quiz.slots[0].pool
    rows = [ResponseRow("ana", first, value(archive, first)), ResponseRow("ben", second, "about 1"),
            ResponseRow("cem", second, None)]  # fmt: skip
    assert signalled(archive, rows).compared == 0


def test_with_few_variants_left_over_nobody_says_what_chance_gives(archive):
    pool = archive.quiz.slots[0].pool
    rows = [ResponseRow(f"l{number}", item, "99") for number, item in enumerate(pool[:16])]
    found = signalled(archive, rows)
    assert (found.compared, found.expected, found.signals) == (16, None, ())


def test_the_command(archive, tmp_path, call):
    own, others, *_ = archive.quiz.slots[0].pool
    path = tmp_path / "r.csv"
    path.write_text(f"learner,item,response\n=ana,{own},{value(archive, others)}\nben,{others},9\n")
    common = ("grade", path, "--quiz", archive.folder, "-o", tmp_path / "marks")
    assert call(*common)[0] == 0
    assert not (tmp_path / "signals.csv").exists()
    code, _, err = call(*common, "--signals", tmp_path / "signals.csv")
    assert code == 0
    assert "1 of 2 wrong answers" in err
    assert "no proof" in err
    assert (tmp_path / "signals.csv").read_text().splitlines()[1].startswith("'=ana,")
    assert "signals" not in (tmp_path / "marks" / "details.jsonl").read_text()


def test_one_signal_is_written_once(archive):
    own, others, *_ = archive.quiz.slots[0].pool
    rows = [ResponseRow("ana", others, "9"), ResponseRow("ben", own, value(archive, others))]
    assert signals_csv(signalled(archive, rows)).count("ben") == 1
