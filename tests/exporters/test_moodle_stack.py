"""Moodle's STACK: refused kinds, one question a template, and our mark for every answer, computed by Maxima."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lxml import etree

from grading.keys import (
    RELATIONS,
    Band,
    Digits,
    NumericKey,
    Relation,
    Requirement,
    Rival,
    Sentence,
    SymbolDeclaration,
    SymbolicKey,
    Tolerance,
)
from grading.marking import canonical_responses, grade_item
from grading.verdicts import Verdict
from quizgen.archive import write_archive
from quizgen.content import Gap
from quizgen.exporters import ExportError, Options, export, format_of, moodle_stack, plan
from quizgen.exporters.contract import Level
from quizgen.exporters.moodle_stack import MOST_ROWS, write
from quizgen.exporters.moodle_stack.fidelity import fidelity
from quizgen.exporters.moodle_xml.xml import moodle_dialect
from quizgen.exporters.rendering.html import block_html
from quizgen.model import GeneratedItem, NumericInteraction, Part, Slot, SymbolicInteraction
from tests.exporters import example_items as examples
from tests.exporters.stack_model import Attempt, Play, play, run_question_tests
from tests.exporters.stack_reader import Question, Refused, load, text_of

Run = Callable[[str], str]
Variant = tuple[GeneratedItem, Question, int]
STACK, DEFAULT = format_of("moodle-stack"), Options()
CARRIED = ("numeric", "symbolic")
P, Q = SymbolDeclaration("p"), SymbolDeclaration("q")


def number(key: NumericKey, name: str = "n") -> GeneratedItem:
    return examples.single(name, "numeric", (examples.paragraph("How much?"),), NumericInteraction(key.unit), key)


def formula(key: SymbolicKey, name: str = "f") -> GeneratedItem:
    return examples.single(name, "symbolic", (examples.paragraph("Which?"),), SymbolicInteraction(key.symbols), key)


def numbers() -> Iterator[GeneratedItem]:
    """Keys of every tolerance, with bands and with known wrong values that overlap."""
    rivals = (
        Rival("2.5", ("a",), F(1, 2), feedback="$\\frac{5}{2}$"), Rival("log(7)", ("b",), title="Seven"),
        Rival("log(7)", ("b", "c"), F(1, 4)), Rival("2.501", ("d",)),
    )  # fmt: skip
    tolerances = (
        Tolerance("absolute", F(5, 1000)), Tolerance("relative", F(1, 100)), Tolerance("significant", F(3)),
        Tolerance("decimals", F(2)), Tolerance("exact"), Tolerance("absolute", F(5, 1000), "outside"),
        Tolerance("relative", F(1, 100), "outside"),
    )  # fmt: skip
    for value in ("-log(0.5) - log(0.4)", "8/5", "exp(2)", "-1/3", "12.34", "0"):
        for tolerance in tolerances:
            bands = (Band(F(1, 50), F(3, 4)), Band(F(1, 10), F(1, 3), "near")) if tolerance.kind == "absolute" else ()
            yield number(NumericKey(value, tolerance, bands, rivals=rivals))
    yield number(NumericKey("1.25", WITHIN, unit="nats", decimal_comma=True, rivals=(Rival("2.5", ("a",)),)))
    yield number(NumericKey("50", unit="%", rivals=(Rival("0.5", ("a",)),)))


WITHIN = Tolerance("absolute", F(1, 100))


def formulas() -> Iterator[GeneratedItem]:
    """Keys with declared names and with names of a sentence, relations to the key, and every sign of the language."""
    sentence = Sentence(("[CLS]", "the", "early", "bird"), ("[CLS]", "the", "[MASK]", "[MASK]"), (2, 3))
    rivals = (Rival("p_2 + p_3", ("a",)), Rival("p_2*p_3", ("b",), F(1, 3)), Rival("log_2 p_2 + log_2 p_3", ("c",)))
    yield formula(SymbolicKey("log p_2 + log p_3", sentence=sentence, rivals=rivals))
    yield formula(
        SymbolicKey("-(log p + log q)/2", (P, Q), rivals=(Rival("sqrt(p*q)", ("a",)), Rival("-p^(-1)", ("b",))))
    )
    yield formula(
        SymbolicKey("exp(-(p - q)^2)/abs(p)", (P, Q), rivals=(Rival("min(p, q)", ("a",)), Rival("p^q", ("b",))))
    )
    yield formula(SymbolicKey("0.25*p + 1.5", (SymbolDeclaration("p", "real"),)))
    yield formula(
        SymbolicKey("log_2(theta_1)*n_total", (SymbolDeclaration("theta_1"), SymbolDeclaration("n_total", "positive")))
    )
    for kind in RELATIONS:
        accept = (Relation(kind, F(1, 2), ("m",), feedback="Nearly"),)
        yield formula(SymbolicKey("log(p) + log(q)", (P, Q), rivals=(Rival("p + q", ("a",)),), accept=accept))
    twice = Rival("p*q", ("a", "b"), F(1, 2)), Rival("q*p", ("c",), F(1, 4))
    yield formula(SymbolicKey("log(p) + log(q)", (P, Q), rivals=twice))
    every = tuple(Relation(kind, F(k, 5)) for k, kind in enumerate(RELATIONS, 1))
    yield formula(SymbolicKey("log(p) + log(q)", (P, Q), rivals=(Rival("min(p, q)", ("a",)),), accept=every))


def several() -> Iterator[GeneratedItem]:
    """Items of several parts: below the stem, and in its text."""
    one = NumericKey("2", rivals=(Rival("1", ("off-by-one-positions",), feedback="Count from 0."),))
    two = SymbolicKey("p*q", (P, Q), rivals=(Rival("p + q", ("sum-of-probs",), F(1, 2)),))
    below = (
        (Part("a", NumericInteraction("nats"), F(1, 3), (examples.paragraph("First?"),)), one, ()),
        (Part("b", SymbolicInteraction((P, Q)), F(2, 3), (examples.paragraph("Second?"),)), two, ()),
    )
    yield examples.generated("below", "parts", (examples.paragraph("Two parts."),), below)
    inside = ((Part("a", NumericInteraction(), F(1, 2)), one, ()), (Part("b", NumericInteraction(), F(1, 2)), WORD, ()))
    stem = (examples.paragraph("It is ", Gap("b"), " and ", Gap("a"), "."),)
    yield examples.generated("inside", "cloze", stem, inside)


WORD = NumericKey("7", Tolerance("relative", F(1, 10)))

EXAMPLES = (examples.numeric(), examples.symbolic(), *numbers(), *formulas(), *several())


@pytest.fixture(scope="module")
def bank() -> tuple[GeneratedItem, ...]:
    """Three variants of every template of the bank that STACK can carry."""
    from quizgen.assembly import assemble
    from quizgen.bank import load_bank
    from quizgen.sampling.draws import Source

    whole = load_bank(None)
    names = [row.template for row in whole.listing()]
    once = tuple(assemble(whole, names, variants=1, source=Source(7)).items())
    carried = [g.item.template for g in once if fidelity(g.item, g.key).level is not Level.NONE]
    assert len(carried) > 25
    return tuple(assemble(whole, carried, variants=3, source=Source(7)).items())


def pooled(items: Sequence[GeneratedItem]) -> tuple[Slot, ...]:
    """A slot for each template."""
    pools: dict[str, list[str]] = {}
    for made in items:
        pools.setdefault(made.item.template, []).append(made.item.id)
    return tuple(Slot(f"s{k}", name, (name,), tuple(ids), F(2)) for k, (name, ids) in enumerate(pools.items(), 1))


def written(folder: Path, items: Sequence[GeneratedItem], options: Options = DEFAULT) -> bytes:
    quiz = msgspec.structs.replace(examples.quiz_of(tuple(items)), slots=pooled(items))
    archive = write_archive(folder / "quiz", quiz, items)
    return b"".join(chunk for _, chunk in write(archive, options))


def distinct(items: Sequence[GeneratedItem]) -> tuple[GeneratedItem, ...]:
    """The same items, each under its own id and template."""
    return tuple(renamed(made, f"{made.item.template}-{place}", 1) for place, made in enumerate(items))


def renamed(made: GeneratedItem, template: str, variant: int) -> GeneratedItem:
    id_, code = f"{template}-{variant:04}", f"Q-{template.upper()}-{variant}"
    item = msgspec.structs.replace(made.item, id=id_, template=template, variant=variant, code=code)
    return GeneratedItem(item, msgspec.structs.replace(made.key, item=id_, code=code))


def played(folder: Path, items: Sequence[GeneratedItem], run: Run) -> list[tuple[GeneratedItem, Any, Attempt]]:
    """Every canonical response of every item, typed into its own variant."""
    questions = load(written(folder, items))
    plays, asked = [], []
    for made, question, seed in variants(items, questions):
        answers = [(expected.response, given(made, expected.response)) for expected in canonical_responses(made.key)]
        kept = [(response, typed) for response, typed in answers if typed is not None]
        plays.append(Play(question, seed, [typed for _, typed in kept]))
        asked.append((made, [response for response, _ in kept]))
    play(plays, run)
    return [
        (made, response, attempt)
        for one, (made, responses) in zip(plays, asked, strict=True)
        for response, attempt in zip(responses, one.attempts, strict=True)
    ]


def variants(
    items: Sequence[GeneratedItem], questions: Sequence[Question]
) -> Iterator[tuple[GeneratedItem, Question, int]]:
    """Each item with the question and the seed that shows it."""
    places = [(question, seed) for question in questions for seed in question.seeds or [0]]
    assert len(places) == len(items)
    yield from ((made, *place) for made, place in zip(items, places, strict=True))


def given(made: GeneratedItem, response: Any) -> dict[str, str] | None:
    """A canonical response as a learner types it into STACK; None where nobody can."""
    if len(made.item.parts) == 1:
        response = {made.item.parts[0].id: response}
    if not isinstance(response, dict) or not all(isinstance(text, str | None) for text in response.values()):
        return None
    return {f"ans{place}": maxima_typed(response.get(part.id) or "") for place, part in enumerate(made.item.parts, 1)}


def maxima_typed(text: str) -> str:
    """A formula of our language as it is typed in Maxima's: brackets around arguments, and the base behind."""
    text = re.sub(r"\blog_(\d+) (\w+)", r"lg(\2, \1)", text)
    text = re.sub(r"\blog_(\d+)\(([\w.]+)\)", r"lg(\2, \1)", text)
    return re.sub(r"\blog (\w+)", r"log(\1)", text)


