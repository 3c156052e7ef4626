"""Losses, units and perplexities once more: from the numbers in the printed stems, in floating point, by hand.

Nothing of the engine's formulas is used. Every number is read from the text that a learner sees; key, known wrong
numbers and the distances between them are worked out anew and compared with what the item holds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice, pairwise
from typing import Any

import msgspec
import pytest

from grading.answersheet import PartKey
from quizgen.generator import Generator
from quizgen.generator.radicals import radical_choices
from quizgen.model import GeneratedItem
from quizgen.sampling.draws import Source
from tests.bank.independent.value import value
from tests.bank.templates import BANK, TEMPLATES, fixed

VARIANTS = 12
"""Of each choice of radicals: at least 30 of each template with any."""

Numbers = dict[str, float]
Expected = dict[str, tuple[float, Numbers]]
"""By part: the key, and the known wrong numbers by misconception in the order of the template."""

# ---------------------------------------------------------------- reading what is printed


def printed(node: Any) -> str:
    """Every text in a piece of content, in order."""
    if isinstance(node, str):
        return node
    if isinstance(node, tuple | list):
        return "".join(map(printed, node))
    if isinstance(node, msgspec.Struct):
        return "".join(f"{printed(getattr(node, name))} " for name in node.__struct_fields__)
    return ""


def decimals(text: str) -> list[float]:
    """The numbers with a decimal point, and whole numbers, of a text."""
    return [float(found.replace("−", "-")) for found in re.findall(r"(?<![\w.])−?\d+(?:\.\d+)?", text)]


def one(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.DOTALL)
    assert found, (pattern, text)
    return found[1]


def listed(text: str, behind: str) -> list[float]:
    """The list of numbers behind some words."""
    return decimals(one(rf"{behind} ((?:\d+\.\d+(?: ?, | and )?)+)", text))


def probabilities(text: str) -> list[float]:
    """What stands behind ``Pr(…) =``."""
    return [float(found) for found in re.findall(r" = (\d\.\d+)", text)]


# ---------------------------------------------------------------- the formulas


def nats(p: list[float]) -> float:
    return -sum(math.log(x) for x in p)


def bits(p: list[float]) -> float:
    return -sum(math.log2(x) for x in p)


def objective_value_numeric(text: str, radicals: Mapping[str, str]) -> Expected:
    p = probabilities(text)
    wrong = {
        "flip-sign": nats(p),
        "sum-of-probs": sum(p),
        "product-of-logs": math.prod(math.log(x) for x in p),
        "log-of-sum": math.log(sum(p)),
        "mean-over-masks": -nats(p) / len(p),
        "wrong-log-base": -bits(p),
    }
    return {"answer": (-nats(p), wrong)}


def loss_bits(text: str, radicals: Mapping[str, str]) -> Expected:
    p = probabilities(text)
    several = {"product-of-logs": math.prod(-math.log2(x) for x in p)} if len(p) > 1 else {}
    wrong = {"wrong-log-base": nats(p), **several, "sum-of-probs": sum(p)}
    assert len(p) == 1 or abs(several["product-of-logs"] - bits(p)) > 0.5
    return {"answer": (bits(p), {**wrong, "mean-over-masks": bits(p) / len(p), "flip-sign": -bits(p)})}


def nats_bits(text: str, radicals: Mapping[str, str]) -> Expected:
    loss = float(one(r"total loss of (\d\.\d{3}) ", text))
    to_bits = radicals["direction"] == "nats to bits"
    assert ("nats" in one(r"total loss of (.*?)Express", text)) is to_bits
    assert ("bits" in one(r"same loss in(.*?)Give 3", text)) is to_bits
    ways = loss / math.log(2), loss * math.log(2)
    return {"answer": (ways[not to_bits], {"wrong-log-base": ways[to_bits]})}


def mean_vs_sum(text: str, radicals: Mapping[str, str]) -> Expected:
    p, m = probabilities(text), int(one(r"A sentence of (\d+) words", text))
    assert len(p) == int(one(r"words has (\d+) masks", text)) < m
    assert len(p) == int(radicals["masks.count"])
    assert max(p) - min(p) > 0.2 - 1e-9
    total, n = nats(p), len(p)
    of_sum = {"mean-over-masks": total / n, "flip-sign": -total, "wrong-log-base": bits(p)}
    of_mean = {
        "mean-over-length": total / m,
        "sum-when-mean-asked": total,
        "log-of-mean": -math.log(sum(p) / n),
        "flip-sign": -total / n,
        "wrong-log-base": bits(p) / n,
    }
    return {"sum": (total, of_sum), "mean": (total / n, of_mean)}


def batch_reduction(text: str, radicals: Mapping[str, str]) -> Expected:
    numbers = decimals(text.split("true words", 2)[-1].split("The loss of a mask")[0])
    sizes = [int(radicals["first.several"]), int(radicals["second.several"])]
    first, second = numbers[2 : 2 + sizes[0]], numbers[4 + sizes[0] :]
    assert [*numbers[:2], *numbers[2 + sizes[0] : 4 + sizes[0]]] == [1, sizes[0], 2, sizes[1]]
    assert len(second) == sizes[1] != sizes[0]
    means = nats(first) / len(first), nats(second) / len(second)
    over_tokens, over_sequences = nats(first + second) / len(first + second), sum(means) / 2
    assert abs(over_tokens - over_sequences) > 0.05 - 1e-9
    return {
        "token-mean": (
            over_tokens,
            {"sequence-mean-for-token-mean": over_sequences, "sum-when-mean-asked": nats(first + second)},
        ),
        "sequence-mean": (
            over_sequences,
            {"sequence-mean-for-token-mean": over_tokens, "sum-when-mean-asked": sum(means)},
        ),
    }


def missing_probability(text: str, radicals: Mapping[str, str]) -> Expected:
    n, reported = int(one(r"A sentence has (\d) masks", text)), float(one(r"is (\d+\.\d{4}) ", text))
    known, mean = listed(text, r"the probabilit(?:y|ies)"), radicals["reduction"] == "mean"
    assert len(known) == n - 1 == int(radicals["known.several"])
    assert ("mean" in text.split("(natural")[0]) is mean
    total = reported * n if mean else reported
    rest = math.prod(known)
    wrong = {"wrong-log-base": 2**-total / rest}
    if not mean:
        wrong["product-of-logs"] = math.exp(-total / math.prod(-math.log(x) for x in known))
    wrong["linear-loss"] = n - total - sum(known)
    if mean:
        wrong["sum-when-mean-asked"] = math.exp(-reported) / rest
    key = math.exp(-total) / rest
    assert 0 < key < 1
    assert abs(key - round(key, 2)) < 5e-4, "the printed loss leads to one probability of two decimals"
    return {"answer": (key, {name: number for name, number in wrong.items() if 0 < number <= 1})}


def improve_one_token(text: str, radicals: Mapping[str, str]) -> Expected:
    old, new = map(float, re.findall(r"from (0\.\d\d) to (0\.\d\d)", text)[0])
    n = text.count("[MASK]")
    assert n == int(radicals["masks.count"])
    fall = math.log(new / old)
    assert 0 < old < new
    assert fall - (new - old) > 0.05 - 1e-9
    several = {"mean-over-masks": fall / n} if n > 1 else {}
    wrong = {"linear-improvement": new - old, "wrong-log-base": math.log2(new / old), **several, "flip-sign": -fall}
    return {"answer": (fall, wrong)}


def perplexity_numeric(text: str, radicals: Mapping[str, str]) -> Expected:
    given, n = radicals["given"], text.count("[MASK]")
    assert n == int(radicals["masks.count"]) == int(one(r"over the (\d) masked", text))
    if given == "probabilities":
        p = probabilities(text)
        assert max(p) - min(p) > 0.2 - 1e-9
        loss, in_bits = nats(p) / n, bits(p) / n
        wrong = {
            "perplexity-from-sum": math.exp(nats(p)),
            "perplexity-base-mismatch": math.exp(in_bits),
            "perplexity-arithmetic": sum(1 / x for x in p) / n,
            "perplexity-is-probability": math.exp(-loss),
            "log-of-mean": n / sum(p),
            "perplexity-as-loss": loss,
        }
        return {"answer": (math.exp(loss), wrong)}
    reported = float(one(r"is (\d+\.\d{4}) ", text))
    assert given.rpartition(" ")[2] in text.split("Compute")[0]
    base, other = (math.e, 2) if given == "mean loss in nats" else (2, math.e)
    wrong = {
        "perplexity-base-mismatch": other**reported,
        "perplexity-is-probability": base**-reported,
        "perplexity-as-loss": reported,
    }
    return {"answer": (base**reported, wrong)}


def perplexity_target(text: str, radicals: Mapping[str, str]) -> Expected:
    n, most = int(one(r"A sentence has (\d) masks", text)), float(one(r"at most (\d+\.\d)", text))
    known = listed(text, r"the probabilit(?:y|ies)")
    assert len(known) == n - 1 == int(radicals["known.several"])
    rest = math.prod(known)
    key = most**-n / rest
    assert 0.05 - 1e-9 < key < 0.95 + 1e-9
    assert math.isclose(math.prod([*known, key]) ** (-1 / n), most)
    room = n * most - sum(1 / x for x in known)
    wrong = {
        "perplexity-arithmetic": 1 / room if abs(room) > 1e-9 else 0.0,
        "perplexity-from-sum": 1 / (most * rest),
        "log-of-mean": n / most - sum(known),
    }
    return {"answer": (key, {name: number for name, number in wrong.items() if 1e-12 < number <= 1 + 1e-12})}


def uniform_baseline(text: str, radicals: Mapping[str, str]) -> Expected:
    size = int(one(r"every one of the (\d+) tokens", text))
    ways = math.log(size), math.log2(size)
    in_bits = radicals["unit"] == "bits"
    assert ("bits" in text) is in_bits
    wrong = {"wrong-log-base": ways[not in_bits], "linear-loss": 1 - 1 / size, "perplexity-as-loss": float(size)}
    return {"answer": (ways[in_bits], wrong)}


Family = Callable[[str, Mapping[str, str]], Expected]
FAMILIES: dict[str, tuple[Family, float, float]] = {
    "objective-value-numeric": (objective_value_numeric, 0.005, 0.025),
    "loss-bits": (loss_bits, 0, 0),
    "nats-bits": (nats_bits, 0.005, 0.025),
    "mean-vs-sum": (mean_vs_sum, 0.005, 0.025),
    "batch-reduction": (batch_reduction, 0.005, 0.01),
    "missing-probability": (missing_probability, 0.01, 0.02),
    "improve-one-token": (improve_one_token, 0.005, 0.025),
    "perplexity-numeric": (perplexity_numeric, -0.01, -0.02),
    "perplexity-target": (perplexity_target, 0.005, 0.01),
    "uniform-baseline": (uniform_baseline, 0.01, 0.02),
}
"""The formulas; how far from a number a response is taken for it; how far wrong numbers are from the key. Negative: a
share of the number."""


def is_rounded(template: str, radicals: Mapping[str, str]) -> bool:
    """Whether a printed loss is rounded, so that what follows from it is only near."""
    return template == "missing-probability" or radicals.get("given", "probabilities") != "probabilities"


# ---------------------------------------------------------------- comparing


def compare(template: str, generated: GeneratedItem) -> None:
    """Everything that the item holds beside what follows from its text."""
    family, reach, distance = FAMILIES[template]
    expected = family(" ".join(printed(generated.item.stem).split()), dict(generated.item.radicals))
    assert set(expected) == {part.id for part in generated.key.parts}
    near = 2e-3 if is_rounded(template, dict(generated.item.radicals)) else 1e-9
    for part in generated.key.parts:
        key, wrong = expected[part.id]
        _compare_part(part, key, wrong, near)
        numbers = [value(rival.value) for rival in part.key.rivals]
        for number in numbers:
            assert abs(number - key) > (distance if distance >= 0 else -distance * key) - near
        for lower, upper in pairwise(sorted(numbers)):
            assert upper - lower > (reach if reach >= 0 else -reach * max(abs(lower), abs(upper))) - 1e-9


def _compare_part(part: PartKey, key: float, wrong: Numbers, near: float) -> None:
    assert math.isclose(value(part.key.value), key, rel_tol=near, abs_tol=near)
    kept: Numbers = {}
    for name, number in wrong.items():
        if all(not math.isclose(number, other, rel_tol=1e-10, abs_tol=1e-10) for other in (key, *kept.values())):
            kept[name] = number
    held = {rival.misconceptions[0]: value(rival.value) for rival in part.key.rivals}
    edge = {name for name, number in wrong.items() if near > 1e-6 and abs(number - 1) < near}
    assert set(held) - edge == set(kept) - edge
    for name in held.keys() & kept.keys():
        assert math.isclose(held[name], kept[name], rel_tol=near, abs_tol=near), name


def items(template: str, seed: int) -> Iterator[GeneratedItem]:
    for way in radical_choices(TEMPLATES[template]):
        generator = Generator(TEMPLATES[template], BANK, Source(seed=seed), language="en", radicals=dict(way))
        yield from islice(generator.items(), VARIANTS)


@pytest.mark.parametrize("template", FAMILIES)
def test_numbers_that_are_printed_lead_to_the_key_and_to_every_known_wrong_number(template: str) -> None:
    several = list(items(template, 20261))
    assert len(several) >= 2 * VARIANTS
    for generated in several:
        compare(template, generated)


def test_the_three_changes_are_ahead_in_three_different_ways() -> None:
    generator = Generator(TEMPLATES["best-improvement"], BANK, Source(seed=20261), language="en")
    for generated in islice(generator.items(), 40):
        part = generated.key.parts[0]
        texts = dict(part.options)
        changes = {id: tuple(map(float, re.findall(r"0\.\d\d", text))) for id, text in texts.items()}
        assert all(0 < old < new < 1 for old, new in changes.values())
        ratios = {id: math.log(new / old) for id, (old, new) in changes.items()}
        gains = {id: new - old for id, (old, new) in changes.items()}
        ends = {id: new for id, (_, new) in changes.items()}
        held = {rival.misconceptions[0]: rival.value for rival in part.key.rivals}
        assert part.key.correct == max(ratios, key=ratios.__getitem__)
        assert held == {
            "linear-improvement": max(gains, key=gains.__getitem__),
            "log-softens-errors": max(ends, key=ends.__getitem__),
        }
        best, second, last = sorted(ratios.values(), reverse=True)
        assert best - second > 0.08
        assert second - last > 0.08
        assert len({round(gain, 4) for gain in gains.values()}) == len(set(ends.values())) == 3


WORKED = {
    ("objective-value-numeric", "answer"): -1.272966,
    ("loss-bits", "answer"): 4,
    ("nats-bits", "answer"): 2.885390,
    ("mean-vs-sum", "sum"): 2.525729,
    ("mean-vs-sum", "mean"): 0.841910,
    ("batch-reduction", "token-mean"): 0.513931,
    ("batch-reduction", "sequence-mean"): 0.804719,
    ("missing-probability", "answer"): 0.25,
    ("improve-one-token", "answer"): 0.510826,
    ("perplexity-numeric", "answer"): 4.308869,
    ("perplexity-target", "answer"): 0.1,
    ("uniform-baseline", "answer"): 10.326203,
}


@pytest.mark.parametrize(("template", "part"), WORKED)
def test_the_worked_draws_have_the_numbers_that_were_worked_out_by_hand(template: str, part: str) -> None:
    keys = {entry.id: entry.key for entry in fixed(template, "worked").key.parts}
    assert value(keys[part].value) == pytest.approx(WORKED[template, part], abs=1e-6)


# ---------------------------------------------------------------- this can fail


@pytest.mark.parametrize("template", FAMILIES)
def test_a_planted_mistake_is_found(template: str) -> None:
    generated = next(items(template, 4))
    part = generated.key.parts[-1]
    rivals = part.key.rivals
    off = msgspec.structs.replace(part.key, value=f"({part.key.value})*1.01 + 0.01")
    swapped = msgspec.structs.replace(
        part.key, rivals=(msgspec.structs.replace(rivals[0], value=f"({rivals[0].value})*1.01 + 0.01"), *rivals[1:])
    )
    fewer = msgspec.structs.replace(part.key, rivals=rivals[1:])
    for key in (off, swapped, fewer):
        parts = (*generated.key.parts[:-1], msgspec.structs.replace(part, key=key))
        planted = msgspec.structs.replace(generated, key=msgspec.structs.replace(generated.key, parts=parts))
        with pytest.raises(AssertionError):
            compare(template, planted)
