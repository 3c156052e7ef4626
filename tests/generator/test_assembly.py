"""Assembly, blueprints and rosters."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from grading.answersheet import to_json
from quizgen import Source, assemble, load_bank
from quizgen.assembly import SlotPlan, used_in
from quizgen.bank import Bank
from quizgen.blueprint import plan_blueprint, read_blueprint
from quizgen.findings import FindingsError, Severity
from quizgen.generator import Generator
from quizgen.roster import Learner, read_roster

PLAIN = Path(__file__).parent.parent / "fixtures" / "banks" / "plain"


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank()


def test_the_whole_bank_is_twenty_questions(bank: Bank) -> None:
    assembly = assemble(bank, source=Source(seed=1), variants=1)
    assert len(assembly.quiz.slots) == 20
    items = list(assembly.items())
    assert len({item.item.id for item in items}) == len({item.item.code for item in items}) == 20
    assert len({item.item.template for item in items}) == min(20, len(bank.templates))


def test_a_second_question_of_a_template_has_other_radicals_or_other_variants(bank: Bank, tmp_path: Path) -> None:
    shutil.copytree(bank.folder, tmp_path / "small")
    for file in (tmp_path / "small" / "mlm").iterdir():
        if file.name != "loss-numeric-nats.yaml":
            file.unlink()
    shutil.rmtree(tmp_path / "small" / "beyond-mlm")
    assembly = assemble(load_bank(tmp_path / "small"), source=Source(seed=1), variants=1)
    again = [item.item for item in assembly.items()][:4]
    assert {item.template for item in again} == {"loss-numeric-nats"}
    assert len({item.radicals for item in again}) == len(again)


def test_a_small_bank_gives_what_it_has() -> None:
    assembly = assemble(load_bank(PLAIN), source=Source(seed=1), variants=2)
    static = [slot for slot in assembly.quiz.slots if slot.templates == ("capital",)]
    assert [len(slot.pool) for slot in static] == [1]
    assert len(assembly.quiz.slots) == 20 - 9  # area fills its ten, the static question only its first


def test_pools_hold_distinct_items_and_a_shortage_is_a_finding(bank: Bank) -> None:
    assembly = assemble(bank, ["tf-single-token", "obj-expression-choice"], source=Source(seed=1), variants=25)
    sizes = [len(slot.pool) for slot in assembly.quiz.slots]
    assert sizes == [6, 25]
    signatures = {Generator.signature(item) for item in assembly.items()}
    assert len(signatures) == 31
    (finding,) = assembly.findings
    assert (finding.code, finding.severity) == ("Q712", Severity.WARNING)
    assert "6 distinct variants" in finding.message


def test_two_slots_of_one_template_share_no_item(bank: Bank) -> None:
    assembly = assemble(bank, ["why-sum-of-logs", "why-sum-of-logs"], source=Source(seed=1), variants=5)
    first, second = assembly.quiz.slots
    assert not set(first.pool) & set(second.pool)


def test_slots_of_one_small_template_share_what_there_is(bank: Bank) -> None:
    assembly = assemble(bank, ["tf-bank"] * 3, source=Source(seed=3), variants=20)
    assert [len(slot.pool) for slot in assembly.quiz.slots] == [9, 9, 8]  # of 26
    assert [finding.code for finding in assembly.findings] == ["Q712", "Q712"]


def test_a_learner_gets_one_item_of_each_slot_and_no_sentence_twice(bank: Bank) -> None:
    names = ["obj-expression-choice", "loss-numeric-nats", "obj-write-symbolic", "corrupted-input-write"]
    roster = tuple(Learner(f"l{number}") for number in range(12))
    assembly = assemble(bank, names, source=Source(seed=1), variants=12, roster=roster)
    items = {item.item.id: item.item for item in assembly.items()}
    assert [learner for learner, _ in assembly.quiz.forms] == [learner.id for learner in roster]
    for _, form in assembly.quiz.forms:
        assert all(item in slot.pool for item, slot in zip(form, assembly.quiz.slots, strict=True))
        sentences = [items[item].sentence for item in form]
        assert len(set(sentences)) == len(sentences)
    assert len({form for _, form in assembly.quiz.forms}) > 6


def test_statements_that_answer_each_other_are_not_in_one_paper(bank: Bank) -> None:
    plans = [SlotPlan(f"s{n}", "T", ("tf-single-token",), 3) for n in range(2)]
    assembly = assemble(bank, source=Source(seed=4), slots=plans, roster=[Learner(str(n)) for n in range(8)])
    items = {item.item.id: item.item for item in assembly.items()}
    for _, form in assembly.quiz.forms:
        groups = [items[item].group for item in form]
        assert len(set(groups)) == 2


def test_same_seed_same_quiz(bank: Bank) -> None:
    one, other = (assemble(bank, ["case-two-steps"], source=Source(seed=5), variants=4) for _ in range(2))
    assert to_json(one.quiz) == to_json(other.quiz)
    assert list(map(to_json, one.items())) == list(map(to_json, other.items()))


def test_progress_counts_every_item(bank: Bank) -> None:
    seen: list[tuple[int, int]] = []
    assemble(bank, ["why-sum-of-logs"], source=Source(seed=1), variants=3, on_progress=lambda *n: seen.append(n))
    assert seen == [(1, 3), (2, 3), (3, 3)]


# ---------------------------------------------------------------- blueprints


def blueprint(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "exam.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_blueprint_names_or_describes_its_templates(bank: Bank, tmp_path: Path) -> None:
    text = """