def agreed(folder: Path, items: Sequence[GeneratedItem], run: Run) -> int:
    """Compares our mark with STACK's; how many answers there were."""
    compared = 0
    for made, response, attempt in played(folder, items, run):
        ours = grade_item(made.key, response)
        if ours.verdict is Verdict.UNDECIDED:
            continue
        assert attempt.mark == pytest.approx(float(ours.score or 0), abs=1e-6), (made.item.id, response, attempt)
        if ours.verdict is Verdict.INVALID:
            assert all(outcome.score is None for outcome in attempt.outcomes.values()), (made.item.id, response)
        compared += 1
    return compared


def test_other_kinds_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    items = examples.everything()
    archive = write_archive(tmp_path / "quiz", examples.quiz_of(items), items)
    with pytest.raises(ExportError, match=r"asks for numbers and formulas only.*Q-") as refused:
        export(archive, [STACK], tmp_path / "out")
    assert examples.choice().item.code in str(refused.value)
    assert not (tmp_path / "out").exists()
    carried = [made for made in items if fidelity(made.item, made.key).level is not Level.NONE]
    assert {made.item.kind for made in carried} == set(CARRIED)
    assert {kind for kind, level in STACK.kinds.items() if level is Level.EXACT} == {*CARRIED, "cloze", "parts"}


