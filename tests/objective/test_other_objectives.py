"""Causal, prefix and permuted language modelling, span corruption and decisions: records and trees like any others."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import msgspec
import pytest

from grading.equivalence import Different, Equal, compare
from grading.expressions import CLS, MASK, Context
from grading.keys import Sentence
from grading.parsing import Language, parse_expression
from grading.text import to_text
from quizgen.misconceptions.catalogue import misconception
from quizgen.misconceptions.operators import Composition, RecordMisconception, Refused
from quizgen.objective.masked import MaskedSentence, masked_sentence
from quizgen.objective.notation import Setting
from quizgen.objective.patterns import pattern
from quizgen.objective.record import (
    Objective,
    Term,
    WeightedTotal,
    next_sentence,
    objective_of,
    reduced,
    span_corruption,
    to_tree,
)
from quizgen.objective.rendering import render
from quizgen.objective.shapes import render_fast
from quizgen.objective.spans import sequence_of
from quizgen.objective.values import Values, right_value, value_of

FREE = Language(any_name=True)
WORDS = (CLS, "the", "sky", "is", "blue")


def ordered(tokens: tuple[str, ...], order: tuple[int, ...]) -> MaskedSentence:
    return masked_sentence(tokens, dict.fromkeys(order, MASK), order)


CAUSAL = ordered(WORDS, (1, 2, 3, 4))
PREFIX = ordered(WORDS, (3, 4))
PERMUTED = ordered(WORDS, (4, 2, 1, 3))
DECIDED = masked_sentence(WORDS, {2: "sea", 4: "blue"}, decides=True)


def text(masked: MaskedSentence, name: str = "", quantity: str = "objective") -> str:
    record = objective_of(masked, quantity)  # type: ignore[arg-type]
    if name:
        changed = misconception(name).apply(record, masked)  # type: ignore[attr-defined]
        if isinstance(changed, Refused):
            return changed.reason
        record = changed
    return to_text(to_tree(record))


@pytest.mark.parametrize(
    ("masked", "name", "written"),
    [
        (PREFIX, "", "log Pr(x_3=is | x_{<3}) + log Pr(x_4=blue | x_{<4})"),
        (PREFIX, "clm-bidirectional", r"log Pr(x_3=is | x_{\3}) + log Pr(x_4=blue | x_{\4})"),
        (PREFIX, "clm-predict-self", "log Pr(x_3=is | x_{<=3}) + log Pr(x_4=blue | x_{<=4})"),
        (
            PREFIX,
            "prefix-loss-on-prefix",
            "log Pr(x_1=the | x_{<1}) + log Pr(x_2=sky | x_{<2}) + log Pr(x_3=is | x_{<3}) + log Pr(x_4=blue | x_{<4})",
        ),
        (PREFIX, "left-context-only", "identical"),
        (CAUSAL, "prefix-loss-on-prefix", "identical"),
        (CAUSAL, "rtd-only-masked", "not-applicable"),
        (ordered((CLS, "go"), (1,)), "clm-bidirectional", "same-information"),
        (
            PERMUTED,
            "",
            "log Pr(x_4=blue | x_{0}) + log Pr(x_2=sky | x_{0,4}) + log Pr(x_1=the | x_{0,2,4}) "
            "+ log Pr(x_3=is | x_{0,1,2,4})",
        ),
        (
            PERMUTED,
            "left-context-only",
            "log Pr(x_4=blue | x_{<4}) + log Pr(x_2=sky | x_{<2}) + log Pr(x_1=the | x_{<1}) + log Pr(x_3=is | x_{<3})",
        ),
        (
            DECIDED,
            "",
            "log Pr(d_1=original | xc) + log(1 - Pr(d_2=original | xc)) + log Pr(d_3=original | xc) "
            "+ log Pr(d_4=original | xc)",
        ),
        (DECIDED, "rtd-only-masked", "log(1 - Pr(d_2=original | xc)) + log Pr(d_4=original | xc)"),
        (
            DECIDED,
            "rtd-label-by-mask",
            "log Pr(d_1=original | xc) + log(1 - Pr(d_2=original | xc)) + log Pr(d_3=original | xc) "
            "+ log(1 - Pr(d_4=original | xc))",
        ),
        (masked_sentence(WORDS, {2: "sky"}, decides=True), "rtd-label-ignored", "identical"),
        (masked_sentence(WORDS, {2: "sea"}, decides=True), "rtd-label-by-mask", "identical"),
        (masked_sentence((CLS, "go"), {1: "stop"}, decides=True), "rtd-only-masked", "identical"),
    ],
)
def test_records_as_text(masked: MaskedSentence, name: str, written: str) -> None:
    assert text(masked, name) == written


def test_losses_of_decisions() -> None:
    assert to_text(to_tree(next_sentence(True, "loss"))) == "-log Pr(c=IsNext | hcls)"
    wrong = misconception("nsp-wrong-class")
    assert isinstance(wrong, RecordMisconception)
    assert wrong.apply(next_sentence(True, "loss"), CAUSAL) == next_sentence(False, "loss")
    assert wrong.apply(objective_of(CAUSAL), CAUSAL) == Refused("not-applicable")
    total = WeightedTotal(((Fraction(1), objective_of(PREFIX, "loss")), (Fraction(50), objective_of(DECIDED, "loss"))))
    written = to_text(to_tree(total, {**PREFIX.symbols(), **DECIDED.symbols()}))
    assert written == "(-log p_3 - log p_4) + 50*(-log D_1 - log(1 - D_2) - log D_3 - log D_4)"


def test_span_corruption_is_a_record() -> None:
    dropped = masked_sentence(WORDS, {2: MASK, 3: MASK})
    record = span_corruption(sequence_of(dropped, "source"), sequence_of(dropped, "target"), "loss")
    assert to_text(to_tree(record)) == (
        "-log Pr(y_1=[X] | xbar) - log Pr(y_2=sky | xbar, y_{<2}) - log Pr(y_3=is | xbar, y_{<3}) "
        "- log Pr(y_4=[Y] | xbar, y_{<4})"
    )


def test_values_of_ordered_terms_and_of_decisions() -> None:
    p = tuple(Fraction(number, 100) for number in (50, 40, 25, 80))
    assert to_text(right_value("loss", Values(p=p, masked=CAUSAL))) == "-log(0.5) - log(0.4) - log(0.25) - log(0.8)"
    assert to_text(right_value("loss", Values(p=p, masked=PERMUTED))) == "-log(0.8) - log(0.4) - log(0.5) - log(0.25)"
    table = Values(p=p, masked=DECIDED).table
    assert to_text(value_of(objective_of(DECIDED, "mean-loss"), table)) == (
        "-1/4*(log(0.5) + log(1 - 0.4) + log(0.25) + log(0.8))"
    )
    drop = misconception("drop-lambda")
    known = Values(losses=((Fraction(1), parse_expression("2.1")), (Fraction(50), parse_expression("0.08"))))
    assert to_text(right_value("total", known)) == "2.1 + 50*0.08"
    assert to_text(drop.value("total", known)) == "2.1 + 0.08"  # type: ignore[attr-defined]
    assert drop.value("loss", known) == Refused("not-applicable")  # type: ignore[attr-defined]


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="is not one of the selected positions"):
        masked_sentence(WORDS, {2: MASK}, (1, 2))
    joint = msgspec.structs.replace(objective_of(DECIDED), combine="joint")
    with pytest.raises(ValueError, match="does not"):
        to_tree(joint)


def instances(seed: int, count: int) -> list[MaskedSentence]:
    """Sentences of one to four words that are predicted in some order behind a prefix, or decided about."""
    draw = random.Random(seed)
    found = []
    for _ in range(count):
        m = draw.randint(1, 4)
        tokens = (CLS, *(draw.choice(("red", "sky", "sea")) for _ in range(m)))
        places = list(range(draw.randint(1, m), m + 1))
        if draw.random() < 0.5:
            draw.shuffle(places)
            found.append(ordered(tokens, tuple(places)))
        else:
            shown = {k: draw.choice((tokens[k], "owl")) for k in places}
            found.append(masked_sentence(tokens, shown, decides=True))
    return found


MANY = instances(4, 400)
PATCHES = tuple(
    misconception(name)
    for name in (
        "clm-predict-self", "clm-bidirectional", "prefix-loss-on-prefix", "left-context-only", "sum-of-probs",
        "drop-conditioning", "flip-sign", "rtd-only-masked", "rtd-label-by-mask", "rtd-label-ignored",
    )
)  # fmt: skip


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.id)
def test_the_judge_agrees_with_what_is_kept_and_what_is_refused(patch: RecordMisconception) -> None:
    """What is refused as identical or as showing the same is Equal, what is kept is proven Different."""
    kept, seen = 0, set()
    for masked in MANY:
        key = objective_of(masked)
        changed = patch.apply(key, masked)
        if isinstance(changed, Refused) and changed.reason not in ("identical", "same-information"):
            continue
        bare = patch.patch(key, masked)
        assert not isinstance(bare, Refused)
        trees = to_tree(key), to_tree(bare)
        form = pattern(*trees)
        if form in seen:
            continue
        seen.add(form)
        verdict = compare(*trees)
        assert isinstance(verdict, Equal if isinstance(changed, Refused) else Different), (masked, patch.id)
        kept += not isinstance(changed, Refused)
    assert kept > 1


def test_records_that_are_the_same_to_us_are_equal_to_the_judge() -> None:
    seen = Context("xc", WORDS)
    one, other = Term(1, "original", seen, of="d"), Term(2, "original", seen, of="d", complement=True)
    words = Term(1, "original", seen), Term(2, "original", seen, complement=True)
    sequences = ((one,), (one, other), (other, one), words, (msgspec.structs.replace(one, complement=True), other))
    records = [
        Objective(terms, inner=inner, combine=combine, sign=sign)
        for terms, inner, combine, sign in itertools.product(
            sequences, ("log", "identity", "linear"), ("sum", "product", "mean"), (1, -1)
        )
    ]
    for first, second in itertools.combinations(records, 2):
        if reduced(first) == reduced(second):
            assert isinstance(compare(to_tree(first), to_tree(second)), Equal)
    verdict = compare(to_tree(records[0]), to_tree(Objective(words[:1])))
    assert isinstance(verdict, Different), "a decision about a token is not the token"


def test_two_mistakes_at_once_are_a_third() -> None:
    prefix, both = misconception("prefix-loss-on-prefix"), misconception("clm-bidirectional")
    assert isinstance(prefix, RecordMisconception)
    assert isinstance(both, RecordMisconception)
    record = Composition(prefix, both).apply(objective_of(PREFIX), PREFIX)
    assert isinstance(record, Objective)
    assert {term.given.notation for term in record.terms if term.given} == {rf"x_{{\{k}}}" for k in (1, 2, 3, 4)}


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    "tree",
    [
        *(to_tree(objective_of(masked, "loss")) for masked in (CAUSAL, PREFIX, PERMUTED, DECIDED)),
        to_tree(next_sentence(False)),
        to_tree(span_corruption(("the", "[X]"), ("[X]", "sky", "[Y]"))),
        to_tree(Objective((Term(2, "sky", CAUSAL.context_up_to(2)),))),
    ],
    ids=["causal", "prefix", "permuted", "decided", "next", "span", "self"],
)
def test_printed_formulas_are_read_back_by_the_judge(tree: object, language: str) -> None:
    printed = render(tree, setting=Setting(language))  # type: ignore[arg-type]
    assert render_fast(tree, setting=Setting(language)) == printed  # type: ignore[arg-type]
    for written in (printed.latex, printed.unicode, printed.plain):
        assert parse_expression(written, FREE) == parse_expression(printed.plain, FREE)
    sentence = Sentence(
        CAUSAL.tokens,
        CAUSAL.corrupted,
        CAUSAL.selected,
        PERMUTED.order,
        replaced=DECIDED.corrupted,
        target=("[X]", "sky", "[Y]"),
    )
    again = parse_expression(printed.latex, Language(sentence=sentence))
    assert to_text(again) == printed.plain
    assert printed.mathml.count("<math") == 1
    assert "{" not in printed.spoken
    assert "_" not in printed.spoken


def test_what_is_spoken() -> None:
    spoken = render(to_tree(objective_of(DECIDED))).spoken
    assert spoken.startswith("log of the probability that d one is original, given x with replacements")
    assert "x at positions zero, four" in render(to_tree(objective_of(PERMUTED))).spoken
    assert render(to_tree(next_sentence(True)), setting=Setting("de")).spoken == (
        "Logarithmus der Wahrscheinlichkeit, dass c gleich IsNext ist, gegeben h c l s"
    )
