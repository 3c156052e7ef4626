"""Questions about sentences, positions and tables: solved again from the printed item by plain Python.

A *solution* here is (right answer, {misconception: wrong answer}); how the item spells them is compared with it.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise

import msgspec
import pytest

from grading.answersheet import PartKey
from grading.keys import ChoiceKey, MatchingKey, MultipleAnswerKey, NumericKey, OrderingKey, TextKey
from quizgen.content import ListBlock, Paragraph, Table, text_of
from quizgen.generator import Generator
from quizgen.generator.radicals import radical_choices
from quizgen.model import GeneratedItem
from quizgen.sampling.draws import Source
from tests.bank.templates import BANK, TEMPLATES

SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
MASK = "[MASK]"


def _variants(template: str, count: int = 32) -> Iterator[GeneratedItem]:
    """Random variants under every choice of radicals."""
    numbers = random.Random(template)
    for radicals in radical_choices(TEMPLATES[template]):
        generator = Generator(TEMPLATES[template], BANK, Source(seed=numbers.randrange(10**6)), radicals=dict(radicals))
        for _ in range(count):
            yield generator.item(numbers.randrange(2000))


def _stem(item: GeneratedItem) -> str:
    return " ".join(text_of(block.content) for block in item.item.stem if isinstance(block, Paragraph))


def _rows(item: GeneratedItem) -> list[list[str]]:
    (table,) = (block for block in item.item.stem if isinstance(block, Table))
    return [[text_of(cell) for cell in row] for row in table.rows]


def _quoted(text: str) -> str:
    found = re.search("“(.*?)”", text)
    assert found is not None
    return found[1]


def _told(part: PartKey) -> tuple[object, dict[str, list[str]]]:
    """(the right answer as printed, {misconception: the wrong ones as printed}); plain wrong options under ""."""
    texts, key = dict(part.options), part.key
    wrong: dict[str, list[str]] = {}
    for rival in getattr(key, "rivals", ()):
        assert rival.credit == 0
        wrong.setdefault(" + ".join(rival.misconceptions), []).append(texts.get(rival.value, rival.value))
    match key:
        case ChoiceKey(correct):
            return texts[correct], wrong
        case MultipleAnswerKey(correct):
            return {texts[option] for option in correct}, wrong
        case NumericKey(value):
            return value, wrong
        case OrderingKey(order):
            return [texts[option] for option in order], wrong
        case TextKey(accepted):
            return accepted[0], wrong
    raise AssertionError(key)


# ---------------------------------------------------------------- sequences


def _moved(visible: list[str], places: set[int], total: int) -> str:
    words = iter(visible)
    return " ".join(["[CLS]"] + [MASK if k in places else next(words) for k in range(1, total + 1)])


def solve_objective_to_input(item: GeneratedItem) -> None:
    objective = next(text_of(block.content) for block in item.item.stem if "log" in text_of(block.content))  # type: ignore[union-attr]
    terms = [(int(k.translate(SUBSCRIPTS)), word) for k, word in re.findall(r"Pr\(x([₀-₉]+) = (\S+) \|", objective)]
    visible = re.search(r"left to right: (.*?)\. Write", _stem(item))
    length = re.search(r"has (\d+) words", _stem(item))
    assert visible is not None
    assert length is not None
    words, total, places = visible[1].split(), int(length[1]), [k for k, _ in terms]
    assert len(words) + len(places) == total
    right = _moved(words, set(places), total)
    original = ["", *right.split()[1:]]
    for k, word in terms:
        original[k] = word
    key, wrong = _told(item.key.parts[0])
    assert key == right

    def both(wrong_places: list[int]) -> set[str]:
        on_words = " ".join(["[CLS]"] + [MASK if k in wrong_places else original[k] for k in range(1, total + 1)])
        return {on_words, _moved(words, set(wrong_places), total)}

    shifted, ordinal = [k - 1 for k in places], list(range(1, len(places) + 1))
    expected: dict[str, set[str]] = {}
    if 0 not in shifted:
        expected["off-by-one-positions"] = both(shifted)
    if ordinal not in (places, shifted):
        expected["mask-ordinal-positions"] = both(ordinal)
    assert {name: set(texts) for name, texts in wrong.items()} == expected


def solve_positions_from_sentence(item: GeneratedItem) -> None:
    stem = _stem(item)
    words = _quoted(stem).casefold().split()
    asked = re.findall(r"(\S+)(?: \((first|second) occurrence\))?: ____\(position-(\d)\)", stem)
    assert [int(number) for _, _, number in asked] == list(range(1, len(item.key.parts) + 1))
    repeated = 0
    for (word, which, number), part in zip(asked, item.key.parts, strict=True):
        places = [k for k, other in enumerate(words, 1) if other == word.casefold()]
        assert (len(places) > 1) == bool(which)
        right = places[1] if which == "second" else places[0]
        repeated += which == "second"
        key, wrong = _told(part)
        assert key == str(right)
        assert part.weight == Fraction(1, len(asked))
        candidates = [("off-by-one-positions", right - 1), ("off-by-one-positions", right + 1)]
        candidates += [("wrong-duplicate-position", k) for k in places if k != right]
        candidates.append(("mask-ordinal-positions", int(number)))
        expected: dict[str, list[str]] = {}
        seen = {right}
        for name, value in candidates:
            if value not in seen:
                seen.add(value)
                expected.setdefault(name, []).append(str(value))
        assert wrong == expected
    assert repeated == (dict(item.item.radicals)["masks.copies"] == "visible")


def solve_visible_context(item: GeneratedItem) -> None:
    stem = _stem(item)
    shown = re.search(r"receives (\[CLS\].*?), with", stem)
    asked = re.search(r"the word at position (\d+)\?", stem)
    assert shown is not None
    assert asked is not None
    tokens, here = shown[1].split(), int(asked[1])
    masks = [k for k, token in enumerate(tokens) if token == MASK]
    first, other = masks
    assert first == here
    assert 1 < here < other < len(tokens) - 1  # a visible word on both sides
    key, wrong = _told(item.key.parts[0])
    assert key == {
        f"The visible words to the left of position {here}",
        f"The visible words to the right of position {here}",
        f"The fact that position {other} shows [MASK]",
    }
    offered = {name: texts for name, texts in wrong.items() if not set(texts) & set(key)}  # type: ignore[call-overload]
    assert offered == {
        "autoregressive-factorisation": [f"The original word at position {other}"],
        "condition-on-own-predictions": [f"The word that it predicts itself at position {other}"],
        "condition-on-original": [f"The original word at position {here}"],
    }


def _masked(words: list[str], places: set[int]) -> str:
    return " ".join(["[CLS]"] + [MASK if k in places else word for k, word in enumerate(words, 1)])


def solve_pll_vs_mlm(item: GeneratedItem) -> None:
    stem = _stem(item)
    words = _quoted(stem).split()
    (one, i), (two, j) = [(word, int(k)) for word, k in re.findall(r"(\S+) \(position (\d+)\)", stem)]
    assert (words[i - 1], words[j - 1]) == (one, two)

    def pair(first: set[int], second: set[int]) -> str:
        return f"{one} from {_masked(words, first)}, {two} from {_masked(words, second)}"

    assert _told(item.key.parts[0]) == (
        pair({i, j}, {i, j}),
        {
            "pll-conditioning": [pair({i}, {j})],
            "autoregressive-factorisation": [pair({i, j}, {j})],
            "condition-on-original": [pair(set(), set())],
        },
    )


def solve_left_context_trap(item: GeneratedItem) -> None:
    key, wrong = _told(item.key.parts[0])
    assert list(wrong) == [""]
    inputs = [str(key), *wrong[""]]
    assert len({text.split()[1] + text.split()[2] for text in inputs}) >= 2

    def loses(text: str) -> bool:
        tokens = text.split()
        return any(set(tokens[k + 1 :]) - {MASK} for k, token in enumerate(tokens) if token == MASK)

    assert [loses(text) for text in inputs] == [False, True, True, True]
    assert sum(text.endswith(MASK) for text in inputs) == 2  # the end alone does not give it away
    assert all(MASK in text for text in inputs)


def solve_swap_trap(item: GeneratedItem) -> None:
    key, wrong = _told(item.key.parts[0])
    assert list(wrong) == [""]

    def targets(option: str) -> tuple[list[str], list[str]]:
        words = _quoted(option).casefold().split()
        return words, [words[int(k) - 1] for k in re.findall(r"\d+", option.rsplit("masks at", 1)[1])]

    options = [targets(text) for text in (str(key), *wrong[""])]
    assert len({" ".join(words) for words, _ in options}) == 4
    assert [len(set(pair)) for _, pair in options] == [1, 2, 2, 2]
    assert any(len(set(words)) < len(words) for words, _ in options[1:])  # repetition alone does not give it away
    (same,) = set(options[0][1])
    sentence = next(s for s in BANK.corpus.sentences if s.text.casefold() == " ".join(options[0][0]))
    content = {entry.word.casefold() for entry in sentence.maskable}
    assert (same in content) == (dict(item.item.radicals)["masks.among"] == "content words")


# ---------------------------------------------------------------- tables


def _drawn(item: GeneratedItem) -> tuple[list[list[str]], list[int], list[int]]:
    """(rows, selected positions, the others) of a table of u and v, after checking every row against the rule."""
    rows = _rows(item)
    assert [int(row[0]) for row in rows] == list(range(len(rows)))
    selected, others = [], []
    words = {row[1].casefold() for row in rows}
    for k, word, u, v, shown in rows:
        if u == "–":
            assert (word, v) == (shown, "–")
            continue
        first, second = Fraction(u), Fraction(v)
        assert re.fullmatch(r"0\.\d\d", u)
        assert first != Fraction(15, 100)
        assert second not in (Fraction(8, 10), Fraction(9, 10))
        if first > Fraction(15, 100):
            others.append(int(k))
            assert shown == word
        else:
            selected.append(int(k))
            branch = "mask" if second < Fraction(8, 10) else "random" if second < Fraction(9, 10) else "keep"
            assert (shown == MASK, shown == word) == (branch == "mask", branch == "keep")
            assert branch != "random" or shown.casefold() not in words
    branches = [MASK if rows[k][4] == MASK else "keep" if rows[k][4] == rows[k][1] else "random" for k in selected]
    assert sorted(branches) == [MASK, "keep", "random"]
    return rows, selected, others


def solve_which_positions_contribute(item: GeneratedItem) -> None:
    rows, selected, others = _drawn(item)
    assert 7 <= len(rows) - 1 <= 11
    part = item.key.parts[0]
    key, wrong = _told(part)
    assert key == {str(k) for k in selected}
    (alike,), (kept,) = wrong["all-tokens"], wrong["extra-unmasked-token"]
    assert {int(alike), int(kept)} <= set(others)
    assert Fraction(rows[int(alike)][3]) < Fraction(8, 10)
    assert Fraction(rows[int(kept)][3]) > Fraction(9, 10)
    assert wrong["include-special-tokens"] == ["0"]
    (random_one,), (kept_one,) = wrong["exclude-random-or-kept"], wrong["corruption-changes-label"]
    assert rows[int(random_one)][4] not in (MASK, rows[int(random_one)][1])
    assert rows[int(kept_one)][4] == rows[int(kept_one)][1]
    assert len(part.options) == 6
    assert f"{selected[0]}, {selected[1]} and {selected[2]}" not in _stem(item)


def solve_labels_array(item: GeneratedItem) -> None:
    rows, selected, others = _drawn(item)
    assert [rows[0][1], rows[-1][1]] == ["[CLS]", "[SEP]"]
    assert 6 <= len(rows) - 2 <= 8
    labels = ["−100" if k not in selected else row[1] for k, row in enumerate(rows)]
    where, masked, replaced = item.key.parts
    assert [part.weight for part in item.key.parts] == [Fraction(1, 2), Fraction(1, 4), Fraction(1, 4)]
    key, wrong = _told(where)
    assert key == {str(k) for k, label in enumerate(labels) if label != "−100"}
    assert sorted(wrong["include-special-tokens"]) == sorted(["0", str(len(rows) - 1)])
    assert {int(k) for k in wrong["all-tokens"]} <= set(others)
    assert len(where.options) == 7
    for part, asked in ((masked, MASK), (replaced, "random")):
        place = next(k for k in selected if (rows[k][4] == MASK) == (asked == MASK) and rows[k][4] != rows[k][1])
        prompt = item.item.parts[1 if asked == MASK else 2].prompt[0]
        assert isinstance(prompt, Paragraph)
        assert f"position {place} " in text_of(prompt.content)
        key, wrong = _told(part)
        assert key == f"“{labels[place]}”"
        expected = {MASK: "predict-mask-token", "random": "target-random-replacement"}[asked]
        assert wrong[expected] == [MASK if asked == MASK else f"“{rows[place][4]}”"]
        neighbours = [f"“{rows[k][1]}”" for k in (place - 1, place + 1)]
        assert "−100" in wrong[""]
        assert next(text for text in wrong[""] if text != "−100") in neighbours


def solve_read_distribution(item: GeneratedItem) -> None:
    rows = {word: Fraction(share) for word, share in _rows(item)}
    assert sum(rows.values()) == 1
    words = {word: share for word, share in rows.items() if word != "other words"}
    assert len(words) == int(dict(item.item.radicals)["prediction.words"])
    true = _quoted(_stem(item))
    top = max(words.values())
    assert len(set(rows.values())) == len(rows)
    assert true != max(words, key=words.__getitem__)
    numbers = [words[true], top, 1 - words[true]]
    assert len(set(numbers)) == 3
    assert _told(item.key.parts[0]) == (
        f"{float(words[true]):.2f}",
        {"target-top-prediction": [f"{float(top):.2f}"], "linear-loss": [f"{float(1 - words[true]):.2f}"]},
    )
    shown = [text_of(option.content) for option in item.item.parts[0].interaction.options]  # type: ignore[union-attr]
    assert shown == sorted(shown)


def solve_rank_models(item: GeneratedItem) -> None:
    first, second = ([Fraction(p) for p in row[1:]] for row in _rows(item))
    models = dict(zip(("Model A", "Model B", "Model C", "Model D"), zip(first, second, strict=True), strict=True))

    def order(rule: Callable[[tuple[Fraction, Fraction]], Fraction]) -> list[str]:
        assert len({rule(row) for row in models.values()}) == 4
        return sorted(models, key=lambda name: -rule(models[name]))

    right = order(lambda row: row[0] * row[1])
    losses = [-math.log(models[name][0] * models[name][1]) for name in right]
    assert all(b - a >= 0.08 for a, b in pairwise(losses))
    wrong = {
        "sum-of-probs": order(lambda row: row[0] + row[1]),
        "worst-token-only": order(min),
        "lowest-prob-lowest-loss": right[::-1],
    }
    assert len({tuple(each) for each in (right, *wrong.values())}) == 4
    part = item.key.parts[0]
    key, told = _told(part)
    texts = dict(part.options)
    assert key == right
    assert {name: [texts[id] for id in ids[0].split()] for name, ids in told.items()} == wrong


def solve_fair_comparison(item: GeneratedItem) -> None:
    length = re.search(r"sentence of (\d+) words", _stem(item))
    assert length is not None
    a, b = ([float(p) for p in re.findall(r"0\.\d\d", row[1])] for row in _rows(item))
    words = {"two": 2, "three": 3, "four": 4}
    said = re.search(r"In step A (\w+) words are masked, in step B (\w+)\.", _stem(item))
    assert said is not None
    assert [len(a), len(b)] == [words[word] for word in said.groups()]
    assert str(len(b)) == dict(item.item.radicals)["b.several"]
    loss_a, loss_b = -sum(map(math.log, a)), -sum(map(math.log, b))
    assert loss_b - loss_a > 0.08
    assert loss_a / 2 - loss_b / len(b) > 0.08
    key, wrong = _told(item.key.parts[0])

    def numbers(text: object) -> tuple[str, list[float]]:
        return str(text)[:6], [float(number) for number in re.findall(r"\d\.\d{3}", str(text))]

    def expect(step: str, here: float, there: float) -> tuple[str, list[float]]:
        return step, pytest.approx([here, there], abs=0.00051)

    m = int(length[1])
    assert numbers(key) == expect("Step B", loss_b / len(b), loss_a / 2)
    assert {name: numbers(texts[0]) for name, texts in wrong.items()} == {
        "sum-when-mean-asked": expect("Step A", loss_a, loss_b),
        "mean-over-length": expect("Step A", loss_a / m, loss_b / m),
        "sum-of-probs": expect("Step B", sum(b), sum(a)),
    }
    shown = [numbers(text)[1] for text in (key, *(texts[0] for texts in wrong.values()))]
    assert all(here != there for here, there in shown)
    assert len({tuple(pair) for pair in shown}) == 4


# ---------------------------------------------------------------- symbols


def solve_match_notation(item: GeneratedItem) -> None:
    part = item.key.parts[0]
    assert isinstance(part.key, MatchingKey)
    texts = dict(part.options)
    meanings = {
        "x": "original sequence of",
        "x̄": "corrupted sequence",
        "A(x)": "set of selected",
        "pₖ": "predicted distribution",
        "Prₖ(xₖ | x̄)": "probability of the true",
        "W": "output (softmax)",
        "θ": "encoder",
    }
    for left, right in part.key.pairs:
        expected = meanings.get(texts[left], "one-hot distribution of the true")
        assert expected in texts[right], (texts[left], texts[right])
    assert any("most probable token" in texts[choice] for choice in part.key.choices)
    assert len(part.key.choices) == len(part.key.pairs) + 2
    mistakes = {
        (texts[rival.value.split("=")[0]], rival.misconceptions): texts[rival.value.split("=")[1]]
        for rival in part.key.rivals
    }
    if "x̄" in map(texts.get, dict(part.key.pairs)) and "x" in map(texts.get, dict(part.key.pairs)):
        assert mistakes["x̄", ("condition-on-original",)] == "the original sequence of tokens"


SOLVERS: dict[str, Callable[[GeneratedItem], None]] = {
    name.removeprefix("solve_").replace("_", "-"): value
    for name, value in list(globals().items())
    if name.startswith("solve_")
}


@pytest.mark.parametrize("template", SOLVERS)
def test_what_is_printed_has_this_answer(template: str) -> None:
    for item in _variants(template):
        SOLVERS[template](item)


def _with_mistake(part: PartKey) -> PartKey:
    """The same key with another answer called right."""
    match part.key:
        case ChoiceKey(correct, rivals):
            first = msgspec.structs.replace(rivals[0], value=correct)
            return msgspec.structs.replace(part, key=ChoiceKey(rivals[0].value, (first, *rivals[1:])))
        case MultipleAnswerKey(correct, options) as key:
            other = next(option for option in options if option not in correct)
            return msgspec.structs.replace(part, key=msgspec.structs.replace(key, correct=(*correct[1:], other)))
        case MatchingKey(pairs) as key:
            (a, right), (b, other) = pairs[:2]
            swapped = ((a, other), (b, right), *pairs[2:])
            return msgspec.structs.replace(part, key=msgspec.structs.replace(key, pairs=swapped))
        case OrderingKey(order) as key:
            return msgspec.structs.replace(
                part, key=msgspec.structs.replace(key, order=(order[1], order[0], *order[2:]))
            )
        case NumericKey(value) as key:
            return msgspec.structs.replace(part, key=msgspec.structs.replace(key, value=f"{value}+1"))
        case TextKey(accepted) as key:
            return msgspec.structs.replace(part, key=msgspec.structs.replace(key, accepted=(accepted[0] + " x",)))
    raise AssertionError(part.key)


@pytest.mark.parametrize("template", SOLVERS)
def test_a_planted_mistake_is_found(template: str) -> None:
    """In each part in turn another answer is called right; and a known mistake is left out."""
    item = next(_variants(template))
    parts = item.key.parts
    for place, part in enumerate(parts):
        planted = [_with_mistake(part)]
        if any(rival.misconceptions for rival in getattr(part.key, "rivals", ())):
            rest = tuple(rival for rival in part.key.rivals if not rival.misconceptions)  # type: ignore[union-attr]
            planted.append(msgspec.structs.replace(part, key=msgspec.structs.replace(part.key, rivals=rest)))
        for wrong in planted:
            key = msgspec.structs.replace(item.key, parts=(*parts[:place], wrong, *parts[place + 1 :]))
            with pytest.raises((AssertionError, KeyError, ValueError)):
                SOLVERS[template](msgspec.structs.replace(item, key=key))


def test_every_solver_reads_what_the_item_shows() -> None:
    assert len(SOLVERS) == 12
    assert set(SOLVERS) <= set(TEMPLATES)
    assert all(isinstance(block, Paragraph | Table | ListBlock) for block in next(_variants("labels-array")).item.stem)