def test_every_answer_to_the_examples_gets_our_mark(tmp_path: Path, run_maxima: Run) -> None:
    items = distinct(EXAMPLES)
    assert {fidelity(made.item, made.key).level for made in items} == {Level.EXACT}
    assert agreed(tmp_path, items, run_maxima) > 11 * len(items)


def test_every_answer_to_the_bank_gets_our_mark(
    tmp_path: Path, bank: tuple[GeneratedItem, ...], run_maxima: Run
) -> None:
    assert agreed(tmp_path, bank, run_maxima) > 10 * len(bank)


def test_the_question_tests_of_every_variant_pass(
    tmp_path: Path, bank: tuple[GeneratedItem, ...], run_maxima: Run
) -> None:
    questions = load(written(tmp_path / "bank", bank)) + load(written(tmp_path / "examples", distinct(EXAMPLES)))
    for question in questions:
        scores = [score for case in question.cases for score, _, _ in case.expected.values()]
        assert scores[0] == "1.0000000"
        assert scores[-1] == ""
    assert run_question_tests(questions, run_maxima) > 10 * len(questions)


def test_there_is_a_question_test_for_every_known_wrong_answer(tmp_path: Path, bank: tuple[GeneratedItem, ...]) -> None:
    for made, question, _ in variants(bank, load(written(tmp_path, bank))):
        for place, part_key in enumerate(made.key.parts, 1):
            notes = {case.expected[f"prt{place}"][2] for case in question.cases}
            for rival in part_key.key.rivals:  # type: ignore[union-attr]
                label = "-and-".join(rival.misconceptions)
                assert any(label in note for note in notes), (made.item.id, rival)