title: Midterm
variants: 3
slots:
  - {template: obj-expression-choice, points: 2, radicals: {masks.count: 3}, section: A}
  - {kind: numeric, count: 1}
  - {concept: c-mlm-multi-mask, bloom: apply}
"""
    read = read_blueprint(blueprint(tmp_path, text))
    plans = plan_blueprint(read, bank)
    assert [plan.templates for plan in plans] == [
        ("obj-expression-choice",),
        (next(row.template for row in bank.listing() if row.kind == "numeric"),),
        ("obj-write-symbolic",),
    ]
    assert plans[0].radicals == (("masks.count", "3"),)
    assert plans[0].points == 2
    assembly = assemble(bank, source=Source(seed=1), slots=plans, title=read.title)
    assert assembly.quiz.title == "Midterm"
    assert [len(slot.pool) for slot in assembly.quiz.slots] == [3, 3, 3]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("slots: [{template: obj-expresion-choice}]", "1:9", 'did you mean "obj-expression-choice"?'),
        ("slots: [{kind: essay, count: 99}]", "1:9", "99 template(s) with kind essay are wanted; the bank has"),
        (
            "slots: [{template: obj-expression-choice, radicals: {masks.count: 7}}]",
            "1:9",
            "does not have these radicals",
        ),
        ("slots: [{templates: [obj-expression-choice, tf-single-token]}]", "1:9", "differ in their radicals"),
        ("slots: [{template: tf-single-token, pionts: 2}]", "1:37", 'did you mean "points"?'),
        ("slots: [{template: tf-single-token, points: -1}]", "1:45", "`points` must be a number above 0"),
        ("slots: [{count: 2}]", "1:9", "a slot needs a template"),
        ("slots: [{difficulty: hrd}]", "1:22", "there is no difficulty 'hrd'"),
        ("slots: [{bloom: aply}]", "1:17", "there is no bloom 'aply'"),
        ("versions: [A, A]\nslots: [{kind: essay}]", "1:11", "`versions` must be names that differ"),
        ("sections: [One]\nslots: [{kind: essay, section: Two}]", "2:32", "there is no section 'Two'"),
        ("sections: [One, One]\nslots: [{kind: essay}]", "1:17", "there is a section 'One' already"),
        (
            "sections: [One]\ntranslations: {de: {sections: [Eins, Zwei]}}\nslots: [{kind: essay}]",
            "2:31",
            "the blueprint has 1 sections, this has 2",
        ),
        ("translations: {de: {titel: Probe}}\nslots: [{kind: essay}]", "1:21", 'did you mean "title"?'),
        ("sentences: alone\nslots: [{kind: essay}]", "1:12", "there is no sentences 'alone'"),
        (
            "minutes: 5\nslots: [{template: tf-single-token, minutes: 3, count: 2}]",
            "1:10",
            "the questions of the quiz take 6 minutes, there are 5",
        ),
        (
            "slots: [{template: tf-single-token, difficulty: hard}]",
            "1:9",
            "'tf-single-token' is never hard with these radicals",
        ),
        (
            "slots: [{template: sum-vs-product-essay}, {kind: essay, count: 99}]",
            "1:43",
            "of which 1 are named by other slots (sum-vs-product-essay)",
        ),
        (
            "slots: [{concept: c-mlm-nl}]",
            "1:9",
            "no template of the bank is about 'c-mlm-nl'; did you mean \"c-mlm-nll\"?",
        ),
        (
            "slots: [{kind: essay, bloom: create}, {concept: c-pll, kind: single-choice, bloom: apply}]",
            "1:39",
            "no template of the bank has concept c-pll, kind single-choice, bloom apply; without the concept there "
            "would be 3 (clm-expression, prefix-expression, obj-expression-choice); without the Bloom level there "
            "would be 1 (pll-vs-mlm)",
        ),
        (
            "slots: [{kind: essay, bloom: create, count: 2}, {kind: numeric}]",
            "1:9",
            "2 template(s) with kind essay, bloom create are wanted; the bank has 1 (create-training-example)",
        ),
        (
            "minutes: 60\nsections: [{title: A, minutes: 40}, {title: B, minutes: 40}]\nslots: [{kind: essay}]",
            "1:10",
            "the sections have 80 minutes together, the quiz has 60",
        ),
        ("slots: {}", "1:8", "`slots` must be a list"),
        ("- a", "1:1", "a blueprint is a mapping"),
    ],
)
def test_a_blueprint_that_cannot_be_met_says_where_and_why(
    bank: Bank, tmp_path: Path, text: str, place: str, words: str
) -> None:
    with pytest.raises(FindingsError) as caught:
        plan_blueprint(read_blueprint(blueprint(tmp_path, text)), bank)
    message = str(caught.value.findings[0])
    assert words in message
    assert f"exam.yaml:{place}" in message


def test_every_slot_that_nothing_meets_is_named(bank: Bank, tmp_path: Path) -> None:
    text = "slots: [{kind: essay, bloom: remember}, {kind: essay, bloom: create, count: 3}, {concept: c-nowhere}]"
    with pytest.raises(FindingsError) as caught:
        plan_blueprint(read_blueprint(blueprint(tmp_path, text)), bank)
    said = [finding.message for finding in caught.value.findings]
    assert said == [
        "no template of the bank has kind essay, bloom remember",
        "no template of the bank is about 'c-nowhere'",
        "3 template(s) with kind essay, bloom create are wanted; the bank has 1 (create-training-example)",
    ]


def test_a_slot_with_much_to_choose_from_leaves_to_the_others_what_they_need(bank: Bank, tmp_path: Path) -> None:
    text = "slots: [{concept: c-mlm-multi-mask}, {kind: single-choice, concept: c-mlm-multi-mask, count: 2}]"
    plans = plan_blueprint(read_blueprint(blueprint(tmp_path, text)), bank)
    kinds = [bank.template(plan.templates[0]).kind for plan in plans]
    assert kinds[1:] == ["single-choice", "single-choice"]
    assert len({plan.templates for plan in plans}) == 3


def test_a_difficulty_chooses_the_radicals(tmp_path: Path) -> None:
    (tmp_path / "bank").mkdir()
    (tmp_path / "bank" / "area.yaml").write_text("""
