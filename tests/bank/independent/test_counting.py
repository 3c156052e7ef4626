"""Counting, rates, numerics and gradients, computed a second time in plain Python from what the item prints.

Nothing of the engine's formulas is used: the numbers are read from the stem, and key, wrong values and conditions
are worked out with `math`, `fractions` and `struct`.
"""

from __future__ import annotations

import random
import re
import struct
from collections.abc import Callable
from fractions import Fraction
from math import exp, isclose, log, log2, prod

import pytest

from grading.answersheet import PartKey
from grading.keys import ChoiceKey, NumericKey, NumericTupleKey
from grading.marking import grade
from quizgen.content import Paragraph, Table, Tokens, text_of
from quizgen.generator import Generator
from quizgen.generator.radicals import radical_choices
from quizgen.model import GeneratedItem
from quizgen.sampling.draws import Source
from tests.bank.independent.value import value
from tests.bank.templates import BANK, TEMPLATES

VARIANTS = 40
Numbers = dict[str, dict[str, float]]
"""Part → name → number: the key as "key", wrong values by misconception."""


def items_of(template: str) -> list[GeneratedItem]:
    """Variants of all radicals, and the named draws."""
    found: list[GeneratedItem] = []
    ways = radical_choices(TEMPLATES[template])
    for seed, way in enumerate(ways):
        made = Generator(TEMPLATES[template], BANK, Source(seed=1000 + seed), radicals=dict(way))
        there = made.count()
        wanted = -(-VARIANTS // len(ways))
        found += [made.item(number) for number in range(min(wanted, there.number) if there.exact else wanted)]
    named = Generator(TEMPLATES[template], BANK, Source(seed=1000))
    return found + [named.fixed(entry.name) for entry in TEMPLATES[template].fixed]


def stem(item: GeneratedItem) -> str:
    return "\n".join(text_of(block.content) for block in item.item.stem if isinstance(block, Paragraph))


def rows(item: GeneratedItem) -> list[tuple[str, float]]:
    """The only table of a stem: word and number."""
    (table,) = (block for block in item.item.stem if isinstance(block, Table))
    read = [tuple(text_of(cell) for cell in row) for row in table.rows]
    return [(word, number(shown)) for word, shown in read]


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def numbers_in(text: str) -> list[float]:
    return [number(found) for found in re.findall(r"(?<![\w.])−?\d+(?:\.\d+)?(?![\w⁻⁰¹²³⁴⁵⁶⁷⁸⁹])", text)]


def sheet(part: PartKey) -> dict[str, float]:
    assert isinstance(part.key, NumericKey)
    found = {"key": value(part.key.value)}
    for rival in part.key.rivals:
        (name,) = rival.misconceptions
        found[name] = value(rival.value)
    return found


# ---------------------------------------------------------------- what the items should say


def rates(item: GeneratedItem) -> Numbers:
    text = stem(item)
    total, rate = numbers_in(text)[:2]
    asked = re.search(r"on average, (.*)\?", text)
    assert asked
    kinds = {
        "selected": "selected", "replaced by [MASK]": "[MASK]", "replaced by a random word": "random",
        "selected but left unchanged": "kept", "replaced, either by [MASK] or by a random word": "changed",
    }  # fmt: skip
    kind = kinds[asked[1]]
    n, s = Fraction(int(total)), Fraction(str(rate))
    mask, random, kept = Fraction(8, 10), Fraction(1, 10), Fraction(1, 10)
    share = {"selected": Fraction(1), "[MASK]": mask, "random": random, "kept": kept, "changed": mask + random}[kind]
    of_all = mask if kind == "selected" else share
    found: dict[str, Fraction] = {"key": n * s * share, "eighty-percent-of-all": n * of_all}
    if kind in ("[MASK]", "changed"):
        found["selected-equals-masked"] = n * s
    if kind in ("random", "kept"):
        rest = 1 - mask
        found["ten-percent-of-remainder"] = n * s * rest * (random if kind == "random" else 1 - random)
    if kind == "random":
        found["half-of-selected-random"] = n * s / 2
    if kind in ("selected", "changed"):
        found["exclude-random-or-kept"] = n * s * mask
    if found.get("half-of-selected-random") == found["eighty-percent-of-all"]:
        del found["eighty-percent-of-all"]
    assert found["key"].denominator == 1
    assert len(set(found.values())) == len(found)
    return {"answer": {name: float(entry) for name, entry in found.items()}}


def bayes(item: GeneratedItem) -> Numbers:
    s = Fraction(str(numbers_in(stem(item))[0]))
    selected_and_same, not_selected = s / 10, 1 - s
    key = selected_and_same / (selected_and_same + not_selected)
    return {
        "answer": {"key": float(key), "selected-equals-masked": float(s), "drop-conditioning": float(selected_and_same)}
    }


def terms(item: GeneratedItem) -> Numbers:
    text = stem(item)
    words, masked = map(int, numbers_in(text)[:2])
    random, kept = int("by a random word" in text), int("left unchanged" in text)
    key = masked + random + kept
    assert random + kept >= 1
    found = {
        "key": key, "exclude-random-or-kept": masked, "all-tokens": words, "unmasked-only": words - key,
        "include-special-tokens": key + 1, "single-strategic-token": 1,
    }  # fmt: skip
    if kept and random:
        found["corruption-changes-label"] = masked + random
    assert len(set(found.values())) == len(found)
    return {"answer": {name: float(entry) for name, entry in found.items()}}


def no_selection(item: GeneratedItem) -> Numbers:
    text = stem(item)
    rate = numbers_in(text)[0]
    quoted = re.search(r"“(.*)”, which has (\d+) words", text)
    assert quoted
    m = len(quoted[1].split())
    assert m == int(quoted[2])
    either = 1 - m * rate
    assert either > 0
    return {
        "none": {
            "key": (1 - rate) ** m, "selected-equals-masked": (1 - rate * 0.8) ** m, "sum-because-either-token": either,
        }
    }  # fmt: skip


def softmax(item: GeneratedItem) -> Numbers:
    table = rows(item)
    true_word = re.search(r"true word is “(.*?)”", stem(item))
    assert true_word
    logits = [z for _, z in table]
    place = [word for word, _ in table].index(true_word[1])
    powers = [exp(z) for z in logits]
    shares = [power / sum(powers) for power in powers]
    loss = -log(shares[place])
    found = {
        "key": loss, "skip-softmax": -logits[place], "wrong-log-base": -log2(shares[place]),
        "linear-loss": 1 - shares[place],
        "multilabel-bce": loss - sum(log(1 - share) for k, share in enumerate(shares) if k != place),
    }  # fmt: skip
    on_top = logits[place] == max(logits)
    assert on_top == (dict(item.item.radicals)["top"] == "1") or item.item.fixed
    if not on_top:
        found["target-top-prediction"] = -log(max(shares))
    assert log(sum(powers)) >= 0.2
    return {"answer": found}


def gradient(item: GeneratedItem) -> Numbers:
    table = rows(item)
    true_word = re.search(r"true word is “(.*?)”", stem(item))
    assert true_word
    assert isclose(sum(q for _, q in table), 1)
    assert all(0.05 <= q <= 0.9 for _, q in table)
    found: Numbers = {}
    for number_, (word, _) in enumerate(table, 1):
        prompt = text_of(item.item.parts[number_ - 1].prompt[0].content)  # type: ignore[union-attr]
        assert f"“{word}”" in prompt
        true = word == true_word[1]
        # the derivative of -log softmax, by a symmetric difference, not by the formula
        z = {other: log(p) for other, p in table}
        up, down = ({**z, word: z[word] + step} for step in (1e-5, -1e-5))
        slope = (_loss(up, true_word[1]) - _loss(down, true_word[1])) / 2e-5
        found[f"w{number_}"] = {"key": round(slope, 7), "flip-sign": -round(slope, 7)}
        if not true:
            found[f"w{number_}"]["gradient-true-word-only"] = 0
    return found


def _loss(logits: dict[str, float], word: str) -> float:
    return log(sum(map(exp, logits.values()))) - logits[word]


def frequency(item: GeneratedItem) -> Numbers:
    text = stem(item)
    counted = re.search(r"occurs 20 times in the training data: (\d+) times .* and (\d+) times", text)
    assert counted
    a, b = map(int, counted.groups())
    assert a + b == 20
    assert a != b
    grid = [k / 1000 for k in range(1, 1000)]
    best = min(grid, key=lambda q: -(a * log(q) + b * log(1 - q)))
    assert isclose(best, a / 20), "the minimum that was looked for on a grid"
    lowest = -(a * log(best) + b * log(1 - best)) / 20
    linear = min((0.0, 1.0), key=lambda q: a * (1 - q) + b * q)
    return {
        "q": {"key": best, "linear-loss": linear},
        "loss": {"key": lowest, "accuracy-as-loss": min(a, b) / 20, "wrong-log-base": lowest / log(2)},
    }


def subwords(item: GeneratedItem) -> Numbers:
    text = stem(item)
    pieces = re.search(r"into the pieces ([^(]*?) \(", text)
    shown = re.search(r"the probabilities (.*), in this order", text)
    word = re.search(r"the word “(.*?)”", text)
    assert pieces
    assert shown
    assert word
    assert pieces[1].replace(" ##", "") == word[1]
    p = numbers_in(shown[1])
    assert len(p) == len(pieces[1].split())
    losses = [-log(q) for q in p]
    return {
        "terms": {"key": len(p), "word-as-single-term": 1},
        "loss": {
            "key": sum(losses), "mean-over-masks": sum(losses) / len(p), "only-first-mask": losses[0],
            "wrong-log-base": -log2(prod(p)), "sum-of-probs": sum(p),
        },
    }  # fmt: skip


def underflow(item: GeneratedItem) -> Numbers:
    text = stem(item)
    p = numbers_in(text)[0]
    kind = re.search(r"type (float\d+)", text)
    assert kind
    code = {"float16": "e", "float32": "f", "float64": "d"}[kind[1]]

    def stored(number_: float) -> float:
        return float(struct.unpack(code, struct.pack(code, number_))[0])

    product, count = 1.0, 0
    while product:
        product, count = stored(product * stored(p)), count + 1
    prompt = text_of(item.item.parts[1].prompt[0].content)  # type: ignore[union-attr]
    tokens = int(numbers_in(prompt)[0])
    total = tokens * log(p)
    return {
        "factors": {"key": count},
        "loglik": {"key": total, "flip-sign": -total, "wrong-log-base": tokens * log2(p)},
    }


SECOND: dict[str, Callable[[GeneratedItem], Numbers]] = {
    "rates-80-10-10": rates,
    "bayes-visible-token": bayes,
    "term-count": terms,
    "no-selection-edge": no_selection,
    "softmax-to-loss": softmax,
    "gradient-logits": gradient,
    "optimum-frequency": frequency,
    "subword-terms": subwords,
    "underflow": underflow,
}


def agree(expected: Numbers, item: GeneratedItem) -> None:
    """The numeric parts of the item have these numbers and no others; but for those that coincide in an item."""
    for part in item.key.parts:
        if not isinstance(part.key, NumericKey):
            continue
        wanted, found = expected[part.id], sheet(part)
        assert set(found) <= set(wanted)
        for name, there in found.items():
            assert isclose(there, wanted[name], rel_tol=1e-6, abs_tol=1e-6), (part.id, name)
        for name in set(wanted) - set(found):  # left out: it is the key's number, or another wrong one's
            assert any(isclose(wanted[name], other, rel_tol=1e-9, abs_tol=1e-9) for other in found.values()), name
        reach = float(part.key.tolerance.amount)
        outer = max((float(band.within) for band in part.key.bands), default=0)
        for name, there in found.items():
            if name != "key":
                assert abs(there - found["key"]) >= (outer + reach if outer else 2 * reach) - 1e-9


@pytest.mark.parametrize("template", SECOND)
def test_the_numbers_are_those_of_a_second_computation(template: str) -> None:
    items = items_of(template)
    assert len(items) >= 30
    for item in items:
        agree(SECOND[template](item), item)


@pytest.mark.parametrize("template", SECOND)
def test_a_planted_mistake_is_found(template: str) -> None:
    item = items_of(template)[0]
    right = SECOND[template](item)
    for part, numbers in right.items():
        for name in numbers:
            planted = {**right, part: {**numbers, name: numbers[name] + 0.01}}
            with pytest.raises(AssertionError):
                agree(planted, item)


def test_the_worked_draws_have_the_numbers_of_the_specification() -> None:
    expected: dict[tuple[str, str], Numbers] = {
        ("rates-80-10-10", "masks"): {
            "answer": {"key": 48, "selected-equals-masked": 60, "eighty-percent-of-all": 320}
        },
        ("bayes-visible-token", "worked"): {"answer": {"key": 0.017341, "drop-conditioning": 0.015}},
        ("no-selection-edge", "worked"): {"none": {"key": 0.377150, "selected-equals-masked": 0.464404}},
        ("softmax-to-loss", "second-is-true"): {"answer": {"key": 1.417030, "multilabel-bce": 2.596674}},
        ("optimum-frequency", "worked"): {"q": {"key": 0.65}, "loss": {"key": 0.647447, "accuracy-as-loss": 0.35}},
        ("subword-terms", "worked"): {"terms": {"key": 3}, "loss": {"key": 0.685179, "mean-over-masks": 0.228393}},
        ("underflow", "worked"): {"factors": {"key": 46}, "loglik": {"key": -230.258509}},
    }
    for (template, name), parts in expected.items():
        item = Generator(TEMPLATES[template], BANK, Source(seed=0)).fixed(name)
        for part in item.key.parts:
            for mistake, wanted in parts.get(part.id, {}).items():
                assert isclose(sheet(part)[mistake], wanted, rel_tol=1e-4), (template, mistake)


# ---------------------------------------------------------------- an impossible true word


def test_the_loss_with_an_impossible_word_is_infinite_and_the_others_are_finite() -> None:
    for item in items_of("zero-probability"):
        text = stem(item)
        (tokens,) = (node for block in item.item.stem if isinstance(block, Paragraph) for node in block.content
                     if isinstance(node, Tokens))  # fmt: skip
        assert tokens.tokens.count("[MASK]") == 2
        first, second = numbers_in(text[text.index("the probability") :])[:2]
        assert min(first, second) == 0 < max(first, second)
        loss = -log(max(first, second))
        (part,) = item.key.parts
        assert isinstance(part.key, ChoiceKey)
        options = dict(part.options)
        assert options[part.key.correct].startswith("infinite")
        for rival in part.key.rivals:
            shown = numbers_in(options[rival.value])[0]
            wanted = {
                ("minus-log-zero-is-zero",): loss,
                ("product-of-probs",): first * second,
                ("minus-log-zero-is-zero", "mean-over-masks"): loss / 2,
            }[rival.misconceptions]
            assert abs(shown - wanted) <= 0.0005
        assert len({text.split(" nats")[0] for text in options.values()}) == 4


# ---------------------------------------------------------------- a counterexample


def model_a(item: GeneratedItem) -> list[Fraction]:
    """The probabilities of model A, as the stem prints them."""
    text = stem(item)
    return [Fraction(str(shown)) for shown in numbers_in(text[text.index("the probability") :])[:2]]


def test_only_one_option_has_a_larger_sum_and_a_larger_loss() -> None:
    """Of the single choice that platforms get."""
    for item in items_of("create-counterexample"):
        a = model_a(item)
        assert max(a) < 1
        (part,) = item.key.parts
        assert isinstance(part.key, NumericTupleKey)
        pairs = {id_: list(map(Fraction, re.findall(r"= ([\d.]+)", option))) for id_, option in part.options}
        assert {
            id_: "; ".join(str(Fraction(text)) for text in value.split("; ")) for id_, value in part.key.choice
        } == {id_: "; ".join(map(str, b)) for id_, b in pairs.items()}
        facts = {id_: (sum(b) > sum(a), prod(b) < prod(a)) for id_, b in pairs.items()}
        right = next(id_ for id_, value in part.key.choice if value == "; ".join(part.key.sample))
        assert facts.pop(right) == (True, True)
        assert sorted(facts.values()) == [(False, False), (False, True), (True, False)]
        assert all(0 < number_ <= 1 for b in pairs.values() for number_ in b)
        by_value = {rival.value: rival for rival in part.key.rivals}
        for id_, (larger_sum, larger_loss) in facts.items():
            rival = by_value[dict(part.key.choice)[id_]]
            assert ("The sum of your two probabilities is smaller" in rival.feedback) is not larger_sum
            assert ("Your loss is smaller" in rival.feedback) is not larger_loss
            belief = {(True, False): ("sum-of-probs",), (False, True): ("linear-loss",)}
            assert rival.misconceptions == belief.get((larger_sum, larger_loss), ())


def test_any_pair_is_judged_by_its_sum_and_its_product() -> None:
    """Pairs at random, near and exactly on both boundaries, against fractions of the printed numbers."""
    draw, seen = random.Random(8), set()
    for item in items_of("create-counterexample"):
        a = model_a(item)
        pairs = [(Fraction(draw.randint(-5, 130), 100), Fraction(draw.randint(-5, 130), 100)) for _ in range(20)]
        first = Fraction(draw.randint(1, 99), 100)
        pairs += [(first, sum(a) - first + extra) for extra in (0, Fraction(1, 10**9), -Fraction(1, 10**9))]
        pairs += [(first, prod(a) / first), (a[1], a[0])]
        for b in pairs:
            graded = grade(item.key.parts[0], {"b_1": str(b[0]), "b_2": str(b[1])})
            probabilities = all(0 < number_ <= 1 for number_ in b)
            right = probabilities and sum(b) > sum(a) and prod(b) < prod(a)
            assert graded.score == right, (a, b)
            said = " ".join(each.feedback for each in graded.diagnoses)
            facts = (sum(b) > sum(a), sum(b) == sum(a), prod(b) < prod(a), prod(b) == prod(a))
            if not probabilities:
                assert said.count("larger than 0 and at most 1") == sum(not 0 < number_ <= 1 for number_ in b)
            elif not right:
                assert ("sum of your two probabilities is smaller" in said) is (not facts[0] and not facts[1])
                assert ("sum of your two probabilities is exactly" in said) is facts[1]
                assert ("loss is smaller" in said) is (not facts[2] and not facts[3])
                assert ("loss is exactly" in said) is facts[3]
            seen.add((probabilities, *facts))
    assert len(seen) > 12