def test_each_seed_shows_its_own_item(tmp_path: Path, bank: tuple[GeneratedItem, ...], run_maxima: Run) -> None:
    questions = load(written(tmp_path, bank))
    asked = list(variants(bank, questions))
    plays = [Play(question, seed, ()) for _, question, seed in asked]
    later = [Play(question, seed + len(question.seeds), ()) for _, question, seed in asked]
    play([*plays, *later], run_maxima)
    for (made, _, _), one, other in zip(asked, plays, later, strict=True):
        assert shown_of(one.texts["questiontext"]).startswith(stem_of(made)), made.item.id
        assert made.item.code in one.texts["questiontext"]
        note = text_of(one.texts["questionnote"])
        assert note == f"{made.item.code} · {made.item.id} · {made.item.revision[:16]}"
        assert note in text_of(one.texts["generalfeedback"])
        assert other.texts == one.texts
    assert len({one.texts["questionnote"] for one in plays}) == len(plays)


def stem_of(made: GeneratedItem) -> str:
    return shown_of(block_html(made.item.stem, moodle_dialect(lambda part: "____")))


def shown_of(html: str) -> str:
    return text_of(re.sub(r"\[\[input:\w+\]\] \[\[validation:\w+\]\]", "____", html))


def test_nothing_of_the_key_is_in_what_a_learner_sees_first(tmp_path: Path, bank: tuple[GeneratedItem, ...]) -> None:
    for question in load(written(tmp_path, (*bank, *distinct(EXAMPLES)))):
        for html in (question.texts["questiontext"], *question.hints):
            assert set(re.findall(r"\{@([a-z]+)", html)) <= {"quiztext"}
        assert not any("quiz" in one.hint or "@" in one.hint for one in question.inputs.values())


def awkward(text: str) -> list[GeneratedItem]:
    """The awkward items of the kinds that are carried, the name in the formula declared."""
    found = []
    for made in examples.awkward_items(text):
        (part_key, *_) = made.key.parts
        if isinstance(part_key.key, SymbolicKey):
            declared = msgspec.structs.replace(part_key, key=msgspec.structs.replace(part_key.key, symbols=(P,)))
            found.append(GeneratedItem(made.item, msgspec.structs.replace(made.key, parts=(declared,))))
        elif made.item.kind in CARRIED:
            found.append(made)
    return found