template: area
kind: numeric
draw: {a: 2..9, b: [10, 20 .. 90], scale: [1, 10]}
radicals: {scale: [1, 10]}
difficulty: {easy: {scale: 1}, hard: {scale: 10}}
stem: A rectangle is {{ a }} cm by {{ b }} cm. How large is it {{ scale }} times?
key: a*b*scale
""")
    bank = load_bank(tmp_path / "bank")
    (plan,) = plan_blueprint(read_blueprint(blueprint(tmp_path, "slots: [{difficulty: hard, variants: 3}]")), bank)
    assert plan.radicals == (("scale", "10"),)
    assembly = assemble(bank, source=Source(seed=1), slots=[plan])
    assert {item.item.difficulty for item in assembly.items()} == {"hard"}
    assert assembly.quiz.slots[0].difficulty == "hard"


def test_templates_that_give_each_other_away_are_not_in_two_slots(tmp_path: Path) -> None:
    (tmp_path / "bank").mkdir()
    for name in ("one", "two"):
        (tmp_path / "bank" / f"{name}.yaml").write_text(
            f"template: {name}\nkind: short-answer\nbloom: apply\none_of: sky\nstem: Is it {name}?\nkey: blue\n"
        )
    bank = load_bank(tmp_path / "bank")
    with pytest.raises(FindingsError, match="give each other away"):
        plan_blueprint(read_blueprint(blueprint(tmp_path, "slots: [{template: one}, {template: two}]")), bank)
    with pytest.raises(FindingsError, match=r"2 template.* wanted; the bank has 2 .*; of one, two one quiz shows one"):
        plan_blueprint(read_blueprint(blueprint(tmp_path, "slots: [{bloom: apply, count: 2}]")), bank)


def test_a_retired_template_is_not_chosen(tmp_path: Path) -> None:
    (tmp_path / "bank").mkdir()
    for name, status in (("old", "retired"), ("new", "reviewed")):
        (tmp_path / "bank" / f"{name}.yaml").write_text(
            f"template: {name}\nkind: short-answer\nreview: {status}\nstem: Which colour is {name}?\nkey: blue\n"
        )
    bank = load_bank(tmp_path / "bank")
    (plan,) = plan_blueprint(read_blueprint(blueprint(tmp_path, "slots: [{kind: short-answer}]")), bank)
    assert plan.templates == ("new",)


# ---------------------------------------------------------------- rosters


def roster(tmp_path: Path, content: bytes) -> Path:
    file = tmp_path / "roster.csv"
    file.write_bytes(content)
    return file


def test_a_roster_keeps_its_order(tmp_path: Path) -> None:
    found = read_roster(roster(tmp_path, b'\xef\xbb\xbfname,learner\r\nZoe,z1\r\n"A, B",a1\r\n\r\n'))
    assert found == (Learner("z1", name="Zoe"), Learner("a1", name="A, B"))


def test_a_roster_says_how_each_learner_sits_the_quiz(tmp_path: Path) -> None:
    content = b"Learner,Group,language,Extra time,large-print,lms_id\na1,B,de,25 %,yes,u77\nb1,B,,0.1,,\n"
    assert read_roster(roster(tmp_path, content)) == (
        Learner("a1", group="B", language="de", extra_time=Fraction(1, 4), large_print=True, lms_id="u77"),
        Learner("b1", group="B", extra_time=Fraction(1, 10)),
    )


@pytest.mark.parametrize(
    ("content", "place", "words"),
    [
        (b"learner,extra_time\na,much\n", ":2", "extra time 'much'"),
        (b"learner,extra_time\na,400 %\n", ":2", "extra time '400 %' is too much"),
        (b"learner,large_print\na,perhaps\n", ":2", "large print 'perhaps'"),
        (b"learner\na\nb\na\n", ":4", "the learner id 'a' was used in line 2 already"),
        (b"id,name\n1,x\n", ":1", "no column 'learner'"),
        (b"learner,name\n,x\n", ":2", "a row without a learner id"),
        (b"learner\n", ":1", "no learners"),
        (b"", ":1", "no column 'learner'"),
        (b"learner\na\x00b\n", ":2", "a NUL byte"),
        (b"learner\n\xff\n", ":2", "not UTF-8"),
    ],
)
def test_a_broken_roster_says_where(tmp_path: Path, content: bytes, place: str, words: str) -> None:
    with pytest.raises(FindingsError) as caught:
        read_roster(roster(tmp_path, content))
    message = str(caught.value.findings[0])
    assert words in message
    assert f"roster.csv{place}" in message


def test_all_faults_of_a_roster_at_once(tmp_path: Path) -> None:
    with pytest.raises(FindingsError) as caught:
        read_roster(roster(tmp_path, b"learner,name\na,x\na,y\n,z\n"))
    assert len(caught.value.findings) == 2


def test_a_roster_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FindingsError, match="cannot be read"):
        read_roster(tmp_path / "none.csv")


def test_the_library_goes_the_whole_way(tmp_path: Path) -> None:
    from grading import grade_all, read_responses
    from quizgen import export

    archive = assemble(load_bank(), ["obj-expression-choice"], source=Source(seed=1), variants=3).freeze(
        tmp_path / "quiz"
    )
    (exported,) = export(archive, ["html"])
    assert [path.name for path in exported.folder.iterdir() if path.suffix == ".html"] == ["index.html"]
    item = next(archive.keys())
    responses = tmp_path / "responses.csv"
    responses.write_text(f"learner,item,response\nzoe,{item.code},{item.parts[0].key.correct}\n", encoding="utf-8")  # type: ignore[union-attr]
    assert len(list(read_responses(responses))) == 1
    assert [row.grade.score for row in grade_all(responses, archive.keys()).rows()] == [1]


@pytest.mark.parametrize(
    ("text", "code", "line", "words"),
    [
        (
            "variants: 30\nslots:\n  - {template: sum-vs-product-essay}",
            "Q712",
            3,
            "has 1 distinct variant here, 30 were",
        ),
        ("slots:\n  - {template: tf-single-token, variants: 9}", "Q712", 2, "has 6 distinct variants here, 9 were"),
        (
            "variants: 8\nslots:\n  - {template: loss-bits}\n  - {template: why-sum-of-logs}\n"
            "  - {template: loss-numeric-nats}\n  - {template: objective-value-numeric}",
            "Q714",
            6,
            "loss-numeric-nats, s04-objective-value-numeric have only 2 sentences between them",
        ),
    ],
)
def test_what_a_pool_lacks_is_said_at_the_line_of_the_blueprint(
    tmp_path: Path, text: str, code: str, line: int, words: str
) -> None:
    two = tmp_path / "two.txt"
    two.write_text("The [early] bird catches the [worm]\nA [quick] brown fox [jumps]\n", encoding="utf-8")
    file, bank = blueprint(tmp_path, text), load_bank(sentences=[two])
    plans = plan_blueprint(read_blueprint(file), bank)
    roster = [Learner("x")]
    assembly = assemble(bank, source=Source(seed=3), slots=plans, roster=roster)
    (finding,) = [found for found in assembly.findings if found.code == code]
    assert (finding.place.file, finding.place.line) == (str(file), line)
    assert words in finding.message
    assert finding.source_line == text.splitlines()[line - 1]


def test_an_empty_slot_is_said_at_the_line_of_the_blueprint(bank: Bank, tmp_path: Path) -> None:
    file = blueprint(tmp_path, "slots:\n  - {template: tf-single-token, variants: 6}\n  - {template: tf-single-token}")
    plans = plan_blueprint(read_blueprint(file), bank)
    first = assemble(bank, source=Source(seed=3), slots=plans[:1]).freeze(tmp_path / "one")
    with pytest.raises(FindingsError) as caught:
        assemble(bank, source=Source(seed=3), slots=plans[1:], used=used_in([first]))
    (finding,) = [found for found in caught.value.findings if found.code == "Q711"]
    assert (finding.place.file, finding.place.line) == (str(file), 3)


def test_too_few_sentences_for_slots_apart_are_said_at_the_line_of_the_blueprint(bank: Bank, tmp_path: Path) -> None:
    file = blueprint(tmp_path, "sentences: apart\nvariants: 1\nslots:\n  - {template: tf-single-token, count: 4}")
    with pytest.raises(FindingsError) as caught:
        assemble(bank, source=Source(seed=3), slots=plan_blueprint(read_blueprint(file), bank), apart=True)
    (finding,) = caught.value.findings
    assert (finding.code, finding.place.file, finding.place.line) == ("Q714", str(file), 4)


@pytest.mark.parametrize("template", ["obj-write-symbolic", "loss-numeric-nats", "equal-value-forms"])
def test_practice_never_shows_what_an_exam_shows(bank: Bank, template: str) -> None:
    """Not even with the exam's own secret, nor by chance with any seed."""
    secret = Source(secret=b"0123456789abcdef")
    exam = assemble(bank, [template], source=secret, variants=40, purpose="exam")
    shown = {Generator.signature(item) for item in exam.items()}
    assert len(shown) == 40
    for source in (secret, Source(seed=1), Source(seed=2)):
        practice = assemble(bank, [template], source=source, variants=40)
        assert not {item.item.id for item in exam.items()} & {item.item.id for item in practice.items()}
        assert not shown & {Generator.signature(item) for item in practice.items()}


def test_an_exam_says_which_of_its_questions_practice_can_show(bank: Bank) -> None:
    names = ["tf-single-token", "loss-numeric-nats"]
    exam = assemble(bank, names, source=Source(secret=b"0123456789abcdef"), variants=3, purpose="exam")
    assert [finding.code for finding in exam.findings] == ["Q713"]
    assert "'tf-single-token' has no more than 6 variants" in exam.findings[0].message
