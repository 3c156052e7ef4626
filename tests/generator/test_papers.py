"""Papers: nothing twice on one, nothing unfair between two, and a reason where none can be made."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizgen import Source, assemble, load_bank
from quizgen.archive import ArchiveError, read_archive, write_archive
from quizgen.assembly import SlotPlan, used_in
from quizgen.assembly.matching import Candidate, Unmatched, matched
from quizgen.assembly.papers import make_papers
from quizgen.assembly.spool import Spool
from quizgen.bank import Bank
from quizgen.findings import FindingsError
from quizgen.generator import Generator
from quizgen.model import Purpose, Slot
from quizgen.roster import Learner

NAMES = ["obj-expression-choice", "loss-numeric-nats", "obj-write-symbolic", "corrupted-input-write"]
SECRET = b"0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank()


def of_two_sentences(folder: Path) -> Bank:
    """The bank with a corpus of two sentences with two words each that may be masked."""
    file = folder / "two.txt"
    file.write_text(
        "The [early] bird catches the [worm]\nA [quick] brown fox jumps over the [lazy] dog\n", encoding="utf-8"
    )
    return load_bank(sentences=[file])


# ---------------------------------------------------------------- matching

rows = st.lists(st.lists(st.integers(0, 5), max_size=4), min_size=1, max_size=6)


@given(rows)
def test_with_one_mark_each_a_choice_is_found_exactly_if_there_is_one(numbers: list[list[int]]) -> None:
    candidates = [[Candidate((place, mark), (mark,)) for mark in row] for place, row in enumerate(numbers)]
    possible = any(len(set(choice)) == len(choice) for choice in product(*numbers))
    found = matched(candidates)
    assert isinstance(found, tuple) == possible
    if isinstance(found, Unmatched):
        marks = {mark for place in found.places for mark in numbers[place]}
        assert set(found.marks) == marks
        assert len(marks) < len(found.places)
    else:
        assert [place for place, _ in found] == list(range(len(numbers)))
        assert all(mark in row for (_, mark), row in zip(found, numbers, strict=True))
        assert len({mark for _, mark in found}) == len(found)


@given(st.lists(st.lists(st.sets(st.integers(0, 5), max_size=3), min_size=1, max_size=4), min_size=1, max_size=6))
def test_with_several_marks_what_is_chosen_shares_none(sets: list[list[set[int]]]) -> None:
    candidates = [[Candidate(tuple(marks), tuple(sorted(marks))) for marks in row] for row in sets]
    found = matched(candidates)
    if not isinstance(found, Unmatched):
        taken = [mark for marks in found for mark in marks]
        assert len(set(taken)) == len(taken)
        assert all(set(marks) in row for marks, row in zip(found, sets, strict=True))


def test_the_first_candidates_are_taken_where_nothing_is_in_the_way() -> None:
    candidates = [[Candidate(f"{place}{n}", (f"{place}{n}",)) for n in range(3)] for place in "abc"]
    assert matched(candidates) == ("a0", "b0", "c0")


# ---------------------------------------------------------------- papers


def slots_of(*pools: list[str]) -> list[Slot]:
    return [Slot(f"s{number}", "T", ("t",), tuple(pool)) for number, pool in enumerate(pools)]


def test_a_paper_that_would_show_a_sentence_twice_says_which_questions_lack_what() -> None:
    slots = slots_of(["a", "b"], ["c"], ["d"])
    marks = dict.fromkeys("abc", (("sentence", "cat-mat"),)) | {"d": (("sentence", "river"),)}
    papers = make_papers(slots, marks, Source(seed=1), "en", roster=[Learner("x")])
    (trouble,) = papers.troubles
    assert "the 2 questions s0, s1 have only 1 sentences between them (cat-mat)" in trouble.why
    assert trouble.slots == (0, 1)


def test_variants_are_used_evenly_and_neighbours_differ() -> None:
    slots = slots_of([f"i{n}" for n in range(5)], [f"k{n}" for n in range(3)])
    papers = make_papers(slots, dict.fromkeys([id_ for slot in slots for id_ in slot.pool], ()), Source(seed=1), "en",
                         roster=[Learner(str(n)) for n in range(15)])  # fmt: skip
    forms = [form for _, form in papers.forms]
    assert all(one[k] != other[k] for one, other in pairwise(forms) for k in (0, 1))
    for place, slot in enumerate(slots):
        counts = [sum(form[place] == id_ for form in forms) for id_ in slot.pool]
        assert set(counts) == {15 // len(slot.pool)}


def test_whoever_joins_at_the_end_changes_no_paper(bank: Bank) -> None:
    roster = [Learner(f"l{n}") for n in range(8)]
    few, more = (
        assemble(bank, NAMES, source=Source(seed=3), variants=6, roster=chosen) for chosen in (roster[:5], roster)
    )
    assert more.quiz.forms[:5] == few.quiz.forms


def test_versions_are_the_same_for_many_and_differ_from_each_other(bank: Bank) -> None:
    roster = [Learner(f"l{n}", group="morning" if n < 4 else "evening") for n in range(8)]
    assembly = assemble(bank, NAMES, source=Source(seed=3), variants=4, roster=roster, versions=["A", "B"], minutes=60)
    forms = [form for _, form in assembly.quiz.forms]
    assert [sitting.version for sitting in assembly.quiz.sittings] == ["A", "B", "A", "B", "A", "B", "A", "B"]
    assert len(set(forms)) == 2
    assert not set(forms[0]) & set(forms[1])


def test_versions_without_a_roster_are_papers_of_their_own(bank: Bank) -> None:
    assembly = assemble(bank, NAMES, source=Source(seed=3), variants=4, versions=["A", "B"])
    assert [name for name, _ in assembly.quiz.forms] == ["A", "B"]


def test_learners_read_their_own_language_and_have_their_own_time(bank: Bank, tmp_path: Path) -> None:
    roster = [
        Learner("ada"),
        Learner("bo", language="de", extra_time=Fraction(1, 4), large_print=True),
        Learner("cy", language="de"),
    ]
    assembly = assemble(bank, NAMES, source=Source(seed=3), variants=4, roster=roster, minutes=90)
    items = {generated.item.id: generated.item for generated in assembly.items()}
    languages = {learner: {items[id_].language for id_ in form} for learner, form in assembly.quiz.forms}
    assert languages == {"ada": {"en"}, "bo": {"de"}, "cy": {"de"}}
    assert [sitting.minutes for sitting in assembly.quiz.sittings] == [90, 113, 90]
    assert [sitting.large_print for sitting in assembly.quiz.sittings] == [False, True, False]
    for slot in assembly.quiz.slots:
        assert {items[id_].language for id_ in slot.pool} == {"en"}
        ((code, ids),) = slot.translations
        assert code == "de"
        assert len(ids) == 4
    archive = assembly.freeze(tmp_path / "out")
    assert read_archive(archive.folder).quiz == assembly.quiz


def test_an_exam_whose_papers_would_repeat_themselves_is_refused(bank: Bank) -> None:
    plans = [SlotPlan(f"s{n}", "T", ("tf-single-token",), 2) for n in range(3)]
    with pytest.raises(FindingsError) as caught:
        assemble(bank, source=Source(secret=SECRET), slots=[*plans, SlotPlan("s3", "T", ("tf-single-token",), 1)],
                 roster=[Learner("x")], purpose="exam")  # fmt: skip
    assert any(found.code in ("Q714", "Q711") for found in caught.value.findings)


def test_a_reason_is_given_once_however_many_papers_it_concerns(tmp_path: Path) -> None:
    bank = of_two_sentences(tmp_path)
    names = ["loss-bits", "loss-numeric-nats", "objective-value-numeric"]
    roster = [Learner(f"l{number}") for number in range(8)]
    assembly = assemble(bank, names, source=Source(seed=3), variants=8, roster=roster)
    (finding,) = [finding for finding in assembly.findings if finding.code == "Q714"]
    assert "have only 2 sentences between them (a-quick-brown-fox-jumps, the-early-bird-catches-the)" in finding.message
    assert "add sentences" in finding.remedy


ONE_DRAW = [
    "A [quick] brown fox jumps over the [lazy] dog",
    "Every [cloud] has a [silver] lining",
    "The [baker] sells fresh [bread] at dawn",
]
"""Sentences of which a question with two masks is one draw, so that one of the halves is empty."""


def test_where_its_half_is_empty_practice_is_refused_and_an_exam_shows_the_other_one(tmp_path: Path) -> None:
    empty: list[Purpose] = []
    for sentence in ONE_DRAW:
        file = tmp_path / "one.txt"
        file.write_text(f"{sentence}\n", encoding="utf-8")
        bank = load_bank(sentences=[file])
        exam = assemble(bank, "obj-expression-choice", source=Source(secret=SECRET), variants=2, purpose="exam")
        assert len(exam.quiz.slots[0].pool) == 2
        said = {finding.code for finding in exam.findings}
        try:
            practice = assemble(bank, "obj-expression-choice", source=Source(seed=1), variants=2)
        except FindingsError as error:
            why, slot = error.findings
            assert (why.code, slot.code) == ("Q712", "Q711")
            assert (
                "has 0 distinct variants here, 2 were asked for; what falls into the other half is kept for exams"
                in why.message
            )
            assert said == set()
            empty.append("practice")
        else:
            assert len(practice.quiz.slots[0].pool) == 2
            assert said == {"Q713"}
            empty.append("exam")
    assert set(empty) == {"practice", "exam"}


def test_an_exam_may_have_two_slots_of_a_template_whose_half_is_empty(tmp_path: Path) -> None:
    bank = of_two_sentences(tmp_path)
    names = ["obj-expression-choice", "obj-expression-choice"]
    exam = assemble(bank, names, source=Source(secret=SECRET), variants=2, purpose="exam")
    assert [len(slot.pool) for slot in exam.quiz.slots] == [2, 2]
    assert [finding.code for finding in exam.findings] == ["Q713"]


def test_sentences_that_are_dealt_to_many_slots_stay_in_their_halves(bank: Bank) -> None:
    """Each slot has fewer variants than are divided; all of them together have more."""
    names = ["obj-write-symbolic"] * 10
    exam, *practice = (
        assemble(bank, names, source=source, variants=30, apart=True, purpose=purpose)
        for source, purpose in (
            (Source(secret=SECRET), "exam"),
            (Source(secret=SECRET), "practice"),
            (Source(seed=1), "practice"),
        )
    )
    assert "Q713" not in {finding.code for finding in exam.findings}
    shown = {Generator.signature(item) for item in exam.items()}
    assert len(shown) > 100
    for quiz in practice:
        assert not shown & {Generator.signature(item) for item in quiz.items()}


def test_practice_is_refused_where_only_another_language_has_nothing_to_show(tmp_path: Path) -> None:
    text = "bank: small\ntitle: Small\nlang: en\ntranslations: {de: {title: Klein}}\n"
    (tmp_path / "bank.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "sum.yaml").write_text(
        "template: sum\nkind: numeric\ndraw: {a: 1..200}\nstem: What is {{ a }} + 1?\nkey: a + 1\n"
        "translations: {de: {stem: Wie lautet der Nachfolger der Zahl?}}\n",  # one stem, in the half for exams
        encoding="utf-8",
    )
    roster = [Learner("x"), Learner("y", language="de")]
    with pytest.raises(FindingsError, match="slot 's01-sum' is empty in the language 'de'"):
        assemble(load_bank(tmp_path), "sum", source=Source(seed=1), variants=3, roster=roster)


# ---------------------------------------------------------------- pools that a platform draws from


def test_sentences_apart_stand_in_the_pool_of_one_slot_only(bank: Bank) -> None:
    assembly = assemble(bank, NAMES, source=Source(seed=3), variants=10, apart=True)
    items = {generated.item.id: generated.item for generated in assembly.items()}
    shown = [{items[id_].sentence for id_ in slot.pool} for slot in assembly.quiz.slots]
    assert all(len(slot.pool) == 10 for slot in assembly.quiz.slots)
    assert sum(map(len, shown)) == len(set().union(*shown))


TRAPS = ["swap-trap", "left-context-trap", "obj-expression-choice", "loss-numeric-nats", "corrupted-input-write"]


def test_a_paper_shows_no_further_sentence_twice_either(bank: Bank) -> None:
    roster = [Learner(f"l{number}") for number in range(30)]
    assembly = assemble(bank, TRAPS, source=Source(seed=8), variants=12, roster=roster)
    items = {generated.item.id: generated.item for generated in assembly.items()}
    assert not [finding for finding in assembly.findings if finding.code == "Q714"]
    for _, form in assembly.quiz.forms:
        shown = [sentence for id_ in form for sentence in items[id_].sentences]
        assert len(shown) == 11  # four of each trap
        assert len(set(shown)) == len(shown)


def test_sentences_apart_are_so_wherever_they_stand(bank: Bank) -> None:
    assembly = assemble(bank, TRAPS, source=Source(seed=8), variants=4, apart=True)
    items = {generated.item.id: generated.item for generated in assembly.items()}
    shown = [{sentence for id_ in slot.pool for sentence in items[id_].sentences} for slot in assembly.quiz.slots]
    assert all(len(slot.pool) == 4 for slot in assembly.quiz.slots)
    assert sum(map(len, shown)) == len(set().union(*shown))


def test_questions_that_show_several_sentences_find_their_place() -> None:
    a, b = Candidate("a", ("1",)), Candidate("b", ("2",))
    both, other = Candidate("ab", ("1", "2")), [Candidate("c", ("3",)), Candidate("d", ("4",))]
    rows = [[a, *other], [b, *other], [both]]
    slots = [Slot(f"s{k}", "T", ("t",), tuple(one.value for one in row)) for k, row in enumerate(rows)]
    marks = {one.value: tuple(("sentence", str(mark)) for mark in one.marks) for row in rows for one in row}
    papers = make_papers(slots, marks, Source(seed=2), "en", roster=[Learner(str(k)) for k in range(6)])
    assert papers.troubles == ()
    assert {form[2] for _, form in papers.forms} == {"ab"}
    assert all({form[0], form[1]} == {"c", "d"} for _, form in papers.forms)


def test_more_slots_than_statements_that_stand_alone_are_refused(bank: Bank) -> None:
    plans = [SlotPlan(f"s{n}", "T", ("tf-single-token",), 1) for n in range(4)]
    with pytest.raises(FindingsError, match="the 4 slots s0, s1, s2, s3 share 3 sentences or statements"):
        assemble(bank, source=Source(seed=3), slots=plans, apart=True)


# ---------------------------------------------------------------- make-up exams


def test_a_make_up_exam_shows_nothing_that_the_exam_showed(bank: Bank, tmp_path: Path) -> None:
    roster = [Learner(f"l{n}") for n in range(4)]
    names = ["obj-expression-choice", "loss-numeric-nats"]
    source = Source(secret=SECRET)
    first = assemble(bank, names, source=source, variants=4, roster=roster, purpose="exam").freeze(tmp_path / "one")
    again = assemble(bank, names, source=source, variants=4, roster=roster, purpose="exam", used=used_in([first]))
    before = {Generator.signature(generated) for generated in first.generated()}
    after = {Generator.signature(generated) for generated in again.items()}
    assert len(after) == 8
    assert not before & after
    met = {(item.template, item.sentence) for item in first.items()}
    assert not met & {(generated.item.template, generated.item.sentence) for generated in again.items()}


def test_a_template_with_nothing_new_to_show_is_a_finding_and_ends(bank: Bank, tmp_path: Path) -> None:
    source = Source(secret=SECRET)
    plans = [SlotPlan("s1", "T", ("training-step-order",), 60, radicals=(("choose", "5"),))]
    first = assemble(bank, source=source, slots=plans, purpose="exam").freeze(tmp_path / "one")
    with pytest.raises(FindingsError, match="slot 's1' is empty"):
        assemble(bank, source=source, slots=plans, purpose="exam", used=used_in([first]))


def test_without_the_flag_the_same_secret_shows_the_same(bank: Bank) -> None:
    one, two = (
        assemble(bank, ["loss-numeric-nats"], source=Source(secret=SECRET), variants=2, purpose="exam")
        for _ in range(2)
    )
    assert list(map(Generator.signature, one.items())) == list(map(Generator.signature, two.items()))


# ---------------------------------------------------------------- items on disk


def test_a_spool_can_be_gone_through_again_while_it_grows(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizgen.assembly.spool.IN_MEMORY", 1)
    spool, given_items = Spool(), list(assemble(bank, NAMES, source=Source(seed=1), variants=2).items())
    for number, item in enumerate(given_items, 1):
        spool.add(item)
        assert list(spool) == given_items[:number]
    assert len(spool) == 8


def test_the_archive_takes_the_lines_of_a_spool_as_it_would_take_its_items(bank: Bank, tmp_path: Path) -> None:
    assembly = assemble(bank, NAMES, source=Source(seed=1), variants=2)
    by_line, by_item = (
        assembly.freeze(tmp_path / "lines"),
        write_archive(tmp_path / "items", assembly.quiz, assembly.items()),
    )
    for name in ("items.jsonl", "keys.jsonl", "quiz.json"):
        assert (by_line.folder / name).read_bytes() == (by_item.folder / name).read_bytes()
    (first, _), *others = assembly.generated.lines()
    with pytest.raises(ArchiveError, match="stands beside the item"):
        write_archive(tmp_path / "mixed", assembly.quiz, [(first, others[0][1]), *others])