@pytest.mark.parametrize("text", examples.AWKWARD, ids=range(len(examples.AWKWARD)))
def test_awkward_texts_arrive_whole(tmp_path: Path, text: str, run_maxima: Run) -> None:
    """Alone, where they are the text of a question, and in pools, where they are strings of the table."""
    kept, others = awkward(text), awkward("b" + text[::-1] + " [[input:ans1]] */ \\")
    pools = [list(enumerate(pool)) for pool in zip(kept, others, strict=True)]
    items = [*distinct(kept), *(renamed(made, made.item.template, k) for pool in pools for k, made in pool)]
    asked = list(variants(items, load(written(tmp_path, items))))
    plays = [Play(question, seed, ()) for _, question, seed in asked]
    play(plays, run_maxima)
    for (made, _, _), one in zip(asked, plays, strict=True):
        assert shown_of(one.texts["questiontext"]).startswith(stem_of(made))
        solution = block_html(made.key.solution, moodle_dialect(lambda part: "____"))
        assert text_of(one.texts["generalfeedback"]).startswith(text_of(solution))


def test_a_pool_shares_a_tree_though_wrong_answers_are_missing(tmp_path: Path, run_maxima: Run) -> None:
    """Wrong answers in another order, and without credit, are no reason for a second question; credit is."""
    a, b = Rival("1", ("a",), feedback="A"), Rival("3", ("b",), feedback="B")
    half = Rival("4", ("c",), F(1, 2))
    pool = {"2": (a, b), "5": (b, a), "7": (b,), "8": (a, half)}
    made = [number(NumericKey(value, rivals=rivals)) for value, rivals in pool.items()]
    items = tuple(renamed(one, "pool", k) for k, one in enumerate(made))
    questions = load(written(tmp_path, items))
    assert [question.seeds for question in questions] == [[1, 2, 3], []]
    assert agreed(tmp_path, items, run_maxima) > 30
    assert run_question_tests(questions, run_maxima) > 15
    plays = [Play(questions[0], seed, [{"ans1": "3"}]) for seed in (1, 2, 3)]
    play(plays, run_maxima)
    assert [text_of(one.attempts[0].outcomes["prt1"].feedback) for one in plays] == ["B", "B", "B"]


def test_a_pool_of_formulas_shares_a_tree_though_wrong_formulas_are_missing(tmp_path: Path, run_maxima: Run) -> None:
    rivals = Rival("p + q", ("a",)), Rival("p - q", ("b",), feedback="B")
    pool = {"p*q": rivals, "p/q": rivals[:1], "q/p": rivals[1:]}
    made = [formula(SymbolicKey(value, (P, Q), rivals=known)) for value, known in pool.items()]
    items = tuple(renamed(one, "pool", k) for k, one in enumerate(made))
    (question,) = load(written(tmp_path, items))
    assert agreed(tmp_path, items, run_maxima) > 10
    assert run_question_tests([question], run_maxima) == 3 * 5


def test_wrong_answers_in_another_order_share_their_nodes(tmp_path: Path, run_maxima: Run) -> None:
    half, none = Rival("4", ("c",), F(1, 2)), Rival("7", ("u",))
    apart = [NumericKey(value, WITHIN, rivals=rivals) for value, rivals in (("2", (half, none)), ("3", (none, half)))]
    items = [renamed(number(key), "apart", k) for k, key in enumerate(apart)]
    questions = load(written(tmp_path, items))
    assert [len(tree.nodes) for question in questions for tree in question.trees] == [3]
    assert agreed(tmp_path, items, run_maxima) > 10
    assert run_question_tests(questions, run_maxima) == 2 * 5


