"""The questions that the bank grew from, reproducible by their names."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grading import Verdict, grade
from grading.keys import ChoiceKey, NumericKey, SymbolicKey
from quizgen.content import Paragraph, Table, Tokens, text_of
from quizgen.model import ChoiceInteraction, GeneratedItem
from quizgen.sampling.draws import Source
from tests.bank.templates import BANK, fixed


def _stem(item: GeneratedItem) -> str:
    return " ".join(text_of(block.content) for block in item.item.stem if isinstance(block, Paragraph))


def _corrupted(item: GeneratedItem) -> str:
    nodes = [node for block in item.item.stem if isinstance(block, Paragraph) for node in block.content]
    return next(" ".join(node.tokens) for node in nodes if isinstance(node, Tokens))


def _table(item: GeneratedItem) -> list[list[str]]:
    table = next(block for block in item.item.stem if isinstance(block, Table))
    return [[text_of(cell) for cell in row] for row in (table.header, *table.rows)]


def _key_text(item: GeneratedItem, part: int = 0) -> str:
    key = item.key.parts[part]
    assert isinstance(key.key, ChoiceKey)
    return dict(key.options)[key.key.correct]


# ---------------------------------------------------------------- S8


def test_s8_is_reproduced_word_for_word() -> None:
    item = fixed("obj-expression-choice", "S8")
    stem = _stem(item)
    assert "“A quick brown fox jumps over the lazy dog”" in stem
    assert "quick (position 2) and lazy (position 8)" in stem
    assert _corrupted(item) == "[CLS] A [MASK] brown fox jumps over the [MASK] dog"
    assert "**" not in stem
    assert "maximise" in stem
    assert _key_text(item) == "log Pr(x₂ = quick | x̄) + log Pr(x₈ = lazy | x̄)"


def test_s8_offers_four_different_expressions_with_proven_distractors() -> None:
    item = fixed("obj-expression-choice", "S8")
    part = item.item.parts[0].interaction
    assert isinstance(part, ChoiceInteraction)
    assert len({text_of(option.content) for option in part.options}) == 4
    key = item.key.parts[0].key
    assert isinstance(key, ChoiceKey)
    assert all(rival.misconceptions for rival in key.rivals)
    assert sorted(len(rival.misconceptions) for rival in key.rivals) == [1, 1, 2]


def test_s8_in_german_keeps_sentence_positions_and_input() -> None:
    item = fixed("obj-expression-choice", "S8", "de")
    assert "„A quick brown fox jumps over the lazy dog“" in _stem(item)
    assert "quick (Position 2) und lazy (Position 8)" in _stem(item)
    assert _corrupted(item) == "[CLS] A [MASK] brown fox jumps over the [MASK] dog"
    assert _key_text(item) == "log Pr(x₂ = quick | x̄) + log Pr(x₈ = lazy | x̄)"


# ---------------------------------------------------------------- S1


def test_s1_asks_for_the_objective_of_the_early_bird() -> None:
    item = fixed("obj-write-symbolic", "S1")
    assert "“The early bird catches the worm”" in _stem(item)
    assert "early (position 2) and worm (position 6)" in _stem(item)
    assert _corrupted(item) == "[CLS] The [MASK] bird catches the [MASK]"
    key = item.key.parts[0].key
    assert isinstance(key, SymbolicKey)
    assert key.sentence is not None
    assert key.sentence.selected == (2, 6)


@pytest.mark.parametrize(
    "answer",
    [
        "log(p2)+log(p6)",
        "ln p_6 + ln p_2",
        "log(p_2*p_6)",
        "-(-log p_2 - log p_6)",
        "-log(1/(p_2*p_6))",
        "log10(p_2*p_6)/log10(e)",
        r"\log p_2 + \log p_6",
        "2*log(sqrt(p_2*p_6))",
        "log Pr(x_2 = early | xbar) + log Pr(x_6 = worm | xbar)",
    ],
)
def test_s1_accepts_every_equal_form(answer: str) -> None:
    assert grade(fixed("obj-write-symbolic", "S1").key, answer).verdict is Verdict.CORRECT


@pytest.mark.parametrize(
    ("answer", "misconception"),
    [
        ("log(p_2)*log(p_6)", "product-of-logs"),
        ("log(p_2 + p_6)", "log-of-sum"),
        ("-log(p_2) - log(p_6)", "flip-sign"),
        ("(log(p_2) + log(p_6))/2", "mean-over-masks"),
        ("log(p_1) + log(p_5)", "off-by-one-positions"),
        ("p_2 p_6", "product-of-probs"),
    ],
)
def test_s1_names_the_misconception_behind_a_wrong_form(answer: str, misconception: str) -> None:
    graded = grade(fixed("obj-write-symbolic", "S1").key, answer)
    assert graded.score == 0
    assert [diagnosis.misconceptions for diagnosis in graded.diagnoses] == [(misconception,)]


# ---------------------------------------------------------------- S4, S5, S6


def test_s4_is_the_loss_of_one_half_and_one_fifth() -> None:
    item = fixed("loss-numeric-nats", "S4")
    assert grade(item.key, "2.303").verdict is Verdict.CORRECT
    assert "2.303" in text_of(item.key.solution[0].entries[1][0].content)  # type: ignore[union-attr]  # a numbered list
    graded = grade(item.key, "3.322")
    assert (graded.score, graded.diagnoses[0].misconceptions) == (Fraction(1, 2), ("wrong-log-base",))


def test_s5_has_the_four_outputs_for_mat() -> None:
    item = fixed("lowest-loss-single", "S5")
    assert _corrupted(item) == "[CLS] The cat sat on the [MASK]"
    texts = [text for _, text in item.key.parts[0].options]
    for probability in ("0.15", "0.60", "0.05", "0.35"):
        assert sum(probability in text for text in texts) == 1
    assert "0.60" in _key_text(item)
    key = item.key.parts[0].key
    assert isinstance(key, ChoiceKey)
    lowest = [rival for rival in key.rivals if rival.misconceptions == ("lowest-prob-lowest-loss",)]
    assert "0.05" in dict(item.key.parts[0].options)[lowest[0].value]


def test_s6_prefers_the_model_with_more_probability_on_river() -> None:
    item = fixed("lowest-loss-table", "S6")
    assert "“river”" in _stem(item)
    rows = {row[0]: row[1:] for row in _table(item)}
    assert rows["river"] == ["0.40", "0.25"]
    assert sorted(row[0] for name, row in rows.items() if name != "word") == ["0.10", "0.15", "0.35", "0.40"]
    assert sorted(row[1] for name, row in rows.items() if name != "word") == ["0.02", "0.03", "0.25", "0.70"]
    assert _key_text(item).startswith("Model A")
    solution = text_of(item.key.solution[0].entries[1][0].content)  # type: ignore[union-attr]  # a numbered list
    assert "0.916" in solution
    assert "1.386" in solution


# ---------------------------------------------------------------- S7, S9, S10


@pytest.mark.parametrize(("language", "words"), [("en", "single masked token"), ("de", "einziges maskiertes Token")])
def test_s7_is_false(language: str, words: str) -> None:
    item = fixed("tf-single-token", "S7", language)
    assert words in _stem(item)
    assert grade(item.key, "false").verdict is Verdict.CORRECT
    assert grade(item.key, "true").diagnoses[0].misconceptions == ("single-strategic-token",)


def test_s9_gives_three_of_seven_wrong_reasons() -> None:
    interaction = fixed("why-sum-of-logs", "S9").item.parts[0].interaction
    assert isinstance(interaction, ChoiceInteraction)
    assert len(interaction.options) == 4


def test_s10_compares_two_steps_by_their_objectives() -> None:
    item = fixed("case-two-steps", "S10")
    assert [row[1:] for row in _table(item)[1:]] == [["0.60", "0.50"], ["0.90", "0.30"]]
    first, second, better, _ = item.key.parts
    assert grade(first, "-1.204").verdict is Verdict.CORRECT
    assert grade(second, "-1.309").verdict is Verdict.CORRECT
    wrong_base, product = grade(first, "-1.737"), grade(second, "0.127")
    assert (wrong_base.score, wrong_base.diagnoses[0].misconceptions) == (Fraction(1, 2), ("wrong-log-base",))
    assert (product.score, product.diagnoses[0].misconceptions) == (Fraction(0), ("product-of-logs",))
    assert isinstance(better.key, ChoiceKey)
    assert dict(better.options)[better.key.correct] == "Step 1"
    assert [rival.misconceptions for rival in better.key.rivals] == [("sum-of-probs",)]
    assert [part.weight for part in item.key.parts] == [
        Fraction(2, 5),
        Fraction(2, 5),
        Fraction(1, 10),
        Fraction(1, 10),
    ]


def test_s10_accepts_the_exact_value_and_keeps_the_sign() -> None:
    first = fixed("case-two-steps", "S10").key.parts[0]
    assert isinstance(first.key, NumericKey)
    assert grade(first, "log(0.6) + log(0.5)").verdict is Verdict.CORRECT
    assert grade(first, "1.204").diagnoses[0].misconceptions == ("flip-sign",)


@pytest.mark.parametrize("seed", [1, 77])
def test_a_source_question_does_not_depend_on_the_seed(seed: int) -> None:
    from quizgen.generator import generate

    again = generate("obj-expression-choice", bank=BANK, source=Source(seed=seed), fixed="S8")
    assert again.item.stem == fixed("obj-expression-choice", "S8").item.stem