@pytest.mark.parametrize("kind", RELATIONS)
def test_relations_hold_in_maxima_where_our_judge_proves_them(tmp_path: Path, kind: Any, run_maxima: Run) -> None:
    made = formula(SymbolicKey("log(p) + log(q)", (P, Q), accept=(Relation(kind, F(1, 2)),)))
    answers = (
        "log(p*q)", "p*q", "-log(p) - log(q)", "-log(p*q)", "log(p) + log(q) + 3", "log(p*q*exp(2))", "log(p*q)/2",
        "-2*log(p*q)", "(log(p) + log(q))^2", "-(log(p*q))^2", "sqrt(p*q)", "1/(p*q)", "-1/(p*q)", "p + q",
        "log(p) + 2*log(q)", "min(log(p), log(q))", "log(p)", "log(p) + log(q) + p", "3", "0", "exp(p*q)", "p*q + q*p",
    )  # fmt: skip
    (question,) = load(written(tmp_path, [made]))
    one = Play(question, 0, [{"ans1": answer} for answer in answers])
    play([one], run_maxima)
    ours = [float(grade_item(made.key, answer).score or 0) for answer in answers]
    assert [attempt.mark for attempt in one.attempts] == pytest.approx(ours)
    assert 0.5 in ours


@pytest.mark.parametrize(
    ("tolerance", "right"),
    [(Tolerance("relative", F(1, 100)), "1.21e-17"), (Tolerance("significant", F(2)), "1.2e-17"),
     (Tolerance("absolute", F(1, 10**18)), "1.29e-17"), (Tolerance("exact"), "12/10^18"),
     (Tolerance("relative", F(1, 100), "outside"), "1.21e-17")],
)  # fmt: skip
def test_a_very_small_number_is_not_any_small_number(
    tmp_path: Path, tolerance: Tolerance, right: str, run_maxima: Run
) -> None:
    made = number(NumericKey("1.2e-17", tolerance, rivals=(Rival("3e-18", ("a",), F(1, 2)),)))
    (question,) = load(written(tmp_path, [made]))
    one = Play(question, 0, [{"ans1": answer} for answer in ("1.2e-17", right, "0", "1.4e-17", "2e-16", "3e-18")])
    play([one], run_maxima)
    assert [attempt.mark for attempt in one.attempts] == [1, 1, 0, 0, 0, 0.5]
    assert run_question_tests([question], run_maxima) == 4


def test_large_pools_become_several_questions(tmp_path: Path) -> None:
    items = [renamed(number(NumericKey(str(k))), "pool", k) for k in range(2 * MOST_ROWS + 1)]
    questions = load(written(tmp_path, items))
    assert [len(question.seeds) for question in questions] == [MOST_ROWS, MOST_ROWS, 0]
    assert len({question.idnumber for question in questions}) == 3
    assert len({question.category for question in questions}) == 1


@pytest.mark.parametrize(
    ("value", "wrong", "carried"),
    [("1e400", "2", False), ("10^400", "2", False), ("2", "-exp(2000)", False), ("1e200", "exp(20)", True)],
)
def test_numbers_that_maxima_does_not_have_are_refused(value: str, wrong: str, carried: bool) -> None:
    made = examples.numeric()
    (part,) = made.key.parts
    assert isinstance(part.key, NumericKey)
    rival = msgspec.structs.replace(part.key.rivals[0], value=wrong)
    large = msgspec.structs.replace(part, key=msgspec.structs.replace(part.key, value=value, rivals=(rival,)))
    found = fidelity(made.item, msgspec.structs.replace(made.key, parts=(large,)))
    assert (found.level is not Level.NONE) is carried
    assert ("numeric:large" in {caveat.code for caveat in found.caveats}) is not carried


def test_distances_that_maxima_does_not_have_are_refused() -> None:
    made = examples.numeric()
    (part,) = made.key.parts
    assert isinstance(part.key, NumericKey)
    for distance, carried in ((F(10) ** 200, True), (F(10) ** 400, False)):
        key = msgspec.structs.replace(part.key, tolerance=Tolerance("absolute", distance))
        wide = msgspec.structs.replace(made.key, parts=(msgspec.structs.replace(part, key=key),))
        assert (fidelity(made.item, wide).level is not Level.NONE) is carried


def test_decimals_are_refused_where_maxima_would_lose_digits(tmp_path: Path, run_maxima: Run) -> None:
    names = (SymbolDeclaration("w_12"), SymbolDeclaration("p_2"))
    exact = formula(SymbolicKey("log(0.5)*w_12", names), "exact")
    plain = formula(SymbolicKey("0.5*log(p_2)", names), "plain")
    assert "symbolic:decimals" in {caveat.code for caveat in fidelity(exact.item, exact.key).caveats}
    assert fidelity(plain.item, plain.key).level is Level.EXACT
    questions = load(written(tmp_path, [exact, plain]))
    tries = ("log(0.5)*w12", "log(1/2)*w12", "-log(2)*w12"), ("0.5*log(p2)", "log(p2)/2", "log(p2)")
    plays = [
        Play(question, 0, [{"ans1": text} for text in texts]) for question, texts in zip(questions, tries, strict=True)
    ]
    play(plays, run_maxima)
    exactly, plainly = plays
    assert [attempt.invalid for attempt in exactly.attempts] == [True, False, False]
    assert [attempt.mark for attempt in exactly.attempts] == [0, 1, 1]
    assert [attempt.mark for attempt in plainly.attempts] == [1, 1, 0]
    mixed = [renamed(made, "pool", place) for place, made in enumerate((exact, plain, exact))]
    assert [len(question.seeds) for question in load(written(tmp_path / "pool", mixed))] == [2, 0], "each as it says"


def test_what_cannot_be_typed_is_refused_or_told(tmp_path: Path) -> None:
    sentence = Sentence(("[CLS]", "the", "early", "bird"), ("[CLS]", "the", "[MASK]", "bird"), (2,))
    constant = formula(SymbolicKey("e*x", (SymbolDeclaration("e"), SymbolDeclaration("x"))))
    untyped = formula(SymbolicKey("log Pr(x_2 = late | xbar)", sentence=sentence))
    typed = formula(
        SymbolicKey("log Pr(x_2 = early | xbar)", sentence=sentence, rivals=(Rival("Pr(x_2 = late | xbar)", ("a",)),))
    )
    for made in (constant, untyped):
        assert [caveat.code for caveat in fidelity(made.item, made.key).caveats] == ["symbolic:not-writable"]
    codes = [caveat.code for caveat in fidelity(typed.item, typed.key).caveats]
    assert codes == ["symbolic:reading", "symbolic:proof", "symbolic:untyped-rival"]
    (question,) = load(written(tmp_path, [typed]))
    assert question.inputs["ans1"].answer == "log(p2)"
    assert len(question.trees[0].nodes) == 1


@pytest.mark.parametrize("name", ["step", "not", "while", "simp", "ans_1", "ans1", "quizrow", "pi"])
def test_a_name_that_stack_takes_for_something_else_is_refused(name: str) -> None:
    made = formula(SymbolicKey(f"{name} + x", (SymbolDeclaration(name), SymbolDeclaration("x"))))
    (found,) = fidelity(made.item, made.key).caveats
    assert (found.code, found.level) == ("symbolic:not-writable", Level.NONE)
    steps = formula(SymbolicKey("steps + x", (SymbolDeclaration("steps"), SymbolDeclaration("x"))))
    assert fidelity(steps.item, steps.key).level is Level.EXACT


def test_a_formula_that_equals_the_key_by_other_names_is_no_known_wrong_one(tmp_path: Path) -> None:
    sentence = Sentence(("[CLS]", "the", "early", "bird"), ("[CLS]", "the", "[MASK]", "[MASK]"), (2, 3))
    rivals = tuple(map(Rival, ("log p_02", "log p_2*n/2", "log Pr(x_2 = early | xbar)", "log p_3")))
    same = formula(SymbolicKey("log p_2", (SymbolDeclaration("p_02"),), sentence=sentence, rivals=rivals))
    (question,) = load(written(tmp_path, [same]))
    assert len(question.trees[0].nodes) == 2


def test_caveats_say_what_is_lost() -> None:
    digits = number(NumericKey("1.61", WITHIN, digits=Digits("decimals", 2)))
    base = formula(SymbolicKey("log(p)", (P,), log_base=2, forms=(Requirement("expanded"),)))
    found = {caveat.code for made in (digits, base) for caveat in fidelity(made.item, made.key).caveats}
    assert found >= {"numeric:digits", "symbolic:log-base", "symbolic:form"}
    assert fidelity(digits.item, digits.key).level is Level.DEGRADED
    assert [caveat.code for caveat in fidelity(base.item, None).caveats] == ["keys:missing"]


def test_a_logarithm_to_another_base_keeps_its_value(tmp_path: Path, run_maxima: Run) -> None:
    made = formula(SymbolicKey("log(p)", (P,), log_base=2))
    (question,) = load(written(tmp_path, [made]))
    one = Play(question, 0, [{"ans1": "lg(p, 2)"}, {"ans1": "log(p)"}, {"ans1": "ln(p)/ln(2)"}])
    play([one], run_maxima)
    assert [attempt.mark for attempt in one.attempts] == [1, 0, 1]


def test_a_decimal_comma_is_an_option_of_the_question(tmp_path: Path, run_maxima: Run) -> None:
    made = number(NumericKey("1.25", WITHIN, decimal_comma=True))
    (question,) = load(written(tmp_path, [made]))
    assert question.options["decimals"] == ","
    assert "-log(0,2)" in question.texts["questiontext"]
    one = Play(question, 0, [{"ans1": "1,25"}, {"ans1": "5/4"}, {"ans1": "1.25"}])
    play([one], run_maxima)
    assert [attempt.mark for attempt in one.attempts] == [1, 1, 0]


def test_the_same_bytes_twice_and_no_code_where_it_is_not_wanted(tmp_path: Path) -> None:
    items = distinct((examples.numeric(), *several()))
    first = written(tmp_path / "a", items)
    assert first == written(tmp_path / "b", items)
    without = load(written(tmp_path / "c", items, Options(code_in_stem=False)))
    assert all(made.item.code not in question.texts["questiontext"] for made, question, _ in variants(items, without))


def test_the_model_refuses_what_stack_refuses(tmp_path: Path) -> None:
    data = written(tmp_path, distinct((examples.numeric(),))).decode()
    for good, bad in (
        ("<answertest>NumAbsolute</answertest>", "<answertest>NumNear</answertest>"),
        ("[[validation:ans1]]", ""), ("prt1-other", "prt1-0-F"), ("<truenextnode>-1<", "<truenextnode>0<"),
        ("What is the", "What {@is@} the"), ("<tans>1.609</tans>", "<tans></tans>"), ("[[feedback:prt1]]", ""),
    ):  # fmt: skip
        assert good in data
        with pytest.raises(Refused):
            load(data.replace(good, bad, 1).encode())


def test_the_plan_says_how_many_are_exact(tmp_path: Path) -> None:
    items = distinct((examples.numeric(), examples.symbolic()))
    archive = write_archive(tmp_path / "quiz", examples.quiz_of(items), items)
    planned = plan(archive, STACK)
    assert planned.lines()[0] == "moodle-stack: 2 items, 2 of them exactly"
    assert {noted.caveat.level for noted in planned.noted} == {Level.EXACT}
    assert Path("docs/exporting/moodle-stack.md").name in STACK.next_step


def test_a_large_slot_is_written_in_pieces_with_names_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moodle_stack, "MOST_AT_ONCE", 150)
    items = [renamed(number(NumericKey(str(k))), "pool", k) for k in range(2 * MOST_ROWS + 1)]
    alone, together = (written(tmp_path / str(jobs), items, Options(processes=jobs)) for jobs in (1, 2))
    assert alone == together
    file = etree.fromstring(alone)
    questions = [question for question in file.iterfind("question") if question.get("type") == "stack"]
    assert [len(question.findall("deployedseed")) for question in questions] == [100, 50, 51]
    assert [question.findtext("idnumber", "").split("/", 3)[3] for question in questions] == ["1", "2", "2.1"]
    assert len(file.findall("question")) == 1 + len(questions)
